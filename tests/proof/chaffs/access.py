"""What goes wrong with logins: tokens, roles, whose is what, and passwords that are guessed."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import AfterValidator

from api import errors, fields, security
from api.models import Role, User
from api.repositories import Rows, Work, constraints
from api.repositories.accounts import FailedLoginRows, FailedLogins, Tokens, UserRows, Users
from api.routers import auth as auth_router
from api.routers import courses as courses_router
from api.routers import users as users_router
from api.schemas import CredentialsIn, EnrollmentOut, EnrollmentsOut, TokenOut, UserIn, UserOut, UserPatch
from api.security import REGISTRARS, WHO_MAY, Caller, Passwords
from api.services import auth, enrollments, users
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import Told, answered, everywhere, instead

Right = Callable[..., Any]

# logging in, and being known by a token


@chaff("access.login")
def takes_me_for_an_id() -> None:
    """Declares `/users/{user_id}` before `/users/me`, which it then takes for an id."""
    me = route_of(auth_router.router, "get_me")
    auth_router.router.routes.remove(me)
    users_router.router.routes.append(me)


@chaff("access.token")
def makes_short_tokens() -> None:
    """Makes tokens of 64 bits, which can be guessed."""

    @instead(auth)
    def log_in(right: Right, work: Work, email: str, address: str, proven: str | None, token: str) -> Any:
        return right(work, email, address, proven, token[:11])


@chaff("access.token")
def lets_tokens_live_for_a_day() -> None:
    """Lets a token live for 24 hours."""
    auth.TOKEN_LIFETIME = timedelta(days=1)  # type: ignore[attr-defined]  # it came by import


@chaff("access.me")
def does_not_tell_whose_login_it_is() -> None:
    """Leaves the student out of `/users/me`."""

    @answered
    def leave_out(told: Told) -> None:
        if told.asks("GET", "/users/me") and told.status == 200:
            told.json = {field: value for field, value in told.json.items() if field != "student_id"}


@chaff("access.login-case")
def compares_passwords_without_case() -> None:
    """Lowers the password along with the email."""

    @instead(Passwords)
    def hash_now(right: Right, passwords: Passwords, password: str) -> str:
        return str(right(passwords, password.lower()))

    @instead(Passwords)
    def prove(right: Right, passwords: Passwords, password: str, stored: str | None) -> Awaitable[str | None]:
        proof: Awaitable[str | None] = right(passwords, password.lower(), stored)
        return proof


@chaff("access.login-case", "access.throttle-case")
def looks_for_the_email_as_it_was_typed() -> None:
    """Looks for the email of a login as it was typed."""
    keep_as_typed()


@chaff("access.login-fields")
def refuses_unknown_form_fields() -> None:
    """Refuses unknown fields in the form of a login, as in every other body."""
    CredentialsIn.model_config["extra"] = "forbid"
    CredentialsIn.model_rebuild(force=True)


@chaff("access.login-refused")
def tells_who_has_no_login() -> None:
    """Says that there is no such user."""

    @instead(auth)
    def log_in(right: Right, work: Work, email: str, *rest: Any) -> TokenOut | errors.InvalidCredentials:
        result: TokenOut | errors.InvalidCredentials = right(work, email, *rest)
        if isinstance(result, errors.InvalidCredentials) and work.users.find_by_email(email) is None:
            result.detail = "There is no such user"
        return result


@chaff("access.login-refused", "students.delete-login")
def lets_inactive_users_log_in() -> None:
    """Does not look whether a user is active when they log in."""

    @instead(Users)
    def find_by_email(right: Right, table: Users, email: str) -> Any:
        user = right(table, email)
        return user and SimpleNamespace(id=user.id, is_active=True, password_hash=user.password_hash)


@chaff("access.bad-token")
def does_not_tell_that_a_token_is_bad() -> None:
    """Answers a bad token as none at all."""

    @answered
    def tell_less(told: Told) -> None:
        if "www-authenticate" in told.answered:
            told.answered["www-authenticate"] = "Bearer"


@chaff("access.bearer", "robustness.strange-header")
def fails_where_a_credential_is_not_two_words() -> None:
    """Splits the Authorization header into two, and fails where there are not two words."""

    @answered
    def fail(told: Told) -> None:
        if len(told.headers.get("authorization", "Bearer token").split()) != 2:
            told.status = 500


# what ends a session


@chaff("access.logout")
def logs_out_in_the_browser_alone() -> None:
    """Answers a logout, and leaves the token alive."""

    @instead(Tokens)
    def revoke(right: Right, *_: Any) -> None:
        pass


@chaff("access.logout")
def logs_out_everywhere() -> None:
    """Ends all sessions of a user who logs out of one."""

    @instead(auth)
    def log_out(right: Right, work: Work, caller: Caller, *rest: Any) -> None:
        right(work, caller, *rest)
        work.tokens.revoke_all(caller.id)


@chaff("access.sessions-end")
def keeps_sessions_after_a_new_password() -> None:
    """Ends no session of a user who changes their password."""

    @instead(users)
    def change_password(right: Right, work: Work, *rest: Any) -> None:
        end_no_session(work)
        right(work, *rest)


@chaff("access.sessions-end")
def keeps_sessions_in_another_role() -> None:
    """Ends no session of a user who is given another role."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, patch: UserPatch, *rest: Any) -> Any:
        if "role" in patch.model_fields_set:
            end_no_session(work)
        return right(work, user_id, patch, *rest)


@chaff("access.rename-keeps-session")
def ends_sessions_at_any_change() -> None:
    """Ends a user's sessions whatever is changed."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, *rest: Any) -> Any:
        after = right(work, user_id, *rest)
        work.tokens.revoke_all(user_id)
        return after


@chaff("access.reactivated")
def only_ignores_sessions_of_the_inactive() -> None:
    """Keeps the tokens of who is deactivated, and only ignores them meanwhile."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, patch: UserPatch, *rest: Any) -> Any:
        if "is_active" in patch.model_fields_set:
            end_no_session(work)
        return right(work, user_id, patch, *rest)


@chaff("access.new-password")
def forgets_the_new_password() -> None:
    """Answers a change of password, and does not store it."""

    @instead(users)
    def change_password(right: Right, work: Work, user_id: int, proven: str | None, _: str, *rest: Any) -> None:
        right(work, user_id, proven, proven, *rest)


@chaff("access.wrong-password")
def calls_a_wrong_password_invalid() -> None:
    """Has a code of its own for a wrong current password."""
    errors.WrongPassword.code = "invalid_password"


# guessing passwords


@chaff("access.throttle")
def lets_passwords_be_guessed() -> None:
    """Does not count failed logins."""

    @instead(auth)
    def _throttle(right: Right, *_: Any) -> None:
        pass


@chaff("access.throttle")
def lets_the_right_password_in_however_late() -> None:
    """Counts failures only once a password has been found wrong."""

    @instead(auth)
    def password_hash(_: Right, rows: Rows, email: str, __: str) -> str | None:
        return rows.users.password_hash_by_email(email)

    @instead(auth)
    def log_in(right: Right, work: Work, email: str, address: str, proven: str | None, token: str) -> Any:
        if proven:
            work.failed_logins.clear(email, address)
        return right(work, email, address, proven, token)


@chaff("access.throttle-case")
def counts_failures_for_each_spelling() -> None:
    """Counts failures for the email as it was typed, so that each spelling of it gives five guesses more."""
    keep_as_typed()

    def find_in_lower_case(right: Right, table: object, email: str) -> Any:
        return right(table, str.lower(email))

    instead(UserRows, "password_hash_by_email")(find_in_lower_case)
    instead(Users, "find_by_email")(find_in_lower_case)


@chaff("access.throttle-cleared")
def never_forgets_a_failure() -> None:
    """Does not clear the count of failures at a success."""

    @instead(FailedLogins)
    def clear(right: Right, *_: Any) -> None:
        pass


@chaff("access.throttle-unknown")
def counts_failures_of_those_it_knows() -> None:
    """Counts failures for accounts that exist, and so tells which do."""

    @instead(auth)
    def log_in(right: Right, work: Work, email: str, *rest: Any) -> TokenOut | errors.InvalidCredentials:
        result: TokenOut | errors.InvalidCredentials = right(work, email, *rest)
        if work.users.find_by_email(email) is None:
            raise errors.InvalidCredentials  # which undoes the count
        return result


@chaff("access.throttle-account")
def locks_an_address_for_everybody() -> None:
    """Counts failures by address, whoever's they are."""

    def of_anybody(right: Right, logins: object, account: str, address: str, *rest: Any) -> Any:
        is_forwarded = address != "127.0.0.1"  # from which other checks fail to log in on purpose
        return right(logins, "anybody" if is_forwarded else account, address, *rest)

    instead(FailedLoginRows, "since")(of_anybody)
    for method in ("since", "add", "clear"):
        instead(FailedLogins, method)(of_anybody)


# users


@chaff("access.created")
def locates_no_user() -> None:
    """Answers a new user without a Location."""

    @answered
    def forget(told: Told) -> None:
        if told.asks("POST", "/users"):
            told.answered.pop("location", None)


@chaff("access.create-user")
def tells_the_hash_of_a_password() -> None:
    """Answers with the row of a user as it is stored, the password's hash included."""

    @answered
    def tell_more(told: Told) -> None:
        if told.path.startswith("/users") and told.status in (200, 201):
            body = told.json
            for user in everywhere(body):
                if "is_active" in user:
                    user["password_hash"] = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"
            told.json = body


@chaff("access.student-login")
def links_a_login_to_nobody() -> None:
    """Forgets to store which student a new login is linked to."""

    @instead(Users)
    def add(right: Right, table: Users, user: User) -> Any:
        user.student_id = None
        return right(table, user)


@chaff("access.email-taken")
def keeps_the_case_of_a_users_email() -> None:
    """Stores and compares the emails of users with their case."""
    email = UserIn.model_fields["email"]
    email.metadata = [each for each in email.metadata if not isinstance(each, AfterValidator)]
    UserIn.model_rebuild(force=True)


@chaff("access.student-taken")
def fails_at_a_second_login_of_a_student() -> None:
    """Lets the database refuse a student's second login, and does not catch what it raises."""
    del constraints.REFUSALS["users.student_id"]


@chaff("access.student-required")
def asks_for_no_link() -> None:
    """Looks neither for the student of a student's login, nor for that of another's."""

    @instead(users)
    def _require_link(right: Right, work: Work, _: Role, student_id: int | None) -> None:
        right(work, Role.STUDENT if student_id else Role.REGISTRAR, student_id)


@chaff("access.student-missing")
def answers_409_to_a_patch_with_a_missing_student() -> None:
    """Answers 409 to a PATCH whose student does not exist."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, patch: UserPatch, *rest: Any) -> Any:
        work.users.lock(user_id)
        try:
            return right(work, user_id, patch, *rest)
        except errors.NotFound:
            raise errors.StudentRequired from None


@chaff("access.patch-user", "access.sessions-end", "access.student-required")
def takes_false_for_absent() -> None:
    """Asks of a field of a PATCH whether it is true, not whether it is there."""

    @instead(UserPatch)
    def model_dump(right: Right, patch: UserPatch, **how: Any) -> dict[str, Any]:
        return {field: value for field, value in right(patch, **how).items() if value}


@chaff("access.patch-user")
def answers_a_patch_with_what_was_there() -> None:
    """Answers a PATCH with the user as they were before it."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, *rest: Any) -> UserOut:
        before = UserOut.model_validate(work.users.lock(user_id))
        right(work, user_id, *rest)
        return before


@chaff("access.role-clears-link")
def keeps_the_link_in_another_role() -> None:
    """Leaves a login linked to the student whom it was for, when it gets another role."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, patch: UserPatch, *rest: Any) -> Any:
        user = work.users.lock(user_id)
        before, after = user.student_id, right(work, user_id, patch, *rest)
        if "student_id" not in patch.model_fields_set:
            user.student_id = before
        return after


@chaff("access.role-brings-link")
def asks_for_the_link_before_the_role() -> None:
    """Lets nobody become a student whose login is not linked to one already."""

    @instead(users)
    def update(right: Right, work: Work, user_id: int, *rest: Any) -> UserOut:
        linked = work.users.lock(user_id).student_id
        after: UserOut = right(work, user_id, *rest)
        if after.role is Role.STUDENT and not linked:
            raise errors.StudentRequired
        return after


@chaff("access.password-length")
def strips_a_new_password() -> None:
    """Strips the white space off a password that is set, and not off one that is proven."""

    @instead(Passwords)
    def hash_now(right: Right, passwords: Passwords, password: str) -> str:
        return str(right(passwords, password.strip()))


@chaff("access.password-length")
def takes_72_bytes_of_a_password() -> None:
    """Refuses what bcrypt cannot hash: more than 72 bytes."""

    @instead(users)
    def create(right: Right, work: Work, new: UserIn, *rest: Any) -> Any:
        if len(new.password.encode()) > 72:
            raise errors.ValidationFailed([{"pointer": "/password", "detail": "Must have at most 72 bytes"}])
        return right(work, new, *rest)


@chaff("access.password-common")
def allows_common_passwords() -> None:
    """Counts the characters of a password, and does not look whether it is a common one."""
    fields.COMMON_PASSWORDS = frozenset()


# who may ask what


@chaff("access.allowed")
def lists_students_to_registrars_alone() -> None:
    """Lets no instructor list students."""
    WHO_MAY["list_students"] = REGISTRARS


@chaff("access.forbidden")
def lets_students_grade_themselves() -> None:
    """Lets a student give herself a grade."""
    WHO_MAY["grade_enrollment"] |= {Role.STUDENT}


@chaff("access.anonymous")
def shows_courses_to_anybody() -> None:
    """Forgets that the list of courses needs a login."""
    route_of(courses_router.router, "list_courses").dependencies = []


@chaff("access.anonymous", "access.bearer")
def answers_403_to_who_is_not_signed_in() -> None:
    """Answers 403 where there is no token, as FastAPI's HTTPBearer did."""

    @answered
    def forbid(told: Told) -> None:
        if told.answered.get("www-authenticate") == "Bearer" and not told.asks("POST", "/auth/token"):
            told.status = 403


@chaff("access.own-record", "access.allowed", "access.student-own")
def takes_no_id_for_ones_own() -> None:
    """Compares the id in a path, which is text, with the caller's, which is a number."""

    @instead(security)
    def permit(right: Right, caller: Caller, operation: str, student_id: str | None) -> None:
        right(caller, operation, student_id and f"not {student_id}")


@chaff("access.no-probing")
def shows_students_to_each_other() -> None:
    """Lets a student read the record of another."""

    @instead(security)
    def permit(right: Right, caller: Caller, operation: str, student_id: str | None) -> None:
        right(caller, operation, None if operation == "get_student" else student_id)


@chaff("access.no-probing")
def hides_other_students_as_missing() -> None:
    """Answers 404, not 403, to a student who asks for another."""

    @instead(security)
    def permit(right: Right, caller: Caller, operation: str, student_id: str | None) -> None:
        try:
            right(caller, operation, student_id)
        except errors.Forbidden:
            raise errors.NotFound if operation == "get_student" else errors.Forbidden from None


@chaff("access.refused-change")
def refuses_an_instructor_too_late() -> None:
    """Replaces or deletes a student first, and then refuses whom it should not have let."""
    late = set()

    @instead(security)
    def permit(right: Right, caller: Caller, operation: str, student_id: str | None) -> None:
        try:
            right(caller, operation, student_id)
        except errors.Forbidden:
            if operation not in ("replace_student", "delete_student"):
                raise
            late.add(f"/students/{student_id}")

    @answered
    def refuse(told: Told) -> None:
        if told.path in late:
            late.remove(told.path)
            told.status, told.json = 403, {"code": "forbidden"}


# whose it is


@chaff("access.student-others")
def shows_transcripts_to_other_students() -> None:
    """Lets a student read another's transcript."""

    @instead(security)
    def permit(right: Right, caller: Caller, operation: str, student_id: str | None) -> None:
        right(caller, operation, None if operation == "get_transcript" else student_id)


@chaff("access.student-others", "access.refused-grade")
def lets_students_drop_others() -> None:
    """Lets a student end another's enrollment."""

    @instead(enrollments)
    def change(right: Right, work: Work, caller: Caller, *rest: Any) -> Any:
        return right(work, as_registrar(caller), *rest)


@chaff("access.student-others", "access.instructor-others")
def looks_whether_it_exists_before_whose_it_is() -> None:
    """Answers 404 to anybody who asks for an enrollment that does not exist, and 403 where it does."""

    @instead(enrollments)
    def _theirs(right: Right, caller: Caller, row: Any) -> Any:
        return right(as_registrar(caller) if row is None else caller, row)


@chaff("access.enroll-others")
def lets_students_enroll_others() -> None:
    """Believes the student who is named in a request for a seat."""

    @instead(enrollments)
    def enroll(right: Right, work: Work, caller: Caller, *rest: Any) -> Any:
        return right(work, as_registrar(caller), *rest)


@chaff("access.instructor-others", "access.no-instructor", "access.refused-grade")
def lets_any_instructor_grade() -> None:
    """Lets an instructor grade in sections that they do not teach."""

    @instead(enrollments)
    def grade(right: Right, work: Work, caller: Caller, *rest: Any) -> EnrollmentOut:
        graded: EnrollmentOut = right(work, as_registrar(caller), *rest)
        return graded


@chaff("access.instructor-others", "access.no-instructor", "access.no-longer-teaches")
def shows_rosters_to_any_instructor() -> None:
    """Lets an instructor read the roster of a section that they do not teach."""

    @instead(enrollments)
    def of_section(right: Right, rows: Rows, caller: Caller, section_id: int) -> Any:
        return right(rows, as_registrar(caller), section_id)


@chaff("access.no-instructor")
def takes_a_section_that_nobody_teaches_for_anybodys() -> None:
    """Looks who teaches a section only where somebody does."""

    @instead(enrollments)
    def of_section(right: Right, rows: Rows, caller: Caller, section_id: int) -> Any:
        section = rows.sections.find(section_id)
        is_anybodys = section and section["instructor_id"] is None
        return right(rows, as_registrar(caller) if is_anybodys else caller, section_id)


@chaff("access.refused-grade")
def refuses_a_grade_too_late() -> None:
    """Stores a grade first, and then refuses who may not give it."""

    @instead(enrollments)
    def grade(right: Right, work: Work, caller: Caller, *rest: Any) -> Any:
        try:
            return right(work, caller, *rest)
        except errors.Forbidden as refusal:
            with suppress(errors.NotFound):
                right(work, as_registrar(caller), *rest)
            return refusal  # what is returned, not raised, undoes nothing


@chaff("access.instructor-own", "access.allowed")
def lets_registrars_alone_grade() -> None:
    """Lets no instructor grade, not even where they teach."""
    WHO_MAY["grade_enrollment"] = REGISTRARS


@chaff("access.no-longer-teaches")
def remembers_who_taught_a_section() -> None:
    """Keeps who teaches a section in a cache, which it does not empty when another takes over."""
    taught = set()

    @instead(enrollments)
    def of_section(right: Right, rows: Rows, caller: Caller, section_id: int) -> EnrollmentsOut:
        known = (caller.id, section_id) in taught
        listed: EnrollmentsOut = right(rows, as_registrar(caller) if known else caller, section_id)
        taught.add((caller.id, section_id))
        return listed


@chaff("access.student-own", "access.allowed")
def lets_registrars_alone_end_enrollments() -> None:
    """Lets no student drop or withdraw."""
    WHO_MAY["change_enrollment"] = REGISTRARS


@chaff("access.registrar-missing")
def answers_403_to_registrars_too() -> None:
    """Answers 403 to anybody, even a registrar, who asks for an enrollment that does not exist."""

    @instead(enrollments)
    def _theirs(right: Right, caller: Caller, row: Any) -> Any:
        if row is None:
            raise errors.Forbidden
        return right(caller, row)


def route_of(router: APIRouter, operation: str) -> APIRoute:
    return next(route for route in router.routes if isinstance(route, APIRoute) and route.name == operation)


def end_no_session(work: Work) -> None:

    def revoke_all(user_id: int) -> None:
        """Leave this user's tokens alive."""

    work.tokens.revoke_all = revoke_all  # type: ignore[method-assign]  # as a fault is planted


def as_registrar(caller: Caller) -> Caller:
    """The caller, as one from whom nothing is kept."""
    return replace(caller, role=Role.REGISTRAR)


class AsTyped(str):
    """An email that nobody brings into lower case."""

    __slots__ = ()

    def lower(self) -> "AsTyped":
        return self


def keep_as_typed() -> None:
    """Let a login go on with the email as it was typed."""
    CredentialsIn.username = property(lambda form: AsTyped(vars(form)["username"]))  # type: ignore[assignment]  # as a fault is planted
