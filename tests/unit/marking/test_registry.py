"""Lists of the course's API, in each manner that its text leaves open."""

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.course.registry import Registry, shown
from tests.unit.marking.servers import served

PAGE = 10
STUDENTS = [{"id": n, "name": "Ada", "email": f"ada{n}@example.org"} for n in range(25)]
Query = dict[str, int]
Answer = dict[str, Any]


def at(start: int) -> Answer:
    return {"students": STUDENTS[start : start + PAGE]}


def skips(query: Query) -> Answer:
    """As FastAPI's tutorial on query parameters."""
    return at(query.get("skip", 0))


def offsets(query: Query) -> Answer:
    """As SQLModel's tutorial."""
    return at(query.get("offset", 0))


def numbers(query: Query) -> Answer:
    return at(PAGE * (query.get("page", 1) - 1))


def links(query: Query) -> Answer:
    start = query.get("from", 0)
    return at(start) | {"next": f"/students?from={start + PAGE}" if start + PAGE < len(STUDENTS) else None}


def links_for_ever(query: Query) -> Answer:
    start = query.get("from", 0)
    return at(start) | {"next": f"/students?from={start + PAGE}"}


def counts_from_zero(query: Query) -> Answer:
    return at(PAGE * query.get("page", 0))


def looks_new_each_time(_: Query) -> Answer:
    """Its records say when they were read."""
    return {"students": [each | {"read_at": time.monotonic_ns()} for each in STUDENTS]}


def says_that_it_has_no_more(query: Query) -> Answer:
    return {"message": "no more"} if query else {"students": STUDENTS}


def lists_all(_: Query) -> Answer:
    return {"students": STUDENTS}


def knows_no_queries(query: Query) -> Answer | None:
    return None if query else {"students": STUDENTS}


@pytest.fixture
def registry(manner: Callable[[Query], Answer | None]) -> Iterator[Registry]:
    class Lists(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: int(value) for name, [value] in parse_qs(urlsplit(self.path).query).items()}
            answer = manner(query)
            body = json.dumps(answer).encode()
            self.send_response(200 if answer else 422)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with served(Lists) as url:
        yield Registry(url)


@pytest.mark.parametrize(
    "manner",
    [
        skips,
        offsets,
        numbers,
        counts_from_zero,
        links,
        links_for_ever,
        lists_all,
        looks_new_each_time,
        says_that_it_has_no_more,
        knows_no_queries,
    ],
    ids=lambda each: each.__name__,
)
def test_all_students_are_found_once_however_they_are_listed(registry: Registry) -> None:
    assert [shown(each) for each in registry.students()] == [shown(each) for each in STUDENTS]
