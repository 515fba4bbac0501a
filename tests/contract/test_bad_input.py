"""Bad input is 422, with every fault named by its place and nothing changed."""

from typing import Any

import pytest

from tests.contract.client import Client
from tests.contract.office import Office, writable
from tests.contract.problems import assert_refused, assert_refused_at, faults
from tests.samples import PASSWORD, Json, new_student, new_term, new_user

# fmt: off
BAD: dict[str, list[Any]] = {
    "name": [
        "", " ", " A", "A ", "A\n", "A\tB", "A\x00B", "A\x7fB", "A\x85B", "\u2003A", "A" * 101, None, 1, True, ["A"],
    ],
    "email": [
        "", "ada", "ada@", "@b.org", "a@@b.org", "a a@b.org", " ada@b.org", "ada@b.org\n", "ada\x00@b.org", "äda@b.org",
        "ada@-b.org", "ada@b..org", "a" * 249 + "@b.org", None, 1, ["ada@b.org"],
    ],
    "password": ["", "p" * 14, "p" * 129, None, 123456789012345, ["p" * 15]],
    "role": ["", "Student", "admin", None, 1],
    "is_active": [None, "true", 1, 0, []],
    "student_id": [0, -1, 2**31, 10**30, 1.5, "1", True, [1], {}],
    "starts_on": [
        "", "2026-02-30", "2026-9-1", "20260901", "2026-09-01T00:00:00Z", "10000-01-01", None, 0, True,
    ],
    "drop_deadline": [
        "", "2026-09-01", "2026-09-01T09:00:00", "2026-09-01 9:00Z", "2026-02-30T09:00:00Z", "2026-09-01T25:00:00Z",
        "1756717200", None, 1756717200, True,
    ],
    "credit_limit": [-1, 101, 1.5, "18", None, True, 10**30],
    "credits": [-1, 13, 2.5, "3", None, True],
    "description": ["d" * 10_001, "\x00", None, 1, ["d"]],
    "prerequisite_ids": [None, 1, "1", {}, [0], [-1], [2**31], [1.5], ["1"], [None], [True], [[1]], [1, 1]],
    "section_id": [0, -1, 2**31, 1.5, "1", None, True, []],
    "number": [0, -1, 1000, 1.5, "1", None, True],
    "capacity": [-1, 1001, 1.5, "1", None, True],
    "meetings": [
        None, {}, "mon", [None], [{}], ["mon"], [{"day": "mon", "starts": "09:00"}],
        [{"day": "Mon", "starts": "09:00", "ends": "10:00"}], [{"day": "mon", "starts": "9:00", "ends": "10:00"}],
        [{"day": "mon", "starts": "09:00", "ends": "24:00"}], [{"day": "mon", "starts": "09:00:00", "ends": "10:00"}],
        [{"day": "mon", "starts": "09:00", "ends": "10:60"}], [{"day": "mon", "starts": "09:00\n", "ends": "10:00"}],
        [{"day": "mon", "starts": "09:00", "ends": "10:00", "room": "B1"}],
    ],
    "join_waitlist": [None, 1, 0, "true", []],
    "status": ["", "enrolled", "waitlisted", "completed", "Dropped", None, 1],
    "grade": ["", "E", "a", "A+", "F-", "D--", "W", None, 4.0],
}
# fmt: on
BAD_IDS = ["abc", "1.5", "1e3", "0", "-1", "+1", "%201", "1%20", "1_0", "٣", "²", "1%00", str(2**31), "9" * 400]
BAD_LIMITS = ["0", "-1", "101", "abc", "", "1.0", "+1", " 1", "1e1", "9" * 400, "\x00"]


def each(*names: str, **more: Any) -> list[Any]:
    """One bad field at a time."""
    faults = [(name, value) for name in names for value in BAD[name]] + list(more.items())
    return [pytest.param({name: value}, id=f"{name}={ascii(value)[:80]}") for name, value in faults]


@pytest.mark.check(
    "robustness.bad-student", points=2, requires=["students.create"], hint="Refuse what is not right; do not mend it."
)
@pytest.mark.parametrize("bad", each("name", "email", id=1, surplus=None))
def test_a_bad_student_is_refused_at_the_bad_field(bad: dict[str, Any], office: Office) -> None:
    """Each bad field of a student is 422 with a pointer to it, on POST and on PUT, and changes nothing."""
    student = office.student()
    path, body = f"/students/{student['id']}", new_student() | bad

    assert_refused_at(office.registrar.post("/students", json=body), "StudentIn", *bad)
    assert_refused_at(office.registrar.put(path, json=body), "StudentIn", *bad)
    assert office.registrar.get(path).json() == student


@pytest.mark.check(
    "robustness.bad-user", points=1, requires=["access.create-user"], hint='Let pydantic forbid what is "extra".'
)
@pytest.mark.parametrize("bad", each("name", "email", "role", "password", "student_id", is_active=True, surplus=1))
def test_a_bad_user_is_refused_at_the_bad_field(bad: dict[str, Any], registrar: Client) -> None:
    """Each bad field of a new user is 422 with a pointer to it."""
    assert_refused_at(registrar.post("/users", json=new_user() | bad), "UserIn", *bad)


@pytest.fixture(scope="module")
def user(lasting_office: Office) -> Json:
    """Whom bad requests may do to what they like."""
    return lasting_office.user("instructor")


@pytest.mark.check(
    "robustness.bad-patch",
    points=1,
    requires=["access.create-user"],
    hint="Only what is left out is kept: null is 422.",
)
@pytest.mark.parametrize(
    "bad", each("name", "role", "is_active", "student_id", email="new@example.org", password=PASSWORD)
)
def test_a_bad_patch_is_refused_at_the_bad_field(bad: dict[str, Any], user: Json, registrar: Client) -> None:
    """Each bad field of a PATCH is 422 with a pointer to it, as is one that cannot be changed, and changes nothing."""
    path = f"/users/{user['id']}"
    before = registrar.get(path).json()

    assert_refused_at(registrar.patch(path, json=bad), "UserPatch", *bad)
    assert registrar.get(path).json() == before


@pytest.fixture(scope="module")
def someone(lasting_office: Office) -> Client:
    """Signed in until a bad new password is taken."""
    return lasting_office.login("instructor").client


@pytest.mark.check(
    "robustness.bad-new-password",
    points=1,
    requires=["access.create-user"],
    hint="Forbid unknown fields, and convert no types.",
)
@pytest.mark.parametrize(
    "bad", [*({"new_password": bad} for bad in BAD["password"]), {"current_password": None}, {"surplus": 1}]
)
def test_a_bad_new_password_is_refused_at_the_bad_field(bad: dict[str, Any], someone: Client) -> None:
    """Each bad field of a change of password is 422 with a pointer to it."""
    body = {"current_password": PASSWORD, "new_password": PASSWORD[::-1]} | bad

    assert_refused_at(someone.put("/users/me/password", json=body), "PasswordIn", *bad)


REQUIRED = {
    "students": ("name", "email"),
    "users": ("name", "email", "role", "password"),
    "terms": tuple(new_term()),
    "courses": ("code", "title", "credits"),
    "sections": ("course_id", "term_id", "number", "capacity"),
    "enrollments": ("student_id", "section_id"),
}


@pytest.mark.check(
    "robustness.missing-fields", points=1, requires=["access.login"], hint="What must be said has no default."
)
@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind, fields in REQUIRED.items() for field in fields])
def test_a_missing_field_is_named(kind: str, field: str, office: Office) -> None:
    """A required field that is missing is 422, with a pointer to it or to the whole."""
    body = office.new(kind)
    del body[field]

    refused = office.registrar.post(f"/{kind}", json=body)

    assert_refused(refused, 422, "validation_error")
    assert faults(refused) in ({f"/{field}"}, {""})


@pytest.mark.parametrize("kind", REQUIRED)
def test_every_missing_field_is_named(kind: str, registrar: Client) -> None:
    """All that is missing is named in one 422."""
    places = [f"/{field}" for field in REQUIRED[kind]]

    assert_refused(registrar.post(f"/{kind}", json={}), 422, "validation_error", *places)


@pytest.mark.check(
    "enrollment.replace-whole",
    points=1,
    requires=["enrollment.create-section"],
    cases=["term", "course", "section"],
    hint="Use a model whose required fields have no default.",
)
@pytest.mark.check(
    "students.replace-whole",
    points=2,
    requires=["students.create"],
    cases=["student"],
    hint="Use a model whose required fields have no default.",
)
@pytest.mark.parametrize(
    ("kind", "field"), [("student", "email"), ("term", "credit_limit"), ("course", "credits"), ("section", "capacity")]
)
def test_a_replacement_keeps_nothing(kind: str, field: str, office: Office) -> None:
    """A PUT without a required field is 422; it never means to keep what was there."""
    made: Json = getattr(office, kind)()
    path, new = f"/{kind}s/{made['id']}", writable(kind, made)
    del new[field]

    refused = office.registrar.put(path, json=new)

    assert_refused(refused, 422, "validation_error")
    assert office.registrar.get(path).json() == made


@pytest.mark.check("robustness.pointers", points=1, requires=["access.login"], hint="~ is ~0, and / is ~1.")
@pytest.mark.parametrize("field", ["a/b", "m~n", "", "é", "a b", "0"])
def test_a_pointer_escapes_what_it_must(field: str, registrar: Client) -> None:
    """A 422 points to the bad field by JSON pointer (RFC 6901), with ~ and / escaped, whatever the field is called."""
    assert_refused_at(registrar.post("/students", json=new_student() | {field: 1}), "StudentIn", field)


@pytest.mark.check("robustness.not-an-object", points=1, requires=["access.login"])
@pytest.mark.parametrize("body", [b"null", b"[]", b'"ada"', b"1", b"true", b"[{}]"])
def test_a_body_is_an_object(body: bytes, registrar: Client) -> None:
    """A JSON body that is no object is 422."""
    refused = registrar.post("/students", data=body, headers={"Content-Type": "application/json"})

    assert_refused(refused, 422, "validation_error")


@pytest.mark.check(
    "robustness.bad-id",
    points=1,
    requires=["access.login"],
    cases=["abc", "1.5", "1e3", "0", "-1", "1%00", str(2**31)],  # others may be read as integers
    hint="Path(ge=1, lt=2**31)",
)
@pytest.mark.parametrize("bad", BAD_IDS)
@pytest.mark.parametrize("path", ["/students", "/users", "/terms", "/courses", "/sections", "/enrollments"])
def test_a_malformed_id_is_refused(path: str, bad: str, registrar: Client) -> None:
    """A path id that is no positive integer below 2^31 is 422, and names its parameter."""
    refused = registrar.get(f"{path}/{bad}")

    assert_refused(refused, 422, "validation_error")
    assert faults(refused) in ({"id"}, {f"{path.strip('/').removesuffix('s')}_id"})


@pytest.mark.check(
    "robustness.bad-limit",
    points=1,
    requires=["access.login"],
    cases=["0", "-1", "101", "abc"],
    hint="Query(50, ge=1, le=100).",
)
@pytest.mark.parametrize("bad", BAD_LIMITS)
@pytest.mark.parametrize("path", ["/students", "/users"])
def test_a_bad_limit_is_refused(path: str, bad: str, registrar: Client) -> None:
    """A limit that is no integer from 1 to 100 is 422, and names its parameter."""
    assert_refused(registrar.get(path, params={"limit": bad}), 422, "validation_error", "limit")


@pytest.mark.check("robustness.bad-search", points=1, requires=["access.login"])
@pytest.mark.parametrize("bad", ["\x00", "a\nb", "q" * 101, "\x85"])
def test_a_bad_search_is_refused(bad: str, registrar: Client) -> None:
    """A search for what no name can hold is 422, and names its parameter."""
    assert_refused(registrar.get("/students", params={"q": bad}), 422, "validation_error", "q")


@pytest.mark.check("robustness.bad-login", points=1)
@pytest.mark.parametrize("form", ["", "username=ada%40example.org", "password=x", "username=%00&password=x"])
def test_a_bad_login_form_is_refused(form: str, nobody: Client) -> None:
    """A login form without an email or a password, or with a NUL in them, is 422."""
    refused = nobody.post("/auth/token", data=form, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert_refused(refused, 422, "validation_error")
