"""Each format against its specification, and against a target that says hostile things."""

import html
import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from pydantic import ValidationError

from tests.marking.formats import FORMATS, classroom
from tests.marking.report import Report, replay
from tests.marking.verdicts import State
from tests.unit.marking.reports import ASKED, HOSTILE, check, one_of_each, outcome, reported

WHOLE = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
GRADESCOPE = {
    "type": "object",
    "required": ["tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": TEXT,
        "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "stdout_visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": TEXT,
                    "number": TEXT,
                    "output": TEXT,
                    "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
                    "tags": {"type": "array", "items": TEXT},
                    "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
                },
            },
        },
    },
}
CLASSROOM_FIELDS: dict[str, Any] = {
    **dict.fromkeys(("classroom", "assignment", "assignment_type", "owner", "commit", "release", "review"), TEXT),
    "schema": {"const": "classroom50/result/v1"},
    "submission": {"type": "string", "pattern": "^submit/"},
    "datetime": {"type": "string", "pattern": "Z$"},
    "score": WHOLE,
    "max-score": WHOLE,
    "tests": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["test-name", "passed", "score", "max-score"],
            "properties": {"test-name": TEXT, "passed": {"type": "boolean"}, "score": WHOLE, "max-score": WHOLE},
        },
    },
}
CLASSROOM = {
    "type": "object",
    "required": list(CLASSROOM_FIELDS),
    "additionalProperties": False,
    "properties": CLASSROOM_FIELDS,
}
SUBMISSION = classroom.Submission(classroom="c", assignment="a", owner="ada", submission="submit/ada", commit="0" * 40)
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """The tags of a page, seen to be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_report_json_is_what_its_schema_says_and_is_read_back() -> None:
    report = one_of_each()
    text = report.model_dump_json(by_alias=True)

    jsonschema.validate(json.loads(text), Report.model_json_schema())
    assert json.loads(text)["schema"] == "registrar/report/v1"
    assert Report.model_validate_json(text).model_dump_json(by_alias=True) == text


def test_a_report_of_another_version_is_refused() -> None:
    text = one_of_each().model_dump_json(by_alias=True).replace("report/v1", "report/v2")

    with pytest.raises(ValidationError, match="registrar/report/v1"):
        Report.model_validate_json(text)


def test_results_json_is_what_gradescope_reads() -> None:
    results = json.loads(FORMATS["results.json"](one_of_each(), "staff"))

    jsonschema.validate(results, GRADESCOPE)
    assert results["score"] == 2
    assert [test["status"] for test in results["tests"]] == ["passed", "failed", "failed", "failed"]


def test_results_json_has_no_score_where_the_report_refuses_one() -> None:
    broken = reported(
        (check("students.a"), outcome("students.a")), (check("students.b"), outcome("students.b", State.GRADER_ERROR))
    )

    results = json.loads(FORMATS["results.json"](broken, "staff"))

    jsonschema.validate(results, GRADESCOPE)
    assert "score" not in results
    assert results["tests"] == []
    assert "students.b" in results["output"]


def test_result_json_is_what_classroom_50_reads() -> None:
    result = json.loads(classroom.render(one_of_each(), SUBMISSION))

    jsonschema.validate(result, CLASSROOM)
    assert (result["score"], result["max-score"]) == (2, 11)


def test_result_json_is_not_written_without_marks() -> None:
    broken = reported((check("students.a"), outcome("students.a", State.GRADER_ERROR)))

    with pytest.raises(ValueError, match="not marked"):
        classroom.render(broken, SUBMISSION)


def test_junit_tells_a_wrong_implementation_from_a_broken_marker() -> None:
    report = reported(
        (check("students.a"), outcome("students.a")),
        (check("students.b"), outcome("students.b", State.FAILED)),
        (check("students.c", 2, "students.b"), None),
        (check("students.d"), outcome("students.d", State.GRADER_ERROR)),
    )

    suite = ET.fromstring(FORMATS["junit.xml"](report, "staff"))[0]

    found = {case.get("name"): [each.tag for each in case if each.tag != "properties"] for case in suite}
    assert found == {"students.a": [], "students.b": ["failure"], "students.c": ["skipped"], "students.d": ["error"]}
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["4", "1", "1", "1"]
    properties = {each.get("name"): each.get("value") for each in suite[1][0]}
    assert properties == {"points": "0", "max_points": "2", "requirement": "students.b holds."}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("visibility", ["staff", "student"])
def test_what_a_target_says_stays_text(name: str, visibility: Any) -> None:
    text = FORMATS[name](one_of_each(), visibility)

    if name.endswith(".html"):
        assert "script" not in Page(text).tags
        assert "<script" not in text
    if name.endswith(".xml"):
        ET.fromstring(text)
    if name.endswith(".md"):
        assert "<" not in re.sub(r"\\.", "", text)
        assert "](javascript" not in text


def test_a_page_is_whole_and_self_contained() -> None:
    page = Page(FORMATS["report.html"](one_of_each(), "staff"))

    assert page.open == []
    assert page.tags.count("h1") == 1
    assert len(set(page.ids)) == len(page.ids)
    assert {"script", "link", "img", "iframe"} & set(page.tags) == set()


@pytest.mark.parametrize("name", FORMATS)
def test_students_are_shown_no_expected_values(name: str) -> None:
    text = FORMATS[name](one_of_each(), "student")

    assert "201 == 200" not in text
    assert "- right" not in text
    assert "Expected" not in text


@pytest.mark.parametrize("said", ["[student] Locator expected to contain text", "Page URL expected to be"])
@pytest.mark.parametrize("name", FORMATS)
def test_students_are_shown_what_a_page_said_and_not_what_it_should(name: str, said: str) -> None:
    message = f"{said} 'right'\nActual value: nope"
    told = reported((check("students.a"), outcome("students.a", State.FAILED, message=message)))

    text = FORMATS[name](told, "student")

    assert "nope" in text
    assert "'right'" not in html.unescape(text)


def test_a_summary_is_read_as_it_was_said() -> None:
    told = reported((check("students.create"), outcome("students.create", State.FAILED, message="it isn't there")))

    assert "it isn't there" in FORMATS["summary.md"](told, "staff")


def test_the_command_that_asks_again_names_what_only_staff_know() -> None:
    own, stopped = ASKED.model_copy(update={"registrar": "ada@example.org"}), check("web.api-down", stopped=True)

    command = replay(own, stopped)

    assert '--registrar ada@example.org:"$PASSWORD" --stop-api "$STOP_API" --seed 7 --check web.api-down' in command


def test_a_failure_tells_what_to_do_about_it() -> None:
    text = FORMATS["report.html"](one_of_each(), "staff")

    for wanted in (
        "students.create holds.",
        '<strong class="failed">',
        "curl -i",
        "nox -s grade -- --api-url",
        "--check students.create",
    ):
        assert wanted in text
    assert HOSTILE not in text
