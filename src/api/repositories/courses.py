"""Where courses and their prerequisites are kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from api.models import Course, Prerequisite, Section
from api.repositories.pages import Page, both_ways, containing, pattern, read
from api.schemas import SearchQuery

COURSES = Course.__table__
COLUMNS = [column for column in COURSES.c if column.name != "code_key"]
BY_ID = select(*COLUMNS).where(COURSES.c.id == bindparam("id"))
PREREQUISITES = (
    select(Prerequisite.course_id, Prerequisite.prerequisite_id)
    .where(Prerequisite.course_id.in_(bindparam("ids", expanding=True)))
    .order_by(Prerequisite.prerequisite_id)
)


class CourseRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, course_id: int) -> Row[Any] | None:
        return self._connection.execute(BY_ID, {"id": course_id}).one_or_none()

    def page(self, query: SearchQuery) -> Page:
        rows, searched = select(*COLUMNS), [COURSES.c.code, COURSES.c.title]
        if query.q:
            rows = rows.where(containing(self._connection.dialect.name, searched))
        return read(self._connection, both_ways(rows, COURSES.c.id), query, like=pattern(query.q))

    def prerequisites(self, course_ids: Sequence[int]) -> Mapping[int, list[int]]:
        """The prerequisites' ids of each of these courses, ascending."""
        found: dict[int, list[int]] = defaultdict(list)
        for course_id, prerequisite_id in self._connection.execute(PREREQUISITES, {"ids": course_ids}):
            found[course_id].append(prerequisite_id)
        return found


class Courses:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, course_id: int) -> Course | None:
        """The course, theirs alone until the transaction ends."""
        return self._session.get(Course, course_id, with_for_update=True)

    def find(self, course_id: int) -> Course | None:
        return self._session.get(Course, course_id)

    def lock_prerequisites(self) -> Mapping[int, list[int]]:
        """All courses with their prerequisites' ids, which nobody else changes until the transaction ends."""
        courses = self._session.scalars(select(Course.id).order_by(Course.id).with_for_update())
        graph: dict[int, list[int]] = {course_id: [] for course_id in courses}
        for course_id, prerequisite_id in self._session.execute(
            select(Prerequisite.course_id, Prerequisite.prerequisite_id).order_by(Prerequisite.prerequisite_id)
        ):
            graph[course_id].append(prerequisite_id)
        return graph

    def prerequisites(self, course_id: int) -> list[tuple[int, str]]:
        """Ids and codes of what must be passed before."""
        found = self._session.execute(
            select(Course.id, Course.code)
            .join(Prerequisite, Prerequisite.prerequisite_id == Course.id)
            .where(Prerequisite.course_id == course_id)
            .order_by(Course.id)
        )
        return [(course_id, code) for course_id, code in found]

    def set_prerequisites(self, course: Course, prerequisite_ids: Iterable[int]) -> None:
        self._session.flush()
        self._session.execute(delete(Prerequisite).where(Prerequisite.course_id == course.id))
        rows = [{"course_id": course.id, "prerequisite_id": each} for each in prerequisite_ids]
        if rows:
            self._session.execute(insert(Prerequisite), rows)

    def is_used(self, course_id: int) -> bool:
        """Whether a section offers it, or another course requires it."""
        offered = exists().where(Section.course_id == course_id)
        required = exists().where(Prerequisite.prerequisite_id == course_id)
        return bool(self._session.scalar(select(offered | required)))

    def add(self, course: Course) -> Course:
        self._session.add(course)
        self._session.flush()
        return course

    def add_missing(self, courses: Sequence[Course]) -> Sequence[Course]:
        """Add those whose codes no course has, and give them."""
        taken = set(self._session.scalars(select(Course.code_key)))
        missing = [course for course in courses if course.code_key not in taken]
        self._session.add_all(missing)
        self._session.flush()
        return missing

    def delete(self, course: Course) -> None:
        self._session.delete(course)
