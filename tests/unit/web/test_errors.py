"""What a person is told when something is not well."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from requests import RequestException, Response
from requests.adapters import BaseAdapter

from tests.unit.web.browser import Browser, InProcess
from tests.unit.web.neighbor import neighbor, says
from web.client import Connection, Refused
from web.config import Settings
from web.errors import reasons
from web.main import create_app
from web.resources import Problem


class Gone(BaseAdapter):
    """A way to an API that is not there."""

    def send(self, *_: Any, **__: Any) -> Response:
        raise RequestException

    def close(self) -> None:
        pass


class Faulty(Gone):
    """A way to the API that nobody thought of."""

    def send(self, *_: Any, **__: Any) -> Response:
        raise ZeroDivisionError("secret detail")


@pytest.fixture
def breaks(ui: Flask) -> Callable[[], None]:
    connection: Connection = ui.extensions["api"]
    return lambda: connection.session.mount(connection.url, Gone())


@pytest.fixture
def heals(ui: Flask, calls: InProcess) -> Callable[[], None]:
    connection: Connection = ui.extensions["api"]
    return lambda: connection.session.mount(connection.url, calls)


def in_front_of(url: str) -> Browser:
    """A browser that was logged in before the API at this URL went wrong."""
    visitor = Browser(create_app(Settings(api_url=url)))
    with visitor.client.session_transaction() as session:
        session.update(token="token", role="registrar", user_id=1)
    return visitor


def test_an_api_that_is_down_is_a_page_with_a_way_back(registrar: Browser, breaks: Callable[[], None]) -> None:
    breaks()

    page = registrar.get("/students?q=a&after=5")

    assert (registrar.status, page.heading) == (503, "Out of reach for the moment")
    assert registrar.answer.headers["Retry-After"] == "5"
    assert page.links["Try again"] == "/students?q=a&after=5"


def test_a_session_outlives_an_api_that_is_down(
    registrar: Browser, breaks: Callable[[], None], heals: Callable[[], None]
) -> None:
    breaks()
    registrar.get("/students")
    heals()

    page = registrar.get("/students")

    assert page.heading == "Students"


def test_a_form_outlives_an_api_that_is_down(
    registrar: Browser, breaks: Callable[[], None], heals: Callable[[], None]
) -> None:
    registrar.get("/students/4/edit")
    breaks()
    page = registrar.press("Save", Name="Typed Before")
    assert registrar.status == 503
    heals()

    page = registrar.get(page.links["Back to the form"])

    assert page.value("Name") == "Typed Before"


def test_a_login_is_not_ended_by_half(
    registrar: Browser, breaks: Callable[[], None], heals: Callable[[], None]
) -> None:
    breaks()
    registrar.press("Log out")
    assert registrar.status == 503
    heals()

    page = registrar.get("/")

    assert page.heading == "Home"


def test_a_logout_that_the_api_refuses_is_not_claimed() -> None:
    with neighbor(says("403 Forbidden", body=b'{"code": "forbidden"}')) as url:
        visitor = in_front_of(url)
        visitor.get("/nowhere")
        page = visitor.press("Log out")

    assert (page.heading, page.navigation != []) == ("Not allowed", True)


def test_the_login_page_needs_no_api(visitor: Browser, breaks: Callable[[], None]) -> None:
    breaks()

    assert visitor.get("/login").heading == "Log in"
    assert visitor.press("Log in", Email="registrar@example.edu", Password="x").heading == "Out of reach for the moment"


def test_a_fault_of_the_api_is_the_500_page_with_a_number_to_tell() -> None:
    with neighbor(says("500 Internal Server Error", body=b"{}")) as url:
        visitor = in_front_of(url)
        page = visitor.get("/students")

    assert (visitor.status, page.heading) == (500, "Something went wrong")
    assert visitor.answer.headers["X-Request-ID"] in page.text


def test_a_fault_of_ours_is_the_500_page_without_a_trace(registrar: Browser, ui: Flask) -> None:
    ui.extensions["api"].session.mount("http://api.test", Faulty())

    registrar.get("/students")

    assert registrar.status == 500
    assert "secret" not in registrar.answer.text


@pytest.mark.parametrize("status", ["405 Method Not Allowed", "409 Conflict", "412 Precondition Failed"])
def test_a_refusal_that_no_page_expects_is_told_in_words(status: str) -> None:
    with neighbor(says(status, body=b'{"code": "unheard_of", "detail": "The moon is full."}')) as url:
        page = in_front_of(url).get("/students")

    assert "The moon is full." in page.text


def test_an_unknown_page_is_404(visitor: Browser) -> None:
    page = visitor.get("/nowhere")

    assert (visitor.status, page.heading) == (404, "Page not found")
    assert page.links["Go to the start"] == "/"


def test_a_form_too_large_is_413(registrar: Browser) -> None:
    page = registrar.post("/students/new", {"name": "x" * 300_000})

    assert (registrar.status, page.heading) == (413, "Too much at once")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "Too many attempts. Try again in 1 minute."),
        (60, "Too many attempts. Try again in 1 minute."),
        (61, "Too many attempts. Try again in 2 minutes."),
        (900, "Too many attempts. Try again in 15 minutes."),
    ],
)
def test_waiting_is_told_in_minutes_rounded_up(seconds: int, text: str) -> None:
    assert reasons(Refused(429, Problem(code="too_many_attempts"), seconds)) == [text]


def test_a_code_that_nobody_knows_has_words_too() -> None:
    assert reasons(Refused(409, Problem(code="unheard_of"))) == ["That was refused."]
