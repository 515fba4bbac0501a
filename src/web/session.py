"""Who is logged in, in a signed cookie: the token, the role, and a form that outlives an expired login."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from web.client import Caller
from web.operations import Api
from web.resources import Role, User

LOCAL_PATH = re.compile(r"(?!/logout\b)/([a-z0-9-]+(/[a-z0-9-]+)*)?(\?[!-~]*)?")
LARGEST_KEPT_FORM = 2_400  # characters of JSON: with signature and base64 the cookie stays under the 4 KB browsers keep
View = ParamSpec("View")


class CookieSession(SecureCookieSessionInterface):
    """Secure everywhere but on plain HTTP to this very machine."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(super().get_cookie_secure(app)) or urlsplit(request.host_url).hostname not in {
            "localhost",
            "127.0.0.1",
            "::1",
        }


def api() -> Api:
    """The API, as whoever is logged in; one deadline spans all its calls for one page."""
    if "api" not in g:
        caller = Caller(session.get("token"), g.request_id, request.remote_addr or "")
        g.api = Api(current_app.extensions["api"], caller)
    operations: Api = g.api
    return operations


def now() -> datetime:
    time: datetime = current_app.extensions["clock"]()
    return time


def only(*roles: Role) -> Callable[[Callable[View, ResponseReturnValue]], Callable[View, ResponseReturnValue]]:
    """Keep a page for these roles, or with none named for anybody logged in. The API decides again for itself."""

    def guard(view: Callable[View, ResponseReturnValue]) -> Callable[View, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> ResponseReturnValue:
            if "token" not in session:
                return to_login()
            if roles and session["role"] not in roles:
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


def own_student_id() -> int:
    """Which student is logged in; a registrar may have linked the login to another since then."""
    student_id = api().me().student_id
    if student_id is None:
        abort(403)
    return student_id


def begin(token: str, user: User) -> None:
    """Start a new session, in which only a form that this user had typed lives on."""
    kept = session.get("kept")
    session.clear()
    session.update(token=token, role=user.role, user_id=user.id)
    if kept and kept["user_id"] in (None, user.id):
        session["kept"] = kept


def to_login() -> ResponseReturnValue:
    """End the session, if any; lead to the login, and from there back to this page and what was typed into it."""
    user_id = session.get("user_id")
    session.clear()
    keep_form(user_id)
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(url_for("auth.login", next=here))


def local(target: str | None) -> str:
    """The target if it is a page of ours, else home. An allowlist: browsers read `/\\t/evil.com` as another host."""
    return target if target and LOCAL_PATH.fullmatch(target) else url_for("home.home")


def keep_form(user_id: int | None) -> None:
    """Keep the form that this user (None: nobody knows) has just posted, without passwords, until `typed` shows it."""
    form = {name: texts for name, texts in request.form.lists() if "password" not in name and name != "csrf_token"}
    if not form.keys() - {"etag"}:
        return
    if len(json.dumps(form)) > LARGEST_KEPT_FORM:
        flash("What you typed was too long to keep. Your browser's Back button may still have it.", "alert")
        return
    session["kept"] = {"path": request.path, "form": form, "user_id": user_id}


def typed() -> MultiDict[str, str] | None:
    """What a person has typed into this page's form: now, or before the login or the API went away."""
    if request.method == "POST":
        return request.form
    if session.get("kept", {}).get("path") != request.path:
        return None
    flash("This is what you had typed. It is not saved yet.", "status")
    return MultiDict(session.pop("kept")["form"])
