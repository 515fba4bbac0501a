"""A whole class: each submission marked by a process of its own, so that none can take another with it."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tests.marking.formats import Visibility, derive, forget, html
from tests.marking.report import NAME, Asked, Report, write
from tests.marking.run import ROOT, BadRequest
from tests.marking.verdicts import State

COLUMNS = ("student", "api_url", "web_url")
TABLE = "class.csv"
BINS = 10


@dataclass(frozen=True)
class Submission:
    """A row of the class; either URL may be empty."""

    student: str
    api_url: str
    web_url: str

    @property
    def folder(self) -> str:
        """A name of a folder, whatever the student is called."""
        return re.sub(r"[^\w@.-]+", "_", self.student).strip("._") or "_"

    def was_asked(self, asked: Asked, known: Report) -> bool:
        """Whether the report is about this submission and these questions; its seed may be another."""
        now = {"api_url": self.api_url, "web_url": self.web_url, "seed": known.asked.seed}
        return known.asked == Asked.model_validate(asked.model_dump() | now)


@dataclass(frozen=True)
class Row:
    """What came of a submission; without a report, `why_not` says why."""

    submission: Submission
    report: Report | None
    why_not: str = ""

    @property
    def marked(self) -> bool:
        return bool(self.report and self.report.marked)

    @property
    def told(self) -> str:
        """Why it was not marked, if it was not."""
        return self.why_not or (self.report.why_not if self.report else "")


def read(path: Path, out: Path) -> list[Submission]:
    """Raise BadRequest unless each row names a student of its own and at least one URL, and the marks go elsewhere."""
    if path.resolve() == (out / TABLE).resolve():
        raise BadRequest(f"The marks would be written over {path}: name another --out")
    found = [Submission(*((row[name] or "").strip() for name in COLUMNS)) for row in _rows(path)]
    if not found:
        raise BadRequest(f"{path} names nobody")
    folders = [submission.folder.casefold() for submission in found]  # some file systems do not tell case
    for submission in found:
        if not submission.student or not (submission.api_url or submission.web_url):
            raise BadRequest(f"{path}: each row names a student and a URL; {submission.student or 'one'} does not")
        if folders.count(submission.folder.casefold()) > 1:
            raise BadRequest(f"{path}: {submission.student} is there twice")
    return found


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path}: {error}") from None
    if missing := set(COLUMNS) - set(rows.fieldnames or ()):
        raise BadRequest(f"{path} has no column {', '.join(sorted(missing))}; its columns are {', '.join(COLUMNS)}")
    yield from rows


def mark(
    submissions: Sequence[Submission],
    out: Path,
    asked: Asked,
    visibility: Visibility,
    options: Sequence[str],
    jobs: int,
    *,
    again: bool,
) -> Iterator[Row]:
    """In the order in which they are done. Who has been asked the same before is not marked again, unless `again`.

    Whoever stops asking, or interrupts, ends those that are being marked, and begins no other.
    """
    running: set[subprocess.Popen[str]] = set()

    def one(submission: Submission) -> Row:
        folder = out / submission.folder
        if not again and (known := _known(folder)) and known.marked and submission.was_asked(asked, known):
            derive(known, folder, visibility)
            return Row(submission, known)
        forget(folder)
        urls = [("--api-url", submission.api_url), ("--web-url", submission.web_url)]
        words = [word for option, url in urls if url for word in (option, url)]
        command = [sys.executable, "-m", "tests.marking", *words, *options, "--out", str(folder), "--quiet"]
        command += ["--visibility", visibility]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace") as process:
            running.add(process)
            _, said = process.communicate()
            running.discard(process)
        last = said.strip().splitlines()[-1:] if process.returncode else []
        return Row(submission, _known(folder), why_not="".join(last))

    with ThreadPoolExecutor(jobs) as pool:
        try:
            for done in as_completed([pool.submit(one, submission) for submission in submissions]):
                yield done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                process.terminate()


def _known(folder: Path) -> Report | None:
    """The report that is there already."""
    try:
        return Report.read(folder / NAME)
    except (OSError, ValidationError):
        return None


def summarize(rows: Sequence[Row], out: Path) -> None:
    """Write class.csv and class.html."""
    rows = sorted(rows, key=lambda row: row.submission.student)
    ids = list(dict.fromkeys(result.id for row in rows if row.report for result in row.report.results))
    write(out / TABLE, _csv(rows, ids))
    marked = [row.report for row in rows if row.report and row.report.points is not None]
    write(
        out / "class.html",
        html.page("class.html", rows=rows, rates=_rates(marked, ids), bins=_histogram(marked)),
    )


def _csv(rows: Sequence[Row], ids: Sequence[str]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["student", "points", "max_points", "why_not", *ids])
    for row in rows:
        earned = {result.id: result.points for result in row.report.results} if row.report else {}
        points, most = (row.report.points, row.report.max_points) if row.report else (None, None)
        cells = [row.submission.student, points, most, row.told, *(earned.get(id_) for id_ in ids)]
        table.writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def harmless(cell: object) -> object:
    """What a spreadsheet would take for a formula becomes text (OWASP, CSV injection)."""
    if not isinstance(cell, str):
        return cell
    line = " ".join(cell.split())
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line


def _rates(reports: Sequence[Report], ids: Sequence[str]) -> list[tuple[str, int]]:
    """The share of submissions, in percent, that pass each check; the hardest first."""
    passed = dict.fromkeys(ids, 0)
    for report in reports:
        for result in report.results:
            passed[result.id] += result.state is State.PASSED
    rates = [(id_, round(100 * count / len(reports))) for id_, count in passed.items()] if reports else []
    return sorted(rates, key=lambda rate: rate[1])


def _histogram(reports: Sequence[Report]) -> list[tuple[str, int]]:
    """How many submissions have which share of the marks."""
    bins = [0] * BINS
    for report in reports:
        share = (report.points or 0) / report.max_points if report.max_points else 0
        bins[min(int(share * BINS), BINS - 1)] += 1
    width = 100 // BINS
    return [(f"{number * width} to {(number + 1) * width} %", count) for number, count in enumerate(bins)]
