"""Where Chromium is: Playwright's own build, else the system's. `python -m tests.browser` sees that there is one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SYSTEM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium makes each page a document host of its own, for a fifth of its time; and may hold back what it has painted.
LEAN = "--disable-features=RenderDocument,PaintHolding"
MISSING = "No Chromium, and none could be installed: run `playwright install chromium`, or install your system's."


def launch_arguments(own: str, url: str) -> dict[str, Any]:
    """What to launch Chromium with for pages at `url`, when Playwright's own build belongs at the path `own`.

    Other machines are unknown at once: nobody waits for what a page asks of them.
    """
    path = own if Path(own).exists() else _system()
    if not path:
        raise FileNotFoundError(MISSING)
    known = ", ".join(f"EXCLUDE {host}" for host in ("127.0.0.1", "localhost", urlsplit(url).hostname))
    return {"executable_path": path, "args": [LEAN, f"--host-resolver-rules=MAP * ~NOTFOUND, {known}"]}


def _system() -> str | None:
    return next(filter(None, map(shutil.which, SYSTEM)), None)


def _download() -> bool:
    """Playwright's own build, downloaded unless it is there."""
    return _succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def _install() -> bool:
    """Debian's, which only root can install."""
    if sys.platform == "win32" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    options = ("-qq", "--yes", "--no-install-recommends")
    return _succeeds("apt-get", "update", "-qq") and _succeeds("apt-get", "install", *options, SYSTEM[0])


def _succeeds(*command: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call(command, stdin=subprocess.DEVNULL, env=environment) == 0


def ensure() -> None:
    """Raise FileNotFoundError if there is none, and none could be installed."""
    if not (_system() or _download() or _install()):
        raise FileNotFoundError(MISSING)


if __name__ == "__main__":
    try:
        ensure()
    except FileNotFoundError as missing:
        sys.exit(str(missing))
