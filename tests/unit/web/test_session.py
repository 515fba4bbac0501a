"""Logging in and out, and what a session keeps."""

from collections.abc import Callable
from random import Random
from string import ascii_letters, digits

import pytest
from flask import Flask
from werkzeug.http import parse_cookie

from tests.unit.conftest import Clock
from tests.unit.web.browser import Browser, InProcess
from web.session import LARGEST_KEPT_FORM, local

HOSTILE = [
    "//evil.com",
    "///evil.com",
    "////evil.com",
    "/\\evil.com",
    "\\/evil.com",
    "\\\\evil.com",
    "http:evil",
    "http://evil.com",
    "https:/evil.com",
    "javascript:alert(1)",
    "data:text/html,x",
    "\t//evil",
    "/\t/evil.com",
    "/\n/evil.com",
    "/%09/evil.com",
    "/%2Fevil.com",
    "/%5Cevil.com",
    "%2F%2Fevil.com",
    "/.//evil.com",
    "/..//evil.com",
    "/students/..//evil.com",
    "/@evil.com",
    "/students\r\nSet-Cookie: a=b",
    "/students?q=a\r\nX: y",
    "/students\x00",
    "/students?q=ü",
    " /students",
    "evil.com",
    "students",
    "?q=1",
    "/logout",
    "",
    None,
]


@pytest.mark.parametrize("target", HOSTILE)
def test_next_stays_local(bare_ui: Flask, target: str | None) -> None:
    with bare_ui.test_request_context():
        assert local(target) == "/"


@pytest.mark.parametrize("target", ["/", "/students", "/students/12/edit", "/students?q=a%20b&after=5", "/?a=//b"])
def test_next_leads_to_any_page_of_ours(bare_ui: Flask, target: str) -> None:
    with bare_ui.test_request_context():
        assert local(target) == target


@pytest.mark.parametrize("target", ["//evil.com", "/%09/evil.com", "https://evil.com"])
def test_a_login_goes_nowhere_else(visitor: Browser, target: str) -> None:
    visitor.get("/login", query_string={"next": target})

    visitor.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    assert visitor.url == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [("registrar@example.edu", "wrong horse battery"), ("nobody@example.edu", "correct horse battery"), ("x", "y")],
)
def test_a_login_that_is_not_right_does_not_say_what_is_wrong(visitor: Browser, email: str, password: str) -> None:
    visitor.get("/login")

    page = visitor.press("Log in", Email=email, Password=password)

    assert page.alerts == ["Email or password is not right."]
    assert page.value("Email") == email
    assert page.value("Password") == ""


def test_an_empty_login_makes_no_api_call(visitor: Browser, calls: InProcess) -> None:
    visitor.get("/login")

    page = visitor.press("Log in")

    assert (visitor.status, calls.calls) == (422, [])
    assert (page.message("Email"), page.message("Password")) == ("Enter your email.", "Enter the password.")


def test_too_many_attempts_are_told_in_minutes(visitor: Browser) -> None:
    for _ in range(5):
        visitor.log_in(password="wrong horse battery")

    page = visitor.log_in()

    assert visitor.status == 429
    assert page.alerts == ["Too many attempts. Try again in 15 minutes."]


def test_a_login_makes_a_new_session(visitor: Browser) -> None:
    visitor.get("/login")
    before = visitor.page.entries("Log in")["csrf_token"]
    visitor.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    visitor.post("/students/new", {"csrf_token": before, "name": "Ada", "email": "ada@example.org"})

    assert visitor.status == 400


def test_logging_out_kills_the_token(registrar: Browser, ui: Flask, calls: InProcess) -> None:
    stolen = Browser(ui)
    cookie = registrar.client.get_cookie("session")
    assert cookie
    stolen.client.set_cookie("session", cookie.value)

    page = registrar.press("Log out")

    assert (page.heading, page.statuses) == ("Log in", ["You are logged out."])
    assert calls.unsafe[-1] == "DELETE /auth/token"
    assert stolen.get("/students").heading == "Log in"


def test_logging_out_twice_is_logging_out(registrar: Browser, clock: Clock) -> None:
    clock.advance(hours=9)

    page = registrar.press("Log out")

    assert page.statuses == ["You are logged out."]


def test_logging_out_needs_a_post(registrar: Browser) -> None:
    page = registrar.get("/logout")

    assert (registrar.status, page.heading) == (405, "That did not work")
    assert set(registrar.answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_an_expired_login_leads_back_to_the_page(registrar: Browser, clock: Clock) -> None:
    clock.advance(hours=9)
    page = registrar.get("/students?q=amara")
    assert page.heading == "Log in"

    registrar.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    assert registrar.url == "/students?q=amara"


def token_expires(registrar: Browser, clock: Clock) -> None:
    clock.advance(hours=9)


def cookie_is_gone(registrar: Browser, clock: Clock) -> None:
    registrar.client.delete_cookie("session")


@pytest.fixture(params=[token_expires, cookie_is_gone])
def expire(request: pytest.FixtureRequest, clock: Clock) -> Callable[[Browser], None]:
    return lambda registrar: request.param(registrar, clock)


def test_a_form_outlives_an_expired_login_once(registrar: Browser, expire: Callable[[Browser], None]) -> None:
    registrar.get("/students/4/edit")
    expire(registrar)

    registrar.press("Save", Name="Typed Before", Email="typed@example.org")
    page = registrar.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    assert registrar.url == "/students/4/edit"
    assert page.statuses == ["This is what you had typed. It is not saved yet."]
    assert (page.value("Name"), page.value("Email")) == ("Typed Before", "typed@example.org")
    assert registrar.get("/students/4/edit").value("Name") == "Amara Abebe"


def test_a_kept_form_is_saved_as_if_nothing_had_happened(registrar: Browser, clock: Clock) -> None:
    registrar.get("/users/2/edit")
    clock.advance(hours=9)
    registrar.press("Save", Name="Typed Before")
    registrar.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    page = registrar.press("Save")

    assert page.heading == "Typed Before"


def test_a_kept_form_has_no_password_and_no_csrf_token(registrar: Browser, ui: Flask, clock: Clock) -> None:
    registrar.get("/users/new")
    clock.advance(hours=9)

    registrar.press("Save", Name="Ada", Email="ada@example.org", Role="instructor", Password="my secret sentence")

    with registrar.client.session_transaction() as session:
        assert session["kept"]["form"] == {
            "name": ["Ada"], "email": ["ada@example.org"], "role": ["instructor"], "student_id": [""],
        }  # fmt: skip


def test_a_kept_form_is_shown_to_nobody_else(registrar: Browser, clock: Clock) -> None:
    registrar.get("/users/2/edit")
    registrar.press("Save", Role="registrar")
    registrar.get("/students/new")
    clock.advance(hours=9)
    registrar.press("Save", Name="Typed By Robin", Email="robin@example.org")

    page = registrar.press("Log in", Email="instructor@example.edu", Password="correct horse battery")

    assert (registrar.url, page.value("Name")) == ("/students/new", "")


@pytest.mark.parametrize("name", ["x" * LARGEST_KEPT_FORM, "😀" * 250])
def test_a_form_too_long_to_keep_says_so(registrar: Browser, clock: Clock, name: str) -> None:
    registrar.get("/students/new")
    form = registrar.page.entries("Save") | {"name": "Ada", "email": "ada@example.org", "more": name}
    clock.advance(hours=9)

    page = registrar.post("/students/new", form)

    assert page.heading == "Log in"
    assert page.alerts == ["What you typed was too long to keep. Your browser's Back button may still have it."]


def test_the_longest_form_that_is_kept_fits_a_cookie(registrar: Browser, clock: Clock) -> None:
    registrar.get("/students/new")
    noise = "".join(Random(1).choices(ascii_letters + digits, k=LARGEST_KEPT_FORM - 100))
    form = registrar.page.entries("Save") | {"name": "Ada", "email": "ada@example.org", "more": noise}
    clock.advance(hours=9)

    registrar.post("/students/new", form)
    registrar.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    assert all(len(cookie) < 4093 for cookie in registrar.set_cookies)
    assert registrar.page.value("Name") == "Ada"


def test_the_cookie_is_for_our_pages_only(bare_ui: Flask) -> None:
    header = bare_ui.test_client().get("/login").headers["Set-Cookie"]

    assert {"HttpOnly", "SameSite"} <= parse_cookie(header).keys()
    assert "Secure" not in header


@pytest.mark.parametrize(
    "base", ["http://registrar.example.edu", "https://localhost.example.edu", "http://10.0.0.5:5000"]
)
def test_the_cookie_is_secure_outside_this_machine(bare_ui: Flask, base: str) -> None:
    assert "Secure" in bare_ui.test_client().get("/login", base_url=base).headers["Set-Cookie"]


@pytest.mark.parametrize("base", ["http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000"])
def test_the_cookie_works_on_plain_http_on_this_machine(bare_ui: Flask, base: str) -> None:
    assert "Secure" not in bare_ui.test_client().get("/login", base_url=base).headers["Set-Cookie"]


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_bad_csrf_token_is_400_and_changes_nothing(registrar: Browser, calls: InProcess, token: str) -> None:
    calls.calls.clear()

    page = registrar.post("/students/4/delete", {"csrf_token": token, "etag": '"x"'})

    assert (registrar.status, page.heading) == (400, "That did not work")
    assert calls.calls == []


@pytest.mark.parametrize("path", ["/login", "/logout", "/account", "/students/new", "/users/4/edit"])
def test_every_unsafe_request_needs_a_csrf_token(registrar: Browser, calls: InProcess, path: str) -> None:
    calls.calls.clear()

    registrar.post(path, {"name": "Ada", "email": "ada@example.org", "password": "correct horse battery"})

    assert (registrar.status, calls.calls) == (400, [])


def test_a_foreign_page_cannot_plant_a_form(visitor: Browser) -> None:
    visitor.post("/students/new", {"name": "Planted"}, headers={"Origin": "http://evil.example"})

    assert visitor.status == 400
    assert "Set-Cookie" not in visitor.answer.headers


def test_a_new_password_ends_the_session_and_opens_the_next(registrar: Browser) -> None:
    registrar.get("/account")

    page = registrar.press(
        "Change password", Current_password="correct horse battery", New_password="a brand new sentence"
    )

    assert (page.heading, page.statuses) == ("Log in", ["Password changed. Log in with the new one."])
    assert registrar.log_in(password="a brand new sentence").heading == "Home"


def test_a_wrong_current_password_is_told_on_its_field(registrar: Browser) -> None:
    registrar.get("/account")

    page = registrar.press("Change password", Current_password="wrong", New_password="a brand new sentence")

    assert registrar.status == 409
    assert page.message("Current password") == "The current password is not right."
    assert (page.value("Current password"), page.value("New password")) == ("", "")


def test_a_bad_new_password_is_not_sent(registrar: Browser, calls: InProcess) -> None:
    registrar.get("/account")
    calls.calls.clear()

    page = registrar.press("Change password", Current_password="correct horse battery", New_password="short")

    assert registrar.status == 422
    assert page.message("New password").endswith("Use 15 to 128 characters; this has 5.")
    assert calls.unsafe == []
