import csv
import re
from pathlib import Path

import pytest

from tests.marking import classes
from tests.marking.classes import Row, Submission, harmless
from tests.marking.run import BadRequest
from tests.marking.verdicts import State
from tests.unit.marking.reports import ASKED, check, one_of_each, outcome, reported


def class_of(path: Path, text: str) -> Path:
    file = path / "class.csv"
    file.write_text(text, "utf-8")
    return file


def test_a_class_is_read_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    file = class_of(tmp_path, "\ufeffstudent,api_url,web_url\r\nAda, http://a ,\r\nGrace,,http://b\r\n")

    assert classes.read(file, tmp_path / "marks") == [
        Submission("Ada", "http://a", ""),
        Submission("Grace", "", "http://b"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("student,api_url\nAda,http://a\n", "has no column web_url"),
        ("student,api_url,web_url\n", "names nobody"),
        ("student,api_url,web_url\nAda,,\n", "Ada does not"),
        ("student,api_url,web_url\n,http://a,\n", "one does not"),
        ("student,api_url,web_url\nAda,http://a,\nAda,http://b,\n", "Ada is there twice"),
        ("student,api_url,web_url\nAda,http://a,\nada,http://b,\n", "Ada is there twice"),
    ],
)
def test_a_bad_class_is_told_before_anything_is_marked(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        classes.read(class_of(tmp_path, text), tmp_path / "marks")


def test_a_class_is_not_written_over(tmp_path: Path) -> None:
    file = class_of(tmp_path, "student,api_url,web_url\nAda,http://a,\n")

    with pytest.raises(BadRequest, match="name another --out"):
        classes.read(file, tmp_path)


@pytest.mark.parametrize(
    ("changes", "was_asked"),
    [
        ({}, True),
        ({"seed": 8}, True),
        ({"tracks": ["students"]}, False),
        ({"checks": ["students.create"]}, False),
        ({"auth": "none"}, False),
        ({"points": {"students.create": 1}}, False),
        ({"registrar": "ada@example.org"}, False),
    ],
)
def test_a_report_counts_for_what_was_asked(changes: dict[str, object], was_asked: bool) -> None:
    """Who asks for other tracks, points or logins is not answered with the marks of the last time."""
    submission = Submission("Ada", "http://127.0.0.1:8000/", "")

    assert submission.was_asked(ASKED.model_copy(update=changes), one_of_each()) is was_asked
    assert not Submission("Ada", "http://127.0.0.1:8001", "").was_asked(ASKED, one_of_each())


@pytest.mark.parametrize("student", ["../../etc/passwd", "..", "/", "a/b", "Ada Lovelace", "김철수"])
def test_a_submissions_folder_stays_where_the_reports_go(student: str) -> None:
    folder = Submission(student, "", "").folder

    assert folder
    assert Path(folder).name == folder
    assert folder not in {".", ".."}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "=1\n+1"])
def test_a_cell_is_no_formula(cell: str) -> None:
    assert str(harmless(cell)).startswith("'")


def test_a_class_is_a_row_a_submission_and_a_column_a_check(tmp_path: Path) -> None:
    ada = Row(Submission("Ada", "http://a", ""), one_of_each())
    grace = Row(Submission("=Grace", "http://b", ""), None, why_not="Nothing answers at http://b")

    classes.summarize([ada, grace], tmp_path)

    with (tmp_path / "class.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert (rows["Ada"]["points"], rows["Ada"]["max_points"], rows["Ada"]["access.login"]) == ("2", "11", "2")
    assert rows["'=Grace"]["points"] == ""
    assert rows["'=Grace"]["why_not"] == "Nothing answers at http://b"
    page = (tmp_path / "class.html").read_text("utf-8")
    assert "Nothing answers at http://b" in page
    assert 'href="Ada/report.html"' in page


def test_what_was_not_marked_counts_in_no_rate(tmp_path: Path) -> None:
    broken = reported((check("access.login"), outcome("access.login", State.GRADER_ERROR)))
    rows = [Row(Submission("Ada", "http://a", ""), one_of_each()), Row(Submission("Eve", "http://e", ""), broken)]

    classes.summarize(rows, tmp_path)

    page = (tmp_path / "class.html").read_text("utf-8")
    assert re.findall(r"<code>access.login</code>.*?>(\d+) %", page, re.DOTALL) == ["100"]
