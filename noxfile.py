# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2025.2.9"]
# ///
"""The only task runner: `python3 noxfile.py`, or `nox`; `-l` lists the sessions, `-s` picks some.

It needs nothing but Python: without nox and uv it makes an environment that has them, and starts again in it.
"""

import contextlib
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - an older one shall say so
    sys.exit("Registrar needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))

ROOT = Path(__file__).resolve().parent
LOCK = "requirements.txt"
ENVIRONMENTS = ROOT / ".nox" / "{}.{}".format(*sys.version_info[:2])


def start_again_with_nox() -> None:
    """Start again, with the same arguments, in an environment that has nox and uv as the lock pins them."""
    home = ENVIRONMENTS / "starter"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock, installed = (ROOT / LOCK).read_text(), home / LOCK
    if not (python.exists() and installed.exists() and installed.read_text() == lock):
        make_starter(home, python, lock)
        installed.write_text(lock)
    command = [str(python), __file__, *sys.argv[1:]]
    if os.name != "nt":
        os.execv(python, command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the new process
    sys.exit(subprocess.call(command))


def make_starter(home: Path, python: Path, lock: str) -> None:
    """pip installs uv alone, because it cannot hold a whole dependency tree to the lock's hashes; uv can."""
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python cannot make environments: on Debian and Ubuntu, install the package python3-venv.")
    print(f"Installing nox into {home}", flush=True)
    (pin,) = re.findall(r"^uv==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    hashed = ["install", "--quiet", "--require-hashes"]
    must_run(sys.executable, "-m", "venv", "--clear", home)
    (home / "uv.txt").write_text(pin)
    must_run(python, "-m", "pip", "--disable-pip-version-check", *hashed, "--no-deps", "-r", home / "uv.txt")
    must_run(python, "-m", "uv", "pip", *hashed, "--python", python, "-c", LOCK, "--group", "nox")


def must_run(*command: str | Path) -> None:
    if subprocess.call(command, cwd=ROOT):
        sys.exit("nox could not be installed; the lines above say why.")


if not (importlib.util.find_spec("nox") and importlib.util.find_spec("uv")):
    start_again_with_nox()

import nox  # noqa: E402 - not before it is there

nox.options.envdir = ENVIRONMENTS
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
# The web UI on PostgreSQL is part of `prove`, which marks the reference there; postgres(e2e) has every case of it.
nox.options.sessions = ["lint", "types", "unit", "contract", "e2e", "postgres(unit)", "postgres(contract)", "prove"]

signal.signal(signal.SIGTERM, signal.default_int_handler)  # nox stops what it runs on Ctrl-C only

TIDY = 20  # seconds that a session has, after Ctrl-C, to stop its servers
SUITES = {
    "unit": ["--numprocesses", "auto"],
    "contract": ["--numprocesses", "2"],  # each has a reference of its own
    "e2e": ["--numprocesses", "2", "--dist", "loadfile", "--screenshot", "only-on-failure"],
}
PORTS = {"API": "8000", "WEB": "5000"}
LOGINS = """
  Web UI    {web}
  API       {api}/docs
  Log in    registrar@example.edu, instructor@example.edu or student@example.edu
  Password  correct horse battery
  Stop      Ctrl-C
"""


def install(session: nox.Session, *groups: str, runtime: bool = True) -> None:
    """Install exactly the runtime and these dependency groups, as the lock pins them."""
    wanted = [word for group in groups for word in ("--group", group)]
    wanted += ["-r", "pyproject.toml"] if runtime else []
    session.install("--exact", "--require-hashes", "-c", LOCK, *wanted)
    # Whoever forbids bytecode has each of many processes compile every library anew.
    session.env.update(PYTHONPATH="src", PYTHONDONTWRITEBYTECODE="")


@nox.session
def serve(session: nox.Session) -> None:
    """Migrate the database, seed demo data, and start the API and the web UI."""
    api, web = (local_url(session, part) for part in ("API", "WEB"))
    install(session)
    session.env.update(PYTHONUNBUFFERED="1", WEB_API_URL=os.environ.get("WEB_API_URL", api))
    session.run("python", "-m", "api", "migrate")
    session.run("python", "-m", "api", "seed")
    threading.Thread(target=announce, args=(api, web), daemon=True).start()
    session.run("honcho", "start", *session.posargs, success_codes=range(256), terminate_timeout=TIDY)
    session.error("A server stopped by itself; the lines above say why")


def local_url(session: nox.Session, part: str) -> str:
    """Where a server will be; the session ends here if something else is there already."""
    host = os.environ.get(f"{part}_HOST", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")
    port = os.environ.get(f"{part}_PORT", PORTS[part])
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
        airplay = " (on macOS AirPlay Receiver holds 5000)" if port == "5000" else ""
        session.error(f"Port {port} is in use{airplay}: set {part}_PORT to another")
    return f"http://{host}:{port}"


def announce(api: str, web: str) -> None:
    """Print, once both servers answer, where they are and how to log in."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for url in (f"{api}/health/ready", f"{web}/login"):
        while True:
            with contextlib.suppress(OSError), opener.open(url, timeout=5):
                break
            time.sleep(0.1)
    print(LOGINS.format(api=api, web=web), flush=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, the walls between the parts, and the workflows' safety."""
    install(session, "lint", runtime=False)
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("lint-imports")
    session.run("zizmor", "--offline", "--no-progress", "--quiet", ".github")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    install(session, "types")
    session.run("mypy", *session.posargs)


@nox.session
def unit(session: nox.Session) -> None:
    """Unit tests on SQLite, with branch coverage."""
    prepare(session, "unit")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", *pytest(session, "unit"))
    session.run("coverage", "combine", "--quiet")
    if not session.posargs:  # a part of the tests covers a part
        session.run("coverage", "report")


@nox.session
def contract(session: nox.Session) -> None:
    """The API against its contract, on SQLite or by --api-url."""
    prepare(session, "contract")
    session.run(*pytest(session, "contract"))


@nox.session
def e2e(session: nox.Session) -> None:
    """Both servers in a browser, on SQLite or by --api-url and --web-url."""
    prepare(session, "e2e")
    session.run(*pytest(session, "e2e"))


@nox.session
@nox.parametrize("suite", [nox.param(name, id=name) for name in SUITES])
def postgres(session: nox.Session, suite: str) -> None:
    """The same tests on PostgreSQL."""
    prepare(session, suite)
    on_postgres(session, *pytest(session, suite, "--database", "postgresql"))


def prepare(session: nox.Session, suite: str) -> None:
    """Install what a suite needs; one group a session, because every plugin there is slows pytest's start."""
    install(session, suite)
    if suite == "e2e":
        session.run("python", "-m", "tests.browser")


def pytest(session: nox.Session, suite: str, *options: str) -> list[str]:
    return ["pytest", f"tests/{suite}", *SUITES[suite], *options, *session.posargs]


def on_postgres(session: nox.Session, *command: str) -> None:
    session.run("python", "-m", "tests.postgres", *command, terminate_timeout=TIDY)


@nox.session
def grade(session: nox.Session) -> None:
    """Mark an implementation by its URLs, or a class of them; `-- --help` tells how."""
    install(session, "marking")
    try:
        session.run("python", "-m", "tests.marking", *session.posargs)
    except nox.command.CommandFailed:
        sys.exit(2)  # not marked


@nox.session
def prove(session: nox.Session) -> None:
    """The marker, against implementations whose marks are known; `-- --full` takes hours and proves all of it."""
    install(session, "marking")
    session.run("python", "-m", "tests.browser")
    three = ["--numprocesses", "3", "--maxschedchunk", "1"]  # on two cores: one waits for what does not come
    on_postgres(session, "pytest", "tests/proof", *three, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Speed, as ratios to two yardsticks, on both databases."""
    install(session, "bench")
    on_postgres(session, "python", "-m", "tests.bench", *session.posargs)


@nox.session
def audit(session: nox.Session) -> None:
    """Known vulnerabilities in what the lock pins."""
    install(session, "audit", runtime=False)
    authorities = os.environ.get("REQUESTS_CA_BUNDLE", os.environ.get("SSL_CERT_FILE"))
    command = ["pip-audit", "--strict", "--disable-pip", "--require-hashes", "-r", LOCK, *session.posargs]
    session.run(*command, env={"REQUESTS_CA_BUNDLE": authorities})


@nox.session
def mutate(session: nox.Session) -> None:
    """Mutants that the unit tests let live."""
    install(session, "mutate")
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")


@nox.session
def lock(session: nox.Session) -> None:
    """Pin every dependency anew in requirements.txt; --upgrade takes the newest."""
    groups = nox.project.load_toml("pyproject.toml")["dependency-groups"]
    wanted = [word for group in groups for word in ("--group", group)]
    form = ["--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11"]
    session.run("uv", "pip", "compile", *form, "pyproject.toml", *wanted, "-o", LOCK, *session.posargs, external=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    nox.main()
