import pytest
import requests

from tests.marking.blame import TargetDown, TooSlow, state_of
from tests.marking.verdicts import State


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
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_an_exception_is_somebodys_fault(error: BaseException, state: State) -> None:
    assert state_of(error) is state
