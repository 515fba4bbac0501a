"""Where a chaff is put up and marked: two processes for each, forked from one that has imported everything already.

What takes seconds to import is then there in milliseconds, and what a fault has broken ends with its process.
"""

import contextlib
import multiprocessing
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.marking import run
from tests.marking.report import Asked, Report
from tests.marking.run import Job
from tests.proof.chaffs import Chaff
from tests.servers import DEMO_REGISTRAR

ACTORS = "tests.proof.actors"
IMPATIENT = ("--patience", "2")  # what is not on a page of the reference's does not come later
if sys.platform == "win32":
    FORKED = multiprocessing.get_context("spawn")  # which takes its time
else:
    FORKED = multiprocessing.get_context("forkserver")
    FORKED.set_forkserver_preload([ACTORS])


def marked(
    chaff: Chaff,
    seeded: Path,
    api_url: str,
    directory: Path,
    checks: Sequence[str],
    *,
    alone: bool,
    stop_api: str = "",
) -> Report:
    """The chaff's marks in these checks, which may be asked `alone`; a fault of the web UI stands before `api_url`."""
    with served(chaff, seeded, api_url, directory) as url:
        asked = Asked(
            api_url=api_url if chaff.of_web else url,
            web_url=url if chaff.of_web else None,
            tracks=sorted({check.partition(".")[0] for check in checks}),
            auth="bearer",
            seed=1,
            checks=checks,
        )
        job = Job(asked, DEMO_REGISTRAR, workers=1, stop_api=stop_api)
        return run.mark(job, lambda _: None, start=partial(Forked, checks, alone=alone))


@contextlib.contextmanager
def served(chaff: Chaff, seeded: Path, api_url: str, directory: Path) -> Iterator[str]:
    """Its URL, on a copy of the `seeded` database."""
    ours, theirs = FORKED.Pipe()
    source = api_url if chaff.of_web else str(shutil.copy(seeded, directory / "chaff.db"))
    process = _fork("serve_web" if chaff.of_web else "serve_api", chaff.name, source, theirs, directory / "chaff.log")
    theirs.close()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        _end(process)


class Forked:
    """pytest with these arguments, as `run.Process` is, but forked, and only for the files that have these checks."""

    def __init__(self, checks: Sequence[str], arguments: Sequence[str], log: Path, *, alone: bool = False) -> None:
        arguments = [*arguments, *IMPATIENT, *(["--alone"] if alone else [])]
        self._process = _fork("ask", arguments, checks, log)

    def is_over(self) -> bool:
        return not self._process.is_alive()

    def end(self) -> None:
        _end(self._process)


def _fork(role: str, *arguments: Any) -> BaseProcess:
    process = FORKED.Process(target=_act, args=(role, *arguments))
    process.start()
    return process


def _act(role: str, *arguments: Any) -> None:
    """The actors' module is imported where they act, and not where somebody only waits for them."""
    getattr(import_module(ACTORS), role)(*arguments)


def _end(process: BaseProcess) -> None:
    process.kill()
    process.join()
