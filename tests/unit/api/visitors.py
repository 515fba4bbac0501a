"""Asking the API as somebody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partialmethod
from typing import Any, TypeAlias

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.orm import Session

from api.models import Role, Token, User
from api.security import digest
from tests.unit.factories import UserFactory

Who: TypeAlias = User | Role | None


class API:
    """The test client, each of whose calls says by whom it is: a user, any user of a role, or nobody."""

    def __init__(self, client: TestClient, session: Session, clock: Callable[[], datetime]) -> None:
        self._client, self._session, self._clock = client, session, clock
        self._users: dict[Role, User] = {}

    def user(self, role: Role) -> User:
        """The same user of this role all through a test."""
        if role not in self._users:
            self._users[role] = UserFactory(role=role)
        return self._users[role]

    def token(self, user: User) -> str:
        """A token that is good for an hour from now."""
        token = f"token-{user.id}-{self._clock().isoformat()}"
        if self._session.get(Token, digest(token)) is None:
            expires_at = self._clock() + timedelta(hours=1)
            self._session.add(Token(digest=digest(token), user_id=user.id, expires_at=expires_at))
            self._session.commit()
        return token

    def request(
        self, method: str, path: str, *, by: Who = Role.REGISTRAR, headers: dict[str, str] | None = None, **content: Any
    ) -> Response:
        user = self.user(by) if isinstance(by, Role) else by
        bearer = {"Authorization": f"Bearer {self.token(user)}"} if user else {}
        response: Response = self._client.request(method, path, headers=bearer | (headers or {}), **content)
        return response

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")
    patch = partialmethod(request, "PATCH")
    delete = partialmethod(request, "DELETE")

    def log_in(self, email: str, password: str, **more: Any) -> Response:
        return self.request("POST", "/auth/token", by=None, data={"username": email, "password": password}, **more)


def refusal(response: Response) -> tuple[int, str]:
    """Status and code of a refusal, which has the shape that all have (RFC 9457)."""
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return response.status_code, problem["code"]
