"""A browser on the UI, whose API runs in this process: no socket is opened, and every call to the API is noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Self

from fastapi.testclient import TestClient
from flask import Flask
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import TestResponse

from tests.unit.web.page import Page, Value, is_sound

PASSWORD = "correct horse battery"


class InProcess(BaseAdapter):
    """Hands what `requests` would send to the API's own app; `meanwhile` is what happens just before a call."""

    def __init__(self, api: TestClient) -> None:
        super().__init__()
        self.api = api
        self.calls: list[PreparedRequest] = []
        self.meanwhile: dict[str, Callable[[], None]] = {}

    @property
    def unsafe(self) -> list[str]:
        return [f"{call.method} {call.path_url}" for call in self.calls if call.method != "GET"]

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        self.calls.append(request)
        self.meanwhile.get(f"{request.method} {request.path_url}", lambda: None)()
        answer = self.api.request(
            str(request.method), request.path_url, content=request.body, headers=dict(request.headers)
        )
        raw = HTTPResponse(
            BytesIO(answer.content), status=answer.status_code, headers=dict(answer.headers), preload_content=False
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        pass


@dataclass
class Browser:
    """Follows redirects, and looks at every page it gets: none may be unsound or lack a header."""

    app: Flask
    answer: TestResponse = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, **options: Any) -> Page:
        return self._look(self.client.get(path, follow_redirects=True, **options))

    def post(self, path: str, data: Mapping[str, Value], **options: Any) -> Page:
        headers = {"Origin": "http://localhost"} | options.pop("headers", {})
        return self._look(self.client.post(path, data=data, headers=headers, follow_redirects=True, **options))

    def press(self, button: str, **typed: Value) -> Page:
        """Fill the form with this button, by label (`_` for a space), and send it."""
        form = self.page.form(button)
        named = {self.page.field(label.replace("_", " ")).attributes["name"]: text for label, text in typed.items()}
        path = form.attributes.get("action") or self.url
        if form.attributes.get("method") != "post":
            return self.get(path.partition("?")[0], query_string=self.page.entries(button) | named)
        return self.post(path, self.page.entries(button) | named)

    def log_in(self, who: str = "registrar", password: str = PASSWORD) -> Page:
        self.get("/login")
        return self.press("Log in", Email=f"{who}@example.edu", Password=password)

    def logged_in(self, who: str) -> Self:
        self.log_in(who)
        assert self.page.heading == "Home"
        return self

    @property
    def url(self) -> str:
        request = self.answer.request
        return request.full_path if request.query_string else request.path

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def set_cookies(self) -> list[str]:
        """The header of each cookie that was set on the way to this page."""
        answers = [*self.answer.history, self.answer]
        return [header for answer in answers for header in answer.headers.getlist("Set-Cookie")]

    def _look(self, answer: TestResponse) -> Page:
        self.answer, self.page = answer, Page(answer.text)
        is_sound(self.page)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Request-ID"]
        return self.page
