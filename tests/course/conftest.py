"""The two servers of the course text, by URL."""

from typing import Any

import pytest
from playwright.sync_api import BrowserType

from tests.browser import launch_arguments
from tests.course.registry import Registry


@pytest.fixture(scope="session")
def api_url(pytestconfig: pytest.Config) -> str:
    return _given(pytestconfig, "--api-url")


@pytest.fixture(scope="session")
def has_logins(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--auth") == "bearer")


@pytest.fixture(scope="session")
def registry(api_url: str, has_logins: bool, registrar_login: tuple[str, str]) -> Registry:
    registry = Registry(api_url)
    if has_logins:
        registry.log_in(*registrar_login)
    return registry


@pytest.fixture(scope="session")
def web_url(pytestconfig: pytest.Config) -> str:
    return _given(pytestconfig, "--web-url")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], browser_type: BrowserType, web_url: str
) -> dict[str, Any]:
    return browser_type_launch_args | launch_arguments(browser_type.executable_path, web_url)


def _given(config: pytest.Config, option: str) -> str:
    url = config.getoption(option)
    if not url:
        raise pytest.UsageError(f"The course's checks need {option}")
    return str(url).rstrip("/")
