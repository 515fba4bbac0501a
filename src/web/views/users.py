from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web.forms.form import SearchForm
from web.forms.users import UserChangeForm, UserForm
from web.session import api, only, typed
from web.views.pages import add_page, edit_page, list_page, standing

users = Blueprint("users", __name__, url_prefix="/users")


@users.get("")
@only("registrar")
def index() -> ResponseReturnValue:
    return list_page("user", SearchForm(request.args), api().users)


@users.route("/new", methods=["GET", "POST"])
@only("registrar")
def new() -> ResponseReturnValue:
    return add_page("user", UserForm(typed()), api().users)


@users.get("/<id:id_>")
@only("registrar")
def detail(id_: int) -> ResponseReturnValue:
    return render_template("users/detail.html", user=api().users.get(id_))


@users.route("/<id:id_>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(id_: int) -> ResponseReturnValue:
    form = UserChangeForm(typed(), obj=standing(api().users, id_))
    return edit_page("user", form, api().users, id_)
