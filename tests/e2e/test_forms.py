"""What every form promises: to say what is wrong, to lose nothing, and to obey nobody but its reader."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import button, field, fill, is_out, log_in, path, press
from tests.e2e.conftest import SignedIn
from tests.e2e.kinds import COURSE, SECTION, STUDENT, TERM, USER, Kind
from tests.e2e.office import Login, Office, unique, unique_email
from tests.e2e.traffic import Traffic

# what is typed in place of something good; the labels are those of the bad fields
BAD = [
    (STUDENT, {"Name": " "}),
    (STUDENT, {"Name": "A" * 101}),
    (STUDENT, {"Email": ""}),
    (STUDENT, {"Email": "ada at example.org"}),
    (STUDENT, {"Email": f"ada@{'example.' * 32}org"}),
    (STUDENT, {"Name": "", "Email": "ada"}),
    (USER, {"Email": "grace"}),
    (COURSE, {"Code": " "}),
    (COURSE, {"Title": "A" * 101}),
    (COURSE, {"Description": "A" * 10_001}),
    (COURSE, {"Credits": "13"}),
    (TERM, {"Name": "", "Starts on": "", "Withdraw deadline": "", "Credit limit": "-1"}),
    (TERM, {"Credit limit": "101"}),
    (SECTION, {"Course": "", "Number": "0", "Capacity": ""}),
    (SECTION, {"Number": "1000", "Capacity": "1001", "Waitlist capacity": "-1"}),
    (SECTION, {"Meetings": "mon 9 to 10"}),
    (SECTION, {"Meetings": "mon 09:00-10:30\nsomeday 09:00-10:30"}),
    (SECTION, {"Meetings": "mon 10:30-09:00"}),
]
REQUIRED = {
    STUDENT: ["Name", "Email"],
    USER: ["Name", "Email", "Role", "Password"],
    COURSE: ["Code", "Title", "Credits"],
    SECTION: ["Course", "Term", "Number", "Capacity"],
}
TEXT = re.compile(r"\S")
HIDDEN = "[...button.form.elements].filter(each => each.type === 'hidden')"
FORGERIES = {
    "without a token": f"button => {HIDDEN}.forEach(each => each.remove())",
    "with a wrong token": f"button => {HIDDEN}.forEach(each => each.value = 'wrong')",
}


def in_brief(case: Kind | Mapping[str, str]) -> str:
    return (
        str(case) if isinstance(case, Kind) else ", ".join(f"{label} {words[:20]!r}" for label, words in case.items())
    )


@pytest.mark.check("web.bad-form", points=3, requires=["web.add"])
@pytest.mark.parametrize(("kind", "bad"), BAD, ids=in_brief)
def test_a_bad_form_is_shown_again_and_says_where(
    registrar: Page, office: Office, traffic: Traffic, kind: Kind, bad: dict[str, str]
) -> None:
    """A bad form is 422 and goes no further, has what was typed, and ties each message to its field."""
    typed = {**kind.new(office)[0], **bad}
    registrar.goto(f"{kind.path}/new")
    fill(registrar, typed)

    answer = press(registrar, "Save")

    assert (answer.status, traffic.writes) == (422, [])
    for label in typed.keys() - {"Password"}:
        expect(field(registrar, label)).to_have_value(typed[label].strip())
    for label in bad:
        expect(field(registrar, label)).to_have_attribute("aria-invalid", "true")
        expect(field(registrar, label)).to_have_accessible_description(TEXT)
    for label in typed.keys() - bad.keys() - {"Password"}:
        expect(field(registrar, label)).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.check("web.summary", points=2, requires=["web.login"])
@pytest.mark.parametrize(("kind", "required"), REQUIRED.items(), ids=map(str, REQUIRED))
def test_a_bad_form_has_a_summary_that_leads_to_each_field(registrar: Page, kind: Kind, required: list[str]) -> None:
    """The summary of a bad form has the focus, and its links lead into the fields."""
    registrar.goto(f"{kind.path}/new")

    press(registrar, "Save")

    summary = registrar.get_by_role("alert").filter(has=registrar.get_by_role("link"))
    expect(summary).to_be_focused()
    for label, link in zip(required, summary.get_by_role("link").all(), strict=True):
        link.click()
        expect(field(registrar, label)).to_be_focused()


@pytest.mark.check("web.password-hidden", points=1, requires=["web.login"])
def test_a_password_is_never_shown_again(registrar: Page) -> None:
    """A form with a password that is shown again has all but the password."""
    registrar.goto("/users/new")
    fill(registrar, {"Name": "Grace Hopper", "Email": "grace", "Password": "a passphrase of hers"})

    press(registrar, "Save")

    expect(field(registrar, "Name")).to_have_value("Grace Hopper")
    expect(field(registrar, "Password")).to_have_value("")
    assert "a passphrase of hers" not in registrar.content()


@pytest.mark.check("web.csrf", points=3, requires=["web.login"])
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize(
    ("role", "form", "name"),
    [
        ("nobody", "/login", "Log in"),
        ("registrar", "/", "Log out"),
        ("registrar", "/account", "Change password"),
        ("registrar", "/students/new", "Save"),
        ("registrar", "/students/{student}/edit", "Save"),
        ("registrar", "/students/{student}/delete", "Delete student"),
        ("registrar", "/users/new", "Save"),
        ("registrar", "/courses/new", "Save"),
        ("registrar", "/terms/{term}/edit", "Save"),
        ("registrar", "/sections/{other}/delete", "Delete section"),
        ("registrar", "/students/{student}", "Enroll"),
        ("instructor", "/sections/{section}", "Save grades"),
        ("student", "/sections/{other}", "Enroll"),
    ],
)
def test_a_forged_form_changes_nothing(
    signed_in: SignedIn, ids: Mapping[str, int], traffic: Traffic, role: str, form: str, name: str, forge: str
) -> None:
    """A form that another site might have sent is 400 or 403."""
    page = signed_in(role)
    page.goto(form.format(**ids))
    button(page, name).evaluate(forge)

    answer = press(page, name)

    assert answer.status in (400, 403)
    assert traffic.writes == []
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

    @pytest.mark.check("web.expired-form", points=2, requires=["web.add"])
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

    @pytest.mark.check("web.expired-once", points=1, requires=["web.expired-form"])
    def test_has_it_there_once(self, page: Page, login: Login, office: Office) -> None:
        """What was kept is shown once, and never later to anybody."""
        page.goto("/students/new")
        fill(page, {"Name": "Ada Lovelace", "Email": unique_email()})
        office.end_sessions(login)
        press(page, "Save")
        log_in(page, login)

        page.goto("/students/new")

        expect(field(page, "Name")).to_have_value("")

    @pytest.mark.check("web.expired-password", points=1, requires=["web.expired-form"])
    def test_does_not_keep_a_password(self, page: Page, login: Login, office: Office) -> None:
        """Of a form with a password, all else is kept."""
        page.goto("/users/new")
        typed, _ = USER.new(office)
        fill(page, typed)
        office.end_sessions(login)
        press(page, "Save")

        log_in(page, login)

        expect(field(page, "Name")).to_have_value("Grace Hopper")
        expect(field(page, "Role")).to_have_value("instructor")
        expect(field(page, "Password")).to_have_value("")
