"""One deadline for a whole call: every attempt, the headers and the body, however slowly they drip.

Timeouts of requests and urllib3 are for each read of a socket, and start again with every byte and every retry.
"""

import socket
from time import monotonic
from typing import Any

from urllib3 import HTTPConnectionPool, Timeout
from urllib3.connection import HTTPConnection

AT_ONCE = 0.001


class TimeLeft(Timeout):
    """Gives each attempt, for which urllib3 clones it, only what is left of `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(total=seconds)
        self.ends = monotonic() + seconds

    def clone(self) -> Timeout:
        return Timeout(total=max(self.ends - monotonic(), AT_ONCE))


class ClockedSocket(socket.socket):
    """A socket whose timeout is for all reads since it was set, not for each."""

    ends: float | None = None

    def settimeout(self, value: float | None, /) -> None:
        self.ends = None if value is None else monotonic() + value
        super().settimeout(value)

    def recv_into(self, *args: Any, **options: Any) -> int:
        if self.ends is not None:
            super().settimeout(max(self.ends - monotonic(), AT_ONCE))
        return super().recv_into(*args, **options)


class ClockedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        plain = super()._new_conn()
        seconds = plain.gettimeout()
        clocked = ClockedSocket(fileno=plain.detach())
        clocked.settimeout(seconds)
        return clocked


class ClockedPool(HTTPConnectionPool):
    ConnectionCls = ClockedConnection
