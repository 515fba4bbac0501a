"""`python -m web`, as a process."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.postgres import free_port

SRC = Path(__file__).parents[3] / "src"


def started(port: int) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(SRC), "WEB_PORT": str(port), "WEB_HOST": "127.0.0.1"}
    return subprocess.Popen([sys.executable, "-m", "web"], env=environment, stderr=subprocess.PIPE, text=True)


def test_a_port_in_use_is_one_line_that_names_the_variable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, started(taken.getsockname()[1]) as process:
        _, line = process.communicate(timeout=30)

    assert process.returncode == 1
    assert line.startswith("WEB_PORT: cannot listen on 127.0.0.1:")
    assert line.count("\n") == 1


def test_a_polite_end_is_an_end_without_complaint() -> None:
    with started(free_port()) as process:
        assert process.stderr
        serving = any("Serving on" in line for line in process.stderr)
        process.terminate()
        process.communicate(timeout=30)

    assert serving
    assert process.returncode == (0 if os.name == "posix" else 1)
