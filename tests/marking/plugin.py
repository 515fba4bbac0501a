"""The pytest plugin of a run that is marked: `pytest -p tests.marking.plugin --marking DIR`.

It picks the checks, orders each after those that it requires, gives each part its time, and tells what came of it. The
first process writes all that down in `DIR/record.jsonl`, as it comes; all processes share what they know of failures
through empty files in `DIR/failed`.
"""

import json
import reprlib
import signal
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from tests import exchanges
from tests.marking.blame import TooSlow, is_misreading, state_of
from tests.marking.checks import LIMITS, SUITES, BadChecks, Check, in_order, needed
from tests.marking.target import Target
from tests.marking.verdicts import Outcome, State

RECORD, FAILED = "record.jsonl", "failed"
FIRST = {"workerid": "gw0"}
LONGEST = 1500  # characters of a message
SETUP_LIMIT = 40.0  # seconds, for what the first check of a process starts
SOURCES = {"contract": ("CONTRACT.md", "2"), "e2e": ("CONTRACT.md", "4"), "course": ("course-notes.md", "7")}
ERRORS, STARTED = pytest.StashKey[list[BaseException]](), pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("marking")
    group.addoption("--marking", type=Path, metavar="DIR", help="mark, and record what comes of it in DIR")
    group.addoption("--tracks", default="", help="the checks of these tracks only, with commas between")
    group.addoption("--checks", default="", help="these checks only, and what they require, with commas between")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--marking"):
        config.pluginmanager.register(Marking(config), "marking")


class Marking:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._dir: Path = config.getoption("--marking")
        (self._dir / FAILED).mkdir(parents=True, exist_ok=True)
        self._checks: dict[str, Check] = {}
        self._target = Target(config.getoption("--api-url"), config.getoption("--web-url"))
        self._compared = ("", "")  # what was seen, and what should have been

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what is asked for, in an order in which each check comes after those that it requires."""
        try:
            self._checks = in_order(declared([item for item in items if suits(item, config.getoption("--auth"))]))
            wanted = self._wanted()
        except BadChecks as error:
            raise pytest.UsageError(str(error)) from None
        place = {id_: number for number, id_ in enumerate(self._checks)}
        kept = [item for item in items if check_id(item) in wanted]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = sorted(kept, key=lambda item: place[str(check_id(item))])
        self._checks = {id_: self._worth(check) for id_, check in self._checks.items() if id_ in wanted}
        if getattr(config, "workerinput", FIRST)["workerid"] == FIRST["workerid"]:  # all have collected the same
            self._write(json.dumps({"checks": [asdict(check) for check in self._checks.values()]}))

    def _wanted(self) -> set[str]:
        tracks, ids = (_words(self._config.getoption(option)) for option in ("--tracks", "--checks"))
        if empty := tracks - {check.track for check in self._checks.values()}:
            raise BadChecks(f"There are no checks of {', '.join(sorted(empty))} yet")
        return needed(self._checks, ids or {id_ for id_, check in self._checks.items() if check.track in tracks})

    def _worth(self, check: Check) -> Check:
        """What is asked only because others build on it earns nothing."""
        tracks, ids = (_words(self._config.getoption(option)) for option in ("--tracks", "--checks"))
        return check if (check.id in ids if ids else check.track in tracks) else replace(check, points=0)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        item.stash[ERRORS], item.stash[STARTED] = [], time.monotonic()
        self._compared = ("", "")
        exchanges.LOG.clear()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        required = self._checks[str(check_id(item))].requires
        if any((self._dir / FAILED / each).exists() for each in required):
            pytest.skip("blocked")
        self._target.require_alive()
        with at_most(SETUP_LIMIT):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        with at_most(limit(item)):
            return (yield)

    def pytest_assertrepr_compare(self, left: object, right: object) -> None:
        self._compared = (brief(left), brief(right))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.excinfo:
            item.stash[ERRORS].append(call.excinfo.value)
        if call.when == "teardown" and not any(isinstance(each, pytest.skip.Exception) for each in item.stash[ERRORS]):
            outcome = self._outcome(item, item.stash[ERRORS])
            if outcome.state is not State.PASSED:
                (self._dir / FAILED / outcome.check).touch()
            if outcome.state is State.TARGET_ERROR:
                self._target.suspect()
            report.user_properties.append(("outcome", json.dumps(asdict(outcome))))
        return report

    def _outcome(self, item: pytest.Item, errors: list[BaseException]) -> Outcome:
        seconds = round(time.monotonic() - item.stash[STARTED], 3)
        passed = Outcome(str(check_id(item)), _part(item), State.PASSED, seconds)
        if not errors:
            return passed
        said = tuple((each.command, each.answer) for each in exchanges.LOG)
        actual, expected = self._compared
        told = _told(errors[0])
        worst = min((state_of(error) for error in errors), key=list(State).index)
        return replace(passed, state=worst, message=told[:LONGEST], expected=expected, actual=actual, exchanges=said)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(self._config, "workerinput"):
            return  # the first process hears of it too
        for name, value in report.user_properties:
            if name == "outcome":
                self._write(f'{{"outcome": {value}}}')

    def pytest_sessionfinish(self) -> None:
        if not hasattr(self._config, "workerinput"):
            self._write('{"end": true}')

    def _write(self, line: str) -> None:
        with (self._dir / RECORD).open("a", encoding="utf-8") as record:
            record.write(line + "\n")


def brief(value: object) -> str:
    """As Python writes it, but no longer than a person reads."""
    shown = reprlib.Repr()
    shown.maxstring = shown.maxother = 400
    shown.maxdict = shown.maxlist = shown.maxtuple = shown.maxset = 12
    return shown.repr(value)


def declared(items: Collection[pytest.Item]) -> Iterator[Check]:
    """The checks of these tests, with as many parts as a test has cases."""
    tests: dict[str, list[pytest.Function]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and (id_ := check_id(item)):
            tests.setdefault(id_, []).append(item)
    for id_, cases in tests.items():
        if len({case.nodeid.partition("[")[0] for case in cases}) > 1:
            raise BadChecks(f"Two tests are the check {id_}")
        yield _check(id_, cases)


def _check(id_: str, cases: list[pytest.Function]) -> Check:
    mark = mark_of(cases[0])
    assert mark
    promise, *_ = (cases[0].function.__doc__ or "").strip().splitlines() or [""]
    if not promise:
        raise BadChecks(f"{id_} promises nothing: its test has no docstring")
    said = {name: value for name, value in mark.kwargs.items() if name not in ("limit", "auth", "cases")}
    said["requires"] = tuple(said.get("requires", ()))
    source, section = SOURCES[SUITES[id_.partition(".")[0]]]
    said["section"] = f"{source}, section {said.get('section', section)}"
    return Check(id_, promise=promise, parts=len(cases), **said)


def mark_of(item: pytest.Item) -> pytest.Mark | None:
    """What the test is as a check; a mark with `cases` is only for those whose id has one of these in it, whole."""
    part = _part(item)
    return next((mark for mark in item.iter_markers("check") if _is_one_of(mark.kwargs.get("cases", [part]), part)), None)


def _is_one_of(cases: Collection[str], part: str) -> bool:
    return any(f"-{case}-" in f"-{part}-" for case in cases)


def check_id(item: pytest.Item) -> str | None:
    mark = mark_of(item)
    return str(mark.args[0]) if mark else None


def suits(item: pytest.Item, auth: str) -> bool:
    """Whether it can be asked of an implementation with such logins, or none."""
    mark = mark_of(item)
    return mark is None or mark.kwargs.get("auth", auth) == auth


def limit(item: pytest.Item) -> float:
    mark = mark_of(item)
    assert mark
    return float(mark.kwargs.get("limit", LIMITS[SUITES[mark.args[0].partition(".")[0]]]))


def _told(error: BaseException) -> str:
    if is_misreading(error):
        return f"the answer is not of the promised shape: {type(error).__name__}: {error}"
    return str(error) or type(error).__name__


def _part(item: pytest.Item) -> str:
    return item.name.partition("[")[2].removesuffix("]")


def _words(option: str) -> set[str]:
    return set(filter(None, option.replace(",", " ").split()))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """TooSlow is raised in the test when its time is up; where there are no alarms (Windows), clients' limits hold."""

    def ring(_: int, __: FrameType | None) -> NoReturn:
        raise TooSlow(f"not answered within {seconds:g} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
