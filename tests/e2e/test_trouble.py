"""What the web UI makes of a server that is gone, or hangs: on a reference of its own, which is stopped and killed."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response, expect

from tests.e2e.accessibility import barriers
from tests.e2e.browsing import fill, log_in, path, press, text
from tests.e2e.conftest import NewContext
from tests.e2e.office import Office
from tests.samples import unique_email
from tests.servers import DEMO_REGISTRAR, Server, api_server, web_server

DEADLINE = 5.0  # seconds, of the contract
MARGIN = 2.0  # seconds, for a machine that does much else


@dataclass(frozen=True)
class Reference:
    api: Server
    web: Server


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Reference]:
    with (
        api_server(tmp_path_factory.mktemp("api"), database) as api,
        web_server(tmp_path_factory.mktemp("web"), api.url) as web,
    ):
        yield Reference(api, web)


@pytest.fixture
def page(reference: Reference, new_context: NewContext) -> Page:
    """Somebody who is logged in there, and reads the list."""
    office = Office(reference.api.url, *DEMO_REGISTRAR.split(":"))
    page = new_context(base_url=reference.web.url).new_page()
    log_in(page, office.user("registrar"))
    office.close()
    page.goto("/students")
    return page


def ask(page: Page) -> Response:
    """The answer to a reload, which comes within the deadline."""
    answer = page.reload(timeout=(DEADLINE + MARGIN) * 1000)
    assert answer
    return answer


def test_an_api_that_is_gone_is_a_page_and_heals(reference: Reference, page: Page) -> None:
    """Without the API there is a page that says so, with Retry-After; with it all is well again, without a login."""
    reference.api.stop()
    try:
        without = ask(page)
        expect(page.get_by_role("link").first).to_be_visible()
        found = [barriers(page, "light"), barriers(page, "dark")]
    finally:
        reference.api.start()

    healed = ask(page)

    assert (without.status, healed.status, path(page)) == (503, 200, "/students")
    assert "retry-after" in without.headers
    assert found == ["", ""]


@pytest.fixture
def web_without_api(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a web UI whose API is gone: the marker has stopped it, or else the reference's is stopped here."""
    if request.config.getoption("--stopped", None) == "now":
        yield request.getfixturevalue("web_url")
        return
    reference: Reference = request.getfixturevalue("reference")
    reference.api.stop()
    yield reference.web.url
    reference.api.start()


@pytest.mark.check(
    "web.api-down", points=2, requires=["web.login"], stopped=True, hint="Catch what the client raises; answer 503."
)
def test_a_login_without_the_api_is_told_so(web_without_api: str, new_context: NewContext) -> None:
    """While the API is down, a login is 503 with Retry-After, on a page in plain words with a way back."""
    page = new_context(base_url=web_without_api).new_page()
    page.goto("/login")
    fill(page, {"Email": unique_email(), "Password": "whatever it is"})

    answer = press(page, "Log in")

    assert answer.status == 503
    assert "retry-after" in answer.headers
    expect(page.get_by_role("link").first).to_be_visible()


def test_an_api_that_hangs_is_gone(reference: Reference, page: Page) -> None:
    """An API that takes the call and says nothing is given up within the deadline."""
    reference.api.pause()
    try:
        without = ask(page)
    finally:
        reference.api.resume()

    healed = ask(page)

    assert (without.status, healed.status, path(page)) == (503, 200, "/students")
    assert "retry-after" in without.headers


@pytest.mark.parametrize("victim", ["api", "web"])
def test_what_was_saved_outlives_a_kill(reference: Reference, page: Page, victim: str) -> None:
    """A server that is killed and started again has lost neither what was saved nor who is logged in."""
    email = unique_email()
    page.goto("/students/new")
    fill(page, {"Name": "Ada Lovelace", "Email": email})
    press(page, "Save")
    server: Server = getattr(reference, victim)
    server.kill()
    server.start()

    answer = ask(page)

    assert answer.status == 200
    expect(text(page, email)).to_be_visible()
