"""Implementations to mark, each in a process of its own, and servers that are none."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.postgres import free_port
from tests.servers import ROOT, Server

WHEATS = "tests.proof.wheats"


@contextlib.contextmanager
def wheat(name: str, directory: Path, *arguments: str, ready: str) -> Iterator[Server]:
    """A wheat that runs; its log is in `directory`."""
    port = str(free_port())
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    log, url = directory / f"{name}.log", f"http://127.0.0.1:{port}"
    server = Server(f"{WHEATS}.{name}", (port, *arguments), environment, url, ready, log)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Stubborn(BaseHTTPRequestHandler):
    """Answers everything alike, whatever it is asked."""

    protocol_version = "HTTP/1.1"
    status, body, media_type, location, silent, lives = 200, b"{}", "application/json", "", False, 10**9

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        if self.silent:
            time.sleep(60)
            return
        type(self).lives -= 1
        if self.lives < 0:
            self.server.shutdown()
            self.server.server_close()
            return
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Type", self.media_type)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        """Say nothing."""


class Crowded(ThreadingHTTPServer):
    daemon_threads, request_queue_size, block_on_close = True, 64, False


@contextlib.contextmanager
def stubborn(**answer: object) -> Iterator[str]:
    """The URL of a server that gives this answer to everything."""
    handler = type("Handler", (Stubborn,), answer)
    with Crowded(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
