"""`results.json`, as Gradescope's autograder reads it."""

import json
from typing import Any

from tests.marking.formats.words import explained
from tests.marking.report import Report, Result
from tests.marking.verdicts import State


def render(report: Report, visibility: str) -> str:
    """Without any score where the report refuses a total: of tests that have one, Gradescope would make the sum."""
    results = report.results if report.marked else []
    document: dict[str, Any] = {
        "execution_time": round(report.seconds),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "output": report.why_not,
        "tests": [_test(number, result, visibility) for number, result in enumerate(results, 1)],
        "extra_data": {"schema": report.schema_, "seed": report.asked.seed, "marked": report.marked},
    }
    if report.points is not None:
        document["score"] = report.points
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _test(number: int, result: Result, visibility: str) -> dict[str, Any]:
    return {
        "name": f"{result.id}: {result.promise}",
        "number": str(number),
        "score": result.points,
        "max_score": result.max_points,
        "status": "passed" if result.state is State.PASSED else "failed",
        "output": explained(result, visibility),
        "output_format": "text",
        "tags": [result.track, result.state.value],
        "visibility": "visible",
    }
