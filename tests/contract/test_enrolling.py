"""The rule book of enrollment (CONTRACT.md, section 3), rule by rule."""

from typing import Any

import pytest

from tests.contract.office import Office, meets
from tests.contract.problems import assert_refused, assert_violates
from tests.promised import MOMENT, as_promised
from tests.samples import CLOSED, FUTURE, MISSING_ID, Json

CONTRACT_SECTION = "3"


@pytest.mark.check("enrollment.enroll", points=2, requires=["enrollment.create-section", "students.create"])
def test_an_enrollment_is_answered_whole(office: Office) -> None:
    """An enrollment is answered whole, with its student and section, and can be read by that id."""
    meetings = [meets("mon", "09:00", "10:30")]
    student, section = office.student(), office.section(meetings=meetings)

    created = office.ask(student, section)

    expected = {
        "id": created.json()["id"],
        "student_id": student["id"],
        "section_id": section["id"],
        "status": "enrolled",
        "waitlist_position": None,
        "grade": None,
        "enrolled_at": created.json()["enrolled_at"],
        "student": {"id": student["id"], "name": student["name"]},
        "section": {field: section[field] for field in ("id", "number", "course", "term", "meetings")},
    }
    assert created.ok
    assert as_promised(created.json(), expected) == expected
    assert MOMENT.fullmatch(expected["enrolled_at"])
    assert as_promised(office.registrar.get(f"/enrollments/{expected['id']}").json(), expected) == expected


@pytest.mark.check(
    "enrollment.enroll-missing",
    points=1,
    requires=["enrollment.enroll"],
    hint="Look for both before you insert; a broken foreign key is no answer.",
)
@pytest.mark.parametrize("missing", ["student_id", "section_id"])
def test_what_an_enrollment_names_exists(missing: str, office: Office) -> None:
    """A student or section that does not exist is 404."""
    body = {"student_id": office.student()["id"], "section_id": office.section()["id"]} | {missing: MISSING_ID}

    assert_refused(office.registrar.post("/enrollments", json=body), 404, "not_found")


@pytest.mark.check(
    "enrollment.registration-closed",
    points=2,
    requires=["enrollment.enroll"],
    hint="Open while opens <= now < closes, compared as aware UTC datetimes.",
)
@pytest.mark.parametrize(
    "window",
    [
        {"enrollment_opens_at": FUTURE, "enrollment_closes_at": "2999-06-01T00:00:00Z"},
        CLOSED,
    ],
)
def test_registration_closed(window: dict[str, str], office: Office) -> None:
    """Before the term's enrollment window opens, and once it has closed, nobody is enrolled, nor may wait."""
    section = office.section(term=office.term(**window))

    assert_violates(office.ask(office.student(), section), "registration_closed")
    assert_violates(office.ask(office.student(), section, join_waitlist=True), "registration_closed")


@pytest.mark.check(
    "enrollment.window-moves",
    points=1,
    requires=["enrollment.registration-closed", "enrollment.replace-term"],
    hint="Read the window from the term at each request.",
)
def test_the_window_is_the_terms_as_it_stands(office: Office) -> None:
    """A term whose window is moved opens and closes its sections at once."""
    term = office.term()
    section = office.section(term=term)

    office.alter("term", term, **CLOSED)
    assert_violates(office.ask(office.student(), section), "registration_closed")

    office.alter("term", term)
    assert office.ask(office.student(), section).ok


@pytest.mark.check(
    "enrollment.duplicate-course",
    points=1,
    requires=["enrollment.enroll"],
    cases=["enrolled"],
    hint="Compare courses and terms, not sections.",
)
@pytest.mark.check(
    "enrollment.duplicate-waiting",
    points=1,
    requires=["enrollment.duplicate-course", "enrollment.waitlist"],
    cases=["waiting"],
    hint="Look for enrolled and waitlisted in all sections of the course in that term.",
)
@pytest.mark.parametrize("capacity", [pytest.param(1, id="enrolled"), pytest.param(0, id="waiting")])
def test_duplicate_course(capacity: int, office: Office) -> None:
    """Who is in a section of a course, or waits for one, gets no other of it in that term; the first is named."""
    course, term, student = office.course(), office.term(), office.student()
    section = office.section(course, term, capacity=capacity, waitlist_capacity=1)
    other = office.section(course, term, number=2)
    first = office.ask(student, section, join_waitlist=True).json()

    refused = office.ask(student, other)

    assert_violates(refused, "duplicate_course")
    assert refused.json()["violations"][0]["enrollment_id"] == first["id"]


@pytest.mark.check(
    "enrollment.lost-answer",
    points=1,
    requires=["enrollment.duplicate-course"],
    hint="Put enrollment_id into the violation.",
)
def test_a_lost_answer_can_be_recovered(office: Office) -> None:
    """A request that is sent again is duplicate_course, and names the enrollment that the first one made."""
    student, section = office.student(), office.section()
    first = office.enroll(student, section)

    again = office.ask(student, section)

    assert_violates(again, "duplicate_course")
    assert again.json()["violations"][0]["enrollment_id"] == first["id"]


@pytest.mark.check("enrollment.other-term", points=1, requires=["enrollment.enroll"])
def test_a_course_may_be_taken_in_another_term(office: Office) -> None:
    """What is a duplicate in one term is none in another."""
    course, student = office.course(), office.student()
    office.enroll(student, office.section(course))

    assert office.ask(student, office.section(course, office.term())).ok


@pytest.mark.check(
    "enrollment.enroll-again",
    points=1,
    requires=["enrollment.leave", "enrollment.grade"],
    hint="Make a new row; no unique constraint on student and section.",
)
@pytest.mark.parametrize("way", ["dropped", "withdrawn", "A", "F"])
def test_what_has_ended_is_no_duplicate(way: str, office: Office) -> None:
    """Who has dropped, withdrawn from or completed a course may enroll in it again, even in that section."""
    student, section = office.student(), office.section()
    enrollment = office.enroll(student, section)
    _ = office.end(enrollment, way) if len(way) > 1 else office.grade(enrollment, way)

    again = office.ask(student, section)

    assert again.ok, again.text
    assert again.json()["id"] != enrollment["id"]


def complete(office: Office, student: Json, course: Json, grade: str) -> None:
    section = office.section(course, office.term())
    assert office.grade(office.enroll(student, section), grade).status_code == 200


@pytest.mark.check(
    "enrollment.prerequisite-passed",
    points=1,
    requires=["enrollment.grade"],
    hint="All grades but F pass, in whichever term.",
)
@pytest.mark.parametrize("grade", ["A", "C-", "D-"])
def test_a_prerequisite_is_met_by_a_pass(grade: str, office: Office) -> None:
    """A prerequisite that was completed with D- or better, in any term, is met."""
    basics, student = office.course(), office.student()
    complete(office, student, basics, grade)

    assert office.ask(student, office.section(office.course(basics))).ok


@pytest.mark.check(
    "enrollment.prerequisite",
    points=2,
    requires=["enrollment.enroll"],
    hint="Look for a completed enrollment whose grade is not F.",
)
@pytest.mark.parametrize("way", ["never", "enrolled", "waitlisted", "dropped", "withdrawn", "F"])
def test_prerequisite_not_met(way: str, office: Office) -> None:
    """A prerequisite is not met by a failure, nor by anything but its completion."""
    basics, student = office.course(), office.student()
    if way != "never":
        seats = 0 if way == "waitlisted" else 1
        before = office.section(basics, capacity=seats, waitlist_capacity=1)
        enrollment = office.ask(student, before, join_waitlist=True).json()
        if way in {"dropped", "withdrawn"}:
            office.end(enrollment, way)
        if way == "F":
            office.grade(enrollment, way)

    assert_violates(office.ask(student, office.section(office.course(basics))), "prerequisite_not_met")


@pytest.mark.check(
    "enrollment.best-attempt",
    points=1,
    requires=["enrollment.prerequisite-passed"],
    hint="Ask whether any completion passed, not the latest.",
)
def test_the_best_attempt_meets_a_prerequisite(office: Office) -> None:
    """A course that was passed once stays passed, though it was failed before and after."""
    basics, student = office.course(), office.student()
    for grade in ("F", "B", "F"):
        complete(office, student, basics, grade)

    assert office.ask(student, office.section(office.course(basics))).ok


@pytest.mark.check(
    "enrollment.each-prerequisite",
    points=1,
    requires=["enrollment.prerequisite", "enrollment.prerequisite-passed"],
    hint="Judge the course's own prerequisites, one by one.",
)
def test_each_unmet_prerequisite_is_told(office: Office) -> None:
    """There is one violation for each prerequisite that is not met; what these require in turn does not matter."""
    student, deep, met = office.student(), office.course(), office.course()
    complete(office, student, met, "A")
    advanced = office.course(office.course(deep), met, office.course())

    assert_violates(office.ask(student, office.section(advanced)), *["prerequisite_not_met"] * 2)


NINE = meets("mon", "09:00", "10:30")


@pytest.mark.check(
    "enrollment.time-conflict",
    points=2,
    requires=["enrollment.enroll"],
    hint="Two meetings of a day overlap if each starts before the other ends.",
)
@pytest.mark.parametrize(
    "meeting",
    [NINE, meets("mon", "10:29", "12:00"), meets("mon", "08:00", "09:01"), meets("mon", "09:30", "10:00"),
     meets("mon", "00:00", "23:59")],
)  # fmt: skip
def test_time_conflict(meeting: Json, office: Office) -> None:
    """A section one of whose meetings overlaps one of a section that they are in is refused."""
    term, student = office.term(), office.student()
    office.enroll(student, office.section(term=term, meetings=[meets("fri", "09:00", "10:00"), NINE]))

    refused = office.ask(student, office.section(term=term, meetings=[meets("tue", "09:00", "10:00"), meeting]))

    assert_violates(refused, "time_conflict")


@pytest.mark.check(
    "enrollment.touching-ends",
    points=1,
    requires=["enrollment.enroll"],
    hint="Compare the days, and use < rather than <=.",
)
@pytest.mark.parametrize(
    "meetings",
    [[], [meets("mon", "10:30", "12:00")], [meets("mon", "08:00", "09:00")], [meets("tue", "09:00", "10:30")]],
)
def test_touching_ends_do_not_conflict(meetings: list[Json], office: Office) -> None:
    """Sections that meet on other days, or one after the other, or not at all, do not conflict."""
    term, student = office.term(), office.student()
    office.enroll(student, office.section(term=term, meetings=[NINE]))

    assert office.ask(student, office.section(term=term, meetings=meetings)).ok


@pytest.mark.check(
    "enrollment.only-that-term",
    points=1,
    requires=["enrollment.leave", "enrollment.grade"],
    hint="Look at status enrolled in the wanted section's term alone.",
)
@pytest.mark.parametrize("way", ["other term", "waitlisted", "dropped", "withdrawn", "completed"])
def test_only_what_they_are_in_that_term_conflicts(way: str, office: Office) -> None:
    """A section of another term, or that they wait for, have left or completed, takes neither time nor credits."""
    term, course, student = office.term(credit_limit=5), office.course(), office.student()
    seats = 0 if way == "waitlisted" else 1
    fields: dict[str, Any] = {"capacity": seats, "waitlist_capacity": 1, "meetings": [NINE]}
    other = office.section(course, office.term() if way == "other term" else term, **fields)
    enrollment = office.ask(student, other, join_waitlist=True).json()
    if way in {"dropped", "withdrawn"}:
        office.end(enrollment, way)
    if way == "completed":
        office.grade(enrollment, "B")

    assert office.ask(student, office.section(term=term, meetings=[NINE])).ok


@pytest.mark.check(
    "enrollment.credit-limit",
    points=2,
    requires=["enrollment.enroll"],
    whole=True,
    hint="Add up enrolled credits alone, and refuse what is more than the limit.",
)
@pytest.mark.parametrize("credits_", [0, 3, 4])
def test_credit_limit_exceeded(credits_: int, office: Office) -> None:
    """The credits of what they are in and of this course may reach the term's limit, and not exceed it."""
    term, student = office.term(credit_limit=6), office.student()
    office.enroll(student, office.section(office.course(credits=3), term))

    answer = office.ask(student, office.section(office.course(credits=credits_), term))

    if credits_ <= 3:
        assert answer.ok
    else:
        assert_violates(answer, "credit_limit_exceeded")


@pytest.mark.check("enrollment.section-full", points=2, requires=["enrollment.enroll"])
def test_section_full(office: Office) -> None:
    """Without a seat, who does not ask for the waitlist is refused, be there a place on it or not."""
    roomy, tight = office.section(capacity=1, waitlist_capacity=1), office.section(capacity=0)
    office.enroll(office.student(), roomy)

    for section in (roomy, tight):
        assert_violates(office.ask(office.student(), section), "section_full")
        assert_violates(office.ask(office.student(), section, join_waitlist=False), "section_full")


@pytest.mark.check("enrollment.waitlist", points=1, requires=["enrollment.enroll"])
def test_without_a_seat_there_is_a_place_to_wait(office: Office) -> None:
    """Without a seat, who asks for the waitlist gets its next place."""
    section = office.section(capacity=0, waitlist_capacity=2)

    positions = [office.wait(office.student(), section)["waitlist_position"] for _ in range(2)]

    assert positions == [1, 2]


@pytest.mark.check("enrollment.waitlist-full", points=1, requires=["enrollment.waitlist"])
def test_waitlist_full(office: Office) -> None:
    """Once all places on the waitlist are taken, nobody else may wait."""
    section = office.section(capacity=0, waitlist_capacity=1)
    office.wait(office.student(), section)

    assert_violates(office.ask(office.student(), section, join_waitlist=True), "waitlist_full")


@pytest.mark.check(
    "enrollment.seat-first",
    points=1,
    requires=["enrollment.enroll"],
    hint="join_waitlist says what to do without a seat, no more.",
)
def test_a_seat_is_better_than_the_waitlist(office: Office) -> None:
    """Who would have waited gets a seat if there is one."""
    answer = office.ask(office.student(), office.section(capacity=1), join_waitlist=True).json()

    assert (answer["status"], answer["waitlist_position"]) == ("enrolled", None)


@pytest.mark.check(
    "enrollment.all-violations",
    points=2,
    requires=[
        "enrollment.time-conflict",
        "enrollment.credit-limit",
        "enrollment.prerequisite",
        "enrollment.duplicate-course",
        "enrollment.registration-closed",
        "enrollment.section-full",
        "enrollment.waitlist-full",
        "enrollment.window-moves",
        "enrollment.replace-course",
    ],
    hint="Collect the violations of all rules, then refuse once.",
)
@pytest.mark.parametrize(("join_waitlist", "last"), [(False, "section_full"), (True, "waitlist_full")])
def test_all_violations_are_told(join_waitlist: bool, last: str, office: Office) -> None:
    """Every violated rule is told at once; the one that the rule book has first gives the problem its code."""
    term, course, student = office.term(credit_limit=3), office.course(), office.student()
    office.enroll(student, office.section(course, term, meetings=[NINE]))
    wanted = office.section(course, term, number=2, capacity=0, meetings=[NINE])
    office.alter("course", course, prerequisite_ids=[office.course()["id"]])
    office.alter("term", term, **CLOSED)

    refused = office.ask(student, wanted, join_waitlist=join_waitlist)

    assert_refused(refused, 409, "registration_closed")
    assert {each["code"] for each in refused.json()["violations"]} == {
        "registration_closed",
        "duplicate_course",
        "prerequisite_not_met",
        "time_conflict",
        "credit_limit_exceeded",
        last,
    }


@pytest.mark.check(
    "enrollment.refused-no-trace",
    points=1,
    requires=["enrollment.section-full"],
    hint="Judge first; insert only what no rule refuses.",
)
def test_a_refused_request_leaves_no_enrollment(office: Office) -> None:
    """A refused student is neither in the section nor waiting for it, and has no enrollment."""
    student, section = office.student(), office.section(capacity=0)

    office.ask(student, section)

    assert office.standing(section) == ([], [])
    assert office.registrar.get(f"/students/{student['id']}/enrollments").json()["enrollments"] == []


@pytest.mark.check("enrollment.rules-bind-all", points=1, requires=["enrollment.lost-answer", "access.student-login"])
def test_the_rules_bind_registrars_and_students_alike(office: Office) -> None:
    """A student who asks for themselves is enrolled, and refused by the rules that bind a registrar's request."""
    login, section = office.login("student"), office.section()
    body = {"student_id": login.student_id, "section_id": section["id"]}

    assert login.client.post("/enrollments", json=body).json()["status"] == "enrolled"
    assert_violates(login.client.post("/enrollments", json=body), "duplicate_course")
