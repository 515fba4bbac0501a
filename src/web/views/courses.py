from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web.forms.courses import CourseForm, CourseSearch
from web.forms.form import VersionedForm
from web.session import api, only, typed
from web.views.pages import add_page, delete_page, edit_page, list_page, standing

courses = Blueprint("courses", __name__, url_prefix="/courses")


@courses.get("")
@only()
def index() -> ResponseReturnValue:
    return list_page("course", CourseSearch(request.args), api().courses)


@courses.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    form = CourseForm(typed())
    form.offer(api().courses.all())
    return add_page("course", form, api().courses)


@courses.get("/<id:id_>")
@only()
def detail(id_: int) -> ResponseReturnValue:
    course = api().courses.get(id_)
    prerequisites = [api().courses.get(each) for each in course.prerequisite_ids]
    return render_template("courses/detail.html", course=course, prerequisites=prerequisites)


@courses.route("/<id:id_>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(id_: int) -> ResponseReturnValue:
    form = CourseForm(typed(), obj=standing(api().courses, id_))
    form.offer([course for course in api().courses.all() if course.id != id_])
    return edit_page("course", form, api().courses, id_)


@courses.route("/<id:id_>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(id_: int) -> ResponseReturnValue:
    return delete_page("course", VersionedForm(), api().courses, id_)
