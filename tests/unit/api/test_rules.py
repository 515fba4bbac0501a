"""The rule book, as tables: facts, and what each rule says of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.services import rules
from api.services.rules import Entry, Meeting, Offering, Record, Room, Window

OPENS, CLOSES = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
WINDOW = Window(OPENS, CLOSES, credit_limit=12)
INSTANT = timedelta(microseconds=1)
ALGEBRA = Offering(course_id=1, code="MATH101", credits=3, meetings=[Meeting("mon", "09:00", "10:30")])
HISTORY = Offering(course_id=2, code="HIST101", credits=3, meetings=[Meeting("tue", "09:00", "10:30")])
ADVANCED = Offering(course_id=3, code="MATH301", credits=3, prerequisites=[(1, "MATH101"), (2, "HIST101")])
SEAT, NO_SEAT, FULL = Room(seats=1, places=0), Room(seats=0, places=1), Room(seats=0, places=0)


def enrolled(*sections: Offering) -> Record:
    return Record([Entry(n, True, section) for n, section in enumerate(sections, start=1)])


def waiting(*sections: Offering) -> Record:
    return Record([Entry(n, False, section) for n, section in enumerate(sections, start=1)])


def at(*meetings: str) -> Offering:
    """A section that meets then: `mon 09:00 10:30`."""
    return replace(HISTORY, meetings=[Meeting(*meeting.split()) for meeting in meetings])


@pytest.mark.parametrize(
    ("now", "closed"),
    [(OPENS - INSTANT, True), (OPENS, False), (CLOSES - INSTANT, False), (CLOSES, True)],
)
def test_registration_is_open_from_its_first_instant_until_just_before_its_last(now: datetime, closed: bool) -> None:
    assert bool(rules.registration_closed(WINDOW, now)) is closed


@pytest.mark.parametrize(
    ("record", "duplicate"),
    [
        (Record(), False),
        (enrolled(ALGEBRA), True),
        (waiting(ALGEBRA), True),
        (enrolled(HISTORY), False),
        (Record(passed=frozenset({1})), False),
    ],
)
def test_a_course_is_taken_once_a_term_but_may_be_taken_again(record: Record, duplicate: bool) -> None:
    assert bool(rules.duplicate_course(ALGEBRA, record)) is duplicate


def test_a_duplicate_names_the_enrollment_that_stands() -> None:
    (violation,) = rules.duplicate_course(ALGEBRA, enrolled(HISTORY, ALGEBRA))

    assert vars(violation)["enrollment_id"] == 2


@pytest.mark.parametrize(
    ("passed", "missing"),
    [({1, 2}, []), ({1}, ["HIST101"]), ({2, 9}, ["MATH101"]), (set(), ["MATH101", "HIST101"])],
)
def test_each_prerequisite_that_is_missing_is_a_violation(passed: set[int], missing: list[str]) -> None:
    violations = rules.prerequisite_not_met(ADVANCED, Record(passed=frozenset(passed)))

    assert [violation.detail.split()[0] for violation in violations] == missing


@pytest.mark.parametrize(
    ("meetings", "conflict"),
    [
        (["mon 09:00 10:30"], True),
        (["mon 09:30 10:00"], True),
        (["mon 08:00 12:00"], True),
        (["mon 10:29 11:00"], True),
        (["mon 08:00 09:01"], True),
        (["mon 10:30 11:00"], False),
        (["mon 08:00 09:00"], False),
        (["tue 09:00 10:30"], False),
        (["wed 09:00 10:30", "mon 10:00 11:00"], True),
        ([], False),
    ],
)
def test_meetings_conflict_when_they_overlap_and_not_when_their_ends_touch(meetings: list[str], conflict: bool) -> None:
    assert bool(rules.time_conflict(ALGEBRA, enrolled(at(*meetings)))) is conflict


def test_a_section_that_is_only_waited_for_takes_no_time_and_no_credits() -> None:
    record = waiting(replace(HISTORY, meetings=ALGEBRA.meetings, credits=12))

    assert rules.time_conflict(ALGEBRA, record) == []
    assert rules.credit_limit_exceeded(ALGEBRA, record, WINDOW) == []


@pytest.mark.parametrize(("taken", "exceeded"), [(0, False), (9, False), (10, True)])
def test_credits_may_reach_the_limit_and_not_exceed_it(taken: int, exceeded: bool) -> None:
    record = enrolled(replace(HISTORY, credits=taken))

    assert bool(rules.credit_limit_exceeded(ALGEBRA, record, WINDOW)) is exceeded


@pytest.mark.parametrize(
    ("room", "join_waitlist", "codes"),
    [
        (SEAT, False, []),
        (SEAT, True, []),
        (NO_SEAT, False, ["section_full"]),
        (NO_SEAT, True, []),
        (FULL, False, ["section_full"]),
        (FULL, True, ["waitlist_full"]),
        (Room(seats=-1, places=-1), True, ["waitlist_full"]),
    ],
)
def test_without_a_seat_there_is_the_waitlist_while_it_has_a_place(
    room: Room, join_waitlist: bool, codes: list[str]
) -> None:
    violations = rules.refused(ALGEBRA, Record(), WINDOW, room, OPENS, join_waitlist=join_waitlist)

    assert [violation.code for violation in violations] == codes


def test_all_violations_are_told_in_the_order_of_the_book() -> None:
    wanted = replace(ADVANCED, meetings=ALGEBRA.meetings, credits=12)
    record = enrolled(replace(wanted, prerequisites=()))

    violations = rules.refused(wanted, record, WINDOW, FULL, CLOSES, join_waitlist=False)

    assert [violation.code for violation in violations] == [
        "registration_closed",
        "duplicate_course",
        "prerequisite_not_met",
        "prerequisite_not_met",
        "time_conflict",
        "credit_limit_exceeded",
        "section_full",
    ]
