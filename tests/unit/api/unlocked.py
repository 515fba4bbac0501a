"""The API with the lock of seats taken away, for uvicorn to serve, and a test to see what that lock is for."""

from fastapi import FastAPI
from sqlalchemy import Connection

from api import database, main
from api.models import Term
from api.repositories.terms import Terms


def read_only(terms: Terms, term_id: int) -> Term:
    """The term, which others may decide about at the same time."""
    return terms._session.get_one(Term, term_id)  # noqa: SLF001 - in place of a method


def leave_open(connection: Connection) -> None:
    """Begin nothing, so that on SQLite each statement is a transaction of its own."""


def create_app() -> FastAPI:
    Terms.lock = read_only  # type: ignore[assignment, method-assign]  # taken away, as the test wants
    database._begin_immediate = leave_open  # noqa: SLF001 - SQLite's lock
    return main.create_app()
