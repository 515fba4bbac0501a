"""How the checks speak to an API: over HTTP, and no other way."""

from typing import Any

from requests import Response
from typing_extensions import override

from tests.contract.document import hold_to_contract
from tests.exchanges import RecordedSession

PATIENCE = 20  # seconds without a byte


class Client(RecordedSession):
    """One caller of the API at `url`: it asks for paths as they are, and holds every answer against the contract."""

    def __init__(self, url: str, token: str | None = None) -> None:
        super().__init__()
        self.url = url
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    @override
    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Response:
        kwargs = {"timeout": PATIENCE, "allow_redirects": False} | kwargs
        answer = super().request(method, f"{self.url}{url!s}", *args, **kwargs)
        assert "X-Request-ID" in answer.headers
        hold_to_contract(answer)
        return answer

    def twin(self) -> "Client":
        """The same caller on a connection of its own, for a thread of its own."""
        twin = Client(self.url)
        twin.headers.update(self.headers)
        return twin


def ask_for_token(client: Client, email: str, password: str, **headers: str) -> Response:
    return client.post("/auth/token", data={"username": email, "password": password}, headers=headers)


def log_in(url: str, email: str, password: str) -> Client:
    """The owner of this login, signed in."""
    answer = ask_for_token(Client(url), email, password)
    assert answer.status_code == 200, answer.text
    return Client(url, answer.json()["access_token"])
