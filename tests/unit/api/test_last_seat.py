"""Races: what the term's lock is for, seen first without it."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier

import httpx2
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.config import Settings
from api.database import Database
from api.errors import PrerequisiteCycle, Refusal
from api.models import Course, Enrollment, Role, Section, Status, Student, Token
from api.repositories import Rows
from api.schemas import CourseIn, EnrollmentIn, EnrollmentPatch
from api.security import Caller, digest
from api.services import courses, enrollments, students
from api.services.preconditions import IfMatch
from tests.postgres import free_port
from tests.servers import Server
from tests.unit.conftest import Clock
from tests.unit.factories import (
    CourseFactory,
    EnrollmentFactory,
    SectionFactory,
    StudentFactory,
    TermFactory,
    UserFactory,
)

REGISTRAR = Caller(id=0, role=Role.REGISTRAR, student_id=None, digest=b"")
CLIENTS, SEATS = 64, 3
MONDAY = [{"day": "mon", "starts": "09:00", "ends": "10:30"}]


@pytest.fixture
def processes(settings: Settings, clock: Clock) -> Iterator[list[Database]]:
    """The database as two processes use it."""
    settings = settings.model_copy(update={"lock_timeout": 5})
    with closing(Database(settings, clock)) as one, closing(Database(settings, clock)) as other:
        yield [one, other]


def all_at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gives, or why it was refused."""

    def attempt(call: Callable[[], object]) -> object:
        try:
            return call()
        except (Refusal, OperationalError) as refused:
            return refused

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))


def asking(student: Student, section: Section) -> EnrollmentIn:
    return EnrollmentIn(student_id=student.id, section_id=section.id)


def holders(session: Session, section: Section) -> int:
    session.rollback()
    return session.query(Enrollment).filter_by(section_id=section.id, status=Status.ENROLLED).count()


@dataclass
class Rush:
    """Sixty-four clients of two processes, who all want one of a few seats."""

    client: httpx2.Client
    session: Session
    crowd: list[Student]
    pool: ThreadPoolExecutor

    def ask(self, seats: int) -> tuple[int, Counter[int]]:
        """How many have a seat then, and how often each status was answered."""
        section = SectionFactory(
            capacity=seats, term=TermFactory(enrollment_closes_at=datetime.max.replace(tzinfo=UTC))
        )
        start = Barrier(CLIENTS)

        def enroll(student: Student) -> int:
            start.wait(10)
            return self.client.post("/enrollments", content=asking(student, section).model_dump_json()).status_code

        answers = Counter(self.pool.map(enroll, self.crowd))
        return holders(self.session, section), answers


@contextmanager
def rush_of(app: str, settings: Settings, session: Session, directory: Path) -> Iterator[Rush]:
    """`app` is as uvicorn takes it."""
    port = str(free_port())
    arguments = (app, "--factory", "--workers", "2", "--port", port)
    environment = os.environ | {"API_DATABASE_URL": settings.database_url, "PYTHONPATH": os.pathsep.join(sys.path)}
    server = Server("uvicorn", arguments, environment, f"http://127.0.0.1:{port}", "/health/ready", directory / "log")
    token = Token(digest=digest("t"), user_id=UserFactory().id, expires_at=datetime.now(UTC) + timedelta(hours=1))
    session.add(token)
    crowd = StudentFactory.create_batch(CLIENTS)
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json", "Connection": "close"}
    server.start()
    try:
        with (
            httpx2.Client(base_url=server.url, headers=headers, timeout=30, trust_env=False) as client,
            ThreadPoolExecutor(CLIENTS) as pool,
        ):
            yield Rush(client, session, crowd, pool)
    finally:
        server.stop()


def test_without_the_lock_more_seats_are_sold_than_there_are(
    settings: Settings, session: Session, tmp_path: Path
) -> None:
    with rush_of("tests.unit.api.hesitant:without_lock", settings, session, tmp_path) as rush:
        rounds = (rush.ask(SEATS) for _ in range(20))

        assert any(seated > SEATS for seated, _ in rounds), "so the test beside this one proves nothing"


def test_with_the_lock_each_is_sold_once(settings: Settings, session: Session, tmp_path: Path) -> None:
    with rush_of("tests.unit.api.hesitant:with_lock", settings, session, tmp_path) as rush:
        for _ in range(3):
            assert rush.ask(SEATS) == (SEATS, {201: SEATS, 409: CLIENTS - SEATS})


def test_one_students_simultaneous_requests_break_no_rule(session: Session, processes: list[Database]) -> None:
    for _ in range(10):
        student, first = StudentFactory(), SectionFactory(meetings=MONDAY)
        clashing = [first, *(SectionFactory(meetings=MONDAY, term_id=first.term_id) for _ in range(3))]

        all_at_once(
            *(
                partial(processes[n % 2].write_now, enrollments.enroll, REGISTRAR, asking(student, section))
                for n, section in enumerate(clashing)
            )
        )

        session.rollback()
        assert session.query(Enrollment).filter_by(student_id=student.id).count() == 1


def test_a_seat_dropped_while_many_ask_goes_to_the_waiter(session: Session, processes: list[Database]) -> None:
    for _ in range(10):
        section, crowd = SectionFactory(capacity=1), StudentFactory.create_batch(4)
        held = EnrollmentFactory(section=section)
        waiter = EnrollmentFactory(section=section, status=Status.WAITLISTED)
        drop = EnrollmentPatch(status=Status.DROPPED)

        all_at_once(
            partial(processes[0].write_now, enrollments.change, REGISTRAR, held.id, drop, IfMatch()),
            *(
                partial(processes[1].write_now, enrollments.enroll, REGISTRAR, asking(student, section))
                for student in crowd
            ),
        )

        assert holders(session, section) == 1
        assert session.get_one(Enrollment, waiter.id, populate_existing=True).status is Status.ENROLLED


def test_simultaneous_edits_form_no_prerequisite_cycle(session: Session, processes: list[Database]) -> None:
    def require(database: Database, course: Course, prerequisite: Course) -> object:
        body = CourseIn(code=course.code, title="x", credits=3, prerequisite_ids=[prerequisite.id])
        return database.write_now(courses.replace, course.id, body, IfMatch())

    for _ in range(10):
        first, second = CourseFactory.create_batch(2)

        answers = all_at_once(
            partial(require, processes[0], first, second), partial(require, processes[1], second, first)
        )

        assert sum(isinstance(answer, PrerequisiteCycle) for answer in answers) == 1


def test_a_student_deleted_while_enrolling_is_either_gone_or_enrolled(
    session: Session, processes: list[Database]
) -> None:
    for _ in range(20):
        student, section = StudentFactory(), SectionFactory()

        answers = all_at_once(
            partial(processes[0].write_now, students.delete, student.id, IfMatch()),
            partial(processes[1].write_now, enrollments.enroll, REGISTRAR, asking(student, section)),
        )

        codes = [answer.code if isinstance(answer, Refusal) else None for answer in answers]
        assert codes in ([None, "not_found"], ["has_enrollments", None])


def test_a_course_deleted_while_another_comes_to_require_it_is_either_gone_or_required(
    session: Session, processes: list[Database]
) -> None:
    for n in range(20):
        basics = CourseFactory()
        advanced = CourseIn(code=f"Advanced {n}", title="x", credits=3, prerequisite_ids=[basics.id])

        answers = all_at_once(
            partial(processes[0].write_now, courses.delete, basics.id, IfMatch()),
            partial(processes[1].write_now, courses.create, advanced),
        )

        codes = [answer.code if isinstance(answer, Refusal) else None for answer in answers]
        assert codes in ([None, "not_found"], ["in_use", None])


def test_a_waiter_promoted_while_the_roster_is_read_is_on_it_once(
    session: Session, engine: Engine, processes: list[Database]
) -> None:
    section = SectionFactory(capacity=1)
    held = EnrollmentFactory(section=section)
    asked = EnrollmentIn(student_id=StudentFactory().id, section_id=section.id, join_waitlist=True)
    waiter = processes[0].write_now(enrollments.enroll, REGISTRAR, asked)
    drops = [partial(enrollments.change, enrollment_id=held.id, patch=EnrollmentPatch(status=Status.DROPPED))]

    def drop_after_first_look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if drops and statement.startswith("SELECT enrollments.id"):
            processes[0].write_now(drops.pop(), caller=REGISTRAR, if_match=IfMatch())

    event.listen(engine, "after_cursor_execute", drop_after_first_look)
    with engine.connect() as connection:
        roster = enrollments.of_section(Rows(connection, datetime.now(UTC)), REGISTRAR, section.id)

    assert not drops
    assert [each.id for each in roster.enrollments].count(waiter.id) == 1
