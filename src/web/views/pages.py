"""The pages that every resource has: the list of all, and the forms that add, edit and delete one."""

from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.forms.form import Form, SearchForm
from web.operations import Collection
from web.resources import Resource

Kind = TypeVar("Kind", bound=Resource)


def standing(collection: Collection[Kind], id_: int) -> Kind | None:
    """What a form is first filled with; once it is sent, what was typed counts."""
    return collection.get(id_) if request.method == "GET" else None


def list_page(noun: str, form: SearchForm, collection: Collection[Any]) -> ResponseReturnValue:
    valid = form.validate()
    page = collection.page(form.query) if valid else None
    return render_template(f"{noun}s/index.html", noun=noun, form=form, page=page), 200 if valid else 422


def add_page(noun: str, form: Form, collection: Collection[Any]) -> ResponseReturnValue:
    if form.validate_on_submit():
        with form.refusals():
            added = collection.add(form.entry)
            flash(f"{noun.capitalize()} added.", "status")
            return redirect(url_for(".detail", id_=added.id))
    page = render_template(f"{noun}s/form.html", form=form, title=f"Add {noun}", back=url_for(".index"))
    return page, form.status


def edit_page(noun: str, form: Form, collection: Collection[Any], id_: int) -> ResponseReturnValue:
    back = url_for(".detail", id_=id_)
    if form.validate_on_submit():
        with form.refusals():
            collection.save(id_, form.entry, form.version)
            flash(f"{noun.capitalize()} saved.", "status")
            return redirect(back)
    if form.stale:
        form.rebase(collection.get(id_))
    return render_template(f"{noun}s/form.html", form=form, title=f"Edit {noun}", back=back), form.status


def delete_page(noun: str, form: Form, collection: Collection[Any], id_: int) -> ResponseReturnValue:
    """Asks first, and deletes only what it named: whatever changed since then is shown again."""
    if form.validate_on_submit():
        with form.refusals():
            collection.delete(id_, form.version)
            flash(f"{noun.capitalize()} deleted.", "status")
            return redirect(url_for(".index"))
    now = collection.get(id_)
    form.rebase(now)
    return render_template("delete.html", form=form, noun=noun, now=now, back=url_for(".detail", id_=id_)), form.status
