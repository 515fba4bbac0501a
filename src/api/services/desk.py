"""The desk where a term's seats are given out: while its lock is held, nobody else decides about any of them."""

from collections.abc import Sequence
from typing import Any

from api.errors import Violation
from api.models import Enrollment, Status, Term
from api.repositories import Work
from api.services import rules
from api.services.rules import Entry, Meeting, Offering, Record, Room, Window


class Desk:
    """Gathers the facts that the rules judge, and moves waitlists on."""

    def __init__(self, work: Work, term: Term) -> None:
        """`term` must be locked."""
        self._work = work
        self._term = term
        self._window = Window(term.enrollment_opens_at, term.enrollment_closes_at, term.credit_limit)

    def enroll(self, student_id: int, section_id: int, *, join_waitlist: bool) -> int | list[Violation]:
        """Give a seat, or a place on the waitlist, unless a rule is violated. Waiters come first."""
        wanted, room = self.promote(section_id)
        record = self._record(student_id)
        violations = rules.refused(wanted, record, self._window, room, self._work.now, join_waitlist=join_waitlist)
        if violations:
            return violations
        status = Status.ENROLLED if room.seats > 0 else Status.WAITLISTED
        return self._work.enrollments.add(student_id, section_id, status, self._work.now)

    def release(self, enrollment: Enrollment, status: Status) -> None:
        """End an enrollment; its seat goes to a waiter, and its student may now be let in elsewhere."""
        enrollment.status = status
        waited_for = self._work.enrollments.waited_for(enrollment.student_id, self._term.id)
        for section_id in sorted({enrollment.section_id, *waited_for}):
            self.promote(section_id)

    def promote(self, section_id: int) -> tuple[Offering, Room]:
        """Give each free seat to the first waiter who is eligible; who is not is passed over, and keeps their place.

        What is offered there is returned, with what is left of it.
        """
        section, prerequisites = self._work.sections.offer(section_id)
        wanted = _offering(section, prerequisites)
        free = section.capacity - section.enrolled
        waiters = self._work.enrollments.waiting(section_id) if free > 0 and section.waitlisted else []
        promoted = 0
        for waiter in waiters:
            if promoted < free and not self._ineligible(waiter, wanted):
                waiter.status = Status.ENROLLED
                promoted += 1
        return wanted, Room(free - promoted, section.waitlist_capacity - section.waitlisted + promoted)

    def _ineligible(self, waiter: Enrollment, wanted: Offering) -> list[Violation]:
        record = self._record(waiter.student_id, but=waiter.id)
        return rules.ineligible(wanted, record, self._window, self._work.now)

    def _record(self, student_id: int, but: int | None = None) -> Record:
        """The student's record, without the entry `but` that is being decided on."""
        history = [row for row in self._work.enrollments.history(student_id, self._term.id) if row.id != but]
        return Record(
            entries=[_entry(row) for row in history if row.status is not Status.COMPLETED],
            passed=frozenset(row.course_id for row in history if row.status is Status.COMPLETED and row.grade != "F"),
        )


def _entry(row: Any) -> Entry:
    return Entry(row.id, row.status is Status.ENROLLED, _offering(row))


def _offering(row: Any, prerequisites: Sequence[tuple[int, str]] = ()) -> Offering:
    meetings = [Meeting(**each) for each in row.meetings]
    return Offering(row.course_id, row.code, row.credits, meetings, prerequisites)
