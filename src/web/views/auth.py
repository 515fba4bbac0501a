from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.client import Refused
from web.forms.accounts import LoginForm
from web.session import api, begin, local

auth = Blueprint("auth", __name__)


@auth.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    form = LoginForm()
    if form.validate_on_submit():
        with form.refusals():
            token = api().log_in(form.data["email"], form.data["password"])
            begin(token, api().me())
            return redirect(local(request.args.get("next")))
    return render_template("login.html", form=form), form.status


@auth.post("/logout")
def logout() -> ResponseReturnValue:
    """The token dies at the API, so that a copy of the cookie is worth nothing. A dead one is as good as revoked."""
    try:
        api().log_out()
    except Refused as refused:
        if refused.status != 401:
            raise
    session.clear()
    flash("You are logged out.", "status")
    return redirect(url_for("auth.login"))
