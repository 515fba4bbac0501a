"""What was said to the target, and what it said: kept for the check that runs, so that a failure can be shown."""

import re
import shlex
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from requests import PreparedRequest, Response, Session
from typing_extensions import override

KEPT, SHOWN = 30, 300  # exchanges a check; characters of a body
LARGEST = 8 * 2**20  # bytes
SHOWN_HEADERS = {"content-type", "if-match", "if-none-match", "x-request-id", "x-forwarded-for"}
SECRET = re.compile(r'("(?:\w*password|access_token)"\s*:\s*")(?:\\.|[^"\\])*|(\b\w*(?:password|csrf_token)=)[^&\s]*')


@dataclass(frozen=True)
class Exchange:
    """A request as a curl command, and the beginning of the answer; passwords and tokens are masked."""

    command: str
    answer: str

    @classmethod
    def of(cls, request: PreparedRequest, answer: Response | None, owner: str) -> "Exchange":
        """`answer` is None where there was none; `owner` is whose token the request has."""
        return cls(_curl(request, owner), _told(answer) if answer is not None else "no answer")

    @classmethod
    def in_browser(cls, method: str, url: str, form: str | None, answer: str) -> "Exchange":
        """A page that was asked for with the cookies of whoever is logged in."""
        sent = ["--data-raw", shlex.quote(_shown(form))] if form else []
        return cls(" ".join(["curl", "-i", "-b", '"$COOKIES"', "-X", method, shlex.quote(url), *sent]), answer)


LOG: deque[Exchange] = deque(maxlen=KEPT)


@contextmanager
def unseen() -> Iterator[None]:
    """What is said in here belongs to no check."""
    kept = list(LOG)
    try:
        yield
    finally:
        LOG.clear()
        LOG.extend(kept)


def read_whole(answer: Response) -> Response:
    """The answer, with its body; one that is larger than anything the contract knows is not read to its end."""
    body = bytearray()
    for piece in answer.iter_content(2**16):
        body += piece
        assert len(body) <= LARGEST, f"the answer has more than {LARGEST} bytes"
    answer._content = bytes(body)  # noqa: SLF001 - requests offers no other way to hand on what was read in pieces
    return answer


class RecordedSession(Session):
    """Keeps what is said to the server at `url`, and reads no answer that is larger than any of the contract's.

    Neither a redirect nor a link in an answer leads it to another server. `owner` is whose token it sends, if any.

    A connection that was idle is not used again: servers close those, and some just as a request is on its way
    (RFC 9112, section 9.5), for which nobody is to lose a mark.
    """

    idle = 1.0  # seconds
    is_recorded = True

    def __init__(self, url: str, owner: str = "registrar") -> None:
        super().__init__()
        self.url, self.owner = url, owner
        self.trust_env = False
        self._used = 0.0

    @override
    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        answer = None
        elsewhere = self.should_strip_auth(self.url, request.url)  # type: ignore[no-untyped-call]  # its stubs have no types
        assert not elsewhere, f"sent on to another host: {request.url}"
        owner = self.owner if request.headers.get("Authorization") == self.headers.get("Authorization") else "other"
        if time.monotonic() - self._used > self.idle:
            self.close()  # its connections, that is
        try:
            answer = read_whole(super().send(request, **kwargs | {"stream": True}))
            return answer
        finally:
            self._used = time.monotonic()
            if self.is_recorded:
                LOG.append(Exchange.of(request, answer, owner))

    @override
    def get_redirect_target(self, resp: Response) -> str | None:
        """Where the answer leads. It is read here, because requests would read it to whatever end."""
        target = super().get_redirect_target(resp)
        if target is not None:
            read_whole(resp)
        return target


def _curl(request: PreparedRequest, owner: str) -> str:
    words = ["curl", "-i", "-X", str(request.method), shlex.quote(str(request.url))]
    for name, value in request.headers.items():
        if name.lower() in SHOWN_HEADERS:
            words += ["-H", shlex.quote(f"{name}: {value}")]
    if "Authorization" in request.headers:
        words += ["-H", f'"Authorization: Bearer ${owner.upper()}_TOKEN"']
    if request.body:
        words += ["--data-binary", shlex.quote(_shown(request.body))]
    return " ".join(words)


def _told(answer: Response) -> str:
    location = f" Location: {answer.headers['Location']}" if "Location" in answer.headers else ""
    return f"{answer.status_code} {answer.reason}{location} {_shown(answer.content)}".rstrip()


def _shown(body: str | bytes) -> str:
    """Masked, on one line, and no longer than a person reads."""
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    beginning = SECRET.sub(lambda found: f"{found[1] or found[2]}***", " ".join(text[: 2 * SHOWN].split()))
    return beginning if len(beginning) <= SHOWN else f"{beginning[:SHOWN]}…"
