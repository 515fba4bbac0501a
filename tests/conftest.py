"""What every suite's command line may say."""

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("registrar")
    group.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="what to store in")
    group.addoption("--api-url", help="the API to test; without it, the reference is started")
    group.addoption("--web-url", help="the web UI to test; without it, the reference is started")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") == "postgresql" and "TEST_POSTGRES_URL" not in os.environ:
        raise pytest.UsageError("PostgreSQL: run under `python -m tests.postgres`, or name one in TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def database(pytestconfig: pytest.Config) -> str:
    """`sqlite` or `postgresql`."""
    return str(pytestconfig.getoption("--database"))
