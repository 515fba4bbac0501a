"""What a student has taken: by term, with grades, credits and grade point averages."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from api.models import Status
from api.repositories import Rows
from api.schemas import TranscriptOut

POINTS = {
    "A": "4.0", "A-": "3.7", "B+": "3.3", "B": "3.0", "B-": "2.7", "C+": "2.3", "C": "2.0", "C-": "1.7",
    "D+": "1.3", "D": "1.0", "D-": "0.7", "F": "0",
}  # fmt: skip
SHOWN = (Status.ENROLLED, Status.COMPLETED, Status.WITHDRAWN)


def get(rows: Rows, student_id: int) -> TranscriptOut:
    rows.students.get(student_id)  # or NotFound
    shown = [row for row in rows.enrollments.of_student(student_id) if row.status in SHOWN]
    shown.sort(key=lambda row: (row.starts_on, row.term_id, row.id))
    terms = [_term(list(courses)) for _, courses in groupby(shown, key=lambda row: row.term_id)]
    return TranscriptOut.model_validate({"student_id": student_id, "terms": terms, **_totals(shown)})


def grade_point_average(graded: Sequence[tuple[str, int]]) -> float | None:
    """Of grades and credits: two decimals, half up; None where no credit was graded."""
    weight = sum(each for _, each in graded)
    if weight == 0:
        return None
    points = sum((Decimal(POINTS[grade]) * each for grade, each in graded), Decimal())
    return float((points / weight).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _term(courses: Sequence[Any]) -> dict[str, Any]:
    listed = [row._asdict() | {"enrollment_id": row.id} for row in courses]
    return {"term_id": courses[0].term_id, "name": courses[0].term_name, "courses": listed, **_totals(courses)}


def _totals(courses: Sequence[Any]) -> dict[str, Any]:
    graded = [(row.grade, row.credits) for row in courses if row.status is Status.COMPLETED]
    return {
        "credits_earned": sum(earned for grade, earned in graded if grade != "F"),
        "gpa": grade_point_average(graded),
    }
