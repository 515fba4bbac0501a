"""Whether the system can serve."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.config import Settings
from api.main import create_app
from tests.unit.api.visitors import API, refusal


@pytest.fixture
def database_url(own_database_url: str) -> str:
    """A copy, because its schema is spoiled here."""
    return own_database_url


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_system_that_can_serve_says_so_to_anybody(api: API, path: str) -> None:
    assert api.get(path, by=None).json() == {"status": "ok"}


@pytest.mark.parametrize("statement", ["UPDATE alembic_version SET version_num = 'old'", "DROP TABLE alembic_version"])
def test_another_schema_is_not_ready(api: API, session: Session, statement: str) -> None:
    session.execute(text(statement))
    session.commit()

    assert refusal(api.get("/health/ready", by=None)) == (503, "not_ready")


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"],
    ids=["sqlite", "postgresql"],
)
def test_a_database_out_of_reach_is_not_ready_but_alive(url: str) -> None:
    client = TestClient(create_app(Settings(database_url=url)))

    answer = client.get("/health/ready")

    assert refusal(answer) == (503, "not_ready")
    assert answer.headers["retry-after"]
    assert client.get("/health/live").status_code == 200


def test_any_other_operation_is_then_unavailable() -> None:
    client = TestClient(create_app(Settings(database_url="sqlite:////nowhere/at/all.db")))

    answer = client.get("/users/me", headers={"Authorization": "Bearer x"})

    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["retry-after"]
