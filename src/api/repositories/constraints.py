"""What a broken constraint means to the person who broke it."""

from sqlalchemy.exc import IntegrityError

from api.errors import CodeTaken, EmailTaken, NameTaken, NotFound, NumberTaken, Refusal, StudentTaken

# by name on PostgreSQL, by column in SQLite's message
REFUSALS: dict[str, type[Refusal]] = {
    "uq_students_email": EmailTaken,
    "students.email": EmailTaken,
    "uq_users_email": EmailTaken,
    "users.email": EmailTaken,
    "uq_users_student_id": StudentTaken,
    "users.student_id": StudentTaken,
    "uq_terms_name_key": NameTaken,
    "terms.name_key": NameTaken,
    "uq_courses_code_key": CodeTaken,
    "courses.code_key": CodeTaken,
    "uq_sections_number": NumberTaken,
    "sections.course_id, sections.term_id, sections.number": NumberTaken,
    "fk_users_student_id": NotFound,
    "fk_prerequisites_prerequisite_id": NotFound,
    "fk_sections_course_id": NotFound,
    "fk_sections_term_id": NotFound,
    "fk_enrollments_student_id": NotFound,
}


def refusal_for(broken: IntegrityError) -> Exception:
    """The refusal that a constraint stands for; the error itself where none does, which is a fault of ours."""
    diagnosis = getattr(broken.orig, "diag", None)
    name = diagnosis.constraint_name if diagnosis else str(broken.orig).rpartition(": ")[2]
    refusal = REFUSALS.get(name)
    return refusal() if refusal else broken
