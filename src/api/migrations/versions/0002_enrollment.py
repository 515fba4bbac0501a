"""Terms, courses, sections and enrollments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    timestamp = sa.DateTime(timezone=True)
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("name_key", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("enrollment_opens_at", timestamp, nullable=False),
        sa.Column("enrollment_closes_at", timestamp, nullable=False),
        sa.Column("drop_deadline", timestamp, nullable=False),
        sa.Column("withdraw_deadline", timestamp, nullable=False),
        sa.Column("credit_limit", sa.Integer(), nullable=False),
        sa.UniqueConstraint("name_key", name="uq_terms_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("code_key", sa.String(300), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("description", sa.String(10_000), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.UniqueConstraint("code_key", name="uq_courses_code_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "prerequisites",
        sa.Column("course_id", sa.Integer(), primary_key=True),
        sa.Column("prerequisite_id", sa.Integer(), primary_key=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name="fk_prerequisites_course_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["prerequisite_id"], ["courses.id"], name="fk_prerequisites_prerequisite_id"),
    )
    op.create_index("ix_prerequisites_prerequisite_id", "prerequisites", ["prerequisite_id"])
    op.create_table(
        "sections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("instructor_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("waitlist_capacity", sa.Integer(), nullable=False),
        sa.Column("meetings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name="fk_sections_course_id"),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name="fk_sections_term_id"),
        sa.ForeignKeyConstraint(["instructor_id"], ["users.id"], name="fk_sections_instructor_id"),
        sa.UniqueConstraint("course_id", "term_id", "number", name="uq_sections_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sections_term_id", "sections", ["term_id"])
    op.create_index("ix_sections_instructor_id", "sections", ["instructor_id"])
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("grade", sa.String(2), nullable=True),
        sa.Column("enrolled_at", timestamp, nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name="fk_enrollments_student_id"),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name="fk_enrollments_section_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enrollments_student_id", "enrollments", ["student_id"])
    op.create_index("ix_enrollments_section_id_status", "enrollments", ["section_id", "status"])
