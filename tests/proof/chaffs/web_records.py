"""What goes wrong for who keeps the records: lists, forms, searches, and what every page owes its reader."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import Flask, Response, g, request, session
from flask_wtf.csrf import validate_csrf
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import PasswordInput

import web.session
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import instead, on_app, rewrite
from web import answers
from web.client import Refused
from web.forms import form
from web.forms.form import Form, VersionedForm
from web.forms.sections import MeetingsField, SectionSearch
from web.forms.students import StudentForm
from web.forms.users import StudentNumberField, UserChangeForm, UserForm
from web.operations import Api, Collection
from web.resources import Enrollment, Page, User
from web.views import students, users

POLICY = "Content-Security-Policy"


def deaf_to(code: str, operation: str) -> None:
    """Let the API refuse with this code, and the page say that all went well."""

    @instead(Collection, operation)
    def deaf(right: Callable[..., Any], *arguments: Any) -> None:
        try:
            right(*arguments)
        except Refused as refused:
            if refused.code != code:
                raise


def path_of(collection: Any) -> str:
    """The path at which the API keeps it."""
    return str(collection._path)  # noqa: SLF001 - it sends requests there, and tells nobody else


def finds_only(path: str, those: Callable[[Any, str], bool]) -> None:
    """Let a search of this list show no more of what the API found than those."""

    @instead(Collection, "page")
    def sifted(right: Callable[..., Page[Any]], collection: Any, query: Mapping[str, Any]) -> Page[Any]:
        page = right(collection, query)
        if path_of(collection) == path and (sought := query.get("q")):
            page.items = [each for each in page.items if those(each, sought.lower())]
        return page


def sends(of: type[Form], change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let a form send the API something else than what was typed."""

    @instead(of)
    def entry(right: Callable[[Form], dict[str, Any]], form: Form) -> dict[str, Any]:
        return change(right(form))


# lists, and what is done with one record


@chaff("web.details")
def courses_have_no_titles() -> None:
    """Shows of a course all but its title."""
    rewrite("courses/facts.html", "{{ course.title }}", "")


@chaff("web.enrollments")
def a_student_seems_to_be_in_no_section() -> None:
    """Shows students without their enrollments."""
    rewrite("students/detail.html", "{% if enrollments %}", "{% if false %}")


@chaff("web.list")
def no_user_has_a_page() -> None:
    """Lists the users without links to their pages."""
    rewrite("users/index.html", '<a href="{{ path }}/{{ user.id }}">{{ user.name }}</a>', "{{ user.name }}")


@chaff("web.add")
def sections_meet_once_a_week() -> None:
    """Reads the first line of the meetings, and no other."""

    @instead(MeetingsField)
    def process_formdata(right: Callable[..., None], field: MeetingsField, typed: list[str]) -> None:
        right(field, [text.splitlines()[0] for text in typed if text])


@chaff("web.taken")
def an_email_is_taken_in_silence() -> None:
    """Shows the form again when an email is taken, and does not say why."""

    @instead(StudentForm)
    def _tell(right: Callable[..., None], form: StudentForm, refused: Refused, blamed: str | None) -> None:
        if refused.code != "email_taken":
            right(form, refused, blamed)


@chaff("web.edit")
def the_box_is_never_checked() -> None:
    """Shows the form to edit a user with Active unchecked, so that whoever saves it locks them out."""

    @instead(users)
    def standing(right: Callable[..., User | None], *of: Any) -> User | None:
        user = right(*of)
        return user and user.model_copy(update={"is_active": False})


@chaff("web.stale", "web.stale-delete")
def the_last_to_save_wins() -> None:
    """Saves an edit, and deletes, whatever has happened since the form was shown."""

    @instead(VersionedForm)
    def version(*_: Any) -> str:
        return "*"


@chaff("web.delete-asks")
def cancel_deletes_too() -> None:
    """Has two buttons in the form that deletes, and one of them says Cancel."""
    rewrite("delete.html", '<a class="btn btn-link" href="{{ back }}">Cancel</a>', "<button>Cancel</button>")


@chaff("web.delete")
def terms_are_for_ever() -> None:
    """Says that a term is deleted, and does not ask the API to."""

    @instead(Collection)
    def delete(right: Callable[..., None], collection: Any, id_: int, version: str) -> None:
        if path_of(collection) != "/terms":
            right(collection, id_, version)


@chaff("web.in-use")
def what_is_in_use_is_said_to_be_deleted() -> None:
    """Says that a term is deleted whose sections keep it."""
    deaf_to("in_use", "delete")


# forms


@chaff("web.bad-form")
def a_bad_form_is_200() -> None:
    """Shows a bad form again with status 200."""

    @instead(Form)
    def validate_on_submit(right: Callable[[Form], bool], form: Form) -> bool:
        valid = right(form)
        form.status = 200
        return valid


@chaff("web.bad-form")
def a_bad_form_is_empty() -> None:
    """Shows a bad form again without what was typed."""

    @instead(Form)
    def validate_on_submit(right: Callable[[Form], bool], form: Form) -> bool:
        valid = right(form)
        if form.is_submitted() and not valid:
            for field in form:
                field.data = "" if isinstance(field, StringField) else field.data
        return valid


@chaff("web.bad-form")
def messages_belong_to_no_field() -> None:
    """Shows each message beside its field, and does not tie it to it."""

    @instead(form)
    def ties(_right: Any, _field: Any) -> dict[str, str]:
        return {}


@chaff("web.summary")
def the_summary_is_not_read() -> None:
    """Leaves the focus where it was when a form is bad."""
    rewrite("forms.html", " autofocus", "")


@chaff("web.password-hidden")
def a_password_comes_back() -> None:
    """Fills a password in again."""
    show_passwords()


def show_passwords() -> None:
    UserForm.password = PasswordField("Password", [DataRequired()], widget=PasswordInput(hide_value=False))


@chaff("web.csrf")
def every_form_is_obeyed() -> None:
    """Takes a form without a token."""

    @on_app
    def obey(app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False


@chaff("web.csrf")
def forged_forms_are_obeyed_before_they_are_refused() -> None:
    """Heeds a token that is missing when all has been done."""

    @on_app
    def obey(app: Flask) -> None:
        app.config["WTF_CSRF_CHECK_DEFAULT"] = False

        @app.before_request
        def trust() -> None:
            g.csrf_valid, g.is_forged = True, request.method == "POST"
            with suppress(ValidationError):
                validate_csrf(request.form.get("csrf_token"))
                g.is_forged = False

        @app.after_request
        def refuse(answer: Response) -> Response:
            answer.status_code = 403 if g.get("is_forged") else answer.status_code
            return answer


@chaff("web.expired-form")
def the_login_forgets() -> None:
    """Loses what was typed when the session has expired."""

    @instead(web.session)
    def keep_form(_right: Any, _user_id: int | None) -> None: ...


@chaff("web.expired-once")
def the_login_never_forgets() -> None:
    """Shows what was typed before the login whenever the form is opened."""

    @instead(students)
    def typed(right: Callable[[], Any]) -> Any:
        kept = session.get("kept")
        typed = right()
        if kept:
            session["kept"] = kept
        return typed


@chaff("web.expired-password")
def a_form_with_a_password_is_lost() -> None:
    """Keeps nothing of a form that has a password."""

    @instead(web.session)
    def keep_form(right: Callable[[int | None], None], user_id: int | None) -> None:
        if not any("password" in name for name in request.form):
            right(user_id)


@chaff("web.password-hidden", "web.expired-password")
def a_password_is_kept_in_the_cookie() -> None:
    """Keeps a password with the form, and fills it in again."""
    show_passwords()

    @instead(web.session)
    def keep_form(right: Callable[[int | None], None], user_id: int | None) -> None:
        right(user_id)
        if "password" in request.form and "kept" in session:
            session["kept"]["form"]["password"] = request.form.getlist("password")


# students


@chaff("web.paging")
def page_2_repeats_a_row() -> None:
    """Shows the first student of each page twice, but for the first page's."""

    @instead(Collection)
    def page(right: Callable[..., Page[Any]], collection: Any, query: Mapping[str, Any]) -> Page[Any]:
        page = right(collection, query)
        if page.previous and path_of(collection) == "/students":
            page.items = [page.items[0], *page.items]
        return page


@chaff("web.paging")
def pages_go_one_way() -> None:
    """Has no link to the page before."""
    rewrite("pages.html", "{% if page.previous %}", "{% if false %}")


@chaff("web.instructor-finds")
def instructors_do_not_search() -> None:
    """Has a search for registrars alone."""
    rewrite("list.html", "{% if form.q %}", '{% if form.q and session.role == "registrar" %}')


@chaff("web.trimmed")
def nothing_is_trimmed() -> None:
    """Sends the API what was typed, with the space around it, which the API refuses."""
    StudentForm.name = StringField("Name", [DataRequired("Enter a name.")])


@chaff("web.reload")
def a_message_is_there_for_good() -> None:
    """Shows a message of success again and again."""

    @on_app
    def keep(app: Flask) -> None:
        app.jinja_env.globals["get_flashed_messages"] = lambda **_: session.get("_flashes", [])


# sections, courses, terms


@chaff("web.section-filter")
def full_sections_are_open() -> None:
    """Has a box for open seats, and does not look whether it is checked."""

    @instead(SectionSearch)
    def query(right: Callable[[SectionSearch], dict[str, Any]], form: SectionSearch) -> dict[str, Any]:
        return {name: asked for name, asked in right(form).items() if name != "open"}


@chaff("web.section-search")
def a_section_is_found_by_a_whole_code() -> None:
    """Finds the sections of the course with exactly this code."""
    finds_only("/sections", lambda section, sought: section.course.code.lower() == sought)


@chaff("web.course-search")
def a_course_has_no_title() -> None:
    """Finds courses by their codes, and not by their titles."""
    finds_only("/courses", lambda course, sought: sought in course.code.lower())


@chaff("web.seats")
def seats_are_only_bars() -> None:
    """Shows how many seats are left, and does not say it."""
    rewrite("sections/table.html", "{{ section.seats_left }} of {{ section.capacity }} left", "")


@chaff("web.raised-capacity")
def a_waitlist_never_moves() -> None:
    """Remembers who waited for a section, and shows them as waiting once they are in."""
    waited: dict[int, Enrollment] = {}

    @instead(Api)
    def enrollments(right: Callable[..., list[Enrollment]], api: Api, of: str, id_: int) -> list[Enrollment]:
        found = right(api, of, id_)
        if of == "students":
            return found
        waited.update({each.id: each for each in found if each.status == "waitlisted"})
        return [waited.get(each.id, each) for each in found]


@chaff("web.capacity-below")
def any_capacity_is_well() -> None:
    """Says that a capacity is saved that the API has refused."""
    deaf_to("capacity_below_enrolled", "save")


@chaff("web.prerequisite-cycle")
def any_prerequisite_is_well() -> None:
    """Says that prerequisites are saved that the API has refused."""
    deaf_to("prerequisite_cycle", "save")


@chaff("web.dates")
def any_date_is_well() -> None:
    """Says that a term is saved whose dates the API has refused."""
    deaf_to("invalid_dates", "save")


# users


@chaff("web.add-user")
def a_login_is_nobodys() -> None:
    """Asks whose a student's login is, and does not say so to the API."""
    sends(UserForm, lambda entry: {name: given for name, given in entry.items() if name != "student_id"})


@chaff("web.student-required")
def who_is_no_student_teaches() -> None:
    """Makes an instructor of a student who is nobody."""
    UserForm.student_id = StudentNumberField(lambda *_: None)
    nobody = {"role": "student", "student_id": None}
    sends(UserForm, lambda entry: entry | {"role": "instructor"} if entry | nobody == entry else entry)


@chaff("web.deactivated")
def everybody_stays_in() -> None:
    """Has a box for whether a user is active, and does not look whether it is checked."""
    sends(UserChangeForm, lambda entry: entry | {"is_active": True})


# every page


@chaff("web.narrow")
def a_banner_is_in_the_way() -> None:
    """Puts a picture of 640 pixels on every page."""
    rewrite(
        "base.html", "<body>", "<body><img src=\"{{ url_for('static', filename='icon.svg') }}\" width=640 alt=\"\">"
    )


@chaff("web.dark")
def dark_on_dark() -> None:
    """Makes the paper dark for who prefers that, and leaves a heading as it was."""
    title = "{% block title required %}{% endblock %}"
    rewrite("base.html", f"<h1>{title}", f'<h1><font color="#1b2530">{title}</font>')


@chaff("web.headers")
def a_page_runs_what_is_in_it() -> None:
    """Allows styles and scripts inside the page."""
    answers.SECURITY[POLICY] += "; script-src 'self' 'unsafe-inline'"


@chaff("web.no-store")
def a_page_outlives_the_logout() -> None:
    """Lets the browser keep pages, and show them to who comes next."""

    @instead(answers)
    def _finish(right: Callable[[Response], Response], response: Response) -> Response:
        response = right(response)
        del response.headers["Cache-Control"]
        return response


@chaff("web.self-contained")
def letters_come_from_afar() -> None:
    """Has every page ask another machine for its font."""
    answers.SECURITY[POLICY] = answers.SECURITY[POLICY].replace("style-src 'self'", "style-src *")
    font = '<link rel="stylesheet" href="https://fonts.example/css?family=Inter">'
    rewrite("base.html", "</head>", f"{font}</head>")


# a working day


@chaff("web.journey")
def a_search_is_remembered() -> None:
    """Shows what a search found before, whatever has been deleted since."""
    found: dict[str, Page[Any]] = {}

    @instead(Collection)
    def page(right: Callable[..., Page[Any]], collection: Any, query: Mapping[str, Any]) -> Page[Any]:
        if "q" not in query:
            return right(collection, query)
        sought = repr((path_of(collection), query))
        found[sought] = found.get(sought) or right(collection, query)
        return found[sought]


@chaff("web.no-javascript", "web.keyboard", "web.bad-form")
def a_script_saves() -> None:
    """Has a button to save students that works with a mouse and JavaScript alone."""
    answers.SECURITY[POLICY] += "; script-src 'self'"
    rewrite("form.html", "<button class", "<button {{ 'type=button' if 'students' in request.path }} class")
    rewrite("form.html", "</form>", "</form><script src=/save.js></script>")

    @on_app
    def serve(app: Flask) -> None:
        click = "document.querySelector('main button').onclick = ({ target }) => target.form.requestSubmit()"
        app.add_url_rule("/save.js", view_func=lambda: Response(click, mimetype="text/javascript"))


@chaff("web.keyboard")
def delete_is_for_a_mouse() -> None:
    """Keeps the link to delete from the Tab key."""
    rewrite(
        "pages.html",
        "href=\"{{ url_for('.delete', id_=id_) }}\"",
        'href="{{ url_for(\'.delete\', id_=id_) }}" tabindex="-1"',
    )
