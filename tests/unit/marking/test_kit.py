"""The scripts of a Gradescope autograder, which ask for what staff have asked for."""

import tomllib
from pathlib import Path

import pytest

from tests.marking.checks import Track
from tests.marking.kit import write_kit
from tests.marking.report import Asked
from tests.marking.run import Job


@pytest.mark.parametrize(
    ("track", "auth", "said", "unsaid"),
    [
        (Track.COURSE, "none", ["--auth none", "for port in 8000;"], ["--web-url", "--registrar"]),
        (Track.WEB, "bearer", ["--registrar 'ada@example.org:a b'", "for port in 8000 5000;", "--web-url"], ["--auth"]),
    ],
)
def test_a_submission_is_asked_as_staff_have_said(
    track: Track, auth: str, said: list[str], unsaid: list[str], tmp_path: Path
) -> None:
    asked = Asked.model_validate({"api_url": None, "web_url": None, "tracks": [track], "auth": auth, "seed": 1})

    write_kit(tmp_path, Job(asked, "ada@example.org:a b"))

    script = (tmp_path / "run_autograder").read_text("utf-8")
    assert [each for each in [*said, f"--track {track}"] if each not in script] == []
    assert [each for each in unsaid if each in script] == []


def test_a_kit_has_all_that_staff_have_chosen(tmp_path: Path) -> None:
    """Its checks and its points; and the submission runs as somebody who can write no marks."""
    asked = {"api_url": None, "web_url": None, "tracks": ["course"], "auth": "none", "seed": 1}
    chosen = asked | {"checks": ["course.list"], "points": {"course.list": 5}}

    write_kit(tmp_path, Job(Asked.model_validate(chosen), "ada@example.org:a b"))

    script = (tmp_path / "run_autograder").read_text("utf-8")
    assert "--check course.list --points /autograder/source/points.toml" in script
    assert "runuser -u nobody" in script
    assert tomllib.loads((tmp_path / "points.toml").read_text("utf-8")) == {"points": {"course.list": 5}}
