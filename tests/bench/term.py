"""The term that everybody rushes for: students who can log in, small sections, and who asks for which."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from api.models import Course, Enrollment, Prerequisite, Role, Section, Status, Student, Term, Token, User
from api.security import digest
from tests.bench.load import WrongAnswer

STUDENTS, SECTIONS, SEATS, PLACES, WISHES = 3_000, 10, 30, 120, 2
TERM = "Rush"
LECTURES = 3  # large ones: everybody is in one of them already, and half of all have passed it before
CREDITS, CREDIT_LIMIT = (2, 3, 4), 7  # of a course, by its number; so that some courses are too much
SLOTS = [[{"day": day, "starts": "09:00", "ends": "10:30"}] for day in ("mon", "tue", "wed", "thu", "fri")]
ANSWERS = (b"HTTP/1.1 201 ", b"HTTP/1.1 409 ", b"HTTP/1.1 204 ")  # made, refused by a rule, nothing done


@dataclass(frozen=True)
class Claim:
    """One student asks for one section."""

    token: str
    student_id: int
    section_id: int
    join_waitlist: bool

    @cached_property
    def request(self) -> bytes:
        asked = {"student_id": self.student_id, "section_id": self.section_id, "join_waitlist": self.join_waitlist}
        body = json.dumps(asked)
        return (
            f"POST /enrollments HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def is_answered(self, answer: bytes) -> bool:
        head, end, came = answer.partition(b"\r\n\r\n")
        if not head.startswith(ANSWERS):
            raise WrongAnswer(answer.decode(errors="replace"))
        _, _, length = head.lower().partition(b"content-length: ")
        return bool(end) and len(came) == int(length.partition(b"\r\n")[0] or 0)


def fill(database_url: str) -> list[Claim]:
    """Add the term to a database, and give what its students will ask for: the same, in the same order, each time."""
    engine = create_engine(database_url)
    with Session(engine) as session, session.begin():
        students = _students(session)
        lectures, sections = _sections(session)
        _attend(session, students, lectures)
        claims = _claims([student.id for student in students], [section.id for section in sections])
    engine.dispose()
    return claims


def _students(session: Session) -> list[Student]:
    """With tokens, because to log in so many would take longer than all the rest."""
    students = [Student(name=f"Rusher {n}", email=f"rusher{n}@example.org") for n in range(STUDENTS)]
    session.add_all(students)
    session.flush()
    users = [
        User(name=each.name, email=each.email, role=Role.STUDENT, student_id=each.id, password_hash="")
        for each in students
    ]
    session.add_all(users)
    session.flush()
    expires_at = datetime.now(UTC) + timedelta(hours=8)
    tokens = [{"digest": digest(_token(u.student_id)), "user_id": u.id, "expires_at": expires_at} for u in users]
    session.execute(insert(Token), tokens)
    return students


def _token(student_id: int | None) -> str:
    return f"token-of-student-{student_id}"


def _sections(session: Session) -> tuple[list[Section], list[Section]]:
    """The lectures of two terms, then the small sections, of which the last two offer the first two's courses.

    Each third course needs a lecture passed, and two sections share a slot with each other, and some with a lecture.
    """
    past, now = _add_term(session, f"Before the {TERM}", -300), _add_term(session, TERM, 30)
    courses = [
        Course(code=f"RUSH{n}", title=f"Course {n}", description="", credits=CREDITS[n % len(CREDITS)])
        for n in range(LECTURES + SECTIONS - 2)
    ]
    session.add_all(courses)
    session.flush()
    wanted = courses[LECTURES:] + courses[LECTURES : LECTURES + 2]
    session.add_all(Prerequisite(course_id=each.id, prerequisite_id=courses[0].id) for each in courses[LECTURES::3])
    lectures = [_section(courses[n], term, STUDENTS, n) for term in (past, now) for n in range(LECTURES)]
    small = [_section(course, now, SEATS, n) for n, course in enumerate(wanted)]
    session.add_all(lectures)
    session.flush()
    session.add_all(small)
    session.flush()
    return lectures, small


def _section(course: Course, term: Term, capacity: int, number: int) -> Section:
    return Section(
        course_id=course.id,
        term_id=term.id,
        number=number + 1,
        capacity=capacity,
        waitlist_capacity=PLACES,
        meetings=SLOTS[number % len(SLOTS)],
    )


def _add_term(session: Session, name: str, days: int) -> Term:
    """A term that starts in so many days."""
    now = datetime.now(UTC)
    start = now.date() + timedelta(days)
    term = Term(
        name=name,
        starts_on=start,
        ends_on=start + timedelta(days=110),
        enrollment_opens_at=now - timedelta(days=7),
        enrollment_closes_at=now + timedelta(days=40),
        drop_deadline=now + timedelta(days=50),
        withdraw_deadline=now + timedelta(days=60),
        credit_limit=CREDIT_LIMIT,
    )
    session.add(term)
    session.flush()
    return term


def _attend(session: Session, students: Sequence[Student], lectures: Sequence[Section]) -> None:
    """Everybody is in a lecture of this term; every other one has passed the past term's first."""
    past, now = lectures[:LECTURES], lectures[LECTURES:]
    at = {"enrolled_at": datetime.now(UTC)}
    done: list[dict[str, Any]] = [
        {"student_id": each.id, "section_id": past[0].id, "status": Status.COMPLETED, "grade": "B", **at}
        for each in students[::2]
    ]
    begun: list[dict[str, Any]] = [
        {"student_id": each.id, "section_id": now[n % LECTURES].id, "status": Status.ENROLLED, "grade": None, **at}
        for n, each in enumerate(students)
    ]
    session.execute(insert(Enrollment), done + begun)


def _claims(student_ids: Sequence[int], section_ids: Sequence[int]) -> list[Claim]:
    luck = random.Random(STUDENTS)
    claims = [
        Claim(_token(student_id), student_id, section_id, join_waitlist=luck.random() < 0.8)
        for student_id in student_ids
        for section_id in luck.sample(section_ids, WISHES)
    ]
    luck.shuffle(claims)
    return claims
