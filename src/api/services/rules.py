"""The rule book of enrollment (CONTRACT.md, section 3): one function a rule, which takes facts, gives violations.

    registration_closed     now is outside the term's enrollment window
    duplicate_course        in a section of that course already, or waiting for one, that term
    prerequisite_not_met    a prerequisite is not completed with D- or better
    time_conflict           a meeting overlaps one of a section they are in, that term
    credit_limit_exceeded   enrolled credits and this course's exceed the term's limit
    section_full            no seat, and the waitlist was not asked for
    waitlist_full           no seat, and no place on the waitlist

The first five decide about promotion from a waitlist too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api.errors import (
    CreditLimitExceeded,
    DuplicateCourse,
    PrerequisiteNotMet,
    RegistrationClosed,
    SectionFull,
    TimeConflict,
    Violation,
    WaitlistFull,
)


@dataclass(frozen=True, slots=True)
class Window:
    """When a term can be enrolled in, and for how many credits."""

    opens: datetime
    closes: datetime
    credit_limit: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """Once a week. Times are `HH:MM`, which compare as text."""

    day: str
    starts: str
    ends: str

    def overlaps(self, other: "Meeting") -> bool:
        return self.day == other.day and self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class Offering:
    """A section, as far as the rules care; `prerequisites` are course ids and codes."""

    course_id: int
    code: str
    credits: int
    meetings: Sequence[Meeting] = ()
    prerequisites: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a student is in that term: enrolled, or else waiting."""

    enrollment_id: int
    enrolled: bool
    section: Offering


@dataclass(frozen=True, slots=True)
class Record:
    """A student: their entries in that term, and the ids of the courses that they have passed."""

    entries: Sequence[Entry] = ()
    passed: frozenset[int] = field(default_factory=frozenset)

    @property
    def timetable(self) -> list[Offering]:
        return [entry.section for entry in self.entries if entry.enrolled]


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a section: seats, and places on its waitlist."""

    seats: int
    places: int


def registration_closed(window: Window, now: datetime) -> list[Violation]:
    return [] if window.opens <= now < window.closes else [RegistrationClosed()]


def duplicate_course(wanted: Offering, record: Record) -> list[Violation]:
    same = [entry for entry in record.entries if entry.section.course_id == wanted.course_id]
    return [DuplicateCourse(entry.enrollment_id) for entry in same[:1]]


def prerequisite_not_met(wanted: Offering, record: Record) -> list[Violation]:
    missing = [code for course_id, code in wanted.prerequisites if course_id not in record.passed]
    return [PrerequisiteNotMet(f"{code} has not been completed with D- or better") for code in missing]


def time_conflict(wanted: Offering, record: Record) -> list[Violation]:
    for other in record.timetable:
        for meeting in other.meetings:
            if any(meeting.overlaps(each) for each in wanted.meetings):
                return [TimeConflict(f"It meets at the same time as {other.code} ({meeting.day} {meeting.starts})")]
    return []


def credit_limit_exceeded(wanted: Offering, record: Record, window: Window) -> list[Violation]:
    total = sum(section.credits for section in record.timetable) + wanted.credits
    if total <= window.credit_limit:
        return []
    return [CreditLimitExceeded(f"It would make {total} credits; the term's limit is {window.credit_limit}")]


def section_full(room: Room, *, join_waitlist: bool) -> list[Violation]:
    return [SectionFull()] if room.seats <= 0 and not join_waitlist else []


def waitlist_full(room: Room, *, join_waitlist: bool) -> list[Violation]:
    return [WaitlistFull()] if room.seats <= 0 and join_waitlist and room.places <= 0 else []


def ineligible(wanted: Offering, record: Record, window: Window, now: datetime) -> list[Violation]:
    """Why this student may not have a seat there, were there one."""
    return [
        *registration_closed(window, now),
        *duplicate_course(wanted, record),
        *prerequisite_not_met(wanted, record),
        *time_conflict(wanted, record),
        *credit_limit_exceeded(wanted, record, window),
    ]


def refused(
    wanted: Offering, record: Record, window: Window, room: Room, now: datetime, *, join_waitlist: bool
) -> list[Violation]:
    """Why a request for a seat there is refused: all reasons, in the order of the book."""
    return [
        *ineligible(wanted, record, window, now),
        *section_full(room, join_waitlist=join_waitlist),
        *waitlist_full(room, join_waitlist=join_waitlist),
    ]
