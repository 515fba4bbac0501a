"""A student's transcript: what has been taken, and how it went; on the screen and on paper."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import SignedIn
from tests.e2e.office import Login, Office

PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b(?!s)")
GRADES = [["A", "B+", "A-"], ["C", "W", "B"], ["B-", "A", "F"]]  # of three terms, in courses of 3 credits
EARNED, AVERAGE = "21", "2.84"  # 22.7 points in 8 courses, of which 7 were passed


@pytest.fixture
def student(office: Office) -> Login:
    """Of a student who has taken nothing yet."""
    return office.user("student")


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


@pytest.mark.check(
    "web.transcript", points=2, requires=["web.login"], hint="All of it is in the API's transcript, but for the W."
)
def test_the_transcript_shows_courses_grades_credits_and_gpa(theirs: Page, taken: Mapping[str, str]) -> None:
    """Each course taken is there with its grade, a withdrawal as W; and in all the credits and the average."""
    theirs.goto("/transcript")

    words = theirs.locator("body").inner_text()
    codes = {words.find(code): code for code in taken}
    assert -1 not in codes
    ends = [*sorted(codes)[1:], None]
    for place, end in zip(sorted(codes), ends, strict=True):
        assert says(words[place:end], taken[codes[place]]), codes[place]
    assert says(words, EARNED)
    assert says(words, AVERAGE)


def says(words: str, grade: str) -> bool:
    """Whether it stands there by itself: an A- is no A."""
    return bool(re.search(rf"(?<![\w.+-]){re.escape(grade)}(?!\.?[\w+-])", words))


@pytest.mark.check(
    "web.transcript-of", points=1, requires=["web.login"], hint="The API refuses it to instructors: do not ask."
)
@pytest.mark.usefixtures("taken")
def test_a_students_page_has_the_transcript_for_registrars_alone(signed_in: SignedIn, student: Login) -> None:
    """A student's page shows the transcript to a registrar; an instructor sees the page without it."""
    averages = []
    for role in ("registrar", "instructor"):
        page = signed_in(role)
        answer = page.goto(f"/students/{student.number}")
        assert answer
        assert answer.status == 200
        averages.append(says(page.locator("body").inner_text(), AVERAGE))

    assert averages == [True, False]


@pytest.mark.check(
    "web.transcript-prints", points=1, requires=["web.login"], hint="Hide what is no text in @media print."
)
def test_the_transcript_prints_without_controls(theirs: Page) -> None:
    """On paper, the transcript has no navigation and no buttons."""
    theirs.goto("/transcript")

    theirs.emulate_media(media="print")

    controls = [theirs.get_by_role("navigation"), theirs.get_by_role("button")]
    assert [each.count() for each in controls] == [0, 0]


@pytest.mark.usefixtures("taken")
def test_three_terms_print_on_one_page(theirs: Page) -> None:
    """Three terms fit a sheet of paper."""
    theirs.goto("/transcript")

    assert len(PAGE_OF_PDF.findall(theirs.pdf(format="A4"))) == 1
