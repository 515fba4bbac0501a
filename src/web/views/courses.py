from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.forms.courses import CourseForm, CourseSearch
from web.forms.form import VersionedForm
from web.resources import Course
from web.session import api, only, typed

courses = Blueprint("courses", __name__, url_prefix="/courses")
BLAMED = {"code_taken": "code", "prerequisite_cycle": "prerequisite_ids"}


@courses.get("")
@only()
def index() -> ResponseReturnValue:
    form = CourseSearch(request.args)
    if not form.validate():
        return render_template("courses/index.html", form=form, page=None), 422
    page = api().courses.page({**request.args, "q": form.data["q"]})
    return render_template("courses/index.html", form=form, page=page)


@courses.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    form = _form(None)
    if form.validate_on_submit():
        with form.refusals(BLAMED):
            course = api().courses.add(form.entry)
            flash("Course added.", "status")
            return redirect(url_for(".detail", course_id=course.id))
    return render_template("courses/form.html", form=form, title="Add course", back=url_for(".index")), form.status


@courses.get("/<id:course_id>")
@only()
def detail(course_id: int) -> ResponseReturnValue:
    course = api().courses.get(course_id)
    return render_template("courses/detail.html", course=course, prerequisites=_prerequisites(course))


@courses.route("/<id:course_id>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(course_id: int) -> ResponseReturnValue:
    form = _form(course_id)
    back = url_for(".detail", course_id=course_id)
    if form.validate_on_submit():
        with form.refusals(BLAMED):
            api().courses.replace(course_id, form.entry, form.version)
            flash("Course saved.", "status")
            return redirect(back)
    prerequisites = []
    if form.stale:
        now = api().courses.get(course_id)
        form.rebase(now)
        prerequisites = _prerequisites(now)
    page = render_template("courses/form.html", form=form, title="Edit course", back=back, prerequisites=prerequisites)
    return page, form.status


@courses.route("/<id:course_id>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(course_id: int) -> ResponseReturnValue:
    form = VersionedForm()
    if form.validate_on_submit():
        with form.refusals():
            api().courses.delete(course_id, form.version)
            flash("Course deleted.", "status")
            return redirect(url_for(".index"))
    course = api().courses.get(course_id)
    form.etag.data = course.etag
    back = url_for(".detail", course_id=course_id)
    name = f"{course.code} {course.title}"
    return render_template("delete.html", form=form, noun="course", name=name, back=back), form.status


def _form(course_id: int | None) -> CourseForm:
    """A new course, or what stands, with every other course to choose prerequisites from."""
    standing = api().courses.get(course_id) if course_id and request.method == "GET" else None
    form = CourseForm(typed(), obj=standing)
    others = [course for course in api().courses.all() if course.id != course_id]
    form.prerequisite_ids.choices = [(str(course.id), f"{course.code} {course.title}") for course in others]
    return form


def _prerequisites(course: Course) -> list[Course]:
    return [api().courses.get(id_) for id_ in course.prerequisite_ids]
