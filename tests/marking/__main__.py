"""Mark an implementation by its URLs, or a class of them.

\b
    nox -s grade -- --api-url http://127.0.0.1:8000 --web-url http://127.0.0.1:5000 --auth none
    nox -s grade -- --api-url http://127.0.0.1:8000 --track students --track access
    nox -s grade -- --api-url http://127.0.0.1:8000 --check enrollment.last-seat
    nox -s grade -- --class class.csv --track course --auth none --out marks
    nox -s grade -- --dry-run --track enrollment

tests/marking/README.md is the guide. Ends with 0 when it has marked, whatever the marks, and with 2 when it could not.
"""

import random
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests import browser
from tests.marking import classes, compare, kit, run
from tests.marking.checks import WEB_TRACKS, Check, Track
from tests.marking.formats import Visibility, classroom, derive
from tests.marking.report import Asked, Report, write
from tests.marking.run import BadRequest, Job, Record, Unreachable
from tests.marking.verdicts import State
from tests.servers import DEMO_REGISTRAR

NOT_MARKED = 2
COLUMNS = {
    State.PASSED: "Passed",
    State.PARTIAL: "In part",
    State.FAILED: "Failed",
    State.BLOCKED: "Blocked",
    State.TARGET_ERROR: "No answer",
    State.GRADER_ERROR: "Broken",
}


class NotMarked(Exception):
    """There are reports that say why, and no marks."""


def _whole_login(registrar: str) -> str:
    if not all(registrar.partition(":")):
        raise typer.BadParameter("it is an email and a password, with a colon between")
    return registrar


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
console = Console(stderr=True)


@app.command(help=__doc__)
def grade(
    api_url: Annotated[str, typer.Option(help="The API to mark.")] = "",
    web_url: Annotated[str, typer.Option(help="The web UI to mark; it must be in front of that API.")] = "",
    track: Annotated[
        list[Track] | None, typer.Option(help="What to mark; again for more. The course's by default.")
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(help="Only this check, and what it requires; again for more.")
    ] = None,
    auth: Annotated[
        Literal["bearer", "none"], typer.Option(help="Whether the API has logins; it is never guessed.")
    ] = "bearer",
    registrar: Annotated[
        str, typer.Option(help="A registrar's login, EMAIL:PASSWORD.", callback=_whole_login)
    ] = DEMO_REGISTRAR,
    points: Annotated[Path | None, typer.Option(help="TOML with points by check id; 0 leaves a check out.")] = None,
    out: Annotated[Path, typer.Option(help="Where the reports go.")] = Path("marks"),
    visibility: Annotated[Visibility, typer.Option(help="Who reads: students see no expected values.")] = "staff",
    seed: Annotated[int | None, typer.Option(help="Fixes all that is random.", min=0, max=2**32 - 1)] = None,
    workers: Annotated[int, typer.Option("--workers", "-n", help="Processes that ask at once.", min=1)] = 2,
    time_limit: Annotated[float, typer.Option(help="Seconds for a submission.", min=1)] = 600,
    class_: Annotated[Path | None, typer.Option("--class", help="CSV: student, api_url, web_url.")] = None,
    jobs: Annotated[int, typer.Option(help="Submissions of a class at once.", min=1)] = 1,
    again: Annotated[bool, typer.Option("--again", help="Mark again what has been marked (class).")] = False,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="What has no URL earns nothing (always so in a class).")
    ] = False,
    stop_api: Annotated[str, typer.Option(help="A command that stops the API; what it then does is asked last.")] = "",
    submission: Annotated[Path | None, typer.Option(help="TOML that names the submission; writes result.json.")] = None,
    old_and_new: Annotated[
        tuple[Path, Path] | None, typer.Option("--compare", metavar="OLD NEW", help="What changed between two reports.")
    ] = None,
    gradescope: Annotated[Path | None, typer.Option(help="Write setup.sh and run_autograder there.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the checks; contact nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no table.")] = False,
) -> None:
    if old_and_new:
        return typer.echo(compare.changes(*map(Report.read, old_and_new)))
    submissions = classes.read(class_, out) if class_ else []
    web = bool(web_url) or any(each.web_url for each in submissions) or not (api_url or class_)
    asked = Asked(
        api_url=api_url,
        web_url=web_url,
        tracks=list(dict.fromkeys(track or _tracks_for(check or [], web=web))),
        checks=check or [],
        auth=auth,
        registrar="" if registrar == DEMO_REGISTRAR else registrar.partition(":")[0],
        seed=random.randrange(2**32) if seed is None else seed,
        points=_points(points),
    )
    job = Job(asked, registrar, workers, time_limit, stop_api, incomplete)
    if gradescope:
        return kit.write_kit(gradescope, job)
    if dry_run:
        return list_checks(run.checks(job).values())
    if class_:
        options = ["--points", str(points.resolve())] if points else []
        return _mark_class(submissions, out.resolve(), job, visibility, options, jobs=jobs, again=again, quiet=quiet)
    if not (api_url or web_url):
        raise BadRequest("Name what to mark: --api-url, --web-url, or --class; --help shows examples")
    return _mark(job, out, visibility, submission, quiet=quiet)


def _tracks_for(checks: Sequence[str], *, web: bool) -> list[Track]:
    """Those of the checks; else the course's, as far as the URLs go."""
    if checks:
        return list(dict.fromkeys(Track(check.partition(".")[0]) for check in checks))
    return [Track.COURSE, *([Track.WEB_BASIC] if web else [])]


def _points(path: Path | None) -> dict[str, int]:
    if path is None:
        return {}
    table = tomllib.loads(path.read_text("utf-8")).get("points", {})
    if not all(isinstance(value, int) and value >= 0 for value in table.values()):
        raise BadRequest(f"{path}: points are whole numbers, 0 or more")
    return dict(table)


def _mark(job: Job, out: Path, visibility: Visibility, submission: Path | None, *, quiet: bool) -> None:
    if set(WEB_TRACKS) & set(job.asked.tracks):
        browser.ensure()
    named = classroom.Submission.model_validate(tomllib.loads(submission.read_text("utf-8"))) if submission else None
    try:
        with progress(quiet=quiet) as bar:
            report = run.mark(job, bar_of(bar))
    except Unreachable as unreachable:
        report = run.unreached(job, str(unreachable))
    derive(report, out, visibility)
    report.write(out)  # last: who finds it finds the others
    (out / classroom.NAME).unlink(missing_ok=True)
    if named and report.marked:
        write(out / classroom.NAME, classroom.render(report, named))
    if not quiet:
        show(report, out)
    if not report.marked:
        raise NotMarked(report.why_not)


def show(report: Report, out: Path) -> None:
    if report.results:
        console.print(table(report))
    console.print(f"The reports are in {out}/", highlight=False)


def progress(*, quiet: bool) -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=quiet, transient=True)


def bar_of(bar: Progress) -> run.Watch:
    task = bar.add_task("reading the checks", total=None)

    def watch(record: Record) -> None:
        total = len(record.checks)
        if total:
            last = record.outcomes[-1].check if record.outcomes else ""
            bar.update(task, total=total, completed=total - record.left, description=f"{record.left} left {last}")

    return watch


def table(report: Report) -> Table:
    title = f"{report.points} of {report.max_points} points" if report.marked else "Not marked"
    shown = Table(title=title, box=box.SIMPLE, padding=(0, 1, 0, 0))
    shown.add_column("Track", no_wrap=True)
    for name in ("Points", *COLUMNS.values(), "Time"):
        shown.add_column(name, justify="right")
    whole = sum(each.seconds for each in report.tracks) or 1
    for each in report.tracks:
        states = Counter(result.state for result in report.results if result.track == each.name)
        counts = (str(states[state] or "") for state in COLUMNS)
        points = f"{each.points}/{each.max_points}" if each.max_points else "–"
        shown.add_row(each.name, points, *counts, f"{each.seconds / whole:.0%}")
    return shown


def _mark_class(
    submissions: Sequence[classes.Submission],
    out: Path,
    job: Job,
    visibility: Visibility,
    options: Sequence[str],
    *,
    jobs: int,
    again: bool,
    quiet: bool,
) -> None:
    if job.stop_api:
        raise BadRequest("--stop-api stops one submission's API: it does not go with --class")
    asked, rows = job.asked, []
    if set(WEB_TRACKS) & set(asked.tracks):
        browser.ensure()  # once, and not in each process
    run.checks(job)  # before anything is written: it refuses what is asked for by a wrong name
    options = [*options, *asked.words, "--registrar", job.registrar, "--seed", str(asked.seed)]
    options += ["--workers", str(job.workers), "--time-limit", str(job.time_limit), "--incomplete"]
    with progress(quiet=quiet) as bar:
        task = bar.add_task("", total=len(submissions))
        for row in classes.mark(submissions, out, asked, visibility, options, jobs, again=again):
            rows.append(row)
            classes.summarize(rows, out)  # after each, so that an interrupt loses nothing
            bar.update(task, advance=1, description=f"{len(submissions) - len(rows)} left {row.submission.student}")
    console.print(f"{len(rows)} submissions, {sum(not row.marked for row in rows)} not marked: {out}/class.html")
    if not any(row.marked for row in rows):
        raise NotMarked(f"Nobody could be marked; {rows[0].submission.student}: {rows[0].told}")


def list_checks(checks: Iterable[Check]) -> None:
    shown = Table("Check", "Points", "Requires", "Promise", title="What would be asked")
    for check in sorted(checks, key=lambda check: check.id):
        shown.add_row(check.id, str(check.points), ", ".join(check.requires), check.promise)
    Console().print(shown)


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever is told to end also ends what it has started
    try:
        app()
    except (BadRequest, NotMarked, OSError, ValueError) as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(NOT_MARKED)


if __name__ == "__main__":
    main()
