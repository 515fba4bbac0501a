"""What a check needs before it starts: students, logins and sections of its own, under names that nobody else has."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from requests import Response

from tests.contract.client import Client, log_in
from tests.contract.document import DOCUMENT
from tests.samples import PASSWORD, Json, Terms, new_course, new_student, new_term, new_user

SCHEMAS: dict[str, Json] = DOCUMENT["components"]["schemas"]


def meets(day: str, starts: str, ends: str) -> Json:
    return {"day": day, "starts": starts, "ends": ends}


def writable(kind: str, made: Json) -> Json:
    """What a replacement by itself sends."""
    return {field: made[field] for field in SCHEMAS[f"{kind.capitalize()}In"]["properties"]}


def changes(kind: str, before: Json, after: Json) -> Json:
    """The fields that are no longer what they were, of those that the contract has; an answer may say more."""
    documented = SCHEMAS[f"{kind.capitalize()}Out"]["properties"]
    return {field: after.get(field) for field in documented if after.get(field) != before.get(field)}


@dataclass(frozen=True)
class Login:
    """A user, and the client that is signed in as they are."""

    client: Client
    id: int
    role: str
    email: str
    student_id: int | None


class Office:
    """The registrar's: all is made through the API, by its ordinary operations."""

    def __init__(self, registrar: Client) -> None:
        self.registrar = registrar
        self.terms = Terms(registrar.url, registrar.headers)

    @cached_property
    def instructor(self) -> Json:
        """Any, who stays one; a password takes longer to make than all else."""
        return self.user("instructor")

    @cached_property
    def any_term(self) -> Json:
        """Which no check closes or changes."""
        return self.terms.add(self._create("/terms", new_term()), lasts=True)

    @cached_property
    def outsider(self) -> Login:
        """A student with nothing but a login."""
        return self.login("student")

    def new(self, kind: str) -> Json:
        """What can be posted to this collection, with nothing that has a default."""
        if kind == "enrollments":
            return {"student_id": self.student()["id"], "section_id": self.section()["id"]}
        plain = {"students": new_student, "users": new_user, "terms": new_term, "courses": new_course}
        return plain.get(kind, self.new_section)()

    def student(self, **fields: str) -> Json:
        """A new student, with the fields given or any."""
        return self._create("/students", new_student() | fields)

    def user(self, role: str, **fields: Any) -> Json:
        """A new login; a student's is linked to a new student."""
        linked = {"student_id": self.student()["id"]} if role == "student" else {}
        return self._create("/users", new_user() | {"role": role} | linked | fields)

    def login(self, role: str) -> Login:
        user = self.user(role)
        client = log_in(self.registrar.url, user["email"], PASSWORD, role)
        return Login(client, user["id"], role, user["email"], user["student_id"])

    def term(self, **fields: Any) -> Json:
        """A new term, for one check."""
        return self.terms.add(self._create("/terms", new_term() | fields))

    def course(self, *prerequisites: Json, **fields: Any) -> Json:
        required = {"prerequisite_ids": [each["id"] for each in prerequisites]}
        return self._create("/courses", new_course() | required | fields)

    def new_section(self, course: Json | None = None, term: Json | None = None) -> Json:
        """With two seats, in a course of its own unless one is given."""
        course, term = course or self.course(), term or self.any_term
        return {"course_id": course["id"], "term_id": term["id"], "number": 1, "capacity": 2}

    def section(self, course: Json | None = None, term: Json | None = None, **fields: Any) -> Json:
        return self._create("/sections", self.new_section(course, term) | fields)

    def ask(self, student: Json, section: Json, **more: Any) -> Response:
        """Ask for a seat."""
        body = {"student_id": student["id"], "section_id": section["id"]}
        return self.registrar.post("/enrollments", json=body | more)

    def enroll(self, student: Json, section: Json) -> Json:
        return self._create("/enrollments", {"student_id": student["id"], "section_id": section["id"]})

    def wait(self, student: Json, section: Json) -> Json:
        body = {"student_id": student["id"], "section_id": section["id"], "join_waitlist": True}
        waiting = self._create("/enrollments", body)
        assert waiting["status"] == "waitlisted"
        return waiting

    def end(self, enrollment: Json, status: str = "dropped") -> Response:
        return self.registrar.patch(f"/enrollments/{enrollment['id']}", json={"status": status})

    def again(self, enrollment: Json) -> Json:
        """The same, as it is now."""
        found: Json = self.registrar.get(f"/enrollments/{enrollment['id']}").json()
        return found

    def grade(self, enrollment: Json, grade: str) -> Response:
        return self.registrar.put(f"/enrollments/{enrollment['id']}/grade", json={"grade": grade})

    def alter(self, kind: str, made: Json, **changes: Any) -> Response:
        """Replace a term, course or section by itself, but for these changes."""
        return self.registrar.put(f"/{kind}s/{made['id']}", json=writable(kind, made) | changes)

    def standing(self, section: Json) -> tuple[list[int], list[int]]:
        """The students who hold a seat, ascending, and those who wait, in order."""
        listed: list[Json] = self.registrar.get(f"/sections/{section['id']}/enrollments").json()["enrollments"]
        seated = [each["student_id"] for each in listed if each["status"] != "waitlisted"]
        return sorted(seated), [each["student_id"] for each in listed if each["status"] == "waitlisted"]

    def _create(self, path: str, new: Json) -> Json:
        answer = self.registrar.post(path, json=new)
        assert answer.ok, f"POST {path}: {answer.status_code} {answer.text}"
        created: Json = answer.json()
        return created
