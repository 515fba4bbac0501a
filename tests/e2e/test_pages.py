"""What holds on every page: anybody can use it, on any screen, in light and in dark."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest
from playwright.sync_api import Page

from tests.e2e.accessibility import barriers
from tests.e2e.browsing import press_first
from tests.e2e.conftest import SignedIn
from tests.e2e.pages import KINDS, SHOWN

WIDTHS = (320, 640, 1280)
BRIGHTNESS = "text => getComputedStyle(text).color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, each) => sum + +each, 0)"
Show: TypeAlias = Callable[..., Page]

# role, path, the button that leads on from there, and the status of the page that one is on then
VIEWS = [
    *((role, path, None, 200) for role, path in SHOWN),
    ("student", "/users", None, 403),
    ("registrar", "/no/such/page", None, 404),
    ("nobody", "/login", "Log in", 422),
    ("registrar", "/account", "Change password", 422),
    *(("registrar", f"/{kind}/new", "Save", 422) for kind in KINDS),
    ("registrar", "/students/{student}", "Enroll", 422),
    ("student", "/sections/{other}", "Enroll", 409),
    *(("student", "/schedule", button, 200) for button in ("Drop", "Withdraw", "Leave waitlist")),
]
every_view = pytest.mark.parametrize(("role", "path", "button", "status"), VIEWS)


@pytest.fixture
def show(looking: SignedIn, ids: Mapping[str, int]) -> Show:
    def show(role: str, path: str, button: str | None = None, status: int = 200) -> Page:
        page = looking(role)
        answer = page.goto(path.format(**ids))
        answer = press_first(page, button) if button else answer
        assert answer
        assert answer.status == status
        return page

    return show


@every_view
def test_a_page_has_no_barriers(show: Show, role: str, path: str, button: str | None, status: int) -> None:
    """Every page meets WCAG 2.2 AA, in light and in dark, and so does a form that is shown again with its mistakes."""
    page = show(role, path, button, status)

    assert [barriers(page, "light"), barriers(page, "dark")] == ["", ""]


@pytest.mark.check("web.narrow", points=2, requires=["web.pages"])
@every_view
def test_a_page_fits_its_screen(show: Show, role: str, path: str, button: str | None, status: int) -> None:
    """No page scrolls sideways, on a screen of 320 pixels or on a wide one, however long a name is."""
    page = show(role, path, button, status)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.check("web.dark", points=1, requires=["web.pages"])
@pytest.mark.parametrize(("role", "path"), [("nobody", "/login"), ("registrar", "/students")])
def test_in_dark_mode_text_is_light(show: Show, role: str, path: str) -> None:
    """Whoever prefers dark screens gets them."""
    page = show(role, path)
    heading = page.get_by_role("heading", level=1)

    light = heading.evaluate(BRIGHTNESS)
    page.emulate_media(color_scheme="dark")
    dark = heading.evaluate(BRIGHTNESS)

    assert dark > light
