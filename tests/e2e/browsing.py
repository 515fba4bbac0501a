"""What a person does in a browser: everything is found by role and accessible name."""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Response

from tests.e2e.office import Login

CONTROLS: tuple[Literal["textbox", "combobox", "listbox", "spinbutton", "checkbox"], ...] = (
    "textbox",
    "combobox",
    "listbox",
    "spinbutton",
    "checkbox",
)
ABLE = ":not(:disabled)"  # a script may enable a button only once the form is filled
FIELDS = "input, select, textarea"
CLICK = "control => { for (const form of document.forms) form.noValidate = true; control.click(); }"


def log_in(page: Page, login: Login) -> Response:
    """The answer of the page that the login leads to; it is asked for unless this page is one already."""
    if path(page) != "/login":
        page.goto("/login")
    fill(page, {"Email": login.email, "Password": login.password})
    return press(page, "Log in")


def is_out(page: Page) -> bool:
    """Whether the server has this browser log in first."""
    page.goto("/account")
    return path(page) == "/login"


def fill(page: Page, entries: Mapping[str, str]) -> None:
    """Type, or choose by an option's words or id: which field is a list, or a group of boxes, is not promised."""
    for label, words in entries.items():
        control, boxes = field(page, label), group(page, label)
        found = set(control.or_(boxes).evaluate_all("all => all.map(each => each.localName)"))
        if "select" in found:
            control.select_option(words)
        elif found & {"input", "textarea"}:
            control.fill(words)
        else:
            boxes.locator(f"[value='{words}']").check()


def entry(page: Page, label: str) -> str:
    """What is typed into the field, or the first that is chosen of its boxes."""
    typed, chosen = field(page, label).and_(page.locator(FIELDS)), group(page, label).locator(":checked")
    return typed.or_(chosen).first.input_value()


def choose_section(page: Page, label: str) -> None:
    """The option begins with the label, and may go on."""
    control = field(page, "Section")
    option = control.get_by_role("option", name=re.compile(rf"^\s*{re.escape(label)}\b")).first
    control.select_option(str(option.get_attribute("value")))


def field(page: Page, label: str) -> Locator:
    """The control of this name, and no choice of a group; what its label wraps is found by its role alone."""
    found = page.get_by_label(label, exact=True).and_(page.locator(":not([type=radio])"))
    for role in CONTROLS:
        found = found.or_(page.get_by_role(role, name=label, exact=True))
    return found


def group(page: Page, label: str) -> Locator:
    """The boxes of this accessible name."""
    radios = page.get_by_role("radiogroup", name=label, exact=True)
    return page.get_by_role("group", name=label, exact=True).or_(radios)


def search(page: Page, kind: str, words: str) -> None:
    box, plain = (page.get_by_role(role, name=f"Search {kind}", exact=True) for role in ("searchbox", "textbox"))
    box.or_(plain).fill(words)
    press(page, "Search")


def leading_to(page: Page, path: str) -> Locator:
    """The links to a path, whatever they are called."""
    return page.get_by_role("link").and_(page.locator(f"[href$='{path}']"))


def link(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def repeated(page: Page, name: str) -> Locator:
    """The buttons of this name, each of which may go on with its object."""
    return page.get_by_role("button", name=re.compile(rf"^\s*{name}\b"))


def follow(page: Page, name: str | re.Pattern[str]) -> Response:
    """The answer of the page that the link leads to."""
    return _go(page, link(page, name).first)


def follow_to(page: Page, path: str) -> Response:
    """The answer of the page at this path, to which a link leads."""
    return _go(page, leading_to(page, path).first)


def press(page: Page, name: str) -> Response:
    """The answer of the page that the button leads to, whatever the browser itself thinks of the form."""
    return _go(page, button(page, name))


def press_first(page: Page, name: str) -> Response:
    """The same of a button that stands there for each of several things, and may name its own."""
    return _go(page, repeated(page, name).first)


def _go(page: Page, control: Locator) -> Response:
    """No mouse goes there: its way costs as much as a page. The journeys are made with one, and with keys."""
    with page.expect_navigation() as navigation:
        control.and_(page.locator(ABLE)).evaluate(CLICK)
    return navigation.value


def told(page: Page, role: Literal["alert", "status"]) -> list[str]:
    """The lines of what the page tells of the last action."""
    return [line for line in said(page, role).inner_text().splitlines() if line.strip()]


def said(page: Page, role: Literal["alert", "status"]) -> Locator:
    """What the page tells of the last action, first of all."""
    return page.get_by_role(role).filter(has_text=re.compile(r"\S")).first


def text(page: Page | Locator, words: str | re.Pattern[str]) -> Locator:
    """Where the page first says this, for all to see."""
    return page.get_by_text(words).filter(visible=True).first


def path(page: Page) -> str:
    return urlsplit(page.url).path
