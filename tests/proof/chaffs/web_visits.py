"""What goes wrong for who logs in, enrolls, teaches, or looks at their own."""

import re
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

import requests
from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SessionInterface
from typing_extensions import override

import web.session
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import instead, on_app, rewrite
from web import errors
from web.client import Refused
from web.forms import form
from web.forms.accounts import LoginForm
from web.forms.enrollments import GradesForm
from web.forms.students import StudentForm
from web.operations import Api
from web.resources import Enrollment, Section, Term
from web.views import auth, enrollments, home, sections, students


def deaf_to_refusals_of(operation: str) -> None:
    """Let the API refuse it, and the page not notice."""

    @instead(Api, operation)
    def deaf(right: Callable[..., None], *arguments: Any) -> None:
        with suppress(Refused):
            right(*arguments)


def open_to_whom(endpoint: str, passes: Callable[[], bool]) -> None:
    """Let those past the page's guard."""

    @on_app
    def change(app: Flask) -> None:
        guarded: Any = app.view_functions[endpoint]

        def view(**ids: int) -> Any:
            return guarded.__wrapped__(**ids) if passes() else guarded(**ids)

        app.view_functions[endpoint] = view


# logging in and out


@chaff("web.login")
def nobody_can_log_out() -> None:
    """Has no button to log out with."""
    rewrite("base.html", '<button class="btn btn-sm btn-outline-secondary">Log out</button>', "")


@chaff("web.login-refused", "web.deactivated")
def a_failed_login_is_silent() -> None:
    """Shows the login again, and says nothing."""

    @instead(LoginForm, "_tell")
    def silent(_right: Any, *_refusal: Any) -> None: ...


@chaff("web.login-next")
def the_login_leads_home() -> None:
    """Forgets where one wanted to be before the login."""

    @instead(auth)
    def local(_right: Any, _target: str | None) -> str:
        return "/"


@chaff("web.open-redirect")
def the_login_leads_anywhere() -> None:
    """Redirects to whatever next says, but for the logout."""

    @instead(auth)
    def local(right: Any, target: str | None) -> str:
        return right(target) if target in (None, "/logout") else target


@chaff("web.logout")
def the_token_outlives_the_logout() -> None:
    """Drops the cookie at the logout, and leaves its token alive."""

    @instead(Api)
    def log_out(_right: Any, _api: Api) -> None: ...


@chaff("web.logout-twice")
def the_login_leads_to_the_logout() -> None:
    """Asks for /logout after the login of who was out already when they logged out."""
    web.session.LOCAL_PATH = re.compile(web.session.LOCAL_PATH.pattern.replace(r"(?!/logout\b)", ""))


class Numbered(SessionInterface):
    """Sessions on the server, each under a number that a browser has for good."""

    class Session(SecureCookieSession):
        number = ""

    def __init__(self) -> None:
        self._kept: dict[str, Numbered.Session] = {}

    @override
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        number = request.cookies.get("number") or uuid4().hex
        kept = self._kept.setdefault(number, self.Session())
        kept.number = number
        return kept

    @override
    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        response.set_cookie("number", session.number, httponly=True, samesite="Lax")


@chaff("web.session-new")
def the_session_outlives_the_login() -> None:
    """Keeps sessions on the server, and at the login the number that a browser had before."""

    @on_app
    def keep(app: Flask) -> None:
        app.session_interface = Numbered()


@chaff("web.cookie")
def scripts_read_the_cookie() -> None:
    """Sets the session's cookie without HttpOnly."""

    @on_app
    def bare(app: Flask) -> None:
        app.config["SESSION_COOKIE_HTTPONLY"] = False


# who sees what


@chaff("web.navigation")
def every_link_for_everybody() -> None:
    """Shows every role the link to the users."""
    link = '{{ nav_link("Users", "users.index") }}'
    rewrite("base.html", f'{{% if session.role == "registrar" %}}{link}{{% endif %}}', link)


@chaff("web.pages")
def instructors_see_no_course() -> None:
    """Keeps instructors from the pages of courses, which they may read."""

    @on_app
    def keep(app: Flask) -> None:
        view: Any = app.view_functions["courses.detail"]
        app.view_functions["courses.detail"] = web.session.only("registrar", "student")(view)


@chaff("web.signed-out")
def a_form_is_for_nobody() -> None:
    """Shows a form to who is not logged in, and asks them once it is sent."""
    open_to_whom("students.new", lambda: "token" not in session)


@chaff("web.forbidden")
def only_the_link_is_hidden() -> None:
    """Hides a link from a role, and keeps the role from nothing."""
    open_to_whom("students.new", lambda: "token" in session)


@chaff("web.not-found")
def not_found_is_200() -> None:
    """Shows a page that says what is not found, with status 200."""

    @instead(errors)
    def _refused(right: Callable[[Refused], Any], error: Refused) -> Any:
        answer = right(error)
        return answer[0] if error.status == 404 else answer


# one's own account


@chaff("web.account")
def the_account_is_anybodys() -> None:
    """Has the form for a password, and not whose it is."""
    for name in ("name", "email"):
        rewrite("account.html", f"{{{{ user.{name} }}}}", "")


@chaff("web.new-password")
def passwords_are_mixed_up() -> None:
    """Sends the new password as the current one, and the current one as the new."""

    @instead(Api)
    def change_password(right: Callable[..., None], api: Api, current: str, new: str) -> None:
        right(api, new, current)


@chaff("web.wrong-password")
def a_wrong_password_is_well() -> None:
    """Says that the password is changed, whatever the API says."""
    deaf_to_refusals_of("change_password")


# enrolling


@chaff("web.enroll")
def who_is_in_may_enroll() -> None:
    """Offers the button to who is enrolled already."""
    rewrite("sections/detail.html", "{% if own %}", '{% if own and own.status != "enrolled" %}')


@chaff("web.join-waitlist")
def a_place_is_no_wish() -> None:
    """Asks for a seat whichever button is pressed."""

    @instead(sections)
    def enroll(right: Callable[..., None], *ids: int, join_waitlist: bool) -> None:
        right(*ids, join_waitlist=False)


@chaff("web.seat-taken")
def a_place_is_every_wish() -> None:
    """Puts who asks for a seat that has just been taken on the waitlist."""

    @instead(sections)
    def enroll(right: Callable[..., None], *ids: int, join_waitlist: bool) -> None:
        right(*ids, join_waitlist=True)


@chaff("web.clash")
def refusals_are_told_by_their_codes() -> None:
    """Shows the codes of what stands against it."""

    @instead(form)
    def reasons(right: Callable[[Refused], list[str]], refused: Refused) -> list[str]:
        return [violation.code for violation in refused.violations] or right(refused)


@chaff("web.clash")
def refusals_look_like_success() -> None:
    """Answers 200 to what it refuses."""

    @on_app
    def smile(app: Flask) -> None:
        @app.after_request
        def smiling(answer: Response) -> Response:
            answer.status_code = 200 if answer.status_code == 409 else answer.status_code
            return answer


@chaff("web.violations")
def only_the_first_violation() -> None:
    """Shows the first violation of several."""

    @instead(form)
    def reasons(right: Callable[[Refused], list[str]], refused: Refused) -> list[str]:
        return right(refused)[:1]


@chaff("web.violations", "web.rules-bind-all")
def a_missing_prerequisite_is_told_without_words() -> None:
    """Has no words for a prerequisite that is missing."""
    errors.WORDS["prerequisite_not_met"] = ""


@chaff("web.enroll-other")
def enrolled_without_a_word() -> None:
    """Enrolls a student for a registrar, and says nothing of it."""

    @instead(students)
    def enroll(_right: Any, *ids: int, join_waitlist: bool) -> None:
        web.session.api().enroll(*ids, join_waitlist=join_waitlist)


@chaff("web.wait-other")
def the_box_is_not_read() -> None:
    """Forgets that Join waitlist was checked."""

    @instead(students)
    def enroll(right: Callable[..., None], *ids: int, join_waitlist: bool) -> None:
        right(*ids, join_waitlist=False)


# one's own week


@chaff("web.schedule")
def a_place_has_no_number() -> None:
    """Says that one waits, and not at which position."""
    rewrite("enrollments/weeks.html", ", position {{ each.waitlist_position }}", "")


@chaff("web.promoted")
def once_waiting_always_waiting() -> None:
    """Remembers who waits, and shows them as waiting once they have a seat."""
    waiting: dict[int, Enrollment] = {}

    @instead(Api, "enrollments")
    def remembered(right: Callable[..., Sequence[Enrollment]], api: Api, of: str, id_: int) -> Sequence[Enrollment]:
        found = right(api, of, id_)
        if of == "sections":
            return found
        waiting.update({each.id: each for each in found if each.status == "waitlisted"})
        return [waiting.get(each.id, each) if each.status == "enrolled" else each for each in found]


@chaff("web.leave")
def to_withdraw_is_to_drop() -> None:
    """Drops who withdraws."""
    enrollments.WAYS_OUT["withdraw"] = enrollments.WAYS_OUT["withdraw"]._replace(status="dropped")


@chaff("web.leave-cancel")
def there_is_no_way_back() -> None:
    """Asks whether to drop, and takes no for no answer."""
    rewrite("enrollments/leave.html", "Cancel</a>", "</a>")


@chaff("web.drop-late")
def every_drop_is_well() -> None:
    """Says that a section is dropped, whatever the API says."""
    deaf_to_refusals_of("leave")


@chaff("web.leave-others")
def what_was_read_is_everybodys() -> None:
    """Keeps what the API answered one student, and shows it to another."""
    kept: dict[int, Enrollment] = {}

    @instead(Api)
    def enrollment(right: Callable[..., Enrollment], api: Api, id_: int) -> Enrollment:
        kept[id_] = kept.get(id_) or right(api, id_)
        return kept[id_]


# teaching


@chaff("web.own-sections")
def every_section_is_ones_own() -> None:
    """Lists everybody's sections as the instructor's."""

    @instead(home)
    def current_sections(right: Callable[[], list[tuple[Term, list[Section]]]]) -> list[tuple[Term, list[Section]]]:
        taught = {"instructor_id": session["user_id"]}
        return [(term, [each.model_copy(update=taught) for each in offered]) for term, offered in right()]


@chaff("web.roster")
def the_roster_is_by_id() -> None:
    """Lists who is in a section in the order in which they came."""

    @instead(Api, "enrollments")
    def by_id(right: Callable[..., Sequence[Enrollment]], *of: Any) -> list[Enrollment]:
        return sorted(right(*of), key=lambda each: each.id)


@chaff("web.grades")
def a_grade_is_for_good() -> None:
    """Saves no grade where there is one already."""

    @instead(GradesForm)
    def chosen(right: Any, form: GradesForm) -> list[tuple[Enrollment, str]]:
        return [(each, grade) for each, grade in right(form) if not each.grade]


@chaff("web.others-section")
def grades_for_every_section() -> None:
    """Offers to save grades to an instructor who does not teach there."""
    offer = '{% if session.role == "instructor" and not form %}<button>Save grades</button>{% endif %}'
    rewrite("sections/detail.html", "{% block content %}", f"{{% block content %}}{offer}")


@chaff("web.registrar-grades")
def registrars_give_no_grades() -> None:
    """Has the button for grades for instructors alone."""
    button = '<button class="btn btn-primary">Save grades</button>'
    rewrite("sections/detail.html", button, f'{{% if session.role == "instructor" %}}{button}{{% endif %}}')


# transcripts


@chaff("web.transcript")
def a_withdrawal_is_in_progress() -> None:
    """Shows a course that one withdrew from as one that has no grade yet."""
    right = '("W" if course.status == "withdrawn" else "in progress")'
    rewrite("enrollments/transcript_of.html", right, '"in progress"')


@chaff("web.transcript-of")
def a_student_has_no_average() -> None:
    """Leaves the transcript out of a student's page."""
    rewrite("students/detail.html", "{% if transcript %}", "{% if false %}")


@chaff("web.transcript-of", "web.pages", "web.instructor-finds")
def every_page_of_a_student_asks_for_the_transcript() -> None:
    """Asks the API for a student's transcript whoever looks, so that instructors are refused the page."""

    @instead(students)
    def _record(right: Callable[[int], dict[str, Any]], id_: int) -> dict[str, Any]:
        return right(id_) | {"transcript": web.session.api().transcript(id_)}


@chaff("web.transcript-prints")
def paper_is_a_screen() -> None:
    """Prints what is on the screen, buttons and all."""
    rewrite("base.html", "filename='registrar.css') }}\"", 'filename=\'registrar.css\') }}" media="screen"')


# home


@chaff("web.own-week")
def a_student_is_at_home_nowhere() -> None:
    """Shows a student's week on the schedule alone."""
    rewrite("home/student.html", "{{ weeks_of(weeks) }}", "")


@chaff("web.counts")
def who_waits_is_counted_as_in() -> None:
    """Shows who is enrolled beside the word for who waits."""
    rewrite("home/registrar.html", "summary[name]", 'summary[name.replace("waitlisted", "enrolled")]')


@chaff("web.fill")
def nobody_is_in_no_section() -> None:
    """Charts no section in which nobody is yet."""
    rewrite("home/registrar.html", "summary.fill | groupby", 'summary.fill | selectattr("enrolled") | groupby')


# the basics


@chaff("web-basic.list", "web.search")
def nobody_has_an_email() -> None:
    """Lists the students' names without their emails."""
    rewrite("students/index.html", "<td>{{ student.email }}</td>", "<td></td>")


@chaff("web-basic.escape", "web.escape")
def a_name_is_markup() -> None:
    """Puts names into the page as they are."""
    rewrite("students/index.html", "{{ student.name }}", "{{ student.name | safe }}")


@chaff("web-basic.form", "web.add", "web.trimmed", "web.reload", "web.expired-form", "web.journey")
def a_form_is_sent_on_as_a_form() -> None:
    """Sends the API a new student as a form, not as JSON."""

    @instead(Api)
    def send(right: Callable[..., Any], api: Api, method: str, path: str, **content: Any) -> Any:
        if (method, path) == ("POST", "/students"):
            content["data"] = content.pop("json")
        return right(api, method, path, **content)


@chaff("web-basic.bad-form", "web.bad-form", "web.summary")
def nameless_students_have_a_name() -> None:
    """Makes up a name for who gives none."""

    @instead(students)
    def add_page(right: Callable[..., Any], noun: str, form: StudentForm, collection: Any) -> Any:
        if form.is_submitted():
            form.name.data = form.name.data or "Nobody"
        return right(noun, form, collection)


@chaff("web-basic.missing")
def what_is_missing_is_an_exception() -> None:
    """Shows what the program's exception says where there is no such student."""

    @instead(errors)
    def page(right: Callable[..., Any], status: int, text: str | None = None, headers: Any = None) -> Any:
        return right(status, "requests.exceptions.HTTPError: 404 Client Error" if status == 404 else text, headers)


# once the API is stopped


@chaff("web.api-down")
def without_the_api_all_is_500() -> None:
    """Answers 500 while the API is down."""
    instead(errors, "_down")(lambda *_: errors.page(500))


@chaff("web.api-down", "web-basic.api-down")
def without_the_api_a_trace_is_shown() -> None:
    """Asks after the API before each page, and shows the traceback when it is gone."""

    @on_app
    def change(app: Flask) -> None:
        @app.before_request
        def ask() -> str | None:
            try:
                requests.get(f"{app.extensions['api'].url}/health/live", timeout=5)
            except requests.RequestException:
                return f"<pre>{traceback.format_exc()}</pre>"
            return None
