"""What a registrar sees first."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import text
from tests.e2e.office import Office
from tests.samples import Json

COUNTED = {  # how the word for each begins
    "students": "student",
    "courses": "course",
    "sections": "section",
    "enrolled": "enroll",
    "waitlisted": "wait",
}
BETWEEN_THOUSANDS = re.compile(r"(?<=\d)[,.'’\u00a0\u202f ](?=\d{3}\b)")
READINGS = 5  # others enroll meanwhile


@pytest.mark.check("web.counts", points=1, requires=["web.login"], hint="GET /summary has all of them.")
def test_home_counts_what_there_is(registrar: Page, office: Office) -> None:
    """A registrar's home counts students, courses, sections, and who is enrolled or waitlisted."""
    for _ in range(READINGS):
        before = office.read("/summary")
        registrar.goto("/")
        after = office.read("/summary")
        wrong = miscounted(registrar.locator("body").inner_text(), before, after)
        if not wrong:
            return

    assert wrong == []


def miscounted(words: str, before: Json, after: Json) -> list[str]:
    """The names beside which there is no count that was right then."""
    right = {name: range(min(before[name], after[name]), max(before[name], after[name]) + 1) for name in COUNTED}
    return [name for name, start in COUNTED.items() if not any(each in right[name] for each in beside(start, words))]


def beside(start: str, words: str) -> list[int]:
    """The numbers before and after such a word."""
    texts = (words, BETWEEN_THOUSANDS.sub("", words))
    patterns = (rf"(\d+)(?=\D{{0,20}}\b{start})", rf"\b{start}\D{{0,20}}(\d+)")
    return [int(each) for text in texts for how in patterns for each in re.findall(how, text, re.IGNORECASE)]


@pytest.mark.check("web.fill", points=1, requires=["web.login"])
def test_home_charts_the_sections_of_a_term_that_has_not_ended(registrar: Page, office: Office) -> None:
    """A section that can still fill up is in the chart, and one of a term that is over is not."""
    now, over = office.section(), office.section(term=office.term())

    registrar.goto("/")

    expect(text(registrar, now["course"]["code"])).to_be_visible()
    expect(text(registrar, over["course"]["code"])).to_have_count(0)
