from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.forms.users import UserChangeForm, UserForm
from web.session import api, only, typed

users = Blueprint("users", __name__, url_prefix="/users")


@users.get("")
@only("registrar")
def index() -> ResponseReturnValue:
    return render_template("users/index.html", page=api().users.page(request.args))


@users.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    form = UserForm(typed())
    if form.validate_on_submit():
        with form.refusals({"email_taken": "email", "student_taken": "student_id", "not_found": "student_id"}):
            user = api().users.add(form.entry)
            flash("User added.", "status")
            return redirect(url_for(".detail", user_id=user.id))
    return render_template("users/form.html", form=form, title="Add user", back=url_for(".index")), form.status


@users.get("/<id:user_id>")
@only("registrar")
def detail(user_id: int) -> ResponseReturnValue:
    return render_template("users/detail.html", user=api().users.get(user_id))


@users.route("/<id:user_id>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(user_id: int) -> ResponseReturnValue:
    form = UserChangeForm(typed(), obj=api().users.get(user_id) if request.method == "GET" else None)
    back = url_for(".detail", user_id=user_id)
    if form.validate_on_submit():
        with form.refusals({"student_taken": "student_id", "not_found": "student_id"}):
            api().users.change(user_id, form.entry, form.version)
            flash("User saved.", "status")
            return redirect(back)
    if form.stale:
        form.rebase(api().users.get(user_id))
    return render_template("users/form.html", form=form, title="Edit user", back=back), form.status
