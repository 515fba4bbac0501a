import pytest

from tests.marking.checks import BadChecks, in_order, needed
from tests.unit.marking.reports import check


def test_each_check_comes_after_those_that_it_requires() -> None:
    ordered = in_order(
        [check("students.b", 1, "students.a", "access.c"), check("students.a", 1, "access.c"), check("access.c")]
    )

    assert list(ordered) == ["access.c", "students.a", "students.b"]


@pytest.mark.parametrize(
    ("checks", "why"),
    [
        ([check("students.a", 1, "students.b"), check("students.b", 1, "students.a")], "require each other"),
        ([check("students.a", 1, "students.gone")], "requires what no check is: students.gone"),
        ([check("sports.a")], "is of no track"),
    ],
)
def test_checks_that_contradict_each_other_are_refused(checks: list[object], why: str) -> None:
    with pytest.raises(BadChecks, match=why):
        in_order(checks)  # type: ignore[arg-type]  # the table's rows are of one kind


def test_what_is_needed_are_the_wanted_ones_and_all_that_they_require() -> None:
    known = in_order(
        [check("access.a"), check("students.b", 1, "access.a"), check("students.c", 1, "students.b"), check("web.d")]
    )

    assert needed(known, ["students.c"]) == {"access.a", "students.b", "students.c"}


def test_an_unknown_check_is_told() -> None:
    with pytest.raises(BadChecks, match=r"There is no check students\.nothing"):
        needed({}, ["students.nothing"])
