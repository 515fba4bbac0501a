"""Where courses and their prerequisites are kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select

from api.models import Course, Prerequisite, Section
from api.repositories.pages import Page
from api.repositories.search import Search
from api.repositories.tables import Table, TableRows
from api.schemas import SearchQuery

COURSES = Course.__table__
COLUMNS = [column for column in COURSES.c if column.name != "code_key"]
SEARCH = Search(COLUMNS, [COURSES.c.code, COURSES.c.title])
PREREQUISITES = select(Prerequisite.course_id, Prerequisite.prerequisite_id).order_by(Prerequisite.prerequisite_id)
PREREQUISITES_OF = PREREQUISITES.where(Prerequisite.course_id.in_(bindparam("ids", expanding=True)))


class CourseRows(TableRows):
    by_id = select(*COLUMNS).where(COURSES.c.id == bindparam("id"))

    def page(self, query: SearchQuery) -> Page:
        return SEARCH.read(self._connection, query)

    def prerequisites(self, course_ids: Sequence[int]) -> Mapping[int, list[int]]:
        """The prerequisites' ids of each of these courses, ascending."""
        return _gathered(self._connection.execute(PREREQUISITES_OF, {"ids": course_ids}))


class Courses(Table[Course]):
    kind = Course

    def lock_prerequisites(self) -> Mapping[int, list[int]]:
        """The prerequisites' ids of each course, which nobody else changes until the transaction ends."""
        self._session.execute(select(Course.id).order_by(Course.id).with_for_update())
        return _gathered(self._session.execute(PREREQUISITES))

    def prerequisites(self, course_id: int) -> list[tuple[int, str]]:
        """Ids and codes of what must be passed before, ascending."""
        found = self._session.execute(
            select(Course.id, Course.code)
            .join(Prerequisite, Prerequisite.prerequisite_id == Course.id)
            .where(Prerequisite.course_id == course_id)
            .order_by(Course.id)
        )
        return [(prerequisite_id, code) for prerequisite_id, code in found]

    def set_prerequisites(self, course: Course, prerequisite_ids: Iterable[int]) -> None:
        self._session.flush()
        self._session.execute(delete(Prerequisite).where(Prerequisite.course_id == course.id))
        rows = [{"course_id": course.id, "prerequisite_id": each} for each in prerequisite_ids]
        if rows:
            self._session.execute(insert(Prerequisite), rows)

    def is_used(self, course_id: int) -> bool:
        """Whether a section offers it, or another course requires it."""
        return self._any(Section.course_id == course_id) or self._any(Prerequisite.prerequisite_id == course_id)


def _gathered(pairs: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for course_id, prerequisite_id in pairs:
        found[course_id].append(prerequisite_id)
    return found
