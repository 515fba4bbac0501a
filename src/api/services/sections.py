"""Sections: courses offered in terms, with seats."""

from collections.abc import Mapping
from typing import Any

from api.errors import CapacityBelowEnrolled, InUse, InvalidMeeting, NotAnInstructor, NotFound
from api.models import Role, Section, Status, Term
from api.repositories import Rows, Work
from api.schemas import SectionIn, SectionOut, SectionQuery, SectionsOut
from api.services.desk import Desk
from api.services.pages import links
from api.services.preconditions import IfMatch


def page(rows: Rows, query: SectionQuery) -> SectionsOut:
    found = rows.sections.page(query)
    sections = [out(row) for row in found.rows]
    return SectionsOut.model_validate({"sections": sections, **links("/sections", query, found)})


def get(rows: Rows, section_id: int) -> SectionOut:
    section = rows.sections.find(section_id)
    if section is None:
        raise NotFound
    return out(section)


def create(work: Work, new: SectionIn) -> SectionOut:
    _require_sense(work, new)
    work.terms.lock(new.term_id)
    section = work.sections.add(Section(**new.model_dump()))
    return out(work.sections.row(section.id))


def replace(work: Work, section_id: int, new: SectionIn, if_match: IfMatch) -> SectionOut:
    """A raised capacity lets waiters in."""
    section, term = _locked(work, section_id, if_match)
    _require_sense(work, new)
    moved = (new.course_id, new.term_id) != (section.course_id, section.term_id)
    if moved and work.sections.has_enrollments(section_id):
        raise InUse("The section has enrollments, so its course and term stay")
    if new.term_id != term.id:
        work.terms.lock(new.term_id)
    if new.capacity < work.enrollments.count(section_id, Status.ENROLLED, Status.COMPLETED):
        raise CapacityBelowEnrolled
    raised = new.capacity > section.capacity
    work.sections.change(section, new.model_dump())
    if raised and not moved:
        Desk(work, term).promote(section_id)
    return out(work.sections.row(section_id))


def delete(work: Work, section_id: int, if_match: IfMatch) -> None:
    section, _ = _locked(work, section_id, if_match)
    if work.sections.has_enrollments(section_id):
        raise InUse("The section has enrollments, past or present")
    work.sections.delete(section)


def _locked(work: Work, section_id: int, if_match: IfMatch) -> tuple[Section, Term]:
    term, section = work.terms.lock_of_section(section_id), work.sections.get(section_id)
    if term is None or section is None:
        raise NotFound
    if_match.require(None)
    return section, term


def _require_sense(work: Work, new: SectionIn) -> None:
    if not work.courses.exists(new.course_id):
        raise NotFound("There is no such course")
    if new.instructor_id is not None:
        instructor = work.users.find(new.instructor_id)
        if instructor is None:
            raise NotFound("There is no such instructor")
        if instructor.role is not Role.INSTRUCTOR:
            raise NotAnInstructor
    if any(meeting.starts >= meeting.ends for meeting in new.meetings):
        raise InvalidMeeting


def out(row: Mapping[str, Any]) -> SectionOut:
    instructor = {"id": row["instructor_id"], "name": row["instructor_name"]}
    return SectionOut.model_validate(
        {
            **row,
            "course": {"id": row["course_id"], "code": row["code"], "title": row["title"], "credits": row["credits"]},
            "term": {"id": row["term_id"], "name": row["term_name"]},
            "instructor": instructor if row["instructor_id"] else None,
            "seats_left": max(0, row["capacity"] - row["enrolled"]),
        }
    )
