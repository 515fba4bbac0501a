"""What is asked for: students in any number, the answers that they make, and a token to ask with."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, create_engine, text

PAGE = 50
LOGIN = {"username": "registrar@example.edu", "password": "correct horse battery"}
PRIME = 1_000_003  # scatters the numbers in the names, so that each is there once, over every trigram of digits

SCATTERED = f"(CAST(n AS bigint) * 7919 % {PRIME})"
STUDENTS = text(
    f"""
    INSERT INTO students (name, email)
    WITH RECURSIVE numbers(n) AS (
        SELECT max(id) + 1 FROM students UNION ALL SELECT n + 1 FROM numbers WHERE n < :count
    )
    SELECT 'Student ' || {SCATTERED}, 'student' || {SCATTERED} || '@example.org' FROM numbers
    """
)


def fill(database_url: str, count: int) -> None:
    """Add students to those of the seed until there are so many (about a minute for a million)."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        fast = _without_index if engine.dialect.name == "postgresql" else contextlib.nullcontext
        with fast(connection):
            connection.execute(STUDENTS, {"count": count})
    engine.dispose()


@contextlib.contextmanager
def _without_index(connection: Connection) -> Iterator[None]:
    """A trigram index of a million rows is made at once in seconds, row by row in minutes."""
    index = connection.scalar(text("SELECT pg_get_indexdef('ix_students_search'::regclass)"))
    connection.exec_driver_sql("DROP INDEX ix_students_search")
    yield
    connection.exec_driver_sql(index)
    connection.exec_driver_sql("VACUUM ANALYZE students")  # which it does by itself, some time later


def number_of(student_id: int) -> str:
    """What is in one name and one email only."""
    return str(student_id * 7919 % PRIME)


def first_page(database_url: str) -> dict[str, Any]:
    """What `GET /students` has to answer."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, name, email FROM students ORDER BY id LIMIT :page"), {"page": PAGE})
        students = [dict(row) for row in rows.mappings()]
    engine.dispose()
    return {"students": students, "next": f"/students?after={students[-1]['id']}", "previous": None}


def compact(value: Any) -> bytes:
    """JSON as FastAPI writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def token(url: str) -> str:
    granted: str = json.loads(fetch(f"{url}/auth/token", data=urlencode(LOGIN).encode()))["access_token"]
    return granted


def fetch(url: str, *, data: bytes | None = None, bearer: str = "") -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {bearer}"} if bearer else {})
    with opener.open(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body
