"""Transcripts, and the registrar's overview."""

from datetime import date

import pytest

from api.models import Role, Status
from api.services.transcripts import grade_point_average
from tests.unit.api.visitors import API, refusal
from tests.unit.conftest import Clock
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, StudentFactory, TermFactory


@pytest.mark.parametrize(
    ("graded", "average"),
    [
        ([], None),
        ([("A", 0)], None),
        ([("A", 3)], 4.0),
        ([("A", 3), ("B", 1)], 3.75),
        ([("A", 1), ("F", 1)], 2.0),
        ([("A-", 1), ("B+", 1)], 3.5),
        ([("A", 1), ("B", 1), ("B", 1)], 3.33),
        ([("A", 2), ("B", 1)], 3.67),
        ([("A", 1), ("A-", 3)], 3.78),  # 3.775, half up
        ([("D-", 3)], 0.7),
        ([("F", 3)], 0.0),
    ],
)
def test_an_average_is_weighted_by_credits_and_rounded_half_up(
    graded: list[tuple[str, int]], average: float | None
) -> None:
    assert grade_point_average(graded) == average


def test_a_transcript_has_terms_by_start_and_courses_by_enrollment(api: API) -> None:
    student = StudentFactory()
    later, earlier = TermFactory(starts_on=date(2026, 9, 1)), TermFactory(starts_on=date(2026, 1, 1))
    calculus, poetry = CourseFactory(credits=4), CourseFactory(credits=2)
    rows = [
        (later, calculus, Status.ENROLLED, None),
        (earlier, calculus, Status.COMPLETED, "F"),
        (earlier, poetry, Status.COMPLETED, "A"),
        (earlier, CourseFactory(), Status.WITHDRAWN, None),
        (earlier, CourseFactory(), Status.DROPPED, None),
        (later, CourseFactory(), Status.WAITLISTED, None),
    ]
    for term, course, status, grade in rows:
        EnrollmentFactory(student=student, section=SectionFactory(of=course, term=term), status=status, grade=grade)

    transcript = api.get(f"/students/{student.id}/transcript").json()

    first, second = transcript["terms"]
    assert [first["name"], second["name"]] == [earlier.name, later.name]
    assert [(each["status"], each["grade"]) for each in first["courses"]] == [
        ("completed", "F"),
        ("completed", "A"),
        ("withdrawn", None),
    ]
    assert (first["credits_earned"], first["gpa"]) == (2, 1.33)
    assert (second["credits_earned"], second["gpa"]) == (0, None)
    assert (transcript["credits_earned"], transcript["gpa"]) == (2, 1.33)


def test_a_student_sees_their_own_transcript_and_an_instructor_sees_none(api: API) -> None:
    own = api.user(Role.STUDENT).student_id

    assert api.get(f"/students/{own}/transcript", by=Role.STUDENT).json()["terms"] == []
    assert refusal(api.get(f"/students/{own}/transcript", by=Role.INSTRUCTOR)) == (403, "forbidden")
    assert refusal(api.get("/students/999/transcript")) == (404, "not_found")


def test_the_summary_counts_everything_and_tells_how_full_current_sections_are(api: API, clock: Clock) -> None:
    current = SectionFactory(capacity=3)
    past = SectionFactory(term=TermFactory(ends_on=date(2026, 8, 31)))
    for status in (Status.ENROLLED, Status.WAITLISTED, Status.DROPPED):
        EnrollmentFactory(section=current, status=status)
    EnrollmentFactory(section=past, status=Status.COMPLETED, grade="A")

    summary = api.get("/summary").json()

    (fill,) = summary.pop("fill")
    assert summary == {"students": 4, "courses": 2, "sections": 2, "enrolled": 2, "waitlisted": 1}
    assert fill["section_id"] == current.id
    assert (fill["capacity"], fill["enrolled"], fill["waitlisted"]) == (3, 1, 1)
