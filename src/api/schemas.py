"""What crosses the wire: an `In` is what a client sends, an `Out` what it gets, a `Query` what it asks of a list."""

import hashlib
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api import fields
from api.models import Role, Status


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    def etag(self) -> str:
        """A strong entity tag (RFC 9110, section 8.8.3): equal for equal content only."""
        return f'"{hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()}"'


class PageQuery(BaseModel):
    limit: fields.Limit = 50
    after: fields.Cursor | None = Field(None, description="A cursor: follow `next`, do not build it.")
    before: fields.Cursor | None = Field(None, description="A cursor: follow `previous`, do not build it.")

    @property
    def backward(self) -> bool:
        return self.after is None and self.before is not None


class SearchQuery(PageQuery):
    q: fields.Substring = Field("", description="A substring to look for, without ASCII case.")


class SectionQuery(SearchQuery):
    term_id: fields.IdentifierText | None = None
    course_id: fields.IdentifierText | None = None
    open: bool = Field(False, description="Only those with a seat left.")


class TermQuery(BaseModel):
    term_id: fields.IdentifierText | None = None


class StudentIn(In):
    name: fields.Name
    email: fields.Email


class StudentOut(Out):
    id: int
    name: str
    email: str


class StudentsOut(Out):
    students: list[StudentOut]
    next: fields.Link
    previous: fields.Link


class UserIn(In):
    name: fields.Name
    email: fields.Email
    role: Role
    password: fields.NewPassword
    student_id: fields.Identifier | None = None


def _unset() -> Any:
    """The default of what may be left out but not be null; it never shows in `model_fields_set`."""


class UserPatch(In):
    name: fields.Name = Field(default_factory=_unset)
    role: Role = Field(default_factory=_unset)
    is_active: bool = Field(default_factory=_unset, strict=True)
    student_id: fields.Identifier | None = Field(default_factory=_unset)


class UserOut(Out):
    id: int
    name: str
    email: str
    role: Role
    is_active: bool
    student_id: int | None


class UsersOut(Out):
    users: list[UserOut]
    next: fields.Link
    previous: fields.Link


class PasswordIn(In):
    current_password: fields.Password
    new_password: fields.NewPassword


class CredentialsIn(BaseModel):
    """OAuth2's password grant (RFC 6749, section 4.3.2); other form fields are ignored."""

    username: fields.Username = Field(description="The email.")
    password: Annotated[fields.Password, StringConstraints(min_length=1)]


class TokenOut(Out):
    access_token: str
    token_type: str = "bearer"
    expires_in: int = Field(description="Seconds.")


class HealthOut(Out):
    status: str = "ok"


class TermIn(In):
    name: fields.Name
    starts_on: fields.Date
    ends_on: fields.Date
    enrollment_opens_at: fields.Timestamp
    enrollment_closes_at: fields.Timestamp
    drop_deadline: fields.Timestamp
    withdraw_deadline: fields.Timestamp
    credit_limit: fields.CreditLimit


class TermOut(Out):
    id: int
    name: str
    starts_on: date
    ends_on: date
    enrollment_opens_at: datetime
    enrollment_closes_at: datetime
    drop_deadline: datetime
    withdraw_deadline: datetime
    credit_limit: int


class TermsOut(Out):
    terms: list[TermOut]
    next: fields.Link
    previous: fields.Link


class CourseIn(In):
    code: fields.Name
    title: fields.Name
    description: fields.Text = ""
    credits: fields.Credits
    prerequisite_ids: fields.Identifiers = []


class CourseOut(Out):
    id: int
    code: str
    title: str
    description: str
    credits: int
    prerequisite_ids: list[int]


class CoursesOut(Out):
    courses: list[CourseOut]
    next: fields.Link
    previous: fields.Link


class Meeting(In):
    """Once a week, from `starts` until `ends`, both `HH:MM`."""

    day: fields.Day
    starts: fields.Time
    ends: fields.Time


class SectionIn(In):
    course_id: fields.Identifier
    term_id: fields.Identifier
    instructor_id: fields.Identifier | None = None
    number: fields.Number
    capacity: fields.Places
    waitlist_capacity: fields.Places = 0
    meetings: list[Meeting] = []


class CourseBrief(Out):
    id: int
    code: str
    title: str
    credits: int


class Named(Out):
    id: int
    name: str


class SectionOut(Out):
    id: int
    course_id: int
    term_id: int
    instructor_id: int | None
    number: int
    capacity: int
    waitlist_capacity: int
    meetings: list[Meeting]
    course: CourseBrief
    term: Named
    instructor: Named | None
    enrolled: int
    waitlisted: int
    seats_left: int


class SectionsOut(Out):
    sections: list[SectionOut]
    next: fields.Link
    previous: fields.Link


class EnrollmentIn(In):
    student_id: fields.Identifier
    section_id: fields.Identifier
    join_waitlist: bool = Field(default=False, strict=True)


class EnrollmentPatch(In):
    status: Literal[Status.DROPPED, Status.WITHDRAWN]


class GradeIn(In):
    grade: fields.Grade


class SectionBrief(Out):
    id: int
    number: int
    course: CourseBrief
    term: Named
    meetings: list[Meeting]


class EnrollmentOut(Out):
    id: int
    student_id: int
    section_id: int
    status: Status
    waitlist_position: int | None = Field(description="1 is next; null unless waitlisted.")
    grade: fields.Grade | None
    enrolled_at: datetime
    student: Named
    section: SectionBrief


class EnrollmentsOut(Out):
    enrollments: list[EnrollmentOut]


class TranscriptCourse(Out):
    enrollment_id: int
    section_id: int
    course_id: int
    code: str
    title: str
    credits: int
    status: Status
    grade: fields.Grade | None


class TranscriptTerm(Out):
    term_id: int
    name: str
    courses: list[TranscriptCourse]
    credits_earned: int
    gpa: float | None


class TranscriptOut(Out):
    student_id: int
    terms: list[TranscriptTerm]
    credits_earned: int
    gpa: float | None


class Fill(Out):
    """How full a section is."""

    section_id: int
    number: int
    course: CourseBrief
    term: Named
    capacity: int
    enrolled: int
    waitlisted: int


class SummaryOut(Out):
    students: int
    courses: int
    sections: int
    enrolled: int
    waitlisted: int
    fill: list[Fill]
