"""The API under test, by URL, and who calls it."""

from collections.abc import Iterator, Mapping

import pytest

from tests.contract.client import Client, log_in
from tests.contract.document import SCHEMA
from tests.contract.office import ROLES, Login, Office
from tests.servers import api_server

FUZZ_EXAMPLES = 36
DEMO_REGISTRAR = ("registrar@example.edu", "correct horse battery")


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "random requests for each operation and role"
    parser.getgroup("registrar").addoption("--fuzz-examples", type=int, default=FUZZ_EXAMPLES, help=told)


def pytest_configure(config: pytest.Config) -> None:
    examples = config.getoption("--fuzz-examples", default=FUZZ_EXAMPLES)
    SCHEMA.config.generation.update(max_examples=examples, database="none", no_shrink=True)


@pytest.fixture(scope="session")
def api_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[str]:
    if given := pytestconfig.getoption("--api-url"):
        yield str(given).rstrip("/")
        return
    with api_server(tmp_path_factory.mktemp("api"), database) as server:
        yield server.url


@pytest.fixture(scope="session")
def registrar(api_url: str) -> Client:
    return log_in(api_url, *DEMO_REGISTRAR)


@pytest.fixture(scope="session")
def office(registrar: Client) -> Office:
    return Office(registrar)


@pytest.fixture(scope="session")
def logins(office: Office) -> Mapping[str, Login]:
    """One login in each role, made for this run; its password and token stay as they are."""
    return {role: office.login(role) for role in ROLES}


@pytest.fixture(scope="session")
def nobody(api_url: str) -> Client:
    """Not signed in."""
    return Client(api_url)
