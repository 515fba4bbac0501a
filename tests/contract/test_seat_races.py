"""Seats, waitlists and prerequisites when all ask at once: many rounds each, because a race is lost only sometimes."""

from collections import Counter
from collections.abc import Sequence

import pytest
from requests import Response

from tests.contract.office import Office, meets
from tests.contract.problems import assert_violates
from tests.contract.racing import Call, at_once, post, put, rounds, status, statuses
from tests.samples import Json, new_course

CONTRACT_SECTION = "3"
RUSH = 8
NINE = [meets("mon", "09:00", "10:30")]


def enroll(student: Json, section: Json, *, join_waitlist: bool = False) -> Call:
    body = {"student_id": student["id"], "section_id": section["id"], "join_waitlist": join_waitlist}
    return post("/enrollments", json=body)


def end(enrollment: Json, status: str) -> Call:
    return lambda client: client.patch(f"/enrollments/{enrollment['id']}", json={"status": status})


def delete(path: str) -> Call:
    return lambda client: client.delete(path)


def replace(course: Json, *prerequisites: Json) -> Call:
    body = new_course() | {"prerequisite_ids": [each["id"] for each in prerequisites]}
    return put(f"/courses/{course['id']}", json=body)


def told(answers: Sequence[Response]) -> Counter[str]:
    """How often each status was given, or each code of a refusal."""
    return Counter(answer.json()["status"] if answer.ok else answer.json()["code"] for answer in answers)


@pytest.mark.check(
    "enrollment.last-seat",
    points=5,
    requires=["enrollment.section-full"],
    whole=True,
    hint="Lock what all requests for the section share before you count.",
)
@rounds
def test_the_last_seat_is_given_once(round_: int, office: Office) -> None:
    """Of eight students who ask at once for one seat, one is enrolled and seven are told section_full."""
    section = office.section(capacity=1)

    answers = at_once(office.registrar, *(enroll(office.student(), section) for _ in range(RUSH)))

    assert told(answers) == {"enrolled": 1, "section_full": RUSH - 1}
    winner = next(answer.json()["student_id"] for answer in answers if answer.ok)
    assert office.standing(section) == ([winner], [])


@pytest.mark.check(
    "enrollment.race-waitlist",
    points=2,
    requires=["enrollment.waitlist-full", "enrollment.seat-first"],
    whole=True,
    hint="Count places under the lock under which you count seats.",
)
@rounds
def test_each_place_on_a_waitlist_is_given_once(round_: int, office: Office) -> None:
    """Of eight who ask at once for one seat and three places to wait, one is in, and three have a place each."""
    section = office.section(capacity=1, waitlist_capacity=3)

    answers = at_once(office.registrar, *(enroll(office.student(), section, join_waitlist=True) for _ in range(RUSH)))

    assert told(answers) == {"enrolled": 1, "waitlisted": 3, "waitlist_full": 4}
    waiting = [answer.json() for answer in answers if answer.ok and answer.json()["status"] == "waitlisted"]
    assert sorted(each["waitlist_position"] for each in waiting) == [1, 2, 3]
    in_order = sorted(waiting, key=lambda each: each["waitlist_position"])
    assert office.standing(section)[1] == [each["student_id"] for each in in_order]


@pytest.mark.check(
    "enrollment.race-newcomer",
    points=2,
    requires=["enrollment.promote", "enrollment.section-full"],
    whole=True,
    hint="Drop and promote in one transaction.",
)
@rounds
def test_no_newcomer_overtakes_a_waiter(round_: int, office: Office) -> None:
    """A seat that comes free while newcomers ask for it goes to who waits."""
    section, waiter = office.section(capacity=1, waitlist_capacity=1), office.student()
    holder = office.enroll(office.student(), section)
    office.wait(waiter, section)

    dropped, *asked = at_once(
        office.registrar, end(holder, "dropped"), *(enroll(office.student(), section) for _ in range(3))
    )

    assert dropped.ok
    for answer in asked:
        assert_violates(answer, "section_full")
    assert office.standing(section) == ([waiter["id"]], [])


@pytest.mark.check(
    "enrollment.race-own-requests",
    points=3,
    requires=["enrollment.time-conflict", "enrollment.credit-limit", "enrollment.duplicate-course"],
    whole=True,
    hint="A lock on one section does not stop the same student in another.",
)
@pytest.mark.parametrize("rule", ["duplicate_course", "time_conflict", "credit_limit_exceeded"])
@rounds
def test_one_students_own_requests_keep_the_rules(round_: int, rule: str, office: Office) -> None:
    """Of one student's simultaneous requests that exclude each other, one succeeds and the others are told the rule."""
    limit = 5 if rule == "credit_limit_exceeded" else 100
    student, term, course = office.student(), office.term(credit_limit=limit), office.course()
    sections = [
        office.section(
            course if rule == "duplicate_course" else None,
            term,
            number=number,
            meetings=NINE if rule == "time_conflict" else [],
        )
        for number in (1, 2, 3)
    ]

    answers = at_once(office.registrar, *(enroll(student, section) for section in sections))

    assert told(answers) == {"enrolled": 1, rule: 2}


@pytest.mark.check(
    "enrollment.race-promotion",
    points=2,
    requires=["enrollment.promote-rules", "enrollment.race-own-requests"],
    whole=True,
    hint="Judge a waiter under the lock that their own requests take too.",
)
@rounds
def test_a_waiter_is_not_promoted_into_a_clash(round_: int, office: Office) -> None:
    """Who waits, and asks for another section at those times as a seat comes free, is in one of them, not in both."""
    waiter, term = office.student(), office.term()
    awaited = office.section(term=term, capacity=1, waitlist_capacity=1, meetings=NINE)
    wanted = office.section(term=term, meetings=NINE)
    holder = office.enroll(office.student(), awaited)
    office.wait(waiter, awaited)

    dropped, _ = at_once(office.registrar, end(holder, "dropped"), enroll(waiter, wanted))

    assert dropped.ok
    seated = [waiter["id"] in office.standing(section)[0] for section in (awaited, wanted)]
    assert sorted(seated) == [False, True]


@pytest.mark.check(
    "enrollment.race-twice",
    points=1,
    requires=["enrollment.lost-answer"],
    whole=True,
    hint="Lock the student before you look for the enrollment.",
)
@rounds
def test_one_request_sent_twice_is_one_enrollment(round_: int, office: Office) -> None:
    """Of one request that is sent three times at once, one makes the enrollment and the others name it."""
    student, section = office.student(), office.section(capacity=9)

    answers = at_once(office.registrar, *[enroll(student, section)] * 3)

    assert told(answers) == {"enrolled": 1, "duplicate_course": 2}
    made = next(answer.json()["id"] for answer in answers if answer.ok)
    named = {each["enrollment_id"] for answer in answers if not answer.ok for each in answer.json()["violations"]}
    assert named == {made}


@pytest.mark.check(
    "enrollment.race-capacity",
    points=2,
    requires=["enrollment.capacity-below"],
    whole=True,
    hint="Lock the section before you count, in the PUT, too.",
)
@rounds
def test_a_capacity_lowered_at_once_is_not_exceeded(round_: int, office: Office) -> None:
    """While students ask for seats the capacity is lowered, or not: never are more enrolled than it allows."""
    section = office.section()
    lowered = office.new_section({"id": section["course_id"]}, {"id": section["term_id"]}) | {"capacity": 1}

    put_, *asked = at_once(
        office.registrar,
        put(f"/sections/{section['id']}", json=lowered),
        *(enroll(office.student(), section) for _ in range(2)),
    )

    seated, capacity = sum(answer.ok for answer in asked), 1 if put_.ok else 2
    assert put_.ok or put_.json()["code"] == "capacity_below_enrolled"
    assert len(office.standing(section)[0]) == seated <= capacity


@pytest.mark.check(
    "enrollment.race-ending",
    points=1,
    requires=["enrollment.ended", "enrollment.grade-who"],
    whole=True,
    hint="Lock the enrollment before you read its status.",
)
@pytest.mark.parametrize("other", ["dropped", "withdrawn", "completed"])
@rounds
def test_an_enrollment_ends_once(round_: int, other: str, office: Office) -> None:
    """Of two requests at once that would each end one enrollment, one succeeds and the other is 409."""
    enrollment = office.enroll(office.student(), office.section())
    grade = put(f"/enrollments/{enrollment['id']}/grade", json={"grade": "A"})

    answers = at_once(
        office.registrar, end(enrollment, "dropped"), grade if other == "completed" else end(enrollment, other)
    )

    assert statuses(answers) == [200, 409]
    assert office.again(enrollment)["status"] == ("dropped" if answers[0].ok else other)


@pytest.mark.check(
    "enrollment.race-student-deletion",
    points=1,
    requires=["students.delete", "enrollment.student-stays", "enrollment.section-in-use", "enrollment.enroll-missing"],
    whole=True,
    hint="Answer the foreign key's error: 404 to who inserts, 409 to who deletes.",
)
@pytest.mark.parametrize("gone", ["student", "section"])
@rounds
def test_a_deletion_that_races_an_enrollment_leaves_no_half(round_: int, gone: str, office: Office) -> None:
    """Who, or what, is deleted while it is enrolled is gone, and the request 404; or stays, and the deletion is 409."""
    student, section = office.student(), office.section()
    path = f"/{gone}s/{(student if gone == 'student' else section)['id']}"

    deleted, enrolled = at_once(office.registrar, delete(path), enroll(student, section))

    assert (status(deleted), status(enrolled)) in {(200, 404), (409, 200)}
    assert office.registrar.get(path).status_code == (404 if deleted.ok else 200)


@pytest.mark.check(
    "enrollment.race-catalog-deletion",
    points=1,
    requires=["enrollment.term-in-use", "enrollment.course-in-use", "enrollment.section-missing"],
    whole=True,
    hint="Answer the foreign key's error: 404 to who inserts, 409 to who deletes.",
)
@pytest.mark.parametrize("gone", ["term", "course"])
@rounds
def test_a_deletion_that_races_a_section_leaves_no_half(round_: int, gone: str, office: Office) -> None:
    """A term or course that is deleted while it is offered is gone, and the section 404; or stays, with 409."""
    course, term = office.course(), office.term()
    path = f"/{gone}s/{(course if gone == 'course' else term)['id']}"

    deleted, offered = at_once(office.registrar, delete(path), post("/sections", json=office.new_section(course, term)))

    assert (status(deleted), status(offered)) in {(200, 404), (409, 200)}
    assert office.registrar.get(path).status_code == (404 if deleted.ok else 200)


@pytest.mark.check(
    "enrollment.race-cycle",
    points=1,
    requires=["enrollment.prerequisite-cycle"],
    whole=True,
    hint="Take one lock for all changes of prerequisites.",
)
@pytest.mark.parametrize("length", [2, 3])
@rounds
def test_prerequisites_form_no_cycle_at_once(round_: int, length: int, office: Office) -> None:
    """Of edits at once that together form a prerequisite cycle, one is 409 prerequisite_cycle and the others pass."""
    courses = [office.course() for _ in range(length)]

    answers = at_once(
        office.registrar,
        *(replace(course, courses[place - 1]) for place, course in enumerate(courses)),
    )

    assert statuses(answers) == [200] * (length - 1) + [409]
    refused = next(answer for answer in answers if not answer.ok)
    assert refused.json()["code"] == "prerequisite_cycle"


@pytest.mark.check(
    "enrollment.race-names",
    points=1,
    requires=["enrollment.term-name-taken", "enrollment.code-taken", "enrollment.number-taken"],
    whole=True,
    hint="Let a unique constraint decide, and answer its error with 409.",
)
@pytest.mark.parametrize("kind", ["term", "course", "section"])
@rounds
def test_a_name_code_or_number_is_given_once(round_: int, kind: str, office: Office) -> None:
    """Of two new terms, courses or sections at once with one name, code or number, one is made and the other is 409."""
    new = office.new(f"{kind}s")

    answers = at_once(office.registrar, *[post(f"/{kind}s", json=new)] * 2)

    assert statuses(answers) == [200, 409]
