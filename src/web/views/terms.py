from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web.forms.form import SearchForm, VersionedForm
from web.forms.terms import TermForm
from web.resources import Term
from web.session import api, only, typed
from web.views.pages import add_page, delete_page, edit_page, list_page, standing

terms = Blueprint("terms", __name__, url_prefix="/terms")


@terms.get("")
@only()
def index() -> ResponseReturnValue:
    return list_page("term", SearchForm(request.args), api().terms)


@terms.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    return add_page("term", TermForm(typed()), api().terms)


@terms.get("/<id:id_>")
@only()
def detail(id_: int) -> ResponseReturnValue:
    return render_template("terms/detail.html", term=api().terms.get(id_))


@terms.route("/<id:id_>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(id_: int) -> ResponseReturnValue:
    form = TermForm(typed(), obj=standing(api().terms, id_))
    return edit_page("term", form, api().terms, id_)


@terms.route("/<id:id_>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(id_: int) -> ResponseReturnValue:
    return delete_page("term", VersionedForm(), api().terms, id_)


def newest_first() -> list[Term]:
    return sorted(api().terms.all(), key=lambda term: term.starts_on, reverse=True)
