"""A class, marked by one command."""

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proof.targets import stubborn, wheat
from tests.servers import ROOT

PATIENCE = 60  # seconds


@pytest.fixture
def submissions(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[dict[str, str]]:
    """URLs by student: one hangs, one crashes, one is not there, and the others are right."""
    others = 17 if pytestconfig.getoption("--full") else 3
    with (
        wheat("course_api", tmp_path, ready="/students") as right,
        stubborn(silent=True) as hangs,
        stubborn(body=b'{"students": []}', lives=5) as crashes,
    ):
        absent = "http://127.0.0.1:9"
        yield {f"right {n}": right.url for n in range(others)} | {"hangs": hangs, "crashes": crashes, "absent": absent}


def class_run(directory: Path) -> "subprocess.Popen[bytes]":
    options = ["--track", "course", "--auth", "none", "--workers", "1", "--jobs", "2", "--out", str(directory)]
    command = [sys.executable, "-m", "tests.marking", "--class", str(directory / "submissions.csv"), *options]
    return subprocess.Popen(command, cwd=ROOT)


def test_a_class_is_marked_whatever_its_submissions_do(tmp_path: Path, submissions: dict[str, str]) -> None:
    """One that hangs, crashes or is not there costs nobody else anything, and an interrupt loses nothing."""
    rows = ["student,api_url,web_url", *(f"{student},{url}," for student, url in submissions.items())]
    (tmp_path / "submissions.csv").write_text("\n".join(rows), "utf-8")

    first = class_run(tmp_path)
    marked_before = some_reports(tmp_path)
    first.send_signal(signal.SIGINT)
    first.wait(PATIENCE)
    marked_after = list(tmp_path.glob("*/report.json"))
    status = class_run(tmp_path).wait(4 * PATIENCE)

    assert status == 0
    assert len(marked_after) < len(submissions)
    assert {path: path.stat().st_mtime_ns for path in marked_before} == marked_before
    with (tmp_path / "class.csv").open(newline="", encoding="utf-8") as file:
        marks = {row["student"]: row["points"] for row in csv.DictReader(file)}
    expected = dict.fromkeys(submissions, full_marks(marks)) | {"hangs": "0", "crashes": "0", "absent": ""}
    assert marks == expected
    assert "right 0" in (tmp_path / "class.html").read_text("utf-8")


def some_reports(directory: Path) -> dict[Path, int]:
    """When each was written, once there are two."""
    deadline = time.monotonic() + PATIENCE
    while len(found := list(directory.glob("*/report.json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    return {path: path.stat().st_mtime_ns for path in found}


def full_marks(marks: dict[str, str]) -> str:
    return str(max(int(points or 0) for points in marks.values()))
