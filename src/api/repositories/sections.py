"""Where sections are kept; who holds a seat in one, and who waits for one, is counted when it is read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from api.models import Course, Enrollment, Section, Status, Term, User
from api.repositories.pages import Page, both_ways, read
from api.repositories.search import containing, pattern
from api.repositories.tables import Reader, Table
from api.schemas import SectionQuery

COURSES, SECTIONS = Course.__table__, Section.__table__
SEATED = (Status.ENROLLED, Status.COMPLETED)


def _count(*statuses: Status) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Enrollment.section_id == Section.id, Enrollment.status.in_(statuses))
        .correlate(Section)
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

    def get_all(self, section_ids: Collection[int]) -> Sequence[Section]:
        wanted = select(Section).where(Section.id.in_(section_ids)).order_by(Section.id)
        return self._session.scalars(wanted).all()

    def row(self, section_id: int) -> Mapping[str, Any]:
        """As it is read, with this transaction's changes."""
        self._session.flush()
        return dict(self._session.execute(ROWS.where(Section.id == section_id)).mappings().one())

    def has_enrollments(self, section_id: int) -> bool:
        return self._any(Enrollment.section_id == section_id)
