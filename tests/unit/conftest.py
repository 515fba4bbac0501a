"""The API in process, on an empty database for each test, with time that stands still until told to move."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.orm import Session

from api import migrations
from api.config import Settings
from api.main import create_app
from api.models import Base
from api.security import Passwords
from tests.postgres import drop_database, new_database
from tests.unit.api.visitors import API
from tests.unit.factories import Factory


class Clock:
    """Time as a test tells it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 9, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def template(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database with the newest schema, to be copied."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
        migrations.upgrade(url)
        yield url
    else:
        url = new_database(os.environ["TEST_POSTGRES_URL"])
        migrations.upgrade(url)
        yield url
        drop_database(url)


@pytest.fixture
def own_database_url(template: str, tmp_path: Path) -> Iterator[str]:
    """A copy of the template, whose schema too may be changed."""
    with copied(template, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def shared_database_url(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied(template, tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database. To empty PostgreSQL's takes a fraction of what it costs to copy one."""
    if database == "sqlite":
        yield request.getfixturevalue("own_database_url")
    else:
        url = request.getfixturevalue("shared_database_url")
        yield url
        empty(url)


@contextmanager
def copied(template: str, directory: Path) -> Iterator[str]:
    if template.startswith("sqlite"):
        copy = directory / "test.db"
        shutil.copyfile(template.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
    else:
        url = new_database(os.environ["TEST_POSTGRES_URL"], template)
        yield url
        drop_database(url)


def empty(url: str) -> None:
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.exec_driver_sql("SET lock_timeout = '10s'")  # of whoever has left a transaction open
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, threads=2, lock_timeout=0.05)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Passwords:
    """Real hashes, as cheap as Argon2 lets them be."""
    return Passwords(time_cost=1, memory_cost=8)


@pytest.fixture
def engine(database_url: str) -> Engine:
    """A way to the database past the API, which keeps no connection open."""
    return create_engine(database_url, poolclass=NullPool)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """What a test sets up and looks at directly; the factories save here."""
    with Session(engine, expire_on_commit=False) as session:
        Factory.session = session
        yield session


@pytest.fixture
def app(settings: Settings, clock: Clock, passwords: Passwords) -> FastAPI:
    return create_app(settings, clock=clock, passwords=passwords)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def api(client: TestClient, session: Session, clock: Clock) -> API:
    return API(client, session, clock)
