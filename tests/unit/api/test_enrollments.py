"""Enrolling, dropping, withdrawing, grading; and who gets the seats that come free."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.models import Enrollment, Role, Section, Status, Student
from tests.unit.api.visitors import API, refusal
from tests.unit.conftest import Clock
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, StudentFactory, TermFactory

MONDAY = [{"day": "mon", "starts": "09:00", "ends": "10:30"}]


class Office:
    """What registrars do with sections, in few words."""

    def __init__(self, api: API, session: Session) -> None:
        self.api, self.session = api, session

    def ask(self, student: Student, section: Section, **more: Any) -> Any:
        body = {"student_id": student.id, "section_id": section.id, **more}
        return self.api.post("/enrollments", json=body)

    def enroll(self, student: Student, section: Section, **more: Any) -> dict[str, Any]:
        answer = self.ask(student, section, **more)
        assert answer.status_code == 201, answer.text
        enrolled: dict[str, Any] = answer.json()
        return enrolled

    def wait(self, student: Student, section: Section) -> dict[str, Any]:
        waiting = self.enroll(student, section, join_waitlist=True)
        assert waiting["status"] == "waitlisted"
        return waiting

    def end(self, enrollment: dict[str, Any], status: str = "dropped") -> Any:
        return self.api.patch(f"/enrollments/{enrollment['id']}", json={"status": status})

    def standing(self, section: Section) -> tuple[list[int], list[int]]:
        """The students who have a seat, and those who wait, in order."""
        listed = self.api.get(f"/sections/{section.id}/enrollments").json()["enrollments"]
        seated = [each["student_id"] for each in listed if each["status"] != "waitlisted"]
        return sorted(seated), [each["student_id"] for each in listed if each["status"] == "waitlisted"]


@pytest.fixture
def office(api: API, session: Session) -> Office:
    return Office(api, session)


def codes(answer: Any) -> list[str]:
    return [violation["code"] for violation in answer.json()["violations"]]


def test_an_enrollment_is_answered_whole_and_found_at_its_location(api: API, office: Office, clock: Clock) -> None:
    course, student = CourseFactory(credits=4), StudentFactory()
    section = SectionFactory(of=course, meetings=MONDAY)

    answer = office.ask(student, section)

    assert answer.json() == {
        "id": answer.json()["id"],
        "student_id": student.id,
        "section_id": section.id,
        "status": "enrolled",
        "waitlist_position": None,
        "grade": None,
        "enrolled_at": "2026-09-01T12:00:00Z",
        "student": {"id": student.id, "name": student.name},
        "section": {
            "id": section.id,
            "number": section.number,
            "course": {"id": course.id, "code": course.code, "title": course.title, "credits": 4},
            "term": {"id": section.term_id, "name": answer.json()["section"]["term"]["name"]},
            "meetings": MONDAY,
        },
    }
    assert api.get(answer.headers["location"]).json() == answer.json()


def test_students_enroll_themselves_and_nobody_else(api: API, office: Office) -> None:
    section, other = SectionFactory(), StudentFactory()
    own = api.user(Role.STUDENT).student_id

    asked = [
        api.post("/enrollments", by=Role.STUDENT, json={"student_id": each, "section_id": section.id})
        for each in (own, other.id, 999)
    ]

    assert [answer.status_code for answer in asked] == [201, 403, 403]


@pytest.mark.parametrize("missing", ["student_id", "section_id"])
def test_what_does_not_exist_is_not_found(api: API, missing: str) -> None:
    body = {"student_id": StudentFactory().id, "section_id": SectionFactory().id} | {missing: 999}

    assert refusal(api.post("/enrollments", json=body)) == (404, "not_found")


def test_all_violations_are_told_and_the_first_gives_the_code(office: Office) -> None:
    basics = CourseFactory()
    advanced = CourseFactory()
    office.session.execute(
        Enrollment.metadata.tables["prerequisites"].insert(),
        {"course_id": advanced.id, "prerequisite_id": basics.id},
    )
    office.session.commit()
    section = SectionFactory(of=advanced, capacity=0)

    answer = office.ask(StudentFactory(), section)

    assert refusal(answer) == (409, "prerequisite_not_met")
    assert codes(answer) == ["prerequisite_not_met", "section_full"]


def test_a_duplicate_names_the_enrollment_that_stands(office: Office) -> None:
    student, section = StudentFactory(), SectionFactory()
    enrollment = office.enroll(student, section)

    (violation,) = office.ask(student, section).json()["violations"]

    assert violation["enrollment_id"] == enrollment["id"]


@pytest.mark.parametrize(("grade", "status"), [("D-", 201), ("F", 409), (None, 409)])
def test_a_prerequisite_is_met_by_d_minus_or_better(office: Office, grade: str | None, status: int) -> None:
    basics, advanced, student = CourseFactory(), CourseFactory(), StudentFactory()
    office.api.put(
        f"/courses/{advanced.id}",
        json={"code": advanced.code, "title": "x", "credits": 3, "prerequisite_ids": [basics.id]},
    )
    past = SectionFactory(of=basics)
    EnrollmentFactory(student=student, section=past, status=Status.COMPLETED if grade else Status.ENROLLED, grade=grade)

    assert office.ask(student, SectionFactory(of=advanced)).status_code == status


def test_clashes_and_credits_are_counted_within_the_term_alone(office: Office) -> None:
    term, student = TermFactory(credit_limit=6), StudentFactory()
    office.enroll(student, SectionFactory(meetings=MONDAY, of=CourseFactory(credits=6)))
    office.enroll(student, SectionFactory(meetings=MONDAY, term=term))

    assert codes(office.ask(student, SectionFactory(meetings=MONDAY, term=term))) == ["time_conflict"]
    assert codes(office.ask(student, SectionFactory(of=CourseFactory(credits=4), term=term))) == [
        "credit_limit_exceeded"
    ]


@pytest.mark.parametrize("by", [{"days": -32}, {"days": 9}])
def test_outside_the_window_nobody_enrolls(office: Office, clock: Clock, by: dict[str, int]) -> None:
    clock.advance(**by)

    assert codes(office.ask(StudentFactory(), SectionFactory())) == ["registration_closed"]


def test_who_finds_no_seat_may_wait_while_there_is_a_place(office: Office) -> None:
    section = SectionFactory(capacity=1, waitlist_capacity=1)
    holder, waiter, late = StudentFactory.create_batch(3)
    office.enroll(holder, section)

    assert codes(office.ask(waiter, section)) == ["section_full"]
    assert office.wait(waiter, section)["waitlist_position"] == 1
    assert codes(office.ask(late, section, join_waitlist=True)) == ["waitlist_full"]
    assert office.standing(section) == ([holder.id], [waiter.id])


@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
def test_a_free_seat_goes_to_the_first_who_waits(office: Office, status: str) -> None:
    section = SectionFactory(capacity=1)
    holder, first, second = StudentFactory.create_batch(3)
    held = office.enroll(holder, section)
    office.wait(first, section)
    last = office.wait(second, section)

    ended = office.end(held, status)

    assert ended.json()["status"] == status
    assert office.standing(section) == ([first.id], [second.id])
    assert office.api.get(f"/enrollments/{last['id']}").json()["waitlist_position"] == 1


def test_a_free_seat_goes_to_the_first_eligible_waiter_and_others_keep_their_place(office: Office) -> None:
    section = SectionFactory(capacity=1, meetings=MONDAY)
    holder, busy, free = StudentFactory.create_batch(3)
    held = office.enroll(holder, section)
    office.wait(busy, section)
    office.wait(free, section)
    EnrollmentFactory(student=busy, section=SectionFactory(meetings=MONDAY, term_id=section.term_id))

    office.end(held)

    assert office.standing(section) == ([free.id], [busy.id])


def test_a_drop_lets_its_student_in_where_they_wait_with_a_seat_free(office: Office) -> None:
    section = SectionFactory(capacity=1, meetings=MONDAY)
    other = SectionFactory(meetings=MONDAY, term_id=section.term_id)
    holder, student = StudentFactory.create_batch(2)
    held = office.enroll(holder, section)
    office.wait(student, section)
    clash = EnrollmentFactory(student=student, section=other)
    office.end(held)
    assert office.standing(section) == ([], [student.id])

    office.end({"id": clash.id})

    assert office.standing(section) == ([student.id], [])


def test_a_newcomer_does_not_overtake_an_eligible_waiter(office: Office, clock: Clock) -> None:
    section = SectionFactory(capacity=1)
    holder, waiter, newcomer = StudentFactory.create_batch(3)
    held = EnrollmentFactory(student=holder, section=section)
    office.wait(waiter, section)
    held.status = Status.DROPPED  # past the API: as when a grade or a moved meeting has made the waiter eligible
    office.session.commit()

    asked = office.ask(newcomer, section)

    assert codes(asked) == ["section_full"]
    assert office.standing(section) == ([waiter.id], [])


def test_a_newcomer_takes_the_seat_that_no_waiter_may_have(office: Office) -> None:
    section = SectionFactory(capacity=2, meetings=MONDAY)
    busy, newcomer = StudentFactory.create_batch(2)
    EnrollmentFactory(student=busy, section=SectionFactory(meetings=MONDAY, term_id=section.term_id))
    EnrollmentFactory(student=busy, section=section, status=Status.WAITLISTED)

    office.enroll(newcomer, section)

    assert office.standing(section) == ([newcomer.id], [busy.id])


def test_a_raised_capacity_lets_waiters_in_and_a_lowered_waitlist_removes_nobody(office: Office) -> None:
    section = SectionFactory(capacity=0, waitlist_capacity=3)
    waiters = StudentFactory.create_batch(3)
    for waiter in waiters:
        office.wait(waiter, section)
    body = {"course_id": section.course_id, "term_id": section.term_id, "number": section.number}

    raised = office.api.put(f"/sections/{section.id}", json=body | {"capacity": 2, "waitlist_capacity": 0})

    assert (raised.json()["enrolled"], raised.json()["waitlisted"], raised.json()["seats_left"]) == (2, 1, 0)
    assert office.standing(section) == ([waiters[0].id, waiters[1].id], [waiters[2].id])


def test_a_waitlist_rests_once_registration_has_closed(office: Office, clock: Clock) -> None:
    section = SectionFactory(capacity=1)
    holder, waiter = StudentFactory.create_batch(2)
    held = office.enroll(holder, section)
    office.wait(waiter, section)
    clock.advance(days=10)

    office.end(held)

    assert office.standing(section) == ([], [waiter.id])


@pytest.mark.parametrize(
    ("days", "status", "answer"),
    [
        (18, "dropped", (200, None)),
        (19, "dropped", (409, "drop_deadline_passed")),
        (0, "withdrawn", (200, None)),
        (60, "withdrawn", (200, None)),
        (61, "withdrawn", (409, "withdraw_deadline_passed")),
    ],
)
def test_drops_and_withdrawals_have_deadlines(
    office: Office, clock: Clock, days: int, status: str, answer: tuple[int, str | None]
) -> None:
    enrollment = office.enroll(StudentFactory(), SectionFactory())
    clock.advance(days=days)

    ended = office.end(enrollment, status)

    assert (ended.status_code, ended.json().get("code")) == answer


def test_a_waitlist_can_be_left_at_any_time_but_not_withdrawn_from(office: Office, clock: Clock) -> None:
    waiting = office.wait(StudentFactory(), SectionFactory(capacity=0))
    clock.advance(days=400)

    assert refusal(office.end(waiting, "withdrawn")) == (409, "not_active")
    assert office.end(waiting).json()["status"] == "dropped"


@pytest.mark.parametrize("status", [Status.DROPPED, Status.WITHDRAWN, Status.COMPLETED])
@pytest.mark.parametrize("change", ["dropped", "withdrawn"])
def test_what_has_ended_cannot_end_again(office: Office, status: Status, change: str) -> None:
    ended = EnrollmentFactory(status=status, grade="A" if status is Status.COMPLETED else None)

    assert refusal(office.end({"id": ended.id}, change)) == (409, "not_active")


def test_a_student_who_dropped_may_enroll_again(office: Office) -> None:
    student, section = StudentFactory(), SectionFactory()
    dropped = office.enroll(student, section)
    office.end(dropped)

    assert office.enroll(student, section)["id"] != dropped["id"]


def test_a_grade_completes_and_may_be_corrected_and_keeps_the_seat(office: Office) -> None:
    section = SectionFactory(capacity=1)
    path = f"/enrollments/{office.enroll(StudentFactory(), section)['id']}/grade"

    graded = [office.api.put(path, json={"grade": grade}).json() for grade in ("B+", "A-")]

    assert [(each["status"], each["grade"]) for each in graded] == [("completed", "B+"), ("completed", "A-")]
    assert office.api.get(f"/sections/{section.id}").json()["seats_left"] == 0


@pytest.mark.parametrize("status", [Status.WAITLISTED, Status.DROPPED, Status.WITHDRAWN])
def test_a_grade_is_for_who_is_enrolled(api: API, status: Status) -> None:
    enrollment = EnrollmentFactory(status=status)

    assert refusal(api.put(f"/enrollments/{enrollment.id}/grade", json={"grade": "A"})) == (409, "not_enrolled")


def test_instructors_see_and_grade_the_sections_that_they_teach_and_learn_of_no_other(api: API) -> None:
    instructor = api.user(Role.INSTRUCTOR)
    own = EnrollmentFactory(section=SectionFactory(instructor_id=instructor.id))
    other = EnrollmentFactory()

    def tries(enrollment_id: int, section_id: int) -> set[int]:
        return {
            api.get(f"/enrollments/{enrollment_id}", by=instructor).status_code,
            api.put(f"/enrollments/{enrollment_id}/grade", by=instructor, json={"grade": "A"}).status_code,
            api.get(f"/sections/{section_id}/enrollments", by=instructor).status_code,
        }

    assert tries(own.id, own.section_id) == {200}
    assert tries(other.id, other.section_id) == tries(999, 999) == {403}


def test_students_see_and_end_their_own_enrollments_and_learn_of_no_other(api: API) -> None:
    student = api.user(Role.STUDENT)
    own, other = EnrollmentFactory(student_id=student.student_id), EnrollmentFactory()

    def tries(enrollment_id: int) -> set[int]:
        path = f"/enrollments/{enrollment_id}"
        return {
            api.get(path, by=student).status_code,
            api.patch(path, by=student, json={"status": "dropped"}).status_code,
        }

    assert tries(own.id) == {200}
    assert tries(other.id) == tries(999) == {403}


@pytest.mark.parametrize("path", ["/enrollments/999", "/sections/999/enrollments", "/students/999/enrollments"])
def test_registrars_are_told_what_is_not_there(api: API, path: str) -> None:
    assert refusal(api.get(path)) == (404, "not_found")


def test_a_students_enrollments_are_of_any_status_and_can_be_those_of_a_term(api: API) -> None:
    student, term = StudentFactory(), TermFactory()
    everything = [EnrollmentFactory(student=student, status=status).id for status in Status if status != "completed"]
    of_term = EnrollmentFactory(student=student, section=SectionFactory(term=term)).id

    def listed(query: str) -> list[int]:
        return [each["id"] for each in api.get(f"/students/{student.id}/enrollments{query}").json()["enrollments"]]

    assert listed("") == [*everything, of_term]
    assert listed(f"?term_id={term.id}") == [of_term]


def test_a_roster_is_by_name_and_then_the_waitlist_in_order(api: API) -> None:
    section = SectionFactory(capacity=3)
    for name, status in (("Zed", "enrolled"), ("Ann", "waitlisted"), ("Bob", "completed"), ("Aaa", "waitlisted")):
        grade = "A" if status == "completed" else None
        EnrollmentFactory(section=section, student=StudentFactory(name=name), status=Status(status), grade=grade)
    EnrollmentFactory(section=section, status=Status.DROPPED)

    roster = api.get(f"/sections/{section.id}/enrollments").json()["enrollments"]

    assert [(each["student"]["name"], each["waitlist_position"]) for each in roster] == [
        ("Bob", None),
        ("Zed", None),
        ("Ann", 1),
        ("Aaa", 2),
    ]


@pytest.mark.parametrize("status", list(Status))
def test_a_student_with_enrollments_of_any_status_is_not_deleted(api: API, session: Session, status: Status) -> None:
    enrollment = EnrollmentFactory(status=status, grade="A" if status is Status.COMPLETED else None)

    assert refusal(api.delete(f"/students/{enrollment.student_id}")) == (409, "has_enrollments")
    assert session.scalar(select(Student).where(Student.id == enrollment.student_id))


def test_what_carries_no_tag_matches_the_star_alone(api: API) -> None:
    path, tag = f"/enrollments/{EnrollmentFactory().id}", {"If-Match": '"any"'}

    assert refusal(api.patch(path, json={"status": "dropped"}, headers=tag)) == (412, "stale_version")
    assert refusal(api.put(f"{path}/grade", json={"grade": "A"}, headers=tag)) == (412, "stale_version")
    assert api.patch(path, json={"status": "dropped"}, headers={"If-Match": "*"}).status_code == 200
