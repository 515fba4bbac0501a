from typing import Any, TypeAlias

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.forms.enrollments import EnrollForm
from web.forms.form import VersionedForm
from web.forms.students import StudentForm, StudentSearch
from web.session import api, only, typed
from web.views.enrollments import enroll

students = Blueprint("students", __name__, url_prefix="/students")
Choices: TypeAlias = dict[str, list[tuple[str, str]]]


@students.get("")
@only("registrar", "instructor")
def index() -> ResponseReturnValue:
    """The API's own links to its next and previous page are followed by their query."""
    form = StudentSearch(request.args)
    if not form.validate():
        return render_template("students/index.html", form=form, page=None), 422
    page = api().students.page({**request.args, "q": form.data["q"]})
    return render_template("students/index.html", form=form, page=page)


@students.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    form = StudentForm(typed())
    if form.validate_on_submit():
        with form.refusals({"email_taken": "email"}):
            student = api().students.add(form.entry)
            flash("Student added.", "status")
            return redirect(url_for(".detail", student_id=student.id))
    return render_template("students/form.html", form=form, title="Add student", back=url_for(".index")), form.status


@students.route("/<id:student_id>", methods=["GET", "POST"])
@only()
def detail(student_id: int) -> ResponseReturnValue:
    """With a form for a registrar to enroll them."""
    if session["role"] == "registrar":
        return _for_registrar(student_id)
    if request.method == "POST":
        abort(403)
    return render_template("students/detail.html", **_record(student_id))


@students.route("/<id:student_id>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(student_id: int) -> ResponseReturnValue:
    form = StudentForm(typed(), obj=api().students.get(student_id) if request.method == "GET" else None)
    back = url_for(".detail", student_id=student_id)
    if form.validate_on_submit():
        with form.refusals({"email_taken": "email"}):
            api().students.replace(student_id, form.entry, form.version)
            flash("Student saved.", "status")
            return redirect(back)
    if form.stale:
        form.rebase(api().students.get(student_id))
    return render_template("students/form.html", form=form, title="Edit student", back=back), form.status


@students.route("/<id:student_id>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(student_id: int) -> ResponseReturnValue:
    form = VersionedForm()
    if form.validate_on_submit():
        with form.refusals():
            api().students.delete(student_id, form.version)
            flash("Student deleted.", "status")
            return redirect(url_for(".index"))
    student = api().students.get(student_id)
    form.etag.data = student.etag
    back = url_for(".detail", student_id=student_id)
    return render_template("delete.html", form=form, noun="student", name=student.name, back=back), form.status


def _for_registrar(student_id: int) -> ResponseReturnValue:
    form = EnrollForm(typed())
    form.section_id.choices = _sections()
    if form.validate_on_submit():
        with form.refusals():
            enroll(student_id, int(form.data["section_id"]), join_waitlist=form.data["join_waitlist"])
            return redirect(url_for(".detail", student_id=student_id))
    return render_template("students/detail.html", form=form, **_record(student_id)), form.status


def _record(student_id: int) -> dict[str, Any]:
    """What a detail page shows; no transcript for instructors."""
    return {
        "student": api().students.get(student_id),
        "enrollments": api().enrollments("students", student_id),
        "transcript": api().transcript(student_id) if session["role"] != "instructor" else None,
    }


def _sections() -> Choices:
    """All of them, by term, the newest first."""
    starts_on = {term.id: term.starts_on for term in api().terms.all()}
    ordered = sorted(api().sections.all(), key=lambda section: section.label)
    ordered.sort(key=lambda section: starts_on[section.term_id], reverse=True)
    choices: Choices = {"": [("", "Choose…")]}
    for section in ordered:
        seats = f"{section.seats_left} left" if section.seats_left else "full"
        choice = (str(section.id), f"{section.label}, {section.course.title} ({seats})")
        choices.setdefault(section.term.name, []).append(choice)
    return choices
