"""An instructor's sections, without JavaScript: who is in them, who waits, and the grades."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import button, field, fill, press, said, text
from tests.e2e.conftest import SignedIn
from tests.e2e.office import Login, Office
from tests.samples import FUTURE_DAY, Json, unique


@pytest.fixture
def instructor(signed_in: SignedIn) -> Page:
    return signed_in("instructor", java_script_enabled=False)


@pytest.fixture
def section(office: Office, logins: Mapping[str, Login]) -> Json:
    """The instructor's, with two seats and two places to wait."""
    return office.section(instructor_id=logins["instructor"].id, capacity=2, waitlist_capacity=2)


def enrolled(office: Office, section: Json, given: str) -> Json:
    """The enrollment of a new student, whose name begins so and is like no other."""
    return office.enroll(office.student(name=f"{given} {unique()}")["id"], section)


def grade_of(enrollment: Json) -> str:
    """What the select is called."""
    return f"Grade for {enrollment['student']['name']}"


@pytest.mark.check("web.own-sections", points=1, requires=["web.login"])
def test_home_shows_ones_own_sections_only(instructor: Page, office: Office, logins: Mapping[str, Login]) -> None:
    """An instructor's home lists the sections they teach, and no others."""
    term = office.term(ends_on=FUTURE_DAY)
    own, other = office.section(term=term, instructor_id=logins["instructor"].id), office.section(term=term)

    instructor.goto("/")

    expect(text(instructor, own["course"]["code"])).to_be_visible()
    expect(text(instructor, other["course"]["code"])).to_have_count(0)


@pytest.mark.check(
    "web.roster", points=2, requires=["web.login"], hint="The API lists them in this order: do not sort again."
)
def test_a_section_shows_its_roster_and_its_waitlist(instructor: Page, office: Office, section: Json) -> None:
    """Who is in is listed by name, who waits in order; and those who are in, and no others, can be graded."""
    names = ["Zoe", "Ada", "Yan", "Bea"]
    zoe, ada, yan, bea = [enrolled(office, section, name) for name in names]

    instructor.goto(f"/sections/{section['id']}")

    words = instructor.locator("body").inner_text()
    places = {each["id"]: words.find(each["student"]["name"]) for each in (zoe, ada, yan, bea)}
    assert -1 not in places.values()
    assert places[ada["id"]] < places[zoe["id"]]
    assert places[yan["id"]] < places[bea["id"]]
    assert [field(instructor, grade_of(each)).count() for each in (ada, zoe, yan, bea)] == [1, 1, 0, 0]


@pytest.mark.check(
    "web.grades", points=3, requires=["web.login"], hint="PUT each grade that was changed, also where there is one."
)
def test_grades_are_given_and_corrected(instructor: Page, office: Office, section: Json) -> None:
    """Grades that are chosen are saved, and one can be corrected without touching the others."""
    ada, zoe = (enrolled(office, section, name) for name in ("Ada", "Zoe"))
    page = f"/sections/{section['id']}"
    instructor.goto(page)
    fill(instructor, {grade_of(ada): "B+", grade_of(zoe): "F"})
    press(instructor, "Save grades")
    expect(said(instructor, "status")).to_be_visible()
    given = [office.read(f"/enrollments/{each['id']}")["grade"] for each in (ada, zoe)]

    instructor.goto(page)
    fill(instructor, {grade_of(ada): "A-"})
    press(instructor, "Save grades")

    expect(said(instructor, "status")).to_be_visible()
    assert given == ["B+", "F"]
    assert [office.read(f"/enrollments/{each['id']}")["grade"] for each in (ada, zoe)] == ["A-", "F"]


@pytest.mark.check(
    "web.others-section", points=1, requires=["web.login"], hint="Ask for the roster only where one teaches."
)
def test_a_section_of_another_is_shown_without_its_students(instructor: Page, office: Office) -> None:
    """Of a section that one does not teach one sees what everybody sees, and neither its students nor their grades."""
    other = office.section()
    hers = enrolled(office, other, "Ada")

    instructor.goto(f"/sections/{other['id']}")

    expect(text(instructor, other["course"]["code"])).to_be_visible()
    expect(text(instructor, hers["student"]["name"])).to_have_count(0)
    expect(button(instructor, "Save grades")).to_have_count(0)


@pytest.mark.check("web.registrar-grades", points=1, requires=["web.login"])
def test_registrars_give_grades_too(registrar: Page, office: Office) -> None:
    """A registrar enters a grade in any section."""
    section = office.section()
    ada = enrolled(office, section, "Ada")
    registrar.goto(f"/sections/{section['id']}")
    fill(registrar, {grade_of(ada): "A"})

    press(registrar, "Save grades")

    assert office.read(f"/enrollments/{ada['id']}")["grade"] == "A"
