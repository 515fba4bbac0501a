"""One implementation, marked: the suites run in a process of their own, and are watched from outside."""

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tests.marking import report, target
from tests.marking.checks import SUITES, WEB_TRACKS, Check
from tests.marking.plugin import RECORD
from tests.marking.report import Asked, Report
from tests.marking.verdicts import Outcome, State, judge

ROOT = Path(__file__).parents[2]
PLUGINS = {"contract": "schemathesis", "e2e": "playwright", "course": "playwright"}
PORTS = {"http": 80, "https": 443}
LOG, TAIL = "pytest.log", 1500  # characters of it that are shown when the run dies
TICK = 0.1  # seconds
STOP_LIMIT = 30  # seconds


class Unreachable(Exception):
    """There is nothing behind a URL."""


class BadRequest(Exception):
    """What was asked of the marker makes no sense; the suites' own words say why."""


@dataclass(frozen=True)
class Job:
    """What to mark, and how."""

    asked: Asked
    registrar: str
    workers: int = 2
    time_limit: float = 600  # seconds, for all of it
    stop_api: str = ""  # a shell command, after which nothing answers at the API's URL
    incomplete: bool = False  # a track without a URL earns nothing, instead of being a mistake of who asks


@dataclass
class Record:
    """What the run has written down so far."""

    checks: dict[str, Check] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    ended: bool = False
    timed_out: bool = False
    _read: int = 0

    def read_on(self, path: Path) -> None:
        if not path.exists():
            return
        with path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if line.endswith(b"\n"):
                    self._read += len(line)
                    self._take(json.loads(line))

    def _take(self, line: dict[str, Any]) -> None:
        self.ended = "end" in line or (self.ended and "checks" not in line)  # a second run begins with its checks
        for fields in line.get("checks", ()):  # those of a second run are worth what they were in the first
            self.checks.setdefault(fields["id"], Check(**fields | {"requires": tuple(fields["requires"])}))
        if "outcome" in line:
            self.outcomes.append(Outcome(**line["outcome"] | {"state": State(line["outcome"]["state"])}))

    @property
    def left(self) -> int:
        """Checks of which some part is still to come."""
        told: dict[str, int] = {}
        for outcome in self.outcomes:
            told[outcome.check] = told.get(outcome.check, 0) + 1
        return sum(told.get(check.id, 0) < check.parts for check in self.checks.values())


Watch = Callable[[Record], None]


class Running(Protocol):
    """The suites, as they run."""

    def is_over(self) -> bool: ...

    def end(self) -> None:
        """With all that they started: workers, a browser."""


Start = Callable[[Sequence[str], Path], Running]


class Process:
    """pytest with these arguments, in a process of its own that prints into `log`."""

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *arguments],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_over(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        if not self.is_over():
            with contextlib.suppress(ProcessLookupError):
                if os.name == "posix":
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
            self._process.wait()


def checks(job: Job) -> dict[str, Check]:
    """What would be asked; nothing is contacted."""
    with tempfile.TemporaryDirectory() as directory:
        record, log = _run(job, Path(directory), lambda _: None, Process, "--collect-only", "--stopped", "later")
        if not record.checks:
            raise BadRequest(_told(log))
    return _weighed(record.checks, job.asked.points)


def mark(job: Job, watch: Watch, start: Start = Process) -> Report:
    """Raise Unreachable if nothing is there to be marked."""
    if not job.incomplete:
        require_named(job.asked)
    for url in filter(None, (job.asked.api_url, job.asked.web_url)):
        require_reachable(url)
    started = time.monotonic()
    last = of_pages(job) if job.stop_api else None

    with tempfile.TemporaryDirectory() as directory:
        distributed = ["--numprocesses", str(job.workers), "--maxschedchunk", "1"] if job.workers > 1 else []
        record, log = _run(job, Path(directory), watch, start, *distributed, "--stopped", "later" if last else "never")
        stays = bool(last) and not record.timed_out and not is_stopped(job)
        if last and not (stays or record.timed_out):
            left = replace(last, time_limit=job.time_limit - (time.monotonic() - started))
            record, log = _run(left, Path(directory), watch, start, "--stopped", "now")
    if not (record.checks or record.timed_out):
        raise BadRequest(_told(log))
    seconds = time.monotonic() - started
    why_not = f"{job.asked.api_url} still answers after `{job.stop_api}`" if stays else _unfinished(job, record, log)
    verdicts = judge(_weighed(record.checks, job.asked.points), record.outcomes)
    return report.make(job.asked, verdicts, seconds=seconds, why_not=why_not)


def _unfinished(job: Job, record: Record, log: str) -> str:
    """Why there is no total; nothing if the suites ran to their end."""
    if record.ended:
        return ""
    if record.timed_out:
        return f"The {job.time_limit:g} s of --time-limit were over, and {record.left} checks were left"
    return f"The suites did not run to their end. {log}"


def of_pages(job: Job) -> Job | None:
    """The job without what is asked of the API itself; None if nothing else is asked."""
    pages = [track for track in job.asked.tracks if track in WEB_TRACKS]
    named = [id_ for id_ in job.asked.checks if id_.partition(".")[0] in WEB_TRACKS]
    asked = job.asked.model_copy(update={"tracks": pages, "checks": named})
    return replace(job, asked=asked) if (named if job.asked.checks else pages) else None


def is_stopped(job: Job) -> bool:
    """Stop the API as staff say; False if it stays all the same."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(job.stop_api, shell=True, stdin=subprocess.DEVNULL, timeout=STOP_LIMIT, check=False)
    deadline = time.monotonic() + STOP_LIMIT
    while answers := target.answers(str(job.asked.api_url)):
        if time.monotonic() > deadline:
            break
        time.sleep(TICK)
    return not answers


def unreached(job: Job, why_not: str) -> Report:
    """A report that gives no marks, not even none."""
    return report.make(job.asked, [], seconds=0, why_not=why_not)


def _told(log: str) -> str:
    """What pytest said was wrong, if it said so in a line; else the end of all that it said."""
    errors = [line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR: ")]
    return errors[-1] if errors else log


def require_named(asked: Asked) -> None:
    """Raise BadRequest where a track has no URL to ask."""
    for track in asked.tracks:
        if not asked.api_url:
            raise BadRequest(f"The track {track} needs --api-url, also to prepare and to look after what it asks")
        if track in WEB_TRACKS and not asked.web_url:
            raise BadRequest(f"The track {track} needs --web-url")


def require_reachable(url: str) -> None:
    """Raise Unreachable, or BadRequest for what is no URL. Who accepts and says nothing is there, and marked for it."""
    try:
        host, port = _address(url)
    except (LookupError, ValueError):
        raise BadRequest(f"{url} is no URL of a server, as http://127.0.0.1:8000 is") from None
    try:
        with socket.create_connection((host, port), target.PATIENCE) as connection:
            if url.lower().startswith("https:"):
                trusted = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
                trusted.wrap_socket(connection, server_hostname=host).close()
    except OSError as error:
        raise Unreachable(f"Nothing answers at {url}: is it started, and is the URL right? ({error})") from error


def _address(url: str) -> tuple[str, int]:
    """Of its host; LookupError or ValueError if it has none, or is of another scheme."""
    parts = urlsplit(url)
    usual = PORTS[parts.scheme]
    if not parts.hostname:
        raise ValueError(url)
    return parts.hostname, parts.port or usual


def require_known(known: Mapping[str, Check], points: Mapping[str, int]) -> None:
    """Raise BadRequest for points of what is no check; none is known before the suites have been read."""
    if known and (unknown := points.keys() - known.keys()):
        raise BadRequest(f"Points for what no check of these tracks is: {', '.join(sorted(unknown))}")


def _weighed(known: Mapping[str, Check], points: Mapping[str, int]) -> dict[str, Check]:
    return {id_: replace(check, points=points.get(id_, check.points)) for id_, check in known.items()}


def _run(job: Job, directory: Path, watch: Watch, start: Start, *options: str) -> tuple[Record, str]:
    """What was recorded, and the end of what the suites printed."""
    record, log = Record(), directory / LOG

    def look() -> None:
        record.read_on(directory / RECORD)
        require_known(record.checks, job.asked.points)  # before the work, and not after it
        watch(record)

    running = start([*_arguments(job, directory), *options], log)
    try:
        deadline = time.monotonic() + job.time_limit
        while not running.is_over() and not record.timed_out:
            time.sleep(TICK)
            look()
            record.timed_out = time.monotonic() > deadline
    finally:
        running.end()
    look()
    return record, log.read_text("utf-8", errors="replace")[-TAIL:]


def _arguments(job: Job, directory: Path) -> Sequence[str]:
    asked = job.asked
    suites = sorted({SUITES[track] for track in asked.tracks})
    idle = sorted(set(PLUGINS.values()) - {PLUGINS[suite] for suite in suites})
    urls = [option for option in (("--api-url", asked.api_url), ("--web-url", asked.web_url)) if option[1]]
    return [
        *(f"tests/{suite}" for suite in suites),
        *("-p", "tests.marking.plugin", "--marking", str(directory), "-p", "no:cacheprovider"),
        *(f"-pno:{plugin}" for plugin in idle),
        *("--tracks", ",".join(asked.tracks), "--checks", ",".join(asked.checks)),
        *(str(word) for option in urls for word in option),
        *("--auth", asked.auth, "--registrar", job.registrar),
        *(f"--randomly-seed={asked.seed}", "--seed", str(asked.seed)),
    ]
