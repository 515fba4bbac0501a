"""Courses: what is taught, and what must be passed before. Prerequisites form no cycle."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.errors import InUse, NotFound, PrerequisiteCycle
from api.models import Course
from api.repositories import Rows, Work
from api.schemas import CourseIn, CourseOut, CoursesOut, SearchQuery
from api.services.pages import links
from api.services.preconditions import IfMatch


def page(rows: Rows, query: SearchQuery) -> CoursesOut:
    found = rows.courses.page(query)
    prerequisites = rows.courses.prerequisites([row["id"] for row in found.rows])
    courses = [row | {"prerequisite_ids": prerequisites.get(row["id"], [])} for row in found.rows]
    return CoursesOut.model_validate({"courses": courses, **links("/courses", query, found)})


def get(rows: Rows, course_id: int) -> CourseOut:
    course = rows.courses.get(course_id)
    return _out(course, rows.courses.prerequisites([course_id]).get(course_id, []))


def create(work: Work, new: CourseIn) -> CourseOut:
    _require_known(work, new)
    course = work.courses.add(Course(**new.model_dump(exclude={"prerequisite_ids"})))
    work.courses.set_prerequisites(course, new.prerequisite_ids)
    return _out(course, new.prerequisite_ids)


def replace(work: Work, course_id: int, new: CourseIn, if_match: IfMatch) -> CourseOut:
    graph = work.courses.lock_prerequisites()
    course = _current(work, course_id, if_match)
    _require_known(work, new)
    if leads_back(course_id, {**graph, course_id: new.prerequisite_ids}):
        raise PrerequisiteCycle
    work.courses.change(course, new.model_dump(exclude={"prerequisite_ids"}))
    work.courses.set_prerequisites(course, new.prerequisite_ids)
    return _out(course, new.prerequisite_ids)


def delete(work: Work, course_id: int, if_match: IfMatch) -> None:
    course = _current(work, course_id, if_match)
    if work.courses.is_used(course_id):
        raise InUse("The course is offered, or required by another")
    work.courses.delete(course)


def leads_back(course_id: int, prerequisites: Mapping[int, Sequence[int]]) -> bool:
    """Whether a course is, directly or through others, a prerequisite of itself."""
    seen: set[int] = set()
    ahead = list(prerequisites[course_id])
    while ahead:
        each = ahead.pop()
        if each not in seen:
            seen.add(each)
            ahead += prerequisites.get(each, [])
    return course_id in seen


def _current(work: Work, course_id: int, if_match: IfMatch) -> Course:
    course = work.courses.lock(course_id)
    if_match.require(_out(course, [each for each, _ in work.courses.prerequisites(course_id)]))
    return course


def _require_known(work: Work, new: CourseIn) -> None:
    if not all(work.courses.exists(each) for each in new.prerequisite_ids):
        raise NotFound("A prerequisite does not exist")


def _out(course: Any, prerequisite_ids: Sequence[int]) -> CourseOut:
    return CourseOut(
        id=course.id,
        code=course.code,
        title=course.title,
        description=course.description,
        credits=course.credits,
        prerequisite_ids=list(prerequisite_ids),
    )
