"""What ends a session, and what does not."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.client import Client, ask_for_token, log_in
from tests.contract.office import Login, Office
from tests.contract.problems import assert_refused
from tests.samples import PASSWORD

NEW_PASSWORD = "another passphrase"


@pytest.mark.check(
    "access.logout", points=2, requires=["access.create-user"], hint="Delete the token where it is stored."
)
def test_logging_out_ends_this_session_only(office: Office) -> None:
    """A logout ends the session whose token it carries at once, and no other."""
    login = office.login("instructor")
    other = log_in(login.client.url, login.email, PASSWORD, login.role)

    assert login.client.delete("/auth/token").status_code == 204

    assert_refused(login.client.get("/users/me"), 401, "unauthenticated")
    assert other.get("/users/me").status_code == 200


def patch(office: Office, login: Login, **changes: Any) -> None:
    patched = office.registrar.patch(f"/users/{login.id}", json=changes)
    assert patched.ok, f"the user is not changed: {patched.status_code}"


def deactivate(office: Office, login: Login) -> None:
    patch(office, login, is_active=False)


def change_role(office: Office, login: Login) -> None:
    patch(office, login, role="registrar")


def change_password(_: Office, login: Login) -> None:
    new = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    changed = log_in(login.client.url, login.email, PASSWORD, login.role).put("/users/me/password", json=new)
    assert changed.status_code == 204, f"the password is not changed: {changed.status_code}"


@pytest.mark.check(
    "access.sessions-end",
    points=3,
    requires=["access.create-user"],
    hint="Delete all tokens of the user in the same transaction.",
)
@pytest.mark.parametrize("end", [deactivate, change_role, change_password])
def test_every_session_ends_at_once(end: Callable[[Office, Login], None], office: Office) -> None:
    """Deactivation, another role, and a new password end all sessions of the user at once."""
    login = office.login("instructor")
    other = log_in(login.client.url, login.email, PASSWORD, login.role)

    end(office, login)

    assert_refused(login.client.get("/users/me"), 401, "unauthenticated")
    assert_refused(other.get("/users/me"), 401, "unauthenticated")


@pytest.mark.check(
    "access.rename-keeps-session",
    points=1,
    requires=["access.patch-user"],
    hint="End sessions for a new role or password, or a deactivation, alone.",
)
def test_another_name_ends_no_session(office: Office) -> None:
    """A user who is given another name stays signed in."""
    login = office.login("instructor")

    patch(office, login, name="Grace Brewster Hopper")

    me = login.client.get("/users/me")
    assert me.status_code == 200
    assert me.json()["name"] == "Grace Brewster Hopper"


@pytest.mark.check(
    "access.reactivated",
    points=1,
    requires=["access.patch-user"],
    hint="Delete the tokens at deactivation; to ignore them is not enough.",
)
def test_a_reactivated_user_must_log_in_again(office: Office, nobody: Client) -> None:
    """Reactivation brings back the login, not the sessions that it had."""
    login = office.login("instructor")

    patch(office, login, is_active=False)
    patch(office, login, is_active=True)

    assert_refused(login.client.get("/users/me"), 401, "unauthenticated")
    assert ask_for_token(nobody, login.email, PASSWORD).status_code == 200


@pytest.mark.check(
    "access.new-password", points=2, requires=["access.create-user"], hint="Store the hash of the new password."
)
def test_only_the_new_password_logs_in(office: Office, nobody: Client) -> None:
    """After a change of password only the new one logs in."""
    login = office.login("instructor")

    change_password(office, login)

    assert_refused(ask_for_token(nobody, login.email, PASSWORD), 401, "invalid_credentials")
    assert ask_for_token(nobody, login.email, NEW_PASSWORD).status_code == 200


@pytest.mark.check(
    "access.wrong-password", points=1, requires=["access.create-user"], hint="Verify current_password before all else."
)
def test_a_password_is_changed_by_who_knows_it(office: Office, nobody: Client) -> None:
    """A change of password with a wrong current one is 409 wrong_password, and changes and ends nothing."""
    login = office.login("instructor")

    refused = login.client.put("/users/me/password", json={"current_password": "wrong", "new_password": NEW_PASSWORD})

    assert_refused(refused, 409, "wrong_password")
    assert login.client.get("/users/me").status_code == 200
    assert ask_for_token(nobody, login.email, PASSWORD).status_code == 200
