"""What holds on every page: anybody can use it, on any screen, in light and in dark; and nobody can abuse it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.e2e.accessibility import barriers
from tests.e2e.browsing import press_first
from tests.e2e.campus import Campus
from tests.e2e.conftest import SignedIn
from tests.e2e.pages import KINDS, SHOWN
from tests.e2e.watch import is_kept, unguarded

NARROW, WIDER = 320, (640, 1280)
CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")
LEGIBLE = 2  # of 21; what is hard to read has more than that, too
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
NARROWED = [
    "nobody-/login-None",
    "registrar-/-None",
    "registrar-/students-None",
    "registrar-/terms/{term}-None",
    "instructor-/sections/{section}-None",
    "student-/schedule-None",
    "student-/transcript-None",
]
EXAMPLES = {"nobody": ["/login"], "registrar": ["/students", "/students/new", "/no/such/page"]}
every_view = pytest.mark.parametrize(("role", "path", "button", "status"), VIEWS)


@pytest.fixture
def show(signed_in: SignedIn, campus: Campus) -> Show:
    def show(role: str, path: str, button: str | None = None, status: int = 200) -> Page:
        page = signed_in(role)
        answer = page.goto(path.format_map(campus))
        answer = press_first(page, button) if button else answer
        assert answer
        assert answer.status == status
        return page

    return show


@pytest.fixture
def asked() -> list[str]:
    """What the pages ask for, once they are there."""
    return []


@pytest.fixture
def answers(signed_in: SignedIn, asked: list[str]) -> Mapping[str, Response]:
    """Those of the examples, by path."""
    found: dict[str, Response | None] = {}
    for role, paths in EXAMPLES.items():
        page = signed_in(role)
        page.on("request", lambda request: asked.append(request.url))
        found |= {path: page.goto(path) for path in paths}
    return {path: answer for path, answer in found.items() if answer}


@every_view
def test_a_page_has_no_barriers(show: Show, role: str, path: str, button: str | None, status: int) -> None:
    """Every page meets WCAG 2.2 AA, in light and in dark, and so does a form that is shown again with its mistakes."""
    page = show(role, path, button, status)

    assert [barriers(page, "light"), barriers(page, "dark")] == ["", ""]
    assert [width for width in WIDER if width_of(page, width) > width] == []


@pytest.mark.check("web.narrow", points=2, requires=["web.login"], cases=NARROWED, hint="overflow-wrap: anywhere;")
@every_view
def test_a_page_fits_a_narrow_screen(show: Show, role: str, path: str, button: str | None, status: int) -> None:
    """On a screen of 320 pixels no page scrolls sideways, however long a name is."""
    page = show(role, path, button, status)

    assert width_of(page, NARROW) <= NARROW


def width_of(page: Page, screen: int) -> int:
    """How wide the page is on a screen of this width."""
    page.set_viewport_size({"width": screen, "height": 720})
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.check(
    "web.dark", points=1, requires=["web.login"], hint="color-scheme: light dark; and no text in a fixed color."
)
@pytest.mark.parametrize(
    ("role", "path"), [("nobody", "/login"), ("registrar", "/students"), ("registrar", "/users/new")]
)
def test_in_dark_mode_everything_can_be_read(signed_in: SignedIn, role: str, path: str) -> None:
    """Who prefers dark screens can read every text, whatever the page makes of that."""
    page = signed_in(role)
    page.emulate_media(color_scheme="dark")

    page.goto(path)

    assert page.evaluate(CONTRAST) > LEGIBLE


@pytest.mark.check("web.headers", points=1, requires=["web.login"], hint="Set them in app.after_request.")
def test_no_page_trusts_what_it_did_not_send(answers: Mapping[str, Response]) -> None:
    """Every page has a CSP without unsafe-inline and with frame-ancestors 'none', nosniff, and a Referrer-Policy."""
    faults = [f"{path} {fault}" for path, answer in answers.items() for fault in unguarded(answer)]

    assert faults == []


@pytest.mark.check(
    "web.no-store", points=1, requires=["web.login"], hint="Cache-Control: no-store on each answer to who is logged in."
)
def test_no_page_behind_the_login_is_kept(answers: Mapping[str, Response]) -> None:
    """Pages behind a login are sent with Cache-Control: no-store, so that Back shows nothing after the logout."""
    kept = [path for path, answer in answers.items() if answer.ok and is_kept(answer)]

    assert set(kept) <= {"/login"}


@pytest.mark.check("web.self-contained", points=1, requires=["web.login"], hint="Serve Bootstrap yourself, not by CDN.")
def test_no_page_asks_another_machine(answers: Mapping[str, Response], asked: list[str], web_url: str) -> None:
    """No page makes a request off the machine: styles, scripts and fonts are served with it."""
    hosts = {urlsplit(url).hostname for url in asked}

    assert answers
    assert hosts - {None} <= {urlsplit(web_url).hostname, "localhost", "127.0.0.1"}
