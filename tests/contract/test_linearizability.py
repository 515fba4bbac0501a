"""The judge of histories, judged: by histories written by hand, of one seat and of the rule book's smallest section."""

from math import inf

import pytest

from tests.contract.linearizability import Call, misfits
from tests.contract.rulebook import Answer, Course, Registry, Section, Term

START = Registry((Term(),), (Course(),), (Section(0, 0, capacity=1, waitlist_capacity=1),))
ENROLLED, FULL = (201, "enrolled", None, None), (409, "section_full")
EMPTY, ADA, BOB = (200, (), ()), (200, ((1, "enrolled"),), ()), (200, ((2, "enrolled"),), ())
LOST = None


def enroll(student: int, asked: float, answered: float, answer: Answer | None) -> Call[Registry]:
    return Call(
        f"enroll {student}", asked, lambda now: now.enroll(student, student, 0, join_waitlist=False), answered, answer
    )


def wait(student: int, asked: float, answered: float, answer: Answer | None) -> Call[Registry]:
    return Call(
        f"queue {student}", asked, lambda now: now.enroll(student, student, 0, join_waitlist=True), answered, answer
    )


def drop(student: int, asked: float, answered: float, answer: Answer | None) -> Call[Registry]:
    return Call(f"drop {student}", asked, lambda now: now.end(student, "dropped"), answered, answer)


def roster(asked: float, answered: float, answer: Answer) -> Call[Registry]:
    return Call("roster", asked, lambda now: [now.roster(0)], answered, answer, only_reads=True)


def resize(capacity: int, asked: float, answered: float) -> Call[Registry]:
    new = Section(0, 0, capacity, waitlist_capacity=1)
    return Call("resize", asked, lambda now: now.replace_section(0, new), answered, (200, 0, 0, capacity))


DROPPED, WAITING = (200, "dropped", None, None), (201, "waitlisted", 1, None)

GOOD = {
    "one of two gets the seat": [enroll(1, 0, 3, ENROLLED), enroll(2, 1, 2, FULL)],
    "who was asked later may come first": [enroll(1, 0, 3, FULL), enroll(2, 1, 2, ENROLLED)],
    "a read at the same time sees either": [enroll(1, 0, 3, ENROLLED), roster(1, 2, EMPTY), roster(1, 2, ADA)],
    "a drop lets in who waits": [
        enroll(1, 0, 1, ENROLLED),
        wait(2, 2, 3, WAITING),
        drop(1, 4, 5, DROPPED),
        roster(6, 7, BOB),
    ],
    "what would change nothing at first comes last": [
        resize(2, 0, 2),
        resize(1, 0, 1),
        enroll(1, 3, 4, ENROLLED),
        enroll(2, 5, 6, FULL),
    ],
    "what was lost has happened": [enroll(1, 0, inf, LOST), enroll(2, 1, 2, FULL), roster(3, 4, ADA)],
    "what was lost has not happened": [enroll(1, 0, inf, LOST), enroll(2, 1, 2, ENROLLED), roster(3, 4, BOB)],
    "what was lost happens late": [enroll(1, 0, inf, LOST), roster(1, 2, EMPTY), roster(3, 4, ADA)],
}
BAD = {
    "one seat, sold twice": [enroll(1, 0, 3, ENROLLED), enroll(2, 1, 2, ENROLLED)],
    "a lost update": [enroll(1, 0, 1, ENROLLED), roster(2, 3, EMPTY)],
    "a stale read": [enroll(1, 0, 4, ENROLLED), roster(1, 2, ADA), roster(3, 4, EMPTY)],
    "full, of nobody": [enroll(1, 0, 1, FULL), enroll(2, 2, 3, ENROLLED)],
    "a newcomer before who waits": [
        enroll(1, 0, 1, ENROLLED),
        wait(2, 2, 3, WAITING),
        drop(1, 4, 6, DROPPED),
        enroll(3, 4, 6, ENROLLED),
    ],
    "a lost call from the future": [enroll(1, 5, inf, LOST), roster(1, 2, ADA)],
}


@pytest.mark.parametrize("history", GOOD.values(), ids=GOOD)
def test_a_history_that_some_order_explains_is_accepted(history: list[Call[Registry]]) -> None:
    """A history with an order in which each answer is the rule book's has no misfit."""
    assert misfits(history, START) == []


@pytest.mark.parametrize("history", BAD.values(), ids=BAD)
def test_a_history_that_no_order_explains_is_rejected(history: list[Call[Registry]]) -> None:
    """A history whose answers no order explains has a misfit."""
    assert misfits(history, START) != []
