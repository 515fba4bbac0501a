"""Who gets a seat that comes free: invariants 2 and 3 of CONTRACT.md, section 3, a check a sentence."""

import pytest

from tests.contract.office import Office, changes, meets
from tests.contract.problems import assert_violates
from tests.samples import CLOSED, Json

CONTRACT_SECTION = "3"
NINE = [meets("mon", "09:00", "10:30")]


class Queue:
    """A section with one seat, which is taken, and students who wait for it, in order; each may take one course."""

    def __init__(self, office: Office, waiting: int, course: Json | None = None) -> None:
        self.office, self.term = office, office.term(credit_limit=5)
        self.section = office.section(course, self.term, capacity=1, waitlist_capacity=9, meetings=NINE)
        self.holder = office.enroll(office.student(), self.section)
        self.waiters = [office.student() for _ in range(waiting)]
        self.entries = [office.wait(student, self.section) for student in self.waiters]

    def take_elsewhere(self, student: Json) -> Json:
        """Give the student a section at the same hour."""
        return self.office.enroll(student, self.office.section(term=self.term, meetings=NINE))

    def assert_standing(self, seated: list[Json], waiting: list[Json]) -> None:
        expected = sorted(student["id"] for student in seated), [student["id"] for student in waiting]
        assert self.office.standing(self.section) == expected


@pytest.mark.check(
    "enrollment.promote",
    points=3,
    requires=["enrollment.waitlist", "enrollment.leave"],
    hint="Promote in the transaction of the drop, before you answer.",
)
@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
def test_a_free_seat_goes_to_the_first_who_waits(status: str, office: Office) -> None:
    """A seat that is dropped or withdrawn from goes to the first waiter at once; the others move up."""
    queue = Queue(office, waiting=3)
    first, second, third = queue.waiters

    office.end(queue.holder, status)

    queue.assert_standing(seated=[first], waiting=[second, third])
    promoted, moved, _ = (office.again(each) for each in queue.entries)
    assert changes("enrollment", queue.entries[0], promoted) == {"status": "enrolled", "waitlist_position": None}
    assert changes("enrollment", queue.entries[1], moved) == {"waitlist_position": 1}


@pytest.mark.check(
    "enrollment.fifo",
    points=2,
    requires=["enrollment.promote"],
    hint="Order waiters by when they came to wait, and by nothing else.",
)
def test_a_waitlist_is_first_in_first_out(office: Office) -> None:
    """Seats that come free one by one go to waiters in the order in which they came."""
    queue = Queue(office, waiting=0)
    last, second, first = (office.student() for _ in range(3))
    waiters = [first, second, last]
    leaving = [queue.holder, *(office.wait(student, queue.section) for student in waiters)]

    for place, student in enumerate(waiters):
        office.end(leaving[place])
        queue.assert_standing(seated=[student], waiting=waiters[place + 1 :])


@pytest.mark.check(
    "enrollment.passed-over",
    points=2,
    requires=["enrollment.promote", "enrollment.only-that-term"],
    hint="Go on to the next waiter; do not stop at one who may not have the seat.",
)
def test_an_ineligible_waiter_is_passed_over_and_keeps_their_place(office: Office) -> None:
    """A free seat goes to the first waiter who may have it; who may not stays where they are in the queue."""
    queue = Queue(office, waiting=3)
    busy, free, last = queue.waiters
    queue.take_elsewhere(busy)

    office.end(queue.holder)

    queue.assert_standing(seated=[free], waiting=[busy, last])


@pytest.mark.check(
    "enrollment.promote-elsewhere",
    points=2,
    requires=["enrollment.passed-over"],
    hint="After a drop look at every section that the student waits for in that term.",
)
@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
def test_who_leaves_a_section_is_let_in_where_they_wait(status: str, office: Office) -> None:
    """Who is kept from a free seat by another section gets it as they drop or withdraw from that, in the same step."""
    queue = Queue(office, waiting=1)
    (busy,) = queue.waiters
    elsewhere = queue.take_elsewhere(busy)
    office.end(queue.holder)
    queue.assert_standing(seated=[], waiting=[busy])

    office.end(elsewhere, status)

    queue.assert_standing(seated=[busy], waiting=[])


@pytest.mark.check(
    "enrollment.promote-capacity",
    points=2,
    requires=["enrollment.waitlist", "enrollment.replace-section"],
    hint="Promote in the transaction that raises it, before you answer.",
)
def test_a_raised_capacity_lets_waiters_in(office: Office) -> None:
    """A raised capacity gives each new seat to the first who waits, and answers the section as it is then."""
    queue = Queue(office, waiting=3)
    first, second, third = queue.waiters

    raised = office.alter("section", queue.section, capacity=3).json()

    assert (raised["enrolled"], raised["waitlisted"], raised["seats_left"]) == (3, 1, 0)
    queue.assert_standing(seated=[{"id": queue.holder["student_id"]}, first, second], waiting=[third])


@pytest.mark.check(
    "enrollment.no-overtaking",
    points=2,
    requires=["enrollment.passed-over", "enrollment.section-full"],
    hint="Promote before you judge a request, and keep that though you refuse it.",
)
def test_a_newcomer_does_not_overtake_an_eligible_waiter(office: Office) -> None:
    """A request for a section first lets in who waits and has become eligible; the newcomer takes what is left."""
    queue = Queue(office, waiting=1)
    (busy,) = queue.waiters
    elsewhere = queue.take_elsewhere(busy)
    office.end(queue.holder)
    office.grade(elsewhere, "A")

    refused = office.ask(office.student(), queue.section)

    assert_violates(refused, "section_full")
    queue.assert_standing(seated=[busy], waiting=[])


@pytest.mark.check(
    "enrollment.newcomer", points=1, requires=["enrollment.passed-over"], hint="Promote first, then judge the newcomer."
)
def test_a_newcomer_takes_the_seat_that_no_waiter_may_have(office: Office) -> None:
    """A seat that stays free, for no waiter may have it, goes to a newcomer who may."""
    queue, newcomer = Queue(office, waiting=1), office.student()
    (busy,) = queue.waiters
    queue.take_elsewhere(busy)
    office.end(queue.holder)

    assert office.ask(newcomer, queue.section).json()["status"] == "enrolled"

    queue.assert_standing(seated=[newcomer], waiting=[busy])


@pytest.mark.check(
    "enrollment.waits-again",
    points=1,
    requires=["enrollment.waitlist", "enrollment.leave"],
    hint="Order who waits by when they asked, and ask anew when they come again.",
)
def test_who_comes_again_waits_at_the_end(office: Office) -> None:
    """Who leaves a waitlist and joins it again waits behind those who stayed."""
    queue = Queue(office, waiting=2)
    first, second = queue.waiters

    office.end(queue.entries[0])
    again = office.wait(first, queue.section)

    assert again["waitlist_position"] == 2
    queue.assert_standing(seated=[{"id": queue.holder["student_id"]}], waiting=[second, first])


@pytest.mark.check(
    "enrollment.own-entry",
    points=1,
    requires=["enrollment.promote", "enrollment.enroll-again"],
    hint="Promote an enrollment by its id, not by student and section.",
)
def test_who_has_left_is_let_in_by_the_entry_that_waits(office: Office) -> None:
    """Who has left a section and waits for it again is let in by that new entry; the old one stays dropped."""
    queue = Queue(office, waiting=1)
    office.end(queue.holder)
    again = office.wait({"id": queue.holder["student_id"]}, queue.section)

    office.end(queue.entries[0])

    old, new = (office.again(each) for each in (queue.holder, again))
    assert (old["status"], new["status"]) == ("dropped", "enrolled")


@pytest.mark.check(
    "enrollment.promote-rules",
    points=3,
    requires=[
        "enrollment.promote",
        "enrollment.promote-capacity",
        "enrollment.only-that-term",
        "enrollment.time-conflict",
        "enrollment.credit-limit",
        "enrollment.prerequisite",
        "enrollment.replace-course",
    ],
    hint="Judge each waiter by all rules but section_full and waitlist_full.",
)
@pytest.mark.parametrize("rule", ["time_conflict", "credit_limit_exceeded", "prerequisite_not_met"])
def test_a_rule_holds_at_promotion(rule: str, office: Office) -> None:
    """Who breaks a rule by the time a seat comes free does not get it, and gets it once they no longer do."""
    course = office.course()
    queue = Queue(office, waiting=1, course=course)
    if rule == "prerequisite_not_met":
        office.alter("course", course, prerequisite_ids=[office.course()["id"]])
    else:
        credits_, meetings = (0, NINE) if rule == "time_conflict" else (3, [])
        other = office.section(office.course(credits=credits_), queue.term, meetings=meetings)
        elsewhere = office.enroll(queue.waiters[0], other)

    office.end(queue.holder)
    queue.assert_standing(seated=[], waiting=queue.waiters)

    if rule == "prerequisite_not_met":
        office.alter("course", course, prerequisite_ids=[])
    else:
        office.end(elsewhere)
    office.alter("section", queue.section, capacity=2)
    queue.assert_standing(seated=queue.waiters, waiting=[])


@pytest.mark.check(
    "enrollment.waitlist-rests",
    points=2,
    requires=["enrollment.promote", "enrollment.promote-capacity", "enrollment.window-moves"],
    hint="Judge the window at promotion, too.",
)
def test_a_waitlist_rests_once_registration_has_closed(office: Office) -> None:
    """While registration is closed nobody is promoted, by a drop or a raised capacity; opened again, they are."""
    queue = Queue(office, waiting=2)
    office.alter("term", queue.term, **CLOSED)

    office.end(queue.holder)
    office.alter("section", queue.section, capacity=2)
    queue.assert_standing(seated=[], waiting=queue.waiters)

    office.alter("term", queue.term)
    office.alter("section", queue.section, capacity=3)
    queue.assert_standing(seated=queue.waiters, waiting=[])


@pytest.mark.check(
    "enrollment.grade-keeps-seat",
    points=1,
    requires=["enrollment.waitlist", "enrollment.grade"],
    hint="Count completed as a seat, too.",
)
def test_a_grade_frees_no_seat(office: Office) -> None:
    """Who has completed keeps the seat, so nobody is promoted."""
    queue = Queue(office, waiting=1)

    office.grade(queue.holder, "A")

    queue.assert_standing(seated=[{"id": queue.holder["student_id"]}], waiting=queue.waiters)


@pytest.mark.check(
    "enrollment.promote-once",
    points=1,
    requires=["enrollment.promote-elsewhere", "enrollment.replace-section"],
    hint="Read a student's record anew for each section.",
)
def test_a_student_is_let_in_once_however_many_places_they_wait_in(office: Office) -> None:
    """A drop that frees a student for two clashing sections lets them into one; for the other they keep waiting."""
    queue = Queue(office, waiting=1)
    (busy,) = queue.waiters
    other = office.section(term=queue.term, capacity=0, waitlist_capacity=1, meetings=NINE)
    office.wait(busy, other)
    elsewhere = queue.take_elsewhere(busy)
    office.end(queue.holder)
    office.alter("section", other, capacity=1)

    office.end(elsewhere)

    standing = [office.standing(section) for section in (queue.section, other)]
    assert sorted(standing) == [([], [busy["id"]]), ([busy["id"]], [])]
