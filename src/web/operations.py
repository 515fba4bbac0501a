"""The API's operations, as methods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, Literal, TypeVar

from pydantic_core import to_jsonable_python

from web.client import Answer, Caller, Connection
from web.deadline import TimeLeft
from web.resources import (
    Course,
    Enrollment,
    Enrollments,
    Page,
    Resource,
    Section,
    Student,
    Summary,
    Term,
    Token,
    Transcript,
    User,
)

Kind = TypeVar("Kind", bound=Resource)


class Collection(Generic[Kind]):
    """A path, and what lives under it. PUT saves a change as a whole, PATCH a part of it."""

    def __init__(self, api: "Api", path: str, kind: type[Kind], page: type[Page[Kind]], saves: str = "PUT") -> None:
        self._send, self._path, self._kind, self._page, self._saves = api.send, path, kind, page, saves

    def page(self, query: Mapping[str, Any]) -> Page[Kind]:
        return self._send("GET", self._path, params=query).as_(self._page)

    def all(self, **query: Any) -> list[Kind]:
        """Every page, one after the other."""
        page = self.page({"limit": 100, **query})
        found = list(page.items)
        while page.next:
            page = self._send("GET", f"{self._path}?{page.next}").as_(self._page)
            found += page.items
        return found

    def get(self, id_: int) -> Kind:
        answer = self._send("GET", f"{self._path}/{id_}")
        return answer.as_(self._kind).model_copy(update={"etag": answer.headers.get("ETag")})

    def add(self, entry: Mapping[str, Any]) -> Kind:
        return self._send("POST", self._path, json=entry).as_(self._kind)

    def save(self, id_: int, entry: Mapping[str, Any], version: str) -> Kind:
        return self._send(self._saves, f"{self._path}/{id_}", if_match=version, json=entry).as_(self._kind)

    def delete(self, id_: int, version: str) -> None:
        self._send("DELETE", f"{self._path}/{id_}", if_match=version)


class Api:
    """All operations, for one caller, who waits for all of them together no longer than the deadline."""

    def __init__(self, connection: Connection, caller: Caller) -> None:
        self._connection = connection
        self._caller = caller
        self._time_left = TimeLeft(connection.deadline)
        self.students = Collection(self, "/students", Student, Page[Student])
        self.users = Collection(self, "/users", User, Page[User], saves="PATCH")
        self.terms = Collection(self, "/terms", Term, Page[Term])
        self.courses = Collection(self, "/courses", Course, Page[Course])
        self.sections = Collection(self, "/sections", Section, Page[Section])

    def send(self, method: str, path: str, *, if_match: str | None = None, **content: Any) -> Answer:
        headers = self._caller.headers | ({"If-Match": if_match} if if_match else {})
        return self._connection.send(method, path, headers, self._time_left, **to_jsonable_python(content))

    def log_in(self, email: str, password: str) -> str:
        """Return a token, and use it from here on."""
        form = {"grant_type": "password", "username": email, "password": password}
        token = self.send("POST", "/auth/token", data=form).as_(Token).access_token
        self._caller = replace(self._caller, token=token)
        return token

    def log_out(self) -> None:
        self.send("DELETE", "/auth/token")

    def me(self) -> User:
        return self.send("GET", "/users/me").as_(User)

    def change_password(self, current: str, new: str) -> None:
        self.send("PUT", "/users/me/password", json={"current_password": current, "new_password": new})

    def enrollments(self, of: Literal["students", "sections"], id_: int) -> Sequence[Enrollment]:
        """Of a student, of any status; or of a section: who has a seat, by name, then who waits, in order."""
        return self.send("GET", f"/{of}/{id_}/enrollments").as_(Enrollments).enrollments

    def transcript(self, student_id: int) -> Transcript:
        return self.send("GET", f"/students/{student_id}/transcript").as_(Transcript)

    def enroll(self, student_id: int, section_id: int, *, join_waitlist: bool) -> Enrollment:
        wish = {"student_id": student_id, "section_id": section_id, "join_waitlist": join_waitlist}
        return self.send("POST", "/enrollments", json=wish).as_(Enrollment)

    def enrollment(self, enrollment_id: int) -> Enrollment:
        return self.send("GET", f"/enrollments/{enrollment_id}").as_(Enrollment)

    def leave(self, enrollment_id: int, status: str) -> None:
        """`status` is "dropped", also from a waitlist, or "withdrawn"."""
        self.send("PATCH", f"/enrollments/{enrollment_id}", if_match="*", json={"status": status})

    def grade(self, enrollment_id: int, grade: str) -> None:
        self.send("PUT", f"/enrollments/{enrollment_id}/grade", if_match="*", json={"grade": grade})

    def summary(self) -> Summary:
        return self.send("GET", "/summary").as_(Summary)
