"""Whose fault an exception is: the implementation's, its server's, or the suite's own."""

from pathlib import Path
from traceback import walk_tb

import pytest
import requests

from tests.marking.verdicts import State

GONE = ("net::ERR_", "NS_ERROR_", "page.goto: Timeout", "Page.goto: Timeout")  # as Playwright's messages begin or say
OUR_BROWSER = ("has been closed", "Target crashed", "Failed to launch", "Executable doesn't exist", "Connection closed")
TESTS = Path(__file__).parents[1]
OF_ANSWERS = ("contract", "course", "e2e", "exchanges.py", "promised.py")
READERS = tuple(str(TESTS / name) for name in OF_ANSWERS)


class TooSlow(Exception):
    """A part of a check has used up its time."""


class TargetDown(Exception):
    """The target answers nothing any more."""


def state_of(error: BaseException) -> State:
    """FAILED only for what was asserted of an answer, or for an answer that could not be read as promised.

    What nobody foresaw is the suite's own.
    """
    if isinstance(error, BaseExceptionGroup):
        return min((state_of(each) for each in error.exceptions), key=list(State).index)
    if isinstance(error, TooSlow | TargetDown | requests.ConnectionError | requests.Timeout):
        return State.TARGET_ERROR
    if isinstance(error, AssertionError | pytest.fail.Exception | requests.RequestException) or is_misreading(error):
        return State.FAILED
    if type(error).__module__.startswith("playwright."):
        return _of_playwright(str(error))
    return State.GRADER_ERROR


def is_misreading(error: BaseException) -> bool:
    """Whether a suite's own line reached into an answer for what is not there; right ones have it, as wheats prove."""
    if not isinstance(error, LookupError | TypeError | ValueError | AttributeError | StopIteration | RecursionError):
        return False
    files = [frame.f_code.co_filename for frame, _ in walk_tb(error.__traceback__)]
    last = next((file for file in reversed(files) if file.startswith(str(TESTS))), "")
    return last.startswith(READERS)


def _of_playwright(message: str) -> State:
    """A control that is not there, is there twice, or is of another kind, is the page's fault."""
    if any(sign in message for sign in GONE):
        return State.TARGET_ERROR
    return State.GRADER_ERROR if any(sign in message for sign in OUR_BROWSER) else State.FAILED
