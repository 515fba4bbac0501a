"""What a registrar sees first."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import text
from tests.e2e.office import Office

COUNTED = ("students", "courses", "sections", "enrolled", "waitlisted")


@pytest.mark.parametrize("counted", COUNTED)
def test_home_counts_what_there_is(registrar: Page, office: Office, counted: str) -> None:
    """Each count stands beside its name."""
    count = f"{office.read('/summary')[counted]:,}".replace(",", ",?")

    registrar.goto("/")

    words = registrar.get_by_role("main").inner_text()
    assert re.search(rf"\b({counted}\W*{count}|{count}\W*{counted})\b", words, re.IGNORECASE)


def test_home_charts_the_sections_of_a_term_that_has_not_ended(registrar: Page, office: Office) -> None:
    """A section that can still fill up is in the chart, and one of a term that is over is not."""
    now, over = office.section(term=office.term(ends_on="2999-01-01")), office.section()

    registrar.goto("/")

    chart = registrar.get_by_role("img").or_(registrar.get_by_role("meter")).or_(registrar.get_by_role("progressbar"))
    expect(chart.first).to_be_visible()
    expect(text(registrar, now["course"]["code"])).to_be_visible()
    expect(text(registrar, over["course"]["code"])).to_have_count(0)
