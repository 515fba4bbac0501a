"""Bad input of the enrollment half: terms, courses, sections, enrollments and grades."""

from typing import Any

import pytest

from tests.contract.office import Office
from tests.contract.problems import assert_refused_at
from tests.contract.test_bad_input import each
from tests.samples import Json

OF_A_TERM = each("name", "starts_on", "drop_deadline", "credit_limit", id=1)
OF_A_COURSE = each("credits", "description", "prerequisite_ids", code="", title=" A", id=1)
OF_A_SECTION = each(
    "number", "capacity", "meetings", course_id=0, term_id="1", instructor_id=0, waitlist_capacity=-1, id=1
)


@pytest.mark.check(
    "robustness.bad-catalog",
    points=2,
    requires=["enrollment.create-section"],
    hint="Forbid unknown fields, and convert no types.",
)
@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        pytest.param(kind, *param.values, id=f"{kind}-{param.id}")
        for kind, params in (("term", OF_A_TERM), ("course", OF_A_COURSE), ("section", OF_A_SECTION))
        for param in params
    ],
)
def test_a_bad_field_of_the_catalog_is_refused(kind: str, bad: dict[str, Any], office: Office) -> None:
    """Each bad field of a term, course or section is 422 with a pointer into it, and changes nothing."""
    made: Json = getattr(office, kind)()
    new = office.new(f"{kind}s")

    assert_refused_at(office.registrar.post(f"/{kind}s", json=new | bad), f"{kind.capitalize()}In", *bad)
    assert_refused_at(office.alter(kind, made, **bad), f"{kind.capitalize()}In", *bad)
    assert office.registrar.get(f"/{kind}s/{made['id']}").json() == made


@pytest.mark.check(
    "robustness.bad-seat-request",
    points=1,
    requires=["enrollment.enroll"],
    hint="Forbid unknown fields, and convert no types.",
)
@pytest.mark.parametrize("bad", each("student_id", "section_id", "join_waitlist", status="enrolled", id=1))
def test_a_bad_request_for_a_seat_is_refused_at_the_bad_field(bad: dict[str, Any], office: Office) -> None:
    """Each bad field of a request for a seat is 422 with a pointer to it, and enrolls nobody."""
    student, section = office.student(), office.section()
    wish = {"student_id": student["id"], "section_id": section["id"]}

    assert_refused_at(office.registrar.post("/enrollments", json=wish | bad), "EnrollmentIn", *bad)
    assert office.standing(section) == ([], [])


@pytest.fixture(scope="module")
def enrollment(lasting_office: Office) -> Json:
    return lasting_office.enroll(lasting_office.student(), lasting_office.section())


@pytest.mark.check(
    "robustness.bad-leaving",
    points=1,
    requires=["enrollment.enroll"],
    hint="Declare the values that there are, as an enum.",
)
@pytest.mark.parametrize("bad", each("status", grade="A", surplus=1))
def test_a_bad_change_of_an_enrollment_is_refused(bad: dict[str, Any], enrollment: Json, office: Office) -> None:
    """Who changes an enrollment can drop or withdraw: all else is 422, and changes nothing."""
    path = f"/enrollments/{enrollment['id']}"
    before = office.registrar.get(path).json()

    assert_refused_at(office.registrar.patch(path, json={"status": "dropped"} | bad), "EnrollmentPatch", *bad)
    assert office.registrar.get(path).json() == before


@pytest.mark.check(
    "robustness.bad-grade",
    points=1,
    requires=["enrollment.enroll"],
    hint="Declare the values that there are, as an enum.",
)
@pytest.mark.parametrize("bad", each("grade", status="completed", surplus=1))
def test_a_bad_grade_is_refused(bad: dict[str, Any], enrollment: Json, office: Office) -> None:
    """A grade that is none of the twelve is 422, and changes nothing."""
    path = f"/enrollments/{enrollment['id']}"
    before = office.registrar.get(path).json()

    assert_refused_at(office.registrar.put(f"{path}/grade", json={"grade": "A"} | bad), "GradeIn", *bad)
    assert office.registrar.get(path).json() == before
