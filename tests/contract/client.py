"""How the checks speak to an API: over HTTP, and no other way."""

from typing import Any

from requests import Response
from typing_extensions import override

from tests.contract.document import hold_to_contract
from tests.contract.problems import assert_problem
from tests.exchanges import RecordedSession
from tests.samples import PATIENCE


class Client(RecordedSession):
    """One caller of the API at `url`: it asks for paths as they are.

    A `strict` one holds every answer against the contract. One that marks does not: there a fault costs the check that
    promises it is not there, and no other.
    """

    strict = True

    def __init__(self, url: str, token: str | None = None, owner: str = "registrar") -> None:
        super().__init__(url, owner)
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    @override
    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Response:
        kwargs = {"timeout": PATIENCE} | kwargs | {"allow_redirects": False}  # `get` would allow them
        answer = super().request(method, f"{self.url}{url!s}", *args, **kwargs)
        if self.strict:
            assert "X-Request-ID" in answer.headers
            hold_to_contract(answer)
            if answer.status_code >= 400:
                assert_problem(answer)
        return answer

    def follow(self, link: str) -> Response:
        """What a page's link leads to; that it is a path, and no URL, is a check of its own."""
        return self.get(link.removeprefix(self.url))

    def twin(self) -> "Client":
        """The same caller on a connection of its own, for a thread of its own."""
        twin = Client(self.url, owner=self.owner)
        twin.headers.update(self.headers)
        return twin


def ask_for_token(client: Client, email: str, password: str, **headers: str) -> Response:
    return client.post("/auth/token", data={"username": email, "password": password}, headers=headers)


def log_in(url: str, email: str, password: str, role: str = "registrar") -> Client:
    """The owner of this login, signed in."""
    answer = ask_for_token(Client(url), email, password)
    assert answer.ok, f"the login of {email} is answered {answer.status_code}"
    return Client(url, answer.json()["access_token"], role)
