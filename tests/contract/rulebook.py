"""The rule book of enrollment once more, written from CONTRACT.md alone: what each request may be answered, and leaves.

A registry never changes. An operation gives its outcomes, each the next registry and the answer; they are several only
where the contract leaves a choice. Terms, courses and sections are known by their places in the registry, students by
any number, and enrollments by the ids that they were given.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Any, TypeAlias, TypeVar

Answer: TypeAlias = tuple[object, ...]  # the status, and then what matters of the body
Outcome: TypeAlias = "tuple[Registry, Answer]"
T = TypeVar("T")
SEATED = {"enrolled", "completed"}


@dataclass(frozen=True)
class Term:
    is_open: bool = True  # for enrollment
    may_drop: bool = True
    may_withdraw: bool = True
    credit_limit: int = 100


@dataclass(frozen=True)
class Course:
    credits: int = 3
    prerequisites: tuple[int, ...] = ()


@dataclass(frozen=True)
class Section:
    course: int
    term: int
    capacity: int
    waitlist_capacity: int
    meetings: tuple[tuple[str, str, str], ...] = ()  # day, starts, ends

    def clashes(self, other: "Section") -> bool:
        pairs = product(self.meetings, other.meetings)
        return any(mine[0] == its[0] and mine[1] < its[2] and its[1] < mine[2] for mine, its in pairs)


@dataclass(frozen=True)
class Enrollment:
    id: int
    student: int
    section: int
    status: str
    grade: str | None = None


@dataclass(frozen=True)
class Registry:
    terms: tuple[Term, ...]
    courses: tuple[Course, ...]
    sections: tuple[Section, ...]
    enrollments: tuple[Enrollment, ...] = ()  # by section, and there in the order in which they were asked for

    def seated(self, section: int) -> list[Enrollment]:
        return [each for each in self.enrollments if each.section == section and each.status in SEATED]

    def waiting(self, section: int) -> list[Enrollment]:
        return [each for each in self.enrollments if each.section == section and each.status == "waitlisted"]

    def seats_left(self, section: int) -> int:
        return self.sections[section].capacity - len(self.seated(section))

    def ineligible(self, student: int, section: int, waiter: Enrollment | None = None) -> Iterator[str]:
        """The rules that keep this student out whether or not there is a seat; a waiter's own entry is no duplicate."""
        wanted = self.sections[section]
        term, course = self.terms[wanted.term], self.courses[wanted.course]
        history = [(self.sections[each.section], each) for each in self.enrollments if each.student == student]
        live = [
            (taken, each.status)
            for taken, each in history
            if taken.term == wanted.term and each.status in {"enrolled", "waitlisted"} and each != waiter
        ]
        timetable = [taken for taken, status in live if status == "enrolled"]
        passed = {taken.course for taken, each in history if each.status == "completed" and each.grade != "F"}
        if not term.is_open:
            yield "registration_closed"
        if any(taken.course == wanted.course for taken, _ in live):
            yield "duplicate_course"
        yield from ("prerequisite_not_met" for each in course.prerequisites if each not in passed)
        if any(taken.clashes(wanted) for taken in timetable):
            yield "time_conflict"
        if sum(self.courses[taken.course].credits for taken in timetable) + course.credits > term.credit_limit:
            yield "credit_limit_exceeded"

    def no_room(self, section: int, *, join_waitlist: bool) -> Iterator[str]:
        if self.seats_left(section) <= 0:
            if not join_waitlist:
                yield "section_full"
            elif len(self.waiting(section)) >= self.sections[section].waitlist_capacity:
                yield "waitlist_full"

    def promoted(self, *sections: int) -> "Registry":
        """Each free seat goes to the first eligible waiter: one section after the other."""
        registry = self
        for section in sections:
            for waiter in self.waiting(section):
                if registry.seats_left(section) > 0 and not any(registry.ineligible(waiter.student, section, waiter)):
                    registry = registry._with(waiter, status="enrolled")
        return registry

    def enroll(self, new_id: int, student: int, section: int, *, join_waitlist: bool) -> list[Outcome]:
        """`new_id` is what the enrollment is called if there is one. Waiters come first, even if this is refused."""
        registry = self.promoted(section)
        violations = *registry.ineligible(student, section), *registry.no_room(section, join_waitlist=join_waitlist)
        if violations:
            return [(registry, (409, *violations))]
        status = "enrolled" if registry.seats_left(section) > 0 else "waitlisted"
        asked = *registry.enrollments, Enrollment(new_id, student, section, status)
        registry = replace(registry, enrollments=tuple(sorted(asked, key=lambda each: each.section)))
        return [registry.read(new_id, 201)]

    def end(self, enrollment_id: int, status: str) -> list[Outcome]:
        """Drop (also: leave a waitlist) or withdraw; of several refusals any one, of several promotions any order."""
        mine = self.find(enrollment_id)
        leaves = (mine.status, status) == ("waitlisted", "dropped")
        term = self.terms[self.sections[mine.section].term]
        refusals = []
        if mine.status != "enrolled" and not leaves:
            refusals.append("not_active")
        if status == "dropped" and not term.may_drop and not leaves:
            refusals.append("drop_deadline_passed")
        if status == "withdrawn" and not term.may_withdraw:
            refusals.append("withdraw_deadline_passed")
        if refusals:
            return [(self, (409, code)) for code in refusals]
        registry = self._with(mine, status=status)
        waited_for = registry.waited_for(mine.student, self.sections[mine.section].term)
        orders = permutations({mine.section, *waited_for})
        return list(dict.fromkeys(registry.promoted(*order).read(mine.id) for order in orders))

    def grade(self, enrollment_id: int, grade: str) -> list[Outcome]:
        mine = self.find(enrollment_id)
        if mine.status not in SEATED:
            return [(self, (409, "not_enrolled"))]
        return [self._with(mine, status="completed", grade=grade).read(mine.id)]

    def replace_section(self, section: int, new: Section) -> list[Outcome]:
        """Its course and term stay; a raised capacity lets waiters in."""
        if new.capacity < len(self.seated(section)):
            return [(self, (409, "capacity_below_enrolled"))]
        registry = replace(self, sections=_put(self.sections, section, new))
        if new.capacity > self.sections[section].capacity:
            registry = registry.promoted(section)
        counts = len(registry.seated(section)), len(registry.waiting(section)), registry.seats_left(section)
        return [(registry, (200, *counts))]

    def replace_term(self, term: int, new: Term) -> list[Outcome]:
        return [(replace(self, terms=_put(self.terms, term, new)), (200,))]

    def replace_course(self, course: int, new: Course) -> list[Outcome]:
        return [(replace(self, courses=_put(self.courses, course, new)), (200,))]

    def roster(self, section: int) -> Outcome:
        """Who holds a seat, in any order, and who waits, in theirs."""
        seated = sorted((each.student, each.status) for each in self.seated(section))
        return self, (200, tuple(seated), tuple(each.student for each in self.waiting(section)))

    def read(self, enrollment_id: int, status: int = 200) -> Outcome:
        mine = self.find(enrollment_id)
        waiting = self.waiting(mine.section)
        return self, (status, mine.status, waiting.index(mine) + 1 if mine in waiting else None, mine.grade)

    def find(self, enrollment_id: int) -> Enrollment:
        return next(each for each in self.enrollments if each.id == enrollment_id)

    def waited_for(self, student: int, term: int) -> set[int]:
        """The sections of that term that the student waits for."""
        theirs = {each.section for each in self.enrollments if each.student == student and each.status == "waitlisted"}
        return {section for section in theirs if self.sections[section].term == term}

    def _with(self, enrollment: Enrollment, **changes: Any) -> "Registry":
        place = self.enrollments.index(enrollment)
        return replace(self, enrollments=_put(self.enrollments, place, replace(enrollment, **changes)))


def _put(row: tuple[T, ...], place: int, new: T) -> tuple[T, ...]:
    return *row[:place], new, *row[place + 1 :]
