"""The desk where a term's seats are given out: while its lock is held, nobody else decides about any of them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from api.errors import Violation
from api.models import Enrollment, Section, Status, Term
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
        self._wanted = cache(self._offering)

    def enroll(self, student_id: int, section: Section, *, join_waitlist: bool) -> Enrollment | list[Violation]:
        """Give a seat, or a place on the waitlist, unless a rule is violated. Waiters come first."""
        self.promote(section)
        room, wanted = self._room(section), self._wanted(section)
        record = self._record(student_id)
        violations = rules.refused(wanted, record, self._window, room, self._work.now, join_waitlist=join_waitlist)
        if violations:
            return violations
        status = Status.ENROLLED if room.seats > 0 else Status.WAITLISTED
        return self._work.enrollments.add(student_id, section.id, status, self._work.now)

    def release(self, enrollment: Enrollment, status: Status) -> None:
        """End an enrollment; its seat goes to a waiter, and its student may now be let in elsewhere."""
        enrollment.status = status
        waited_for = self._work.enrollments.waited_for(enrollment.student_id, self._term.id)
        for section in self._work.sections.get_all({enrollment.section_id, *waited_for}):
            self.promote(section)

    def promote(self, section: Section) -> None:
        """Give each free seat to the first waiter who is eligible; who is not is passed over, and keeps their place."""
        free = self._room(section).seats
        waiters = self._work.enrollments.waiting(section.id) if free > 0 else []
        for waiter in waiters:
            if free > 0 and not self._ineligible(waiter, section):
                waiter.status = Status.ENROLLED
                free -= 1

    def _ineligible(self, waiter: Enrollment, section: Section) -> list[Violation]:
        record = self._record(waiter.student_id, but=waiter.id)
        return rules.ineligible(self._wanted(section), record, self._window, self._work.now)

    def _room(self, section: Section) -> Room:
        count = self._work.enrollments.count
        return Room(
            seats=section.capacity - count(section.id, Status.ENROLLED, Status.COMPLETED),
            places=section.waitlist_capacity - count(section.id, Status.WAITLISTED),
        )

    def _offering(self, section: Section) -> Offering:
        course, prerequisites = section.course, self._work.courses.prerequisites(section.course_id)
        return Offering(course.id, course.code, course.credits, _meetings(section.meetings), prerequisites)

    def _record(self, student_id: int, but: int | None = None) -> Record:
        """The student's record, without the entry `but` that is being decided on."""
        history = [row for row in self._work.enrollments.history(student_id, self._term.id) if row.id != but]
        return Record(
            entries=[_entry(row) for row in history if row.status is not Status.COMPLETED],
            passed=frozenset(row.course_id for row in history if row.status is Status.COMPLETED and row.grade != "F"),
        )


def _entry(row: Any) -> Entry:
    offering = Offering(row.course_id, row.code, row.credits, _meetings(row.meetings))
    return Entry(row.id, row.status is Status.ENROLLED, offering)


def _meetings(stored: Sequence[dict[str, str]]) -> list[Meeting]:
    return [Meeting(**each) for each in stored]
