"""Races: what the term's lock is for, seen first without it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from typing_extensions import override

from api.config import Settings
from api.database import Database
from api.errors import EnrollmentRefused, PrerequisiteCycle, Refusal
from api.models import Course, Enrollment, Role, Section, Status, Student, Term
from api.repositories import Work
from api.repositories.terms import Terms
from api.schemas import CourseIn, EnrollmentIn, EnrollmentPatch
from api.security import Caller
from api.services import courses, enrollments, students
from api.services.preconditions import IfMatch
from tests.unit.conftest import Clock
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, StudentFactory

REGISTRAR = Caller(id=0, role=Role.REGISTRAR, student_id=None, digest=b"")
CROWD = 8
MONDAY = [{"day": "mon", "starts": "09:00", "ends": "10:30"}]


class Unlocked(Terms):
    @override
    def lock(self, entity_id: int) -> Term:
        return self._session.get_one(Term, entity_id)


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


def test_without_the_lock_the_last_seat_is_sold_more_than_once(session: Session, engine: Engine, clock: Clock) -> None:
    def enroll_unlocked(student: Student, section: Section) -> object:
        with Session(engine) as own, own.begin():
            work = Work(own, clock())
            work.terms = Unlocked(own)
            return enrollments.enroll(work, REGISTRAR, asking(student, section))

    for _ in range(200):
        section, crowd = SectionFactory(capacity=1), StudentFactory.create_batch(CROWD)
        all_at_once(*(partial(enroll_unlocked, student, section) for student in crowd))
        if holders(session, section) > 1:
            return
    pytest.fail("no round has oversold, so the test beside this one proves nothing")


def test_with_the_lock_it_is_sold_once(session: Session, processes: list[Database]) -> None:
    for _ in range(10):
        section, crowd = SectionFactory(capacity=1), StudentFactory.create_batch(CROWD)

        answers = all_at_once(
            *(
                partial(processes[n % 2].write_now, enrollments.enroll, REGISTRAR, asking(student, section))
                for n, student in enumerate(crowd)
            )
        )

        assert holders(session, section) == 1
        refused = [answer for answer in answers if isinstance(answer, EnrollmentRefused)]
        assert [each.code for each in refused] == ["section_full"] * (CROWD - 1)


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
