"""Every way in which the API refuses, as a tree of facts.

    Refusal
    ├── 400 MalformedJSON
    ├── 401 Unauthenticated, InvalidCredentials
    ├── 403 Forbidden
    ├── 404 NotFound
    ├── 405 MethodNotAllowed
    ├── 409 Conflict
    │       ├── EmailTaken, StudentTaken, NameTaken, CodeTaken, NumberTaken
    │       ├── LastRegistrar, StudentRequired, WrongPassword
    │       ├── HasEnrollments, InUse, CapacityBelowEnrolled
    │       ├── InvalidDates, InvalidMeeting, PrerequisiteCycle, NotAnInstructor
    │       ├── DropDeadlinePassed, WithdrawDeadlinePassed, NotActive, NotEnrolled
    │       └── EnrollmentRefused, for each Violation:
    │               RegistrationClosed, DuplicateCourse, PrerequisiteNotMet, TimeConflict,
    │               CreditLimitExceeded, SectionFull, WaitlistFull
    ├── 412 StaleVersion
    ├── 413 ContentTooLarge
    ├── 415 UnsupportedMediaType
    ├── 422 ValidationFailed
    ├── 429 TooManyAttempts
    ├── 500 InternalError
    └── 503 Unavailable, NotReady

A refusal is raised anywhere and answered in one place, problems.py. Programs decide by its `code`; its `detail` is for
people.
"""

from collections.abc import Sequence


class Refusal(Exception):
    """A request that is understood and not carried out: `title` and `detail` are shown to the client as they are."""

    status: int
    code: str
    title: str
    detail: str = ""

    def __init__(self, detail: str | None = None, headers: dict[str, str] | None = None) -> None:
        self.detail = detail or self.detail or self.title
        self.headers = headers or {}
        super().__init__(self.detail)


class MalformedJSON(Refusal):
    status, code, title = 400, "malformed_json", "The body is not well-formed"


class Unauthenticated(Refusal):
    """`WWW-Authenticate` as RFC 6750, section 3, has it: an error code only if a token was sent."""

    status, code, title = 401, "unauthenticated", "A valid access token is needed"

    def __init__(self, *, token_sent: bool = False) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"' if token_sent else "Bearer"})


class InvalidCredentials(Refusal):
    status, code, title = 401, "invalid_credentials", "Email or password is not right"

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Refusal):
    status, code, title = 403, "forbidden", "Your role does not allow this"


class NotFound(Refusal):
    status, code, title = 404, "not_found", "There is no such thing"


class MethodNotAllowed(Refusal):
    status, code, title = 405, "method_not_allowed", "This path does not support that method"


class Conflict(Refusal):
    """A well-formed request that the state of the system, or a rule of the registrar, stands against."""

    status = 409


class EmailTaken(Conflict):
    code, title = "email_taken", "Another record has this email"


class StudentTaken(Conflict):
    code, title = "student_taken", "Another user is already linked to this student"


class LastRegistrar(Conflict):
    code, title = "last_registrar", "The last active registrar must stay one"


class StudentRequired(Conflict):
    code, title = "student_required", "A user is linked to a student if, and only if, the role is student"


class WrongPassword(Conflict):
    code, title = "wrong_password", "The current password is not right"


class NameTaken(Conflict):
    code, title = "name_taken", "Another term has this name"


class CodeTaken(Conflict):
    code, title = "code_taken", "Another course has this code"


class NumberTaken(Conflict):
    code, title = "number_taken", "Another section of this course in this term has this number"


class HasEnrollments(Conflict):
    code, title = "has_enrollments", "The student has enrollments, past or present"


class InUse(Conflict):
    code, title = "in_use", "Something else depends on this"


class CapacityBelowEnrolled(Conflict):
    code, title = "capacity_below_enrolled", "More students hold a seat than that capacity"


class InvalidDates(Conflict):
    code, title = "invalid_dates", "The dates are not in order"


class InvalidMeeting(Conflict):
    code, title = "invalid_meeting", "A meeting must end after it starts"


class PrerequisiteCycle(Conflict):
    code, title = "prerequisite_cycle", "A course cannot be a prerequisite of itself, directly or through others"


class NotAnInstructor(Conflict):
    code, title = "not_an_instructor", "A section is taught by an instructor"


class DropDeadlinePassed(Conflict):
    code, title = "drop_deadline_passed", "The term's deadline for drops has passed"


class WithdrawDeadlinePassed(Conflict):
    code, title = "withdraw_deadline_passed", "The term's deadline for withdrawals has passed"


class NotActive(Conflict):
    code, title = "not_active", "The enrollment has ended already"


class NotEnrolled(Conflict):
    code, title = "not_enrolled", "A grade is for who is enrolled or has completed"


class Violation(Conflict):
    """A rule of enrollment that a request breaks (CONTRACT.md, section 3)."""


class RegistrationClosed(Violation):
    code, title = "registration_closed", "Enrollment in this term is not open"


class DuplicateCourse(Violation):
    """`enrollment_id` is the one that stands, so that a client that lost an answer can recover."""

    code, title = "duplicate_course", "Already enrolled in this course, or waiting for it, in this term"

    def __init__(self, enrollment_id: int) -> None:
        super().__init__()
        self.enrollment_id = enrollment_id


class PrerequisiteNotMet(Violation):
    code, title = "prerequisite_not_met", "A prerequisite has not been completed with D- or better"


class TimeConflict(Violation):
    code, title = "time_conflict", "It meets at the same time as another section"


class CreditLimitExceeded(Violation):
    code, title = "credit_limit_exceeded", "It would exceed the term's credit limit"


class SectionFull(Violation):
    code, title = "section_full", "There is no seat left"


class WaitlistFull(Violation):
    code, title = "waitlist_full", "There is no seat left, and no place on the waitlist"


ENROLLMENT_RULES: tuple[type[Violation], ...] = (
    RegistrationClosed,
    DuplicateCourse,
    PrerequisiteNotMet,
    TimeConflict,
    CreditLimitExceeded,
    SectionFull,
    WaitlistFull,
)


class EnrollmentRefused(Conflict):
    """All violations; the problem's code and title are the first one's."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.code, self.title = violations[0].code, violations[0].title
        super().__init__("; ".join(violation.detail for violation in violations))
        self.violations = violations


class StaleVersion(Refusal):
    status, code, title = 412, "stale_version", "The resource has changed since it was read"


class ContentTooLarge(Refusal):
    status, code, title = 413, "content_too_large", "The body is larger than 1 MiB"


class UnsupportedMediaType(Refusal):
    status, code, title = 415, "unsupported_media_type", "The body's media type is not supported"


class ValidationFailed(Refusal):
    """`errors` name each fault by JSON pointer (RFC 6901) or parameter, and never repeat what was sent."""

    status, code, title = 422, "validation_error", "The request is not valid"

    def __init__(self, errors: Sequence[dict[str, str]]) -> None:
        super().__init__("; ".join(error["detail"] for error in errors[:3]))
        self.errors = errors


class TooManyAttempts(Refusal):
    status, code, title = 429, "too_many_attempts", "Too many failed logins; try again later"

    def __init__(self, retry_after: int) -> None:
        """`retry_after` is in seconds."""
        super().__init__(headers={"Retry-After": str(retry_after)})


class InternalError(Refusal):
    status, code, title = 500, "internal_error", "Something went wrong on our side"


class Unavailable(Refusal):
    status, code, title = 503, "unavailable", "The system is busy; try again"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


class NotReady(Unavailable):
    code, title = "not_ready", "The system is not ready to serve"
