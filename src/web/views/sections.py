from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.forms.enrollments import SeatForm, grades_form
from web.forms.form import Form
from web.forms.sections import SectionForm, SectionSearch
from web.resources import Section
from web.session import api, only, own_student_id, typed
from web.views.enrollments import enroll

sections = Blueprint("sections", __name__, url_prefix="/sections")
BLAMED = {
    "number_taken": "number",
    "invalid_meeting": "meetings",
    "not_an_instructor": "instructor_id",
    "capacity_below_enrolled": "capacity",
}


@sections.get("")
@only()
def index() -> ResponseReturnValue:
    form = SectionSearch(request.args)
    form.term_id.choices = [("", "All terms"), *_terms()]
    form.course_id.choices = [("", "All courses"), *_courses()]
    if not form.validate():
        return render_template("sections/index.html", form=form, page=None), 422
    asked = {name: text for name, text in {**request.args, **form.query}.items() if text}
    return render_template("sections/index.html", form=form, page=api().sections.page(asked))


@sections.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    form = _form(None)
    if form.validate_on_submit():
        with form.refusals(BLAMED):
            section = api().sections.add(form.entry)
            flash("Section added.", "status")
            return redirect(url_for(".detail", section_id=section.id))
    return render_template("form.html", form=form, title="Add section", back=url_for(".index")), form.status


@sections.route("/<id:section_id>", methods=["GET", "POST"])
@only()
def detail(section_id: int) -> ResponseReturnValue:
    """The form on it is a student's to enroll with, or their teacher's and the registrar's to grade with."""
    section = api().sections.get(section_id)
    if session["role"] == "student":
        return _for_student(section)
    if session["role"] == "registrar" or section.instructor_id == session["user_id"]:
        return _for_staff(section)
    if request.method == "POST":
        abort(403)
    return render_template("sections/detail.html", section=section)


@sections.route("/<id:section_id>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(section_id: int) -> ResponseReturnValue:
    form = _form(section_id)
    back = url_for(".detail", section_id=section_id)
    if form.validate_on_submit():
        with form.refusals(BLAMED):
            api().sections.replace(section_id, form.entry)
            flash("Section saved.", "status")
            return redirect(back)
    return render_template("form.html", form=form, title="Edit section", back=back), form.status


@sections.route("/<id:section_id>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(section_id: int) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            api().sections.delete(section_id)
            flash("Section deleted.", "status")
            return redirect(url_for(".index"))
    section = api().sections.get(section_id)
    back = url_for(".detail", section_id=section_id)
    name = f"{section.label}, {section.term.name}"
    return render_template("delete.html", form=form, noun="section", name=name, back=back), form.status


def _for_student(section: Section) -> ResponseReturnValue:
    student_id = own_student_id()
    form = SeatForm(typed())
    if form.validate_on_submit():
        with form.refusals():
            enroll(student_id, section.id, join_waitlist=bool(form.join_waitlist.data))
            return redirect(url_for(".detail", section_id=section.id))
    if form.alerts:
        section = api().sections.get(section.id)
    form.join_waitlist.data = "" if section.seats_left else "yes"
    theirs = [each for each in api().enrollments("students", student_id) if each.section_id == section.id]
    own = next((each for each in theirs if each.status in ("enrolled", "waitlisted", "completed")), None)
    return render_template("sections/detail.html", section=section, form=form, own=own), form.status


def _for_staff(section: Section) -> ResponseReturnValue:
    listed = api().enrollments("sections", section.id)
    seated = [enrollment for enrollment in listed if enrollment.status != "waitlisted"]
    form = grades_form(seated)(typed())
    if form.validate_on_submit():
        with form.refusals():
            _grade(form.entry)
            return redirect(url_for(".detail", section_id=section.id))
    waiting = [enrollment for enrollment in listed if enrollment.status == "waitlisted"]
    page = render_template("sections/detail.html", section=section, form=form, seated=seated, waiting=waiting)
    return page, form.status


def _grade(grades: dict[int, str]) -> None:
    """One call a grade, so that those before a refusal are saved; the page that tells it shows them."""
    for enrollment_id, grade in grades.items():
        api().grade(enrollment_id, grade)
    flash("Grades saved." if grades else "No grade was changed.", "status")


def _form(section_id: int | None) -> SectionForm:
    """A new section, or what stands, with all that there is to choose from."""
    standing = api().sections.get(section_id) if section_id and request.method == "GET" else None
    form = SectionForm(typed(), obj=standing)
    form.course_id.choices = [("", "Choose…"), *_courses()]
    form.term_id.choices = [("", "Choose…"), *_terms()]
    instructors = [user for user in api().users.all() if user.role == "instructor"]
    form.instructor_id.choices = [("", "Nobody yet"), *((str(user.id), user.name) for user in instructors)]
    return form


def _courses() -> list[tuple[str, str]]:
    ordered = sorted(api().courses.all(), key=lambda course: course.code)
    return [(str(course.id), f"{course.code} {course.title}") for course in ordered]


def _terms() -> list[tuple[str, str]]:
    """The newest first."""
    ordered = sorted(api().terms.all(), key=lambda term: term.starts_on, reverse=True)
    return [(str(term.id), term.name) for term in ordered]
