"""The reference as suites by URL see it: two processes, started on free ports and stopped by their process ids.

Neither server is imported here. None outlives the process that started it, however that one ends (`tests.lifeline`).
"""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.postgres import drop_database, free_port, new_database

ROOT = Path(__file__).parent.parent
DEMO_REGISTRAR = "registrar@example.edu:correct horse battery"
START_LIMIT = 60  # seconds
STOP_LIMIT = 10  # seconds


@dataclass
class Server:
    """One server process, which can be stopped, frozen, killed, and started again on the same port."""

    module: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    url: str
    ready: str
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Return when the server answers; RuntimeError, with its output, if it does not."""
        with self.log.open("ab") as log:
            self.process = _spawn(self.environment, self.module, *self.arguments, output=log.fileno())
        try:
            self._await_answer()
        except BaseException:
            self.kill()
            raise

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while not answers(self.url + self.ready):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"`{self.module}` did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to end, and insist when it takes too long."""
        self.resume()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_LIMIT)
        self.kill()

    @property
    def stop_command(self) -> str:
        """What makes it end, as a command of the shell."""
        return f"{shlex.quote(sys.executable)} -c 'import os; os.kill({self.process.pid}, 15)'"

    def kill(self) -> None:
        """End it, and every worker of it, without warning."""
        self._signal_all("SIGKILL")
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def kill_worker(self) -> None:
        """End the newest of several API processes without warning; return when uvicorn has started another."""
        started = self._workers()
        os.kill(started[-1], getattr(signal, "SIGKILL", signal.SIGTERM))
        deadline = time.monotonic() + START_LIMIT
        while len(self._workers()) == len(started):
            if time.monotonic() > deadline:
                raise RuntimeError(f"No worker has taken the place of {started[-1]}")
            time.sleep(0.05)

    def _workers(self) -> list[int]:
        """All that were ever started, as uvicorn names them in the log."""
        log = self.log.read_text(errors="replace")
        return [int(process) for process in re.findall(r"Started server process \[(\d+)\]", log)]

    def pause(self) -> None:
        """Freeze it: connections are accepted, and never answered (not on Windows)."""
        self._signal_all("SIGSTOP")

    def resume(self) -> None:
        self._signal_all("SIGCONT")

    def _signal_all(self, name: str) -> None:
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it is gone already
                os.killpg(self.process.pid, getattr(signal, name))


def answers(url: str) -> bool:
    """Whether the URL gives a 2xx, whatever proxies the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def api_server(directory: Path, database: str = "sqlite", *, workers: int = 1) -> Iterator[Server]:
    """The API on a database of its own, migrated and seeded; SQLite's file and the log are in `directory`."""
    with _database(directory, database) as database_url:
        environment = _environment(API_DATABASE_URL=database_url)
        _prepare(environment)
        port = str(free_port())
        arguments = ("serve", "--port", port, "--workers", str(workers))
        url = f"http://127.0.0.1:{port}"
        with _running(Server("api", arguments, environment, url, "/health/ready", directory / "api.log")) as server:
            yield server


def seeded_database(directory: Path) -> Path:
    """A SQLite file, migrated and seeded, that no server has open."""
    with _database(directory, "sqlite") as database_url:
        _prepare(_environment(API_DATABASE_URL=database_url))
    return Path(database_url.removeprefix("sqlite:///"))


def _prepare(environment: Mapping[str, str]) -> None:
    for command in ("migrate", "seed"):
        _run(environment, "api", command)


@contextlib.contextmanager
def web_server(directory: Path, api_url: str) -> Iterator[Server]:
    """The web UI in front of the API at `api_url`; its log is in `directory`."""
    port = str(free_port())
    environment = _environment(WEB_PORT=port, WEB_API_URL=api_url)
    url = f"http://127.0.0.1:{port}"
    with _running(Server("web", (), environment, url, "/login", directory / "web.log")) as server:
        yield server


@contextlib.contextmanager
def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def _database(directory: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{directory / 'registrar.db'}"
        return
    url = new_database(os.environ["TEST_POSTGRES_URL"])
    try:
        yield url
    finally:
        drop_database(url)


def _environment(**settings: str) -> dict[str, str]:
    """The caller's environment, but for settings of the servers that are not the test's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "WEB_"))}
    return inherited | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"} | settings


def _run(environment: Mapping[str, str], module: str, *arguments: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    if done.returncode:
        output = (done.stdout + done.stderr).decode(errors="replace")
        raise RuntimeError(f"`{module} {' '.join(arguments)}` failed:\n{output}")


def _spawn(environment: Mapping[str, str], *command: str, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.lifeline", *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        process_group=0 if os.name == "posix" else None,
    )
