from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.forms.form import VersionedForm
from web.forms.terms import TermForm
from web.session import api, only, typed

terms = Blueprint("terms", __name__, url_prefix="/terms")
BLAMED = {"name_taken": "name"}


@terms.get("")
@only()
def index() -> ResponseReturnValue:
    return render_template("terms/index.html", page=api().terms.page(request.args))


@terms.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    form = TermForm(typed())
    if form.validate_on_submit():
        with form.refusals(BLAMED):
            term = api().terms.add(form.entry)
            flash("Term added.", "status")
            return redirect(url_for(".detail", term_id=term.id))
    return render_template("terms/form.html", form=form, title="Add term", back=url_for(".index")), form.status


@terms.get("/<id:term_id>")
@only()
def detail(term_id: int) -> ResponseReturnValue:
    return render_template("terms/detail.html", term=api().terms.get(term_id))


@terms.route("/<id:term_id>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(term_id: int) -> ResponseReturnValue:
    form = TermForm(typed(), obj=api().terms.get(term_id) if request.method == "GET" else None)
    back = url_for(".detail", term_id=term_id)
    if form.validate_on_submit():
        with form.refusals(BLAMED):
            api().terms.replace(term_id, form.entry, form.version)
            flash("Term saved.", "status")
            return redirect(back)
    if form.stale:
        form.rebase(api().terms.get(term_id))
    return render_template("terms/form.html", form=form, title="Edit term", back=back), form.status


@terms.route("/<id:term_id>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(term_id: int) -> ResponseReturnValue:
    form = VersionedForm()
    if form.validate_on_submit():
        with form.refusals():
            api().terms.delete(term_id, form.version)
            flash("Term deleted.", "status")
            return redirect(url_for(".index"))
    term = api().terms.get(term_id)
    form.etag.data = term.etag
    back = url_for(".detail", term_id=term_id)
    return render_template("delete.html", form=form, noun="term", name=term.name, back=back), form.status
