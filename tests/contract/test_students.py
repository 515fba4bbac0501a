"""The five operations on students, seen through what can be read afterwards."""

import pytest

from tests.contract.client import Client, ask_for_token
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.promised import as_promised
from tests.samples import PASSWORD, new_student, unique_email


@pytest.mark.check("students.create", points=2, requires=["access.login"], hint="Save the student, and commit.")
def test_a_created_student_is_answered_whole(registrar: Client) -> None:
    """A new student is answered whole, and can be read by that id."""
    new = new_student()

    created = registrar.post("/students", json=new)

    assert created.ok
    expected = new | {"id": created.json()["id"]}
    assert as_promised(created.json(), expected) == expected
    assert registrar.get(f"/students/{expected['id']}").json() == created.json()


@pytest.mark.check(
    "students.created",
    points=1,
    requires=["students.create"],
    cases=["students"],
    hint="Answer 201, and set Location on the Response.",
)
@pytest.mark.check(
    "access.created",
    points=1,
    requires=["access.create-user"],
    cases=["users"],
    hint="Answer 201, with Location: /users/ and the new id.",
)
@pytest.mark.check(
    "enrollment.created",
    points=1,
    requires=["enrollment.enroll"],
    cases=["terms", "courses", "sections", "enrollments"],
    hint="Answer 201, with Location: the collection's path and the new id.",
)
@pytest.mark.parametrize("kind", ["students", "users", "terms", "courses", "sections", "enrollments"])
def test_what_is_created_is_201_and_located(kind: str, office: Office) -> None:
    """What is created is answered with 201, and Location is the path where it can be read."""
    created = office.registrar.post(f"/{kind}", json=office.new(kind))

    assert created.status_code == 201
    assert created.headers["Location"] == f"/{kind}/{created.json()['id']}"


@pytest.mark.check("students.email-case", points=1, requires=["students.create"], hint="Store email.lower().")
def test_an_email_is_stored_in_lower_case(registrar: Client) -> None:
    """An email is stored in lower case, whatever was sent."""
    new = new_student()

    created = registrar.post("/students", json=new | {"email": new["email"].upper()})

    assert created.json()["email"] == new["email"]


@pytest.mark.check(
    "students.names", points=1, requires=["students.create"], hint="Escape nothing: that is for who shows it."
)
@pytest.mark.parametrize("name", ["X", "n" * 100, "𐍈" * 100, "Łukasz d'Ångström-ß", "김철수", "👩‍🎓 <b>&amp;</b>"])
def test_a_name_is_kept_as_it_was_sent(name: str, office: Office) -> None:
    """A name has 1 to 100 characters of any script, and comes back as it was sent."""
    student = office.student(name=name)

    assert office.registrar.get(f"/students/{student['id']}").json()["name"] == name


@pytest.mark.check("students.replace", points=3, requires=["students.create"])
def test_a_replaced_student_is_answered_whole_and_stays_so(office: Office) -> None:
    """PUT replaces name and email, and answers the whole student."""
    student, new = office.student(), new_student() | {"name": "Ada King"}
    path = f"/students/{student['id']}"

    replaced = office.registrar.put(path, json=new)

    assert replaced.status_code == 200
    expected = new | {"id": student["id"]}
    assert as_promised(replaced.json(), expected) == expected
    assert office.registrar.get(path).json() == replaced.json()


@pytest.mark.check(
    "students.keep-email",
    points=1,
    requires=["students.replace"],
    hint="Look for the email among the other students only.",
)
def test_a_student_may_keep_their_email(office: Office) -> None:
    """A student's own email is not taken, in whatever case it is sent."""
    student = office.student()

    replaced = office.registrar.put(
        f"/students/{student['id']}", json={"name": "Ada King", "email": student["email"].upper()}
    )

    expected = {"id": student["id"], "name": "Ada King", "email": student["email"]}
    assert as_promised(replaced.json(), expected) == expected


@pytest.mark.check(
    "students.email-taken", points=2, requires=["students.create"], hint="Catch the IntegrityError, and answer 409."
)
def test_an_email_is_taken_without_regard_to_case(office: Office) -> None:
    """Nobody can be given another student's email, in whatever case: 409 email_taken."""
    taken, other = office.student()["email"].upper(), office.student()

    created = office.registrar.post("/students", json={"name": "Eve", "email": taken})
    replaced = office.registrar.put(f"/students/{other['id']}", json={"name": "Eve", "email": taken})

    assert_refused(created, 409, "email_taken")
    assert_refused(replaced, 409, "email_taken")
    assert office.registrar.get(f"/students/{other['id']}").json() == other


@pytest.mark.check("students.email-of-user", points=1, requires=["access.student-login"])
def test_a_student_and_a_user_may_have_one_email(office: Office) -> None:
    """Emails are unique among students, and among users, but not between them."""
    email = unique_email()

    student = office.student(email=email)
    user = office.user("student", email=email, student_id=student["id"])

    assert user["email"] == student["email"]


@pytest.mark.check(
    "students.delete", points=3, requires=["students.create"], hint="Raise HTTPException(404) where there is nobody."
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_deleted_student_is_gone(method: str, office: Office) -> None:
    """DELETE answers 204, and from then on the student is 404."""
    path = f"/students/{office.student()['id']}"

    deleted = office.registrar.delete(path)

    assert (deleted.status_code, deleted.content) == (204, b"")
    again = office.registrar.request(method, path, json=new_student() if method == "PUT" else None)
    assert_refused(again, 404, "not_found")


@pytest.mark.check(
    "students.ids",
    points=1,
    requires=["students.create"],
    hint="On SQLite, ids are used again unless the table has AUTOINCREMENT.",
)
def test_an_id_is_never_used_twice(office: Office) -> None:
    """The id of a deleted student is never given to another."""
    for _ in range(3):  # somebody else's new student may take the id instead
        gone = office.student()["id"]
        assert office.registrar.delete(f"/students/{gone}").ok

        assert office.student()["id"] != gone


@pytest.mark.check(
    "students.delete-login",
    points=2,
    requires=["students.delete", "access.student-login"],
    hint="In the same transaction: is_active = False, student_id = None, and no token.",
)
def test_a_deleted_students_login_is_deactivated(office: Office, nobody: Client) -> None:
    """Deleting a student deactivates their login, unlinks it, and ends its sessions."""
    login = office.login("student")

    office.registrar.delete(f"/students/{login.student_id}")

    user = office.registrar.get(f"/users/{login.id}").json()
    assert (user["is_active"], user["student_id"]) == (False, None)
    assert_refused(login.client.get("/users/me"), 401, "unauthenticated")
    again = ask_for_token(nobody, login.email, PASSWORD)
    assert_refused(again, 401, "invalid_credentials")
