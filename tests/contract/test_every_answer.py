"""What holds for every answer, whatever was asked."""

import re
from typing import Any

import pytest

from tests.contract.client import Client
from tests.contract.document import OPERATIONS, PATHS
from tests.contract.office import Office
from tests.contract.problems import assert_problem, assert_refused
from tests.samples import MISSING_ID, new_student

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
UNSUPPORTED = [
    (method, path)
    for path in PATHS
    for method in sorted(METHODS - {each.method for each in OPERATIONS.values() if each.path == path})
]
SURELY_UNSUPPORTED = [f"{method}-{path}" for method, path in UNSUPPORTED if path != "/users/me"]  # may be a user's path


REFUSED: dict[int, tuple[str, str, dict[str, Any]]] = {
    400: ("POST", "/students", {"data": b"{", "headers": {"Content-Type": "application/json"}}),
    401: ("GET", "/users/me", {"headers": {"Authorization": "Bearer nonsense"}}),
    404: ("GET", f"/students/{MISSING_ID}", {}),
    405: ("PATCH", "/students", {}),
    409: ("POST", "/students", {}),  # with the email of another
    412: ("PUT", "/students/{id}", {"json": new_student(), "headers": {"If-Match": '"no such version"'}}),
    415: ("POST", "/students", {"data": b"x", "headers": {"Content-Type": "text/plain"}}),
    422: ("POST", "/students", {"json": {"name": ""}}),
}


@pytest.mark.check(
    "robustness.problem",
    points=3,
    requires=["students.create"],
    hint="One exception handler can render every refusal, the framework's own too.",
)
@pytest.mark.parametrize(("status", "asked"), REFUSED.items(), ids=map(str, REFUSED))
def test_a_refusal_is_a_problem(status: int, asked: tuple[str, str, dict[str, Any]], office: Office) -> None:
    """Every refusal is application/problem+json with type, title, status, detail and code; nothing internal leaks."""
    student = office.student()
    method, path, content = asked
    if status == 409:
        content = {"json": new_student() | {"email": student["email"]}}

    answer = office.registrar.request(method, path.format(**student), **content)

    if not answer.ok:  # that it is refused at all is promised elsewhere
        assert_problem(answer)


@pytest.mark.check("robustness.health", points=1, requires=["access.login"])
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_told_without_a_login(path: str, nobody: Client) -> None:
    """A server that lives and can serve says so to anybody: /health/live and /health/ready are 200."""
    assert nobody.get(path).status_code == 200


@pytest.mark.check(
    "robustness.unknown-path",
    points=1,
    requires=["access.login"],
    cases=["/nowhere", "/student", "/students/1/nothing"],
    hint="Handle the framework's own 404 as well.",
)
@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/student", "/students/1/nothing", "/Students", "//students", "/students/", "/users/me/"]
)
def test_an_unknown_path_is_not_found(path: str, registrar: Client) -> None:
    """A path that is not the API's is 404 not_found."""
    assert_refused(registrar.get(path), 404, "not_found")


@pytest.mark.check(
    "robustness.trailing-slash", points=1, requires=["access.login"], hint="FastAPI(redirect_slashes=False)."
)
@pytest.mark.parametrize(
    "path", ["/students/", "/users/", "/users/me/", "/students/1/", "/terms/", "/summary/", "/health/live/"]
)
def test_a_trailing_slash_is_not_redirected(path: str, registrar: Client) -> None:
    """A path with a trailing slash is not redirected to the one without it."""
    assert registrar.get(path).status_code not in range(300, 400)


@pytest.fixture(scope="module")
def own_registrar(lasting_office: Office) -> Client:
    """A login that may be lost: a server may do what no method of the contract does, and do it to who asks."""
    return lasting_office.login("registrar").client


@pytest.mark.check(
    "robustness.methods",
    points=2,
    requires=["access.create-user"],
    cases=SURELY_UNSUPPORTED,
    hint="Allow has all methods of the path, not those of one route alone.",
)
@pytest.mark.parametrize(("method", "path"), UNSUPPORTED)
def test_an_unsupported_method_is_told_which_are_supported(method: str, path: str, own_registrar: Client) -> None:
    """An unsupported method is 405 method_not_allowed, and `Allow` names all that the path supports."""
    refused = own_registrar.request(method, re.sub(r"{\w+}", str(MISSING_ID), path))

    assert_refused(refused, 405, "method_not_allowed")
    allowed = set(re.split(r"\s*,\s*", refused.headers.get("Allow", "")))
    assert allowed - {"HEAD", "OPTIONS"} == {each.method for each in OPERATIONS.values() if each.path == path}


@pytest.mark.check(
    "robustness.request-id", points=1, requires=["access.login"], hint="Set it in a middleware that sees every answer."
)
@pytest.mark.parametrize("path", ["/health/live", "/users/me", "/students/abc", "/nowhere"])
@pytest.mark.parametrize("given", ["a", "A-1", "0" * 64])
def test_a_request_id_is_kept(given: str, path: str, registrar: Client) -> None:
    """A caller's X-Request-ID of 1 to 64 letters, digits and hyphens is on the answer, be it a refusal or not."""
    assert registrar.get(path, headers={"X-Request-ID": given}).headers.get("X-Request-ID") == given


@pytest.mark.check(
    "robustness.request-id-bad",
    points=1,
    requires=["access.login"],
    hint="Match the whole of it: re.fullmatch(r'[A-Za-z0-9-]{1,64}', given).",
)
@pytest.mark.parametrize("given", ["", "0" * 65, "a b", "a_b", "a\u00e9", "<script>", "a,b"])
def test_a_bad_request_id_is_replaced(given: str, registrar: Client) -> None:
    """An X-Request-ID that is anything else than 1 to 64 letters, digits and hyphens gives way to a new one."""
    kept = registrar.get("/users/me", headers={"X-Request-ID": given.encode()}).headers.get("X-Request-ID")

    assert kept != given
    assert kept


@pytest.mark.check(
    "robustness.request-id-new",
    points=1,
    requires=["access.login"],
    hint="Set it in a middleware that sees every answer.",
)
def test_each_request_gets_an_id_of_its_own(registrar: Client) -> None:
    """Each request without an X-Request-ID gets one that no other has."""
    ids = [registrar.get("/users/me").headers.get("X-Request-ID") for _ in range(3)]

    assert all(ids)
    assert len(set(ids)) == 3
