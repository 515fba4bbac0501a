"""What a registrar sees first."""

import pytest
import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import text
from tests.e2e.office import Office

COUNTED = ("students", "courses", "sections", "enrolled", "waitlisted")


@pytest.mark.check("web.counts", points=1, requires=["web.login"])
def test_home_counts_what_there_is(registrar: Page, office: Office) -> None:
    """Each count stands beside its name."""
    summary = office.read("/summary")

    registrar.goto("/")

    words = registrar.get_by_role("main").inner_text().replace(",", "")
    counts = {name: summary[name] for name in COUNTED}
    shown = {n: c for n, c in counts.items() if re.search(rf"\b({n}\W*{c}|{c}\W*{n})\b", words, re.IGNORECASE)}
    assert shown == counts


@pytest.mark.check("web.fill", points=1, requires=["web.login"])
def test_home_charts_the_sections_of_a_term_that_has_not_ended(registrar: Page, office: Office) -> None:
    """A section that can still fill up is in the chart, and one of a term that is over is not."""
    now, over = office.section(term=office.term(ends_on="2999-01-01")), office.section()

    registrar.goto("/")

    chart = registrar.get_by_role("img").or_(registrar.get_by_role("meter")).or_(registrar.get_by_role("progressbar"))
    expect(chart.first).to_be_visible()
    expect(text(registrar, now["course"]["code"])).to_be_visible()
    expect(text(registrar, over["course"]["code"])).to_have_count(0)
