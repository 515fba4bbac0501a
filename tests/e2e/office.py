"""What a test needs beforehand: records and logins of its own, made through the API by its ordinary operations."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from requests import RequestException, Response

from tests.exchanges import RecordedSession, unseen
from tests.samples import (
    FUTURE_DAY,
    PASSWORD,
    PATIENCE,
    Json,
    Terms,
    new_course,
    new_student,
    new_term,
    new_user,
)

FAULTS = (AssertionError, LookupError, TypeError, RequestException)  # of an API that does not do as it should


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


class Office:
    """The registrar's, at the API's own counter: what is seen here has been stored."""

    def __init__(self, api_url: str, email: str, password: str) -> None:
        self._url = api_url
        self._session = RecordedSession(api_url)
        token = self.ask_for_token(email, password).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        self.terms = Terms(api_url, self._session.headers)

    def close(self) -> None:
        self.terms.close_all()
        self._session.close()

    def student(self, **fields: str) -> Json:
        """A new student, with the name and email given or any."""
        return self._json("POST", "/students", json=new_student() | fields)

    def students(self, q: str) -> list[Json]:
        """The students, at most 100, whose name or email has this in it."""
        found: list[Json] = self._json("GET", "/students", params={"q": q, "limit": 100})["students"]
        return found

    def user(self, role: str, **fields: Any) -> Login:
        """A new login; a student's is linked to a new student."""
        linked = {"student_id": self.student()["id"]} if role == "student" else {}
        user = self._json("POST", "/users", json=new_user() | {"role": role} | linked | fields)
        return Login(user["id"], user["email"], user["student_id"])

    def term(self, **fields: Any) -> Json:
        """A new term, for one test."""
        return self.terms.add(self._json("POST", "/terms", json=new_term() | fields))

    def lasting_term(self, **fields: Any) -> Json:
        """A new term, for many."""
        return self.terms.add(self._json("POST", "/terms", json=new_term() | fields), lasts=True)

    def alter_term(self, term: Json, **changes: Any) -> None:
        self._json("PUT", f"/terms/{term['id']}", json={field: term[field] for field in new_term()} | changes)

    @cached_property
    def usual_term(self) -> Json:
        """Under way, for sections that need none of their own."""
        return self.lasting_term(ends_on=FUTURE_DAY)

    def course(self, **fields: Any) -> Json:
        return self._json("POST", "/courses", json=new_course() | fields)

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

    def free(self, student: Login) -> bool:
        """Take the student out of every section, and tell whether they are in none now: no test is blamed for it."""
        try:
            with unseen():
                for each in self._held(student):
                    self.leave(each, "withdrawn" if each["status"] == "enrolled" else "dropped")
                return not self._held(student)
        except FAULTS:
            return False

    def _held(self, student: Login) -> list[Json]:
        listed: list[Json] = self.read(f"/students/{student.number}/enrollments")["enrollments"]
        return [each for each in listed if each["status"] in {"enrolled", "waitlisted"}]

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
