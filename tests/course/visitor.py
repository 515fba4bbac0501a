"""Somebody with a browser, who looks for what the course text asks of a web UI, in whatever markup it is."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import ElementHandle, Error, Page
from playwright.sync_api import TimeoutError as NoAnswer

PAGES, ALIKE, BUTTONS = 40, 3, 5  # that are looked at, for a list or a form; pages of one folder; buttons of one page
PATIENCE = 30  # seconds for one visit: a list may have hundreds of pages
REACTION = 8  # seconds until a form that was sent has its answer
SETTLING = 1  # second until scripts have made what they make of a page
TRACES = re.compile(
    r"Traceback \(most recent call last\)|werkzeug\.\w|sqlalchemy\.\w|File \"/|requests\.exceptions"
    r"|The server encountered an internal error and was unable to complete your request"  # Flask's own words
)
LEADS_AWAY = re.compile(
    r"log ?out|sign ?out|delete|\bdel\b|remove|erase|\bdrop|\bedit|\bupdate|download|export|\.(csv|pdf)$|[×✕🗑]",
    re.IGNORECASE,
)
LEADS_TO_A_FORM = re.compile(r"new|add|create|regist|enroll|join|sign ?up|form|^\s*\+\s*$", re.IGNORECASE)
NEXT_PAGE = re.compile(r"\bnext\b|\bolder\b|\bmore\b|\u203a|»|→|^\s*>+\s*$", re.IGNORECASE)
SEARCH = re.compile(r"search|find", re.IGNORECASE)
REVEALS = (  # nothing that sends a form
    "summary, [type=button], [role=button], [onclick], a[href^='#'], a[href^='javascript:'], "
    "button:not(form[method=post i] button)"
)
FIND_FORM = Path(__file__).with_name("form.js").read_text("utf-8")
READ = Path(__file__).with_name("read.js").read_text("utf-8")
Found = TypeVar("Found")


class Form(NamedTuple):
    """Two fields, and what sends them."""

    name: ElementHandle
    email: ElementHandle
    send: ElementHandle


class Visitor:
    """Reads the pages at `url`, and no others."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self._leaves_at = time.monotonic() + PATIENCE
        page.on("dialog", lambda dialog: dialog.accept())  # whoever is asked whether they are sure is

    def open(self, path: str) -> int:
        """The status of the page there; no page that is read shows a trace of the program's inside."""
        assert time.monotonic() < self._leaves_at, f"looked for {PATIENCE} s, until {self.page.url}"
        answer = self.page.goto(urljoin(f"{self.url}/", path))
        assert answer, f"{path} is no page"
        assert not TRACES.search(self.content()), f"{path} shows a trace"
        return answer.status

    def content(self) -> str:
        """The page's markup, once it leads nowhere else by itself."""
        with suppress(Error):
            return self.page.content()
        self.page.wait_for_load_state()
        return self.page.content()

    def log_in(self, email: str, password: str) -> None:
        """Where a page asks for a password: the first one, that of the students, or one of that name."""
        secret = self.page.locator("input[type=password]")
        if any(self.open(path) and secret.count() for path in ("/", "/students", "/login")):
            form = self.page.locator("form", has=secret).first
            form.locator("input:is([type=email], [type=text], :not([type]))").first.fill(email)
            secret.first.fill(password)
            with self.page.expect_navigation(timeout=1000 * REACTION):
                secret.first.press("Enter")

    def pages(self, *first: str) -> Iterator[str]:
        """These paths, and where their links and buttons lead, each open when it is given.

        What sounds like a form comes first, then what is nearest. Of pages that differ by a number only, as those of
        students do, one is looked at, and of others in one folder a few.
        """
        left, seen, folders = list(first), set(first), Counter[str]()
        for _ in range(PAGES):
            if not left:
                return
            path = left.pop(0)
            if self._opens(path):
                yield path
                for link in self._links():
                    folder = urlsplit(link).path.rpartition("/")[0]
                    promising = not folder or LEADS_TO_A_FORM.search(link)
                    if _kind(link) not in seen and (promising or folders[folder] < ALIKE):
                        folders[folder] += 1
                        seen.add(_kind(link))
                        left.append(link)
                left.sort(key=lambda link: not LEADS_TO_A_FORM.search(link))

    def _opens(self, path: str) -> bool:
        """Whether there is a page."""
        try:
            return self.open(path) < 400
        except Error as error:
            if "Download" in str(error):
                return False
            raise

    def _links(self) -> list[str]:
        """Paths of this UI, with their queries, but for those that change something."""
        targets: list[tuple[str, str]] = self.page.eval_on_selector_all(
            "a[href], form[method=get][action], form:not([method])[action]",
            "all => all.map(each => [new URL(each.href?.baseVal ?? each.href ?? each.action, document.baseURI).href,"
            " each.textContent])",
        )
        ours = [(_path(target), words) for target, words in targets if self._is_ours(target)]
        ours.sort(key=lambda link: not LEADS_TO_A_FORM.search(link[1]))
        return [path for path, words in ours if not _leads_away(path, words)]

    def _is_ours(self, target: str) -> bool:
        """`localhost` is this machine, too."""
        there, here = (urlsplit(url).netloc.replace("localhost", "127.0.0.1") for url in (target, self.url))
        return there == here

    def soon(self, look: Callable[[], Found], seconds: float) -> Found:
        """What is seen, as soon as it is something, or else after so many seconds; scripts go on meanwhile."""
        deadline = time.monotonic() + seconds
        while not (found := look()) and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        return found

    def text(self) -> str:
        """What is to be read on the page, in its fields too."""
        return str(self.page.evaluate(READ))

    def shows(self, name: str, email: str) -> bool:
        """Whether a list of students shows both, in whatever case: at /students, or by a link from the home page."""
        lists = (path for path in self.pages("/students", "/") if not _kind(path).endswith("/#"))  # nor anybody's own
        return any(self._reads(name, email) for _ in lists for _ in self._views(email))

    def _reads(self, *words: str) -> bool:
        """Whether the page says all this, be it by a script."""

        def says() -> bool:
            text = self.text().lower()
            return all(word.lower() in text for word in words)

        return bool(self.soon(says, self._scripts_take))

    @property
    def _scripts_take(self) -> float:
        """Seconds until scripts have made what they make of the page, if it has any."""
        return SETTLING if self.page.locator("script").count() else 0

    def _views(self, email: str) -> Iterator[str]:
        """Of the list that is open: this page; if it goes on, what its search finds, if it has one; and all pages."""
        yield self.page.url
        following, seen = self._next(1), {self.page.url}
        if following and self._search(email):
            yield self.page.url
        while following and following not in seen:
            seen.add(following)
            self.open(_path(following))
            yield following
            following = self._next(len(seen))

    def _next(self, number: int) -> str:
        """Where the link to the next page leads, if there is one, after this many."""
        by_role = self.page.get_by_role("link", name=NEXT_PAGE).or_(self.page.locator("a[rel=next]"))
        numbered = self.page.get_by_role("link", name=str(number + 1), exact=True)
        links: list[tuple[str, str]] = by_role.or_(numbered).evaluate_all(
            "all => all.map(each => [String(each.href), each.textContent])"
        )
        leading = (target for target, words in links if self._is_ours(target) and not LEADS_TO_A_FORM.search(words))
        return next(leading, "")

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
        form.name.fill(name)
        form.email.fill(email)
        self._send(form)
        assert not TRACES.search(self.content()), "the answer to the form shows a trace"

    def _find_form(self) -> Form:
        """A form with a name and an email, of nobody yet, on a page that is then open."""
        for path in self.pages("/students", "/"):
            if form := self.soon(self._form_here, self._scripts_take) or self._revealed(path):
                return form
        raise AssertionError("no page leads to a form with a name and an email")

    def _form_here(self) -> Form | None:
        found = self.page.evaluate_handle(FIND_FORM).get_properties().values()
        controls = [element for each in found if (element := each.as_element())]
        return Form(*controls) if controls else None

    def _revealed(self, path: str) -> Form | None:
        """What is seen after a click on what sounds like a form: it may open here, or on another page."""
        promising = self.page.locator(REVEALS).filter(has_text=LEADS_TO_A_FORM, visible=True)
        for number in range(min(promising.count(), BUTTONS)):
            with suppress(Error):
                promising.nth(number).click()
                self.page.wait_for_load_state()
            if form := self.soon(self._form_here, self._scripts_take):
                return form
            self.open(path)
        return None

    def _send(self, form: Form) -> None:
        """Return when it is answered, or when nothing is sent: the browser may refuse, or a script."""
        refused = form.name.evaluate("name => name.form && !name.form.noValidate && !name.form.checkValidity()")
        with suppress(NoAnswer):
            if refused:
                form.send.click()
            else:
                with self.page.expect_navigation(timeout=1000 * REACTION):
                    form.send.click()


def _leads_away(path: str, words: str) -> bool:
    return bool(LEADS_AWAY.search(path) or (LEADS_AWAY.search(words) and not LEADS_TO_A_FORM.search(words)))


def _path(target: str) -> str:
    """Of a URL, with its query."""
    parts = urlsplit(target)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _kind(path: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path)
