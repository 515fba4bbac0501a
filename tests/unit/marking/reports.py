"""Checks, outcomes and reports to start a test from."""

from typing import Any

from tests.marking import report
from tests.marking.checks import Check
from tests.marking.report import Asked, Report
from tests.marking.verdicts import Outcome, State, judge

ASKED = Asked(
    api_url="http://127.0.0.1:8000", web_url=None, tracks=["students", "access"], auth="bearer", seed=7, checks=[]
)
HOSTILE = "</script><script>alert(1)</script> ]]> | [x](javascript:alert(1)) \x1b[31m \x00 =cmd() \u202e"


def check(id_: str, points: int = 2, *requires: str, **more: Any) -> Check:
    return Check(id_, points, promise=f"{id_} holds.", section="CONTRACT.md, section 2", requires=requires, **more)


def outcome(id_: str, state: State = State.PASSED, part: str = "", **more: Any) -> Outcome:
    return Outcome(id_, part, state, seconds=0.5, **more)


def reported(*pairs: tuple[Check, Outcome | None]) -> Report:
    """The report of these checks, each with what came of it."""
    verdicts = judge({check.id: check for check, _ in pairs}, [outcome for _, outcome in pairs if outcome])
    return report.make(ASKED, verdicts, seconds=3.2)


def one_of_each() -> Report:
    """A report in which a hostile target has made every kind of trouble but the marker's own."""
    failure: dict[str, Any] = {
        "message": f"said {HOSTILE}\nassert 201 == 200\n  - right\n  + wrong",
        "expected": "201",
        "actual": HOSTILE,
        "exchanges": ((f"curl -i '{HOSTILE}'", HOSTILE),),
    }
    return reported(
        (check("access.login"), outcome("access.login")),
        (check("students.create", 3), outcome("students.create", State.FAILED, **failure)),
        (check("students.read", 2, "students.create"), outcome("students.read")),
        (check("students.slow", 4), outcome("students.slow", State.TARGET_ERROR, message="not answered within 10 s")),
    )
