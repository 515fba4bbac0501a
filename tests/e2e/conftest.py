"""Both servers, by URL, and browsers in which somebody is logged in."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Cookie, Page, expect

from tests.browser import launch_arguments
from tests.e2e.browsing import log_in
from tests.e2e.campus import Campus
from tests.e2e.desks import Desk, OnDemand, let_in
from tests.e2e.office import Login, Office
from tests.e2e.traffic import Traffic, recorded
from tests.e2e.watch import Watch, note
from tests.servers import web_server

NewContext: TypeAlias = Callable[..., BrowserContext]
SignedIn: TypeAlias = Callable[..., Page]
CookiesOf: TypeAlias = Callable[[str], Sequence[Cookie]]
Prepare: TypeAlias = Callable[[BrowserContext, str], Iterable[Watch]]
PAGE_PATIENCE = 10_000  # milliseconds, for a page to come


def pytest_configure(config: pytest.Config) -> None:
    unmarked = not config.getoption("--marking", None)  # a mark says of each check what URL it lacks
    if unmarked and config.getoption("--web-url") and not config.getoption("--api-url"):
        raise pytest.UsageError("--web-url: name the API behind it too, with --api-url")
    expect.set_options(timeout=1000 * config.getoption("--patience"))


@pytest.fixture(scope="session", autouse=True)
def neither_server_is_imported(pytestconfig: pytest.Config) -> Iterator[None]:
    """A shared conftest can pull one in unseen; where marks are proved, both are there on purpose."""
    yield
    assert pytestconfig.getoption("--marking", None) or not {"api", "web"} & sys.modules.keys()


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
def lasting_office(api_url: str, registrar_login: tuple[str, str]) -> Iterator[Office]:
    office = Office(api_url, *registrar_login)
    yield office
    office.close()


@pytest.fixture
def office(lasting_office: Office) -> Iterator[Office]:
    yield lasting_office
    lasting_office.terms.close()


@pytest.fixture(scope="session")
def logins(lasting_office: Office) -> Mapping[str, Login]:
    """One login in each role, made for this run; what ends its session is for logins made by the test."""
    return OnDemand(lasting_office.user)


@pytest.fixture(scope="session")
def campus(lasting_office: Office, logins: Mapping[str, Login], pytestconfig: pytest.Config) -> Campus:
    """For the paths. What is behind another UI is not tested here."""
    campus = Campus(lasting_office, logins)
    campus.fill(tolerant=bool(pytestconfig.getoption("--web-url")))
    return campus


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], browser_type: BrowserType, web_url: str
) -> dict[str, Any]:
    return browser_type_launch_args | launch_arguments(browser_type.executable_path, web_url)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Whoever wants little motion does not wait until a page has scrolled smoothly."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def prepare(pytestconfig: pytest.Config) -> Prepare:
    """Prepare a context whose pages come from this origin; who watches it, if the UI is the reference.

    Of another UI, what the contract promises of every page has checks of its own.
    """

    def prepare(context: BrowserContext, origin: str) -> Iterable[Watch]:
        context.set_default_timeout(1000 * pytestconfig.getoption("--patience"))
        context.set_default_navigation_timeout(PAGE_PATIENCE)
        context.on("response", note)
        return () if pytestconfig.getoption("--web-url") else (Watch(context, origin),)

    return prepare


def nothing_was_wrong(watches: Iterable[Watch]) -> None:
    faults = dict.fromkeys(fault for watch in watches for fault in watch.end())
    assert not faults, "\n".join(faults)


@pytest.fixture
def new_context(new_context: NewContext, web_url: str, prepare: Prepare) -> Iterator[NewContext]:
    """A browser of the test's own, which knows nobody yet."""
    watches: list[Watch] = []

    def prepared(*, base_url: str = web_url, **options: Any) -> BrowserContext:
        context = new_context(base_url=base_url, **options)
        watches.extend(prepare(context, base_url))
        return context

    yield prepared
    nothing_was_wrong(watches)


@pytest.fixture(scope="session")
def sessions(
    browser: Browser,
    browser_context_args: dict[str, Any],
    web_url: str,
    recorder: Traffic,
) -> Mapping[Login, Sequence[Cookie]]:
    """The cookies of each login, which has logged in once."""

    def cookies_of(login: Login) -> Sequence[Cookie]:
        with browser.new_context(base_url=web_url, **browser_context_args) as context:
            log_in(context.new_page(), login)
            recorder.answers.clear()  # it is not what the first test with that login has done
            return context.cookies()

    return OnDemand(cookies_of)


@pytest.fixture(scope="session")
def cookies(logins: Mapping[str, Login], sessions: Mapping[Login, Sequence[Cookie]]) -> CookiesOf:
    """Those of the login in this role; `nobody` has none."""
    return lambda role: () if role == "nobody" else sessions[logins[role]]


@pytest.fixture(scope="session")
def desks(
    browser: Browser,
    browser_context_args: dict[str, Any],
    web_url: str,
    cookies: CookiesOf,
    prepare: Prepare,
) -> Iterator[Mapping[tuple[str, bool], Desk]]:
    """By role, and whether there is JavaScript."""

    def desk(wanted: tuple[str, bool]) -> Desk:
        role, java_script = wanted
        context = browser.new_context(base_url=web_url, **browser_context_args, java_script_enabled=java_script)
        return Desk(context, cookies(role), prepare(context, web_url))

    desks = OnDemand(desk)
    yield desks
    for each in desks.values():
        each.context.close()


@pytest.fixture
def signed_in(
    desks: Mapping[tuple[str, bool], Desk],
    cookies: CookiesOf,
    new_context: NewContext,
    pytestconfig: pytest.Config,
) -> Iterator[SignedIn]:
    """A page in a browser where somebody of that role (or `nobody`) is logged in.

    Tests share these browsers, and each finds them as if they were new; where traces are kept, each has its own.
    """

    def sit(role: str, *, java_script_enabled: bool = True) -> Page:
        return desks[role, java_script_enabled].sit()

    def come(role: str, **options: Any) -> Page:
        return new_context(storage_state={"cookies": cookies(role), "origins": []}, **options).new_page()

    yield sit if pytestconfig.getoption("--tracing") == "off" else come
    for desk in desks.values():
        desk.leave()
    nothing_was_wrong(watch for desk in desks.values() for watch in desk.watches)


@pytest.fixture
def page(signed_in: SignedIn) -> Page:
    """In a browser that knows nobody."""
    return signed_in("nobody")


@pytest.fixture
def registrar(signed_in: SignedIn) -> Page:
    return signed_in("registrar")


@pytest.fixture(scope="session")
def free_students() -> list[Login]:
    """Those whom a test has had, to be had by the next."""
    return []


@pytest.fixture
def student(office: Office, free_students: list[Login]) -> Iterator[Login]:
    """Of a student who is in no section, though they may have been in some: to log in costs three pages."""
    login = free_students.pop() if free_students else office.user("student")
    yield login
    if office.free(login):
        free_students.append(login)


@pytest.fixture
def theirs(signed_in: SignedIn, student: Login, sessions: Mapping[Login, Sequence[Cookie]]) -> Page:
    """Where that student is logged in, without JavaScript."""
    page = signed_in("nobody", java_script_enabled=False)
    let_in(page.context, sessions[student])
    return page
