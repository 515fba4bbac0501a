"""Whose an enrollment is: students and instructors touch what is theirs, and learn of nothing else."""

import pytest
from requests import Response

from tests.contract.client import Client
from tests.contract.office import Login, Office
from tests.contract.problems import assert_refused
from tests.samples import MISSING_ID, Json


@pytest.fixture(params=["existing", "missing"])
def foreign(request: pytest.FixtureRequest, office: Office) -> Json:
    """An enrollment that is nobody's here, or the ids of one that does not exist."""
    if request.param == "missing":
        return {"id": MISSING_ID, "student_id": MISSING_ID, "section_id": MISSING_ID}
    return office.enroll(office.student(), office.section(instructor_id=office.user("instructor")["id"]))


def read(client: Client, enrollment: Json) -> Response:
    return client.get(f"/enrollments/{enrollment['id']}")


def end(client: Client, enrollment: Json, status: str) -> Response:
    return client.patch(f"/enrollments/{enrollment['id']}", json={"status": status})


def grade(client: Client, enrollment: Json) -> Response:
    return client.put(f"/enrollments/{enrollment['id']}/grade", json={"grade": "A"})


def listed(client: Client, path: str) -> list[int]:
    """The ids of the enrollments there."""
    return [each["id"] for each in client.get(path).json()["enrollments"]]


@pytest.mark.check(
    "access.student-others",
    points=2,
    requires=["enrollment.enroll", "access.student-login"],
    hint="To a student, nobody's and somebody else's are one case: 403.",
)
def test_students_learn_nothing_of_others(foreign: Json, logins: dict[str, Login]) -> None:
    """To a student everything of another student is 403, whether it exists or not."""
    student = logins["student"].client

    asked = [
        read(student, foreign),
        end(student, foreign, "dropped"),
        end(student, foreign, "withdrawn"),
        student.get(f"/students/{foreign['student_id']}/enrollments"),
        student.get(f"/students/{foreign['student_id']}/transcript"),
    ]

    for answer in asked:
        assert_refused(answer, 403, "forbidden")


@pytest.mark.check(
    "access.enroll-others",
    points=2,
    requires=["enrollment.enroll", "access.student-login"],
    cases=["open"],
    hint="Compare student_id with the caller's own.",
)
@pytest.mark.parametrize("where", ["open", "nowhere"])
def test_students_enroll_nobody_else(where: str, foreign: Json, office: Office, logins: dict[str, Login]) -> None:
    """A student who asks for a seat for another is 403, whether the other exists or not, and nobody is enrolled."""
    section = office.section()
    section_id = section["id"] if where == "open" else MISSING_ID
    body = {"student_id": foreign["student_id"], "section_id": section_id}

    assert_refused(logins["student"].client.post("/enrollments", json=body), 403, "forbidden")
    assert office.standing(section) == ([], [])


@pytest.mark.check(
    "access.instructor-others",
    points=2,
    requires=["enrollment.enroll", "access.student-login"],
    hint="Compare the section's instructor_id with the caller's id, in each operation.",
)
def test_instructors_learn_nothing_of_other_sections(foreign: Json, logins: dict[str, Login]) -> None:
    """To an instructor everything of a section that they do not teach is 403, whether it exists or not."""
    instructor = logins["instructor"].client

    asked = [
        instructor.get(f"/sections/{foreign['section_id']}/enrollments"),
        read(instructor, foreign),
        grade(instructor, foreign),
    ]

    for answer in asked:
        assert_refused(answer, 403, "forbidden")


@pytest.mark.check(
    "access.no-instructor",
    points=1,
    requires=["enrollment.enroll", "access.student-login"],
    hint="Nobody is no instructor: compare only where instructor_id is set.",
)
def test_a_section_without_an_instructor_is_no_instructors(office: Office, logins: dict[str, Login]) -> None:
    """A section that nobody teaches is closed to every instructor."""
    enrollment = office.enroll(office.student(), office.section())
    instructor = logins["instructor"].client

    assert_refused(instructor.get(f"/sections/{enrollment['section_id']}/enrollments"), 403, "forbidden")
    assert_refused(grade(instructor, enrollment), 403, "forbidden")


@pytest.mark.check(
    "access.refused-grade",
    points=1,
    requires=["enrollment.grade", "enrollment.leave", "access.student-login"],
    hint="Ask who may before you do anything.",
)
def test_a_refused_grade_changes_nothing(office: Office, logins: dict[str, Login]) -> None:
    """What an instructor may not grade, and a student may not end, stays as it was."""
    enrollment = office.enroll(office.student(), office.section())
    before = read(office.registrar, enrollment).json()

    grade(logins["instructor"].client, enrollment)
    end(logins["student"].client, enrollment, "dropped")

    assert read(office.registrar, enrollment).json() == before


@pytest.mark.check(
    "access.instructor-own",
    points=2,
    requires=["enrollment.grade", "access.student-login"],
    hint="Compare the section's instructor_id with the caller's id.",
)
def test_instructors_see_and_grade_what_they_teach(office: Office, logins: dict[str, Login]) -> None:
    """An instructor reads the roster and the enrollments of their own section, grades them, and reads a student's."""
    instructor, student = logins["instructor"], office.student()
    section = office.section(instructor_id=instructor.id)
    enrollment = office.enroll(student, section)

    assert listed(instructor.client, f"/sections/{section['id']}/enrollments") == [enrollment["id"]]
    assert read(instructor.client, enrollment).json()["id"] == enrollment["id"]
    assert grade(instructor.client, enrollment).json()["grade"] == "A"
    assert listed(instructor.client, f"/students/{student['id']}/enrollments") == [enrollment["id"]]


@pytest.mark.check(
    "access.no-longer-teaches",
    points=1,
    requires=["enrollment.replace-section"],
    hint="Read instructor_id at each request, from the database.",
)
def test_who_no_longer_teaches_a_section_no_longer_sees_it(office: Office) -> None:
    """A section that is given to another instructor is closed to the first at once."""
    first, second = office.login("instructor"), office.login("instructor")
    section = office.section(instructor_id=first.id)
    path = f"/sections/{section['id']}/enrollments"
    assert first.client.get(path).status_code == 200

    altered = office.alter("section", section, instructor_id=second.id)

    assert altered.status_code == 200, altered.text
    assert_refused(first.client.get(path), 403, "forbidden")
    assert second.client.get(path).status_code == 200


@pytest.mark.check(
    "access.student-own",
    points=2,
    requires=["enrollment.leave", "access.student-login"],
    hint="Compare the enrollment's student_id with the caller's.",
)
def test_students_see_and_end_what_is_theirs(office: Office) -> None:
    """A student enrolls themselves, reads and ends their enrollment, and reads their enrollments and transcript."""
    student, section = office.login("student"), office.section()
    body = {"student_id": student.student_id, "section_id": section["id"]}
    own = f"/students/{student.student_id}"

    enrollment = student.client.post("/enrollments", json=body).json()

    assert read(student.client, enrollment).json()["id"] == enrollment["id"]
    assert listed(student.client, f"{own}/enrollments") == [enrollment["id"]]
    assert student.client.get(f"{own}/transcript").json()["student_id"] == student.student_id
    assert end(student.client, enrollment, "withdrawn").ok
    assert office.again(enrollment)["status"] == "withdrawn"


@pytest.mark.check("access.registrar-missing", points=1, requires=["access.login"])
@pytest.mark.parametrize("missing", ["read", "end", "grade"])
def test_registrars_are_told_what_is_not_there(missing: str, office: Office) -> None:
    """To a registrar, an enrollment that does not exist is 404."""
    enrollment = {"id": MISSING_ID}
    asked = {
        "read": read(office.registrar, enrollment),
        "end": office.end(enrollment),
        "grade": office.grade(enrollment, "A"),
    }

    assert_refused(asked[missing], 404, "not_found")
