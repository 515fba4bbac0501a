"""The API as it is, but slow to write down what it has decided: for uvicorn to serve, and a race test to hurry."""

import time
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Connection

from api import database, main
from api.models import Term
from api.repositories.enrollments import Enrollments
from api.repositories.terms import Terms

HESITATION = 0.02  # seconds, for others to come between

_add = Enrollments.add


def add_late(enrollments: Enrollments, *row: Any) -> int:
    time.sleep(HESITATION)
    return _add(enrollments, *row)


def read_only(terms: Terms, term_id: int) -> Term:
    """The term, which others may decide about at the same time."""
    return terms._session.get_one(Term, term_id)  # noqa: SLF001 - in place of a method


def leave_open(connection: Connection) -> None:
    """Begin nothing, so that on SQLite each statement is a transaction of its own."""


def with_lock() -> FastAPI:
    Enrollments.add = add_late  # type: ignore[assignment, method-assign]  # slowed down, as the test wants
    return main.create_app()


def without_lock() -> FastAPI:
    Terms.lock = read_only  # type: ignore[assignment, method-assign]  # taken away, as the test wants
    database._begin_immediate = leave_open  # noqa: SLF001 - SQLite's lock
    return with_lock()
