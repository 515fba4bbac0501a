"""What happens at once: many rounds each, because a race is lost only sometimes."""

import pytest

from tests.contract.client import Client
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.contract.racing import at_once, post, put, rounds, status, statuses
from tests.samples import PASSWORD, new_student, new_user

CONSTRAIN = "Let a unique constraint decide, and answer its error with 409."


@pytest.mark.check(
    "students.race-version",
    points=2,
    requires=["students.if-match"],
    whole=True,
    hint="Compare the tag under the lock under which you replace.",
)
@rounds
def test_of_two_replacements_of_one_version_one_wins(round_: int, office: Office) -> None:
    """Of two PUTs with one ETag at once, one is 200 and the other 412."""
    path = f"/students/{office.student()['id']}"
    seen = {"If-Match": office.registrar.get(path).headers["ETag"]}

    answers = at_once(office.registrar, *(put(path, json=new_student(), headers=seen) for _ in range(2)))

    assert statuses(answers) == [200, 412]
    winner = next(answer for answer in answers if answer.ok)
    assert office.registrar.get(path).json() == winner.json()


@pytest.mark.check(
    "students.race-email",
    points=2,
    requires=["students.email-taken"],
    whole=True,
    hint=CONSTRAIN,
)
@rounds
def test_one_email_is_given_to_one_student(round_: int, office: Office) -> None:
    """Of three requests at once for one email, by POST and by PUT, one succeeds and the others are 409 email_taken."""
    wanted = new_student()
    other = f"/students/{office.student()['id']}"

    answers = at_once(
        office.registrar,
        post("/students", json=wanted),
        post("/students", json=wanted | {"email": wanted["email"].upper()}),
        put(other, json=wanted),
    )

    assert statuses(answers) == [200, 409, 409]


@pytest.mark.check(
    "access.race-email",
    points=1,
    requires=["access.email-taken"],
    whole=True,
    hint=CONSTRAIN,
)
@rounds
def test_one_email_is_given_to_one_user(round_: int, office: Office) -> None:
    """Of two logins at once with one email, one is made and the other is 409 email_taken."""
    wanted = new_user()
    again = wanted | {"email": wanted["email"].upper()}

    answers = at_once(office.registrar, post("/users", json=wanted), post("/users", json=again))

    assert statuses(answers) == [200, 409]


@pytest.mark.check(
    "access.race-student-login",
    points=1,
    requires=["access.student-taken"],
    whole=True,
    hint=CONSTRAIN,
)
@rounds
def test_a_student_gets_one_login(round_: int, office: Office) -> None:
    """Of two logins at once for one student, one is made and the other is 409 student_taken."""
    linked = {"role": "student", "student_id": office.student()["id"]}

    answers = at_once(office.registrar, *(post("/users", json=new_user() | linked) for _ in range(2)))

    assert statuses(answers) == [200, 409]


@pytest.mark.check(
    "students.race-delete",
    points=1,
    requires=["students.delete-login"],
    whole=True,
    hint="Answer the foreign key's error with 404.",
)
@rounds
def test_a_deletion_that_races_leaves_no_half(round_: int, office: Office) -> None:
    """A student who is deleted while they are replaced and given a login is gone, and nothing is a failure."""
    student_id = office.student()["id"]
    path, linked = f"/students/{student_id}", new_user() | {"role": "student", "student_id": student_id}

    deleted, replaced, login = at_once(
        office.registrar, lambda client: client.delete(path), put(path, json=new_student()), post("/users", json=linked)
    )

    assert deleted.ok
    assert status(replaced) in {200, 404}
    assert status(login) in {200, 404}
    assert_refused(office.registrar.get(path), 404, "not_found")
    if login.ok:
        user = office.registrar.get(f"/users/{login.json()['id']}").json()
        assert (user["is_active"], user["student_id"]) == (False, None)


@pytest.mark.check(
    "access.race-guessing",
    points=2,
    requires=["access.throttle"],
    whole=True,
    hint="Count an attempt before you judge it.",
)
@pytest.mark.parametrize("round_", range(3))
def test_guessing_at_once_gains_nothing(round_: int, office: Office, nobody: Client) -> None:
    """Of twelve wrong passwords for one account at once, at most five are judged, and the others are 429."""
    wrong = {"username": office.user("instructor")["email"], "password": "wrong"}

    answers = at_once(nobody, *[post("/auth/token", data=wrong)] * 12)

    judged = statuses(answers).count(401)
    assert statuses(answers) == [401] * judged + [429] * (12 - judged)
    assert judged <= 5


@pytest.mark.parametrize("round_", range(3))
def test_a_password_is_changed_once(round_: int, office: Office) -> None:
    """Of two changes of one password at once, one succeeds; the other finds the password or the session gone."""
    login = office.login("instructor")
    new = {"current_password": PASSWORD, "new_password": PASSWORD[::-1]}

    answers = at_once(login.client, *[put("/users/me/password", json=new)] * 2)

    assert statuses(answers) in ([200, 401], [200, 409])
