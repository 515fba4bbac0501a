"""What axe has against a page."""

from typing import Literal, TypeAlias

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page

GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]  # none implies another
Scheme: TypeAlias = Literal["light", "dark"]


def barriers(page: Page, scheme: Scheme) -> str:
    """A report of the barriers in this color scheme, once it has faded in; empty if there are none."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.getAnimations().forEach(each => each.finish())")
    found = Axe().run(page, options={"runOnly": GUIDELINES, "resultTypes": ["violations"]})
    return str(found.generate_report()) if found.violations_count else ""
