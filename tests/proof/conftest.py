"""How much is proved: each wheat once and each chaff against the checks that it names, or, with --full, much more."""

from pathlib import Path

import pytest

from tests.servers import seeded_database

RUNS = 20  # of each wheat, with --full


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "each wheat twenty times, and each chaff against all checks of its tracks"
    parser.getgroup("registrar").addoption("--full", action="store_true", help=told)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, 1 + (RUNS if metafunc.config.getoption("--full") else 1)))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database to copy, with demo data."""
    return seeded_database(tmp_path_factory.mktemp("seeded"))
