"""Demo data: a small university or a large one, in which every enrollment obeys the rule book.

Three terms, by today's date: one past, with grades; one under way; and the next, open for enrollment, with waitlists.
"""

import csv
import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from itertools import product
from typing import Any

from api.models import Course, Role, Section, Status, Student, Term, User
from api.repositories import Work
from api.services import rules
from api.services.rules import Entry, Meeting, Offering, Record, Room, Window

GIVEN = """
    Amara Björn Chloé Dmitri Esra Farid Giulia Hiroshi Ingrid José Khadija Liam Mei Noor Olga Priya Quentin Rosa Søren
    Thandiwe Uma Viktor Wanjiru Ximena Yusuf Zofia Ângela Đức Élodie Łukasz
"""
FAMILY = """
    Abebe Brown Chaudhary Dubois Eriksson Ferreira-Costa García Haddad Ivanova Jansen Kowalska Lindqvist Müller Nguyễn
    O'Brien Papadopoulos Quispe Rossi Şahin Tanaka Usman Villanueva Wang Xu Yamamoto Zieliński
"""
LOGINS = (
    ("Robin Registrar", "registrar@example.edu", Role.REGISTRAR),
    ("Ines Instructor", "instructor@example.edu", Role.INSTRUCTOR),
    ("Idris Instructor", "instructor2@example.edu", Role.INSTRUCTOR),
    ("Sam Student", "student@example.edu", Role.STUDENT),
    ("Sofia Student", "student2@example.edu", Role.STUDENT),
    ("Stefan Student", "student3@example.edu", Role.STUDENT),
)
COURSES = list(csv.DictReader(files("api").joinpath("demo_courses.csv").read_text().splitlines()))
HOURS = (("09:00", "10:30"), ("10:00", "11:30"), ("13:00", "14:30"), ("15:00", "16:30"))
SLOTS = [
    [{"day": day, "starts": starts, "ends": ends} for day in days]
    for days, (starts, ends) in product((("mon", "wed"), ("tue", "thu"), ("fri",)), HOURS)
]
GRADES = ("A", "A", "A-", "A-", "B+", "B+", "B", "B", "B", "B-", "B-", "C+", "C", "C-", "D", "F")
CREDIT_LIMIT = 12
BATCH = 5_000  # students
SEASONS = ["", *["Spring"] * 5, *["Summer"] * 2, *["Fall"] * 5]
ALWAYS = Window(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), CREDIT_LIMIT)


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"

    @property
    def students(self) -> int:
        return {"small": 600, "large": 100_000}[self]

    @property
    def sections(self) -> int:
        """Of each term."""
        return {"small": 20, "large": 667}[self]

    @property
    def seats(self) -> int:
        """Of each section: so many that the popular ones fill up."""
        return self.students * 3 // self.sections // 2


def seed(work: Work, password_hash: str, size: Size) -> Iterator[int]:
    """Add what is missing of the demo data, and yield how many records each step has added.

    Where any of the courses stands, it is a university already, and gets no more than people.
    """
    students = work.students.add_missing(_students(size.students), Student.email)
    yield len(students)
    users = work.users.add_missing(_users({each.email: each.id for each in students}, password_hash), User.email)
    yield len(users)
    courses = work.courses.add_missing(
        [Course(code=row["code"], title=row["title"], description="", credits=int(row["credits"])) for row in COURSES],
        Course.code_key,
    )
    if len(courses) == len(COURSES):
        for course, row in zip(courses, COURSES, strict=True):
            before = row["prerequisites"].split()
            work.courses.set_prerequisites(course, [each.id for each in courses if each.code in before])
        logins = [user for _, email, _ in LOGINS if (user := work.users.find_by_email(email))]
        instructors = [user.id for user in logins if user.role is Role.INSTRUCTOR]
        own = {user.student_id for user in logins if user.student_id}  # who may have been there before
        campus = Campus(work, size, courses, instructors or [None], sorted(own | {each.id for each in students}))
        yield from campus.fill(_terms(work.now.date()))


@dataclass
class Class:
    """A section that students wish for, and how much of it is left."""

    section_id: int
    offering: Offering
    opens: datetime
    seats: int
    places: int


@dataclass
class Campus:
    """Where students wish for sections, term by term, and get what the rules allow."""

    work: Work
    size: Size
    courses: Sequence[Course]
    instructors: Sequence[int | None]
    students: Sequence[int]

    def __post_init__(self) -> None:
        self._luck = random.Random(self.size.students)  # noqa: S311 - the same demo each time
        self._passed: dict[int, frozenset[int]] = dict.fromkeys(self.students, frozenset())

    def fill(self, terms: Sequence[Term]) -> Iterator[int]:
        """The first term is past: its courses are graded, and nobody waits for them any more."""
        for turn, term in enumerate(terms):
            self.work.terms.add(term)
            classes = [self._open(term, n) for n in range(turn * 10, turn * 10 + self.size.sections)]
            yield 1 + len(classes)
            for start in range(0, len(self.students), BATCH):
                batch = self.students[start : start + BATCH]
                rows = [row for student_id in batch for row in self._choices(student_id, classes, graded=turn == 0)]
                self.work.enrollments.add_all(rows)
                yield len(rows)

    def _open(self, term: Term, n: int) -> Class:
        course, meetings = self.courses[n % len(self.courses)], SLOTS[n % len(SLOTS)]
        section = self.work.sections.add(
            Section(
                course_id=course.id,
                term_id=term.id,
                instructor_id=self.instructors[n % len(self.instructors)],
                number=n // len(self.courses) + 1,
                capacity=self.size.seats,
                waitlist_capacity=self.size.seats // 6,
                meetings=meetings,
            )
        )
        before = self.work.courses.prerequisites(course.id)
        offering = Offering(course.id, course.code, course.credits, [Meeting(**each) for each in meetings], before)
        return Class(section.id, offering, term.enrollment_opens_at, section.capacity, section.waitlist_capacity)

    def _choices(self, student_id: int, classes: Sequence[Class], *, graded: bool) -> Iterator[dict[str, Any]]:
        """A few wishes, half of them for what is popular."""
        entries: list[Entry] = []
        record = Record(entries, self._passed[student_id])
        popular = classes[::3]
        for wish in (*self._luck.sample(popular, 2), *self._luck.sample(classes, 2)):
            room = Room(wish.seats, wish.places)
            if rules.refused(wish.offering, record, ALWAYS, room, wish.opens, join_waitlist=True):
                continue
            enrolled = room.seats > 0
            if enrolled:
                wish.seats -= 1
            else:
                wish.places -= 1
            entries.append(Entry(0, enrolled, wish.offering))
            status, grade = self._fate(enrolled=enrolled, graded=graded)
            if grade not in (None, "F"):
                self._passed[student_id] |= {wish.offering.course_id}
            yield {
                "student_id": student_id,
                "section_id": wish.section_id,
                "status": status,
                "grade": grade,
                "enrolled_at": wish.opens,
            }

    def _fate(self, *, enrolled: bool, graded: bool) -> tuple[Status, str | None]:
        """What became of an enrollment: of a past one a grade, mostly."""
        if not graded:
            return Status.ENROLLED if enrolled else Status.WAITLISTED, None
        if not enrolled:
            return Status.DROPPED, None
        if self._luck.random() < 0.04:
            return Status.WITHDRAWN, None
        return Status.COMPLETED, self._luck.choice(GRADES)


def _terms(today: date) -> list[Term]:
    """Past, under way since six weeks, and next, for which enrollment has been open for a week."""
    starts = [today - timedelta(days=42 + 182), today - timedelta(days=42), today + timedelta(days=140)]
    return [_term(start, opened=min(start - timedelta(days=60), today - timedelta(days=7))) for start in starts]


def _term(start: date, opened: date) -> Term:
    def at(day: date) -> datetime:
        return datetime.combine(day, time(9), UTC)

    return Term(
        name=f"{SEASONS[start.month]} {start.year}",
        starts_on=start,
        ends_on=start + timedelta(days=110),
        enrollment_opens_at=at(opened),
        enrollment_closes_at=at(start + timedelta(days=10)),
        drop_deadline=at(start + timedelta(days=21)),
        withdraw_deadline=at(start + timedelta(days=70)),
        credit_limit=CREDIT_LIMIT,
    )


def _students(count: int) -> list[Student]:
    """Those who can log in, and others of many names, who are numbered where a name comes again."""
    own = [Student(name=name, email=email) for name, email, role in LOGINS if role is Role.STUDENT]
    given, family = GIVEN.split(), FAMILY.split()
    others = []
    for n in range(count - len(own)):
        first, last = given[n % len(given)], family[n * 7 % len(family)]
        again = n // (len(given) * len(family) // 2) or ""  # the strides meet again after half of all pairs
        others.append(Student(name=f"{first} {last}", email=f"{_ascii(first)}.{_ascii(last)}{again}@example.edu"))
    return own + others


def _users(students: Mapping[str, int], password_hash: str) -> list[User]:
    return [
        User(name=name, email=email, role=role, student_id=students.get(email), password_hash=password_hash)
        for name, email, role in LOGINS
        if role is not Role.STUDENT or email in students
    ]


def _ascii(name: str) -> str:
    plain = name.translate(str.maketrans("łøđŁØĐ", "lodLOD"))
    return re.sub(r"[^a-z-]", "", unicodedata.normalize("NFKD", plain).lower())
