"""Both servers, by URL, and browsers in which somebody is logged in."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, StorageState

from tests.browser import launch_arguments
from tests.e2e.browsing import log_in
from tests.e2e.campus import furnish
from tests.e2e.office import ROLES, Login, Office
from tests.e2e.traffic import Traffic, recorded
from tests.e2e.watch import Watch
from tests.servers import web_server

NewContext: TypeAlias = Callable[..., BrowserContext]
SignedIn: TypeAlias = Callable[..., Page]
PATIENCE = 10_000  # milliseconds, for a control to be there or a page to come


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--web-url") and not config.getoption("--api-url"):
        raise pytest.UsageError("--web-url: name the API behind it too, with --api-url")


@pytest.fixture(scope="session", autouse=True)
def neither_server_is_imported() -> Iterator[None]:
    """A shared conftest can pull one in unseen."""
    yield
    assert not {"api", "web"} & sys.modules.keys()


@pytest.fixture(scope="session")
def recorder(api_url: str) -> Iterator[Traffic]:
    with recorded(api_url) as traffic:
        yield traffic


@pytest.fixture(scope="session")
def web_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, recorder: Traffic) -> Iterator[str]:
    if given := pytestconfig.getoption("--web-url"):
        yield str(given).rstrip("/")
        return
    with web_server(tmp_path_factory.mktemp("web"), recorder.url) as server:
        yield server.url


@pytest.fixture(autouse=True)
def traffic(recorder: Traffic) -> Iterator[Traffic]:
    """What the web UI and the API say to each other in this test; nothing is heard of a UI that was given by URL."""
    recorder.answers.clear()
    yield recorder
    findings = recorder.findings()
    assert not findings, "\n".join(findings)


@pytest.fixture(scope="session")
def office(api_url: str, registrar_login: tuple[str, str]) -> Iterator[Office]:
    office = Office(api_url, *registrar_login)
    yield office
    office.close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_type: BrowserType) -> dict[str, Any]:
    return browser_type_launch_args | launch_arguments(browser_type.executable_path)


@pytest.fixture
def new_context(new_context: NewContext, web_url: str) -> Iterator[NewContext]:
    """A browser that knows nobody yet. All are made here, so none goes unwatched."""
    watches: list[Watch] = []

    def watched(*, base_url: str = web_url, **options: Any) -> BrowserContext:
        context = new_context(base_url=base_url, **options)
        context.set_default_timeout(PATIENCE)
        watches.append(Watch(context, base_url))
        return context

    yield watched
    faults = dict.fromkeys(fault for watch in watches for fault in watch.end())
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def logins(office: Office) -> Mapping[str, Login]:
    """One login in each role, made for this run; what ends its session is for logins made by the test."""
    return {role: office.user(role) for role in ROLES}


@pytest.fixture(scope="session")
def ids(office: Office, logins: Mapping[str, Login]) -> Mapping[str, int]:
    """For the paths."""
    return furnish(office, logins)


@pytest.fixture(scope="session")
def sessions(browser: Browser, web_url: str, logins: Mapping[str, Login]) -> Mapping[str, StorageState]:
    """The cookies of each of them, who has logged in once."""
    cookies = {}
    for role, login in logins.items():
        page = browser.new_page(base_url=web_url)
        log_in(page, login)
        cookies[role] = page.context.storage_state()
        page.context.close()
    return cookies


@pytest.fixture
def signed_in(new_context: NewContext, sessions: Mapping[str, StorageState]) -> SignedIn:
    """A page in a browser where somebody of that role (or `nobody`) is logged in."""
    return lambda role, **options: new_context(storage_state=sessions.get(role), **options).new_page()


@pytest.fixture(scope="session")
def desks(browser: Browser, web_url: str, sessions: Mapping[str, StorageState]) -> Iterator[Mapping[str, Watch]]:
    """A browser for each role, and for nobody, in which tests only look."""
    contexts = {
        role: browser.new_context(base_url=web_url, storage_state=sessions.get(role)) for role in (*ROLES, "nobody")
    }
    yield {role: Watch(context, web_url) for role, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def looking(desks: Mapping[str, Watch]) -> Iterator[SignedIn]:
    """A page in a browser that such tests share, where somebody of that role (or `nobody`) is logged in.

    A browser of one's own costs a third of a second.
    """
    pages: list[Page] = []

    def looking(role: str) -> Page:
        pages.append(desks[role].context.new_page())
        return pages[-1]

    yield looking
    for page in pages:
        page.close()
    faults = [fault for desk in desks.values() for fault in desk.end()]
    assert not faults, "\n".join(faults)


@pytest.fixture
def registrar(signed_in: SignedIn) -> Page:
    return signed_in("registrar")


@pytest.fixture
def student(office: Office) -> Login:
    """Of a student who is in no section yet."""
    return office.user("student")


@pytest.fixture
def theirs(new_context: NewContext, student: Login) -> Page:
    """Where that student is logged in, without JavaScript."""
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, student)
    return page
