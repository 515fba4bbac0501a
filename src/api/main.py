"""Wiring, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api import openapi, problems
from api.config import Settings
from api.database import Clock, Database
from api.middleware import BodyLimit, RequestID
from api.routers import auth, courses, enrollments, health, sections, students, terms, users
from api.security import Passwords, TokenSource, new_token


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = utc_now,
    token_source: TokenSource = new_token,
    passwords: Passwords | None = None,
) -> FastAPI:
    """The API. What a test may want to decide comes in: time, tokens, and the cost of a password's hash."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.database.close()
        app.state.passwords.close()

    app: FastAPI = FastAPIOffline(
        redoc_url=None,
        title="Registrar",
        version="1.0.0",
        description="A student enrollment system.",
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.database = Database(settings, clock)
    app.state.passwords = passwords or Passwords(refuse_demo=settings.production)
    app.state.new_token = token_source
    # auth before users, as /users/me before /users/{user_id}: the first path that fits is taken
    for each in (students, auth, users, terms, courses, sections, enrollments, health):
        app.include_router(each.router)
    app.openapi = partial(openapi.document, app)  # type: ignore[method-assign]  # the way that FastAPI documents
    problems.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestID)
    return app
