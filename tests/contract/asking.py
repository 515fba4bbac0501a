"""A right request for every operation: what a check sends, or makes wrong in one point."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from requests import Response

from tests.contract.client import Client
from tests.contract.document import OPERATIONS
from tests.contract.office import Login, Office
from tests.samples import PASSWORD, Json, new_course, new_student, new_term, new_user

ENDS_OWN_TOKEN = {"log_out", "change_password"}


@dataclass(frozen=True)
class Asking:
    """One request, not yet sent; `json` goes as JSON, `data` as a form or, if bytes, as it is."""

    client: Client
    method: str
    path: str
    json: Any = None
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> "Asking":
        return replace(self, **changes)

    def send(self) -> Response:
        return self.client.request(self.method, self.path, json=self.json, data=self.data, headers=self.headers)


Maker = Callable[[Office, Login], Any]


def _student_id(office: Office, caller: Login) -> int:
    return caller.student_id or int(office.student()["id"])


def _section(office: Office, caller: Login) -> Json:
    return office.section(instructor_id=caller.id if caller.role == "instructor" else None)


TARGETS: dict[str, Maker] = {
    "student_id": _student_id,
    "user_id": lambda office, _: office.user("instructor")["id"],
    "instructor_id": lambda office, _: office.instructor["id"],
    "term_id": lambda office, _: office.term()["id"],
    "course_id": lambda office, _: office.course()["id"],
    "prerequisite_ids": lambda office, _: office.course()["id"],  # one of them
    "section_id": lambda office, caller: _section(office, caller)["id"],
    "enrollment_id": lambda office, caller: office.enroll(
        {"id": _student_id(office, caller)}, _section(office, caller)
    )["id"],
}
BODIES: dict[str, Maker] = {
    "create_student": lambda *_: new_student(),
    "replace_student": lambda *_: new_student(),
    "create_user": lambda *_: new_user(),
    "update_user": lambda *_: {"name": "Grace Brewster Hopper"},
    "change_password": lambda *_: {"current_password": PASSWORD, "new_password": PASSWORD[::-1]},
    "create_term": lambda *_: new_term(),
    "replace_term": lambda *_: new_term(),
    "create_course": lambda *_: new_course(),
    "replace_course": lambda *_: new_course(),
    "create_section": lambda office, _: office.new_section(),
    "replace_section": lambda office, _: office.new_section(),
    "enroll": lambda office, caller: {name: TARGETS[name](office, caller) for name in ("student_id", "section_id")},
    "change_enrollment": lambda *_: {"status": "dropped"},
    "grade_enrollment": lambda *_: {"grade": "A"},
}


def right(operation_id: str, office: Office, caller: Login) -> Asking:
    """What this caller may rightly ask of the operation, if their role may ask anything of it."""
    operation, body = OPERATIONS[operation_id], BODIES.get(operation_id)
    ids = {name: TARGETS[name](office, caller) for name in re.findall(r"{(\w+)}", operation.path)}
    form = {"username": caller.email, "password": PASSWORD} if operation_id == "log_in" else None
    json = body(office, caller) if body else None
    return Asking(caller.client, operation.method, operation.path.format(**ids), json=json, data=form)
