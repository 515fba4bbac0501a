"""Logins, as registrars keep them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from api.models import Role, Token
from tests.unit.api.visitors import API, refusal
from tests.unit.factories import PASSWORD, StudentFactory, UserFactory

NEW = {"name": "Grace Hopper", "email": "grace@example.org", "password": "long enough to be one"}


def test_a_created_user_is_answered_whole_and_without_a_password(api: API) -> None:
    created = api.post("/users", json=NEW | {"role": "instructor"})

    assert created.status_code == 201
    assert created.json() == {
        "id": created.json()["id"],
        "name": "Grace Hopper",
        "email": "grace@example.org",
        "role": "instructor",
        "is_active": True,
        "student_id": None,
    }
    assert api.get(created.headers["location"]).json() == created.json()


def test_a_created_user_can_log_in(api: API) -> None:
    api.post("/users", json=NEW | {"role": "instructor"})

    assert api.log_in("Grace@Example.org", NEW["password"]).status_code == 200


@pytest.mark.parametrize(("role", "linked"), [("student", False), ("instructor", True), ("registrar", True)])
def test_a_user_is_linked_to_a_student_if_and_only_if_they_are_one(api: API, role: str, linked: bool) -> None:
    student = StudentFactory()

    refused = api.post("/users", json=NEW | {"role": role, "student_id": student.id if linked else None})

    assert refusal(refused) == (409, "student_required")


def test_a_student_that_does_not_exist_is_not_found(api: API) -> None:
    assert refusal(api.post("/users", json=NEW | {"role": "student", "student_id": 999})) == (404, "not_found")


def test_a_student_has_one_login_at_the_most(api: API) -> None:
    login, other = UserFactory(role=Role.STUDENT), UserFactory(role=Role.STUDENT)

    second = api.post("/users", json=NEW | {"role": "student", "student_id": login.student_id})
    moved = api.patch(f"/users/{other.id}", json={"student_id": login.student_id})

    assert refusal(second) == refusal(moved) == (409, "student_taken")


def test_no_two_users_have_one_email(api: API) -> None:
    UserFactory(email="grace@example.org")

    refused = api.post("/users", json=NEW | {"role": "registrar", "email": "GRACE@example.org"})

    assert refusal(refused) == (409, "email_taken")


def test_a_patch_changes_what_it_names_and_nothing_else(api: API) -> None:
    user = UserFactory(role=Role.INSTRUCTOR)
    before = api.get(f"/users/{user.id}").json()

    patched = api.patch(f"/users/{user.id}", json={"name": "Grace Hopper"})

    assert patched.json() == before | {"name": "Grace Hopper"} == api.get(f"/users/{user.id}").json()


def test_an_empty_patch_changes_nothing(api: API) -> None:
    user = UserFactory()
    before = api.get(f"/users/{user.id}").json()

    assert api.patch(f"/users/{user.id}", json={}).json() == before


def test_another_role_unlinks_the_student(api: API) -> None:
    login = UserFactory(role=Role.STUDENT)

    assert api.patch(f"/users/{login.id}", json={"role": "instructor"}).json()["student_id"] is None


@pytest.mark.parametrize(
    ("role", "patch"),
    [
        (Role.STUDENT, {"student_id": None}),
        (Role.INSTRUCTOR, {"role": "student"}),
        (Role.STUDENT, {"role": "instructor", "student_id": "own"}),
        (Role.INSTRUCTOR, {"student_id": "own"}),
    ],
)
def test_a_patch_may_not_part_role_and_student(api: API, role: Role, patch: dict[str, Any]) -> None:
    user = UserFactory(role=role)
    if patch.get("student_id") == "own":
        patch = patch | {"student_id": user.student_id or StudentFactory().id}

    assert refusal(api.patch(f"/users/{user.id}", json=patch)) == (409, "student_required")


def test_a_shut_login_without_a_student_can_be_renamed_but_not_opened(api: API) -> None:
    login = UserFactory(role=Role.STUDENT)
    api.delete(f"/students/{login.student_id}")

    assert api.patch(f"/users/{login.id}", json={"name": "Ada"}).status_code == 200
    assert refusal(api.patch(f"/users/{login.id}", json={"is_active": True})) == (409, "student_required")


@pytest.mark.parametrize("patch", [{"is_active": False}, {"role": "instructor"}])
def test_the_last_active_registrar_stays(api: API, patch: dict[str, Any]) -> None:
    last = api.user(Role.REGISTRAR)
    UserFactory(is_active=False)

    assert refusal(api.patch(f"/users/{last.id}", json=patch)) == (409, "last_registrar")
    assert api.patch(f"/users/{last.id}", json={"name": "Still here", "role": "registrar"}).status_code == 200


def test_a_registrar_who_is_not_the_last_may_go(api: API) -> None:
    other = UserFactory()

    assert api.patch(f"/users/{other.id}", json={"is_active": False}).json()["is_active"] is False


@pytest.mark.parametrize("patch", [{"is_active": False}, {"role": "registrar"}])
def test_another_role_or_the_end_of_activity_ends_all_sessions(
    api: API, session: Session, patch: dict[str, Any]
) -> None:
    user = UserFactory(role=Role.INSTRUCTOR)
    api.get("/users/me", by=user)

    api.patch(f"/users/{user.id}", json=patch)

    assert session.query(Token).filter_by(user_id=user.id).count() == 0


def test_a_new_name_ends_no_session(api: API) -> None:
    user = UserFactory(role=Role.INSTRUCTOR)
    api.get("/users/me", by=user)

    api.patch(f"/users/{user.id}", json={"name": "Grace Hopper", "role": "instructor", "is_active": True})

    assert api.get("/users/me", by=user).json()["name"] == "Grace Hopper"


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_user_who_does_not_exist_is_not_found(api: API, method: str) -> None:
    assert refusal(api.request(method, "/users/999", json={})) == (404, "not_found")


def test_users_see_themselves_as_registrars_see_them(api: API) -> None:
    user = UserFactory(role=Role.STUDENT)

    assert api.get("/users/me", by=user).json() == api.get(f"/users/{user.id}").json()


def test_a_changed_password_ends_all_sessions_and_is_the_only_one_that_logs_in(api: API, session: Session) -> None:
    user = UserFactory()

    changed = api.put(
        "/users/me/password", by=user, json={"current_password": PASSWORD, "new_password": NEW["password"]}
    )

    assert changed.status_code == 204
    assert session.query(Token).count() == 0
    assert api.log_in(user.email, NEW["password"]).status_code == 200
    assert refusal(api.log_in(user.email, PASSWORD)) == (401, "invalid_credentials")


def test_a_password_is_changed_only_by_who_knows_it(api: API) -> None:
    refused = api.put("/users/me/password", json={"current_password": "a guess", "new_password": NEW["password"]})

    assert refusal(refused) == (409, "wrong_password")
    assert api.get("/users/me").status_code == 200
