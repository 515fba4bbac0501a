"""Where a chaff is put up and marked: two processes for each, forked from one that has imported everything already.

What takes seconds to import is then there in milliseconds, and what a fault has broken ends with its process.
"""

import contextlib
import multiprocessing
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tests.marking import run
from tests.marking.report import Asked, Report
from tests.marking.run import Job
from tests.proof.chaffs import Chaff
from tests.servers import DEMO_REGISTRAR

FORKED = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
if os.name == "posix":
    FORKED.set_forkserver_preload(["tests.proof.rehearsal"])


class Forked:
    """pytest with these arguments, as `run.Process` is, but forked."""

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        self._process = FORKED.Process(target=_pytest, args=([*arguments, "--assert=plain"], log))
        self._process.start()

    def is_over(self) -> bool:
        return not self._process.is_alive()

    def end(self) -> None:
        _end(self._process)


def marked(chaff: Chaff, seeded: Path, api_url: str, directory: Path, checks: Sequence[str], seed: int = 1) -> Report:
    """The chaff's marks in these checks, or in all of its tracks'; a fault of the web UI stands before `api_url`."""
    with served(chaff, seeded, api_url, directory) as url:
        asked = Asked(
            api_url=api_url if chaff.of_web else url,
            web_url=url if chaff.of_web else None,
            tracks=sorted({check.partition(".")[0] for check in checks}) or chaff.tracks,
            auth="bearer",
            seed=seed,
            checks=checks,
        )
        return run.mark(Job(asked, DEMO_REGISTRAR, workers=1), lambda _: None, start=Forked)


@contextlib.contextmanager
def served(chaff: Chaff, seeded: Path, api_url: str, directory: Path) -> Iterator[str]:
    """Its URL, on a copy of the `seeded` database."""
    ours, theirs = FORKED.Pipe()
    database = shutil.copy(seeded, directory / "chaff.db")
    serve = _serve_web if chaff.of_web else _serve_api
    process = FORKED.Process(target=serve, args=(chaff.name, api_url if chaff.of_web else database, theirs, directory))
    process.start()
    theirs.close()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        _end(process)


def _end(process: multiprocessing.process.BaseProcess) -> None:
    process.kill()
    process.join()


def _pytest(arguments: Sequence[str], log: Path) -> None:
    import pytest  # noqa: PLC0415 - not in the process that only waits

    _print_into(log)
    sys.exit(pytest.main(list(arguments)))


def _serve_api(name: str, database: str, told: Connection, directory: Path) -> None:
    import uvicorn  # noqa: PLC0415 - nor the servers

    from api import main  # noqa: PLC0415
    from api.config import Settings  # noqa: PLC0415
    from tests.proof.chaffs import load  # noqa: PLC0415
    from tests.proof.chaffs.planting import Wire  # noqa: PLC0415

    _print_into(directory / "chaff.log")
    load()[name].plant()
    app = Wire(main.create_app(Settings(database_url=f"sqlite:///{database}")))
    listening = _listen(told)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", forwarded_allow_ips="127.0.0.1")).run([listening])


def _serve_web(name: str, api_url: str, told: Connection, directory: Path) -> None:
    import waitress  # noqa: PLC0415

    from tests.proof.chaffs import load  # noqa: PLC0415
    from tests.proof.chaffs.planting import PAGES  # noqa: PLC0415
    from web import main  # noqa: PLC0415
    from web.config import Settings  # noqa: PLC0415

    _print_into(directory / "chaff.log")
    load()[name].plant()
    app = main.create_app(Settings(api_url=api_url))
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
