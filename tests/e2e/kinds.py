"""The kinds of records that a registrar keeps, and what a person types for each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.e2e.office import Office, meets
from tests.samples import PASSWORD, Json, unique, unique_email

Typed: TypeAlias = Mapping[str, str]


def _nothing(_office: Office, _made: Json) -> None:
    """Users are never deleted."""


@dataclass(frozen=True)
class Kind:
    """`new` is what can be typed for a new one, and what is stored then; of a field `changed`, the label and the name.

    `called` is how a page names it, perhaps among other words, and `told` is what its own page says too. `sought` finds
    it, where the list has a search. `same` is typed by whoever claims what is already another's, and `use` makes
    something else depend on one.
    """

    noun: str
    make: Callable[[Office], Json]
    new: Callable[[Office], tuple[Typed, Json]]
    changed: tuple[str, str]
    same: Callable[[Json], Typed]
    called: Callable[[Json], str]
    told: Callable[[Json], str | re.Pattern[str]]
    use: Callable[[Office, Json], Any] = _nothing
    sought: Callable[[Json], str] | None = None
    words: Callable[[], str] = unique

    @property
    def path(self) -> str:
        return f"/{self.noun}s"

    def path_of(self, made: Json) -> str:
        return f"{self.path}/{made['id']}"

    def is_path_of_one(self, path: str) -> bool:
        return bool(re.fullmatch(rf"{self.path}/\d+", path))

    def __str__(self) -> str:
        return self.noun


def _name(made: Json) -> str:
    return str(made["name"])


def _student(_office: Office) -> tuple[Typed, Json]:
    email = unique_email()
    return {"Name": "Ada Lovelace", "Email": email}, {"name": "Ada Lovelace", "email": email}


def _user(_office: Office) -> tuple[Typed, Json]:
    email = unique_email()
    typed = {"Name": "Grace Hopper", "Email": email, "Role": "instructor", "Password": PASSWORD}
    return typed, {"name": "Grace Hopper", "email": email, "role": "instructor", "is_active": True, "student_id": None}


def _course(office: Office) -> tuple[Typed, Json]:
    code, required = unique(), office.course()["id"]
    typed = {
        "Code": code,
        "Title": "Difference Engines",
        "Description": "Wheels,\nand levers.",
        "Credits": "4",
        "Prerequisites": str(required),
    }
    stored = {"title": "Difference Engines", "description": "Wheels,\nand levers.", "credits": 4}
    return typed, stored | {"code": code, "prerequisite_ids": [required]}


def _term(_office: Office) -> tuple[Typed, Json]:
    name = unique()
    typed = {
        "Name": name,
        "Starts on": "2001-09-01",
        "Ends on": "2001-12-21",
        "Enrollment opens": "2001-08-01T09:00",
        "Enrollment closes": "2001-09-08T17:30",
        "Drop deadline": "2001-09-15T23:59",
        "Withdraw deadline": "2001-11-15T23:59",
        "Credit limit": "18",
    }
    stored = {
        "starts_on": "2001-09-01",
        "ends_on": "2001-12-21",
        "enrollment_opens_at": "2001-08-01T09:00:00Z",
        "enrollment_closes_at": "2001-09-08T17:30:00Z",
        "drop_deadline": "2001-09-15T23:59:00Z",
        "withdraw_deadline": "2001-11-15T23:59:00Z",
        "credit_limit": 18,
    }
    return typed, stored | {"name": name}


def _section(office: Office) -> tuple[Typed, Json]:
    names = {"Course": office.course()["id"], "Term": office.term()["id"], "Instructor": office.user("instructor").id}
    counts = {"Number": 7, "Capacity": 30, "Waitlist capacity": 5}
    stored = {f"{name.lower()}_id": id_ for name, id_ in names.items()}
    stored |= {name.lower().replace(" ", "_"): count for name, count in counts.items()}
    typed = {name: str(number) for name, number in (names | counts).items()}
    times = ["mon 09:00-10:30", "thu 13:15-14:45"]
    return typed | {"Meetings": "\n".join(times)}, stored | {"meetings": [meets(each) for each in times]}


STUDENT = Kind(
    noun="student",
    make=lambda office: office.student(name=f"Ada {unique()}"),
    new=_student,
    changed=("Name", "name"),
    same=lambda made: {"Email": made["email"].upper()},
    called=_name,
    told=lambda made: str(made["email"]),
    sought=_name,
    use=lambda office, made: office.enroll(made["id"], office.section()),
)
USER = Kind(
    noun="user",
    make=lambda office: office.read(f"/users/{office.user('instructor', name=f'Grace {unique()}').id}"),
    new=_user,
    changed=("Name", "name"),
    same=lambda made: {"Email": made["email"].upper()},
    called=_name,
    told=lambda made: str(made["email"]),
)
COURSE = Kind(
    noun="course",
    make=lambda office: office.course(title=f"On {unique()}"),
    new=_course,
    changed=("Title", "title"),
    same=lambda made: {"Code": made["code"].upper()},
    called=lambda made: str(made["code"]),
    told=lambda made: str(made["title"]),
    sought=lambda made: str(made["code"]),
    use=lambda office, made: office.section(course=made),
)
TERM = Kind(
    noun="term",
    make=lambda office: office.term(credit_limit=87),
    new=_term,
    changed=("Name", "name"),
    same=lambda made: {"Name": made["name"].upper()},
    called=_name,
    told=lambda made: re.compile(rf"\b{made['credit_limit']}\b"),
    use=lambda office, made: office.section(term=made),
)
SECTION = Kind(
    noun="section",
    make=lambda office: office.section(),
    new=_section,
    changed=("Waitlist capacity", "waitlist_capacity"),
    same=lambda made: {"Course": str(made["course_id"]), "Term": str(made["term_id"]), "Number": str(made["number"])},
    called=lambda made: str(made["course"]["code"]),
    told=lambda made: str(made["term"]["name"]),
    sought=lambda made: str(made["course"]["code"]),
    use=lambda office, made: office.enroll(office.student()["id"], made),
    words=lambda: "12",
)
KINDS = (STUDENT, USER, COURSE, TERM, SECTION)
VERSIONED = tuple(kind for kind in KINDS if kind is not SECTION)  # a section's seats move by themselves
DELETABLE = tuple(kind for kind in KINDS if kind is not USER)
