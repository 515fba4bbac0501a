import pytest
import requests

from tests.marking.blame import TargetDown, TooSlow, state_of
from tests.marking.verdicts import State
from tests.servers import ROOT


def raised_in(path: str, line: str) -> BaseException:
    """The exception of a line that stands in this file."""
    try:
        exec(compile(line, str(ROOT / path), "exec"))
    except Exception as raised:  # noqa: BLE001 - whatever the line raises is to be judged
        return raised
    raise AssertionError(f"{line} raises nothing")


def playwright(message: str) -> BaseException:
    error: BaseException = type("Error", (Exception,), {"__module__": "playwright._impl._errors"})(message)
    return error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (AssertionError("404"), State.FAILED),
        (pytest.fail.Exception("no"), State.FAILED),
        (requests.exceptions.JSONDecodeError("no JSON", "", 0), State.FAILED),
        (requests.exceptions.ContentDecodingError(), State.FAILED),
        (requests.ConnectionError(), State.TARGET_ERROR),
        (requests.ReadTimeout(), State.TARGET_ERROR),
        (TooSlow(), State.TARGET_ERROR),
        (TargetDown(), State.TARGET_ERROR),
        (KeyError("students"), State.GRADER_ERROR),
        (ZeroDivisionError(), State.GRADER_ERROR),
        (ExceptionGroup("", [AssertionError(), AssertionError()]), State.FAILED),
        (ExceptionGroup("", [AssertionError(), KeyError()]), State.GRADER_ERROR),
        (raised_in("tests/contract/test_x.py", "{}['students']"), State.FAILED),
        (raised_in("tests/e2e/browsing.py", "[][0]"), State.FAILED),
        (raised_in("tests/promised.py", "int('2026-99')"), State.FAILED),
        (raised_in("tests/contract/test_x.py", "import json; json.loads('[' * 100_000)"), State.FAILED),
        (raised_in("tests/exchanges.py", "from urllib.parse import urlsplit; urlsplit('http://[')"), State.FAILED),
        (raised_in("tests/contract/test_x.py", "1 // 0"), State.GRADER_ERROR),
        (raised_in("tests/marking/run.py", "{}['checks']"), State.GRADER_ERROR),
        (playwright("Locator.click: Error: strict mode violation"), State.FAILED),
        (playwright("Page.goto: net::ERR_CONNECTION_REFUSED"), State.TARGET_ERROR),
        (playwright("Page.title: Target page, context or browser has been closed"), State.GRADER_ERROR),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_an_exception_is_somebodys_fault(error: BaseException, state: State) -> None:
    assert state_of(error) is state
