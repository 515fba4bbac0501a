"""Logging in and out, and what the session is worth to anybody else."""

import contextlib
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Cookie, Error, Page, Response, expect

from tests.e2e.browsing import button, field, fill, is_out, log_in, path, press, said
from tests.e2e.conftest import NewContext
from tests.e2e.office import Login, Office
from tests.samples import unique_email

ELSEWHERE = "evil.example"
HOSTILE = {
    "host": "//evil.example",
    "slashes": "////evil.example",
    "backslash": "/\\evil.example",
    "tab": "/\t/evil.example",
    "encoded tab": "/%09/evil.example",
    "no slash": "https:evil.example",
    "address": "https://evil.example/students",
    "script": "javascript:alert(1)",
}


@pytest.fixture
def login(office: Office) -> Login:
    """Of a registrar, for one test."""
    return office.user("registrar")


def opens(new_context: NewContext, cookies: list[Cookie]) -> bool:
    """Whether these cookies, in another browser, are as good as a login."""
    thief = new_context(storage_state={"cookies": cookies, "origins": []})
    return not is_out(thief.new_page())


@pytest.mark.check("web.login-refused", points=2, hint="Show the same alert, whichever of the two was wrong.")
@pytest.mark.parametrize("right", ["email", "neither"])
def test_a_login_that_is_not_right_says_so_and_no_more(page: Page, office: Office, right: str) -> None:
    """A wrong password and an unknown email get the same answer."""
    email = office.user("student").email if right == "email" else unique_email()
    page.goto("/login")
    fill(page, {"Email": email, "Password": "not the right one"})

    press(page, "Log in")

    expect(said(page, "alert")).to_contain_text("Email or password is not right.")
    expect(field(page, "Password")).to_have_value("")
    assert is_out(page)


@pytest.mark.check("web.login", points=2)
def test_an_email_and_a_password_are_a_login(page: Page, login: Login) -> None:
    """Whoever logs in with their email and password is in, and has a button to log out."""
    log_in(page, login)

    page.goto("/")
    expect(button(page, "Log out")).to_be_visible()
    assert not is_out(page)


@pytest.mark.check(
    "web.login-next", points=1, requires=["web.login"], hint="Redirect to the path in next, once it proves to be yours."
)
def test_a_page_leads_to_the_login_and_the_login_back_to_it(page: Page, login: Login) -> None:
    """Signed out, a page leads to the login, and after it one is where one wanted to be."""
    page.goto("/students?q=lovelace")
    asked_to_log_in = path(page) == "/login" and "next=" in page.url

    log_in(page, login)

    assert asked_to_log_in
    expect(page).to_have_url("/students?q=lovelace")


@pytest.mark.check(
    "web.open-redirect",
    points=2,
    requires=["web.login"],
    cases=["host", "backslash", "tab", "address"],
    hint="Redirect to a next that is a path of your own site only; browsers read /\\ as //.",
)
@pytest.mark.parametrize("target", HOSTILE.values(), ids=HOSTILE)
def test_a_login_leads_nowhere_else(page: Page, login: Login, target: str, web_url: str) -> None:
    """No link to the login page can make it lead off the site."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/login?next={quote(target, safe='')}")

    with contextlib.suppress(Error):  # a browser may refuse to go there, or find nothing
        log_in(page, login)

    assert ELSEWHERE not in {urlsplit(url).hostname for url in asked}
    landed = urlsplit(page.url)  # still at the login, if the page's own policy has kept the browser from going
    assert (landed.netloc, landed.path == "/login") == (urlsplit(web_url).netloc, False)
    page.goto("/")
    expect(button(page, "Log out")).to_be_visible()


@pytest.mark.check(
    "web.logout", points=2, requires=["web.login"], hint="Revoke the token at the API too: DELETE /auth/token."
)
def test_logging_out_ends_the_session_itself(page: Page, login: Login, new_context: NewContext) -> None:
    """A copy of the session's cookie is worth nothing after the logout."""
    log_in(page, login)
    copy = page.context.cookies()
    worked_before = opens(new_context, copy)
    page.goto("/")

    press(page, "Log out")

    assert worked_before
    assert is_out(page)
    assert not opens(new_context, copy)


@pytest.mark.check("web.logout-twice", points=1, requires=["web.logout"])
def test_logging_out_twice_does_no_harm(page: Page, login: Login) -> None:
    """Whoever logs out in one window, and then in another, can log in again to a page that works."""
    log_in(page, login)
    other = page.context.new_page()
    for window in (page, other):
        window.goto("/")
    press(page, "Log out")
    press(other, "Log out")

    answer = log_in(other, login)

    assert answer.status == 200
    other.goto("/")
    expect(button(other, "Log out")).to_be_visible()


@pytest.mark.check("web.session-new", points=1, requires=["web.login"], hint="Give out a new session at each login.")
def test_a_login_starts_a_new_session(page: Page, login: Login, new_context: NewContext) -> None:
    """Whoever knew the cookie from before the login cannot use it after."""
    page.goto("/login")
    known = page.context.cookies()

    log_in(page, login)

    assert not opens(new_context, known)


@pytest.mark.check("web.cookie", points=2, requires=["web.login"], hint="Set HttpOnly and SameSite=Lax on it.")
def test_the_session_cookie_is_for_the_server_alone(page: Page, login: Login, new_context: NewContext) -> None:
    """The session's cookie is HttpOnly and SameSite=Lax, whenever it is set."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright takes no built-in

    log_in(page, login)

    cookies = page.context.cookies()
    others = {each["name"]: [other for other in cookies if other != each] for each in cookies}
    sessions = {name for name, rest in others.items() if not opens(new_context, rest)}
    set_ = [cookie for answer in answers for cookie in answer.header_values("set-cookie")]
    flags = [flags_of(cookie) for cookie in set_ if cookie.partition("=")[0].strip() in sessions]
    assert flags
    assert [each for each in flags if not each >= {"httponly", "samesite=lax"}] == []


def flags_of(cookie: str) -> set[str]:
    """What its header says after the value."""
    return {flag.strip().lower() for flag in cookie.split(";")[1:]}
