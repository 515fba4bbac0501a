"""A refusal, or a failure, in plain words: the one place where the API's codes and statuses become text for people."""

from http import HTTPStatus

from flask import Flask, current_app, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from web.client import ApiDown, ApiFailed, Refused
from web.session import keep_form, to_login

WORDS = {
    "capacity_below_enrolled": "More students than that have a seat already.",
    "code_taken": "Another course has this code.",
    "credit_limit_exceeded": "That is more credits than the term allows. {detail}.",
    "drop_deadline_passed": "The term's deadline for drops has passed. Withdrawing may still be possible.",
    "duplicate_course": "Already enrolled in this course in this term, or waiting for it.",
    "email_taken": "This email is already taken.",
    "forbidden": "You are not allowed to do that.",
    "has_enrollments": "This student has enrollments, and so cannot be deleted.",
    "in_use": "Other records depend on this. {detail}.",
    "invalid_credentials": "Email or password is not right.",
    "invalid_dates": "The dates are not in order. {detail}.",
    "invalid_meeting": "A meeting ends after it starts.",
    "last_registrar": "This is the last active registrar. Make someone else a registrar first.",
    "name_taken": "Another term has this name.",
    "not_active": "This enrollment has ended already.",
    "not_an_instructor": "A section is taught by an instructor.",
    "not_enrolled": "A grade is for who is enrolled, or has completed the course.",
    "not_found": "There is no student with this number.",
    "number_taken": "Another section of this course in this term has this number.",
    "prerequisite_cycle": "That way a course would be its own prerequisite, directly or through others.",
    "prerequisite_not_met": "A prerequisite is missing. {detail}.",
    "registration_closed": "Enrollment in this term is not open now.",
    "section_full": "No seat is left.",
    "stale_version": "This was changed by someone else while you had it open. What stands now is shown below.",
    "student_required": "A student's login needs a student, and no other login has one.",
    "student_taken": "This student has a login already.",
    "time_conflict": "It clashes with the timetable. {detail}.",
    "validation_error": "Something here is not right. Check what you typed.",
    "waitlist_full": "No seat is left, and no place on the waitlist.",
    "withdraw_deadline_passed": "The term's deadline for withdrawals has passed.",
    "wrong_password": "The current password is not right.",
}

PAGES = {
    400: ("That did not work", "The page may have been open for too long, or cookies are off. Nothing was changed."),
    403: ("Not allowed", "Your role does not include this page."),
    404: ("Page not found", "There is no such page, or what it showed has been deleted."),
    405: ("That did not work", "This page cannot be used in that way. Nothing was changed."),
    413: ("Too much at once", "What you sent is larger than any form here needs. Nothing was changed."),
    500: ("Something went wrong", "The fault is on our side, and it has been recorded."),
    503: (
        "Out of reach for the moment",
        "The records cannot be reached just now. If you were saving, look whether it was saved before you try again.",
    ),
}


def words(code: str, detail: str = "") -> str:
    """What to tell a person; of a code that is not known here, what the API says."""
    if code not in WORDS:
        return detail or "That was refused."
    return WORDS[code].format(detail=detail.rstrip(".")).replace(" .", "")


def reasons(refused: Refused) -> list[str]:
    """Why, one reason a line: a refused enrollment may have several."""
    if refused.retry_after is not None:
        minutes = -(-refused.retry_after // 60)
        return [f"Too many attempts. Try again in {minutes} minute{'s' if minutes != 1 else ''}."]
    if refused.violations:
        return [words(violation.code, violation.detail) for violation in refused.violations]
    return [words(refused.code, refused.detail)]


def page(status: int, text: str | None = None, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    title, usual = PAGES.get(status) or ("That did not work", HTTPStatus(status).description)
    return render_template("error.html", title=title, text=text or usual, status=status), status, headers or {}


def register(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(ApiDown, _down)
    app.register_error_handler(ApiFailed, lambda _: page(500))
    app.register_error_handler(CSRFError, _bad_csrf_token)
    app.register_error_handler(HTTPException, _http)


def _refused(error: Refused) -> ResponseReturnValue:
    """What no form has told: a login that ended, or a page that is forbidden, gone, or was never there."""
    if error.status == 401:
        return to_login()
    if error.status in (403, 404, 422):
        return page(403 if error.status == 403 else 404)
    return page(error.status, " ".join(reasons(error)))


def _down(error: ApiDown) -> ResponseReturnValue:
    current_app.logger.warning("API down: %s", error)
    if request.method == "POST" and "token" in session:
        keep_form(session.get("user_id"))
    return page(503, headers={"Retry-After": "5"})


def _bad_csrf_token(_: CSRFError) -> ResponseReturnValue:
    """A form of ours whose session's cookie has gone leads to the login with what was typed; all else is 400."""
    ours = request.headers.get("Origin") == request.host_url.rstrip("/")
    if ours and "token" not in session and request.endpoint != "auth.login":
        return to_login()
    return page(400)


def _http(error: HTTPException) -> ResponseReturnValue:
    """Flask's own errors, an unforeseen exception (which Flask has logged) among them."""
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return page(error.code or 500, headers=headers)
