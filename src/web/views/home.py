from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from web.forms.accounts import AccountForm
from web.session import api, only, own_student_id
from web.views.enrollments import weeks
from web.views.sections import current_sections

home = Blueprint("home", __name__)


@home.get("/", endpoint="home")
@only()
def show() -> ResponseReturnValue:
    """By role: the week, the sections one teaches, or how full everything is."""
    user = api().me()
    if user.role == "student":
        return render_template("home/student.html", user=user, weeks=weeks(own_student_id()))
    if user.role == "instructor":
        theirs = [each for _, offered in current_sections() for each in offered if each.instructor_id == user.id]
        return render_template("home/instructor.html", user=user, sections=theirs)
    return render_template("home/registrar.html", user=user, summary=api().summary())


@home.route("/account", methods=["GET", "POST"])
@only()
def account() -> ResponseReturnValue:
    """A new password ends every session of its owner, this one too."""
    form = AccountForm()
    if form.validate_on_submit():
        with form.refusals():
            api().change_password(form.data["current_password"], form.data["new_password"])
            session.clear()
            flash("Password changed. Log in with the new one.", "status")
            return redirect(url_for("auth.login"))
    return render_template("account.html", form=form, user=api().me()), form.status
