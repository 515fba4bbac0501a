"""What is refused before anything is asked, what is asked once the API has been stopped, and what it is worth."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.marking.report import Asked
from tests.marking.run import BadRequest, Job, Record, Unreachable, of_pages, require_known, require_reachable
from tests.unit.marking.reports import check
from tests.unit.marking.servers import served


@pytest.mark.parametrize(
    ("tracks", "checks", "left"),
    [
        (["students", "web"], [], (["web"], [])),
        (["web-basic", "web"], [], (["web-basic", "web"], [])),
        (["students", "web"], ["students.list", "web.list"], (["web"], ["web.list"])),
        (["students"], [], None),
        (["students", "web"], ["students.list"], None),
    ],
)
def test_only_pages_are_asked_without_the_api(
    tracks: Sequence[str], checks: Sequence[str], left: tuple[Sequence[str], Sequence[str]] | None
) -> None:
    """Of a stopped API itself nothing is asked; of the pages in front of it, what was to be asked of them."""
    asked = Asked(api_url="http://a", web_url="http://w", tracks=tracks, auth="bearer", seed=1, checks=checks)

    job = of_pages(Job(asked, "registrar@example.edu:secret"))

    assert (job and (job.asked.tracks, job.asked.checks)) == left


def test_a_check_is_worth_what_it_was_when_it_was_asked(tmp_path: Path) -> None:
    """A second run, of what is asked of a stopped API, makes nothing of the first run worthless."""
    asked, built_on = check("course.list", 2), replace(check("course.list", 2), points=0)
    lines = (json.dumps({"checks": [asdict(each)]}) for each in (asked, built_on))
    (tmp_path / "record.jsonl").write_text("\n".join([*lines, ""]), "utf-8")
    record = Record()

    record.read_on(tmp_path / "record.jsonl")

    assert record.checks["course.list"].points == 2


@pytest.mark.parametrize(
    "url",
    ["localhost:8000", "127.0.0.1:8000", "ftp://127.0.0.1:8000", "http://", "http://127.0.0.1:99999", "/"],
)
def test_what_is_no_url_of_a_server_is_no_zero(url: str) -> None:
    with pytest.raises(BadRequest, match="is no URL of a server"):
        require_reachable(url)


def test_points_are_for_checks_that_there_are() -> None:
    points = {"course.lits": 3}
    require_known({}, points)  # nothing has been read yet

    with pytest.raises(BadRequest, match=r"course\.lits"):
        require_known({"course.list": check("course.list")}, points)


def test_a_server_without_tls_is_not_there_by_https() -> None:
    """Every check of it would fail, and none of them because of what it is asked."""
    with served(BaseHTTPRequestHandler) as url, pytest.raises(Unreachable, match="Nothing answers"):
        require_reachable(url.replace("http:", "https:"))


def test_a_second_run_has_not_ended_with_the_first(tmp_path: Path) -> None:
    """Whoever is not asked to the end, while the API is stopped, is told why."""
    lines = [json.dumps({"checks": [asdict(check("course.list"))]}), json.dumps({"end": True})]
    (tmp_path / "record.jsonl").write_text("\n".join([*lines, ""]), "utf-8")
    once, twice = Record(), Record()

    once.read_on(tmp_path / "record.jsonl")
    (tmp_path / "record.jsonl").write_text("\n".join([*lines, lines[0], ""]), "utf-8")
    twice.read_on(tmp_path / "record.jsonl")

    assert (once.ended, twice.ended) == (True, False)
