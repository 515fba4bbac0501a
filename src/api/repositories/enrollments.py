"""Where enrollments are kept, and the facts that the rules judge."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from api.models import Course, Enrollment, Section, Status, Student, Term
from api.repositories.sections import COURSES, ENROLLMENTS, SEATED, SECTIONS

_earlier = aliased(Enrollment)
POSITION = (
    select(func.count())
    .where(
        _earlier.section_id == Enrollment.section_id,
        _earlier.status == Status.WAITLISTED,
        _earlier.id <= Enrollment.id,
    )
    .correlate(Enrollment)
    .scalar_subquery()
)
ROWS: Select[Any] = (
    select(
        Enrollment.id,
        Enrollment.student_id,
        Enrollment.section_id,
        Enrollment.status,
        Enrollment.grade,
        Enrollment.enrolled_at,
        POSITION.label("position"),
        Student.name.label("student_name"),
        Section.number,
        Section.meetings,
        Section.instructor_id,
        Section.course_id,
        Section.term_id,
        Course.code,
        Course.title,
        Course.credits,
        Term.name.label("term_name"),
        Term.starts_on,
    )
    .join(Student, Student.id == Enrollment.student_id)
    .join(Section, Section.id == Enrollment.section_id)
    .join(Course, Course.id == Section.course_id)
    .join(Term, Term.id == Section.term_id)
)

BY_ID = ROWS.where(Enrollment.id == bindparam("id"))
ADD = insert(Enrollment.metadata.tables["enrollments"]).returning(ENROLLMENTS.c.id)
_LIVE = and_(SECTIONS.c.term_id == bindparam("term_id"), ENROLLMENTS.c.status.in_((Status.ENROLLED, Status.WAITLISTED)))
HISTORY: Select[Any] = (
    select(
        ENROLLMENTS.c.id,
        ENROLLMENTS.c.status,
        ENROLLMENTS.c.grade,
        SECTIONS.c.course_id,
        SECTIONS.c.meetings,
        COURSES.c.code,
        COURSES.c.credits,
    )
    .join(SECTIONS, SECTIONS.c.id == ENROLLMENTS.c.section_id)
    .join(COURSES, COURSES.c.id == SECTIONS.c.course_id)
    .where(ENROLLMENTS.c.student_id == bindparam("student_id"), or_(_LIVE, ENROLLMENTS.c.status == Status.COMPLETED))
    .order_by(ENROLLMENTS.c.id)
)


class EnrollmentRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, enrollment_id: int) -> Row[Any] | None:
        return self._connection.execute(BY_ID, {"id": enrollment_id}).one_or_none()

    def of_student(self, student_id: int, term_id: int | None = None) -> Sequence[Row[Any]]:
        rows = ROWS.where(Enrollment.student_id == student_id).order_by(Enrollment.id)
        return self._connection.execute(rows if term_id is None else rows.where(Section.term_id == term_id)).all()

    def of_section(self, section_id: int) -> Sequence[Row[Any]]:
        """Who has a seat, by name, then who waits, in order; one statement, or who is just promoted could miss both."""
        listed = ROWS.where(Enrollment.section_id == section_id, Enrollment.status.in_((*SEATED, Status.WAITLISTED)))
        waits = case((Enrollment.status == Status.WAITLISTED, 1), else_=0)
        name = case((Enrollment.status != Status.WAITLISTED, Student.name))
        return self._connection.execute(listed.order_by(waits, name, Enrollment.id)).all()


class Enrollments:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, enrollment_id: int) -> Enrollment | None:
        return self._session.get(Enrollment, enrollment_id, populate_existing=True)

    def find(self, enrollment_id: int) -> Row[Any] | None:
        """As it is read, with this transaction's changes."""
        self._session.flush()
        return self._session.execute(BY_ID, {"id": enrollment_id}).one_or_none()

    def add(self, student_id: int, section_id: int, status: Status, at: datetime) -> int:
        """The id of the new enrollment."""
        row = {"student_id": student_id, "section_id": section_id, "status": status, "enrolled_at": at}
        added: int = self._session.execute(ADD, row).scalar_one()
        return added

    def add_all(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._session.execute(insert(Enrollment), rows)

    def count(self, section_id: int, *statuses: Status) -> int:
        self._session.flush()
        counted = select(func.count()).where(Enrollment.section_id == section_id, Enrollment.status.in_(statuses))
        return self._session.scalar(counted) or 0

    def waiting(self, section_id: int) -> Sequence[Enrollment]:
        """The waitlist, first in first."""
        waiting = select(Enrollment).where(Enrollment.section_id == section_id, Enrollment.status == Status.WAITLISTED)
        return self._session.scalars(waiting.order_by(Enrollment.id)).all()

    def waited_for(self, student_id: int, term_id: int) -> Sequence[int]:
        """The sections of the term that the student waits for."""
        return self._session.scalars(
            select(Enrollment.section_id)
            .join(Section, Section.id == Enrollment.section_id)
            .where(
                Enrollment.student_id == student_id,
                Enrollment.status == Status.WAITLISTED,
                Section.term_id == term_id,
            )
            .order_by(Enrollment.section_id)
        ).all()

    def history(self, student_id: int, term_id: int) -> Sequence[Row[Any]]:
        """What the rules ask of a student: their live entries in that term, and what they have completed in any."""
        self._session.flush()
        return self._session.execute(HISTORY, {"student_id": student_id, "term_id": term_id}).all()

    def has_any(self, student_id: int) -> bool:
        return bool(self._session.scalar(select(exists().where(Enrollment.student_id == student_id))))
