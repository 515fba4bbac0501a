"""Where sections are kept; who holds a seat in one, and who waits for one, is counted when it is read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, ScalarSelect, bindparam, func, select

from api.models import Course, Enrollment, Prerequisite, Section, Status, Term, User
from api.repositories.pages import Page, both_ways, read
from api.repositories.search import containing, pattern
from api.repositories.tables import Reader, Table
from api.schemas import SectionQuery

COURSES, SECTIONS = Course.__table__, Section.__table__
ENROLLMENTS, PREREQUISITES = Enrollment.__table__, Prerequisite.__table__
SEATED = (Status.ENROLLED, Status.COMPLETED)


def _count(*statuses: Status) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(ENROLLMENTS.c.section_id == SECTIONS.c.id, ENROLLMENTS.c.status.in_(statuses))
        .correlate(SECTIONS)
        .scalar_subquery()
    )


ENROLLED, WAITLISTED = _count(*SEATED), _count(Status.WAITLISTED)
ROWS: Any = (
    select(
        Section.id,
        Section.course_id,
        Section.term_id,
        Section.instructor_id,
        Section.number,
        Section.capacity,
        Section.waitlist_capacity,
        Section.meetings,
        Course.code,
        Course.title,
        Course.credits,
        Term.name.label("term_name"),
        User.name.label("instructor_name"),
        ENROLLED.label("enrolled"),
        WAITLISTED.label("waitlisted"),
    )
    .join(Course, Course.id == Section.course_id)
    .join(Term, Term.id == Section.term_id)
    .outerjoin(User, User.id == Section.instructor_id)
)


_REQUIRED = COURSES.alias()
OFFER = (
    select(
        SECTIONS.c.course_id,
        COURSES.c.code,
        COURSES.c.credits,
        SECTIONS.c.meetings,
        SECTIONS.c.capacity,
        SECTIONS.c.waitlist_capacity,
        ENROLLED.label("enrolled"),
        WAITLISTED.label("waitlisted"),
        _REQUIRED.c.id.label("required_id"),
        _REQUIRED.c.code.label("required_code"),
    )
    .join(COURSES, COURSES.c.id == SECTIONS.c.course_id)
    .outerjoin(PREREQUISITES, PREREQUISITES.c.course_id == COURSES.c.id)
    .outerjoin(_REQUIRED, _REQUIRED.c.id == PREREQUISITES.c.prerequisite_id)
    .where(SECTIONS.c.id == bindparam("id"))
    .order_by(_REQUIRED.c.id)
)


class SectionRows(Reader):
    def find(self, section_id: int) -> Mapping[str, Any] | None:
        row = self._connection.execute(ROWS.where(Section.id == section_id)).mappings().one_or_none()
        return dict(row) if row else None

    def page(self, query: SectionQuery) -> Page:
        rows = ROWS
        if query.term_id is not None:
            rows = rows.where(Section.term_id == query.term_id)
        if query.course_id is not None:
            rows = rows.where(Section.course_id == query.course_id)
        if query.open:
            rows = rows.where(Section.capacity > ENROLLED)
        if query.q:
            rows = rows.where(containing(self._connection.dialect.name, [COURSES.c.code, COURSES.c.title]))
        return read(self._connection, both_ways(rows, SECTIONS.c.id), query, like=pattern(query.q))


class Sections(Table[Section]):
    kind = Section

    def get(self, section_id: int) -> Section | None:
        return self._session.get(Section, section_id, populate_existing=True)

    def offer(self, section_id: int) -> tuple[Row[Any], list[tuple[int, str]]]:
        """What the rules ask of a section, and ids and codes of what must be passed before."""
        self._session.flush()
        rows: Any = self._session.execute(OFFER, {"id": section_id}).all()
        return rows[0], [(row.required_id, row.required_code) for row in rows if row.required_id]

    def row(self, section_id: int) -> Mapping[str, Any]:
        """As it is read, with this transaction's changes."""
        self._session.flush()
        return dict(self._session.execute(ROWS.where(Section.id == section_id)).mappings().one())

    def has_enrollments(self, section_id: int) -> bool:
        return self._any(Enrollment.section_id == section_id)
