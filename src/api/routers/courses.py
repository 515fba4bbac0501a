"""`/courses`: what is taught."""

from fastapi import APIRouter, Response

from api.errors import CodeTaken, InUse, NotFound, PrerequisiteCycle
from api.openapi import conditional, created, refusals
from api.routers.dependencies import Database, Id, IfMatch, Search, Tagged, authorized, json_body
from api.schemas import CourseIn, CourseOut, CoursesOut
from api.services import courses

router = APIRouter(prefix="/courses", tags=["courses"], dependencies=[authorized])


@router.get("")
async def list_courses(query: Search, database: Database) -> CoursesOut:
    """List courses, a page at a time."""
    return await database.read(courses.page, query)


@router.post("", status_code=201, responses=created("course") | refusals(NotFound, CodeTaken), dependencies=[json_body])
async def create_course(new: CourseIn, database: Database, tagged: Tagged, response: Response) -> CourseOut:
    """Add a course."""
    course = await database.write(courses.create, new)
    response.headers["Location"] = f"/courses/{course.id}"
    return tagged(course)


@router.get("/{course_id}", responses=conditional())
async def get_course(course_id: Id, database: Database, tagged: Tagged) -> CourseOut:
    """Read a course."""
    return tagged(await database.read(courses.get, course_id))


@router.put("/{course_id}", responses=refusals(CodeTaken, PrerequisiteCycle), dependencies=[json_body])
async def replace_course(
    course_id: Id, new: CourseIn, if_match: IfMatch, database: Database, tagged: Tagged
) -> CourseOut:
    """Replace a course."""
    return tagged(await database.write(courses.replace, course_id, new, if_match))


@router.delete("/{course_id}", status_code=204, responses=refusals(InUse))
async def delete_course(course_id: Id, if_match: IfMatch, database: Database) -> None:
    """Delete a course on which nothing depends."""
    await database.write(courses.delete, course_id, if_match)
