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
        (Track.COURSE, "none", ["--auth none", "for port in 8000;"], ["--web-url"]),
        (Track.WEB, "bearer", ["--auth bearer", "for port in 8000 5000;", "--web-url"], []),
    ],
)
def test_a_submission_is_asked_as_staff_have_said(
    track: Track, auth: str, said: list[str], unsaid: list[str], tmp_path: Path
) -> None:
    asked = Asked.model_validate({"api_url": None, "web_url": None, "tracks": [track], "auth": auth, "seed": 1})

    write_kit(tmp_path, Job(asked, "ada@example.org:a b"))

    script = (tmp_path / "run_autograder").read_text("utf-8")
    said = [*said, f"--track {track}", "--registrar 'ada@example.org:a b'"]
    assert [each for each in said if each not in script] == []
    assert [each for each in unsaid if each in script] == []


def test_a_kit_has_all_that_staff_have_chosen(tmp_path: Path) -> None:
    """Its checks, its points and how the API is stopped."""
    asked = {"api_url": None, "web_url": None, "tracks": ["course"], "auth": "none", "seed": 1}
    chosen = asked | {"checks": ["course.list"], "points": {"course.list": 5}}

    write_kit(tmp_path, Job(Asked.model_validate(chosen), "ada@example.org:a b", stop_api="pkill -f api"))

    script = (tmp_path / "run_autograder").read_text("utf-8")
    assert "--check course.list --auth none" in script
    assert "--points /autograder/source/points.toml --stop-api 'pkill -f api' " in script
    assert tomllib.loads((tmp_path / "points.toml").read_text("utf-8")) == {"points": {"course.list": 5}}


def test_a_submission_gives_itself_no_marks(tmp_path: Path) -> None:
    """It runs as somebody who may not write them, and Python, run as root, never where it would import from it."""
    asked = Asked.model_validate({"api_url": None, "web_url": None, "tracks": ["course"], "auth": "none", "seed": 1})

    write_kit(tmp_path, Job(asked, "ada@example.org:a b"))

    script = (tmp_path / "run_autograder").read_text("utf-8")
    started, as_root = script.split("runuser -u nobody -- bash run.sh")
    assert "python3" not in started
    assert as_root.index("cd /autograder/source/registrar") < as_root.index("python3")
