"""A verdict in plain words, as every format tells it."""

import re
from itertools import takewhile

from tests.marking.report import Result
from tests.marking.verdicts import State

COMPARISON = re.compile(r"(\[.*?\] )?assert ")
EXPECTATION = re.compile(r"(\[.*?\] )?(Locator|Page \w+) expected (not )?to (contain |have |be ')")  # Playwright's
MEANINGS = {
    State.PASSED: "right",
    State.PARTIAL: "right in part",
    State.FAILED: "not right",
    State.BLOCKED: "not marked, because what it builds on did not pass",
    State.TARGET_ERROR: "not answered: the server was down, hung or died",
    State.GRADER_ERROR: "not marked: the marker itself broke",
}


def explained(result: Result, visibility: str) -> str:
    """Several lines; what was expected is for staff, or for students if staff say so."""
    if result.state is State.PASSED:
        return ""
    lines = [f"{MEANINGS[result.state].capitalize()} ({result.points} of {result.max_points} points)."]
    if result.blocked_by:
        return "\n".join([*lines, f"It needs {', '.join(result.blocked_by)}."])
    if result.parts > 1:
        lines.append(f"{result.passed_parts} of {result.parts} cases passed.")
    lines.append(told(result, visibility))
    if result.expected and visibility == "staff":
        lines += [f"Expected: {result.expected}", f"Actual:   {result.actual}"]
    elif result.actual:
        lines.append(f"Actual: {result.actual}")
    lines += [f"{exchange.command}\n# {exchange.answer}" for exchange in result.exchanges]
    lines += [f"Hint: {result.hint}"] if result.hint else []
    lines += [f"See {result.section}.", f"Again: {result.replay}"]
    return "\n".join(line for line in lines if line)


def told(result: Result, visibility: str) -> str:
    """The message; where expected values are not shown, up to the comparison that failed, and without what it names."""
    if visibility == "staff":
        return result.message
    lines = takewhile(lambda line: not COMPARISON.match(line), result.message.splitlines())
    return "\n".join(line for line in lines if not EXPECTATION.match(line))
