"""The marker, held against targets whose marks are known."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.marking import run
from tests.marking.checks import Track
from tests.marking.report import Asked, Report
from tests.marking.run import Job, Process, Record, Start, Watch
from tests.marking.verdicts import State
from tests.postgres import free_port
from tests.proof.chaffs import load
from tests.proof.stage import Forked, served
from tests.proof.targets import stubborn, wheat
from tests.servers import DEMO_REGISTRAR, ROOT, Server, api_server, web_server

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
    "too deep": {"body": b"[" * 100_000},
    "other types": {"body": b'{"students": {"id": [1]}, "next": 7}'},
}


@dataclass(frozen=True)
class Wheat:
    """A right implementation, whose API can be stopped."""

    api: Server
    web: Server

    def mark(self, *tracks: Track, auth: Literal["bearer", "none"] = "bearer", seed: int = 1) -> Report:
        return mark(self.api.url, self.web.url, *tracks, auth=auth, seed=seed, stop_api=self.api.stop_command)


def mark(
    api_url: str,
    web_url: str | None = None,
    *tracks: Track,
    auth: Literal["bearer", "none"] = "bearer",
    seed: int = 1,
    watch: Watch = lambda _: None,
    start: Start = Process,
    **how: Any,
) -> Report:
    asked = Asked(api_url=api_url, web_url=web_url, tracks=tracks or list(Track), auth=auth, seed=seed)
    return run.mark(Job(asked, DEMO_REGISTRAR, **how), watch, start)


def mark_sooner(url: str) -> Report:
    """Both servers are there, on all tracks; the suites have been imported already."""
    return mark(url, url, workers=1, start=partial(Forked, ()))


def lost(report: Report) -> dict[str, str]:
    return {each.id: f"{each.state} {each.message}" for each in report.results if each.state is not State.PASSED}


def earned(report: Report) -> list[str]:
    return [each.id for each in report.results if each.points]


@pytest.mark.parametrize("ui", ["course_web", "script_web"])
def test_what_the_text_describes_earns_every_mark(ui: str, tmp_path: Path, seed: int) -> None:
    """The smallest pair that the course text describes earns every mark of its tracks, and so does a UI of scripts."""
    with (
        wheat("course_api", tmp_path, ready="/students") as api,
        wheat(ui, tmp_path, api.url, ready="/") as web,
    ):
        report = Wheat(api, web).mark(Track.COURSE, Track.WEB_BASIC, auth="none", seed=seed)

    assert lost(report) == {}
    assert report.points == report.max_points


def test_the_contract_in_other_hands_earns_every_mark(tmp_path: Path, seed: int) -> None:
    """An API without a framework, and a UI in other markup, share no code with the reference and earn every mark."""
    with (
        wheat("foreign_api", tmp_path, ready="/health/live") as api,
        wheat("other_web", tmp_path, api.url, ready="/login") as web,
    ):
        report = Wheat(api, web).mark(seed=seed)

    assert lost(report) == {}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_reference_earns_every_mark(database: str, tmp_path: Path, seed: int) -> None:
    """The reference earns every mark of every track, on SQLite and on PostgreSQL."""
    with api_server(tmp_path, database) as api, web_server(tmp_path, api.url) as web:
        report = Wheat(api, web).mark(seed=seed)

    assert lost(report) == {}


@pytest.mark.parametrize("answer", ALIKE.values(), ids=ALIKE)
def test_who_answers_everything_alike_earns_nothing(answer: dict[str, Any]) -> None:
    """A server that gives one answer to everything is marked, and gets 0, on every track."""
    with stubborn(**answer) as url:
        report = mark_sooner(url)

    assert report.marked, report.why_not
    assert earned(report) == []


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_target_breaks_only_itself(answer: dict[str, Any]) -> None:
    """A server that hangs, floods, leads elsewhere or talks nonsense is marked, and gets 0."""
    with stubborn(**answer) as url:
        report = mark_sooner(url)

    assert report.marked, report.why_not
    assert earned(report) == []


def test_what_is_no_character_is_marked_too() -> None:
    """Half of a surrogate pair, which JSON can have and UTF-8 cannot, comes through to the report."""
    body = rb'{"id": 1, "name": "\ud800", "email": "\ud800", "access_token": "token"}'
    with stubborn(status=201, body=body) as url:
        report = mark(url, None, Track.STUDENTS)

    assert report.marked, report.why_not
    assert [each.id for each in report.results if "\\ud800" in each.message]


def test_a_ui_that_dies_costs_the_api_nothing(tmp_path: Path) -> None:
    """Each server is there or not, whatever became of the other."""
    with api_server(tmp_path) as api, stubborn(status=404, lives=3) as web_url:
        report = mark(api.url, web_url, Track.STUDENTS, Track.WEB)

    assert {each.state for each in report.results if each.track == Track.STUDENTS} == {State.PASSED}
    assert not [each for each in report.results if each.track == Track.WEB and each.points]


def test_a_ui_without_an_api_earns_nothing() -> None:
    """In a class, a submission may lack one of the two; it is marked all the same."""
    with stubborn(status=404) as web_url:
        report = mark("", web_url, Track.WEB, incomplete=True, workers=1)

    assert report.marked, report.why_not
    assert earned(report) == []


def test_no_report_tells_a_password(tmp_path: Path) -> None:
    """A password that cannot be typed is not told by whoever could not type it."""
    page = b'<form><input name="email"><input type="password" style="display: none"></form>'
    with api_server(tmp_path) as api, stubborn(body=page, media_type="text/html") as web_url:
        report = mark(api.url, web_url, Track.WEB_BASIC)

    assert State.FAILED in {each.state for each in report.results}
    assert DEMO_REGISTRAR.partition(":")[2] not in report.model_dump_json()


def test_who_dies_half_way_keeps_what_was_earned(tmp_path: Path) -> None:
    """A server that dies while it is marked is marked: what it had earned stands, and the rest is not answered."""
    with api_server(tmp_path) as api:

        def kill_half_way(record: Record) -> None:
            if record.checks and record.left < len(record.checks) // 2:
                api.kill()

        report = mark(api.url, None, Track.STUDENTS, watch=kill_half_way)

    states = {each.state for each in report.results}
    assert report.marked, report.why_not
    assert {State.PASSED, State.TARGET_ERROR} <= states <= {State.PASSED, State.TARGET_ERROR, State.BLOCKED}
    assert 0 < (report.points or 0) < report.max_points


def test_what_takes_too_long_is_not_marked() -> None:
    """When its time is over, a submission is told so, and how much is left: that is no fault of the marker."""
    with stubborn(silent=True) as url:
        report = mark(url, None, Track.STUDENTS, time_limit=10)

    assert (report.marked, report.points) == (False, None)
    assert re.fullmatch(r"The 10 s of --time-limit were over, and \d+ checks were left", report.why_not)


def test_marks_do_not_depend_on_the_order(seeded: Path, tmp_path: Path) -> None:
    """Marked twice, in any order, one check at a time or four, a submission with a fault gets the same marks."""
    with served(load()["fills_in_what_a_put_leaves_out"], seeded, "", tmp_path) as url:
        reports = [mark(url, None, Track.STUDENTS, seed=n, workers=n) for n in (1, 4)]

    one, four = ({each.id: (each.state, each.points) for each in report.results} for report in reports)
    assert one == four
    assert State.FAILED in {state for state, _ in one.values()}


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
