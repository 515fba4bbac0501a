"""`result.json`, `classroom50/result/v1`: written only where staff name the submission: it says whose it is."""

import json

from pydantic import BaseModel, Field

from tests.marking.report import Report
from tests.marking.verdicts import State

NAME = "result.json"


class Submission(BaseModel):
    """Whose work it is, as the classroom knows it."""

    classroom: str
    assignment: str
    assignment_type: str = "individual"
    owner: str
    submission: str = Field(pattern="^submit/")
    commit: str
    release: str = ""
    review: str = ""


def render(report: Report, submission: Submission) -> str:
    """Raise ValueError where the report refuses a total: a result has no way to say so."""
    if report.points is None:
        raise ValueError("not marked, so there is no result")
    document = {
        "schema": "classroom50/result/v1",
        **submission.model_dump(),
        "datetime": report.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": report.points,
        "max-score": report.max_points,
        "tests": [
            {
                "test-name": f"{result.id}: {result.promise}",
                "passed": result.state is State.PASSED,
                "score": result.points,
                "max-score": result.max_points,
            }
            for result in report.results
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
