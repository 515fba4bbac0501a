"""`python -m api`: what it does, and how it says that it cannot."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from api.__main__ import app
from api.models import Role, Section, Student, User
from tests.unit.factories import StudentFactory

GRACE = ["--name", "Grace Hopper", "--email", "grace@example.org"]


class Shell:
    """The command line, with the environment that a test gives it."""

    def __init__(self, **environment: str) -> None:
        self.environment = environment

    def __call__(self, *arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, env=self.environment | environment)


@pytest.fixture
def api(database_url: str) -> Shell:
    return Shell(API_DATABASE_URL=database_url, API_LOCK_TIMEOUT="0.05")


def refused(result: Result) -> str:
    """The one line that a failure prints."""
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    return line


def test_without_a_command_it_tells_what_there_is(api: Shell) -> None:
    assert {"serve", "migrate", "seed", "create-user"} <= set(api().stdout.split())


def test_seeding_adds_students_with_varied_names_and_a_login_for_each_role(api: Shell, session: Session) -> None:
    assert api("seed").exit_code == 0

    names = [student.name for student in session.query(Student)]
    roles = [user.role for user in session.query(User)]
    assert len(names) == 600
    assert len(set(names)) > 300
    assert sorted(roles) == [Role.INSTRUCTOR] * 2 + [Role.REGISTRAR] + [Role.STUDENT] * 3


def test_seeding_again_adds_what_is_missing_and_nothing_else(api: Shell, session: Session) -> None:
    api("seed")
    session.query(Section).update({"instructor_id": None})
    session.query(User).filter_by(email="instructor@example.edu").delete()
    session.commit()

    assert "Added 1 records" in api("seed").stdout
    assert "Added 0 records" in api("seed").stdout


def test_production_refuses_demo_data(api: Shell, session: Session) -> None:
    assert "API_ENVIRONMENT=production" in refused(api("seed", API_ENVIRONMENT="production"))
    assert session.query(User).count() == 0


def test_a_created_user_is_a_registrar_unless_said_otherwise(api: Shell, session: Session) -> None:
    created = api("create-user", *GRACE, API_NEW_PASSWORD="long enough to be one")

    assert created.exit_code == 0
    assert session.query(User).one().role is Role.REGISTRAR


def test_a_password_may_be_typed_twice_instead(api: Shell, session: Session) -> None:
    student = StudentFactory()
    typed = "long enough to be one\n" * 2

    api.environment |= {"API_NEW_PASSWORD": ""}
    created = CliRunner().invoke(
        app,
        ["create-user", *GRACE, "--role", "student", "--student-id", str(student.id)],
        input=typed,
        env={key: value for key, value in api.environment.items() if value},
    )

    assert created.exit_code == 0
    assert session.query(User).one().student_id == student.id


@pytest.mark.parametrize(
    ("arguments", "password", "reason"),
    [
        (GRACE, "too short", "password"),
        (GRACE, "passwordpassword", "too common"),
        (["--name", "Grace", "--email", "grace"], "long enough to be one", "email"),
        ([*GRACE, "--role", "student"], "long enough to be one", "linked to a student"),
        ([*GRACE, "--role", "student", "--student-id", "999"], "long enough to be one", "no such student"),
    ],
)
def test_a_user_who_cannot_be_is_refused_in_one_line(
    api: Shell, session: Session, arguments: list[str], password: str, reason: str
) -> None:
    assert reason in refused(api("create-user", *arguments, API_NEW_PASSWORD=password))
    assert session.query(User).count() == 0


@pytest.mark.parametrize("command", ["serve", "seed"])
def test_a_database_that_was_never_migrated_is_named_with_the_way_out(tmp_path: Path, command: str) -> None:
    assert "migrate" in refused(Shell(API_DATABASE_URL=f"sqlite:///{tmp_path}/new.db")(command))


def test_migrating_makes_a_database_that_can_be_served(tmp_path: Path) -> None:
    api = Shell(API_DATABASE_URL=f"sqlite:///{tmp_path}/new.db")

    assert api("migrate").exit_code == 0
    assert api("seed").exit_code == 0


@pytest.mark.parametrize("command", ["migrate", "seed", "serve"])
@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"])
def test_a_database_out_of_reach_is_named_with_its_variable(command: str, url: str) -> None:
    assert "API_DATABASE_URL" in refused(Shell(API_DATABASE_URL=url)(command))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("API_PORT", "no port"), ("API_ENVIRONMENT", "staging"), ("API_DATABASE_URL", "mysql://x"), ("API_THREADS", "0")],
)
def test_a_setting_that_cannot_be_is_named(api: Shell, variable: str, value: str) -> None:
    assert variable in refused(api("serve", **{variable: value}))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_in_use_is_named_with_its_variable(api: Shell, taken_port: int) -> None:
    line = refused(api("serve", "--port", str(taken_port)))

    assert "API_PORT" in line
    assert str(taken_port) in line


def test_the_openapi_command_prints_the_contract(api: Shell) -> None:
    committed = Path(__file__).parents[2] / "contract" / "openapi.json"

    assert api("openapi").stdout == committed.read_text()
