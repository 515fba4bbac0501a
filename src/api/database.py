"""Engines, and one unit of work = one transaction, run on threads of its own.

A service function takes `Rows` (it reads) or `Work` (it changes something) first; `Database.read` and `Database.write`
are the one seam through which routers call it. What `write` returns is committed before anybody sees it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from functools import partial
from sqlite3 import Connection as SQLiteConnection
from threading import local
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from api.config import Settings
from api.errors import Refusal, Unavailable
from api.repositories import Rows, Work
from api.repositories.constraints import refusal_for

P = ParamSpec("P")
T = TypeVar("T")
Clock: TypeAlias = Callable[[], datetime]

ATTEMPTS = 4  # which, at a lock's default time-out each, stay below the 5 s that the web UI waits


class Database:
    """One database, as one process uses it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._engine = _engine(
            settings, poolclass=QueuePool, pool_size=settings.threads, max_overflow=0, pool_pre_ping=True
        )
        self._snapshots = _engine(settings, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._kept = local()
        self._opened: list[Connection] = []
        writers = settings.threads
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "begin", _begin_immediate)
            writers = 1  # as many as SQLite lets write at once
        self._readers = ThreadPoolExecutor(settings.threads, "read")
        self._writers = ThreadPoolExecutor(writers, "write")

    async def read(self, service: Callable[Concatenate[Rows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service that reads; each of its statements sees what was committed when it began."""
        return await hop(self._readers, partial(self.read_now, service, *args, **kwargs))

    async def write(self, service: Callable[Concatenate[Work, P], T | Refusal], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service that changes something, as one transaction, again if another one was in its way.

        A refusal that the service raises undoes its work; one that it returns is raised here, and its work stands.
        """
        return await hop(self._writers, partial(self.write_now, service, *args, **kwargs))

    def read_now(self, service: Callable[Concatenate[Rows, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def once() -> T:
            connection = self._connection()
            try:
                return service(Rows(connection, self._clock()), *args, **kwargs)
            except DBAPIError:
                connection.rollback()  # so that one that broke connects anew
                raise

        return _insist(once, reconnect=True)

    def write_now(self, service: Callable[Concatenate[Work, P], T | Refusal], *args: P.args, **kwargs: P.kwargs) -> T:
        def once() -> T | Refusal:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                return service(Work(session, self._clock()), *args, **kwargs)

        result = _insist(once)
        if isinstance(result, Refusal):
            raise result
        return result

    def close(self) -> None:
        """Wait for what is running, then let go of every thread and connection."""
        for executor in (self._readers, self._writers):
            executor.shutdown()
        for connection in self._opened:
            connection.close()
        self._engine.dispose()

    def _connection(self) -> Connection:
        """This thread's own connection for reading: to take one from a pool each time costs as much as a query."""
        if not hasattr(self._kept, "connection"):
            self._kept.connection = self._snapshots.connect()
            self._opened.append(self._kept.connection)
        connection: Connection = self._kept.connection
        return connection


async def hop(executor: ThreadPoolExecutor, call: Callable[[], T]) -> T:
    """Run `call` on a thread, in a copy of the caller's context (so that its log lines carry the request id)."""
    return await asyncio.get_running_loop().run_in_executor(executor, copy_context().run, call)


def _insist(once: Callable[[], T], *, reconnect: bool = False) -> T:
    """Run a whole unit of work, a few times if need be; raise Unavailable if it still cannot have what it needs."""
    for _ in range(ATTEMPTS):
        try:
            return once()
        except IntegrityError as broken:
            raise refusal_for(broken) from broken
        except OperationalError as failure:
            reason = failure
            if not (_in_the_way(failure) or (reconnect and failure.connection_invalidated)):
                break
    raise Unavailable from reason


def _in_the_way(failure: OperationalError) -> bool:
    """Whether another transaction caused this, so that the same one may well succeed now."""
    code = getattr(failure.orig, "sqlstate", None) or getattr(failure.orig, "sqlite_errorname", None)
    return str(code).startswith(("40001", "40P01", "55P03", "SQLITE_BUSY"))


def _engine(settings: Settings, **options: Any) -> Engine:
    """An engine with a connection for each thread, on which a wait for a lock ends after the time-out."""
    url, timeout = make_url(settings.database_url), settings.lock_timeout
    sqlite = url.get_backend_name() == "sqlite"
    connect_args: dict[str, Any] = (
        {"timeout": timeout, "check_same_thread": False}
        if sqlite
        else {"connect_timeout": 5, "options": f"-c lock_timeout={round(timeout * 1000)}ms"}
    )
    engine = create_engine(url, connect_args=connect_args, **options)
    if sqlite:
        event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: SQLiteConnection, _: ConnectionPoolEntry) -> None:
    """Write-ahead logging with synchronous=NORMAL: what was committed survives `kill -9` of every process."""
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Take SQLite's write lock first: a transaction that starts by reading cannot wait for it later."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
