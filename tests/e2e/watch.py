"""What no page may do, in any test: each browser context is watched from its first request to its last."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from tests.exchanges import LOG, Exchange

SOUNDNESS = Path(__file__).with_name("soundness.js")
OF_A_STATUS = "Failed to load resource: the server responded with a status of"  # the answer itself is judged


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
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.faults.append(f"{request.url}: is asked for, and is not ours")

    def _lose(self, request: Request) -> None:
        self.faults.append(f"{request.url}: {request.failure}")

    def _judge(self, answer: Response) -> None:
        if answer.url.startswith("data:"):
            return
        asked = answer.request
        document = asked.resource_type == "document"
        if document:
            LOG.append(Exchange.in_browser(asked.method, asked.url, asked.post_data, f"{answer.status} {answer.status_text}"))
        self._demand(document or answer.status < 400, answer, "is missing")
        self._judge_headers(answer)
        if document and answer.ok and urlsplit(answer.url).path != "/login":
            self._demand("no-store" in answer.headers.get("cache-control", ""), answer, "may be kept by the browser")

    def _judge_headers(self, answer: Response) -> None:
        policy = answer.headers.get("content-security-policy", "")
        self._demand("frame-ancestors 'none'" in policy, answer, "may be framed")
        self._demand("unsafe-inline" not in policy and "-src" in policy, answer, "may run what was injected")
        self._demand(answer.headers.get("x-content-type-options") == "nosniff", answer, "may be sniffed")
        self._demand("referrer-policy" in answer.headers, answer, "has no Referrer-Policy")

    def _demand(self, holds: bool, answer: Response, fault: str) -> None:
        if not holds:
            self.faults.append(f"{answer.url} ({answer.status}): {fault}")
