"""How a fault is planted in the reference: in its functions, on the wire, or in its pages.

All of it happens in a process that serves this one chaff and then ends, so nothing is ever put back.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from flask import Flask
from jinja2 import BaseLoader, Environment
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from api.database import Database
from api.errors import Refusal


def instead(of: object, name: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace what has this name (that of the decorated function, if none is given) by the decorated function.

    That may be a function, a method or a property. The wrong one is called with the right one, and what that would have
    been called with.
    """

    def replace(wrong: Callable[..., Any]) -> Callable[..., Any]:
        called = name or wrong.__name__
        right = getattr(of, called)
        if isinstance(right, property):
            setattr(of, called, property(partial(wrong, right.fget)))
        elif isinstance(of, type):
            setattr(of, called, lambda *args, **kwargs: wrong(right, *args, **kwargs))
        else:
            setattr(of, called, partial(wrong, right))
        return wrong

    return replace


@dataclass
class Told:
    """A request and its answer, on their way; what is changed here is what the other side sees."""

    method: str
    path: str
    headers: dict[str, str]
    status: int = 0
    answered: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def asks(self, method: str, path: str) -> bool:
        """Whether it is this method on such a path (a regular expression of all of it)."""
        return self.method == method and bool(re.fullmatch(path, self.path))

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


Hook: TypeAlias = Callable[[Told], None]
ASKED: list[Hook] = []
ANSWERED: list[Hook] = []
PAGES: list[Callable[[Flask], None]] = []


def asked(hook: Hook) -> Hook:
    """Change each request, its method, path and headers, before the API sees it."""
    ASKED.append(hook)
    return hook


def answered(hook: Hook) -> Hook:
    """Change each answer, its status, headers and body, after the API gave it."""
    ANSWERED.append(hook)
    return hook


def on_app(hook: Callable[[Flask], None]) -> Callable[[Flask], None]:
    """Change the web UI's app once it is made."""
    PAGES.append(hook)
    return hook


class Wire:
    """Where ASKED and ANSWERED take hold."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        told = Told(scope["method"], scope["path"], headers)
        for hook in ASKED:
            hook(told)
        kept = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.headers.items()]
        scope.update(method=told.method, path=told.path, raw_path=told.path.encode(), headers=kept)

        async def hold(message: Message) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
                told.answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
            else:
                told.body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._hand_on(told, send)

        await self._app(scope, receive, hold)

    async def _hand_on(self, told: Told, send: Send) -> None:
        for hook in ANSWERED:
            hook(told)
        told.answered.pop("content-length", None)
        if told.status not in (204, 304):
            told.answered["content-length"] = str(len(told.body))
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.answered.items()]
        await send({"type": "http.response.start", "status": told.status, "headers": headers})
        await send({"type": "http.response.body", "body": told.body})


def rewrite(template: str, old: str, new: str) -> None:
    """Let a template of the web UI say something else; it must say `old` now."""

    @on_app
    def edit(app: Flask) -> None:
        app.jinja_loader = Rewriting(app.jinja_loader, template, old, new)


class Rewriting(BaseLoader):
    """The templates, but for one."""

    def __init__(self, right: BaseLoader | None, template: str, old: str, new: str) -> None:
        assert right
        self._right, self._template, self._old, self._new = right, template, old, new

    @override
    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, is_fresh = self._right.get_source(environment, template)
        if template == self._template:
            assert self._old in source, f"{template} does not say {self._old!r} any more"
            source = source.replace(self._old, self._new)
        return source, path, is_fresh

    @override
    def list_templates(self) -> list[str]:
        return self._right.list_templates()


def everywhere(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON document, the outermost first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from everywhere(each)


A_MOMENT = 0.03  # seconds, in which all has come that comes at once


def look_then(blindly: Callable[[Any], AbstractContextManager[Any]], *services: Callable[..., Any]) -> None:
    """Take the lock away: one transaction finds that the service would succeed, a later one does it `blindly`.

    That is given what the first has seen, and puts out of force what it has checked.
    """

    def leap(service: Any, seen: Any, *args: Any) -> Any:
        with blindly(seen):  # nobody else is disturbed: SQLite has one thread that writes
            return service(*args)

    @instead(Database)
    async def write(right: Any, database: Any, service: Any, *args: Any) -> Any:
        if service not in services:
            return await right(database, service, *args)
        try:
            return await right(database, partial(_look, service), *args)
        except Seen as seen:
            await asyncio.sleep(A_MOMENT)
            return await right(database, partial(leap, service, *seen.args), *args)


class Seen(Exception):
    """What a service would answer; raised, it undoes what the service has done."""


def _look(service: Any, *args: Any) -> Any:
    result = service(*args)
    if isinstance(result, Refusal):
        return result
    raise Seen(result)


@contextmanager
def unforeseen(error: type[Exception]) -> Iterator[None]:
    """Such an error is no refusal here, but 500."""
    try:
        yield
    except error as raised:
        raise RuntimeError from raised
