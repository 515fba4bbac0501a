"""The sections' list and pages, beyond what holds for every record: its filters, its seats, and a raised capacity."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import field, fill, leading_to, path, press, press_first, said, search, text
from tests.e2e.kinds import COURSE
from tests.e2e.office import Office
from tests.samples import Json

FILTER = "(Search|Filter|Apply|Show)"  # the contract does not say what its button is called
TELL = "Catch the API's 409, and show its detail as an alert."


def shown(page: Page, sections: list[Json]) -> list[bool]:
    """Which of these sections the list has: there is a link to each."""
    return [leading_to(page, f"/sections/{each['id']}").count() > 0 for each in sections]


@pytest.mark.check("web.section-filter", points=1, requires=["web.login"], hint="Hand the filters on to the API.")
def test_sections_are_filtered_by_term_course_and_open_seats(registrar: Page, office: Office) -> None:
    """Each filter leaves the sections that are like that, and together they leave those that are like all of them."""
    term, course = office.term(), office.course()
    full, _ = office.full_section(course=course, term=term)
    of_term, of_course = office.section(term=term), office.section(course, number=2)
    sections = [full, of_term, of_course]
    registrar.goto("/sections")

    fill(registrar, {"Term": str(term["id"])})
    press_first(registrar, FILTER)
    by_term = shown(registrar, sections)
    fill(registrar, {"Course": str(course["id"])})
    press_first(registrar, FILTER)
    by_both = shown(registrar, sections)
    registrar.goto("/sections")
    fill(registrar, {"Course": str(course["id"])})
    registrar.get_by_role("checkbox", name=re.compile("open", re.IGNORECASE)).check()
    press_first(registrar, FILTER)
    open_of_course = shown(registrar, sections)

    assert by_term == [True, True, False]
    assert by_both == [True, False, False]
    assert open_of_course == [False, False, True]


@pytest.mark.check("web.section-search", points=1, requires=["web.login"], hint="Hand q on to the API.")
def test_sections_are_found_by_their_course(registrar: Page, office: Office) -> None:
    """A search for a part of a course's code shows its sections, and no others."""
    sought, other = office.section(), office.section()
    registrar.goto("/sections")

    search(registrar, "sections", sought["course"]["code"][4:])

    assert shown(registrar, [sought, other]) == [True, False]


@pytest.mark.check("web.course-search", points=1, requires=["web.login"], hint="Hand q on to the API.")
def test_courses_are_found_by_code_and_title(registrar: Page, office: Office) -> None:
    """A search shows the courses that have the text in their code or title, and no others."""
    sought = office.course()
    titled, other = office.course(title=f"On {sought['code']}"), office.course()
    registrar.goto("/courses")

    search(registrar, "courses", sought["code"].upper())

    found = [leading_to(registrar, COURSE.path_of(each)).count() > 0 for each in (sought, titled, other)]
    assert found == [True, True, False]


@pytest.mark.check("web.seats", points=1, requires=["web.section-search"])
def test_seats_are_told(registrar: Page, office: Office) -> None:
    """The list of sections says how many seats each has."""
    section = office.section(capacity=37)
    registrar.goto("/sections")

    search(registrar, "sections", section["course"]["code"])

    expect(text(registrar, re.compile(r"\b37\b"))).to_be_visible()


@pytest.mark.check("web.raised-capacity", points=1, requires=["web.login"])
def test_a_raised_capacity_moves_the_waitlist(registrar: Page, office: Office) -> None:
    """When a section's capacity is raised, who is first on the waitlist has the seat, as its page shows at once."""
    section, _ = office.full_section()
    waiting = office.enroll(office.student()["id"], section)
    registrar.goto(f"/sections/{section['id']}")
    grade = field(registrar, f"Grade for {waiting['student']['name']}")
    before = grade.count()
    registrar.goto(f"/sections/{section['id']}/edit")
    fill(registrar, {"Capacity": "2"})

    press(registrar, "Save")

    assert path(registrar) == f"/sections/{section['id']}"
    assert grade.count() == before + 1
    assert office.standing(section)[waiting["student_id"]] == "enrolled"


@pytest.mark.check("web.capacity-below", points=1, requires=["web.edit"], hint=TELL)
def test_a_capacity_below_who_is_in_is_refused(registrar: Page, office: Office) -> None:
    """A capacity below the number of those who have a seat is refused, and none of them loses it."""
    section, _ = office.full_section()
    registrar.goto(f"/sections/{section['id']}/edit")
    fill(registrar, {"Capacity": "0"})

    press(registrar, "Save")

    expect(said(registrar, "alert")).to_be_visible()
    assert office.read(f"/sections/{section['id']}")["capacity"] == 1


@pytest.mark.check(
    "web.prerequisite-cycle",
    points=1,
    requires=["web.edit"],
    hint=TELL,
)
def test_courses_that_require_each_other_are_refused(registrar: Page, office: Office) -> None:
    """A course cannot come to require itself through another."""
    first = office.course()
    second = office.course(prerequisite_ids=[first["id"]])
    registrar.goto(f"/courses/{first['id']}/edit")
    fill(registrar, {"Prerequisites": str(second["id"])})

    press(registrar, "Save")

    expect(said(registrar, "alert")).to_be_visible()
    assert office.read(f"/courses/{first['id']}")["prerequisite_ids"] == []


@pytest.mark.check("web.dates", points=1, requires=["web.edit"], hint=TELL)
def test_dates_in_the_wrong_order_are_refused(registrar: Page, office: Office) -> None:
    """A term that would end before it starts is refused, and stays as it was."""
    term = office.term()
    registrar.goto(f"/terms/{term['id']}/edit")
    fill(registrar, {"Ends on": "2000-01-01"})

    press(registrar, "Save")

    expect(said(registrar, "alert").or_(registrar.locator("[aria-invalid=true]")).first).to_be_visible()
    assert office.read(f"/terms/{term['id']}") == term
