"""The users' pages."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import field, fill, follow, is_out, link, log_in, path, press, said, text
from tests.e2e.conftest import NewContext
from tests.e2e.office import PASSWORD, ROLES, Office, unique, unique_email


def choose_student(page: Page, student_id: int) -> None:
    """The contract does not say whether that is a list or a number to type."""
    control = field(page, "Student")
    if control.evaluate("control => control instanceof HTMLSelectElement"):
        control.select_option(str(student_id))
    else:
        control.fill(str(student_id))


def test_the_list_leads_to_every_user(registrar: Page, office: Office) -> None:
    """Each user is on one of the list's pages, with a link to their own."""
    name = f"Grace {unique()}"
    login = office.user("instructor", name=name)
    registrar.goto("/users")
    while not link(registrar, name).count():
        follow(registrar, "Next page")

    listed = text(registrar, login.email).is_visible()
    follow(registrar, name)

    assert listed
    assert path(registrar) == f"/users/{login.id}"


@pytest.mark.parametrize("role", ROLES)
def test_a_user_of_each_role_can_be_added_and_log_in(registrar: Page, office: Office, role: str) -> None:
    """A registrar gives somebody a login, and it works."""
    email = unique_email()
    registrar.goto("/users")
    follow(registrar, "Add user")
    fill(registrar, {"Name": "Grace Hopper", "Email": email, "Password": PASSWORD})
    field(registrar, "Role").select_option(role)
    if role == "student":
        choose_student(registrar, office.student()["id"])

    press(registrar, "Save")

    expect(said(registrar, "status")).to_be_visible()
    expect(text(registrar, email)).to_be_visible()
    user = office.read_user(int(path(registrar).removeprefix("/users/")))
    assert (user["name"], user["email"], user["role"]) == ("Grace Hopper", email, role)
    assert office.ask_for_token(email, PASSWORD).ok


def test_a_student_without_a_student_is_refused(registrar: Page) -> None:
    """A student's login needs a student."""
    registrar.goto("/users/new")
    fill(registrar, {"Name": "Grace Hopper", "Email": unique_email(), "Password": PASSWORD})
    field(registrar, "Role").select_option("student")

    press(registrar, "Save")

    expect(said(registrar, "alert")).to_be_visible()
    assert path(registrar) == "/users/new"


def test_a_user_can_be_edited(registrar: Page, office: Office) -> None:
    """A registrar changes a user's name and role."""
    user = office.user("registrar")
    registrar.goto(f"/users/{user.id}")
    follow(registrar, "Edit")
    fill(registrar, {"Name": "Grace Murray"})
    field(registrar, "Role").select_option("instructor")

    press(registrar, "Save")

    assert path(registrar) == f"/users/{user.id}"
    expect(said(registrar, "status")).to_be_visible()
    changed = office.read_user(user.id)
    assert (changed["name"], changed["role"]) == ("Grace Murray", "instructor")


def test_a_deactivated_user_is_out_at_once(registrar: Page, office: Office, new_context: NewContext) -> None:
    """Whoever is deactivated is logged out, and cannot log in again."""
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


def test_a_stale_edit_of_a_user_overwrites_nothing(registrar: Page, office: Office) -> None:
    """Of two who edit a user at once, the second is told, and loses neither's work."""
    login = office.user("instructor")
    second = registrar.context.new_page()
    for page in (registrar, second):
        page.goto(f"/users/{login.id}/edit")
    fill(registrar, {"Name": "Grace Murray"})
    fill(second, {"Name": "Grace Brewster"})
    press(registrar, "Save")

    press(second, "Save")

    expect(said(second, "alert")).to_be_visible()
    expect(field(second, "Name")).to_have_value("Grace Brewster")
    assert office.read_user(login.id)["name"] == "Grace Murray"
