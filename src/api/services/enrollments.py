"""Enrollments: asked for, dropped, withdrawn from, graded."""

from typing import Any

from api.errors import (
    DropDeadlinePassed,
    EnrollmentRefused,
    Forbidden,
    NotActive,
    NotEnrolled,
    NotFound,
    WithdrawDeadlinePassed,
)
from api.models import Enrollment, Role, Status, Term
from api.repositories import Rows, Work
from api.schemas import EnrollmentIn, EnrollmentOut, EnrollmentPatch, EnrollmentsOut, GradeIn
from api.security import Caller
from api.services.desk import Desk
from api.services.preconditions import IfMatch


def enroll(work: Work, caller: Caller, new: EnrollmentIn) -> EnrollmentOut | EnrollmentRefused:
    """Ask for a seat. A refusal leaves behind what the request has moved: the waitlist, which comes first."""
    if caller.role is Role.STUDENT and new.student_id != caller.student_id:
        raise Forbidden
    term = work.terms.lock_of_section(new.section_id)
    if term is None or not work.students.exists(new.student_id):
        raise NotFound
    result = Desk(work, term).enroll(new.student_id, new.section_id, join_waitlist=new.join_waitlist)
    if isinstance(result, int):
        return out(work.enrollments.find(result))
    return EnrollmentRefused(result)


def get(rows: Rows, caller: Caller, enrollment_id: int) -> EnrollmentOut:
    return out(_theirs(caller, rows.enrollments.find(enrollment_id)))


def of_student(rows: Rows, student_id: int, term_id: int | None) -> EnrollmentsOut:
    if rows.students.find(student_id) is None:
        raise NotFound
    return EnrollmentsOut(enrollments=[out(row) for row in rows.enrollments.of_student(student_id, term_id)])


def of_section(rows: Rows, caller: Caller, section_id: int) -> EnrollmentsOut:
    """Who has a seat, by name; then who waits, in order."""
    section = rows.sections.find(section_id)
    if caller.role is Role.INSTRUCTOR and (section is None or section["instructor_id"] != caller.id):
        raise Forbidden
    if section is None:
        raise NotFound
    return EnrollmentsOut(enrollments=[out(row) for row in rows.enrollments.of_section(section_id)])


def change(work: Work, caller: Caller, enrollment_id: int, patch: EnrollmentPatch, if_match: IfMatch) -> EnrollmentOut:
    """Drop, withdraw, or leave a waitlist; who waits moves up."""
    enrollment, term = _locked(work, caller, enrollment_id, if_match)
    waiting = enrollment.status is Status.WAITLISTED
    if enrollment.status is not Status.ENROLLED and not (waiting and patch.status is Status.DROPPED):
        raise NotActive
    if not waiting and patch.status is Status.DROPPED and work.now >= term.drop_deadline:
        raise DropDeadlinePassed
    if patch.status is Status.WITHDRAWN and work.now >= term.withdraw_deadline:
        raise WithdrawDeadlinePassed
    Desk(work, term).release(enrollment, patch.status)
    return out(work.enrollments.find(enrollment_id))


def grade(work: Work, caller: Caller, enrollment_id: int, given: GradeIn, if_match: IfMatch) -> EnrollmentOut:
    """Complete an enrollment with a grade, or correct the grade."""
    enrollment, _ = _locked(work, caller, enrollment_id, if_match)
    if enrollment.status not in (Status.ENROLLED, Status.COMPLETED):
        raise NotEnrolled
    enrollment.status, enrollment.grade = Status.COMPLETED, given.grade
    return out(work.enrollments.find(enrollment_id))


def _locked(work: Work, caller: Caller, enrollment_id: int, if_match: IfMatch) -> tuple[Enrollment, Term]:
    """An enrollment that this caller may change, and its term, under whose lock it stands still."""
    row = _theirs(caller, work.enrollments.find(enrollment_id))
    if_match.require(None)
    term = work.terms.lock_of_section(row.section_id)
    enrollment = work.enrollments.get(enrollment_id)
    if term is None or enrollment is None:
        raise NotFound
    return enrollment, term


def _theirs(caller: Caller, row: Any) -> Any:
    """The enrollment, if it is there and this caller's business; to whom it is not, it never tells which."""
    if caller.role is Role.INSTRUCTOR and (row is None or row.instructor_id != caller.id):
        raise Forbidden
    if caller.role is Role.STUDENT and (row is None or row.student_id != caller.student_id):
        raise Forbidden
    if row is None:
        raise NotFound
    return row


def out(row: Any) -> EnrollmentOut:
    waiting = row.status is Status.WAITLISTED
    return EnrollmentOut.model_validate(
        {
            "id": row.id,
            "student_id": row.student_id,
            "section_id": row.section_id,
            "status": row.status,
            "waitlist_position": row.position if waiting else None,
            "grade": row.grade,
            "enrolled_at": row.enrolled_at,
            "student": {"id": row.student_id, "name": row.student_name},
            "section": {
                "id": row.section_id,
                "number": row.number,
                "course": {"id": row.course_id, "code": row.code, "title": row.title, "credits": row.credits},
                "term": {"id": row.term_id, "name": row.term_name},
                "meetings": row.meetings,
            },
        }
    )
