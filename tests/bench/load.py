"""The load: one thread and many connections, each of which asks again as soon as it has its answer."""

import contextlib
import selectors
import socket
import time
from dataclasses import dataclass

OK = b"HTTP/1.1 200 "
PATIENCE = 30  # seconds
FEWEST = 2  # answers, without which there are no quantiles


class WrongAnswer(Exception):
    """A server answered something else, or not at all: whatever it took is no measure of anything."""


@dataclass(frozen=True)
class Question:
    """A GET, and the body of its only right answer."""

    path: str
    token: str
    body: bytes

    @property
    def request(self) -> bytes:
        return f"GET {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.token}\r\n\r\n".encode()


class Connection:
    def __init__(self, port: int, question: Question) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self._request, self._body = question.request, question.body

    def ask(self) -> None:
        self._answer, self._asked = b"", time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> float | None:
        """The seconds that the answer took, once all of it is here."""
        came = self.socket.recv(1 << 16)
        if not came:
            raise WrongAnswer("The server closed the connection")
        self._answer += came
        return time.perf_counter() - self._asked if is_complete(self._answer, self._body) else None


def is_complete(answer: bytes, body: bytes) -> bool:
    """Whether all is here; raise WrongAnswer as soon as it cannot become a 200 with this body."""
    head, _, came = answer.partition(b"\r\n\r\n")
    if not head.startswith(OK) or not body.startswith(came):
        raise WrongAnswer(answer.decode(errors="replace"))
    return came == body


def ask(port: int, question: Question, connections: int, seconds: float) -> list[float]:
    """Ask for so long, and give the seconds that each answer took."""
    taken: list[float] = []
    with contextlib.ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for _ in range(connections):
            connection = Connection(port, question)
            stack.enter_context(connection.socket)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(taken) < FEWEST:
            taken += _answers(selector)
    return taken


def _answers(selector: selectors.BaseSelector) -> list[float]:
    """What took how long, of all that has come by now; who has an answer asks again."""
    ready = selector.select(PATIENCE)
    if not ready:
        raise WrongAnswer(f"No answer within {PATIENCE} s")
    answered = []
    for key, _ in ready:
        took = key.data.receive()
        if took is not None:
            answered.append(took)
            key.data.ask()
    return answered
