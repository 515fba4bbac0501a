import io
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from requests import Request, Response

from tests.exchanges import LARGEST, LOG, SHOWN, Exchange, RecordedSession, read_whole, unseen


def answer(content: bytes = b"", status: int = 200) -> Response:
    response = Response()
    response.status_code, response.raw = status, io.BytesIO(content)
    return response


def curl(**request: Any) -> str:
    prepared = Request("POST", "http://127.0.0.1:8000/x", **request).prepare()
    return Exchange.of(prepared, None).command


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"name": "Ada", "password": "tell nobody this"}},
        {"json": {"current_password": "tell nobody this", "new_password": "tell nobody this"}},
        {"data": {"username": "ada", "password": "tell nobody this"}},
        {"headers": {"Authorization": "Bearer tell nobody this"}},
    ],
)
def test_a_secret_is_masked(request_: dict[str, object]) -> None:
    command = curl(**request_)

    assert "nobody" not in command


def test_a_token_in_an_answer_is_masked() -> None:
    prepared = Request("POST", "http://127.0.0.1:8000/auth/token").prepare()

    told = Exchange.of(prepared, answer(b'{"access_token": "tell nobody", "token_type": "bearer"}')).answer

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


@pytest.mark.parametrize(("idle", "connections"), [(60.0, 1), (-1.0, 2)])
def test_a_connection_that_was_idle_is_not_used_again(idle: float, connections: int) -> None:
    """Servers close such connections, perhaps just as a request arrives."""
    came_from = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            came_from.add(self.client_address)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, RecordedSession() as session:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        session.idle = idle
        for _ in range(2):
            session.get(f"http://127.0.0.1:{server.server_port}/")
        session.close()
        server.shutdown()

    assert len(came_from) == connections
