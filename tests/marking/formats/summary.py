"""`summary.md`, for a job summary: the marks, and the promises that broke."""

import html
import re

from tests.marking.formats.words import MEANINGS, told
from tests.marking.report import Report, Result
from tests.marking.verdicts import State

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~@:.-])")


def render(report: Report, visibility: str) -> str:
    total = f"{report.points} of {report.max_points} points" if report.marked else f"Not marked. {report.why_not}"
    lines = [f"# {escaped(total)}", "", "| track | points | of |", "|---|--:|--:|"]
    lines += [f"| {track.name} | {track.points} | {track.max_points} |" for track in report.tracks]
    broken = [result for result in report.results if result.state is not State.PASSED]
    if broken:
        lines += ["", "## Promises that broke", ""]
        lines += [_line(result, visibility) for result in broken]
    return "\n".join(lines) + "\n"


def _line(result: Result, visibility: str) -> str:
    """Its card in report.html is the trace."""
    why = f"needs {', '.join(result.blocked_by)}" if result.blocked_by else told(result, visibility)
    said = f": {escaped(why[:200])}" if why else ""
    lost = result.max_points - result.points
    where = f"[{escaped(result.id)}](report.html#{result.id})"
    return f"- **{escaped(result.promise)}** {where}, {lost} lost, {MEANINGS[result.state]}{said}"


def escaped(text: str) -> str:
    """As text on one line, whatever the target said."""
    return SPECIAL.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))
