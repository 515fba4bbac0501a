"""Bodies, headers and paths that no honest client sends: refused, and never a failure of the server."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.contract.client import Client
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.samples import new_student, unique

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.check(
    "robustness.media-type",
    points=1,
    requires=["access.login"],
    hint="Look at the Content-Type before you read the body.",
)
@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "json"])
def test_another_media_type_is_refused(media_type: str, registrar: Client) -> None:
    """A body in another media type than JSON is 415 unsupported_media_type."""
    refused = registrar.post("/students", data=json.dumps(new_student()), headers={"Content-Type": media_type})

    assert_refused(refused, 415, "unsupported_media_type")


@pytest.mark.check(
    "robustness.media-type-forms",
    points=1,
    requires=["students.create"],
    hint="Compare the Content-Type without its parameters, and without case.",
)
@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_named_in_any_way(media_type: str, registrar: Client) -> None:
    """A body is taken as JSON when its Content-Type has a charset or capitals."""
    created = registrar.post("/students", data=json.dumps(new_student()), headers={"Content-Type": media_type})

    assert created.ok


@pytest.mark.check("robustness.mebibyte", points=1, requires=["students.create"], hint="1 MiB is 1,048,576 bytes.")
def test_a_body_of_a_mebibyte_is_read(registrar: Client) -> None:
    """A body of exactly 1 MiB is taken."""
    body = json.dumps(new_student()).encode().ljust(MIB)

    assert registrar.post("/students", data=body, headers=JSON).ok


@pytest.mark.check(
    "robustness.too-large",
    points=1,
    requires=["access.login"],
    hint="Count what comes: a chunked body tells no length.",
)
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("path", "media_type"), [("/students", JSON), ("/auth/token", FORM)])
def test_a_larger_body_is_refused(chunked: bool, path: str, media_type: dict[str, str], registrar: Client) -> None:
    """A body over 1 MiB is 413 content_too_large, with a length or chunked."""
    body = json.dumps(new_student()).encode().ljust(MIB + 1)

    refused = registrar.post(path, data=in_chunks(body) if chunked else body, headers=media_type)

    assert_refused(refused, 413, "content_too_large")


def in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


@pytest.mark.check("robustness.strange-header", points=1, requires=["students.create"])
@pytest.mark.parametrize("name", ["Authorization", "If-Match", "If-None-Match", "X-Request-ID", "X-Forwarded-For"])
@pytest.mark.parametrize("value", [b"\xff\xfe", b"x" * 30_000, b'"' * 5_000, b"," * 5_000, b"W/" * 2_000])
def test_a_strange_header_is_no_failure(name: str, value: bytes, office: Office) -> None:
    """A header that is huge or no text is never a failure of the server."""
    answer = office.registrar.get(f"/students/{office.student()['id']}", headers={name: value})

    assert answer.status_code < 500


@pytest.mark.check("robustness.huge-headers", points=1, requires=["access.login"])
@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_headers_beyond_measure_are_no_failure(size: int, api_url: str, registrar: Client) -> None:
    """Headers that no server need read are refused or cut off, and the next request is served."""
    address = urlsplit(api_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 80, timeout=20)
    try:
        connection.request("GET", "/students", headers={"X-Huge": "x" * size})
        assert connection.getresponse().status < 500
    except (http.client.HTTPException, ConnectionError):
        pass
    finally:
        connection.close()

    assert registrar.get("/users/me").status_code == 200


@pytest.mark.check("robustness.strange-path", points=1, requires=["access.login"])
@pytest.mark.parametrize(
    "path",
    [
        *["/%00", "/%2e%2e/etc/passwd", "/students/%00", "/students/%ff", "/students/..%2f..%2fetc", "/students/1%2f"],
        *["/students?limit=%ff", "/students?%00=1", "/students?q=%ed%a0%80", "/students?limit=1&limit=2"],
    ],
)
def test_a_strange_path_is_no_failure(path: str, registrar: Client) -> None:
    """A path or query with bytes that are no text is never a failure of the server."""
    assert registrar.get(path).status_code < 500


@pytest.mark.check(
    "robustness.own-cursor", points=1, requires=["students.pages"], hint="Catch what decoding a cursor raises."
)
@pytest.mark.parametrize("cursor", [0, 10**9, 2**31, 2**63, 10**40])
def test_a_cursor_of_ones_own_making_is_no_failure(cursor: int, office: Office) -> None:
    """A cursor that somebody built, whatever it says, is never a failure of the server."""
    _ = office.student(), office.student()
    first = office.registrar.get("/students?limit=1").json()
    second = office.registrar.follow(first["next"]).json()

    for link in (first["next"], second["previous"]):
        own = [(name, cursor) for name, _ in parse_qsl(urlsplit(link).query) if name != "limit"]
        assert office.registrar.get("/students", params=own).status_code < 500


@pytest.mark.check(
    "robustness.markup", points=1, requires=["students.search"], hint="Bind parameters: no SQL is made of text."
)
def test_markup_comes_back_as_it_was_sent(office: Office) -> None:
    """Names are data: SQL and markup in them are kept and found, and do nothing."""
    name = f"Robert'); DROP TABLE students;-- <script>{unique()}</script>"

    student = office.student(name=name)

    assert student["name"] == name
    assert office.registrar.get("/students", params={"q": name}).json()["students"] == [student]
