"""Users: who may log in, as what, and which student a student's login is linked to."""

from typing import Any

import pytest

from tests.contract.client import Client, ask_for_token
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.promised import as_promised
from tests.samples import MISSING_ID, PASSWORD, Json, new_user

FIELDS = ("id", "name", "email", "role", "is_active", "student_id")


def promised(user: Json, **changes: Any) -> Json:
    """The user, after these changes, as far as the contract names the fields."""
    return {field: user[field] for field in FIELDS} | changes


@pytest.mark.check(
    "access.create-user",
    points=1,
    requires=["access.login"],
    hint="Answer with a model of its own, which has no password, not with the table's row.",
)
@pytest.mark.parametrize("role", ["instructor", "registrar"])
def test_a_created_user_is_answered_whole(role: str, registrar: Client) -> None:
    """A new user is active, can log in, and is answered whole but for the password."""
    new = new_user() | {"role": role}

    created = registrar.post("/users", json=new)

    password = new.pop("password")
    expected = new | {"id": created.json()["id"], "is_active": True, "student_id": None}
    for answer in (created, registrar.get(f"/users/{expected['id']}")):
        assert as_promised(answer.json(), expected) == expected
        assert [field for field in answer.json() if "password" in field.lower()] == []
    assert ask_for_token(registrar, new["email"], password).ok


@pytest.mark.check("access.student-login", points=1, requires=["access.create-user", "students.create"])
def test_a_students_login_is_linked_to_the_student(office: Office) -> None:
    """A student's login carries the id of the student whose it is."""
    student = office.student()

    user = office.user("student", student_id=student["id"])

    assert user["student_id"] == student["id"]


@pytest.mark.check(
    "access.email-taken",
    points=1,
    requires=["access.create-user"],
    hint="Store emails in lower case, and let a unique constraint hold them.",
)
def test_an_email_is_taken_without_regard_to_case(office: Office) -> None:
    """No two users have one email, in whatever case: 409 email_taken."""
    taken = office.user("instructor")["email"]

    refused = office.registrar.post("/users", json=new_user() | {"email": taken.upper()})

    assert_refused(refused, 409, "email_taken")


@pytest.mark.check(
    "access.student-taken", points=1, requires=["access.student-login"], hint="Make users.student_id unique."
)
def test_a_student_has_one_login(office: Office) -> None:
    """A student who has a login gets no second one: 409 student_taken."""
    taken, other = office.user("student"), office.user("student")
    second = {"role": "student", "student_id": taken["student_id"]}

    assert_refused(office.registrar.post("/users", json=new_user() | second), 409, "student_taken")
    patch = {"student_id": taken["student_id"]}
    assert_refused(office.registrar.patch(f"/users/{other['id']}", json=patch), 409, "student_taken")


@pytest.mark.check(
    "access.student-required",
    points=2,
    requires=["access.student-login"],
    hint="Judge role and student_id together, as they will be after the change.",
)
def test_only_a_student_is_linked_to_a_student(office: Office) -> None:
    """A student without a student, and another role with one, are 409 student_required, on POST and on PATCH."""
    student_id, instructor, student = office.student()["id"], office.user("instructor"), office.user("student")
    patches: list[tuple[Json, dict[str, Any]]] = [
        (instructor, {"role": "student"}),
        (instructor, {"student_id": student_id}),
        (student, {"student_id": None}),
    ]

    for linked in ({"role": "student"}, {"role": "student", "student_id": None}, {"student_id": student_id}):
        assert_refused(office.registrar.post("/users", json=new_user() | linked), 409, "student_required")
    for user, patch in patches:
        assert_refused(office.registrar.patch(f"/users/{user['id']}", json=patch), 409, "student_required")


@pytest.mark.check(
    "access.student-missing",
    points=1,
    requires=["access.create-user"],
    hint="Look the student up before you store the link.",
)
def test_a_student_who_does_not_exist_is_not_found(office: Office) -> None:
    """A `student_id` that names nobody is 404, on POST and on PATCH."""
    missing, user = {"role": "student", "student_id": MISSING_ID}, office.user("instructor")

    assert_refused(office.registrar.post("/users", json=new_user() | missing), 404, "not_found")
    assert_refused(office.registrar.patch(f"/users/{user['id']}", json=missing), 404, "not_found")


@pytest.mark.check(
    "access.patch-user",
    points=2,
    requires=["access.create-user"],
    cases=["name", "activity", "role", "both"],
    hint="Take what was sent, model_dump(exclude_unset=True), be it false or not.",
)
@pytest.mark.parametrize(
    "patch",
    [{}, {"name": "New Name"}, {"is_active": False}, {"role": "registrar"}, {"name": "N", "is_active": False}],
    ids=["nothing", "name", "activity", "role", "both"],
)
def test_a_patch_changes_what_it_names_and_nothing_else(patch: dict[str, Any], office: Office) -> None:
    """PATCH changes the fields that it names, keeps the rest, and answers the whole user."""
    user = office.user("instructor")

    patched = office.registrar.patch(f"/users/{user['id']}", json=patch)

    expected = promised(user, **patch)
    assert as_promised(patched.json(), expected) == expected
    assert as_promised(office.registrar.get(f"/users/{user['id']}").json(), expected) == expected


@pytest.mark.check(
    "access.role-clears-link",
    points=1,
    requires=["access.student-login", "access.patch-user"],
    hint="Set student_id to null when the role becomes another.",
)
def test_another_role_clears_the_link(office: Office) -> None:
    """A student who becomes an instructor is linked to no student, who is then free for another login."""
    user = office.user("student")

    patched = office.registrar.patch(f"/users/{user['id']}", json={"role": "instructor"})

    expected = promised(user, role="instructor", student_id=None)
    assert as_promised(patched.json(), expected) == expected
    assert office.user("student", student_id=user["student_id"])


@pytest.mark.check(
    "access.role-brings-link",
    points=1,
    requires=["access.student-login", "access.patch-user"],
    hint="Judge role and student_id together, as they would be afterwards.",
)
def test_another_role_can_bring_a_link(office: Office) -> None:
    """An instructor becomes a student's login when the PATCH names the student too."""
    user, student = office.user("instructor"), office.student()
    patch = {"role": "student", "student_id": student["id"]}

    patched = office.registrar.patch(f"/users/{user['id']}", json=patch)

    expected = promised(user, **patch)
    assert as_promised(patched.json(), expected) == expected


@pytest.mark.check(
    "access.password-length",
    points=1,
    requires=["access.create-user"],
    cases=["shortest", "longest", "runes", "spaces"],
    hint="Count characters, not bytes, and do not strip; bcrypt alone takes 72 bytes.",
)
@pytest.mark.parametrize(
    "password",
    ["fifteen letters", "0123456789abcdef" * 8, "𐍈" * 15, " spaces   around  ", "\x00 control \x1b too \n"],
    ids=["shortest", "longest", "runes", "spaces", "controls"],
)
def test_a_password_is_any_15_to_128_characters(password: str, office: Office) -> None:
    """A password may have 15 to 128 characters, of any script and with spaces, and logs in as it was set."""
    user = office.user("instructor", password=password)

    assert ask_for_token(office.registrar, user["email"], password).status_code == 200


@pytest.mark.check(
    "access.password-common",
    points=1,
    requires=["access.create-user"],
    cases=["as_listed"],
    hint="openapi.json lists them, as what a new password is not.",
)
@pytest.mark.parametrize("common", ["passwordpassword", "PasswordPassword"], ids=["as_listed", "capitalized"])
def test_a_common_password_is_refused(common: str, office: Office) -> None:
    """A password that the contract lists as common is 422, for a new user and at a change."""
    login = office.login("instructor")
    change = {"current_password": PASSWORD, "new_password": common}

    created = office.registrar.post("/users", json=new_user() | {"password": common})

    assert_refused(created, 422, "validation_error", "/password")
    assert_refused(login.client.put("/users/me/password", json=change), 422, "validation_error", "/new_password")
