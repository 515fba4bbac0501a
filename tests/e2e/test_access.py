"""Who sees what, by role."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import path
from tests.e2e.campus import Campus
from tests.e2e.conftest import SignedIn
from tests.e2e.pages import FORBIDDEN, MISSING, OWN, REGISTRAR, SHOWN

NAMES = ("Home", "Students", "Courses", "Terms", "Sections", "Users", "Schedule", "Transcript", "Account")
NAVIGATION = {
    "registrar": ["Home", "Students", "Courses", "Terms", "Sections", "Users", "Account"],
    "instructor": ["Home", "Students", "Courses", "Terms", "Sections", "Account"],
    "student": ["Home", "Courses", "Terms", "Sections", "Schedule", "Transcript", "Account"],
}


@pytest.mark.check(
    "web.navigation", points=2, requires=["web.login"], hint="Show a link only to the roles that its page is for."
)
@pytest.mark.parametrize("role", NAVIGATION)
def test_the_navigation_is_what_serves_the_role(signed_in: SignedIn, role: str) -> None:
    """The navigation has the pages that serve one's role, and no others."""
    page = signed_in(role)

    page.goto("/")

    navigation = page.get_by_role("navigation")
    offered = [name for name in NAMES if navigation.get_by_role("link", name=name, exact=True).count()]
    assert offered == NAVIGATION[role]


@pytest.mark.check(
    "web.pages",
    points=4,
    requires=["web.login"],
    cases=[
        "nobody-/login",
        *(f"{role}-/" for role in NAVIGATION),
        "registrar-/students/{student}",
        "registrar-/courses/new",
        "registrar-/terms/{term}/edit",
        "registrar-/sections/{section}/delete",
        "registrar-/users/{user}",
        "instructor-/students/{student}",
        "instructor-/sections/{section}",
        "instructor-/courses/{course}",
        "student-/schedule",
        "student-/transcript",
        "student-/sections/{waited}",
    ],
)
@pytest.mark.parametrize(("role", "wanted"), SHOWN)
def test_a_page_is_shown_to_whom_it_serves(signed_in: SignedIn, campus: Campus, role: str, wanted: str) -> None:
    """Each page that serves one's role is there."""
    page = signed_in(role)

    answer = page.goto(wanted.format_map(campus))

    assert answer
    assert (answer.status, path(page)) == (200, wanted.format_map(campus))


@pytest.mark.check(
    "web.signed-out",
    points=2,
    cases=["/", "/students", "/students/new", "/courses/{course}", "/users/{user}/edit", "/schedule"],
    hint="Guard every page but the login, also those that ask the API for nothing.",
)
@pytest.mark.parametrize("wanted", [*REGISTRAR, *OWN])
def test_signed_out_every_page_leads_to_the_login(signed_in: SignedIn, campus: Campus, wanted: str) -> None:
    """No page behind the login is shown to somebody who is not logged in."""
    page = signed_in("nobody")

    page.goto(wanted.format_map(campus))

    assert path(page) == "/login"


@pytest.mark.check(
    "web.forbidden",
    points=2,
    requires=["web.login"],
    cases=[
        "instructor-/students/new",
        "instructor-/courses/{course}/edit",
        "instructor-/sections/{section}/delete",
        "instructor-/users",
        "student-/students",
        "student-/students/{student}",
        "student-/students/{own}/edit",
        "student-/terms/{term}/delete",
        "student-/users/new",
    ],
    hint="Hiding the link is not enough: answer 403 to whoever asks for the page.",
)
@pytest.mark.parametrize(("role", "wanted"), FORBIDDEN)
def test_a_page_of_another_role_is_forbidden(signed_in: SignedIn, campus: Campus, role: str, wanted: str) -> None:
    """A page that one's role does not include is 403, with a way back."""
    is_refused(signed_in(role), wanted.format_map(campus), 403)


@pytest.mark.check(
    "web.not-found",
    points=1,
    requires=["web.login"],
    cases=[
        "registrar-/students/{nobody}",
        "registrar-/courses/{nobody}/edit",
        "registrar-/terms/{nobody}/delete",
        "registrar-/users/{nobody}",
        "instructor-/sections/{nobody}",
        "student-/no/such/page",
    ],
    hint="Pass the API's 404 on as a page of your own, with that status.",
)
@pytest.mark.parametrize(("role", "wanted"), MISSING)
def test_a_page_that_is_not_there_says_so(signed_in: SignedIn, campus: Campus, role: str, wanted: str) -> None:
    """A page that does not exist is 404, with a way back."""
    is_refused(signed_in(role), wanted.format_map(campus), 404)


def is_refused(page: Page, wanted: str, status: int) -> None:
    answer = page.goto(wanted)

    assert answer
    assert answer.status == status
    expect(page.get_by_role("link").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
