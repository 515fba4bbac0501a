"""Every check fails where it should, and nowhere else."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.marking import run
from tests.marking.checks import Check, Track
from tests.marking.report import Asked, Report
from tests.marking.run import Job
from tests.marking.verdicts import State
from tests.proof.chaffs import Chaff, load
from tests.proof.stage import marked
from tests.servers import DEMO_REGISTRAR, api_server

CHAFFS = load()
EARNED = {State.PASSED, State.BLOCKED}  # what is only blocked is not lost by the fault itself
BY_CHANCE = {"robustness.fuzz"}  # finds what it finds, so it is asked only where it is named
STOPPED = {"web.api-down", "web-basic.api-down"}
RACES = [
    pytest.param(chaff, race, id=f"{race}-{chaff.name}")
    for chaff in CHAFFS.values()
    for race in sorted(chaff.loses)
    if ".race-" in race or race == "enrollment.last-seat"
]
MARKS = 20  # of a race check that plays ten rounds


@pytest.fixture(scope="session")
def everything() -> Mapping[str, Check]:
    """All checks, by id."""
    asked = Asked(api_url=None, web_url=None, tracks=list(Track), auth="bearer", seed=1)
    return run.checks(Job(asked, DEMO_REGISTRAR))


@pytest.mark.parametrize("chaff", CHAFFS.values(), ids=CHAFFS)
def test_a_fault_loses_what_it_should_and_nothing_else(
    chaff: Chaff, seeded: Path, tmp_path: Path, request: pytest.FixtureRequest, see: Callable[[str], None]
) -> None:
    """A planted fault fails exactly the checks that it names."""
    asked, full = set(chaff.loses), request.config.getoption("--full")
    if full:
        of_its_tracks = {id_ for id_ in request.getfixturevalue("everything") if id_.partition(".")[0] in chaff.tracks}
        asked |= of_its_tracks - BY_CHANCE - STOPPED

    with right_api(chaff, tmp_path, request) as (api_url, stop_api):
        found = lost(marked(chaff, seeded, api_url, tmp_path, sorted(asked), alone=not full, stop_api=stop_api))

    see(f"{chaff.name}: {chaff.fault} Caught by {', '.join(sorted(found)) or 'no check'}.")
    surplus = {id_: why for id_, why in found.items() if id_ not in chaff.loses}
    missed = sorted(chaff.loses - found.keys())
    assert (surplus, missed) == ({}, []), f"\nalso lost: {surplus}\nnot lost: {missed}"


@contextmanager
def right_api(chaff: Chaff, directory: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The URL of the API that a wrong web UI stands before, and what stops it, if it is to be stopped."""
    if chaff.loses & STOPPED:
        with api_server(directory) as server:
            yield server.url, server.stop_command
    else:
        yield request.getfixturevalue("api_url") if chaff.of_web else "", ""


@pytest.mark.full
@pytest.mark.parametrize(("chaff", "race"), RACES)
def test_a_race_is_not_missed_for_long(
    chaff: Chaff, race: str, seeded: Path, tmp_path: Path, see: Callable[[str], None]
) -> None:
    """Of 200 rounds, some show the race; how many marks of ten would have missed it is printed."""
    directories = [tmp_path / str(number) for number in range(MARKS)]  # what a killed server leaves is nobody else's
    for directory in directories:
        directory.mkdir()
    marks = (marked(chaff, seeded, "", directory, [race], alone=True) for directory in directories)
    missed = sum(race not in lost(report) for report in marks)

    see(f"{race} misses {chaff.name} in {missed} of {MARKS} marks")
    assert missed < MARKS


def lost(report: Report) -> Mapping[str, str]:
    """Why, by check."""
    assert report.marked, report.why_not
    return {each.id: f"{each.state}: {each.message[:300]}" for each in report.results if each.state not in EARNED}


def test_every_check_can_be_failed(everything: Mapping[str, Check]) -> None:
    """No check passes whatever is wrong: each is lost by some chaff."""
    assert everything.keys() - {id_ for chaff in CHAFFS.values() for id_ in chaff.loses} == set()


def test_every_check_says_where_it_is_promised(everything: Mapping[str, Check]) -> None:
    """A failure leads to a section of the contract, or of the course text."""
    sections = {check.section for check in everything.values()}

    assert [each for each in sections if not re.fullmatch(r"(CONTRACT|course-notes)\.md, section \d+", each)] == []
