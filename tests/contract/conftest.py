"""The API under test, by URL, and who calls it."""

from collections.abc import Mapping

import pytest

from tests.contract.client import Client, log_in
from tests.contract.document import SCHEMA
from tests.contract.office import ROLES, Login, Office

FUZZ_EXAMPLES = 24
DEMO_REGISTRAR = ("registrar@example.edu", "correct horse battery")


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "random requests for each operation and role"
    parser.getgroup("registrar").addoption("--fuzz-examples", type=int, default=FUZZ_EXAMPLES, help=told)


def pytest_configure(config: pytest.Config) -> None:
    examples = config.getoption("--fuzz-examples", default=FUZZ_EXAMPLES)
    SCHEMA.config.generation.update(max_examples=examples, database="none", no_shrink=True)


@pytest.fixture(scope="session")
def registrar(pytestconfig: pytest.Config, api_url: str) -> Client:
    email, _, password = pytestconfig.getoption("--registrar").partition(":")
    return log_in(api_url, email, password)


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
