"""What no page may do, in any test: each browser context is watched from its first request to its last."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from tests.exchanges import LOG, Exchange

SOUNDNESS = Path(__file__).with_name("soundness.js")
OF_A_STATUS = "Failed to load resource: the server responded with a status of"  # the answer itself is judged


def note(answer: Response) -> None:
    """Keep a page's answer, to show it if the test fails."""
    asked = answer.request
    if asked.resource_type == "document" and not answer.url.startswith("data:"):
        told = f"{answer.status} {answer.status_text}"
        LOG.append(Exchange.in_browser(asked.method, asked.url, asked.post_data, told))


def unguarded(answer: Response) -> Iterator[str]:
    """What the answer's headers let a browser do."""
    policy = answer.headers.get("content-security-policy", "")
    if "frame-ancestors 'none'" not in policy:
        yield "may be framed"
    if "unsafe-inline" in policy or "-src" not in policy:
        yield "may run what was injected"
    if answer.headers.get("x-content-type-options") != "nosniff":
        yield "may be sniffed"
    if "referrer-policy" not in answer.headers:
        yield "has no Referrer-Policy"


def is_kept(answer: Response) -> bool:
    """Whether the browser may keep the page, and show it after the logout."""
    return "no-store" not in answer.headers.get("cache-control", "")


class Watch:
    """Notes what goes wrong in one context, whose pages all come from the server at `origin`."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.faults: list[str] = []
        context.add_init_script(path=SOUNDNESS)
        context.on("console", self._hear)
        context.on("weberror", self._learn)
        context.on("request", self._send)
        context.on("requestfailed", self._lose)
        context.on("response", self._judge)

    def end(self) -> list[str]:
        """All that was noted since the last end; the question makes Playwright deliver what is still on its way."""
        self.context.cookies()
        faults, self.faults = self.faults, []
        return faults

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OF_A_STATUS):
            self.faults.append(f"{message.location['url']}: {message.text}")

    def _learn(self, error: WebError) -> None:
        self.faults.append(f"{error.page and error.page.url}: {error.error}")

    def _send(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "about:")):
            self.faults.append(f"{request.url}: is asked for, and is not ours")

    def _lose(self, request: Request) -> None:
        self.faults.append(f"{request.url}: {request.failure}")

    def _judge(self, answer: Response) -> None:
        if answer.url.startswith("data:"):
            return
        document = answer.request.resource_type == "document"
        faults = list(unguarded(answer))
        if not document and answer.status >= 400:
            faults.append("is missing")
        if document and answer.ok and urlsplit(answer.url).path != "/login" and is_kept(answer):
            faults.append("may be kept by the browser")
        self.faults += [f"{answer.url} ({answer.status}): {fault}" for fault in faults]
