"""Students, users, their tokens and failed logins; and the trigram index that a search of students uses."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

FORGET = (
    "INSERT INTO students_search(students_search, rowid, name, email) VALUES ('delete', old.id, old.name, old.email)"
)
LEARN = "INSERT INTO students_search(rowid, name, email) VALUES (new.id, new.name, new.email)"
SEARCH = {
    "sqlite": (
        """CREATE VIRTUAL TABLE students_search
        USING fts5(name, email, content='students', content_rowid='id', tokenize='trigram')""",
        f"CREATE TRIGGER students_search_insert AFTER INSERT ON students BEGIN {LEARN}; END",
        f"CREATE TRIGGER students_search_delete AFTER DELETE ON students BEGIN {FORGET}; END",
        f"CREATE TRIGGER students_search_update AFTER UPDATE ON students BEGIN {FORGET}; {LEARN}; END",
    ),
    "postgresql": (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        """CREATE INDEX ix_students_search ON students
        USING gin (lower(name COLLATE "C") gin_trgm_ops, lower(email COLLATE "C") gin_trgm_ops)
        WITH (fastupdate = off)""",  # a list of pending entries would be read whole by each search
    ),
}


def upgrade() -> None:
    op.create_table(
        "students",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.UniqueConstraint("email", name="uq_students_email"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name="fk_users_student_id", ondelete="SET NULL"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("student_id", name="uq_users_student_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tokens",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tokens_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"])
    op.create_table(
        "failed_logins",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.String(254), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_failed_logins_account_address", "failed_logins", ["account", "address", "at"])
    for statement in SEARCH[op.get_context().dialect.name]:
        op.execute(statement)
