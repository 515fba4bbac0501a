"""`/students`: the five operations."""

from fastapi import APIRouter, Response

from api.errors import EmailTaken, HasEnrollments
from api.openapi import conditional, created, refusals
from api.routers.dependencies import Database, Id, IfMatch, Search, Tagged, authorized, json_body
from api.schemas import StudentIn, StudentOut, StudentsOut
from api.services import students

router = APIRouter(prefix="/students", tags=["students"], dependencies=[authorized])


@router.get("")
async def list_students(query: Search, database: Database) -> StudentsOut:
    """List students, a page at a time."""
    return await database.read(students.page, query)


@router.post("", status_code=201, responses=created("student") | refusals(EmailTaken), dependencies=[json_body])
async def create_student(new: StudentIn, database: Database, tagged: Tagged, response: Response) -> StudentOut:
    """Add a student."""
    student = await database.write(students.create, new)
    response.headers["Location"] = f"/students/{student.id}"
    return tagged(student)


@router.get("/{student_id}", responses=conditional())
async def get_student(student_id: Id, database: Database, tagged: Tagged) -> StudentOut:
    """Read a student."""
    return tagged(await database.read(students.get, student_id))


@router.put("/{student_id}", responses=refusals(EmailTaken), dependencies=[json_body])
async def replace_student(
    student_id: Id, new: StudentIn, if_match: IfMatch, database: Database, tagged: Tagged
) -> StudentOut:
    """Replace a student's name and email."""
    return tagged(await database.write(students.replace, student_id, new, if_match))


@router.delete("/{student_id}", status_code=204, responses=refusals(HasEnrollments))
async def delete_student(student_id: Id, if_match: IfMatch, database: Database) -> None:
    """Delete a student; their login is deactivated."""
    await database.write(students.delete, student_id, if_match)
