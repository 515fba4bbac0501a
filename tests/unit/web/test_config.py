"""The settings, and what the command line says about bad ones."""

import pytest
from pydantic import SecretStr, ValidationError

from web import __main__
from web.config import DEVELOPMENT_KEY, Settings


def test_production_refuses_the_development_key() -> None:
    with pytest.raises(ValidationError, match="WEB_SECRET_KEY must be set in production"):
        Settings(environment="production")


def test_production_takes_a_key_of_its_own() -> None:
    settings = Settings(environment="production", secret_key=SecretStr("a key that nobody else knows"))

    assert settings.production


def test_a_key_is_not_printed() -> None:
    assert DEVELOPMENT_KEY not in repr(Settings())


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("WEB_ENVIRONMENT", "production", "WEB_SECRET_KEY must be set in production"),
        ("WEB_ENVIRONMENT", "staging", "WEB_ENVIRONMENT: Input should be"),
        ("WEB_PORT", "http", "WEB_PORT: Input should be"),
        ("WEB_API_URL", "example.org", "WEB_API_URL: String should match"),
        ("WEB_SECRET_KEY", "short", "WEB_SECRET_KEY: "),
    ],
)
def test_a_bad_setting_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SystemExit) as stopped:
        __main__.main()

    assert str(stopped.value.code).startswith(line)
    assert "\n" not in str(stopped.value.code)
