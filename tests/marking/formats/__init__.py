"""What others read, each made from the report."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from tests.marking.formats import gradescope, html, junit, summary
from tests.marking.report import NAME, Report, write

Visibility = Literal["staff", "student"]
FORMATS: dict[str, Callable[[Report, Visibility], str]] = {
    "report.html": html.render,
    "results.json": gradescope.render,
    "junit.xml": junit.render,
    "summary.md": summary.render,
}


def derive(report: Report, out: Path, visibility: Visibility) -> None:
    """Write all of them."""
    for name, render in FORMATS.items():
        write(out / name, render(report, visibility))


def forget(out: Path) -> None:
    """Leave no report there, in any form."""
    for name in (NAME, *FORMATS):
        (out / name).unlink(missing_ok=True)
