"""The five operations on students."""

import pytest
from sqlalchemy.orm import Session

from api.models import Role, Student, Token
from tests.unit.api.visitors import API, refusal
from tests.unit.factories import StudentFactory, UserFactory

ADA = {"name": "Ada Lovelace", "email": "ada@example.org"}


def test_a_created_student_is_answered_whole_and_found_at_its_location(api: API) -> None:
    created = api.post("/students", json=ADA)

    assert created.status_code == 201
    assert created.json() == {"id": created.json()["id"], **ADA}
    assert api.get(created.headers["location"]).json() == created.json()


def test_an_email_is_kept_in_lower_case(api: API) -> None:
    created = api.post("/students", json=ADA | {"email": "ADA@Example.ORG"})

    assert created.json()["email"] == "ada@example.org"


def test_a_replaced_student_has_only_the_new_values(api: API) -> None:
    student = StudentFactory()

    replaced = api.put(f"/students/{student.id}", json=ADA)

    assert replaced.status_code == 200
    assert replaced.json() == {"id": student.id, **ADA} == api.get(f"/students/{student.id}").json()


def test_a_deleted_student_is_gone(api: API) -> None:
    student = StudentFactory()
    path = f"/students/{student.id}"

    deleted = api.delete(path)

    assert (deleted.status_code, deleted.content) == (204, b"")
    assert [refusal(api.request(method, path, json=ADA)) for method in ("GET", "PUT", "DELETE")] == [
        (404, "not_found")
    ] * 3


def test_an_id_is_never_used_again(api: API) -> None:
    last = StudentFactory()

    api.delete(f"/students/{last.id}")

    assert api.post("/students", json=ADA).json()["id"] > last.id


def test_a_deleted_students_login_stays_but_is_shut_and_linked_to_nobody(api: API, session: Session) -> None:
    login = UserFactory(role=Role.STUDENT)
    api.get("/users/me", by=login)

    api.delete(f"/students/{login.student_id}")

    session.refresh(login)
    assert (login.is_active, login.student_id) == (False, None)
    assert session.query(Token).filter_by(user_id=login.id).count() == 0


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@example.ORG"])
def test_no_two_students_have_one_email(api: API, session: Session, email: str) -> None:
    StudentFactory(email="ada@example.org")
    other = StudentFactory()

    assert refusal(api.post("/students", json=ADA | {"email": email})) == (409, "email_taken")
    assert refusal(api.put(f"/students/{other.id}", json=ADA | {"email": email})) == (409, "email_taken")
    assert session.query(Student).count() == 2


def test_a_student_may_have_the_email_of_a_user(api: API) -> None:
    user = UserFactory()

    assert api.post("/students", json=ADA | {"email": user.email}).status_code == 201


def test_a_student_may_be_replaced_by_the_same(api: API) -> None:
    student = StudentFactory(**ADA)

    assert api.put(f"/students/{student.id}", json=ADA).status_code == 200
