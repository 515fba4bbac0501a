"""The pytest plugin of a run that is marked: `pytest -p tests.marking.plugin --marking DIR`.

It picks the checks, orders each after those that it requires, gives each part its time, and tells what came of it. The
first process writes all that down in `DIR/record.jsonl`, as it comes; all processes share what they know of failures
through empty files in `DIR/failed`.
"""

import json
import reprlib
import signal
import time
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from tests import exchanges
from tests.marking.blame import TargetDown, TooSlow, is_misreading, state_of
from tests.marking.checks import LIMITS, SUITES, WEB_TRACKS, BadChecks, Check, in_order, needed
from tests.marking.target import Target
from tests.marking.verdicts import Outcome, State

RECORD, FAILED = "record.jsonl", "failed"
LONGEST = 1500  # characters of a message
SETUP_LIMIT = 40.0  # seconds, for what the first check of a process starts, or the last one ends
SOURCES = {"contract": ("CONTRACT.md", "2"), "e2e": ("CONTRACT.md", "4"), "course": ("course-notes.md", "7")}
ERRORS, STARTED = pytest.StashKey[list[BaseException]](), pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("marking")
    group.addoption("--marking", type=Path, metavar="DIR", help="mark, and record what comes of it in DIR")
    group.addoption("--tracks", default="", help="the checks of these tracks only, with commas between")
    group.addoption("--checks", default="", help="these checks only, and what they require, with commas between")
    group.addoption("--alone", action="store_true", help="without what they require, as if that had passed")
    told = "whether there will be a stopped API, and if so whether what is asked of it is asked in this run"
    group.addoption("--stopped", choices=["never", "later", "now"], default="never", help=told)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--marking"):
        config.pluginmanager.register(Marking(config), "marking")


class Marking:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._dir: Path = config.getoption("--marking")
        (self._dir / FAILED).mkdir(parents=True, exist_ok=True)
        self._checks: dict[str, Check] = {}
        urls = {option: config.getoption(option) for option in ("--api-url", "--web-url")}
        self._targets = {option: Target(url) for option, url in urls.items() if url}
        self._compared = ("", "")  # what was seen, and what should have been

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what is asked for, in an order in which each check comes after those that it requires."""
        try:
            known = {check.id: check for check in declared([item for item in items if suits(item, config)])}
            self._checks = in_order(self._wanted(known))
        except BadChecks as error:
            raise pytest.UsageError(str(error)) from None
        place = {id_: number for number, id_ in enumerate(self._checks)}
        now = config.getoption("--stopped") == "now"
        kept = [item for item in items if check_id(item) in place and wants_stopped(item) is now]
        items[:] = sorted(kept, key=lambda item: place[str(check_id(item))])
        if getattr(config, "workerinput", {}).get("workerid", "gw0") == "gw0":  # all have collected the same
            self._write(json.dumps({"checks": [asdict(check) for check in self._checks.values()]}))

    def _wanted(self, known: Mapping[str, Check]) -> Iterator[Check]:
        """What is asked for, and, for no points, what others build on."""
        tracks, ids = (_words(self._config.getoption(option)) for option in ("--tracks", "--checks"))
        wanted = ids or {id_ for id_, check in known.items() if check.track in tracks}
        asked = needed(known, wanted)
        alone = self._config.getoption("--alone")
        for id_, check in known.items():
            if id_ in wanted:
                yield replace(check, requires=()) if alone else check
            elif id_ in asked and not alone:
                yield replace(check, points=0)

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
        with at_most(SETUP_LIMIT):
            for option in urls_of(item):
                if option not in self._targets:
                    raise TargetDown(f"there is no {option}")
                self._targets[option].require_alive()
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        with at_most(SETUP_LIMIT):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        with at_most(limit(item)):
            return (yield)

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Of an equality alone it is known which side is the answer: what was expected stands on the right."""
        self._compared = (brief(left), brief(right)) if op == "==" else ("", "")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.failed:
            report.longrepr = self._harmless(report.longreprtext)
        if call.excinfo:
            item.stash[ERRORS].append(call.excinfo.value)
        if call.when == "teardown" and not any(isinstance(each, pytest.skip.Exception) for each in item.stash[ERRORS]):
            outcome = self._outcome(item, item.stash[ERRORS])
            self._share(outcome, item)
            report.user_properties.append(("outcome", json.dumps(asdict(outcome))))
        return report

    def _share(self, outcome: Outcome, item: pytest.Item) -> None:
        """What others are to know: those that build on it, and whoever asks the same servers."""
        if outcome.state is not State.PASSED:
            (self._dir / FAILED / outcome.check).touch()
        if outcome.state is State.TARGET_ERROR:
            for option in self._targets.keys() & urls_of(item):
                self._targets[option].suspect()

    def _outcome(self, item: pytest.Item, errors: list[BaseException]) -> Outcome:
        seconds = round(time.monotonic() - item.stash[STARTED], 3)
        passed = Outcome(str(check_id(item)), _part(item), State.PASSED, seconds)
        if not errors:
            return passed
        said = tuple((each.command, each.answer) for each in exchanges.LOG)
        actual, expected = self._compared
        told = self._harmless(_told(errors[0]))
        worst = min((state_of(error) for error in errors), key=list(State).index)
        return replace(passed, state=worst, message=told[:LONGEST], expected=expected, actual=actual, exchanges=said)

    def _harmless(self, text: str) -> str:
        """As UTF-8 can have it, and without the registrar's password, which a browser repeats that cannot type it."""
        secret = self._config.getoption("--registrar").partition(":")[2]
        return text.encode("utf-8", "backslashreplace").decode().replace(secret, "***")

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
    _require_met(items)
    tests: dict[str, list[pytest.Function]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and (id_ := check_id(item)):
            tests.setdefault(id_, []).append(item)
    for id_, cases in tests.items():
        if len({case.nodeid.partition("[")[0] for case in cases}) > 1:
            raise BadChecks(f"Two tests are the check {id_}")
        yield _check(id_, cases)


def _require_met(items: Collection[pytest.Item]) -> None:
    """Raise BadChecks where a mark is for cases that no test has."""
    marked = [(item, mark) for item in items for mark in item.iter_markers("check")]
    named = [(item, mark.args[0], case) for item, mark in marked for case in mark.kwargs.get("cases", ())]
    met = {(id_, case) for item, id_, case in named if _is_one_of([case], _part(item))}
    if unmet := sorted({(id_, case) for _, id_, case in named} - met):
        raise BadChecks(f"These cases are of no test: {', '.join(f'{case} of {id_}' for id_, case in unmet)}")


def _check(id_: str, cases: list[pytest.Function]) -> Check:
    mark = mark_of(cases[0])
    assert mark
    promise, *_ = (cases[0].function.__doc__ or "").strip().splitlines() or [""]
    if not promise:
        raise BadChecks(f"{id_} promises nothing: its test has no docstring")
    if mark.kwargs["points"] < 1:
        raise BadChecks(f"{id_} is worth nothing")
    said = {name: value for name, value in mark.kwargs.items() if name not in ("limit", "auth", "cases")}
    said["requires"] = tuple(said.get("requires", ()))
    source, section = SOURCES[SUITES[id_.partition(".")[0]]]
    of_module = getattr(cases[0].module, "CONTRACT_SECTION", section)
    said["section"] = f"{source}, section {said.get('section', of_module)}"
    return Check(id_, promise=promise, parts=len(cases), **said)


def mark_of(item: pytest.Item) -> pytest.Mark | None:
    """What the test is as a check; a mark with `cases` is only for those whose id has one of these in it, whole."""
    part = _part(item)
    marks = item.iter_markers("check")
    return next((mark for mark in marks if _is_one_of(mark.kwargs.get("cases", [part]), part)), None)


def _is_one_of(cases: Collection[str], part: str) -> bool:
    return any(f"-{case}-" in f"-{part}-" for case in cases)


def check_id(item: pytest.Item) -> str | None:
    mark = mark_of(item)
    return str(mark.args[0]) if mark else None


def suits(item: pytest.Item, config: pytest.Config) -> bool:
    """Whether it can be asked of an implementation with such logins, or none, whose API can be stopped, or not."""
    mark, auth = mark_of(item), config.getoption("--auth")
    if mark is None:
        return True
    may_be_stopped = config.getoption("--stopped") != "never"
    return mark.kwargs.get("auth", auth) == auth and (may_be_stopped or not wants_stopped(item))


def wants_stopped(item: pytest.Item) -> bool:
    mark = mark_of(item)
    return mark is not None and bool(mark.kwargs.get("stopped"))


def urls_of(item: pytest.Item) -> tuple[str, ...]:
    """The options that must say where it is asked."""
    of_web = str(check_id(item)).partition(".")[0] in WEB_TRACKS
    return ("--api-url", "--web-url") if of_web else ("--api-url",)


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
