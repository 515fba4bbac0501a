"""What the forked processes do: serve a chaff, or ask checks of it.

This module is imported once by the process that all others are forked from, with all that they will need: servers,
suites, and where each check stands.
"""

import contextlib
import gc
import os
import socket
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import uvicorn
import waitress

import api.main
import web.main
from api.config import Settings as ApiSettings
from tests.marking.checks import SUITES, Check, in_order, needed
from tests.marking.plugin import check_id, declared
from tests.proof.chaffs import load
from tests.proof.chaffs.planting import PAGES, Wire
from web.config import Settings as WebSettings

CHAFFS = load()


class Collected:
    """All checks, and the file in which each stands: what was collected once has been imported, too."""

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}
        self.files: dict[str, str] = {}
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            pytest.main([*SUITE_FOLDERS, "--collect-only", *PLAIN], plugins=[self])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.checks = in_order(declared(items))
        self.files = {id_: str(item.path) for item in items if (id_ := check_id(item))}

    def files_of(self, checks: Sequence[str]) -> list[str]:
        return sorted({self.files[id_] for id_ in needed(self.checks, checks)})


SUITE_FOLDERS = [f"tests/{suite}" for suite in sorted(set(SUITES.values()))]
PLAIN = ["--assert=plain", "-pno:cacheprovider"]
COLLECTED = Collected()
gc.freeze()  # nobody need look through all that again


def ask(arguments: Sequence[str], checks: Sequence[str], log: Path) -> None:
    """Run pytest with these arguments, for these checks or for all."""
    _print_into(log)
    if checks:
        others = [argument for argument in arguments if argument not in SUITE_FOLDERS]
        arguments = [*COLLECTED.files_of(checks), *others]
    sys.exit(pytest.main([*arguments, *PLAIN]))


def serve_api(name: str, database: str, told: Connection, log: Path) -> None:
    _print_into(log)
    CHAFFS[name].plant()
    app = Wire(api.main.create_app(ApiSettings(database_url=f"sqlite:///{database}")))
    listening = _listen(told)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", forwarded_allow_ips="127.0.0.1")).run([listening])


def serve_web(name: str, api_url: str, told: Connection, log: Path) -> None:
    _print_into(log)
    CHAFFS[name].plant()
    app = web.main.create_app(WebSettings(api_url=api_url))
    for change in PAGES:
        change(app)
    waitress.serve(app, sockets=[_listen(told)], threads=16)


def _listen(told: Connection) -> socket.socket:
    """On a port that is free, and told to who waits for it."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    told.send(listening.getsockname()[1])
    return listening


def _print_into(log: Path) -> None:
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
