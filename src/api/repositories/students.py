"""Where students are kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.orm import Session

from api.models import Student
from api.repositories.pages import Page, Search
from api.schemas import SearchQuery

STUDENTS = Student.__table__
COLUMNS = [STUDENTS.c.id, STUDENTS.c.name, STUDENTS.c.email]
BY_ID = select(*COLUMNS).where(STUDENTS.c.id == bindparam("id"))
SEARCH = Search(COLUMNS, [STUDENTS.c.name, STUDENTS.c.email], index="students_search")


class StudentRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, student_id: int) -> Row[Any] | None:
        return self._connection.execute(BY_ID, {"id": student_id}).one_or_none()

    def page(self, query: SearchQuery) -> Page:
        return SEARCH.read(self._connection, query)


class Students:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, student_id: int) -> Student | None:
        """The student, theirs alone until the transaction ends."""
        return self._session.get(Student, student_id, with_for_update=True)

    def exists(self, student_id: int) -> bool:
        return self._session.get(Student, student_id) is not None

    def add(self, student: Student) -> Student:
        self._session.add(student)
        self._session.flush()
        return student

    def add_missing(self, students: Sequence[Student]) -> Sequence[Student]:
        """Add those whose emails nobody has, and give them."""
        taken = set(self._session.scalars(select(Student.email)))
        missing = [student for student in students if student.email not in taken]
        self._session.add_all(missing)
        self._session.flush()
        return missing

    def delete(self, student: Student) -> None:
        self._session.delete(student)
