"""What a test needs beforehand: students and logins of its own, made through the API by its ordinary operations."""

import uuid
from dataclasses import dataclass
from typing import Any, TypeAlias

from requests import Response, Session

Json: TypeAlias = dict[str, Any]
ROLES = ("registrar", "instructor", "student")
DEMO_REGISTRAR = ("registrar@example.edu", "correct horse battery")
PASSWORD = "a passphrase of our own"
MISSING_ID = 2**31 - 1
PATIENCE = 20  # seconds without a byte


def unique() -> str:
    return uuid.uuid4().hex


def unique_email() -> str:
    return f"{unique()}@example.org"


@dataclass(frozen=True)
class Login:
    """A user whose password is known."""

    id: int
    email: str
    student_id: int | None
    password: str = PASSWORD


class Office:
    """The registrar's, at the API's own counter: what is seen here has been stored."""

    def __init__(self, api_url: str) -> None:
        self._url = api_url
        self._session = Session()
        self._session.trust_env = False
        token = self.ask_for_token(*DEMO_REGISTRAR).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        self._session.close()

    def student(self, **fields: str) -> Json:
        """A new student, with the name and email given or any."""
        return self._json("POST", "/students", json={"name": "Ada Lovelace", "email": unique_email()} | fields)

    def students(self, q: str) -> list[Json]:
        """The students, at most 100, whose name or email has this in it."""
        found: list[Json] = self._json("GET", "/students", params={"q": q, "limit": 100})["students"]
        return found

    def user(self, role: str, **fields: Any) -> Login:
        """A new login; a student's is linked to a new student."""
        linked = {"student_id": self.student()["id"]} if role == "student" else {}
        new = {"name": "Grace Hopper", "email": unique_email(), "role": role, "password": PASSWORD} | linked | fields
        user = self._json("POST", "/users", json=new)
        return Login(user["id"], user["email"], user["student_id"])

    def read_user(self, user_id: int) -> Json:
        return self._json("GET", f"/users/{user_id}")

    def end_sessions(self, login: Login) -> None:
        """Every token of theirs dies, and they can log in again."""
        for is_active in (False, True):
            self._json("PATCH", f"/users/{login.id}", json={"is_active": is_active})

    def ask_for_token(self, email: str, password: str) -> Response:
        return self._ask("POST", "/auth/token", data={"username": email, "password": password})

    def _ask(self, method: str, path: str, **content: Any) -> Response:
        return self._session.request(method, self._url + path, timeout=PATIENCE, **content)

    def _json(self, method: str, path: str, **content: Any) -> Json:
        answer = self._ask(method, path, **content)
        assert answer.ok, answer.text
        body: Json = answer.json()
        return body
