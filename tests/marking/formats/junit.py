"""`junit.xml`, for CI: failure = the implementation is wrong, error = the marker broke, skipped = blocked."""

import re
from xml.etree import ElementTree as ET

from tests.marking.formats.words import MEANINGS, explained
from tests.marking.report import Report, Result
from tests.marking.verdicts import State

TAGS = {
    State.FAILED: "failure",
    State.PARTIAL: "failure",
    State.TARGET_ERROR: "failure",
    State.GRADER_ERROR: "error",
    State.BLOCKED: "skipped",
}
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def render(report: Report, visibility: str) -> str:
    suites = ET.Element("testsuites", name="registrar", time=f"{report.seconds:.3f}")
    for track in report.tracks:
        results = [result for result in report.results if result.track == track.name]
        counts = {tag: str(_count(results, tag)) for tag in ("failure", "error", "skipped")}
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=track.name,
            tests=str(len(results)),
            failures=counts["failure"],
            errors=counts["error"],
            skipped=counts["skipped"],
            time=f"{track.seconds:.3f}",
        )
        for result in results:
            _case(suite, result, visibility)
    ET.indent(suites, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _count(results: list[Result], tag: str) -> int:
    return sum(TAGS.get(result.state) == tag for result in results)


def _case(suite: ET.Element, result: Result, visibility: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=result.track, name=result.id, time=f"{result.seconds:.3f}")
    properties = ET.SubElement(case, "properties")
    told = {"points": result.points, "max_points": result.max_points, "requirement": result.promise}
    for name, value in told.items():
        ET.SubElement(properties, "property", name=name, value=_legal(str(value)))
    if tag := TAGS.get(result.state):
        why = ET.SubElement(case, tag, message=MEANINGS[result.state])
        why.text = _legal(explained(result, visibility))


def _legal(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)
