from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.forms.enrollments import EnrollForm
from web.forms.form import VersionedForm
from web.forms.students import StudentForm, StudentSearch
from web.session import api, only, typed
from web.views.enrollments import enroll
from web.views.pages import add_page, delete_page, edit_page, list_page, standing
from web.views.sections import current_sections

students = Blueprint("students", __name__, url_prefix="/students")


@students.get("")
@only("registrar", "instructor")
def index() -> ResponseReturnValue:
    return list_page("student", StudentSearch(request.args), api().students)


@students.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    return add_page("student", StudentForm(typed()), api().students)


@students.route("/<id:id_>", methods=["GET", "POST"])
@only()
def detail(id_: int) -> ResponseReturnValue:
    """With a form for a registrar to enroll them."""
    if session["role"] == "registrar":
        return _for_registrar(id_)
    if request.method == "POST":
        abort(403)
    return render_template("students/detail.html", **_record(id_))


@students.route("/<id:id_>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(id_: int) -> ResponseReturnValue:
    form = StudentForm(typed(), obj=standing(api().students, id_))
    return edit_page("student", form, api().students, id_)


@students.route("/<id:id_>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(id_: int) -> ResponseReturnValue:
    return delete_page("student", VersionedForm(), api().students, id_)


def _for_registrar(id_: int) -> ResponseReturnValue:
    form = EnrollForm(typed())
    form.offer(current_sections())
    if form.validate_on_submit():
        with form.refusals():
            enroll(id_, form.section_id.data, join_waitlist=form.join_waitlist.data)
            return redirect(url_for(".detail", id_=id_))
    return render_template("students/detail.html", form=form, **_record(id_)), form.status


def _record(id_: int) -> dict[str, Any]:
    """What a detail page shows; no transcript for instructors."""
    return {
        "student": api().students.get(id_),
        "enrollments": api().enrollments("students", id_),
        "transcript": api().transcript(id_) if session["role"] != "instructor" else None,
    }
