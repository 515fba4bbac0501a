"""What every answer carries."""

import logging
import re

import pytest
from flask import Flask

from tests.unit.web.browser import Browser, InProcess
from web.answers import RequestIdFilter


def test_a_request_id_is_new_each_time(visitor: Browser) -> None:
    ids = set()
    for _ in range(3):
        visitor.get("/login")
        ids.add(visitor.answer.headers["X-Request-ID"])

    assert len(ids) == 3


@pytest.mark.parametrize(("sent", "kept"), [("abc-123", True), ("x" * 64, True), ("x" * 65, False), ("a b", False)])
def test_a_good_request_id_is_kept(visitor: Browser, sent: str, kept: bool) -> None:
    visitor.get("/login", headers={"X-Request-ID": sent})

    assert (visitor.answer.headers["X-Request-ID"] == sent) == kept


def test_one_id_is_in_the_answer_in_the_log_and_at_the_api(
    registrar: Browser, calls: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    caplog.set_level(logging.INFO, "web")

    registrar.get("/students")

    id_ = registrar.answer.headers["X-Request-ID"]
    assert calls.calls[-1].headers["X-Request-ID"] == id_
    assert [(vars(record)["request_id"], record.getMessage()) for record in caplog.records if record.name == "web"] == [
        (id_, "GET /students 200")
    ]


def test_outside_a_request_the_log_has_no_id() -> None:
    record = logging.makeLogRecord({})

    RequestIdFilter().filter(record)

    assert vars(record)["request_id"] == "-"


def test_the_log_is_one_line_whatever_the_path(visitor: Browser, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "web")

    visitor.get("/a%0Ab")

    assert caplog.messages[-1] == "GET /a%0Ab 404"


def test_the_api_is_told_the_browser_s_address(visitor: Browser, calls: InProcess) -> None:
    visitor.get("/login")
    form = visitor.page.entries("Log in") | {"email": "a@b.cc", "password": "x"}

    visitor.post("/login", form, environ_base={"REMOTE_ADDR": "192.0.2.7"}, headers={"X-Forwarded-For": "203.0.113.1"})

    assert calls.calls[-1].headers["X-Forwarded-For"] == "192.0.2.7"


@pytest.mark.parametrize(
    "path", ["/static/registrar.css", "/static/icon.svg", "/bootstrap/static/css/bootstrap.min.css"]
)
def test_a_static_file_can_be_cached_and_has_no_cookie(bare_ui: Flask, path: str) -> None:
    with bare_ui.test_client().get(path) as answer:
        assert answer.status_code == 200
        assert "max-age=3600" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_no_page_names_another_host(registrar: Browser) -> None:
    for path in ("/", "/students", "/students/4/edit", "/users/new", "/account"):
        registrar.get(path)

        assert not re.search(r"(src|href|action)=\"(https?:)?//", registrar.answer.text)
