"""Rows to start a test from: each is unlike the others, and saved at once."""

from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar, cast

from factory.alchemy import SQLAlchemyModelFactory
from factory.declarations import LazyAttribute, LazyFunction, Maybe, Sequence, SubFactory
from factory.faker import Faker
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import Session

from api.models import Course, Enrollment, Role, Section, Status, Student, Term, User

T = TypeVar("T")
PASSWORD = "a password for the tests"
HASH = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class FactoryOf(Protocol[T]):
    """What factory-boy's untyped classes do."""

    def __call__(self, **facts: Any) -> T: ...

    def create_batch(self, size: int, **facts: Any) -> list[T]: ...


class Factory(SQLAlchemyModelFactory):
    """Saves in the session of the test that runs."""

    session: Session

    class Meta:
        abstract = True
        sqlalchemy_session_factory = staticmethod(lambda: Factory.session)
        sqlalchemy_session_persistence = "commit"


class _Student(Factory):
    class Meta:
        model = Student

    name: Any = Faker("name")
    email: Any = Sequence(lambda n: f"student{n}@example.org")


class _User(Factory):
    """A registrar, unless said otherwise; a student's login comes with its student."""

    class Meta:
        model = User

    class Params:
        student: Any = Maybe(LazyAttribute(lambda user: user.role is Role.STUDENT), SubFactory(_Student), None)

    name: Any = Faker("name")
    email: Any = Sequence(lambda n: f"user{n}@example.org")
    role: Any = Role.REGISTRAR
    is_active: Any = True
    student_id: Any = LazyAttribute(lambda user: user.student and user.student.id)
    password_hash: Any = HASH


class _Term(Factory):
    """Under way, and open for enrollment for long before and after what `Clock` starts with."""

    class Meta:
        model = Term

    name: Any = Sequence(lambda n: f"Term {n}")
    starts_on: Any = date(2026, 8, 24)
    ends_on: Any = date(2026, 12, 18)
    enrollment_opens_at: Any = datetime(2026, 8, 1, tzinfo=UTC)
    enrollment_closes_at: Any = datetime(2026, 9, 10, tzinfo=UTC)
    drop_deadline: Any = datetime(2026, 9, 20, tzinfo=UTC)
    withdraw_deadline: Any = datetime(2026, 11, 1, tzinfo=UTC)
    credit_limit: Any = 18


class _Course(Factory):
    class Meta:
        model = Course

    code: Any = Sequence(lambda n: f"GEN{n}")  # no code that a test names
    title: Any = Faker("catch_phrase")
    description: Any = ""
    credits: Any = 3


class _Section(Factory):
    class Meta:
        model = Section

    class Params:
        of: Any = SubFactory(_Course)
        term: Any = SubFactory(_Term)

    course_id: Any = LazyAttribute(lambda section: section.of.id)
    term_id: Any = LazyAttribute(lambda section: section.term.id)
    instructor_id: Any = None
    number: Any = Sequence(lambda n: n % 999 + 1)
    capacity: Any = 2
    waitlist_capacity: Any = 2
    meetings: Any = LazyFunction(list)


class _Enrollment(Factory):
    class Meta:
        model = Enrollment

    class Params:
        student: Any = SubFactory(_Student)
        section: Any = SubFactory(_Section)

    student_id: Any = LazyAttribute(lambda enrollment: enrollment.student.id)
    section_id: Any = LazyAttribute(lambda enrollment: enrollment.section.id)
    status: Any = Status.ENROLLED
    grade: Any = None
    enrolled_at: Any = datetime(2026, 8, 15, tzinfo=UTC)


StudentFactory = cast(FactoryOf[Student], _Student)
UserFactory = cast(FactoryOf[User], _User)
TermFactory = cast(FactoryOf[Term], _Term)
CourseFactory = cast(FactoryOf[Course], _Course)
SectionFactory = cast(FactoryOf[Section], _Section)
EnrollmentFactory = cast(FactoryOf[Enrollment], _Enrollment)
