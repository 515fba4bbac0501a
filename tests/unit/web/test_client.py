"""What the UI makes of an API that is not well, and what it sends to one that is."""

from collections.abc import Callable
from socket import socket
from time import monotonic

import pytest

from tests.unit.web.neighbor import Behavior, breaks_off, drips, hangs, hangs_up, neighbor, says
from web.client import LARGEST_ANSWER, ApiDown, ApiFailed, Caller, Connection, Refused
from web.operations import Api

DEADLINE = 0.25
STUDENT = b'{"id": 1, "name": "Ada", "email": "ada@example.org"}'
ADA = says("200 OK", "Content-Type: application/json", 'ETag: "v1"', body=STUDENT)


SLOW = {
    "hangs": hangs,
    "drips a status": drips(b""),
    "drips a header": drips(b"HTTP/1.1 200 OK\r\nX: "),
    "drips a body": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
    "drips the size of a chunk": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
}
WRONG = {
    "hangs up": hangs_up,
    "no HTTP": breaks_off(b"nonsense\r\n\r\n"),
    "half an answer": breaks_off(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
    "HTML": says("200 OK", "Content-Type: text/html", body=b"<h1>It works!</h1>"),
    "broken JSON": says("200 OK", body=b"{"),
    "other JSON": says("200 OK", body=b"[]"),
    "another shape": says("200 OK", body=b'{"id": "one"}'),
    "no UTF-8": says("200 OK", body=b"\xff"),
    "no gzip": says("200 OK", "Content-Encoding: gzip", body=b"not gzip"),
    "huge": says("200 OK", body=STUDENT + b" " * LARGEST_ANSWER),
    "nothing": says("204 No Content", body=b""),
    "somebody else's 404": says("404 Not Found", body=b"<h1>nginx</h1>"),
    "502": says("502 Bad Gateway"),
    "503": says("503 Service Unavailable", "Retry-After: 60"),
    "599": says("599 Strange"),
}
GONE_FOR_A_MOMENT = {name: WRONG[name] for name in ("hangs up", "502", "503")}


def client(url: str, deadline: float = DEADLINE) -> Api:
    return Api(Connection(url, deadline=deadline), Caller("token", "request-1", "192.0.2.7"))


def read(api: Api) -> object:
    return api.students.get(1)


def write(api: Api) -> object:
    return api.students.add({"name": "Ada", "email": "ada@example.org"})


@pytest.mark.parametrize("call", [read, write])
@pytest.mark.parametrize("behavior", SLOW.values(), ids=SLOW.keys())
def test_a_call_ends_with_its_deadline_however_slow_the_answer(
    behavior: Behavior, call: Callable[[Api], object]
) -> None:
    with neighbor(behavior) as url:
        start = monotonic()
        with pytest.raises(ApiDown):
            call(client(url))

        assert monotonic() - start < 2 * DEADLINE


def test_all_calls_for_one_page_share_a_deadline() -> None:
    with neighbor(hangs) as url:
        api = client(url)
        start = monotonic()
        for _ in range(3):
            with pytest.raises(ApiDown):
                read(api)

        assert monotonic() - start < 2 * DEADLINE


@pytest.mark.parametrize("behavior", WRONG.values(), ids=WRONG.keys())
def test_what_is_no_answer_of_the_api_is_down(behavior: Behavior) -> None:
    with neighbor(behavior) as url, pytest.raises(ApiDown):
        read(client(url, deadline=5))


def test_a_token_is_not_led_elsewhere() -> None:
    heard: list[bytes] = []
    with (
        neighbor(ADA, heard=heard) as elsewhere,
        neighbor(says("302 Found", f"Location: {elsewhere}/")) as url,
        pytest.raises(ApiDown),
    ):
        read(client(url))

    assert heard == []


def test_an_api_that_is_gone_is_down() -> None:
    with neighbor(hangs_up) as url:
        pass

    with pytest.raises(ApiDown):
        read(client(url))


def test_a_500_is_the_api_s_own_failure() -> None:
    with neighbor(says("500 Internal Server Error")) as url, pytest.raises(ApiFailed):
        read(client(url))


@pytest.mark.parametrize("fault", GONE_FOR_A_MOMENT.values(), ids=GONE_FOR_A_MOMENT.keys())
def test_a_read_is_tried_again_at_once(fault: Behavior) -> None:
    with neighbor(fault, fault, ADA) as url:
        student = client(url).students.get(1)

    assert student.name == "Ada"


@pytest.mark.parametrize("fault", GONE_FOR_A_MOMENT.values(), ids=GONE_FOR_A_MOMENT.keys())
def test_a_write_is_never_tried_again(fault: Behavior) -> None:
    with neighbor(fault, ADA) as url, pytest.raises(ApiDown):
        write(client(url))


def test_what_is_read_has_its_version() -> None:
    with neighbor(ADA) as url:
        student = client(url).students.get(1)

    assert student.etag == '"v1"'


def test_a_refusal_says_why() -> None:
    problem = b'{"code": "too_many_attempts", "detail": "Later", "errors": [{"pointer": "/email", "detail": "No"}]}'
    with (
        neighbor(says("429 Too Many Requests", "Retry-After: 90", body=problem)) as url,
        pytest.raises(Refused) as caught,
    ):
        read(client(url))

    refused = caught.value
    assert (refused.status, refused.code, refused.retry_after) == (429, "too_many_attempts", 90)
    assert (refused.errors[0].field, refused.errors[0].detail) == ("email", "No")


def test_a_call_says_for_whom_it_is_made() -> None:
    heard: list[bytes] = []
    with neighbor(ADA, heard=heard) as url:
        client(url).students.save(1, {"name": "Ada"}, '"v1"')

    head, body = heard[0].split(b"\r\n\r\n")
    assert head.startswith(b"PUT /students/1 HTTP/1.1\r\n")
    assert {
        b"Authorization: Bearer token",
        b"X-Request-ID: request-1",
        b"X-Forwarded-For: 192.0.2.7",
        b'If-Match: "v1"',
        b"Content-Type: application/json",
    } <= set(head.split(b"\r\n"))
    assert body == b'{"name": "Ada"}'


def test_nothing_that_the_api_sets_leaks_to_another_caller() -> None:
    cookie = says("200 OK", "Set-Cookie: who=ada; Path=/", body=STUDENT)
    with neighbor(cookie) as url:
        connection = Connection(url)
        Api(connection, Caller("secret", "1", "192.0.2.7")).students.get(1)

        assert not connection.session.cookies
        assert "Authorization" not in connection.session.headers


def test_the_environment_cannot_send_the_calls_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    with neighbor(ADA) as url:
        assert client(url).students.get(1).name == "Ada"


def test_a_connection_is_used_again() -> None:
    ports = set()

    def ada(connection: socket) -> None:
        ports.add(connection.getpeername())
        ADA(connection)

    with neighbor(ada) as url:
        connection = Connection(url)
        for _ in range(3):
            Api(connection, Caller(None, "1", "192.0.2.7")).students.get(1)

    assert len(ports) == 1
