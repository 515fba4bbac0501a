"""Where students are kept."""

from sqlalchemy import bindparam, select

from api.models import Student
from api.repositories.pages import Page
from api.repositories.search import Search
from api.repositories.tables import Table, TableRows
from api.schemas import SearchQuery

STUDENTS = Student.__table__
COLUMNS = [STUDENTS.c.id, STUDENTS.c.name, STUDENTS.c.email]
SEARCH = Search(COLUMNS, [STUDENTS.c.name, STUDENTS.c.email], index="students_search")


class StudentRows(TableRows):
    by_id = select(*COLUMNS).where(STUDENTS.c.id == bindparam("id"))

    def page(self, query: SearchQuery) -> Page:
        return SEARCH.read(self._connection, query)


class Students(Table[Student]):
    kind = Student

    def exists(self, student_id: int) -> bool:
        return self._session.execute(StudentRows.by_id, {"id": student_id}).first() is not None
