"""Enrollments: those of a student, those of a section, and what becomes of one."""

from fastapi import APIRouter, Response

from api.errors import (
    ENROLLMENT_RULES,
    DropDeadlinePassed,
    Forbidden,
    NotActive,
    NotEnrolled,
    NotFound,
    WithdrawDeadlinePassed,
)
from api.openapi import created, refusals
from api.routers.dependencies import Caller, Database, Id, IfMatch, OfTerm, authorized, json_body
from api.schemas import EnrollmentIn, EnrollmentOut, EnrollmentPatch, EnrollmentsOut, GradeIn, SummaryOut, TranscriptOut
from api.services import enrollments, summary, transcripts

router = APIRouter(tags=["enrollments"], dependencies=[authorized])


@router.post(
    "/enrollments",
    status_code=201,
    responses=created("enrollment") | refusals(NotFound, *ENROLLMENT_RULES),
    dependencies=[json_body],
)
async def enroll(new: EnrollmentIn, caller: Caller, database: Database, response: Response) -> EnrollmentOut:
    """Enroll a student in a section, or put them on its waitlist."""
    enrollment = await database.write(enrollments.enroll, caller, new)
    response.headers["Location"] = f"/enrollments/{enrollment.id}"
    return enrollment


@router.get("/enrollments/{enrollment_id}", responses=refusals(Forbidden))
async def get_enrollment(enrollment_id: Id, caller: Caller, database: Database) -> EnrollmentOut:
    """Read an enrollment."""
    return await database.read(enrollments.get, caller, enrollment_id)


@router.patch(
    "/enrollments/{enrollment_id}",
    responses=refusals(NotActive, DropDeadlinePassed, WithdrawDeadlinePassed),
    dependencies=[json_body],
)
async def change_enrollment(
    enrollment_id: Id, patch: EnrollmentPatch, caller: Caller, if_match: IfMatch, database: Database
) -> EnrollmentOut:
    """Drop a section, withdraw from it, or leave its waitlist; who waits moves up."""
    return await database.write(enrollments.change, caller, enrollment_id, patch, if_match)


@router.put("/enrollments/{enrollment_id}/grade", responses=refusals(NotEnrolled), dependencies=[json_body])
async def grade_enrollment(
    enrollment_id: Id, grade: GradeIn, caller: Caller, if_match: IfMatch, database: Database
) -> EnrollmentOut:
    """Complete an enrollment with a grade, or correct the grade."""
    return await database.write(enrollments.grade, caller, enrollment_id, grade, if_match)


@router.get("/sections/{section_id}/enrollments")
async def list_section_enrollments(section_id: Id, caller: Caller, database: Database) -> EnrollmentsOut:
    """List who has a seat, by name, then who waits, in order."""
    return await database.read(enrollments.of_section, caller, section_id)


@router.get("/students/{student_id}/enrollments")
async def list_student_enrollments(student_id: Id, query: OfTerm, database: Database) -> EnrollmentsOut:
    """List a student's enrollments, of any status."""
    return await database.read(enrollments.of_student, student_id, query.term_id)


@router.get("/students/{student_id}/transcript")
async def get_transcript(student_id: Id, database: Database) -> TranscriptOut:
    """Read a student's transcript."""
    return await database.read(transcripts.get, student_id)


@router.get("/summary")
async def get_summary(database: Database) -> SummaryOut:
    """Count everything, and tell how full the sections are whose term has not ended."""
    return await database.read(summary.get)
