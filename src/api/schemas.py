"""What crosses the wire: an `In` is what a client sends, an `Out` what it gets, a `Query` what it asks of a list."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from api.models import Role, Status

MAX_ID = 2**31 - 1
COMMON_PASSWORDS = frozenset(files("api").joinpath("common_passwords.txt").read_text().split())

# Patterns are written so that Python, Rust and ECMAScript read them alike: no \s, no \d, no \w.
CONTROL = r"\u0000-\u001f\u007f-\u009f"
SPACE = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
NO_CONTROL = rf"^[^{CONTROL}]*$"
TRIMMED = rf"^[^{CONTROL}{SPACE}]([^{CONTROL}]*[^{CONTROL}{SPACE}])?$"
LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(\.{LABEL})*$"  # HTML standard, 4.10.5.1.5
NO_NUL = r"^[^\u0000]*$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
RFC_3339 = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
PATTERN_MEANS = {
    NO_NUL: "Must have no NUL character",
    TIME: "Must be a time, as 09:30",
    NO_CONTROL: "Must have no control characters",
    TRIMMED: "Must have no control characters, and no white space at its ends",
    EMAIL: "Must be an email address",
}


def _json_integer(value: object) -> object:
    """JSON Schema's integer: 3.0 is one; true and "3" are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Input should be a valid integer")
    return value


def digits(value: object) -> object:
    """An integer in a path or query: decimal digits alone, so not "+1", " 1" or "1_0"."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("Input should be a valid integer")
    return value


def _uncommon(password: str) -> str:
    if password.lower() in COMMON_PASSWORDS:
        raise ValueError("This password is too common")
    return password


def _text_like(pattern: str, what: str) -> Callable[[object], object]:
    """Text of this form alone, for what pydantic would also read from numbers and from other forms."""

    def judge(value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError(f"Input should be {what}")
        if not isinstance(value, str | date):
            raise ValueError(f"Input should be {what}")
        return value

    return judge


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("Input should be a timestamp in the years 1 to 9999") from None


def _unrepeated(ids: list[int]) -> list[int]:
    if len(set(ids)) < len(ids):
        raise ValueError("Must have no repeats")
    return ids


Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=TRIMMED)]
Email: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=254, pattern=EMAIL),
    Field(examples=["ada@example.edu"]),
    AfterValidator(str.lower),
]
NewPassword: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=15, max_length=128),
    Field(json_schema_extra={"not": {"enum": sorted(COMMON_PASSWORDS)}}),
    AfterValidator(_uncommon),
]
Password: TypeAlias = Annotated[str, StringConstraints(max_length=128)]
Identifier: TypeAlias = Annotated[int, Field(strict=False, ge=1, le=MAX_ID), BeforeValidator(_json_integer)]
Cursor: TypeAlias = Annotated[int, Field(ge=0, le=MAX_ID + 1), BeforeValidator(digits)]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Date: TypeAlias = Annotated[date, BeforeValidator(_text_like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date, as 2026-09-01"))]
Timestamp: TypeAlias = Annotated[
    AwareDatetime,
    BeforeValidator(_text_like(RFC_3339, "a timestamp with an offset, as 2026-09-01T09:00:00Z")),
    AfterValidator(_utc),
]
Time: TypeAlias = Annotated[str, StringConstraints(pattern=TIME)]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Grade: TypeAlias = Literal["A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"]
Places: TypeAlias = Annotated[int, Field(strict=False, ge=0, le=1000), BeforeValidator(_json_integer)]
Number: TypeAlias = Annotated[int, Field(strict=False, ge=1, le=999), BeforeValidator(_json_integer)]
Credits: TypeAlias = Annotated[int, Field(strict=False, ge=0, le=12), BeforeValidator(_json_integer)]
CreditLimit: TypeAlias = Annotated[int, Field(strict=False, ge=0, le=100), BeforeValidator(_json_integer)]
Identifiers: TypeAlias = Annotated[
    list[Identifier],
    AfterValidator(_unrepeated),
    AfterValidator(sorted),
    Field(json_schema_extra={"uniqueItems": True}),
]
IdentifierText: TypeAlias = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(digits)]
Link: TypeAlias = Annotated[
    str | None, Field(description="Path and query of that page.", json_schema_extra={"format": "uri-reference"})
]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    def etag(self) -> str:
        """A strong entity tag (RFC 9110, section 8.8.3): equal for equal content only."""
        return f'"{hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()}"'


class PageQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=100), BeforeValidator(digits)] = 50
    after: Cursor | None = Field(None, description="A cursor: follow `next`, do not build it.")
    before: Cursor | None = Field(None, description="A cursor: follow `previous`, do not build it.")

    @property
    def backward(self) -> bool:
        return self.after is None and self.before is not None


class SearchQuery(PageQuery):
    q: Annotated[str, StringConstraints(max_length=100, pattern=NO_CONTROL)] = Field(
        "", description="A substring to look for, without ASCII case."
    )


class SectionQuery(SearchQuery):
    term_id: IdentifierText | None = None
    course_id: IdentifierText | None = None
    open: bool = Field(False, description="Only those with a seat left.")


class TermQuery(BaseModel):
    term_id: IdentifierText | None = None


class StudentIn(In):
    name: Name
    email: Email


class StudentOut(Out):
    id: int
    name: str
    email: str


class StudentsOut(Out):
    students: list[StudentOut]
    next: Link
    previous: Link


class UserIn(In):
    name: Name
    email: Email
    role: Role
    password: NewPassword
    student_id: Identifier | None = None


def _unset() -> Any:
    """The default of what may be left out but not be null; it never shows in `model_fields_set`."""


class UserPatch(In):
    name: Name = Field(default_factory=_unset)
    role: Role = Field(default_factory=_unset)
    is_active: bool = Field(default_factory=_unset, strict=True)
    student_id: Identifier | None = Field(default_factory=_unset)


class UserOut(Out):
    id: int
    name: str
    email: str
    role: Role
    is_active: bool
    student_id: int | None


class UsersOut(Out):
    users: list[UserOut]
    next: Link
    previous: Link


class PasswordIn(In):
    current_password: Password
    new_password: NewPassword


class CredentialsIn(BaseModel):
    """OAuth2's password grant (RFC 6749, section 4.3.2); other form fields are ignored."""

    username: Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=NO_CONTROL)] = Field(
        description="The email."
    )
    password: Annotated[Password, StringConstraints(min_length=1)]


class TokenOut(Out):
    access_token: str
    token_type: str = "bearer"
    expires_in: int = Field(description="Seconds.")


class HealthOut(Out):
    status: str = "ok"


class TermIn(In):
    name: Name
    starts_on: Date
    ends_on: Date
    enrollment_opens_at: Timestamp
    enrollment_closes_at: Timestamp
    drop_deadline: Timestamp
    withdraw_deadline: Timestamp
    credit_limit: CreditLimit


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
    next: Link
    previous: Link


class CourseIn(In):
    code: Name
    title: Name
    description: Text = ""
    credits: Credits
    prerequisite_ids: Identifiers = []


class CourseOut(Out):
    id: int
    code: str
    title: str
    description: str
    credits: int
    prerequisite_ids: list[int]


class CoursesOut(Out):
    courses: list[CourseOut]
    next: Link
    previous: Link


class Meeting(In):
    """Once a week, from `starts` until `ends`, both `HH:MM`."""

    day: Day
    starts: Time
    ends: Time


class SectionIn(In):
    course_id: Identifier
    term_id: Identifier
    instructor_id: Identifier | None = None
    number: Number
    capacity: Places
    waitlist_capacity: Places = 0
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
    next: Link
    previous: Link


class EnrollmentIn(In):
    student_id: Identifier
    section_id: Identifier
    join_waitlist: bool = Field(default=False, strict=True)


class EnrollmentPatch(In):
    status: Literal[Status.DROPPED, Status.WITHDRAWN]


class GradeIn(In):
    grade: Grade


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
    grade: Grade | None
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
    grade: Grade | None


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
