"""Sections: a course offered in a term, with seats that are counted."""

from typing import Any

import pytest

from tests.contract.client import Client
from tests.contract.office import Office, changes, meets, writable
from tests.contract.problems import assert_refused
from tests.contract.test_pages import pages
from tests.promised import as_promised
from tests.samples import MISSING_ID, Json, unique


@pytest.mark.check(
    "enrollment.create-section", points=2, requires=["enrollment.create-course", "enrollment.create-term"]
)
def test_a_created_section_is_answered_whole(office: Office) -> None:
    """A new section is answered whole, with what was left out and what is computed, and can be read by that id."""
    course, term = office.course(), office.term()

    created = office.registrar.post("/sections", json=office.new_section(course, term))

    assert created.ok
    expected = {
        **office.new_section(course, term),
        "id": created.json()["id"],
        "instructor_id": None,
        "waitlist_capacity": 0,
        "meetings": [],
        "course": {field: course[field] for field in ("id", "code", "title", "credits")},
        "term": {"id": term["id"], "name": term["name"]},
        "instructor": None,
        "enrolled": 0,
        "waitlisted": 0,
        "seats_left": 2,
    }
    assert as_promised(created.json(), expected) == expected
    assert as_promised(office.registrar.get(f"/sections/{expected['id']}").json(), expected) == expected


@pytest.mark.check(
    "enrollment.section-instructor", points=1, requires=["enrollment.create-section", "access.create-user"]
)
def test_a_section_names_its_instructor(office: Office) -> None:
    """A section has the id and the name of who teaches it."""
    instructor = office.user("instructor", name="Grace Hopper")

    section = office.section(instructor_id=instructor["id"])

    expected = {"instructor_id": instructor["id"], "instructor": {"id": instructor["id"], "name": "Grace Hopper"}}
    assert as_promised(section, expected) == expected
    assert as_promised(office.registrar.get(f"/sections/{section['id']}").json(), expected) == expected


@pytest.mark.check(
    "enrollment.replace-section",
    points=1,
    requires=["enrollment.create-section", "access.create-user"],
    hint="Set every field; do not use exclude_unset, which makes PUT a PATCH.",
)
def test_what_a_replacement_leaves_out_takes_its_default(office: Office) -> None:
    """PUT replaces every field; an optional one that is missing takes its default, never what was there."""
    instructor, meetings = office.user("instructor"), [meets("mon", "09:00", "10:30")]
    section = office.section(instructor_id=instructor["id"], waitlist_capacity=5, meetings=meetings)
    required = ("course_id", "term_id", "number", "capacity")

    replaced = office.registrar.put(f"/sections/{section['id']}", json={field: section[field] for field in required})

    defaults: Json = {"instructor_id": None, "waitlist_capacity": 0, "meetings": []}
    assert replaced.status_code == 200
    assert changes("section", section | {"instructor": None}, replaced.json()) == defaults
    assert office.registrar.get(f"/sections/{section['id']}").json() == replaced.json()


@pytest.mark.check(
    "enrollment.seats",
    points=2,
    requires=["enrollment.waitlist", "enrollment.grade", "enrollment.leave"],
    hint="Count completed as a seat, too.",
)
def test_seats_are_counted(office: Office) -> None:
    """Who is enrolled or has completed holds a seat; who waits is counted apart; who has left is not counted."""
    section = office.section(capacity=3, waitlist_capacity=5)
    enrolled = [office.enroll(office.student(), section) for _ in range(3)]
    waiting = [office.wait(office.student(), section) for _ in range(2)]
    office.grade(enrolled[0], "F")
    office.end(waiting[0])

    def seats() -> tuple[int, int, int]:
        read: Json = office.registrar.get(f"/sections/{section['id']}").json()
        return read["enrolled"], read["waitlisted"], read["seats_left"]

    assert seats() == (3, 1, 0)
    office.end(waiting[1])
    office.end(enrolled[1], "withdrawn")
    assert seats() == (2, 0, 1)


@pytest.mark.check(
    "enrollment.number-taken",
    points=1,
    requires=["enrollment.create-section"],
    hint="Make course, term and number unique together.",
)
def test_a_number_is_taken_within_a_course_and_a_term(office: Office) -> None:
    """No two sections of a course in a term have one number: 409 number_taken; elsewhere it is free."""
    course, term = office.course(), office.term()
    office.section(course, term, number=7)
    other = office.section(course, term, number=8)

    refused = office.registrar.post("/sections", json=office.new_section(course, term) | {"number": 7})

    assert_refused(refused, 409, "number_taken")
    assert_refused(office.alter("section", other, number=7), 409, "number_taken")
    assert office.section(course, number=7)
    assert office.section(term=term, number=7)


@pytest.mark.check("enrollment.section-missing", points=1, requires=["enrollment.create-section"])
@pytest.mark.parametrize("field", ["course_id", "term_id", "instructor_id"])
def test_what_a_section_names_exists(field: str, office: Office) -> None:
    """A course, term or instructor that does not exist is 404, on POST and on PUT."""
    section = office.section()

    posted = office.registrar.post("/sections", json=office.new_section() | {field: MISSING_ID})

    assert_refused(posted, 404, "not_found")
    assert_refused(office.alter("section", section, **{field: MISSING_ID}), 404, "not_found")


@pytest.mark.check(
    "enrollment.not-an-instructor", points=1, requires=["enrollment.create-section", "access.student-login"]
)
@pytest.mark.parametrize("role", ["registrar", "student"])
def test_a_section_is_taught_by_an_instructor(role: str, office: Office) -> None:
    """A user who is no instructor teaches no section: 409 not_an_instructor, on POST and on PUT."""
    section, fault = office.section(), {"instructor_id": office.user(role)["id"]}

    assert_refused(office.registrar.post("/sections", json=office.new_section() | fault), 409, "not_an_instructor")
    assert_refused(office.alter("section", section, **fault), 409, "not_an_instructor")


@pytest.mark.check(
    "enrollment.meeting-order",
    points=1,
    requires=["enrollment.create-section"],
    hint="Check every meeting; HH:MM compares as text.",
)
@pytest.mark.parametrize(("starts", "ends"), [("10:00", "09:59"), ("10:00", "10:00"), ("23:59", "00:00")])
def test_a_meeting_ends_after_it_starts(starts: str, ends: str, office: Office) -> None:
    """A meeting that does not end after it starts is 409 invalid_meeting, on POST and on PUT."""
    section, fault = office.section(), {"meetings": [meets("mon", "08:00", "09:00"), meets("tue", starts, ends)]}

    assert_refused(office.registrar.post("/sections", json=office.new_section() | fault), 409, "invalid_meeting")
    assert_refused(office.alter("section", section, **fault), 409, "invalid_meeting")


@pytest.mark.check("enrollment.meetings-overlap", points=1, requires=["enrollment.create-section"])
def test_meetings_of_one_section_may_overlap(office: Office) -> None:
    """A section's own meetings may overlap, and all of them come back as they were sent."""
    meetings = [meets("fri", "09:00", "11:00"), meets("fri", "10:00", "12:00"), meets("mon", "00:00", "23:59")]

    section = office.section(meetings=meetings)

    told = office.registrar.get(f"/sections/{section['id']}").json()["meetings"]
    assert sorted(told, key=by_time) == sorted(meetings, key=by_time)


def by_time(meeting: Json) -> tuple[str, ...]:
    return meeting["day"], meeting["starts"], meeting["ends"]


@pytest.mark.check(
    "enrollment.capacity-below",
    points=1,
    requires=["enrollment.enroll"],
    hint="Who has completed holds a seat too.",
)
def test_a_capacity_stays_above_who_holds_a_seat(office: Office) -> None:
    """A capacity below who is enrolled or has completed is 409 capacity_below_enrolled; down to that it is accepted."""
    section = office.section(capacity=3)
    office.grade(office.enroll(office.student(), section), "A")
    office.enroll(office.student(), section)

    assert_refused(office.alter("section", section, capacity=1), 409, "capacity_below_enrolled")
    assert office.alter("section", section, capacity=2).json()["seats_left"] == 0


@pytest.mark.check("enrollment.waitlist-lowered", points=1, requires=["enrollment.waitlist"])
def test_a_lowered_waitlist_removes_nobody(office: Office) -> None:
    """Who waits keeps their place when the waitlist is lowered below it."""
    section = office.section(capacity=0, waitlist_capacity=1)
    waiting = office.wait(office.student(), section)

    lowered = office.alter("section", section, waitlist_capacity=0)

    assert lowered.json()["waitlisted"] == 1
    assert office.again(waiting) == waiting


@pytest.mark.check(
    "enrollment.section-moved",
    points=1,
    requires=["enrollment.leave"],
    hint="Look for enrollments of any status, dropped ones too.",
)
@pytest.mark.parametrize("kind", ["course", "term"])
def test_a_section_with_enrollments_is_not_moved(kind: str, office: Office) -> None:
    """A section moves to another course or term only while nobody ever enrolled: 409 in_use."""
    section, other = office.section(), {f"{kind}_id": getattr(office, kind)()["id"]}
    empty = office.section()
    office.end(office.enroll(office.student(), section))

    assert_refused(office.alter("section", section, **other), 409, "in_use")
    assert office.alter("section", section, number=2).status_code == 200
    assert as_promised(office.alter("section", empty, **other).json(), other) == other


@pytest.mark.check(
    "enrollment.section-in-use",
    points=1,
    requires=["enrollment.leave"],
    hint="Look for enrollments of any status, dropped ones too.",
)
def test_a_section_with_enrollments_of_any_status_stays(office: Office) -> None:
    """A section that anybody was ever enrolled in is not deleted, 409 in_use; any other is 404 from then on."""
    section, empty = office.section(), office.section()
    office.end(office.enroll(office.student(), section))

    assert_refused(office.registrar.delete(f"/sections/{section['id']}"), 409, "in_use")
    assert office.registrar.delete(f"/sections/{empty['id']}").ok
    assert_refused(office.registrar.get(f"/sections/{empty['id']}"), 404, "not_found")


def found(client: Client, **query: Any) -> list[int]:
    answer = client.get("/sections", params=query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["sections"]]


@pytest.mark.check("enrollment.section-filter", points=1, requires=["enrollment.create-section"])
def test_sections_are_filtered(office: Office) -> None:
    """Sections are filtered by term, by course, by their course's code or title, by open seats, and by all of these."""
    word, terms = unique(), [office.term(), office.term()]
    course, titled = office.course(code=f"{word}101"), office.course(title=f"On {word}")
    first, full, other = (
        office.section(course, terms[0])["id"],
        office.section(course, terms[0], number=2, capacity=0)["id"],
        office.section(titled, terms[1])["id"],
    )

    def listed(**query: Any) -> list[int]:
        return found(office.registrar, **query)

    assert listed(term_id=terms[0]["id"]) == sorted([first, full])
    assert listed(course_id=titled["id"]) == [other]
    assert listed(q=word.upper()) == sorted([first, full, other])
    assert listed(q=word, open="false") == sorted([first, full, other])
    assert listed(q=word, open="true") == sorted([first, other])
    assert listed(q=word, open="true", term_id=terms[0]["id"], course_id=course["id"]) == [first]
    assert listed(term_id=terms[1]["id"], course_id=course["id"]) == []


@pytest.mark.check(
    "enrollment.section-open", points=1, requires=["enrollment.leave"], hint="Compare the seats that are left with 0."
)
def test_a_section_is_open_until_its_last_seat_is_taken(office: Office) -> None:
    """A section whose last seat is taken is no longer among the open ones, and is again once the seat is free."""
    section = office.section(term=office.term(), capacity=1)
    query = {"open": "true", "term_id": section["term_id"]}

    enrollment = office.enroll(office.student(), section)
    assert found(office.registrar, **query) == []

    office.end(enrollment)
    assert found(office.registrar, **query) == [section["id"]]


@pytest.mark.check(
    "enrollment.bad-filter",
    points=1,
    requires=["access.login"],
    hint="Declare the ids as integers, and open as a boolean.",
)
@pytest.mark.parametrize("query", ["term_id=0", "term_id=x", "course_id=1.5", "open=maybe"])
def test_a_bad_filter_is_refused(query: str, registrar: Client) -> None:
    """A filter that means nothing is 422, and names its parameter."""
    assert_refused(registrar.get(f"/sections?{query}"), 422, "validation_error", query.partition("=")[0])


@pytest.mark.check(
    "enrollment.section-pages",
    points=1,
    requires=["enrollment.create-section"],
    hint="Put every parameter of the request into the links, not the cursor alone.",
)
@pytest.mark.parametrize("way", ["next", "previous"])
def test_filtered_sections_come_in_pages(way: str, office: Office) -> None:
    """Links of a filtered list keep the filter, and lead to each section once."""
    term = office.term()
    expected = sorted(office.section(term=term)["id"] for _ in range(5))
    asked = f"/sections?term_id={term['id']}&open=true&limit=2"

    followed = list(pages(office.registrar, asked))
    if way == "previous":
        followed = [*reversed(list(pages(office.registrar, followed[-1]["previous"], way))), followed[-1]]

    assert [each["id"] for page in followed for each in page["sections"]] == expected


@pytest.mark.check(
    "enrollment.section-untagged",
    points=1,
    requires=["enrollment.create-section"],
    hint="Leave out ETag; answer 412 to every If-Match but *.",
)
@pytest.mark.parametrize(("form", "status"), [("*", 200), ('"any"', 412), ('W/"any"', 412)])
def test_a_section_carries_no_tag(form: str, status: int, office: Office) -> None:
    """A section carries no ETag, for its seats move by themselves: `If-Match: *` passes, and any tag is 412."""
    section = office.section()
    path, headers = f"/sections/{section['id']}", {"If-Match": form}

    read = office.registrar.get(path)
    replaced = office.registrar.put(path, json=writable("section", section), headers=headers)
    deleted = office.registrar.delete(path, headers=headers)

    assert "ETag" not in read.headers
    assert (replaced.status_code, deleted.status_code) == (status, 204 if status == 200 else status)
