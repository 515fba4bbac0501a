"""What every suite's command line may say, and the API that it names."""

import os
from collections.abc import Iterator

import pytest

from tests.servers import DEMO_REGISTRAR, api_server

pytest.register_assert_rewrite("tests.contract", "tests.e2e", "tests.course")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("registrar")
    group.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what to store in")
    group.addoption("--api-url", help="the API to test; without it, the reference is started")
    group.addoption("--web-url", help="the web UI to test; without it, the reference is started")
    group.addoption("--registrar", default=DEMO_REGISTRAR, metavar="EMAIL:PASSWORD", help="a login of a registrar")
    group.addoption("--auth", choices=["bearer", "none"], default="bearer", help="whether the API has logins")
    group.addoption("--patience", type=float, default=5, help="seconds that a page's control may take to be there")
    group.addoption("--seed", type=int, help="fixes all that is random")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if (seed := config.getoption("--seed")) is not None:
        config.option.randomly_seed = seed
    if config.getoption("--database") == "postgresql" and "TEST_POSTGRES_URL" not in os.environ:
        raise pytest.UsageError("PostgreSQL: run under `python -m tests.postgres`, or name one in TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def registrar_login(pytestconfig: pytest.Config) -> tuple[str, str]:
    """Email and password."""
    email, _, password = str(pytestconfig.getoption("--registrar")).partition(":")
    return email, password


@pytest.fixture(scope="session")
def database(pytestconfig: pytest.Config) -> str:
    """`sqlite` or `postgresql`."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def api_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[str]:
    """The API to test: the one that was named, or else the reference."""
    if given := pytestconfig.getoption("--api-url"):
        yield str(given).rstrip("/")
        return
    with api_server(tmp_path_factory.mktemp("api"), database) as server:
        yield server.url
