"""Imported once by the process that all others are forked from: everything that they will need, suites and servers."""

import contextlib
import os

import pytest

import api.__main__
import web.main
from tests.proof.chaffs import load

load()
with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
    # what has been collected once has been imported
    pytest.main(["tests/contract", "tests/course", "tests/e2e", "--collect-only", "--assert=plain", "-pno:cacheprovider"])
