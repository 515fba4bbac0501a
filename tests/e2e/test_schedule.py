"""A student's own week, without JavaScript: what it shows, and the ways out of it, each of which asks first."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import follow, press_first, repeated, said, text
from tests.e2e.conftest import SignedIn
from tests.e2e.office import Login, Office, meets
from tests.e2e.traffic import Traffic
from tests.samples import FUTURE_DAY, PAST, Json

# the button, whether it is for who waits, and what becomes of the enrollment
WAYS_OUT = [("Drop", False, "dropped"), ("Withdraw", False, "withdrawn"), ("Leave waitlist", True, "dropped")]
each_way = pytest.mark.parametrize(("way", "waits", "status"), WAYS_OUT, ids=[way for way, *_ in WAYS_OUT])


def code(section: Json) -> str:
    """What every page that speaks of the section says."""
    return str(section["course"]["code"])


@pytest.mark.check("web.schedule", points=2, requires=["web.login"])
def test_the_week_is_a_timetable_and_a_list(theirs: Page, student: Login, office: Office) -> None:
    """The schedule shows each section with its times, and a place on a waitlist as that."""
    section = office.section(meetings=[meets("thu 16:00-17:30")])
    full, _ = office.full_section()
    for each in (section, full):
        office.enroll(student.number, each)

    theirs.goto("/schedule")

    words = theirs.locator("body").inner_text().lower()
    assert [each for each in (code(section), code(full), "position 1") if each not in words] == []
    assert [each for each in (r"16:00|\b0?4:00", r"17:30|\b0?5:30") if not re.search(each, words)] == []


@pytest.mark.check("web.own-week", points=1, requires=["web.login"])
def test_home_shows_ones_own_week(theirs: Page, student: Login, office: Office) -> None:
    """A student's home shows the sections they are in."""
    section = office.section(meetings=[meets("thu 16:00-17:30")])
    office.enroll(student.number, section)

    theirs.goto("/")

    expect(text(theirs, code(section))).to_be_visible()


@pytest.mark.check("web.promoted", points=1, requires=["web.schedule"])
def test_a_student_is_promoted_when_another_drops(theirs: Page, student: Login, office: Office) -> None:
    """Who waits for a seat that becomes free has it, and the schedule says so by itself."""
    section, seat = office.full_section()
    office.enroll(student.number, section)
    theirs.goto("/schedule")
    waited, could_drop = (text(theirs, "position 1").count(), repeated(theirs, "Drop").count())
    office.leave(seat)

    theirs.reload()

    expect(text(theirs, code(section))).to_be_visible()
    assert (waited, could_drop) == (1, 0)
    expect(text(theirs, "position 1")).to_have_count(0)
    expect(repeated(theirs, "Drop").first).to_be_visible()


@pytest.mark.check(
    "web.leave",
    points=3,
    requires=["web.schedule"],
    hint="PATCH /enrollments/{id}: withdrawn for Withdraw, dropped for the other two.",
)
@each_way
def test_a_way_out_asks_first_and_is_taken(
    theirs: Page, student: Login, office: Office, way: str, waits: bool, status: str
) -> None:
    """A page names the course, and its button takes one out of the section and off the schedule."""
    section, _ = office.full_section(capacity=1 if waits else 2)
    enrollment = office.enroll(student.number, section)
    theirs.goto("/schedule")
    press_first(theirs, way)
    expect(text(theirs, code(section))).to_be_visible()

    press_first(theirs, way)

    expect(said(theirs, "status")).to_be_visible()
    theirs.goto("/schedule")
    expect(repeated(theirs, way)).to_have_count(0)
    assert office.read(f"/enrollments/{enrollment['id']}")["status"] == status


@pytest.mark.check(
    "web.leave-cancel",
    points=1,
    requires=["web.schedule"],
    cases=["Drop", "Leave waitlist"],
    hint="Let the button on the schedule lead to a page that asks, and changes nothing yet.",
)
@each_way
def test_cancel_changes_nothing(
    theirs: Page, student: Login, office: Office, traffic: Traffic, way: str, waits: bool, status: str
) -> None:
    """Whoever has second thoughts finds a link Cancel, and is still in the section or waiting for it."""
    section, _ = office.full_section(capacity=1 if waits else 2)
    office.enroll(student.number, section)
    theirs.goto("/schedule")
    traffic.answers.clear()
    press_first(theirs, way)
    expect(repeated(theirs, way).first).to_be_visible()

    follow(theirs, "Cancel")

    assert traffic.writes == []
    assert office.standing(section)[student.number] == ("waitlisted" if waits else "enrolled")


@pytest.mark.check(
    "web.drop-late", points=1, requires=["web.leave"], hint="Look at what the API answered before you tell of success."
)
def test_a_drop_that_comes_too_late_is_refused(theirs: Page, student: Login, office: Office) -> None:
    """Whose deadline passes while they think is told, and keeps the seat."""
    term = office.term(ends_on=FUTURE_DAY)
    section = office.section(term=term)
    office.enroll(student.number, section)
    theirs.goto("/schedule")
    press_first(theirs, "Drop")
    office.alter_term(term, drop_deadline=PAST)

    press_first(theirs, "Drop")

    expect(said(theirs, "alert")).to_be_visible()
    assert office.standing(section)[student.number] == "enrolled"


@pytest.mark.check(
    "web.leave-others", points=1, requires=["web.schedule"], hint="Ask the API with the token of whoever is logged in."
)
def test_ones_way_out_is_nobody_elses(theirs: Page, student: Login, office: Office, signed_in: SignedIn) -> None:
    """The page that asks one whether to drop is refused to another student."""
    section = office.section()
    office.enroll(student.number, section)
    theirs.goto("/schedule")
    press_first(theirs, "Drop")

    another = signed_in("student")
    answer = another.goto(theirs.url)

    assert answer
    assert answer.status < 500
    expect(text(another, code(section))).to_have_count(0)
