"""The tables, and the rules that need one row only."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeAlias

from sqlalchemy import JSON, DateTime, Enum, ForeignKey, Index, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates
from sqlalchemy.types import TypeDecorator
from typing_extensions import override


class Role(StrEnum):
    STUDENT = "student"
    INSTRUCTOR = "instructor"
    REGISTRAR = "registrar"


class Timestamp(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; SQLite alone would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Timestamp}


class Numbered(Base):
    """A table whose ids are never used twice."""

    __abstract__ = True
    __table_args__: Any = ({"sqlite_autoincrement": True},)


Id: TypeAlias = Annotated[int, mapped_column(primary_key=True)]


def _words(kind: type[StrEnum]) -> Enum:
    """An enumeration as its words, in a column of text."""
    return Enum(kind, native_enum=False, length=10, values_callable=lambda members: [str(member) for member in members])


class Student(Numbered):
    """A person who can enroll."""

    __tablename__ = "students"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), unique=True)


class User(Numbered):
    """A login. Only a student's is linked to a student."""

    __tablename__ = "users"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role] = mapped_column(_words(Role))
    is_active: Mapped[bool] = mapped_column(default=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id", ondelete="SET NULL"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))


class Token(Base):
    """An access token, of which only the SHA-256 digest is known."""

    __tablename__ = "tokens"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class FailedLogin(Base):
    """A login that failed, for one account from one client address; the account need not exist."""

    __tablename__ = "failed_logins"
    __table_args__ = (Index("ix_failed_logins_account_address", "account", "address", "at"),)

    id: Mapped[Id]
    account: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Term(Numbered):
    """When courses are taught, and until when they can be enrolled in; its row is the lock of every seat in it."""

    __tablename__ = "terms"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(300), unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    enrollment_opens_at: Mapped[datetime]
    enrollment_closes_at: Mapped[datetime]
    drop_deadline: Mapped[datetime]
    withdraw_deadline: Mapped[datetime]
    credit_limit: Mapped[int]

    @validates("name")
    def _key_name(self, _: str, name: str) -> str:
        self.name_key = name.casefold()
        return name


class Course(Numbered):
    """What is taught."""

    __tablename__ = "courses"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(100))
    code_key: Mapped[str] = mapped_column(String(300), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(10_000))
    credits: Mapped[int]

    @validates("code")
    def _key_code(self, _: str, code: str) -> str:
        self.code_key = code.casefold()
        return code


class Prerequisite(Base):
    """A course that must be passed before another."""

    __tablename__ = "prerequisites"

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True)
    prerequisite_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True, index=True)


class Section(Numbered):
    """A course offered in a term. `meetings` are as on the wire: day, starts, ends."""

    __tablename__ = "sections"
    __table_args__ = (
        UniqueConstraint("course_id", "term_id", "number", name="uq_sections_number"),
        *Numbered.__table_args__,
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), index=True)
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    number: Mapped[int]
    capacity: Mapped[int]
    waitlist_capacity: Mapped[int]
    meetings: Mapped[list[dict[str, str]]] = mapped_column(JSON)

    course: Mapped[Course] = relationship(viewonly=True)


class Status(StrEnum):
    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"


class Enrollment(Numbered):
    """A student in a section, or on its waitlist, whose order is that of the ids."""

    __tablename__ = "enrollments"
    __table_args__ = (Index("ix_enrollments_section_id_status", "section_id", "status"), *Numbered.__table_args__)

    id: Mapped[Id]
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"))
    status: Mapped[Status] = mapped_column(_words(Status))
    grade: Mapped[str | None] = mapped_column(String(2))
    enrolled_at: Mapped[datetime]
