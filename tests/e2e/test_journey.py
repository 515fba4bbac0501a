"""A registrar's working day, in every way that somebody may have to work."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import button, field, fill, link, log_in, said, search, text
from tests.e2e.conftest import SignedIn
from tests.e2e.office import Office
from tests.samples import unique_email

FARTHEST = 300  # presses of the Tab key


def work_a_day(page: Page, office: Office) -> None:
    email = unique_email()
    log_in(page, office.user("registrar"))

    click(page, link(page, "Students"))
    click(page, link(page, "Add student"))
    fill(page, {"Name": "Ada Lovelace", "Email": email})
    click(page, button(page, "Save"))
    expect(said(page, "status")).to_be_visible()
    click(page, link(page, "Edit"))
    fill(page, {"Name": "Ada King"})
    click(page, button(page, "Save"))
    expect(text(page, "Ada King")).to_be_visible()
    click(page, link(page, "Students"))
    search(page, "students", email)
    click(page, link(page, "Ada King"))
    click(page, link(page, "Delete"))
    expect(text(page, "Ada King")).to_be_visible()
    click(page, button(page, "Delete student"))
    expect(said(page, "status")).to_be_visible()
    search(page, "students", email)
    expect(link(page, "Ada King")).to_have_count(0)
    page.goto("/")
    click(page, button(page, "Log out"))

    assert office.students(email) == []
    expect(link(page, "Students")).to_have_count(0)


def click(page: Page, control: Locator) -> None:
    """With the mouse."""
    with page.expect_navigation():
        control.first.click()


@pytest.mark.check("web.journey", points=2, requires=["web.login"])
def test_a_registrar_adds_edits_finds_and_deletes_a_student(page: Page, office: Office) -> None:
    """A registrar logs in, adds a student, edits, finds and deletes her, and logs out."""
    work_a_day(page, office)


@pytest.mark.check(
    "web.no-javascript", points=3, requires=["web.journey"], hint="Let links and forms work before any script helps."
)
def test_it_works_without_javascript(signed_in: SignedIn, office: Office) -> None:
    """A registrar does all that in a browser without JavaScript."""
    work_a_day(signed_in("nobody", java_script_enabled=False), office)


@pytest.mark.check("web.keyboard", points=2, requires=["web.journey"], hint="Use links and buttons that are such.")
def test_it_works_by_keyboard_alone(page: Page, office: Office) -> None:
    """A registrar who cannot use a mouse logs in, adds and deletes a student, and logs out."""
    login, email = office.user("registrar"), unique_email()
    page.goto("/login")

    enter(page, {"Email": login.email, "Password": login.password})
    activate(page, link(page, "Students"))
    activate(page, link(page, "Add student"))
    enter(page, {"Name": "Ada Lovelace", "Email": email})
    [student] = office.students(email)
    activate(page, link(page, "Delete"))
    activate(page, button(page, "Delete student"))
    page.goto("/")
    activate(page, button(page, "Log out"))

    assert student["name"] == "Ada Lovelace"
    assert office.students(email) == []
    expect(link(page, "Students")).to_have_count(0)


def enter(page: Page, entries: dict[str, str]) -> None:
    """Type into the fields, in the order of the page, and send the form with the Enter key."""
    for label, words in entries.items():
        reach(page, field(page, label))
        page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def activate(page: Page, control: Locator) -> None:
    reach(page, control)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def reach(page: Page, control: Locator) -> None:
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if control.and_(page.locator(":focus")).count():
            return
    pytest.fail(f"The Tab key never reaches {control}")
