"""The API under test, by URL, and who calls it."""

from collections.abc import Iterator, Mapping

import pytest
from schemathesis import GenerationMode

from tests.contract.client import Client, log_in
from tests.contract.document import CONFIG, SCHEMA, SEED
from tests.contract.office import Login, Office
from tests.samples import ROLES
from tests.servers import DEMO_REGISTRAR, Server, api_server

FUZZ_EXAMPLES, FUZZ_EXAMPLES_OF_A_MARK = 24, 6


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "random requests for each operation and role"
    parser.getgroup("registrar").addoption("--fuzz-examples", type=int, help=told)


def pytest_configure(config: pytest.Config) -> None:
    marks = bool(config.getoption("--marking", None))
    Client.strict = not marks
    examples = config.getoption("--fuzz-examples", None) or (FUZZ_EXAMPLES_OF_A_MARK if marks else FUZZ_EXAMPLES)
    seed = config.getoption("--seed", None)
    CONFIG.update(seed=SEED if seed is None else seed, max_failures=None)
    if marks:
        SCHEMA.config.phases.coverage.generation.update(modes=[GenerationMode.POSITIVE])
    SCHEMA.config.generation.update(max_examples=examples, database="none", no_shrink=True)


@pytest.fixture(scope="session")
def registrar(registrar_login: tuple[str, str], api_url: str) -> Client:
    return log_in(api_url, *registrar_login)


@pytest.fixture(scope="session")
def lasting_office(registrar: Client) -> Iterator[Office]:
    office = Office(registrar)
    yield office
    office.terms.close_all()


@pytest.fixture
def office(lasting_office: Office) -> Iterator[Office]:
    yield lasting_office
    lasting_office.terms.close()


@pytest.fixture(scope="session")
def logins(lasting_office: Office) -> Mapping[str, Login]:
    """One login in each role, made for this run; its password and token stay as they are."""
    return {role: lasting_office.login(role) for role in ROLES}


@pytest.fixture(scope="session")
def nobody(api_url: str) -> Client:
    """Not signed in."""
    return Client(api_url)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Server]:
    """A server of several processes that nobody else uses."""
    with api_server(tmp_path_factory.mktemp("own"), database, workers=2) as server:
        yield server


@pytest.fixture
def own_office(reference: Server) -> Office:
    return Office(log_in(reference.url, *DEMO_REGISTRAR.split(":")))
