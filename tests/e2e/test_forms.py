"""What every form promises: to say what is wrong, to lose nothing, and to obey nobody but its reader."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import button, field, fill, is_out, log_in, path, press
from tests.e2e.conftest import SignedIn
from tests.e2e.office import Login, Office, unique, unique_email
from tests.e2e.traffic import Traffic

# a name and an email, and which of them is bad
BAD = [
    (" ", "ada@example.org", ["Name"]),
    ("A" * 101, "ada@example.org", ["Name"]),
    ("Ada Lovelace", "", ["Email"]),
    ("Ada Lovelace", "ada at example.org", ["Email"]),
    ("Ada Lovelace", f"ada@{'example.' * 32}org", ["Email"]),
    ("", "ada", ["Name", "Email"]),
]
TEXT = re.compile(r"\S")
HIDDEN = "[...button.form.elements].filter(each => each.type === 'hidden')"
FORGERIES = {
    "without a token": f"button => {HIDDEN}.forEach(each => each.remove())",
    "with a wrong token": f"button => {HIDDEN}.forEach(each => each.value = 'wrong')",
}


@pytest.mark.parametrize(("name", "email", "bad"), BAD)
def test_a_bad_form_is_shown_again_and_says_where(registrar: Page, name: str, email: str, bad: list[str]) -> None:
    """A bad form is 422, has what was typed, and ties each message to its field."""
    registrar.goto("/students/new")
    fill(registrar, {"Name": name, "Email": email})

    answer = press(registrar, "Save")

    assert answer.status == 422
    for label, typed in (("Name", name), ("Email", email)):
        expect(field(registrar, label)).to_have_value(typed.strip())
    for label in bad:
        expect(field(registrar, label)).to_have_attribute("aria-invalid", "true")
        expect(field(registrar, label)).to_have_accessible_description(TEXT)
    for label in {"Name", "Email"}.difference(bad):
        expect(field(registrar, label)).not_to_have_attribute("aria-invalid", "true")


def test_a_bad_form_has_a_summary_that_leads_to_each_field(registrar: Page) -> None:
    """The summary of a bad form has the focus, and its links lead into the fields."""
    registrar.goto("/students/new")
    fill(registrar, {"Name": " ", "Email": "ada"})

    press(registrar, "Save")

    summary = registrar.get_by_role("alert").filter(has=registrar.get_by_role("link"))
    expect(summary).to_be_focused()
    for label, link in zip(("Name", "Email"), summary.get_by_role("link").all(), strict=True):
        link.click()
        expect(field(registrar, label)).to_be_focused()


def test_a_bad_form_makes_no_api_call(registrar: Page, office: Office, traffic: Traffic) -> None:
    """What the form itself can see is bad goes no further, and what is good does."""
    email = unique_email()
    registrar.goto("/students/new")
    fill(registrar, {"Name": "A" * 101, "Email": email})
    press(registrar, "Save")
    calls = traffic.writes

    assert (calls, office.students(email)) == ([], [])


def test_a_password_is_never_shown_again(registrar: Page) -> None:
    """A form with a password that is shown again has all but the password."""
    registrar.goto("/users/new")
    fill(registrar, {"Name": "Grace Hopper", "Email": "grace", "Password": "a passphrase of hers"})

    press(registrar, "Save")

    expect(field(registrar, "Name")).to_have_value("Grace Hopper")
    expect(field(registrar, "Password")).to_have_value("")
    assert "a passphrase of hers" not in registrar.content()


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize(
    ("role", "form", "name"),
    [
        ("nobody", "/login", "Log in"),
        ("registrar", "/", "Log out"),
        ("registrar", "/account", "Change password"),
        ("registrar", "/students/new", "Save"),
        ("registrar", "/students/{id}/edit", "Save"),
        ("registrar", "/students/{id}/delete", "Delete student"),
        ("registrar", "/users/new", "Save"),
    ],
)
def test_a_forged_form_changes_nothing(
    signed_in: SignedIn, office: Office, traffic: Traffic, role: str, form: str, name: str, forge: str
) -> None:
    """A form that another site might have sent is 400 or 403."""
    student = office.student()
    page = signed_in(role)
    page.goto(form.format(**student))
    button(page, name).evaluate(forge)

    answer = press(page, name)

    assert answer.status in (400, 403)
    assert traffic.writes == []
    assert office.students(student["email"]) == [student]
    assert is_out(page) == (role == "nobody")


class TestASessionThatExpiresOverAForm:
    """What was typed outlives the login."""

    @pytest.fixture
    def login(self, office: Office) -> Login:
        return office.user("registrar")

    @pytest.fixture
    def page(self, page: Page, login: Login) -> Page:
        log_in(page, login)
        return page

    def test_has_it_there_again(self, page: Page, login: Login, office: Office) -> None:
        """After the login the form has what was typed, and can be saved."""
        name, email = f"Ada {unique()}", unique_email()
        page.goto("/students/new")
        fill(page, {"Name": name, "Email": email})
        office.end_sessions(login)
        press(page, "Save")
        asked_to_log_in = path(page) == "/login"

        log_in(page, login)

        assert asked_to_log_in
        assert office.students(email) == []
        expect(field(page, "Name")).to_have_value(name)
        expect(field(page, "Email")).to_have_value(email)
        press(page, "Save")
        assert [student["name"] for student in office.students(email)] == [name]

    def test_has_it_there_once(self, page: Page, login: Login, office: Office) -> None:
        """What was kept is shown once, and never later to anybody."""
        page.goto("/students/new")
        fill(page, {"Name": "Ada Lovelace", "Email": unique_email()})
        office.end_sessions(login)
        press(page, "Save")
        log_in(page, login)

        page.goto("/students/new")

        expect(field(page, "Name")).to_have_value("")

    def test_does_not_keep_a_password(self, page: Page, login: Login, office: Office) -> None:
        """Of a form with a password, all else is kept."""
        page.goto("/users/new")
        fill(page, {"Name": "Grace Hopper", "Email": unique_email(), "Password": "a passphrase of hers"})
        page.get_by_label("Role", exact=True).select_option("instructor")
        office.end_sessions(login)
        press(page, "Save")

        log_in(page, login)

        expect(field(page, "Name")).to_have_value("Grace Hopper")
        expect(field(page, "Role")).to_have_value("instructor")
        expect(field(page, "Password")).to_have_value("")
