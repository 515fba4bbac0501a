"""The real UI before the real API, both in this process, on a copy of the demo data's people for each test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from api.main import utc_now
from api.repositories import Work
from api.security import Passwords
from api.seed import Size, seed
from tests.postgres import drop_database, new_database
from tests.unit.conftest import Clock
from tests.unit.web.browser import PASSWORD, Browser, InProcess
from web.client import Connection
from web.config import Settings
from web.main import create_app


@pytest.fixture(scope="session")
def template(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with the demo data's people, to be copied."""
    if template.startswith("sqlite"):
        path = tmp_path_factory.mktemp("demo") / "demo.db"
        shutil.copyfile(template.removeprefix("sqlite:///"), path)
        url = f"sqlite:///{path}"
    else:
        url = new_database(os.environ["TEST_POSTGRES_URL"], template)
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        steps = seed(Work(session, utc_now()), cheap().hash_now(PASSWORD), Size.SMALL)
        next(steps)  # students
        next(steps)  # users; each test makes the sections that it is about
    engine.dispose()
    yield url
    if not url.startswith("sqlite"):
        drop_database(url)


@pytest.fixture
def database_url(own_database_url: str) -> str:
    """A copy, because it does not begin empty."""
    return own_database_url


def cheap() -> Passwords:
    """Real hashes, as cheap as Argon2 lets them be."""
    return Passwords(time_cost=1, memory_cost=8)


@pytest.fixture
def passwords() -> Passwords:
    """For one app, which closes it."""
    return cheap()


@pytest.fixture
def calls(client: TestClient) -> InProcess:
    """The UI's way to the API, which remembers what was asked."""
    return InProcess(client)


@pytest.fixture(scope="session")
def bare_ui() -> Flask:
    """Without an API. One for all tests: it has no state but compiled templates, its way to the API, and its clock."""
    return create_app(Settings(api_url="http://api.test"))


@pytest.fixture
def ui(bare_ui: Flask, calls: InProcess, clock: Clock) -> Flask:
    connection: Connection = bare_ui.extensions["api"]
    connection.session.mount(connection.url, calls)
    bare_ui.extensions["clock"] = clock
    return bare_ui


@pytest.fixture
def visitor(ui: Flask) -> Browser:
    """A browser that nobody has logged in with."""
    return Browser(ui)


@pytest.fixture
def registrar(ui: Flask) -> Browser:
    return Browser(ui).logged_in("registrar")


@pytest.fixture
def elsewhere(ui: Flask) -> Browser:
    """The same registrar, in another browser."""
    return Browser(ui).logged_in("registrar")


@pytest.fixture
def instructor(ui: Flask) -> Browser:
    return Browser(ui).logged_in("instructor")


@pytest.fixture
def student(ui: Flask) -> Browser:
    """The student with the number 1."""
    return Browser(ui).logged_in("student")
