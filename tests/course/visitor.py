"""Somebody with a browser, who looks for what the course text asks of a web UI, in whatever markup it is."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as NoAnswer

PAGES = 40  # that are looked at, for a list or a form
PATIENCE = 30  # seconds for one visit: a list may have hundreds of pages
REACTION = 8_000  # milliseconds until a form that was sent has its answer
TRACES = re.compile(
    r"Traceback \(most recent call last\)|werkzeug\.|sqlalchemy\.|File \"/|requests\.exceptions"
    r"|The server encountered an internal error and was unable to complete your request"  # Flask's own words
)
NAME, EMAIL = re.compile(r"name", re.IGNORECASE), re.compile(r"e-?mail", re.IGNORECASE)
LEADS_AWAY = re.compile(r"log ?out|sign ?out|delete|remove|\bedit|\bupdate|download|export|\.(csv|pdf)$", re.IGNORECASE)
LEADS_TO_A_FORM = re.compile(r"new|add|create|regist|enroll|form", re.IGNORECASE)
NEXT_PAGE = re.compile(r"\bnext\b|\bolder\b|\u203a|»|→", re.IGNORECASE)
SEARCH = re.compile(r"search|find", re.IGNORECASE)
TYPED_INTO = "input:not([type=hidden], [type=submit], [type=button], [type=checkbox]), textarea"
FORM = f"form:has({TYPED_INTO}):not(:has([type=password]))"
SUBMIT = "button:not([type=button], [type=reset]), [type=submit], [type=image]"


class Visitor:
    """Reads the pages at `url`, and no others."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self._leaves_at = time.monotonic() + PATIENCE

    def open(self, path: str) -> int:
        """The status of the page there; no page that is read shows a trace of the program's inside."""
        assert time.monotonic() < self._leaves_at, f"looked for {PATIENCE} s, until {self.page.url}"
        answer = self.page.goto(urljoin(f"{self.url}/", path))
        assert answer, f"{path} is no page"
        assert not TRACES.search(self.page.content()), f"{path} shows a trace"
        return answer.status

    def log_in(self, email: str, password: str) -> None:
        """Where a page asks for a password: the first one, that of the students, or one of that name."""
        secret = self.page.locator("input[type=password]")
        if any(self.open(path) and secret.count() for path in ("/", "/students", "/login")):
            form = self.page.locator("form", has=secret).first
            (_fields(form, EMAIL) or _fields(form, NAME))[0].fill(email)
            secret.first.fill(password)
            self._send(form)

    def pages(self, *first: str) -> Iterator[str]:
        """These paths, and where their links and buttons lead, each open when it is given.

        What sounds like a form comes first, then what is nearest. Of pages that differ by a number only, as those of
        students do, one is looked at.
        """
        left, seen = list(first), set(first)
        for _ in range(PAGES):
            if not left:
                return
            path = left.pop(0)
            if self.open(path) < 400:
                yield path
                for link in self._links():
                    if _kind(link) not in seen:
                        seen.add(_kind(link))
                        left.append(link)
                left.sort(key=lambda link: not LEADS_TO_A_FORM.search(link))

    def _links(self) -> list[str]:
        """Paths of this UI, but for those that change something."""
        targets: list[tuple[str, str]] = self.page.eval_on_selector_all(
            "a[href], form[method=get][action], form:not([method])[action]",
            "all => all.map(each => [each.href || each.action, each.textContent])",
        )
        here = urlsplit(self.url).netloc
        return [
            urlsplit(target).path
            for target, words in targets
            if urlsplit(target).netloc == here and not LEADS_AWAY.search(f"{words} {urlsplit(target).path}")
        ]

    def text(self) -> str:
        """What is to be read on the page."""
        return self.page.locator("body").inner_text()

    def shows(self, name: str, email: str) -> bool:
        """Whether a list of students shows both, in whatever case: at /students, or by a link from the home page."""
        words = (name.lower(), email.lower())
        read = (self.text().lower() for _ in self.pages("/students", "/") for _ in self._views(email))
        return any(all(word in text for word in words) for text in read)

    def _views(self, email: str) -> Iterator[str]:
        """Of the list that is open: this page; if it goes on, what its search finds, if it has one; and all pages."""
        yield self.page.url
        following, seen = self._next(), {self.page.url}
        if following and self._search(email):
            yield self.page.url
        while following and following not in seen:
            seen.add(following)
            self.open(following)
            yield following
            following = self._next()

    def _next(self) -> str:
        """Where the link to the next page leads, if there is one."""
        links = self.page.get_by_role("link", name=NEXT_PAGE)
        return str(links.first.evaluate("link => link.href")) if links.count() else ""

    def _search(self, words: str) -> bool:
        """Whether there is a box to search with; what it finds is open then."""
        box = self.page.get_by_role("searchbox").or_(self.page.get_by_role("textbox", name=SEARCH))
        if not box.count():
            return False
        box.first.fill(words)
        with suppress(NoAnswer), self.page.expect_navigation():
            box.first.press("Enter")
        return True

    def submit(self, name: str, email: str) -> None:
        """Find the form, and send it with these."""
        form = self._find_form()
        _fields(form, NAME)[0].fill(name)
        _fields(form, EMAIL)[0].fill(email)
        self._send(form)

    def _send(self, form: Locator) -> None:
        _submit(form)
        assert not TRACES.search(self.page.content()), "the answer to the form shows a trace"

    def _find_form(self) -> Locator:
        """A form with a name and an email, of nobody yet, on a page that is then open."""
        for _ in self.pages("/students", "/"):
            for form in self.page.locator(FORM).all():
                names, emails = _fields(form, NAME), _fields(form, EMAIL)
                if names and emails and not names[0].input_value():
                    return form
        raise AssertionError("no page leads to a form with a name and an email")


def _kind(path: str) -> str:
    return re.sub(r"\d+", "#", path)


def _fields(form: Locator, what: re.Pattern[str]) -> list[Locator]:
    """By what a person or a program calls it: its label, its placeholder, its name, its id, its type."""
    named = "e => [...(e.labels || [])].map(l => l.textContent).concat(e.placeholder, e.name, e.id, e.type).join(' ')"
    return [
        field
        for field in form.locator(TYPED_INTO).all()
        if what.search(field.evaluate(named)) and not (what is NAME and EMAIL.search(field.evaluate(named)))
    ]


def _submit(form: Locator) -> None:
    """Return when it is answered, or when nothing is sent: the browser may refuse, or a script."""
    press = form.locator(SUBMIT).first
    if not press.count():  # then a script sends it
        press = form.locator("button").first
    if not form.evaluate("form => form.noValidate || form.checkValidity()"):
        press.click()
        return
    with suppress(NoAnswer), form.page.expect_navigation(timeout=REACTION):
        press.click()
