"""The report, `registrar/report/v1`: canonical; every other format is made from it."""

import os
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeFloat, NonNegativeInt

from tests.marking.checks import Check, Track
from tests.marking.verdicts import Outcome, State, Verdict

NAME = "report.json"
SCHEMA: Literal["registrar/report/v1"] = "registrar/report/v1"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exchange(Part):
    """What was asked, as a curl command with passwords and tokens masked, and the beginning of the answer."""

    command: str
    answer: str


class Result(Part):
    """What became of one check."""

    id: str
    track: str
    promise: str
    section: str
    hint: str
    state: State
    points: NonNegativeInt
    max_points: NonNegativeInt
    parts: NonNegativeInt
    passed_parts: NonNegativeInt
    blocked_by: Sequence[str] = ()
    seconds: NonNegativeFloat
    message: str = ""
    expected: str = ""
    actual: str = ""
    exchanges: Sequence[Exchange] = ()
    replay: str = Field(description="The command that asks this check alone.")


class TrackMarks(Part):
    name: str
    points: NonNegativeInt
    max_points: NonNegativeInt
    seconds: NonNegativeFloat


Url = Annotated[str | None, BeforeValidator(lambda url: (url or "").rstrip("/") or None)]


class Asked(Part):
    """What was marked, and how: enough to do it again. `points` are those that staff have changed; 0 leaves one out."""

    api_url: Url
    web_url: Url
    tracks: Sequence[str]
    auth: Literal["bearer", "none"]
    registrar: str = Field(default="", description="The email of staff's own login; empty for the demo's.")
    seed: int
    checks: Sequence[str] = ()
    points: Mapping[str, NonNegativeInt] = {}

    @property
    def words(self) -> list[str]:
        """What is asked, and how, as words of the command line; URLs, logins, the seed and files go beside them."""
        tracks = [word for track in self.tracks for word in ("--track", track)]
        return [*tracks, *(word for check in self.checks for word in ("--check", check)), "--auth", self.auth]


class Report(Part):
    """`marked` is whether the marks count: they do not where the suite itself broke, or nothing could be reached."""

    schema_: Literal["registrar/report/v1"] = Field(alias="schema")
    asked: Asked
    finished_at: AwareDatetime
    seconds: NonNegativeFloat
    marked: bool
    why_not: str = ""
    points: NonNegativeInt | None = Field(description="Null where the report refuses a total.")
    max_points: NonNegativeInt
    tracks: Sequence[TrackMarks]
    results: Sequence[Result]

    def write(self, directory: Path) -> None:
        write(directory / NAME, self.model_dump_json(by_alias=True, indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Report":
        return cls.model_validate_json(path.read_text("utf-8"))


def make(asked: Asked, verdicts: Sequence[Verdict], *, seconds: float, why_not: str = "") -> Report:
    broken = [verdict.check.id for verdict in verdicts if verdict.state is State.GRADER_ERROR]
    if broken and not why_not:
        why_not = f"The marker itself broke in {', '.join(broken)}; that is no fault of the submission"
    results = [_result(asked, verdict) for verdict in verdicts]
    return Report(
        schema=SCHEMA,
        asked=asked,
        finished_at=datetime.now(UTC),
        seconds=round(seconds, 1),
        marked=not why_not,
        why_not=why_not,
        points=None if why_not else sum(result.points for result in results),
        max_points=sum(result.max_points for result in results),
        tracks=[_track(name, results) for name in Track if any(result.track == name for result in results)],
        results=results,
    )


def _track(name: str, results: Sequence[Result]) -> TrackMarks:
    those = [result for result in results if result.track == name]
    return TrackMarks(
        name=name,
        points=sum(result.points for result in those),
        max_points=sum(result.max_points for result in those),
        seconds=round(sum(result.seconds for result in those), 1),
    )


def _result(asked: Asked, verdict: Verdict) -> Result:
    check, shown = verdict.check, verdict.worst or Outcome(verdict.check.id, "", verdict.state, 0)
    return Result(
        id=check.id,
        track=check.track,
        promise=check.promise,
        section=check.section,
        hint=check.hint,
        state=verdict.state,
        points=verdict.points,
        max_points=check.points,
        parts=check.parts,
        passed_parts=verdict.passed_parts,
        blocked_by=verdict.blocked_by,
        seconds=round(verdict.seconds, 3),
        message=f"[{shown.part}] {shown.message}" if shown.part else shown.message,
        expected=shown.expected,
        actual=shown.actual,
        exchanges=[Exchange(command=command, answer=answer) for command, answer in shown.exchanges],
        replay=replay(asked, check),
    )


def replay(asked: Asked, check: Check) -> str:
    """With variables for what only staff know."""
    words = ["nox", "-s", "grade", "--"]
    for option, value in (("--api-url", asked.api_url), ("--web-url", asked.web_url)):
        words += [option, shlex.quote(value)] if value else []
    words += ["--auth", "none"] if asked.auth == "none" else []
    words += ["--registrar", f'{shlex.quote(asked.registrar)}:"$PASSWORD"'] if asked.registrar else []
    words += ["--stop-api", '"$STOP_API"'] if check.stopped else []
    return " ".join([*words, "--seed", str(asked.seed), "--check", check.id])


def write(path: Path, text: str) -> None:
    """All of it or nothing: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
