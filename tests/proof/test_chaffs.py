"""Every check fails where it should, and nowhere else."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.marking.checks import Track
from tests.marking.report import Asked, Report
from tests.marking.run import Job, checks
from tests.marking.verdicts import State
from tests.proof.chaffs import Chaff, load
from tests.proof.stage import marked
from tests.servers import DEMO_REGISTRAR

CHAFFS = load()
EARNED = {State.PASSED, State.BLOCKED}  # what is only blocked is not lost by the fault itself


def lost(report: Report) -> Mapping[str, str]:
    """Why, by check."""
    assert report.marked, report.why_not
    return {each.id: f"{each.state}: {each.message[:300]}" for each in report.results if each.state not in EARNED}


@pytest.mark.parametrize("chaff", CHAFFS.values(), ids=CHAFFS)
def test_a_fault_loses_what_it_should_and_nothing_else(
    chaff: Chaff, seeded: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A planted fault fails exactly the checks that it names."""
    asked = [] if request.config.getoption("--full") else sorted(chaff.loses)
    api_url = request.getfixturevalue("api_url") if chaff.of_web else ""

    found = lost(marked(chaff, seeded, api_url, tmp_path, asked))

    surplus = {id_: why for id_, why in found.items() if id_ not in chaff.loses}
    missed = sorted(chaff.loses - found.keys())
    assert (surplus, missed) == ({}, []), f"\nalso lost: {surplus}\nnot lost: {missed}"


def test_every_check_can_be_failed() -> None:
    """No check passes whatever is wrong: each is lost by some chaff."""
    everything = checks(Job(Asked(api_url=None, web_url=None, tracks=list(Track), auth="bearer", seed=1), DEMO_REGISTRAR))

    assert everything.keys() - {id_ for chaff in CHAFFS.values() for id_ in chaff.loses} == set()
