"""Logging in and out, tokens, and the throttle."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from api.config import Settings
from api.main import create_app
from api.models import FailedLogin, Role, Token
from api.security import DEMO_PASSWORD, Passwords, digest
from tests.unit.api.visitors import API, refusal
from tests.unit.conftest import Clock
from tests.unit.factories import PASSWORD, UserFactory


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def fail(api: API, email: str, times: int) -> None:
    for _ in range(times):
        assert refusal(api.log_in(email, "a wrong password")) == (401, "invalid_credentials")


def test_a_login_gives_a_bearer_token_for_eight_hours(api: API) -> None:
    answer = api.log_in(UserFactory().email, PASSWORD)

    assert answer.json() == {
        "access_token": answer.json()["access_token"],
        "token_type": "bearer",
        "expires_in": 8 * 60 * 60,
    }
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_says_who_is_asking_until_it_expires(api: API, clock: Clock) -> None:
    user = UserFactory()
    token = api.log_in(user.email, PASSWORD).json()["access_token"]

    clock.advance(hours=7, minutes=59)
    assert api.get("/users/me", by=None, headers=bearer(token)).json()["id"] == user.id

    clock.advance(minutes=1)
    assert refusal(api.get("/users/me", by=None, headers=bearer(token))) == (401, "unauthenticated")


def test_tokens_are_256_random_bits_and_kept_as_digests_only(api: API, session: Session) -> None:
    user = UserFactory()

    tokens = {api.log_in(user.email, PASSWORD).json()["access_token"] for _ in range(3)}

    assert {len(token) * 6 // 8 for token in tokens} == {32}
    assert {kept.digest for kept in session.query(Token)} == {digest(token) for token in tokens}


def test_a_login_forgets_the_users_expired_tokens(api: API, session: Session, clock: Clock) -> None:
    user = UserFactory()
    api.log_in(user.email, PASSWORD)
    clock.advance(hours=9)

    api.log_in(user.email, PASSWORD)

    assert session.query(Token).count() == 1


def test_logging_out_ends_this_token_and_no_other(api: API) -> None:
    user = UserFactory()
    ended, kept = (api.log_in(user.email, PASSWORD).json()["access_token"] for _ in range(2))

    assert api.delete("/auth/token", by=None, headers=bearer(ended)).status_code == 204

    assert api.get("/users/me", by=None, headers=bearer(ended)).status_code == 401
    assert api.get("/users/me", by=None, headers=bearer(kept)).status_code == 200


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        ({}, "Bearer"),
        ({"Authorization": "Basic Zm9vOmJhcg=="}, "Bearer"),
        ({"Authorization": "Bearer nonsense"}, 'Bearer error="invalid_token"'),
        ({"Authorization": b"Bearer \xe9"}, 'Bearer error="invalid_token"'),
    ],
)
def test_without_a_good_token_the_answer_is_a_challenge(api: API, header: dict[str, Any], challenge: str) -> None:
    answer = api.get("/users/me", by=None, headers=header)

    assert refusal(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == challenge


def test_unknown_user_wrong_password_and_inactive_user_get_the_same_answer(api: API) -> None:
    active, inactive = UserFactory(), UserFactory(is_active=False)

    answers = [
        api.log_in("nobody@example.org", PASSWORD),
        api.log_in("no email \u212a", PASSWORD),
        api.log_in(active.email, "a wrong password"),
        api.log_in(inactive.email, PASSWORD),
    ]

    assert {refusal(answer) for answer in answers} == {(401, "invalid_credentials")}
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


def test_an_inactive_users_token_is_dead(api: API, session: Session) -> None:
    user = UserFactory()
    token = api.token(user)

    user.is_active = False
    session.commit()

    assert api.get("/users/me", by=None, headers=bearer(token)).status_code == 401


def test_the_sixth_attempt_after_five_failures_waits_even_if_right(api: API, clock: Clock) -> None:
    user = UserFactory()
    fail(api, user.email, times=5)
    clock.advance(minutes=5)

    answer = api.log_in(user.email.upper(), PASSWORD)

    assert refusal(answer) == (429, "too_many_attempts")
    assert answer.headers["retry-after"] == str(10 * 60)


def test_an_account_that_does_not_exist_is_throttled_alike(api: API) -> None:
    fail(api, "nobody@example.org", times=5)

    assert refusal(api.log_in("nobody@example.org", PASSWORD)) == (429, "too_many_attempts")


def test_failures_are_forgotten_after_fifteen_minutes(api: API, session: Session, clock: Clock) -> None:
    user = UserFactory()
    fail(api, user.email, times=5)

    clock.advance(minutes=15)

    assert api.log_in(user.email, PASSWORD).status_code == 200
    assert session.query(FailedLogin).count() == 0


def test_any_five_failures_within_fifteen_minutes_count(api: API, clock: Clock) -> None:
    user = UserFactory()
    fail(api, user.email, times=3)
    clock.advance(minutes=10)
    fail(api, user.email, times=2)
    clock.advance(minutes=5)
    fail(api, user.email, times=3)

    answer = api.log_in(user.email, PASSWORD)

    assert refusal(answer) == (429, "too_many_attempts")
    assert answer.headers["retry-after"] == str(10 * 60)


def test_a_success_clears_the_count(api: API) -> None:
    user = UserFactory()
    fail(api, user.email, times=4)
    api.log_in(user.email, PASSWORD)

    fail(api, user.email, times=5)


def test_another_account_or_another_address_is_not_throttled(app: FastAPI, api: API) -> None:
    user, other = UserFactory(), UserFactory()
    fail(api, user.email, times=5)
    elsewhere = TestClient(app, client=("192.0.2.1", 1))

    assert api.log_in(other.email, PASSWORD).status_code == 200
    assert elsewhere.post("/auth/token", data={"username": user.email, "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(("environment", "status"), [("development", 200), ("production", 401)])
def test_production_refuses_the_demo_password(
    api: API, settings: Settings, passwords: Passwords, environment: str, status: int
) -> None:
    demo = UserFactory(role=Role.REGISTRAR, password_hash=Passwords(time_cost=1, memory_cost=8).hash_now(DEMO_PASSWORD))
    app = create_app(settings.model_copy(update={"environment": environment}))

    with TestClient(app) as client:
        answer = client.post("/auth/token", data={"username": demo.email, "password": DEMO_PASSWORD})

    assert answer.status_code == status


def test_other_fields_of_the_login_form_are_ignored(api: API) -> None:
    form = {"username": UserFactory().email, "password": PASSWORD, "grant_type": "password", "scope": "x"}

    assert api.post("/auth/token", by=None, data=form).status_code == 200
