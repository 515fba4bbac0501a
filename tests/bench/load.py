"""The load: one thread and many connections, each of which asks the next thing as soon as it has its answer."""

import contextlib
import itertools
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

OK = b"HTTP/1.1 200 "
PATIENCE = 30  # seconds
FEWEST = 2  # answers, without which there are no quantiles


class WrongAnswer(Exception):
    """A server answered something else, or not at all: whatever it took is no measure of anything."""


class Asked(Protocol):
    @property
    def request(self) -> bytes: ...

    def is_answered(self, answer: bytes) -> bool:
        """Whether all of the answer is here; raise WrongAnswer as soon as it cannot become a right one."""


@dataclass(frozen=True)
class Question:
    """A GET, and the body of its only right answer."""

    path: str
    token: str
    body: bytes

    @property
    def request(self) -> bytes:
        return f"GET {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n\r\n".encode()

    def is_answered(self, answer: bytes) -> bool:
        head, _, came = answer.partition(b"\r\n\r\n")
        if not head.startswith(OK) or not self.body.startswith(came):
            raise WrongAnswer(answer.decode(errors="replace"))
        return came == self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer, with when it was asked for and when it was there, in seconds of one clock."""

    question: Asked
    content: bytes
    asked: float
    answered: float

    @property
    def took(self) -> float:
        return self.answered - self.asked


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))

    def ask(self, question: Asked) -> None:
        self._question, self._content, self._asked = question, b"", time.perf_counter()
        self.socket.sendall(question.request)

    def receive(self) -> Answer | None:
        """The answer, once all of it is here."""
        came = self.socket.recv(1 << 16)
        if not came:
            raise WrongAnswer("The server closed the connection")
        self._content += came
        if not self._question.is_answered(self._content):
            return None
        return Answer(self._question, self._content, self._asked, time.perf_counter())


def ask(port: int, question: Asked, connections: int, seconds: float) -> list[Answer]:
    """Ask the same for so long."""
    return ask_all(port, _again_and_again(question, seconds), connections)


def _again_and_again(question: Asked, seconds: float) -> Iterator[Asked]:
    end = time.perf_counter() + seconds
    for number in itertools.count():
        if number >= FEWEST and time.perf_counter() >= end:
            return
        yield question


def ask_all(port: int, questions: Iterable[Asked], connections: int) -> list[Answer]:
    """Ask each question once, in this order, so many at a time."""
    answers: list[Answer] = []
    waiting = iter(questions)
    with contextlib.ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        opened = [Connection(port) for _ in range(connections)]
        for connection, question in zip(opened, waiting, strict=False):
            stack.enter_context(connection.socket)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask(question)
        while selector.get_map():
            for connection, answer in _answers(selector):
                answers.append(answer)
                if following := next(waiting, None):
                    connection.ask(following)
                else:
                    selector.unregister(connection.socket)
    return answers


def _answers(selector: selectors.BaseSelector) -> Iterator[tuple[Connection, Answer]]:
    """What has come by now."""
    ready = selector.select(PATIENCE)
    if not ready:
        raise WrongAnswer(f"No answer within {PATIENCE} s")
    for key, _ in ready:
        answer = key.data.receive()
        if answer is not None:
            yield key.data, answer
