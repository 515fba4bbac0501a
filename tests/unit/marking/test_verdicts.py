import pytest

from tests.marking.verdicts import State, Verdict, judge
from tests.unit.marking.reports import check, outcome, reported

PASSED, FAILED = State.PASSED, State.FAILED


def verdict(*states: State, points: int = 5, **more: object) -> Verdict:
    """Of one check, whose parts came to these."""
    judged = check("students.a", points, parts=len(states), **more)
    outcomes = [outcome("students.a", state, part=str(number)) for number, state in enumerate(states)]
    return judge({judged.id: judged}, outcomes)[0]


@pytest.mark.parametrize(
    ("states", "state", "points"),
    [
        ([PASSED], PASSED, 5),
        ([PASSED, PASSED], PASSED, 5),
        ([FAILED], FAILED, 0),
        ([FAILED, FAILED], FAILED, 0),
        ([PASSED, PASSED, FAILED], State.PARTIAL, 3),  # 5 · 2/3, rounded down
        ([PASSED, State.TARGET_ERROR], State.TARGET_ERROR, 0),
        ([FAILED, State.TARGET_ERROR], State.TARGET_ERROR, 0),
        ([PASSED, FAILED, State.GRADER_ERROR], State.GRADER_ERROR, 0),
    ],
)
def test_a_check_is_worth_what_its_parts_came_to(states: list[State], state: State, points: int) -> None:
    judged = verdict(*states)

    assert (judged.state, judged.points) == (state, points)


def test_a_check_that_is_whole_earns_all_or_nothing() -> None:
    judged = verdict(PASSED, PASSED, FAILED, whole=True)

    assert (judged.state, judged.points) == (FAILED, 0)


def test_a_check_that_was_not_asked_to_its_end_is_the_markers_fault() -> None:
    asked = check("students.a", parts=2)

    judged = judge({asked.id: asked}, [outcome("students.a", part="0")])[0]

    assert judged.state is State.GRADER_ERROR


@pytest.mark.parametrize("own", [PASSED, FAILED, State.GRADER_ERROR, None])
def test_a_check_is_blocked_by_what_it_requires_whatever_came_of_it(own: State | None) -> None:
    checks = {
        each.id: each
        for each in (check("access.a"), check("students.b", 3, "access.a"), check("students.c", 3, "students.b"))
    }
    outcomes = [outcome("access.a", FAILED), outcome("students.c")]

    _, second, third = judge(checks, [*outcomes, *([outcome("students.b", own)] if own else [])])

    assert (second.state, second.points, second.blocked_by) == (State.BLOCKED, 0, ("access.a",))
    assert (third.state, third.points, third.blocked_by) == (State.BLOCKED, 0, ("students.b",))


def test_what_is_shown_of_a_failure_does_not_depend_on_the_order() -> None:
    asked = check("students.a", parts=3)
    outcomes = [outcome("students.a", FAILED, part=part, message=part) for part in ("b", "a")]

    worst = {
        judge({asked.id: asked}, [*order, outcome("students.a", part="c")])[0].worst
        for order in (outcomes, outcomes[::-1])
    }

    assert {each.part for each in worst if each} == {"a"}


def test_a_report_refuses_a_total_when_the_marker_broke() -> None:
    report = reported(
        (check("students.a"), outcome("students.a", State.GRADER_ERROR)), (check("access.b"), outcome("access.b"))
    )

    assert (report.marked, report.points, report.max_points) == (False, None, 4)
    assert "students.a" in report.why_not


def test_a_report_adds_up() -> None:
    report = reported(
        (check("students.a", 3), outcome("students.a")),
        (check("students.b", 4), outcome("students.b", FAILED)),
        (check("access.c", 5), outcome("access.c")),
    )

    assert (report.points, report.max_points) == (8, 12)
    assert [(track.name, track.points, track.max_points) for track in report.tracks] == [
        ("students", 3, 7),
        ("access", 5, 5),
    ]
