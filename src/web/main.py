"""create_app: wiring, nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.routing import IntegerConverter

from web import answers, errors
from web.client import Connection
from web.config import Settings
from web.session import CookieSession
from web.views.auth import auth
from web.views.courses import courses
from web.views.enrollments import enrollments
from web.views.home import home
from web.views.sections import sections
from web.views.students import students
from web.views.terms import terms
from web.views.users import users


class IdConverter(IntegerConverter):
    """One spelling for each id, and none so long that Python refuses to read it."""

    regex = "[1-9][0-9]{0,9}"


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        MAX_CONTENT_LENGTH=256 * 1024,  # 10,000 characters, each as twelve, and more
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may stay open all day
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.session_interface = CookieSession()
    app.url_map.converters["id"] = IdConverter
    app.extensions["api"] = Connection(settings.api_url, connections=settings.threads)
    app.extensions["clock"] = clock
    answers.register(app)
    errors.register(app)
    CSRFProtect(app)
    Bootstrap5(app)
    for blueprint in (auth, home, students, courses, terms, sections, enrollments, users):
        app.register_blueprint(blueprint)
    return app
