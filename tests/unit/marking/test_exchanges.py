import io
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urljoin

import pytest
from requests import Request, Response

from tests.exchanges import LARGEST, LOG, SHOWN, Exchange, RecordedSession, read_whole, unseen
from tests.unit.marking.servers import served


def answer(content: bytes = b"", status: int = 200) -> Response:
    response = Response()
    response.status_code, response.raw = status, io.BytesIO(content)
    return response


def curl(**request: Any) -> str:
    prepared = Request("POST", "http://127.0.0.1:8000/x", **request).prepare()
    return Exchange.of(prepared, None, "student").command


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"name": "Ada", "password": "tell nobody this"}},
        {"json": {"name": "Ada", "password": '"tell nobody this'}},
        {"json": {"current_password": "tell nobody this", "new_password": "tell nobody this"}},
        {"data": {"username": "ada", "password": "tell nobody this"}},
        {"headers": {"Authorization": "Bearer tell nobody this"}},
    ],
)
def test_a_secret_is_masked(request_: dict[str, object]) -> None:
    command = curl(**request_)

    assert "nobody" not in command


def test_it_is_told_whose_token_was_sent() -> None:
    """An access rule is about who asks."""
    assert "Bearer $STUDENT_TOKEN" in curl(headers={"Authorization": "Bearer tell nobody this"})


def test_a_token_in_an_answer_is_masked() -> None:
    prepared = Request("POST", "http://127.0.0.1:8000/auth/token").prepare()

    told = Exchange.of(prepared, answer(b'{"access_token" : "tell nobody", "token_type": "bearer"}'), "student").answer

    assert "nobody" not in told
    assert "token_type" in told


def test_a_body_is_quoted_for_the_shell_and_cut_short() -> None:
    command = curl(data=b"it's; rm -rf /" + b"x" * 5000)

    assert """'it'"'"'s; rm -rf /""" in command
    assert len(command) < SHOWN + 200


def test_what_belongs_to_no_check_is_not_shown_with_it() -> None:
    LOG.clear()
    asked, cleared_up = Exchange("curl 1", "200"), Exchange("curl 2", "500")
    LOG.append(asked)

    with unseen():
        LOG.append(cleared_up)

    assert list(LOG) == [asked]
    LOG.clear()


def test_an_answer_beyond_measure_is_not_read() -> None:
    class Endless(Response):
        def iter_content(self, *_: object, **__: object):  # type: ignore[no-untyped-def]  # as requests has it
            while True:
                yield b"x" * 2**16

    with pytest.raises(AssertionError, match=f"more than {LARGEST} bytes"):
        read_whole(Endless())


@pytest.mark.parametrize("link", ["", "http://192.0.2.1/", "//192.0.2.1/", "@192.0.2.1/"])
def test_nobody_is_led_to_another_host(link: str) -> None:
    """Not with a password, nor into the marker's own network: by a redirect, or by a link in an answer."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(307)
            self.send_header("Location", "http://192.0.2.1/auth/token")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with (
        served(Elsewhere) as url,
        RecordedSession(url) as session,
        pytest.raises(AssertionError, match=r"another host: http://.*192\.0\.2\.1/"),
    ):
        session.post(urljoin(url, link) if "//" in link else url.rstrip("/") + link)


def test_what_leads_on_is_not_read_without_end() -> None:
    sent = []

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "/")
            self.send_header("Content-Length", str(100 * LARGEST))
            self.end_headers()
            with suppress(ConnectionError):
                for number in range(100):
                    self.wfile.write(bytes(LARGEST))
                    sent.append(number)

    with served(Endless) as url, RecordedSession(url) as session:
        with pytest.raises(AssertionError, match="more than"):
            session.get(url, allow_redirects=False)
        assert len(sent) < 10


@pytest.mark.parametrize(("idle", "connections"), [(60.0, 1), (-1.0, 2)])
def test_a_connection_that_was_idle_is_not_used_again(idle: float, connections: int) -> None:
    """Servers close such connections, perhaps just as a request arrives."""
    came_from = set()

    class Silent(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            came_from.add(self.client_address)
            self.send_response(204)
            self.end_headers()

    with served(Silent) as url, RecordedSession(url) as session:
        session.idle = idle
        for _ in range(2):
            session.get(url)

    assert len(came_from) == connections
