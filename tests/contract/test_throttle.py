"""Guessing passwords: for accounts and from addresses of their own, so that no other check is locked out."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from requests import Response

from tests.contract.client import Client, ask_for_token
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.samples import PASSWORD, unique_email

Ask = Callable[..., Response]


@pytest.fixture
def ask(nobody: Client) -> Ask:
    """Who asks for a token from an address of their own, if the API believes who forwards it."""
    own = "198.18.{}.{}".format(*uuid4().bytes)

    def ask(email: str, password: str = "wrong", address: str = own) -> Response:
        return ask_for_token(nobody, email, password, **{"X-Forwarded-For": address})

    return ask


@pytest.mark.check(
    "access.throttle",
    points=3,
    requires=["access.create-user"],
    hint="Look at the count of failures before the password.",
)
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_the_sixth_attempt_is_refused_even_if_right(password: str, office: Office, ask: Ask) -> None:
    """After five failures for one account, the sixth attempt is 429 even if right, with a Retry-After."""
    email = office.user("instructor")["email"]
    for _ in range(5):
        assert_refused(ask(email), 401, "invalid_credentials")

    refused = ask(email, password)

    assert_refused(refused, 429, "too_many_attempts")
    wait = refused.headers["Retry-After"]  # in seconds, or until a date (RFC 9110, section 10.2.3)
    assert wait.endswith("GMT") or 0 < int(wait) <= 15 * 60


@pytest.mark.check("access.throttle-case", points=1, requires=["access.throttle"], hint="Count under email.lower().")
def test_the_case_of_an_email_gives_no_more_attempts(office: Office, ask: Ask) -> None:
    """Failures count for the account, in whatever case its email is sent."""
    email = office.user("instructor")["email"]
    for spelling in (email, email.upper(), email.title(), email, email):
        ask(spelling)

    assert_refused(ask(email.swapcase(), PASSWORD), 429, "too_many_attempts")


@pytest.mark.check(
    "access.throttle-cleared", points=1, requires=["access.throttle"], hint="Forget the count when a login succeeds."
)
def test_a_success_clears_the_count(office: Office, ask: Ask) -> None:
    """A success before the sixth attempt clears the count."""
    email = office.user("instructor")["email"]

    for _ in range(2):
        for _ in range(4):
            assert_refused(ask(email), 401, "invalid_credentials")
        assert ask(email, PASSWORD).status_code == 200


@pytest.mark.check(
    "access.throttle-unknown",
    points=1,
    requires=["access.throttle"],
    hint="Count by the email that was sent, not by a user's id.",
)
def test_an_unknown_account_is_throttled_alike(ask: Ask) -> None:
    """Failures for an email that nobody has are counted, too: whether it exists cannot be told from the throttle."""
    email = unique_email()

    statuses = [ask(email).status_code for _ in range(6)]

    assert statuses == [401] * 5 + [429]


@pytest.mark.check(
    "access.throttle-account",
    points=1,
    requires=["access.throttle"],
    hint="Count failures by account and address, not by address alone.",
)
def test_one_account_does_not_lock_another(office: Office, ask: Ask) -> None:
    """Failures for one account leave others free to log in from the same address."""
    locked, free = (office.user("instructor")["email"] for _ in range(2))
    for _ in range(6):
        ask(locked)

    assert ask(free, PASSWORD).status_code == 200


def test_one_address_does_not_lock_another(office: Office, ask: Ask) -> None:
    """Failures from one client address, as a trusted proxy tells it, leave the account free from another."""
    email = office.user("instructor")["email"]
    for _ in range(6):
        ask(email, address="192.0.2.1")

    assert ask(email, PASSWORD, address="192.0.2.2").status_code == 200
