"""Requests that are made at once, and what came of them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from requests import Response

from tests.contract.client import Client

Call = Callable[[Client], Response]
rounds = pytest.mark.parametrize("round_", range(10))


def at_once(caller: Client, *calls: Call) -> list[Response]:
    """The answers to calls that start together, each on a connection of its own."""
    start = Barrier(len(calls))

    def run(call: Call) -> Response:
        with caller.twin() as client:
            client.is_recorded = False
            client.get("/health/live")  # connects
            client.is_recorded = True
            with suppress(BrokenBarrierError):  # who serves one connection after the other knows no race
                start.wait(3)
            return call(client)

    threads = ThreadPoolExecutor(len(calls))
    try:
        return list(threads.map(run, calls))
    finally:
        threads.shutdown(wait=False)  # nobody waits for who is answered byte by byte


def statuses(answers: Sequence[Response]) -> list[int]:
    """In ascending order, with 200 for any success: which one it should be is asked elsewhere."""
    return sorted(map(status, answers))


def status(answer: Response) -> int:
    return 200 if answer.ok else answer.status_code


def post(path: str, **body: Any) -> Call:
    return lambda client: client.post(path, **body)


def put(path: str, **body: Any) -> Call:
    return lambda client: client.put(path, **body)
