"""What every form promises: to say what is wrong, to lose nothing, and to obey nobody but its reader."""

import re
from collections.abc import Iterable, Mapping

import pytest
from playwright.sync_api import ElementHandle, Page, expect

from tests.e2e.browsing import button, entry, field, fill, is_out, log_in, path, press
from tests.e2e.campus import Campus
from tests.e2e.conftest import SignedIn
from tests.e2e.kinds import COURSE, SECTION, STUDENT, TERM, USER, Kind
from tests.e2e.office import Login, Office
from tests.e2e.traffic import Traffic
from tests.samples import PASSWORD, unique, unique_email

# what is typed in place of something good; the labels are those of the bad fields
BAD = [  # whatever controls a form is made of, and where they let a person type it
    (STUDENT, {"Name": " "}),
    (USER, {"Email": "grace"}),
    (COURSE, {"Code": " "}),
    (TERM, {"Credit limit": "-1"}),
    (SECTION, {"Meetings": "mon 9 to 10"}),
]
WORSE = [  # more of the same, also where a form may have lists, stop a person who types on, or tell one fault at a time
    (STUDENT, {"Name": "", "Email": "ada"}),
    (TERM, {"Name": "", "Withdraw deadline": "", "Credit limit": "-1"}),
    (SECTION, {"Number": "1000", "Capacity": "1001", "Waitlist capacity": "-1"}),
    (STUDENT, {"Name": "A" * 101}),
    (STUDENT, {"Email": ""}),
    (STUDENT, {"Email": "ada at example.org"}),
    (STUDENT, {"Email": f"ada@{'example.' * 32}org"}),
    (USER, {"Name": " "}),
    (COURSE, {"Title": "A" * 101}),
    (COURSE, {"Description": "A" * 10_001}),
    (COURSE, {"Credits": "13"}),
    (TERM, {"Starts on": ""}),
    (TERM, {"Credit limit": "101"}),
    (SECTION, {"Course": "", "Number": "0", "Capacity": ""}),
    (SECTION, {"Capacity": "1001"}),
    (SECTION, {"Meetings": "mon 09:00-10:30\nsomeday 09:00-10:30"}),
    (SECTION, {"Meetings": "mon 10:30-09:00"}),
]
REQUIRED = {
    STUDENT: ["Name", "Email"],
    USER: ["Name", "Email", "Password"],
    COURSE: ["Code", "Title"],
    SECTION: ["Number", "Capacity"],
}
TEXT = re.compile(r"\S")
HIDDEN = "[...button.form.elements].filter(each => each.type === 'hidden')"
PROTECT = "In Flask: CSRFProtect(app), and {{ form.hidden_tag() }} in each form."
FORGED = [  # harmless where they are obeyed
    "nobody-/login-Log in-without a token",
    "registrar-/students/new-Save-without a token",
    "registrar-/students/{student}/delete-Delete student-without a token",
    "instructor-/sections/{section}-Save grades-with a wrong token",
    "student-/sections/{other}-Enroll-without a token",
]
RIGHT = {"/login": {"Password": PASSWORD}, "/students/new": {"Name": "Eve"}}  # with an email, nothing else is wrong
FORGERIES = {
    "without a token": f"button => {HIDDEN}.forEach(each => each.remove())",
    "with a wrong token": f"button => {HIDDEN}.forEach(each => each.value = 'wrong')",
}


def in_brief(bad: Mapping[str, str]) -> str:
    return ", ".join(f"{label} {words[:20]!r}" for label, words in bad.items())


def ids_of(table: Iterable[tuple[Kind, Mapping[str, str]]]) -> list[str]:
    return [f"{kind} {in_brief(bad)}" for kind, bad in table]


@pytest.mark.check(
    "web.bad-form",
    points=3,
    requires=["web.login"],
    cases=ids_of(BAD),
    hint="Render it with 422, aria-invalid and aria-describedby.",
)
@pytest.mark.parametrize(("kind", "bad"), [*BAD, *WORSE], ids=ids_of([*BAD, *WORSE]))
def test_a_bad_form_is_shown_again_and_says_where(
    signed_in: SignedIn, office: Office, traffic: Traffic, kind: Kind, bad: dict[str, str]
) -> None:
    """A bad form is 422 and goes no further, has what was typed, and ties each message to its field."""
    page = signed_in("registrar", java_script_enabled=False)  # a script may keep the form from being sent at all
    typed = {**kind.new(office)[0], **bad}
    page.goto(f"{kind.path}/new")
    fill(page, typed)

    answer = press(page, "Save")

    assert (answer.status, traffic.writes) == (422, [])
    for label in typed.keys() - {"Password"}:
        assert entry(page, label).strip() == typed[label].strip()
    for label in bad:
        expect(field(page, label)).to_have_attribute("aria-invalid", "true")
        expect(field(page, label)).to_have_accessible_description(TEXT)
    for label in typed.keys() - bad.keys() - {"Password"}:
        expect(field(page, label).and_(page.locator("[aria-invalid=true]"))).to_have_count(0)


@pytest.mark.check(
    "web.summary",
    points=2,
    requires=["web.login"],
    cases=["student", "section"],
    hint="Give the summary tabindex=-1 and autofocus, and each link the id of its field.",
)
@pytest.mark.parametrize(("kind", "required"), REQUIRED.items(), ids=map(str, REQUIRED))
def test_a_bad_form_has_a_summary_that_leads_to_each_field(registrar: Page, kind: Kind, required: list[str]) -> None:
    """The summary of a bad form has the focus, and its links lead into the fields."""
    registrar.goto(f"{kind.path}/new")
    fill(registrar, dict.fromkeys(required, ""))

    press(registrar, "Save")

    summary = registrar.locator(":focus").filter(has=registrar.get_by_role("link"))
    expect(summary).to_be_visible()
    led_to = {led_by(registrar, link) for link in summary.get_by_role("link").element_handles()}
    assert {field(registrar, label).get_attribute("id") for label in required} <= led_to


def led_by(page: Page, link: ElementHandle) -> str | None:
    """The id of the field that the link leads into."""
    link.click()
    return page.locator("input:focus, select:focus, textarea:focus").get_attribute("id")


@pytest.mark.check("web.password-hidden", points=1, requires=["web.login"], hint="Keep PasswordField's hide_value.")
def test_a_password_is_never_shown_again(registrar: Page) -> None:
    """A form with a password that is shown again has all but the password."""
    registrar.goto("/users/new")
    fill(registrar, {"Name": "Grace Hopper", "Email": "grace", "Password": "a passphrase of hers"})

    press(registrar, "Save")

    expect(field(registrar, "Password")).to_have_value("")
    assert "a passphrase of hers" not in registrar.content()


@pytest.mark.check("web.csrf", points=3, requires=["web.login"], cases=FORGED, hint=PROTECT)
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
    signed_in: SignedIn,
    office: Office,
    campus: Campus,
    traffic: Traffic,
    role: str,
    form: str,
    name: str,
    forge: str,
) -> None:
    """A form that another site might have sent is 400 or 403, and changes nothing."""
    page, email = signed_in(role), unique_email()
    page.goto(form.format_map(campus))
    if form in RIGHT:
        fill(page, RIGHT[form] | {"Email": email})
    button(page, name).evaluate(forge)

    answer = press(page, name)

    assert answer.status in (400, 403)
    assert traffic.writes == []
    assert office.students(email) == []
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

    @pytest.mark.check(
        "web.expired-form",
        points=2,
        requires=["web.login-next"],
        hint="Keep what was typed in the session when the API answers 401.",
    )
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

    @pytest.mark.check(
        "web.expired-once",
        points=1,
        requires=["web.expired-form"],
        hint="Take what was kept out of the session as it is shown.",
    )
    def test_has_it_there_once(self, page: Page, login: Login, office: Office) -> None:
        """What was kept is shown once, and never later to anybody."""
        page.goto("/students/new")
        fill(page, {"Name": "Ada Lovelace", "Email": unique_email()})
        office.end_sessions(login)
        press(page, "Save")
        log_in(page, login)

        page.goto("/students/new")

        expect(field(page, "Name")).to_have_value("")

    @pytest.mark.check(
        "web.expired-password", points=1, requires=["web.expired-form"], hint="Leave out each field that is a password."
    )
    def test_does_not_keep_a_password(self, page: Page, login: Login, office: Office) -> None:
        """Of a form with a password, all else is kept."""
        page.goto("/users/new")
        typed, _ = USER.new(office)
        fill(page, typed)
        office.end_sessions(login)
        press(page, "Save")

        log_in(page, login)

        expect(field(page, "Name")).to_have_value("Grace Hopper")
        assert entry(page, "Role") == "instructor"
        expect(field(page, "Password")).to_have_value("")
