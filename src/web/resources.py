"""What the API answers with, as far as the pages need it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, BaseModel, Field

Item = TypeVar("Item")
Role = Literal["student", "instructor", "registrar"]
Query = Annotated[str | None, AfterValidator(lambda address: urlsplit(address).query if address else None)]


class Resource(BaseModel):
    """`etag` names the version that was read, so that saving can refuse to overwrite a newer one."""

    id: int
    etag: str | None = None


class NamedResource(Resource):
    name: str

    def __str__(self) -> str:
        return self.name


class Student(NamedResource):
    email: str


class User(NamedResource):
    email: str
    role: Role
    is_active: bool
    student_id: int | None


class Term(NamedResource):
    starts_on: date
    ends_on: date
    enrollment_opens_at: datetime
    enrollment_closes_at: datetime
    drop_deadline: datetime
    withdraw_deadline: datetime
    credit_limit: int


class Course(Resource):
    code: str
    title: str
    description: str
    credits: int
    prerequisite_ids: Sequence[int]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class CourseBrief(BaseModel):
    id: int
    code: str
    title: str
    credits: int


class Named(BaseModel):
    id: int
    name: str


class Meeting(BaseModel):
    """Once a week. Times are `HH:MM`."""

    day: str
    starts: str
    ends: str

    def __str__(self) -> str:
        return f"{self.day} {self.starts}-{self.ends}"


class Offered(BaseModel):
    """A course in a term, as a section, an enrollment and a summary name it."""

    number: int
    course: CourseBrief
    term: Named

    @property
    def label(self) -> str:
        return f"{self.course.code} section {self.number}"


class Section(Offered, Resource):
    course_id: int
    term_id: int
    instructor_id: int | None
    capacity: int
    waitlist_capacity: int
    meetings: Sequence[Meeting]
    instructor: Named | None
    enrolled: int
    waitlisted: int
    seats_left: int

    def __str__(self) -> str:
        return f"{self.label}, {self.term.name}"


class SectionBrief(Offered):
    id: int
    meetings: Sequence[Meeting]


class Enrollment(Resource):
    student_id: int
    section_id: int
    status: Literal["enrolled", "waitlisted", "dropped", "withdrawn", "completed"]
    waitlist_position: int | None
    grade: str | None
    student: Named
    section: SectionBrief


class Enrollments(BaseModel):
    enrollments: Sequence[Enrollment]


class TranscriptCourse(BaseModel):
    enrollment_id: int
    code: str
    title: str
    credits: int
    status: str
    grade: str | None


class TranscriptTerm(BaseModel):
    name: str
    courses: Sequence[TranscriptCourse]
    credits_earned: int
    gpa: float | None


class Transcript(BaseModel):
    terms: Sequence[TranscriptTerm]
    credits_earned: int
    gpa: float | None


class Fill(Offered):
    """How full a section is."""

    section_id: int
    capacity: int
    enrolled: int
    waitlisted: int


class Summary(BaseModel):
    students: int
    courses: int
    sections: int
    enrolled: int
    waitlisted: int
    fill: Sequence[Fill]


class Page(BaseModel, Generic[Item]):
    """Of a collection. Its neighbors' addresses are made by the API, and their queries work on a path of ours."""

    items: Sequence[Item] = Field(validation_alias=AliasChoices("students", "users", "terms", "courses", "sections"))
    next: Query
    previous: Query


class Token(BaseModel):
    access_token: str


class Fault(BaseModel):
    """One thing wrong with what was sent: where (a JSON pointer), and what."""

    pointer: str = ""
    detail: str

    @property
    def field(self) -> str:
        return self.pointer.removeprefix("/")


class Violation(BaseModel):
    """One rule that a request for a seat breaks."""

    code: str
    detail: str = ""


class Problem(BaseModel):
    """Why the API refused, as RFC 9457 has it; pages branch on `code` alone."""

    code: str
    detail: str = ""
    errors: Sequence[Fault] = ()
    violations: Sequence[Violation] = ()
