"""The users' pages, beyond what holds for every record: what a role is worth."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import field, fill, follow, is_out, log_in, path, press, said, text
from tests.e2e.conftest import NewContext
from tests.e2e.kinds import USER
from tests.e2e.office import Office
from tests.samples import PASSWORD, ROLES, unique_email


@pytest.mark.check("web.add-user", points=2, requires=["web.login"])
@pytest.mark.parametrize("role", ROLES)
def test_a_user_of_each_role_can_be_added_and_log_in(registrar: Page, office: Office, role: str) -> None:
    """A registrar adds a user of any role, who can then log in."""
    email = unique_email()
    registrar.goto("/users")
    follow(registrar, "Add user")
    fill(registrar, {"Name": "Grace Hopper", "Email": email, "Role": role, "Password": PASSWORD})
    if role == "student":
        fill(registrar, {"Student": str(office.student()["id"])})

    press(registrar, "Save")

    expect(said(registrar, "status")).to_be_visible()
    expect(text(registrar, email)).to_be_visible()
    user = office.read(path(registrar))
    assert (user["name"], user["email"], user["role"]) == ("Grace Hopper", email, role)
    assert office.ask_for_token(email, PASSWORD).ok


@pytest.mark.check("web.student-required", points=1, requires=["web.login"])
def test_a_student_without_a_student_is_refused(registrar: Page) -> None:
    """A user with the role student and no student is refused."""
    registrar.goto("/users/new")
    fill(registrar, {"Name": "Grace Hopper", "Email": unique_email(), "Role": "student", "Password": PASSWORD})

    press(registrar, "Save")

    expect(said(registrar, "alert").or_(registrar.locator("[aria-invalid=true]")).first).to_be_visible()
    assert not USER.is_path_of_one(path(registrar))


@pytest.mark.check("web.deactivated", points=1, requires=["web.login"], hint="Log out when the API answers 401.")
def test_a_deactivated_user_is_out_at_once(registrar: Page, office: Office, new_context: NewContext) -> None:
    """A user who is deactivated is logged out at once, and cannot log in again."""
    login = office.user("instructor")
    theirs = new_context().new_page()
    log_in(theirs, login)
    was_in = not is_out(theirs)
    registrar.goto(f"/users/{login.id}/edit")
    field(registrar, "Active").uncheck()

    press(registrar, "Save")

    assert was_in
    assert is_out(theirs)
    log_in(theirs, login)
    expect(said(theirs, "alert")).to_contain_text("Email or password is not right.")
