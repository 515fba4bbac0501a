"""How much is proved: each chaff against the checks that it names, or, with --full, against all of its tracks."""

from pathlib import Path

import pytest

from tests.servers import seeded_database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("registrar").addoption("--full", action="store_true", help="each chaff against all checks")


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database to copy, with demo data."""
    return seeded_database(tmp_path_factory.mktemp("seeded"))
