"""Somebody with a browser, who looks for what the course text asks of a web UI, in whatever markup it is."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Locator, Page

PAGES = 40  # that are looked at, for a list or a form
TRACES = re.compile(r"Traceback \(most recent call last\)|werkzeug\.|sqlalchemy\.|File \"/|requests\.exceptions")
NAME, EMAIL = re.compile(r"name", re.IGNORECASE), re.compile(r"e-?mail", re.IGNORECASE)
LEADS_AWAY = re.compile(r"log ?out|sign ?out|delete|remove", re.IGNORECASE)


class Visitor:
    """Reads the pages at `url`, and no others."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def open(self, path: str) -> int:
        """The status of the page there; no page that is read shows a trace of the program's inside."""
        answer = self.page.goto(urljoin(f"{self.url}/", path))
        assert answer, f"{path} is no page"
        assert not TRACES.search(self.page.content()), f"{path} shows a trace"
        return answer.status

    def log_in(self, email: str, password: str) -> None:
        """Where the first page asks for a password."""
        self.open("/")
        secret = self.page.locator("input[type=password]")
        if secret.count():
            form = self.page.locator("form", has=secret).first
            _field(form, EMAIL).fill(email)
            secret.first.fill(password)
            _submit(form)

    def pages(self, *first: str) -> Iterator[str]:
        """These paths, and where their links and buttons lead, the nearest first; each is open when it is given.

        Of pages that differ by a number only, as those of students do, one is looked at.
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

    def reads(self, *words: str) -> bool:
        """Whether all of these are on the page, in whatever case."""
        text = self.page.locator("body").inner_text().lower()
        return all(word.lower() in text for word in words)

    def shows(self, name: str, email: str) -> bool:
        """Whether a list of students shows both: at /students, or by a link from the home page."""
        return any(self.reads(name, email) for _ in self.list_pages())

    def list_pages(self) -> Iterator[str]:
        for path in self.pages("/students", "/"):
            yield path
            while (following := self.page.get_by_role("link", name=re.compile("next", re.IGNORECASE))).count():
                following.first.click()
                yield self.page.url

    def find_form(self) -> Locator:
        """A form with a field for a name and one for an email, on a page that is then open."""
        for _ in self.pages("/students", "/"):
            for form in self.page.locator("form").all():
                if _has(form, NAME) and _has(form, EMAIL) and not form.locator("input[type=password]").count():
                    return form
        raise AssertionError("no page leads to a form with a name and an email")

    def submit(self, name: str, email: str) -> None:
        """Find the form, and send it with these."""
        form = self.find_form()
        _field(form, NAME).fill(name)
        _field(form, EMAIL).fill(email)
        _submit(form)
        assert not TRACES.search(self.page.content()), "the answer to the form shows a trace"


def _kind(path: str) -> str:
    return re.sub(r"\d+", "#", path)


def _has(form: Locator, what: re.Pattern[str]) -> bool:
    return bool(_fields(form, what))


def _field(form: Locator, what: re.Pattern[str]) -> Locator:
    return _fields(form, what)[0]


def _fields(form: Locator, what: re.Pattern[str]) -> list[Locator]:
    """By what a person or a program calls it: its label, its placeholder, its name, its id, its type."""
    named = "e => [...(e.labels || [])].map(l => l.textContent).concat(e.placeholder, e.name, e.id, e.type).join(' ')"
    return [
        field
        for field in form.locator("input:not([type=hidden]):not([type=submit]), textarea").all()
        if what.search(field.evaluate(named)) and not (what is NAME and EMAIL.search(field.evaluate(named)))
    ]


def _submit(form: Locator) -> None:
    form.locator("button, input[type=submit]").last.click()
    form.page.wait_for_load_state()
