"""Units of work: durable before they are seen, whole or not at all, and tried again when another was in the way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.config import Settings
from api.database import ATTEMPTS, Database
from api.errors import EmailTaken, LastRegistrar, Unavailable
from api.models import Role, Student
from api.repositories import Rows, Work
from api.schemas import StudentIn, UserPatch
from api.services import students, users
from api.services.preconditions import IfMatch
from tests.unit.conftest import Clock
from tests.unit.factories import StudentFactory, UserFactory

ADA = StudentIn(name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def storage(settings: Settings, clock: Clock) -> Iterator[Database]:
    with closing(Database(settings, clock)) as storage:
        yield storage


@contextmanager
def locked(engine: Engine) -> Iterator[Session]:
    """Hold what a change of any student needs, as another process would."""
    with Session(engine) as other:
        hold = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "LOCK TABLE students"
        other.connection().exec_driver_sql(hold)
        yield other


def test_a_unit_of_work_is_kept_whole_or_not_at_all(storage: Database, session: Session) -> None:
    def half(work: Work) -> None:
        students.create(work, ADA)
        raise LastRegistrar

    with pytest.raises(LastRegistrar):
        storage.write_now(half)

    assert session.query(Student).count() == 0


def test_what_stays_locked_is_unavailable_after_a_few_attempts(
    settings: Settings, clock: Clock, engine: Engine
) -> None:
    attempts = 0

    def counting() -> datetime:
        nonlocal attempts
        attempts += 1
        return clock()

    with closing(Database(settings, counting)) as storage, locked(engine), pytest.raises(Unavailable):
        storage.write_now(students.create, ADA)

    assert attempts == ATTEMPTS


def test_what_is_let_go_is_tried_again_as_a_whole(
    settings: Settings, clock: Clock, engine: Engine, session: Session
) -> None:
    with locked(engine) as other:
        calls = iter([lambda: None, other.rollback])

        def letting_go() -> datetime:
            next(calls)()
            return clock()

        with closing(Database(settings, letting_go)) as storage:
            storage.write_now(students.create, ADA)

    assert session.query(Student).count() == 1


def test_reading_waits_for_no_writer(storage: Database, engine: Engine, session: Session) -> None:
    student = StudentFactory()
    storage.read_now(students.get, student.id)

    with Session(engine) as writer:
        writer.get_one(Student, student.id).name = "Not yet"
        writer.flush()

        assert storage.read_now(students.get, student.id).name == student.name


def test_a_constraint_that_stands_for_no_refusal_is_a_fault(storage: Database) -> None:
    def nameless(work: Work) -> None:
        work.students.add(Student(name=None, email="ada@example.org"))

    with pytest.raises(IntegrityError):
        storage.write_now(nameless)


@pytest.mark.parametrize("round_", range(5))
def test_two_who_take_one_email_at_once_are_one_who_gets_it(storage: Database, session: Session, round_: int) -> None:
    def take(_: int) -> str:
        try:
            storage.write_now(students.create, ADA)
        except EmailTaken:
            return "taken"
        return "got it"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == ["got it", "taken"]


@pytest.mark.parametrize("round_", range(5))
def test_two_registrars_who_deactivate_each_other_leave_one(storage: Database, session: Session, round_: int) -> None:
    pair = UserFactory.create_batch(2, role=Role.REGISTRAR)

    def deactivate(user_id: int) -> str:
        try:
            storage.write_now(users.update, user_id, UserPatch(is_active=False), IfMatch())
        except LastRegistrar:
            return "stays"
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(deactivate, [user.id for user in pair])) == ["gone", "stays"]


def test_foreign_keys_hold(session: Session, storage: Database) -> None:
    UserFactory(role=Role.STUDENT)

    def orphan(work: Work) -> None:
        work.tokens.add(b"digest", 999, work.now)

    with pytest.raises(IntegrityError):
        storage.write_now(orphan)


def test_times_are_aware_and_utc_on_every_database(storage: Database, clock: Clock) -> None:
    storage.write_now(lambda work: work.failed_logins.add("ada", "", work.now))

    def when(rows: Rows) -> datetime:
        (at,) = rows.failed_logins.since("ada", "", datetime.min.replace(tzinfo=clock.now.tzinfo))
        return at

    assert storage.read_now(when) == clock.now
    assert storage.read_now(when).tzinfo == clock.now.tzinfo


def test_a_connection_that_broke_is_replaced_for_the_next_reader(
    storage: Database, database: str, session: Session
) -> None:
    student = StudentFactory()
    storage.read_now(students.get, student.id)
    if database == "postgresql":
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    assert storage.read_now(students.get, student.id).id == student.id


def test_a_refusal_that_is_returned_is_raised_when_the_work_stands(storage: Database, session: Session) -> None:
    def refuse_but_keep(work: Work) -> LastRegistrar:
        students.create(work, ADA)
        return LastRegistrar()

    with pytest.raises(LastRegistrar):
        storage.write_now(refuse_but_keep)

    assert session.query(Student).count() == 1
