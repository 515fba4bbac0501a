"""Text that is no JSON, and JSON that no program of ours wants: refused, and never a failure of the server."""

import json

import pytest
from requests import Response

from tests.contract.client import Client
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.samples import Json, new_student, new_user

JSON = {"Content-Type": "application/json"}


def student_with(field: str, raw: str) -> bytes:
    """A student's body in which this field is these very characters of JSON."""
    return json.dumps(new_student() | {field: "?"}).replace('"?"', raw).encode()


def assert_malformed_or_invalid(refused: Response, *, may_be_invalid: bool = True) -> None:
    """What one parser cannot read, another may and find invalid."""
    if refused.status_code == 422 and may_be_invalid:
        assert_refused(refused, 422, "validation_error")
    else:
        assert_refused(refused, 400, "malformed_json")


MALFORMED = {
    "empty": b"",
    "cut short": b'{"name": "Ada',
    "two values": b"{} {}",
    "a trailing comma": b'{"name": "Ada",}',
    "single quotes": b"{'name': 'Ada'}",
    "bad UTF-8": b'{"name": "\xff\xfe"}',
    "a raw control character": b'{"name": "A\x01da"}',
    "not JSON": b"name=Ada&email=ada%40example.org",
}


@pytest.fixture(scope="module")
def user(lasting_office: Office) -> Json:
    return lasting_office.user("instructor")


@pytest.mark.check(
    "robustness.malformed-json",
    points=2,
    requires=["access.create-user"],
    hint="Tell the parser's error from a validation error.",
)
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize(("method", "path"), [("POST", "/students"), ("PATCH", "/users/{}")])
def test_what_is_not_json_is_refused(method: str, path: str, body: bytes, user: Json, registrar: Client) -> None:
    """A body that is no JSON is 400 malformed_json; none at all, or one of bad UTF-8, may be read and be 422."""
    refused = registrar.request(method, path.format(user["id"]), data=body, headers=JSON)

    assert_malformed_or_invalid(refused, may_be_invalid=body in (b"", MALFORMED["bad UTF-8"]))


@pytest.mark.check(
    "robustness.hostile-text",
    points=2,
    requires=["access.login"],
    hint="Refuse control characters and surrogates before the database sees them.",
)
@pytest.mark.parametrize("field", ["name", "email"])
@pytest.mark.parametrize(
    "raw",
    [
        r'"\u0000"', r'"Ada\u0000"', r'"\ud800"', r'"\udfff\ud800"', r'"\ufdd0\u001b"', "NaN", "-Infinity", "1e400",
        "-1e400", "1" * 5000, "0.1", "[[[]]]", '{"$ref": "#"}', '"' + "A" * 100_000 + '"',
    ],
    ids=lambda raw: raw[:16],
)  # fmt: skip
def test_what_is_no_text_of_ours_is_refused(field: str, raw: str, registrar: Client) -> None:
    """NUL, lone surrogates, NaN, 1e400, giant numbers and giant texts are 400 or 422 for a name and an email."""
    refused = registrar.post("/students", data=student_with(field, raw), headers=JSON)

    assert_malformed_or_invalid(refused)


@pytest.mark.check("robustness.hostile-number", points=1, requires=["access.login"], hint="Field(gt=0, lt=2**31).")
@pytest.mark.parametrize("raw", ["NaN", "Infinity", "1e400", "-1e400", "9" * 400, "1.0000000001", "1e-400"])
def test_a_number_that_is_no_id_is_refused(raw: str, registrar: Client) -> None:
    """A `student_id` that no integer column can hold is 400 or 422."""
    body = json.dumps(new_user() | {"role": "student", "student_id": "?"}).replace('"?"', raw)

    assert_malformed_or_invalid(registrar.post("/users", data=body, headers=JSON))


@pytest.mark.check("robustness.nesting", points=1, requires=["access.login"], hint="Catch the parser's RecursionError.")
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("depth", [200, 10_000, 150_000])
def test_deep_nesting_is_refused(brackets: tuple[str, str], depth: int, registrar: Client) -> None:
    """JSON that is nested 200, 10,000 or 150,000 deep is 400 or 422."""
    opening, closing = brackets
    body = student_with("name", opening * depth + "1" + closing * depth)

    assert_malformed_or_invalid(registrar.post("/students", data=body, headers=JSON))


@pytest.mark.check("robustness.field-twice", points=1, requires=["access.login"])
def test_a_field_named_twice_does_no_harm(registrar: Client) -> None:
    """A field that is named twice is refused with 400 or 422, or taken once."""
    body = json.dumps(new_student()).replace('"name"', '"name": "Eve", "name"')

    answer = registrar.post("/students", data=body, headers=JSON)

    assert answer.ok or answer.status_code in {400, 422}


@pytest.mark.check("robustness.hostile-field", points=1, requires=["access.login"])
def test_a_field_with_no_readable_name_is_refused(registrar: Client) -> None:
    """A field whose very name is no Unicode text is 400 or 422."""
    body = json.dumps(new_student())[:-1] + r', "\ud800\u0000": 1}'

    assert_malformed_or_invalid(registrar.post("/students", data=body, headers=JSON))


def test_a_thousand_faults_are_told_briefly(registrar: Client) -> None:
    """However many faults a body has, its refusal is no larger than it."""
    body = json.dumps({f"surplus {n}": n for n in range(10_000)})

    refused = registrar.post("/students", data=body, headers=JSON)

    assert_refused(refused, 422, "validation_error")
    assert len(refused.content) < len(body)
