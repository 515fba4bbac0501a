from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.client import Refused
from web.errors import reasons
from web.forms.enrollments import GradesForm, SeatForm, grades_form
from web.forms.form import Form
from web.forms.sections import SectionForm, SectionSearch
from web.resources import Enrollment, Section, Term
from web.session import api, now, only, own_student_id, typed
from web.views.enrollments import enroll
from web.views.pages import add_page, delete_page, edit_page, list_page, standing
from web.views.terms import newest_first

sections = Blueprint("sections", __name__, url_prefix="/sections")


@sections.get("")
@only()
def index() -> ResponseReturnValue:
    form = SectionSearch(request.args)
    form.term_id.choices = [("", "All terms"), *_terms()]
    form.course_id.choices = [("", "All courses"), *_courses()]
    return list_page("section", form, api().sections)


@sections.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    return add_page("section", _form(), api().sections)


@sections.route("/<id:id_>", methods=["GET", "POST"])
@only()
def detail(id_: int) -> ResponseReturnValue:
    """The form on it is a student's to enroll with, or their teacher's and the registrar's to grade with."""
    section = api().sections.get(id_)
    if session["role"] == "student":
        return _for_student(section)
    if session["role"] == "registrar" or section.instructor_id == session["user_id"]:
        return _for_staff(section)
    if request.method == "POST":
        abort(403)
    return render_template("sections/detail.html", section=section)


@sections.route("/<id:id_>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(id_: int) -> ResponseReturnValue:
    return edit_page("section", _form(obj=standing(api().sections, id_)), api().sections, id_)


@sections.route("/<id:id_>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(id_: int) -> ResponseReturnValue:
    return delete_page("section", Form(), api().sections, id_)


def current_sections() -> list[tuple[Term, list[Section]]]:
    """Of each term that has not ended, or can still be enrolled in; the newest first."""
    terms = [term for term in newest_first() if now().date() <= term.ends_on or now() < term.enrollment_closes_at]
    return [(term, api().sections.all(term_id=term.id)) for term in terms]


def _for_student(section: Section) -> ResponseReturnValue:
    student_id = own_student_id()
    form = SeatForm(typed())
    if form.validate_on_submit():
        with form.refusals():
            enroll(student_id, section.id, join_waitlist=bool(form.join_waitlist.data))
            return redirect(url_for(".detail", id_=section.id))
    if form.alerts:
        section = api().sections.get(section.id)
    form.join_waitlist.data = "" if section.seats_left else "yes"
    theirs = [each for each in api().enrollments("students", student_id) if each.section_id == section.id]
    own = next((each for each in theirs if each.status in ("enrolled", "waitlisted", "completed")), None)
    return render_template("sections/detail.html", section=section, form=form, own=own), form.status


def _for_staff(section: Section) -> ResponseReturnValue:
    form, waiting = _roster(section)
    if form.validate_on_submit():
        alerts = _grade(form)
        if not alerts:
            return redirect(url_for(".detail", id_=section.id))
        form, waiting = _roster(section)  # with the grades that were saved
        form.alerts, form.status = alerts, 409
    return render_template("sections/detail.html", section=section, form=form, waiting=waiting), form.status


def _roster(section: Section) -> tuple[GradesForm, list[Enrollment]]:
    """Who has a seat, as a form to grade them with, and who waits for one."""
    listed = api().enrollments("sections", section.id)
    form = grades_form([each for each in listed if each.status != "waitlisted"])
    return form(typed()), [each for each in listed if each.status == "waitlisted"]


def _grade(form: GradesForm) -> list[str]:
    """One call a grade: one that is refused keeps no other from being saved. Returns what to say of the refused."""
    chosen = form.chosen
    refused = []
    for enrollment, grade in chosen:
        try:
            api().grade(enrollment.id, grade)
        except Refused as refusal:
            refused.append(f"{enrollment.student.name}'s was refused: {' '.join(reasons(refusal))}")
    if not refused:
        flash("Grades saved." if chosen else "No grade was changed.", "status")
        return []
    saved = len(chosen) - len(refused)
    return [f"{saved or 'No'} grade{'s' if saved != 1 else ''} saved; {refused[0]}", *refused[1:]]


def _form(obj: Section | None = None) -> SectionForm:
    """With all that there is to choose from."""
    form = SectionForm(typed(), obj=obj)
    form.course_id.choices = [("", "Choose…"), *_courses()]
    form.term_id.choices = [("", "Choose…"), *_terms()]
    instructors = [(user.id, user.name) for user in api().users.all() if user.role == "instructor"]
    form.instructor_id.choices = [("", "Nobody yet"), *instructors]
    return form


def _courses() -> list[tuple[int, str]]:
    return sorted(((course.id, str(course)) for course in api().courses.all()), key=lambda choice: choice[1])


def _terms() -> list[tuple[int, str]]:
    return [(term.id, term.name) for term in newest_first()]
