"""From what happened to what it is worth: one verdict a check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.marking.checks import Check


class State(StrEnum):
    """Of a part that ran, and of a check: the first of its parts' in this order, unless it is right in part."""

    BLOCKED = "blocked"  # a check that it requires did not pass
    GRADER_ERROR = "grader_error"  # the suite itself broke: nothing can be said
    TARGET_ERROR = "target_error"  # the target was down, hung or died
    FAILED = "failed"
    PARTIAL = "partial"
    PASSED = "passed"


@dataclass(frozen=True)
class Outcome:
    """What came of one part of a check."""

    check: str
    part: str
    state: State
    seconds: float
    message: str = ""
    expected: str = ""
    actual: str = ""
    exchanges: Sequence[tuple[str, str]] = ()  # a curl command and the answer's beginning, each


@dataclass(frozen=True)
class Verdict:
    """`worst` is the outcome to show; None where all is well, or nothing ran."""

    check: Check
    state: State
    points: int
    seconds: float = 0.0
    passed_parts: int = 0
    blocked_by: tuple[str, ...] = ()
    worst: Outcome | None = None


def judge(checks: Mapping[str, Check], outcomes: Sequence[Outcome]) -> list[Verdict]:
    """`checks` come each after those that it requires."""
    verdicts: dict[str, Verdict] = {}
    for id_, check in checks.items():
        parts = [outcome for outcome in outcomes if outcome.check == id_]
        blocked_by = tuple(each for each in check.requires if verdicts[each].state is not State.PASSED)
        verdicts[id_] = _verdict(check, parts, blocked_by)
    return list(verdicts.values())


def _verdict(check: Check, parts: Sequence[Outcome], blocked_by: tuple[str, ...]) -> Verdict:
    passed = sum(part.state is State.PASSED for part in parts)
    seconds = sum(part.seconds for part in parts)
    bad = [part for part in parts if part.state is not State.PASSED]
    worst = min(bad, key=lambda part: (list(State).index(part.state), part.part), default=None)
    state = _state(check, parts, worst, passed, blocked=bool(blocked_by))
    earned = {State.PASSED: check.points, State.PARTIAL: check.points * passed // check.parts}.get(state, 0)
    return Verdict(check, state, earned, seconds, passed, blocked_by, worst)


def _state(check: Check, parts: Sequence[Outcome], worst: Outcome | None, passed: int, *, blocked: bool) -> State:
    if blocked:
        return State.BLOCKED
    if len(parts) < check.parts:
        return State.GRADER_ERROR  # it was not asked to the end
    if worst is None:
        return State.PASSED
    if worst.state is State.FAILED and passed and not check.whole:
        return State.PARTIAL
    return worst.state
