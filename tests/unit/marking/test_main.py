"""The command line, where it is not understood."""

import pytest
from typer.testing import CliRunner

from tests.marking.__main__ import NOT_MARKED, app


@pytest.mark.parametrize("registrar", ["ada@example.org", "ada@example.org:", ":secret"])
def test_a_login_is_an_email_and_a_password(registrar: str) -> None:
    """Whoever cannot log in as staff meant would mark nothing but that."""
    done = CliRunner().invoke(app, ["--api-url", "http://127.0.0.1:9", "--registrar", registrar])

    assert done.exit_code == NOT_MARKED
    assert "an email and a password" in done.output
