"""What changed from one report to a later one."""

from tests.marking.formats.words import MEANINGS
from tests.marking.report import Report, Result


def changes(old: Report, new: Report) -> str:
    """A line for the marks, and one for each check that is not what it was."""
    before, after = ({result.id: result for result in report.results} for report in (old, new))
    lines = [f"{_total(old)} → {_total(new)}"]
    for id_ in sorted(before.keys() | after.keys()):
        was, is_ = before.get(id_), after.get(id_)
        if was is None or is_ is None or (was.state, was.points) != (is_.state, is_.points):
            lines.append(f"{id_}: {_told(was)} → {_told(is_)}")
    return "\n".join(lines if len(lines) > 1 else [*lines, "No check changed."])


def _total(report: Report) -> str:
    return f"{report.points} of {report.max_points} points" if report.marked else "not marked"


def _told(result: Result | None) -> str:
    return f"{MEANINGS[result.state]} ({result.points} of {result.max_points})" if result else "not asked"
