"""The web UI of the course text (sections 3, 6, 8 and 9), by its pages, in any markup."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.course.registry import Registry, unique_name
from tests.course.visitor import REACTION, Visitor
from tests.samples import MISSING_ID, unique_email

BASICS = ["course.list", "course.create"]


@pytest.fixture
def visitor(
    browser: Browser, web_url: str, has_logins: bool, registrar_login: tuple[str, str], pytestconfig: pytest.Config
) -> Iterator[Visitor]:
    context = browser.new_context(reduced_motion="reduce")  # nobody waits for a smooth scroll
    context.set_default_timeout(1000 * pytestconfig.getoption("--patience"))
    visitor = Visitor(context.new_page(), web_url)
    if has_logins:
        visitor.log_in(*registrar_login)
    yield visitor
    context.close()


@pytest.mark.check(
    "web-basic.list",
    points=3,
    requires=BASICS,
    section="6",
    limit=40,
    hint="Ask the API for /students, and loop over them in the template.",
)
def test_the_list_shows_every_student(visitor: Visitor, registry: Registry) -> None:
    """A page, at /students or by a link from the home page, shows each student's name and email."""
    student = registry.add("Grace Brewster Hopper")

    assert visitor.shows(student["name"], student["email"]), "no page shows a student who is at the API"


@pytest.mark.check(
    "web-basic.escape",
    points=1,
    requires=["web-basic.list"],
    section="6",
    limit=40,
    hint="Leave it to Jinja: {{ name }}, without |safe.",
)
def test_a_name_is_text(visitor: Visitor, registry: Registry) -> None:
    """A name with markup in it, if the API takes one, is shown as it is, and does nothing."""
    if (student := registry.offer("<b>Bobby</b> & 'Tables'")) is None:
        return

    assert visitor.shows(student["name"], student["email"]), "no page shows that name as it is"


@pytest.mark.check(
    "web-basic.form",
    points=4,
    requires=BASICS,
    section="8",
    limit=40,
    hint="POST what was typed to the API as JSON, then redirect.",
)
def test_a_form_saves_a_student(visitor: Visitor, registry: Registry) -> None:
    """A form with a name and an email, found by links and buttons, saves the student at the API."""
    email = unique_email()

    visitor.submit("Katherine Johnson", email)

    student = visitor.soon(lambda: registry.find(email), REACTION)
    assert student, "the form's student is not at the API"
    assert student["name"] == "Katherine Johnson"


@pytest.mark.check(
    "web-basic.bad-form",
    points=2,
    requires=["web-basic.form"],
    section="8",
    limit=40,
    hint="Check the form before the API is asked, and show what the API refuses.",
)
@pytest.mark.parametrize("missing", ["name", "email"])
def test_a_bad_form_is_not_saved(missing: str, visitor: Visitor, registry: Registry) -> None:
    """A form without a name or without an email is refused, by the browser or by a message, and saves nobody."""
    name, email = unique_name(), unique_email()

    visitor.submit("" if missing == "name" else name, "" if missing == "email" else email)

    assert [each for each in registry.students() if each["name"] == name or each["email"] == email] == []
    assert visitor.text().strip(), "the page is empty"


@pytest.mark.check(
    "web-basic.api-down",
    points=2,
    requires=["web-basic.list"],
    section="9",
    stopped=True,
    hint="Catch what the HTTP client raises, and render a page.",
)
def test_a_stopped_api_is_a_page(visitor: Visitor) -> None:
    """While the API is stopped, a page says so in words, without a trace of the program's inside."""
    visitor.open("/students")

    assert visitor.text().strip(), "the page is empty"


@pytest.mark.check(
    "web-basic.missing",
    points=2,
    requires=["web-basic.list"],
    section="9",
    limit=20,
    hint="Where the API answers 404, render a page of your own, with that status.",
)
def test_a_missing_student_is_a_page(visitor: Visitor) -> None:
    """The page of a student who does not exist says so in words, without a trace of the program's inside."""
    visitor.open(f"/students/{MISSING_ID}")

    assert visitor.text().strip(), "the page is empty"
