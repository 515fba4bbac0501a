from tests.marking.compare import changes
from tests.marking.verdicts import State
from tests.unit.marking.reports import check, outcome, reported


def test_what_changed_is_told_check_by_check() -> None:
    old = reported(
        (check("students.a"), outcome("students.a")), (check("students.b"), outcome("students.b", State.FAILED))
    )
    new = reported((check("students.a"), outcome("students.a")), (check("students.b"), outcome("students.b")))

    assert changes(old, new).splitlines() == [
        "2 of 4 points → 4 of 4 points",
        "students.b: not right (0 of 2) → right (2 of 2)",
    ]


def test_no_change_is_told_too() -> None:
    report = reported((check("students.a"), outcome("students.a")))

    assert changes(report, report).splitlines()[-1] == "No check changed."
