"""How much is proved: each wheat once and each chaff against the checks that it names, or, with --full, much more."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import seeded_database

RUNS = 20  # of each wheat, with --full
SEEN = "seen"


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "each wheat twenty times, each chaff against all checks of its tracks, and each race in 200 rounds"
    parser.getgroup("registrar").addoption("--full", action="store_true", help=told)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest come first, so that nobody waits for one at the end."""
    full = config.getoption("--full")
    asked = [item for item in items if full or not item.get_closest_marker("full")]
    items[:] = sorted(asked, key=lambda item: item.path.stem == "test_chaffs")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was seen, whether it is as it should be or not."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    seen = sorted(str(value) for report in reports for name, value in report.user_properties if name == SEEN)
    if seen:
        terminalreporter.section("what was seen")
        terminalreporter.write("\n".join(seen) + "\n")


@pytest.fixture
def see(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Have this printed at the end."""
    return lambda line: record_property(SEEN, line)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, 1 + (RUNS if metafunc.config.getoption("--full") else 1)))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database to copy, with demo data."""
    return seeded_database(tmp_path_factory.mktemp("seeded"))
