"""What stands around every request: an id that both servers' logs share, a limit, an answer when all else fails."""

import logging
import re
import secrets
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import InternalError
from api.problems import problem

MAX_BODY = 1024 * 1024  # bytes
ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{1,64}")
request_id: ContextVar[str] = ContextVar("request_id", default="-")
logger = logging.getLogger(__name__)


class RequestID:
    """Take the caller's `X-Request-ID` or make one, and put it on the answer; an unexpected failure becomes a 500."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        offered = Headers(scope=scope).get("x-request-id", "")
        chosen = offered if ACCEPTABLE.fullmatch(offered) else secrets.token_hex(8)
        request_id.set(chosen)
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["X-Request-ID"] = chosen
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            logger.exception("unexpected failure")
            if started:
                raise
            failure = problem(InternalError(f"Something went wrong on our side; the request's id is {chosen}"))
            await failure(scope, receive, send_with_id)


class BodyLimit:
    """Refuse a body as soon as more than `MAX_BODY` of it has come, whatever it said of its length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def receive_some() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_some, send)


class RequestIDFilter(logging.Filter):
    """Give every log record the id of the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True
