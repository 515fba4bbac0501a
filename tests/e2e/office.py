"""What a test needs beforehand: records and logins of its own, made through the API by its ordinary operations."""

import re
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from requests import RequestException, Response, Session

from tests.exchanges import RecordedSession

Json: TypeAlias = dict[str, Any]
ROLES = ("registrar", "instructor", "student")
PASSWORD = "a passphrase of our own"
MISSING_ID = 2**31 - 1
PAST, FUTURE = "2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
PATIENCE = 20  # seconds without a byte


def unique() -> str:
    return uuid.uuid4().hex


def unique_email() -> str:
    return f"{unique()}@example.org"


def meets(times: str) -> Json:
    """From `mon 09:00-10:30`."""
    day, starts, ends = re.split("[ -]", times)
    return {"day": day, "starts": starts, "ends": ends}


def label(section: Json) -> str:
    """How the pages name it."""
    return f"{section['course']['code']} section {section['number']}"


@dataclass(frozen=True)
class Login:
    """A user whose password is known."""

    id: int
    email: str
    student_id: int | None
    password: str = PASSWORD

    @property
    def number(self) -> int:
        """Whose login it is, of a student's."""
        assert self.student_id
        return self.student_id


def _writable(term: Json) -> Json:
    return {field: value for field, value in term.items() if field != "id"}


class Office:
    """The registrar's, at the API's own counter: what is seen here has been stored."""

    def __init__(self, api_url: str, email: str, password: str) -> None:
        self._url = api_url
        self._terms: list[Json] = []
        self._lasting: list[Json] = []
        self._closes = True
        self._session = RecordedSession()
        token = self.ask_for_token(email, password).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def close_terms(self) -> None:
        """Close those that a test has made: some pages offer every section of each that is open."""
        closed = {"ends_on": "2001-01-01", "enrollment_opens_at": "2000-01-01T00:00:00Z", "enrollment_closes_at": PAST}
        terms, self._terms = self._terms, []
        with Session() as unrecorded:
            unrecorded.trust_env, unrecorded.headers = False, self._session.headers
            try:
                for term in terms if self._closes else ():
                    unrecorded.put(f"{self._url}/terms/{term['id']}", json=_writable(term) | closed, timeout=PATIENCE)
            except RequestException:
                self._closes = False

    def close(self) -> None:
        """Close all."""
        self._terms += self._lasting
        self.close_terms()
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

    def term(self, **fields: Any) -> Json:
        """For one test; open for everything, though its days are over: a home need not show every test's sections."""
        deadlines = dict.fromkeys(("enrollment_closes_at", "drop_deadline", "withdraw_deadline"), FUTURE)
        days = {"starts_on": "2001-01-01", "ends_on": "2001-05-01", "enrollment_opens_at": PAST}
        new = {"name": unique(), "credit_limit": 100} | days | deadlines | fields
        self._terms.append(self._json("POST", "/terms", json=new))
        return self._terms[-1]

    def lasting_term(self, **fields: Any) -> Json:
        """Which stays open until the office closes."""
        self._lasting.append(self.term(**fields))
        return self._terms.pop()

    def alter_term(self, term: Json, **changes: Any) -> None:
        self._json("PUT", f"/terms/{term['id']}", json=_writable(term) | changes)

    @cached_property
    def usual_term(self) -> Json:
        """Under way, for sections that need none of their own."""
        return self.lasting_term(ends_on=FUTURE[:10])

    def course(self, **fields: Any) -> Json:
        new = {"code": unique(), "title": "Analytical Engines", "credits": 3}
        return self._json("POST", "/courses", json=new | fields)

    def section(self, course: Json | None = None, term: Json | None = None, **fields: Any) -> Json:
        """With one seat and one place to wait; in a course of its own and the usual term, unless they are given."""
        course, term = course or self.course(), term or self.usual_term
        new = {"course_id": course["id"], "term_id": term["id"], "number": 1, "capacity": 1, "waitlist_capacity": 1}
        return self._json("POST", "/sections", json=new | fields)

    def enroll(self, student_id: int, section: Json) -> Json:
        """Into a seat, or else onto the waitlist."""
        wish = {"student_id": student_id, "section_id": section["id"], "join_waitlist": True}
        return self._json("POST", "/enrollments", json=wish)

    def full_section(self, **fields: Any) -> tuple[Json, Json]:
        """A section whose seat is taken, and the enrollment that has it."""
        section = self.section(**fields)
        return section, self.enroll(self.student()["id"], section)

    def leave(self, enrollment: Json, status: str = "dropped") -> None:
        self._json("PATCH", f"/enrollments/{enrollment['id']}", json={"status": status})

    def grade(self, enrollment: Json, grade: str) -> None:
        self._json("PUT", f"/enrollments/{enrollment['id']}/grade", json={"grade": grade})

    def standing(self, section: Json) -> dict[int, str]:
        """The status of each student who is in the section or waits for it."""
        listed = self.read(f"/sections/{section['id']}/enrollments")["enrollments"]
        return {each["student_id"]: each["status"] for each in listed}

    def first(self, path: str) -> Json:
        """The first of all that are listed there."""
        listed: list[Json] = self.read(f"{path}?limit=1")[path.removeprefix("/")]
        return listed[0]

    def read(self, path: str) -> Json:
        return self._json("GET", path)

    def is_there(self, path: str) -> bool:
        return self._ask("GET", path).ok

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
