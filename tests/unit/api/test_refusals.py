"""Bad input, wrong paths and wrong methods: each has one answer, which never repeats what was sent."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.models import Role
from tests.unit.api.visitors import API, refusal
from tests.unit.factories import StudentFactory

ADA = {"name": "Ada Lovelace", "email": "ada@example.org"}
JSON = {"Content-Type": "application/json"}
NOT_WELL_FORMED = [b"{", b"", b'{"name": "\xff"}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b"nul"]
OUT_OF_RANGE = ["0", "-1", "2147483648", "9" * 400, "abc", "+1", "%201", "1.0", "1_0", "%D9%A1", "1e3", "%00"]


def pointers(response: Any) -> list[str]:
    return [error["pointer"] for error in response.json()["errors"]]


@pytest.mark.parametrize("content", [each for each in NOT_WELL_FORMED if each])
def test_json_that_is_not_well_formed_is_400(api: API, content: bytes) -> None:
    assert refusal(api.post("/students", content=content, headers=JSON)) == (400, "malformed_json")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("null", ""),
        ("[]", ""),
        ('"text"', ""),
        ("{}", "/name"),
        ('{"name": null, "email": "a@b"}', "/name"),
        ('{"name": 1, "email": "a@b"}', "/name"),
        ('{"name": NaN, "email": "a@b"}', "/name"),
        ('{"name": 1e400, "email": "a@b"}', "/name"),
        ('{"name": "", "email": "a@b"}', "/name"),
        ('{"name": " a", "email": "a@b"}', "/name"),
        ('{"name": "a\\u0000b", "email": "a@b"}', "/name"),
        ('{"name": "a\\ud800b", "email": "a@b"}', "/name"),
        ('{"name": "a", "email": "ab"}', "/email"),
        ('{"name": "a", "email": "a@b", "x": 1}', "/x"),
        ('{"name": "a", "email": "a@b", "a/b~c": 1}', "/a~1b~0c"),
        ('{"name": "a", "email": "a@b", "\\ud800": 1}', ""),
        ('{"name": "a", "email": "a@b", "id": 1}', "/id"),
    ],
)
def test_a_bad_body_is_422_and_each_fault_is_pointed_at(api: API, body: str, pointer: str) -> None:
    answer = api.post("/students", content=body, headers=JSON)

    assert refusal(answer) == (422, "validation_error")
    assert pointer in pointers(answer)


def test_all_faults_are_told_but_no_more_than_a_hundred(api: API) -> None:
    assert pointers(api.post("/students", json={})) == ["/name", "/email"]
    assert len(pointers(api.post("/students", json=ADA | {str(n): n for n in range(500)}))) == 100


def test_what_was_sent_is_not_repeated(api: API) -> None:
    new = {"name": "a", "email": "a@b", "role": "registrar", "password": "hunter2", "student_id": "hunter2"}

    assert "hunter2" not in api.post("/users", json=new).text


@pytest.mark.parametrize("student_id", ["1", True, 1.5, float("inf"), 0, -1, 2**31, 10**400, [], {}])
def test_an_id_in_a_body_is_an_integer_in_range(api: API, student_id: Any) -> None:
    new = {"name": "a", "email": "a@b", "role": "student", "password": "long enough to be one", "student_id": 0}
    body = json.dumps(new).replace('"student_id": 0', f'"student_id": {json.dumps(student_id)}')

    answer = api.post("/users", content=body, headers=JSON)

    assert refusal(answer) in {(422, "validation_error"), (400, "malformed_json")}


def test_an_integer_may_be_written_with_a_point(api: API) -> None:
    student = StudentFactory()
    new = {"name": "a", "email": "a@b", "role": "student", "password": "long enough to be one"}

    assert api.post("/users", json=new | {"student_id": float(student.id)}).status_code == 201


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"role": None}, "/role"),
        ({"is_active": "true"}, "/is_active"),
        ({"email": "a@b"}, "/email"),
    ],
)
def test_a_patch_has_no_nulls_and_no_fields_that_stay(api: API, patch: dict[str, Any], pointer: str) -> None:
    answer = api.patch(f"/users/{api.user(Role.REGISTRAR).id}", json=patch)

    assert (refusal(answer), pointers(answer)) == ((422, "validation_error"), [pointer])


@pytest.mark.parametrize("student_id", OUT_OF_RANGE)
def test_a_path_id_that_is_none_is_422(api: API, student_id: str) -> None:
    answer = api.get(f"/students/{student_id}")

    assert refusal(answer) == (422, "validation_error")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["student_id"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "limit=+1",
        "after=-1",
        "after=4294967296",
        "q=%00",
        "q=" + "x" * 101,
    ],
)
def test_a_bad_query_is_422_and_its_parameter_named(api: API, query: str) -> None:
    answer = api.get(f"/students?{query}")

    assert refusal(answer) == (422, "validation_error")
    assert [error["parameter"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


def test_an_unknown_query_parameter_is_ignored(api: API) -> None:
    assert api.get("/students?unknown=1").status_code == 200


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "x", ""]
)
def test_a_body_that_is_not_json_by_its_media_type_is_415(api: API, media_type: str) -> None:
    answer = api.post("/students", content=json.dumps(ADA), headers={"Content-Type": media_type})

    assert refusal(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_media_type_is_read_without_case_and_parameters(api: API, media_type: str) -> None:
    answer = api.post("/students", content=json.dumps(ADA), headers={"Content-Type": media_type})

    assert answer.status_code == 201


def test_no_body_at_all_is_422(api: API) -> None:
    assert refusal(api.post("/students")) == (422, "validation_error")


@pytest.mark.parametrize("form", [{"json": {"username": "a", "password": "b"}}, {"files": {"username": b"a"}}])
def test_a_login_is_an_urlencoded_form(api: API, form: dict[str, Any]) -> None:
    assert refusal(api.post("/auth/token", by=None, **form)) == (415, "unsupported_media_type")


def chunks() -> Iterator[bytes]:
    for _ in range(17):
        yield b" " * 64 * 1024


@pytest.mark.parametrize("content", [b" " * (1024 * 1024 + 1), chunks])
def test_more_than_a_mebibyte_is_413_in_one_piece_or_in_chunks(api: API, content: Any) -> None:
    content = content() if callable(content) else content

    assert refusal(api.post("/students", content=content, headers=JSON)) == (413, "content_too_large")


def test_a_mebibyte_is_not_too_much(api: API) -> None:
    body = json.dumps(ADA)

    assert api.post("/students", content=body.ljust(1024 * 1024), headers=JSON).status_code == 201


@pytest.mark.parametrize(
    "path", ["/nothing", "/students/", "/students/1/", "/", "/Students", "/static-offline-docs/none"]
)
def test_an_unknown_path_is_404_without_a_redirect(api: API, path: str) -> None:
    assert refusal(api.get(path, follow_redirects=False)) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/students", "GET, POST"),
        ("/students/1", "DELETE, GET, PUT"),
        ("/users/me", "GET"),
        ("/users/1", "GET, PATCH"),
        ("/auth/token", "DELETE, POST"),
        ("/health/live", "GET"),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "TRACE"])
def test_a_method_that_a_path_lacks_is_405_and_all_that_it_has_are_named(
    api: API, path: str, allow: str, method: str
) -> None:
    if method in allow:
        method = "PUT"

    answer = api.request(method, path)

    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_the_frameworks_own_pages_know_their_methods(api: API, path: str) -> None:
    answer = api.post(path, by=None)

    assert refusal(answer) == (405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]
