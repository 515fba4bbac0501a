"""Browsers that tests share, one after the other, since a new one costs each a third of a second."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from playwright.sync_api import BrowserContext, Cookie, Error, Page, ViewportSize

from tests.e2e.watch import Watch

SIZE: ViewportSize = {"width": 1280, "height": 720}  # Playwright's own
Key = TypeVar("Key")
Value = TypeVar("Value")


class OnDemand(dict[Key, Value], Generic[Key, Value]):
    """What stands for a key is made when it is first asked for."""

    def __init__(self, make: Callable[[Key], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Value:
        self[key] = self._make(key)
        return self[key]


def let_in(context: BrowserContext, cookies: Sequence[Cookie]) -> None:
    """Whoever has these cookies is logged in there."""
    context.add_cookies(cookies)  # type: ignore[arg-type]  # a Cookie has all that is asked for


class Desk:
    """A browser that has these cookies, and no others, whenever somebody sits down at it."""

    def __init__(self, context: BrowserContext, cookies: Sequence[Cookie], watches: Iterable[Watch]) -> None:
        self.context = context
        self.watches = watches
        self._cookies = cookies
        self._page = context.new_page()
        self._taken = False

    def sit(self) -> Page:
        """A page in it; asked again before they leave, another page."""
        if self._taken:
            return self.context.new_page()
        self._taken = True
        self.context.clear_cookies()
        let_in(self.context, self._cookies)
        return self._page

    def leave(self) -> None:
        """Keep one page, as wide and as light as it was."""
        if self._taken:
            self._taken = False
            for page in self.context.pages:
                if page is not self._page:
                    page.close()
            self._restore()

    def _restore(self) -> None:
        try:
            self._page.goto("about:blank")  # first: all else would wait, for ever, for a page that does not come
            self._page.emulate_media(media="null", color_scheme="light")
            if self._page.viewport_size != SIZE:
                self._page.set_viewport_size(SIZE)
        except Error:  # it has crashed
            self._page.close()
            self._page = self.context.new_page()
