"""Students: who they are. Their emails are unique among students, which a constraint of the table holds."""

from api.errors import HasEnrollments
from api.models import Student
from api.repositories import Rows, Work
from api.schemas import SearchQuery, StudentIn, StudentOut, StudentsOut
from api.services.pages import links
from api.services.preconditions import IfMatch


def page(rows: Rows, query: SearchQuery) -> StudentsOut:
    found = rows.students.page(query)
    return StudentsOut.model_validate({"students": found.rows, **links("/students", query, found)})


def get(rows: Rows, student_id: int) -> StudentOut:
    return StudentOut.model_validate(rows.students.get(student_id))


def create(work: Work, new: StudentIn) -> StudentOut:
    return StudentOut.model_validate(work.students.add(Student(**new.model_dump())))


def replace(work: Work, student_id: int, new: StudentIn, if_match: IfMatch) -> StudentOut:
    student = _current(work, student_id, if_match)
    work.students.change(student, new.model_dump())
    return StudentOut.model_validate(student)


def delete(work: Work, student_id: int, if_match: IfMatch) -> None:
    """Delete a student; their login stays, deactivated and linked to nobody."""
    student = _current(work, student_id, if_match)
    if work.enrollments.has_any(student_id):
        raise HasEnrollments
    login = work.users.find_by_student(student_id)
    if login:
        login.is_active, login.student_id = False, None
        work.tokens.revoke_all(login.id)
    work.students.delete(student)


def _current(work: Work, student_id: int, if_match: IfMatch) -> Student:
    student = work.students.lock(student_id)
    if_match.require(StudentOut.model_validate(student))
    return student
