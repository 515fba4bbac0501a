"""What holds on every page: anybody can use it, on any screen, in light and in dark."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Page

from tests.e2e.accessibility import barriers
from tests.e2e.browsing import press
from tests.e2e.conftest import SignedIn
from tests.e2e.pages import SHOWN

NARROW = {"width": 320, "height": 640}
BRIGHTNESS = "text => getComputedStyle(text).color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, each) => sum + +each, 0)"
Show: TypeAlias = Callable[..., Page]

# role, path, and the button whose empty form is refused
VIEWS = [
    *((role, path, None) for role, path in SHOWN),
    ("student", "/users", None),
    ("registrar", "/no/such/page", None),
    ("nobody", "/login", "Log in"),
    ("registrar", "/account", "Change password"),
    ("registrar", "/students/new", "Save"),
    ("registrar", "/users/new", "Save"),
]


@pytest.fixture
def show(signed_in: SignedIn, ids: Mapping[str, int]) -> Show:
    def show(role: str, path: str, button: str | None = None, **options: Any) -> Page:
        page = signed_in(role, **options)
        page.goto(path.format(**ids))
        if button:
            assert press(page, button).status == 422
        return page

    return show


@pytest.mark.parametrize(("role", "path", "button"), VIEWS)
def test_a_page_has_no_barriers(show: Show, role: str, path: str, button: str | None) -> None:
    """Every page meets WCAG 2.2 AA, in light and in dark, and so does a form that is shown again with its mistakes."""
    page = show(role, path, button)

    assert [barriers(page, "light"), barriers(page, "dark")] == ["", ""]


@pytest.mark.parametrize(("role", "path", "button"), VIEWS)
def test_a_page_fits_a_narrow_screen(show: Show, role: str, path: str, button: str | None) -> None:
    """No page scrolls sideways on a screen of 320 pixels, however long a name is."""
    page = show(role, path, button, viewport=NARROW)

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


@pytest.mark.parametrize(("role", "path"), [("nobody", "/login"), ("registrar", "/students")])
def test_in_dark_mode_text_is_light(show: Show, role: str, path: str) -> None:
    """Whoever prefers dark screens gets them."""
    page = show(role, path)
    heading = page.get_by_role("heading", level=1)

    light = heading.evaluate(BRIGHTNESS)
    page.emulate_media(color_scheme="dark")
    dark = heading.evaluate(BRIGHTNESS)

    assert dark > light
