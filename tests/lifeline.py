"""`python -m tests.lifeline MODULE ARGUMENT…` is `python -m MODULE ARGUMENT…`, but ends when its standard input does.

The starter holds the writing end of that pipe, so what it started cannot outlive it, not even when it is killed.
"""

import os
import runpy
import signal
import sys
import threading


def _end_with_starter() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written: it returns when the starter is gone
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_starter, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
