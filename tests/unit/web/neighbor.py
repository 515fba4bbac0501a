"""Something on the API's port that is not well: a real socket on loopback, which treats each request as told."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator

Behavior = Callable[[socket.socket], None]


@contextlib.contextmanager
def neighbor(*behaviors: Behavior, heard: list[bytes] | None = None) -> Iterator[str]:
    """Its URL. Each request meets the next behavior, and the last one from then on; what is said to it is `heard`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=_serve, args=(listener, list(behaviors), [] if heard is None else heard), daemon=True
        ).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, behaviors: list[Behavior], heard: list[bytes]) -> None:
    with contextlib.suppress(OSError):  # the test is over
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_meet, args=(connection, behaviors, heard), daemon=True).start()


def _meet(connection: socket.socket, behaviors: list[Behavior], heard: list[bytes]) -> None:
    with connection, contextlib.suppress(OSError):  # the client has hung up
        while request := _request(connection):
            heard.append(request)
            behavior = behaviors.pop(0) if len(behaviors) > 1 else behaviors[0]
            behavior(connection)


def _request(connection: socket.socket) -> bytes:
    """One request, with its body; nothing when the client has hung up."""
    request = connection.recv(65536)
    length = re.search(rb"Content-Length: ([0-9]+)", request)
    while length and len(request.partition(b"\r\n\r\n")[2]) < int(length[1]):
        request += connection.recv(65536)
    return request


def says(*lines: str, body: bytes = b"{}") -> Behavior:
    """Answer with this status and these headers, and the length of the body."""
    head = "\r\n".join([f"HTTP/1.1 {lines[0]}", *lines[1:], f"Content-Length: {len(body)}", "", ""]).encode()
    return lambda connection: connection.sendall(head + body)


def hangs(connection: socket.socket) -> None:
    connection.recv(1)


def hangs_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def breaks_off(text: bytes) -> Behavior:
    """Say this, and hang up."""

    def behavior(connection: socket.socket) -> None:
        connection.sendall(text)
        hangs_up(connection)

    return behavior


def drips(head: bytes) -> Behavior:
    """Say this, and then a byte now and then, for ever."""

    def behavior(connection: socket.socket) -> None:
        connection.sendall(head)
        pause = threading.Event()
        while not pause.wait(0.02):
            connection.sendall(b"x")

    return behavior
