"""A student's transcript: what has been taken, and how it went; on the screen and on paper."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import text
from tests.e2e.office import Login, Office

PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b(?!s)")
GRADES = [["A", "B+", "A-"], ["C", "W", "B"], ["B-", "A", "F"]]  # of three terms, in courses of 3 credits
EARNED, AVERAGE = "21", "2.84"  # 22.7 points in 8 courses, of which 7 were passed


@pytest.fixture
def taken(student: Login, office: Office) -> Mapping[str, str]:
    """The grade for each course's code."""
    taken = {}
    for number, grades in enumerate(GRADES):
        term = office.term(starts_on=f"199{number}-09-01")
        for grade in grades:
            section = office.section(term=term)
            taken[section["course"]["code"]] = grade
            enrollment = office.enroll(student.number, section)
            if grade == "W":
                office.leave(enrollment, "withdrawn")
            else:
                office.grade(enrollment, grade)
    return taken


@pytest.mark.check("web.transcript", points=2, requires=["web.login"])
def test_the_transcript_shows_courses_grades_credits_and_gpa(theirs: Page, taken: Mapping[str, str]) -> None:
    """Each course taken is there with its grade, a withdrawal as W; and in all the credits and the average."""
    theirs.goto("/transcript")

    words = theirs.get_by_role("main").inner_text().split()
    places = [words.index(code) for code in taken]
    shown = [words[place:end] for place, end in zip(places, [*places[1:], None], strict=True)]
    for grade, line in zip(taken.values(), shown, strict=True):
        assert grade in line
    for number in (EARNED, AVERAGE):
        expect(text(theirs, re.compile(rf"\b{re.escape(number)}\b"))).to_be_visible()


@pytest.mark.check("web.transcript-prints", points=1, requires=["web.login"])
@pytest.mark.usefixtures("taken")
def test_the_transcript_prints_on_one_page(theirs: Page) -> None:
    """Three terms fit a sheet of paper, on which there is nothing to press."""
    theirs.goto("/transcript")
    controls = [theirs.get_by_role("navigation"), theirs.get_by_role("button")]
    on_screen = [each.count() > 0 for each in controls]

    theirs.emulate_media(media="print")

    assert on_screen == [True, True]
    assert [each.count() for each in controls] == [0, 0]
    assert len(PAGE_OF_PDF.findall(theirs.pdf(format="A4"))) == 1
