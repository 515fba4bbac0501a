"""Whose fault an exception is: the implementation's, its server's, or the suite's own."""

import pytest
import requests

from tests.marking.verdicts import State

GONE = ("net::ERR_", "NS_ERROR_", "page.goto: Timeout", "Page.goto: Timeout")  # as Playwright's messages begin or say


class TooSlow(Exception):
    """A part of a check has used up its time."""


class TargetDown(Exception):
    """The target answers nothing any more."""


def state_of(error: BaseException) -> State:
    """FAILED only for what was asserted of an answer; what nobody foresaw is the suite's own."""
    if isinstance(error, BaseExceptionGroup):
        return min((state_of(each) for each in error.exceptions), key=list(State).index)
    if isinstance(error, TooSlow | TargetDown | requests.ConnectionError | requests.Timeout):
        return State.TARGET_ERROR
    if isinstance(error, AssertionError | pytest.fail.Exception | requests.RequestException):
        return State.FAILED
    if type(error).__module__.startswith("playwright."):
        return _of_playwright(error)
    return State.GRADER_ERROR


def _of_playwright(error: BaseException) -> State:
    if any(sign in str(error) for sign in GONE):
        return State.TARGET_ERROR
    return State.FAILED if type(error).__name__ == "TimeoutError" else State.GRADER_ERROR
