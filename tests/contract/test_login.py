"""Logging in, and being known by a token."""

import pytest

from tests.contract.client import Client, ask_for_token
from tests.contract.office import Login, Office
from tests.contract.problems import MEMBERS, assert_refused
from tests.promised import as_promised
from tests.samples import PASSWORD, Json, unique_email


@pytest.mark.check(
    "access.login",
    points=3,
    hint="Answer access_token and token_type; declare /users/me before /users/{user_id}.",
)
def test_a_login_gives_a_token(registrar_login: tuple[str, str], nobody: Client) -> None:
    """POST /auth/token with an email and a password gives an access token, with which the API is used."""
    answer = ask_for_token(nobody, *registrar_login)

    assert answer.ok
    owner = Client(nobody.url, answer.json()["access_token"])
    assert owner.get("/users/me").json()["email"] == registrar_login[0].lower()


@pytest.mark.check(
    "access.token", points=1, requires=["access.create-user"], hint="secrets.token_urlsafe(32) makes one."
)
def test_a_token_is_opaque_random_and_for_eight_hours(office: Office, nobody: Client) -> None:
    """A login gives a bearer token that can hold 256 bits, is another each time, and is for 8 hours."""
    email = office.user("instructor")["email"]

    first, second = ask_for_token(nobody, email, PASSWORD), ask_for_token(nobody, email, PASSWORD)

    assert first.status_code == 200
    assert first.json()["token_type"].lower() == "bearer"
    assert 8 * 60 * 60 - 60 <= first.json()["expires_in"] <= 8 * 60 * 60
    assert len(first.json()["access_token"]) * 6 >= 256  # as a character of one (RFC 6750, section 2.1) is one of 68
    assert first.json()["access_token"] != second.json()["access_token"]


@pytest.mark.check("access.me", points=1, requires=["access.student-login"])
@pytest.mark.parametrize("role", ["registrar", "instructor", "student"])
def test_who_is_signed_in_can_read_who_they_are(role: str, logins: dict[str, Login]) -> None:
    """In each role, GET /users/me is the whole user whose token was sent."""
    expected: Json = {
        "id": logins[role].id,
        "name": "Grace Hopper",
        "email": logins[role].email,
        "role": role,
        "is_active": True,
        "student_id": logins[role].student_id,
    }

    me = logins[role].client.get("/users/me").json()

    assert as_promised(me, expected) == expected


@pytest.mark.check(
    "access.login-case",
    points=1,
    requires=["access.create-user"],
    hint="Lower the email before you look it up, and never the password.",
)
def test_an_email_logs_in_in_any_case(office: Office, nobody: Client) -> None:
    """The email of a login is compared without case, the password with it."""
    email = office.user("instructor")["email"]

    assert ask_for_token(nobody, email.upper(), PASSWORD).status_code == 200
    assert_refused(ask_for_token(nobody, email, PASSWORD.upper()), 401, "invalid_credentials")


@pytest.mark.check(
    "access.login-fields",
    points=1,
    requires=["access.create-user"],
    hint="OAuth2PasswordRequestForm takes them; a model that forbids unknown fields does not.",
)
def test_unknown_form_fields_are_ignored(office: Office, nobody: Client) -> None:
    """Form fields that a login does not know are ignored, as OAuth2 wants."""
    form = {"username": office.user("instructor")["email"], "password": PASSWORD, "grant_type": "password", "x": "1"}

    assert nobody.post("/auth/token", data=form).status_code == 200


@pytest.mark.check(
    "access.login-refused", points=2, requires=["access.patch-user"], hint="Refuse all three by the same line of code."
)
def test_a_refused_login_does_not_tell_why(office: Office, nobody: Client) -> None:
    """Unknown user, wrong password and inactive user get one and the same answer: 401 invalid_credentials."""
    inactive = office.user("instructor")
    office.registrar.patch(f"/users/{inactive['id']}", json={"is_active": False})

    answers = [
        ask_for_token(nobody, unique_email(), PASSWORD),
        ask_for_token(nobody, office.user("instructor")["email"], "wrong"),
        ask_for_token(nobody, inactive["email"], PASSWORD),
    ]

    for answer in answers:
        assert_refused(answer, 401, "invalid_credentials")
    first, *others = [{member: answer.json().get(member) for member in MEMBERS} for answer in answers]
    assert others == [first, first]
    assert len({answer.headers.get("WWW-Authenticate") for answer in answers}) == 1


@pytest.mark.check(
    "access.bad-token",
    points=1,
    requires=["access.login"],
    cases=["unknown", "long"],
    hint='Set WWW-Authenticate to: Bearer error="invalid_token"',
)
@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer " + "x" * 4000, "bearer nonsense", "Bearer é"],
    ids=["unknown", "long", "lower_case", "no_ascii"],
)
def test_a_bad_token_is_told_to_be_bad(header: str, nobody: Client) -> None:
    """A token that is not valid is 401 unauthenticated, with error="invalid_token" in WWW-Authenticate."""
    refused = nobody.get("/users/me", headers={"Authorization": header.encode()})

    assert_refused(refused, 401, "unauthenticated")
    challenge = refused.headers["WWW-Authenticate"]
    assert challenge.startswith("Bearer ")
    assert 'error="invalid_token"' in challenge  # and maybe more, such as a realm (RFC 6750, section 3)


@pytest.mark.check("access.bearer", points=1, requires=["access.login"], hint="Look at the scheme before the token.")
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic cmVnaXN0cmFyOg==", "Token x"])
def test_what_is_no_bearer_token_is_no_token(header: str, nobody: Client) -> None:
    """Another kind of credential than a bearer token is 401 unauthenticated, with WWW-Authenticate: Bearer."""
    refused = nobody.get("/users/me", headers={"Authorization": header})

    assert_refused(refused, 401, "unauthenticated")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
