"""The marker, held against targets whose marks are known."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.marking import run
from tests.marking.checks import Track
from tests.marking.report import Asked, Report
from tests.marking.run import Job
from tests.marking.verdicts import State
from tests.postgres import free_port
from tests.proof.targets import stubborn, wheat
from tests.servers import ROOT

COURSE = [Track.COURSE, Track.WEB_BASIC]
REGISTRAR = "registrar@example.edu:correct horse battery"
ALIKE: Mapping[str, dict[str, Any]] = {
    "404": {"status": 404},
    "401": {"status": 401},
    "{}": {"body": b"{}"},
    "nobody": {"body": b'{"students": []}'},
    "500": {"status": 500},
}
HOSTILE: Mapping[str, dict[str, Any]] = {
    "silent": {"silent": True},
    "100 MB": {"body": b"x" * 100_000_000},
    "leads elsewhere": {"status": 302, "location": "http://192.0.2.1/students"},
    "half a document": {"body": b'{"students": [{"id": '},
    "null": {"body": b"null"},
    "other types": {"body": b'{"students": {"id": [1]}, "next": 7}'},
}


def mark(
    api_url: str, web_url: str | None = None, *, auth: Literal["bearer", "none"] = "none", seed: int = 1
) -> Report:
    tracks = COURSE if web_url else [Track.COURSE]
    job = Job(Asked(api_url=api_url, web_url=web_url, tracks=tracks, auth=auth, seed=seed), REGISTRAR)
    return run.mark(job, lambda _: None)


def lost(report: Report) -> dict[str, str]:
    return {each.id: f"{each.state} {each.message}" for each in report.results if each.state is not State.PASSED}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """What the course text describes, and no more: an API and a web UI."""
    directory = tmp_path_factory.mktemp("course")
    with (
        wheat("course_api", directory, ready="/students") as api_url,
        wheat("course_web", directory, api_url, ready="/") as web_url,
    ):
        yield api_url, web_url


@pytest.fixture(scope="module")
def foreign_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The whole contract, in other hands: an API without a framework, and a UI in other markup."""
    directory = tmp_path_factory.mktemp("foreign")
    with (
        wheat("foreign_api", directory, ready="/health/live") as api_url,
        wheat("other_web", directory, api_url, ready="/login") as web_url,
    ):
        yield api_url, web_url


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_the_text_describes_earns_every_mark(pair: tuple[str, str], seed: int) -> None:
    """The smallest implementation of the course text earns every mark of its tracks, whatever the seed."""
    report = mark(*pair, seed=seed)

    assert lost(report) == {}
    assert report.points == report.max_points


def test_more_than_the_text_describes_earns_every_mark(foreign_pair: tuple[str, str]) -> None:
    """An implementation of the whole contract earns every mark of the course's tracks too, logins and all."""
    report = mark(*foreign_pair, auth="bearer")

    assert lost(report) == {}


@pytest.mark.parametrize("answer", ALIKE.values(), ids=ALIKE)
def test_who_answers_everything_alike_earns_nothing(answer: dict[str, Any]) -> None:
    """A server that gives one answer to everything is marked, and gets 0."""
    with stubborn(**answer) as url:
        report = mark(url, url)

    assert (report.marked, report.points) == (True, 0)


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_target_breaks_only_itself(answer: dict[str, Any]) -> None:
    """A server that hangs, floods, leads elsewhere or talks nonsense is marked, and gets 0."""
    with stubborn(**answer) as url:
        report = mark(url)

    assert (report.marked, report.points) == (True, 0), lost(report)


def mark_started(url: str, out: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.marking", "--api-url", url, "--track", "course", "--auth", "none"]
    return subprocess.run(
        [*command, "--out", str(out / "marks")], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_port_with_nothing_behind_it_is_no_zero(tmp_path: Path) -> None:
    """Where nothing answers there are no marks, not even none: a clear line, a report that says why, and status 2."""
    done = mark_started(f"http://127.0.0.1:{free_port()}", tmp_path)

    report = json.loads((tmp_path / "marks" / "report.json").read_text("utf-8"))
    assert done.returncode == 2
    assert "Nothing answers at" in done.stderr
    assert (report["marked"], report["points"]) == (False, None)


def test_marks_are_marks_whatever_they_are(tmp_path: Path) -> None:
    """The exit status is 0 once something was marked, and every report is there."""
    with stubborn(status=404) as url:
        done = mark_started(url, tmp_path)

    assert done.returncode == 0, done.stderr
    written = {path.name for path in (tmp_path / "marks").iterdir()}
    assert written == {"report.json", "report.html", "results.json", "junit.xml", "summary.md"}
