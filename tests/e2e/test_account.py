"""One's own password."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import field, fill, is_out, log_in, press, said, text
from tests.e2e.conftest import NewContext
from tests.e2e.office import Login, Office
from tests.samples import PASSWORD

NAME, NEW = "Augusta King", "another passphrase of our own"


@pytest.fixture
def login(office: Office) -> Login:
    return office.user("student", name=NAME)


@pytest.fixture
def account(page: Page, login: Login) -> Page:
    log_in(page, login)
    page.goto("/account")
    return page


@pytest.mark.check("web.account", points=1, requires=["web.login"])
def test_the_account_says_who_i_am(account: Page, login: Login) -> None:
    """The account page shows whose it is, by name or email."""
    expect(text(account, login.email).or_(text(account, NAME)).first).to_be_visible()


@pytest.mark.check(
    "web.new-password", points=2, requires=["web.login"], hint="PUT /users/me/password; then have them log in again."
)
def test_a_new_password_ends_every_session(
    account: Page, login: Login, office: Office, new_context: NewContext
) -> None:
    """Whoever changes the password is logged out everywhere else, and logs in with the new one only."""
    elsewhere = new_context().new_page()
    log_in(elsewhere, login)
    fill(account, {"Current password": PASSWORD, "New password": NEW})

    press(account, "Change password")

    expect(said(account, "status")).to_be_visible()
    assert is_out(elsewhere)
    assert [office.ask_for_token(login.email, each).status_code for each in (PASSWORD, NEW)] == [401, 200]


@pytest.mark.check(
    "web.wrong-password", points=1, requires=["web.login"], hint="Show the API's refusal as an alert on the form."
)
def test_a_wrong_current_password_changes_nothing(account: Page, login: Login, office: Office) -> None:
    """Without the current password there is no new one, and neither is shown again."""
    fill(account, {"Current password": "not the right one", "New password": NEW})

    press(account, "Change password")

    expect(said(account, "alert")).to_be_visible()
    for label in ("Current password", "New password"):
        expect(field(account, label)).to_have_value("")
    assert office.ask_for_token(login.email, PASSWORD).ok
