"""The same contract without a framework's help: the whole API on Python's standard library, in memory.

    python -m tests.proof.wheats.foreign_api [PORT]

Read it from the end: `Handler` turns bytes into a `Call`, `ROUTES` names the operation, one lock holds the world still
while it decides, and a `Refusal`, raised anywhere, becomes problem+json. It shares nothing with the reference but the
committed openapi.json, which it serves, and from which it takes the list of common passwords.
"""

import hashlib
import json
import re
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

Row = dict[str, Any]
DOCUMENT = (Path(__file__).parents[2] / "contract" / "openapi.json").read_bytes()
COMMON = set(json.loads(DOCUMENT)["components"]["schemas"]["UserIn"]["properties"]["password"]["not"]["enum"])
MIB, MAX_ID, SESSION = 2**20, 2**31 - 1, timedelta(hours=8)
ATTEMPTS, LOCKED = 5, timedelta(minutes=15)
PROXIES = {"127.0.0.1", "::1"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
POINTS = dict(
    zip(
        ("A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"),
        map(Decimal, ("4.0", "3.7", "3.3", "3.0", "2.7", "2.3", "2.0", "1.7", "1.3", "1.0", "0.7", "0")),
        strict=True,
    )
)


# Refusals


class Refusal(Exception):
    """An answer other than the one that was asked for."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(code)
        self.status, self.headers = status, dict(headers or {})
        title = code.replace("_", " ").capitalize()
        self.body = {"type": f"/problems/{code}", "title": title, "status": status, "detail": title, "code": code}
        self.body |= members


def conflict(code: str, **members: Any) -> Refusal:
    return Refusal(409, code, **members)


def invalid(faults: Iterable[tuple[str, str]], kind: str = "pointer") -> Refusal:
    return Refusal(422, "validation_error", errors=[{kind: place, "detail": why} for place, why in list(faults)[:20]])


NOT_FOUND, FORBIDDEN = Refusal(404, "not_found"), Refusal(403, "forbidden")


# What may be written: each judge gives the value to store, or raises ValueError with what is wrong

Judge = Callable[[Any], Any]
SPACE = " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
CONTROL = "\u0000-\u001f\u007f-\u009f"
NAME = re.compile(f"[^{CONTROL}{SPACE}]([^{CONTROL}]*[^{CONTROL}{SPACE}])?")
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(\.{LABEL})*", re.IGNORECASE | re.ASCII)
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII)


def text(value: Any, least: int, most: int, what: str = "text") -> str:
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise ValueError(f"Must be {what} of {least} to {most} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("Must be Unicode text") from None
    return value


def name(value: Any) -> str:
    if not NAME.fullmatch(text(value, 1, 100)):
        raise ValueError("Must have no control characters, and no white space at its ends")
    return str(value)


def email(value: Any) -> str:
    if not EMAIL.fullmatch(text(value, 1, 254)):
        raise ValueError("Must be an email address")
    return str(value).lower()


def password(value: Any) -> str:
    if text(value, 15, 128).lower() in COMMON:
        raise ValueError("This password is too common")
    return str(value)


def description(value: Any) -> str:
    if "\0" in text(value, 0, 10_000):
        raise ValueError("Must have no NUL character")
    return str(value)


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Must be true or false")
    return value


def integer(least: int, most: int) -> Judge:
    def judge(value: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole or not least <= value <= most:
            raise ValueError(f"Must be an integer from {least} to {most}")
        return int(value)

    return judge


def one_of(*words: str) -> Judge:
    def judge(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"Must be one of {', '.join(words)}")
        return value

    return judge


def or_null(judge: Judge) -> Judge:
    return lambda value: None if value is None else judge(value)


def day(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("Must be a date, as 2026-09-01")
    return date.fromisoformat(value).isoformat()


def timestamp(value: Any) -> datetime:
    match = TIMESTAMP.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("Must be a timestamp with an offset, as 2026-09-01T09:00:00Z")
    on, at, fraction, offset = match.groups()
    fraction = (fraction or "")[:7]
    try:
        read = datetime.fromisoformat(f"{on}T{at}{fraction.ljust(7, '0') if fraction else ''}{offset.upper()}")
        return read.astimezone(UTC)
    except OverflowError:
        raise ValueError("Must be in the years 1 to 9999") from None


def time(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        raise ValueError("Must be a time, as 09:30")
    return value


def list_of(judge: Judge) -> Judge:
    def judge_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("Must be a list")
        return [judge(each) for each in value]

    return judge_all


def ids(value: Any) -> list[int]:
    judged = list_of(identifier)(value)
    if len(set(judged)) < len(judged):
        raise ValueError("Must have no repeats")
    return sorted(judged)


REQUIRED = object()
identifier, places = integer(1, MAX_ID), integer(0, 1000)
Fields = Mapping[str, tuple[Judge, Any]]
MEETING: Fields = {"day": (one_of(*DAYS), REQUIRED), "starts": (time, REQUIRED), "ends": (time, REQUIRED)}


def meeting(value: Any) -> Row:
    if not isinstance(value, dict):
        raise ValueError("Must be a meeting")
    faults, judged = judge_fields(MEETING, value)
    if faults:
        raise ValueError("; ".join(f"{place} {why}" for place, why in faults))
    return judged


ROLE = one_of("student", "instructor", "registrar")
STUDENT: Fields = {"name": (name, REQUIRED), "email": (email, REQUIRED)}
USER: Fields = {
    "name": (name, REQUIRED),
    "email": (email, REQUIRED),
    "role": (ROLE, REQUIRED),
    "password": (password, REQUIRED),
    "student_id": (or_null(identifier), None),
}
USER_PATCH: Fields = {
    "name": (name, None),
    "role": (ROLE, None),
    "is_active": (boolean, None),
    "student_id": (or_null(identifier), None),
}
PASSWORDS: Fields = {
    "current_password": (lambda value: text(value, 0, 128), REQUIRED),
    "new_password": (password, REQUIRED),
}
TERM: Fields = {
    "name": (name, REQUIRED),
    "starts_on": (day, REQUIRED),
    "ends_on": (day, REQUIRED),
    "enrollment_opens_at": (timestamp, REQUIRED),
    "enrollment_closes_at": (timestamp, REQUIRED),
    "drop_deadline": (timestamp, REQUIRED),
    "withdraw_deadline": (timestamp, REQUIRED),
    "credit_limit": (integer(0, 100), REQUIRED),
}
COURSE: Fields = {
    "code": (name, REQUIRED),
    "title": (name, REQUIRED),
    "description": (description, ""),
    "credits": (integer(0, 12), REQUIRED),
    "prerequisite_ids": (ids, ()),
}
SECTION: Fields = {
    "course_id": (identifier, REQUIRED),
    "term_id": (identifier, REQUIRED),
    "instructor_id": (or_null(identifier), None),
    "number": (integer(1, 999), REQUIRED),
    "capacity": (places, REQUIRED),
    "waitlist_capacity": (places, 0),
    "meetings": (list_of(meeting), ()),
}
ENROLLMENT: Fields = {
    "student_id": (identifier, REQUIRED),
    "section_id": (identifier, REQUIRED),
    "join_waitlist": (boolean, False),
}
STATUS: Fields = {"status": (one_of("dropped", "withdrawn"), REQUIRED)}
GRADE: Fields = {"grade": (one_of(*POINTS), REQUIRED)}


def pointer(key: str) -> str:
    """RFC 6901, of a field of the body."""
    readable = key.encode(errors="replace").decode()[:100]
    return f"/{readable.replace('~', '~0').replace('/', '~1')}"


def judge_fields(fields: Fields, given: Row, *, partial: bool = False) -> tuple[list[tuple[str, str]], Row]:
    """All that is wrong, by JSON pointer, and what is to be stored; `partial` leaves out what was not given."""
    judged: Row = {}
    faults = [(pointer(key), "Is not known here") for key in given.keys() - fields.keys()]
    for key, (judge, default) in fields.items():
        if key in given:
            try:
                judged[key] = judge(given[key])
            except ValueError as fault:
                faults.append((f"/{key}", str(fault)))
        elif default is REQUIRED:
            faults.append((f"/{key}", "Is missing"))
        elif not partial:
            judged[key] = list(default) if default == () else default
    return faults, judged


# The world


def now() -> datetime:
    return datetime.now(UTC)


def key_of(words: str) -> str:
    """Unique names are so without case of ASCII letters."""
    return words.encode().lower().decode()


def digest(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(errors="surrogatepass"), salt=salt, n=2**12, r=8, p=1)


SALT = secrets.token_bytes(16)
DUMMY = digest("nobody's", SALT)


@dataclass
class World:
    """All that is stored: each table by id. `lock` is held for the whole of every operation."""

    students: dict[int, Row] = field(default_factory=dict)
    users: dict[int, Row] = field(default_factory=dict)
    terms: dict[int, Row] = field(default_factory=dict)
    courses: dict[int, Row] = field(default_factory=dict)
    sections: dict[int, Row] = field(default_factory=dict)
    enrollments: dict[int, Row] = field(default_factory=dict)
    tokens: dict[bytes, tuple[int, datetime]] = field(default_factory=dict)
    failures: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, table: dict[int, Row], row: Row) -> Row:
        """Under an id that was never used before."""
        self.last[id(table)] = row_id = self.last.get(id(table), 0) + 1
        table[row_id] = {"id": row_id} | row
        return table[row_id]

    def of_section(self, section_id: int, *statuses: str) -> list[Row]:
        return [each for each in self.enrollments.values() if _in(each, "section_id", section_id, statuses)]

    def of_student(self, student_id: int, *statuses: str) -> list[Row]:
        return [each for each in self.enrollments.values() if _in(each, "student_id", student_id, statuses)]

    def seated(self, section_id: int) -> list[Row]:
        return self.of_section(section_id, "enrolled", "completed")

    def waiting(self, section_id: int) -> list[Row]:
        """In order. Who asked first has the lowest id."""
        return self.of_section(section_id, "waitlisted")

    def course_of(self, enrollment: Row) -> Row:
        return self.courses[self.sections[enrollment["section_id"]]["course_id"]]

    def term_of(self, enrollment: Row) -> Row:
        return self.terms[self.sections[enrollment["section_id"]]["term_id"]]


def _in(enrollment: Row, key: str, value: int, statuses: Sequence[str]) -> bool:
    return enrollment[key] == value and (not statuses or enrollment["status"] in statuses)


def found(table: Mapping[int, Row], row_id: int) -> Row:
    if row_id not in table:
        raise NOT_FOUND
    return table[row_id]


def taken(table: Mapping[int, Row], key: str, value: str, but: int | None) -> bool:
    return any(key_of(row[key]) == key_of(value) for row in table.values() if row["id"] != but)


# The rules of enrollment


def ineligible(world: World, student_id: int, section: Row, but: int | None = None) -> Iterator[Row]:
    """The violations that keep a student from a seat, were there one; `but` is a waiter's own entry."""
    term, course = world.terms[section["term_id"]], world.courses[section["course_id"]]
    history = [each for each in world.of_student(student_id) if each["id"] != but]
    here = [each for each in history if world.term_of(each) is term]
    enrolled = [each for each in here if each["status"] == "enrolled"]
    if not term["enrollment_opens_at"] <= now() < term["enrollment_closes_at"]:
        yield {"code": "registration_closed", "detail": "Enrollment is not open"}
    for each in here:
        if each["status"] in ("enrolled", "waitlisted") and world.course_of(each) is course:
            yield {"code": "duplicate_course", "detail": "In this course already", "enrollment_id": each["id"]}
            break
    yield from missing(world, history, course)
    clashing = [each for each in enrolled if clash(section, world.sections[each["section_id"]])]
    if clashing:
        yield {"code": "time_conflict", "detail": f"Meets at the same time as {world.course_of(clashing[0])['code']}"}
    total = sum(world.course_of(each)["credits"] for each in enrolled) + course["credits"]
    if total > term["credit_limit"]:
        yield {"code": "credit_limit_exceeded", "detail": f"Would make {total} credits in the term"}


def missing(world: World, history: Sequence[Row], course: Row) -> Iterator[Row]:
    """The prerequisites that are not completed with D- or better."""
    completed = [each for each in history if each["status"] == "completed" and each["grade"] != "F"]
    passed = {world.course_of(each)["id"] for each in completed}
    for prerequisite_id in course["prerequisite_ids"]:
        if prerequisite_id not in passed:
            yield {"code": "prerequisite_not_met", "detail": f"{world.courses[prerequisite_id]['code']} comes first"}


def clash(one: Row, other: Row) -> bool:
    return any(
        a["day"] == b["day"] and a["starts"] < b["ends"] and b["starts"] < a["ends"]
        for a in one["meetings"]
        for b in other["meetings"]
    )


def promote(world: World, section: Row) -> None:
    """Each free seat goes to the first waiter who is eligible."""
    for waiter in world.waiting(section["id"]):
        if section["capacity"] <= len(world.seated(section["id"])):
            return
        if not list(ineligible(world, waiter["student_id"], section, but=waiter["id"])):
            waiter["status"] = "enrolled"


def full(world: World, section: Row, *, join_waitlist: bool) -> Iterator[Row]:
    if section["capacity"] > len(world.seated(section["id"])):
        return
    if not join_waitlist:
        yield {"code": "section_full", "detail": "No seat is left"}
    elif section["waitlist_capacity"] <= len(world.waiting(section["id"])):
        yield {"code": "waitlist_full", "detail": "No seat is left, and no place on the waitlist"}


# What is read


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def public(row: Row) -> Row:
    """As it is answered: timestamps as text, no password."""
    return {
        key: written(value) if isinstance(value, datetime) else value
        for key, value in row.items()
        if key not in ("salt", "hash")
    }


def brief(row: Row, *keys: str) -> Row:
    return {key: row[key] for key in ("id", *keys)}


def offered(world: World, section: Row) -> Row:
    return {
        "course": brief(world.courses[section["course_id"]], "code", "title", "credits"),
        "term": brief(world.terms[section["term_id"]], "name"),
    }


def section_out(world: World, section: Row) -> Row:
    teacher = world.users.get(section["instructor_id"])
    enrolled = len(world.seated(section["id"]))
    return {
        **section,
        **offered(world, section),
        "instructor": brief(teacher, "name") if teacher else None,
        "enrolled": enrolled,
        "waitlisted": len(world.waiting(section["id"])),
        "seats_left": max(section["capacity"] - enrolled, 0),
    }


def enrollment_out(world: World, enrollment: Row) -> Row:
    section = world.sections[enrollment["section_id"]]
    waits = enrollment["status"] == "waitlisted"
    return {
        **public(enrollment),
        "waitlist_position": world.waiting(section["id"]).index(enrollment) + 1 if waits else None,
        "student": brief(world.students[enrollment["student_id"]], "name"),
        "section": {**brief(section, "number", "meetings"), **offered(world, section)},
    }


def transcript(world: World, student_id: int) -> Row:
    shown = world.of_student(student_id, "enrolled", "completed", "withdrawn")
    terms = sorted(
        {world.term_of(each)["id"] for each in shown}, key=lambda each: (world.terms[each]["starts_on"], each)
    )
    listed = []
    for term_id in terms:
        those = [each for each in shown if world.term_of(each)["id"] == term_id]
        courses = [
            {
                "enrollment_id": each["id"],
                "section_id": each["section_id"],
                "course_id": world.course_of(each)["id"],
                **{key: world.course_of(each)[key] for key in ("code", "title", "credits")},
                "status": each["status"],
                "grade": each["grade"],
            }
            for each in those
        ]
        listed.append(
            {"term_id": term_id, "name": world.terms[term_id]["name"], "courses": courses, **marks(world, those)}
        )
    return {"student_id": student_id, "terms": listed, **marks(world, shown)}


def marks(world: World, enrollments: Sequence[Row]) -> Row:
    graded = [(POINTS[each["grade"]], world.course_of(each)["credits"]) for each in enrollments if each["grade"]]
    weight = sum(credits_ for _, credits_ in graded)
    earned = sum(credits_ for points, credits_ in graded if points)
    if not weight:
        return {"credits_earned": earned, "gpa": None}
    average = sum((points * credits_ for points, credits_ in graded), Decimal()) / weight
    return {"credits_earned": earned, "gpa": float(average.quantize(Decimal("0.01"), ROUND_HALF_UP))}


# One request


@dataclass
class Call:
    """A request, as far as an operation cares; `user` is None where nobody need be signed in."""

    world: World
    path: str
    query: list[tuple[str, str]]
    headers: Message
    address: str
    body: bytes
    ids: list[int] = field(default_factory=list)
    user: Row = field(default_factory=dict)
    token: bytes = b""

    def json(self, fields: Fields, *, partial: bool = False) -> Row:
        try:
            given = json.loads(self.body.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise Refusal(400, "malformed_json") from None
        if not isinstance(given, dict):
            raise invalid([("", "Must be an object")])
        faults, judged = judge_fields(fields, given, partial=partial)
        if faults:
            raise invalid(faults)
        return judged

    def parameter(self, key: str, judge: Judge, default: Any) -> Any:
        values = [value for name_, value in self.query if name_ == key]
        return self.judged(key, values[-1], judge) if values else default

    @staticmethod
    def judged(key: str, value: str, judge: Judge) -> Any:
        try:
            return judge(value)
        except ValueError as fault:
            raise invalid([(key, str(fault))], "parameter") from None

    def require_version(self, out: Row | None) -> None:
        """If-Match, RFC 9110, section 13.1.1; `out` is None for what carries no tag."""
        wanted = self.headers.get("If-Match")
        if wanted is None or wanted.strip() == "*":
            return
        if out is None or etag(out) not in re.findall(r'(?:W/)?"[^"]*"', wanted):
            raise Refusal(412, "stale_version")


def _no_number(word: str) -> Any:
    raise ValueError(word)


def etag(out: Row) -> str:
    return f'"{hashlib.sha256(json.dumps(out, sort_keys=True).encode()).hexdigest()[:32]}"'


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def tagged(call: Call, out: Row, status: int = 200) -> Answer:
    known = call.headers.get("If-None-Match", "")
    headers = {"ETag": etag(out)}
    if status == 200 and (known.strip() == "*" or etag(out) in re.findall(r'"[^"]*"', known)):
        return Answer(304, None, headers)
    return Answer(status, out, headers)


def created(path: str, out: Row, *, tag: bool = True) -> Answer:
    return Answer(201, out, {"Location": f"{path}/{out['id']}"} | ({"ETag": etag(out)} if tag else {}))


def digits(least: int, most: int) -> Judge:
    def judge(value: str) -> int:
        if not re.fullmatch("[0-9]{1,20}", value) or not least <= int(value) <= most:
            raise ValueError(f"Must be an integer from {least} to {most}")
        return int(value)

    return judge


def search_term(value: str) -> str:
    if re.search(f"[{CONTROL}]", text(value, 0, 100)):
        raise ValueError("Must have no control characters")
    return key_of(value)


def flag(value: str) -> bool:
    if value.lower() not in ("true", "false", "1", "0"):
        raise ValueError("Must be true or false")
    return value.lower() in ("true", "1")


def page(call: Call, key: str, rows: Iterable[Row], out: Callable[[Row], Row] = public) -> Answer:
    """A page in ascending id; the cursors say after or before which id it is."""
    limit = call.parameter("limit", digits(1, 100), 50)
    after = call.parameter("after", digits(0, MAX_ID + 1), None)
    before = call.parameter("before", digits(0, MAX_ID + 1), None)
    backward = after is None and before is not None
    ordered = sorted(rows, key=lambda row: int(row["id"]))
    if backward:
        earlier = [row for row in ordered if row["id"] < before]
        shown, more_before, more_after = earlier[-limit:], len(earlier) > limit, True
    else:
        later = [row for row in ordered if row["id"] > (after or 0)]
        shown, more_before, more_after = later[:limit], bool(after), len(later) > limit
    first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (before or (after or 0) + 1, (before or 1) - 1)
    return Answer(
        200,
        {
            key: [out(row) for row in shown],
            "next": link(call, "after", last) if more_after else None,
            "previous": link(call, "before", first) if more_before else None,
        },
    )


def link(call: Call, cursor: str, at: int) -> str:
    kept = [(name_, value) for name_, value in call.query if name_ not in ("after", "before")]
    return f"{quote(call.path)}?{urlencode([*kept, (cursor, at)])}"


def matching(call: Call, rows: Iterable[Row], words: Callable[[Row], Sequence[str]]) -> list[Row]:
    wanted = call.parameter("q", search_term, "")
    return [row for row in rows if not wanted or any(wanted in key_of(each) for each in words(row))]


# What is asked of logins and users


def log_in(call: Call) -> Answer:
    try:
        form = dict(parse_qsl(call.body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        raise invalid([("", "Must be a form")]) from None
    asked, secret = form.get("username", ""), form.get("password", "")
    if not 1 <= len(asked) <= 254 or not 1 <= len(secret) <= 128 or re.search(f"[{CONTROL}]", asked):
        raise invalid([("/username", "Email and password are needed")])
    who = (key_of(asked), _client_address(call))
    recent = [moment for moment in call.world.failures.get(who, []) if moment > now() - LOCKED]
    if len(recent) >= ATTEMPTS:
        wait = int((recent[0] + LOCKED - now()).total_seconds()) + 1
        raise Refusal(429, "too_many_attempts", {"Retry-After": str(min(wait, 900))})
    user = next((each for each in call.world.users.values() if each["email"] == who[0]), None)
    right = digest(secret, user["salt"] if user else SALT) == (user["hash"] if user else DUMMY)
    if not (user and right and user["is_active"]):
        call.world.failures[who] = [*recent, now()]
        raise Refusal(401, "invalid_credentials", {"WWW-Authenticate": "Bearer"})
    call.world.failures.pop(who, None)
    token = secrets.token_urlsafe(32)
    call.world.tokens[hashlib.sha256(token.encode()).digest()] = (user["id"], now() + SESSION)
    return Answer(200, {"access_token": token, "token_type": "bearer", "expires_in": int(SESSION.total_seconds())})


def _client_address(call: Call) -> str:
    forwarded = call.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return forwarded if forwarded and call.address in PROXIES else call.address


def log_out(call: Call) -> Answer:
    call.require_version(None)
    del call.world.tokens[call.token]
    return Answer(204)


def end_sessions(world: World, user_id: int) -> None:
    world.tokens = {token: owner for token, owner in world.tokens.items() if owner[0] != user_id}


def set_password(user: Row, secret: str) -> None:
    user["salt"] = secrets.token_bytes(16)
    user["hash"] = digest(secret, user["salt"])


def change_password(call: Call) -> Answer:
    given = call.json(PASSWORDS)
    call.require_version(None)
    if digest(given["current_password"], call.user["salt"]) != call.user["hash"]:
        raise conflict("wrong_password")
    set_password(call.user, given["new_password"])
    end_sessions(call.world, call.user["id"])
    return Answer(204)


def require_student(world: World, role: str, student_id: int | None, but: int | None = None) -> None:
    if student_id is not None:
        found(world.students, student_id)
    if (role == "student") != (student_id is not None):
        raise conflict("student_required")
    if student_id and any(each["student_id"] == student_id and each["id"] != but for each in world.users.values()):
        raise conflict("student_taken")


def create_user(call: Call) -> Answer:
    new = call.json(USER)
    require_student(call.world, new["role"], new["student_id"])
    if taken(call.world.users, "email", new["email"], None):
        raise conflict("email_taken")
    secret = new.pop("password")
    user = call.world.add(
        call.world.users, {key: new[key] for key in ("name", "email", "role")} | {"is_active": True, "student_id": None}
    )
    user["student_id"] = new["student_id"]
    set_password(user, secret)
    return created("/users", public(user))


def update_user(call: Call) -> Answer:
    patch = call.json(USER_PATCH, partial=True)
    user = found(call.world.users, call.ids[0])
    call.require_version(public(user))
    changed = {key: user[key] for key in ("name", "role", "is_active", "student_id")}
    if patch.get("role", user["role"]) != user["role"]:
        changed["student_id"] = None
    changed |= patch
    if patch.keys() - {"name"}:
        require_student(call.world, changed["role"], changed["student_id"], user["id"])
    registrars = [each for each in call.world.users.values() if each["role"] == "registrar" and each["is_active"]]
    if registrars == [user] and not (changed["role"] == "registrar" and changed["is_active"]):
        raise conflict("last_registrar")
    if changed["role"] != user["role"] or not changed["is_active"]:
        end_sessions(call.world, user["id"])
    user |= changed
    return Answer(200, public(user), {"ETag": etag(public(user))})


# What is asked of students, terms and courses


def list_students(call: Call) -> Answer:
    rows = matching(call, call.world.students.values(), lambda row: (row["name"], row["email"]))
    return page(call, "students", rows)


def create_student(call: Call) -> Answer:
    new = call.json(STUDENT)
    if taken(call.world.students, "email", new["email"], None):
        raise conflict("email_taken")
    return created("/students", call.world.add(call.world.students, new))


def replace_student(call: Call) -> Answer:
    return replaced(
        call, call.world.students, STUDENT, lambda new, old: _unique(call.world.students, "email", new, old)
    )


def _unique(table: Mapping[int, Row], key: str, new: Row, old: Row | None) -> None:
    if taken(table, key, new[key], old["id"] if old else None):
        raise conflict(f"{key}_taken")


def replaced(call: Call, table: dict[int, Row], fields: Fields, judge: Callable[[Row, Row], None]) -> Answer:
    new, old = call.json(fields), found(table, call.ids[0])
    call.require_version(public(old))
    judge(new, old)
    old |= new
    return Answer(200, public(old), {"ETag": etag(public(old))})


def delete_student(call: Call) -> Answer:
    student = found(call.world.students, call.ids[0])
    call.require_version(student)
    if call.world.of_student(student["id"]):
        raise conflict("has_enrollments")
    for user in call.world.users.values():
        if user["student_id"] == student["id"]:
            user |= {"student_id": None, "is_active": False}
            end_sessions(call.world, user["id"])
    del call.world.students[student["id"]]
    return Answer(204)


def judge_term(world: World, new: Row, old: Row | None) -> None:
    if (
        new["starts_on"] > new["ends_on"]
        or new["enrollment_opens_at"] >= new["enrollment_closes_at"]
        or new["drop_deadline"] > new["withdraw_deadline"]
    ):
        raise conflict("invalid_dates")
    _unique(world.terms, "name", new, old)


def create_term(call: Call) -> Answer:
    new = call.json(TERM)
    judge_term(call.world, new, None)
    return created("/terms", public(call.world.add(call.world.terms, new)))


def replace_term(call: Call) -> Answer:
    return replaced(call, call.world.terms, TERM, lambda new, old: judge_term(call.world, new, old))


def judge_course(world: World, new: Row, old: Row | None) -> None:
    for prerequisite_id in new["prerequisite_ids"]:
        found(world.courses, prerequisite_id)
    _unique(world.courses, "code", new, old)
    left, seen = list(new["prerequisite_ids"]), set[int]()
    while old and left:
        course_id = left.pop()
        if course_id == old["id"]:
            raise conflict("prerequisite_cycle")
        if course_id not in seen:
            seen.add(course_id)
            left += world.courses[course_id]["prerequisite_ids"]


def create_course(call: Call) -> Answer:
    new = call.json(COURSE)
    judge_course(call.world, new, None)
    return created("/courses", call.world.add(call.world.courses, new))


def replace_course(call: Call) -> Answer:
    return replaced(call, call.world.courses, COURSE, lambda new, old: judge_course(call.world, new, old))


def list_courses(call: Call) -> Answer:
    return page(call, "courses", matching(call, call.world.courses.values(), lambda row: (row["code"], row["title"])))


def deleted(call: Call, table: dict[int, Row], used: Callable[[int], bool], *, tag: bool = True) -> Answer:
    row = found(table, call.ids[0])
    call.require_version(public(row) if tag else None)
    if used(row["id"]):
        raise conflict("in_use")
    del table[row["id"]]
    return Answer(204)


def delete_term(call: Call) -> Answer:
    return deleted(call, call.world.terms, lambda id_: any(s["term_id"] == id_ for s in call.world.sections.values()))


def delete_course(call: Call) -> Answer:
    def used(id_: int) -> bool:
        offered_ = any(each["course_id"] == id_ for each in call.world.sections.values())
        return offered_ or any(id_ in each["prerequisite_ids"] for each in call.world.courses.values())

    return deleted(call, call.world.courses, used)


def get(table: str) -> Callable[[Call], Answer]:
    return lambda call: tagged(call, public(found(getattr(call.world, table), call.ids[0])))


# What is asked of sections


def list_sections(call: Call) -> Answer:
    world = call.world
    term_id, course_id = (call.parameter(key, digits(1, MAX_ID), None) for key in ("term_id", "course_id"))
    only_open = call.parameter("open", flag, False)
    rows = matching(
        call, world.sections.values(), lambda row: [world.courses[row["course_id"]][key] for key in ("code", "title")]
    )
    rows = [row for row in rows if term_id in (None, row["term_id"]) and course_id in (None, row["course_id"])]
    if only_open:
        rows = [row for row in rows if row["capacity"] > len(world.seated(row["id"]))]
    return page(call, "sections", rows, lambda row: section_out(world, row))


def judge_section(world: World, new: Row, old: Row | None) -> None:
    found(world.courses, new["course_id"])
    found(world.terms, new["term_id"])
    if new["instructor_id"] is not None and found(world.users, new["instructor_id"])["role"] != "instructor":
        raise conflict("not_an_instructor")
    if any(each["starts"] >= each["ends"] for each in new["meetings"]):
        raise conflict("invalid_meeting")
    place = ("course_id", "term_id", "number")
    if any(
        all(each[key] == new[key] for key in place)
        for each in world.sections.values()
        if old is None or each is not old
    ):
        raise conflict("number_taken")


def create_section(call: Call) -> Answer:
    new = call.json(SECTION)
    judge_section(call.world, new, None)
    section = call.world.add(call.world.sections, new)
    return created("/sections", section_out(call.world, section), tag=False)


def replace_section(call: Call) -> Answer:
    world = call.world
    new, old = call.json(SECTION), found(world.sections, call.ids[0])
    call.require_version(None)
    judge_section(world, new, old)
    if any(new[key] != old[key] for key in ("course_id", "term_id")) and world.of_section(old["id"]):
        raise conflict("in_use")
    if new["capacity"] < len(world.seated(old["id"])):
        raise conflict("capacity_below_enrolled")
    raised = new["capacity"] > old["capacity"]
    old |= new
    if raised:
        promote(world, old)
    return Answer(200, section_out(world, old))


def get_section(call: Call) -> Answer:
    return Answer(200, section_out(call.world, found(call.world.sections, call.ids[0])))


def delete_section(call: Call) -> Answer:
    return deleted(call, call.world.sections, lambda id_: bool(call.world.of_section(id_)), tag=False)


def require_teacher(call: Call, section: Row | None) -> None:
    if call.user["role"] == "instructor" and (section is None or section["instructor_id"] != call.user["id"]):
        raise FORBIDDEN


def list_section_enrollments(call: Call) -> Answer:
    world, section = call.world, call.world.sections.get(call.ids[0])
    require_teacher(call, section)
    section = found(world.sections, call.ids[0])
    seated = sorted(
        world.seated(section["id"]), key=lambda each: (world.students[each["student_id"]]["name"], each["id"])
    )
    listed = [*seated, *world.waiting(section["id"])]
    return Answer(200, {"enrollments": [enrollment_out(world, each) for each in listed]})


# What is asked of enrollments


def enroll(call: Call) -> Answer:
    world, asked = call.world, call.json(ENROLLMENT)
    if call.user["role"] == "student" and asked["student_id"] != call.user["student_id"]:
        raise FORBIDDEN
    found(world.students, asked["student_id"])
    section = found(world.sections, asked["section_id"])
    promote(world, section)
    violations = [
        *ineligible(world, asked["student_id"], section),
        *full(world, section, join_waitlist=asked["join_waitlist"]),
    ]
    if violations:
        raise conflict(violations[0]["code"], violations=violations)
    free = section["capacity"] > len(world.seated(section["id"]))
    enrollment = world.add(
        world.enrollments,
        {
            "student_id": asked["student_id"],
            "section_id": section["id"],
            "status": "enrolled" if free else "waitlisted",
            "grade": None,
            "enrolled_at": now(),
        },
    )
    return created("/enrollments", enrollment_out(world, enrollment), tag=False)


def theirs(call: Call) -> Row:
    """The enrollment, if it is this caller's business."""
    enrollment = call.world.enrollments.get(call.ids[0])
    if call.user["role"] == "student" and (not enrollment or enrollment["student_id"] != call.user["student_id"]):
        raise FORBIDDEN
    require_teacher(call, call.world.sections[enrollment["section_id"]] if enrollment else None)
    return found(call.world.enrollments, call.ids[0])


def get_enrollment(call: Call) -> Answer:
    return Answer(200, enrollment_out(call.world, theirs(call)))


def change_enrollment(call: Call) -> Answer:
    world, status = call.world, call.json(STATUS)["status"]
    enrollment = theirs(call)
    call.require_version(None)
    term, was = world.term_of(enrollment), enrollment["status"]
    if was not in ("enrolled", "waitlisted") or (was == "waitlisted" and status == "withdrawn"):
        raise conflict("not_active")
    if was == "enrolled" and status == "dropped" and now() >= term["drop_deadline"]:
        raise conflict("drop_deadline_passed")
    if status == "withdrawn" and now() >= term["withdraw_deadline"]:
        raise conflict("withdraw_deadline_passed")
    enrollment["status"] = status
    waits = {each["section_id"] for each in world.of_student(enrollment["student_id"], "waitlisted")}
    waits = {section_id for section_id in waits if world.sections[section_id]["term_id"] == term["id"]}
    for section_id in sorted(waits | {enrollment["section_id"]}):
        promote(world, world.sections[section_id])
    return Answer(200, enrollment_out(world, enrollment))


def grade_enrollment(call: Call) -> Answer:
    grade = call.json(GRADE)["grade"]
    enrollment = theirs(call)
    call.require_version(None)
    if enrollment["status"] not in ("enrolled", "completed"):
        raise conflict("not_enrolled")
    enrollment |= {"status": "completed", "grade": grade}
    return Answer(200, enrollment_out(call.world, enrollment))


def list_student_enrollments(call: Call) -> Answer:
    world, term_id = call.world, call.parameter("term_id", digits(1, MAX_ID), None)
    found(world.students, call.ids[0])
    listed = [each for each in world.of_student(call.ids[0]) if term_id in (None, world.term_of(each)["id"])]
    return Answer(200, {"enrollments": [enrollment_out(world, each) for each in listed]})


def get_transcript(call: Call) -> Answer:
    found(call.world.students, call.ids[0])
    return Answer(200, transcript(call.world, call.ids[0]))


def get_summary(call: Call) -> Answer:
    world, today = call.world, now().date().isoformat()
    statuses = [each["status"] for each in world.enrollments.values()]
    current = [each for each in world.sections.values() if world.terms[each["term_id"]]["ends_on"] >= today]
    fill = [
        {
            "section_id": each["id"],
            "number": each["number"],
            "capacity": each["capacity"],
            **offered(world, each),
            "enrolled": len(world.seated(each["id"])),
            "waitlisted": len(world.waiting(each["id"])),
        }
        for each in current
    ]
    return Answer(
        200,
        {
            **{table: len(getattr(world, table)) for table in ("students", "courses", "sections")},
            "enrolled": statuses.count("enrolled") + statuses.count("completed"),
            "waitlisted": statuses.count("waitlisted"),
            "fill": fill,
        },
    )


def docs(_: Call) -> Answer:
    listed = "".join(f"<li><a href='/openapi.json'>{method} {path}</a>" for method, path, *_ in ROUTES)
    return Answer(200, f"<!doctype html><title>Registrar</title><ul>{listed}</ul>".encode())


# Method, path, operation, and who may ask: roles by their first letters, `-` for anybody, `o` for a student's own only

ROUTES: list[tuple[str, str, Callable[[Call], Answer], str]] = [
    ("POST", "/auth/token", log_in, "-"),
    ("DELETE", "/auth/token", log_out, "ris"),
    ("GET", "/users/me", lambda call: tagged(call, public(call.user)), "ris"),
    ("PUT", "/users/me/password", change_password, "ris"),
    ("GET", "/users", lambda call: page(call, "users", call.world.users.values()), "r"),
    ("POST", "/users", create_user, "r"),
    ("GET", "/users/{user_id}", get("users"), "r"),
    ("PATCH", "/users/{user_id}", update_user, "r"),
    ("GET", "/students", list_students, "ri"),
    ("POST", "/students", create_student, "r"),
    ("GET", "/students/{student_id}", get("students"), "rio"),
    ("PUT", "/students/{student_id}", replace_student, "r"),
    ("DELETE", "/students/{student_id}", delete_student, "r"),
    ("GET", "/students/{student_id}/enrollments", list_student_enrollments, "rio"),
    ("GET", "/students/{student_id}/transcript", get_transcript, "ro"),
    ("GET", "/terms", lambda call: page(call, "terms", call.world.terms.values()), "ris"),
    ("POST", "/terms", create_term, "r"),
    ("GET", "/terms/{term_id}", get("terms"), "ris"),
    ("PUT", "/terms/{term_id}", replace_term, "r"),
    ("DELETE", "/terms/{term_id}", delete_term, "r"),
    ("GET", "/courses", list_courses, "ris"),
    ("POST", "/courses", create_course, "r"),
    ("GET", "/courses/{course_id}", get("courses"), "ris"),
    ("PUT", "/courses/{course_id}", replace_course, "r"),
    ("DELETE", "/courses/{course_id}", delete_course, "r"),
    ("GET", "/sections", list_sections, "ris"),
    ("POST", "/sections", create_section, "r"),
    ("GET", "/sections/{section_id}", get_section, "ris"),
    ("PUT", "/sections/{section_id}", replace_section, "r"),
    ("DELETE", "/sections/{section_id}", delete_section, "r"),
    ("GET", "/sections/{section_id}/enrollments", list_section_enrollments, "ri"),
    ("POST", "/enrollments", enroll, "rs"),
    ("GET", "/enrollments/{enrollment_id}", get_enrollment, "ris"),
    ("PATCH", "/enrollments/{enrollment_id}", change_enrollment, "rs"),
    ("PUT", "/enrollments/{enrollment_id}/grade", grade_enrollment, "ri"),
    ("GET", "/summary", get_summary, "r"),
    ("GET", "/health/live", lambda _: Answer(200, {"status": "ok"}), "-"),
    ("GET", "/health/ready", lambda _: Answer(200, {"status": "ok"}), "-"),
    ("GET", "/openapi.json", lambda _: Answer(200, json.loads(DOCUMENT)), "-"),
    ("GET", "/docs", docs, "-"),
]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def matched(template: str, path: str) -> dict[str, str] | None:
    """The path's parameters, if it is one of these."""
    match = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template), path)
    return match.groupdict() if match else None


def handle(call: Call, method: str) -> Answer:
    """In the order of the contract: 404 and 405 of the path, 401, 403, 415, 422, and then the operation's own."""
    here = [route for route in ROUTES if matched(route[1], call.path) is not None]
    exact = [route for route in here if route[1] == call.path] or here
    if not exact:
        raise NOT_FOUND
    route = next((route for route in exact if route[0] == method), None)
    if route is None:
        raise Refusal(405, "method_not_allowed", {"Allow": ", ".join(sorted({each[0] for each in exact}))})
    _, template, operation, who = route
    with call.world.lock:
        raw = matched(template, call.path) or {}
        if who != "-":
            authenticate(call)
            permit(call, who, list(raw.values()))
        require_media_type(call, method, FORM if operation is log_in else JSON)
        for key, value in raw.items():
            call.ids.append(call.judged(key, value, digits(1, MAX_ID)))
        return operation(call)


def authenticate(call: Call) -> None:
    scheme, _, token = call.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refusal(401, "unauthenticated", {"WWW-Authenticate": "Bearer"})
    call.token = hashlib.sha256(token.encode(errors="surrogateescape")).digest()
    user_id, until = call.world.tokens.get(call.token, (0, now()))
    user = call.world.users.get(user_id)
    if user is None or until <= now():
        raise Refusal(401, "unauthenticated", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    call.user = user


def permit(call: Call, who: str, raw: Sequence[str]) -> None:
    role = call.user["role"]
    own = role == "student" and "o" in who and list(raw) == [str(call.user["student_id"])]
    if role[0] not in who and not own:
        raise FORBIDDEN


def require_media_type(call: Call, method: str, wanted: str) -> None:
    sent = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if method in ("POST", "PUT", "PATCH") and sent != wanted and (sent or call.body):
        raise Refusal(415, "unsupported_media_type")


class Handler(BaseHTTPRequestHandler):
    """Bytes to a call, and an answer to bytes."""

    protocol_version, world = "HTTP/1.1", World()
    disable_nagle_algorithm = True

    def answer(self) -> None:
        sent = self.headers.get("X-Request-ID", "")
        self.request_id = sent if re.fullmatch("[A-Za-z0-9-]{1,64}", sent) else secrets.token_hex(16)
        try:
            answer = self._handled()
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body, refusal.headers)
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 - nothing internal leaks
            self.log_error("%s: %r", self.request_id, error)
            answer = Answer(500, Refusal(500, "internal_error").body | {"request_id": self.request_id})
        self._send(answer)

    def __getattr__(self, name: str) -> Any:
        """`do_GET`, `do_POST` and whatever else a client thinks of."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def _handled(self) -> Answer:
        body = b"".join(self._body())
        if len(body) > MIB:
            raise Refusal(413, "content_too_large")
        path, _, query = self.requestline.split()[1].partition("?")  # self.path has lost a leading slash
        call = Call(
            self.world,
            unquote(path),
            parse_qsl(query, keep_blank_values=True),
            self.headers,
            self.client_address[0],
            body,
        )
        return handle(call, self.command)

    def _body(self) -> Iterator[bytes]:
        """At most one byte over a mebibyte of it is kept; all of it is read, so that the client hears the answer."""
        left = MIB + 1
        for piece in self._chunks() if "chunked" in self.headers.get("Transfer-Encoding", "") else self._pieces():
            yield piece[:left]
            left -= min(left, len(piece))

    def _pieces(self) -> Iterator[bytes]:
        length = self.headers.get("Content-Length", "0")
        left = int(length) if length.isdigit() else 0
        while left and (piece := self.rfile.read(min(left, 2**16))):
            left -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send(self, answer: Answer) -> None:
        html = isinstance(answer.body, bytes)
        body = answer.body if html else json.dumps(answer.body).encode() if answer.body is not None else b""
        problem = answer.status >= 400
        self.send_response(answer.status)
        self.send_header("X-Request-ID", self.request_id)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        if answer.status not in (204, 304):
            kind = "text/html; charset=utf-8" if html else "application/problem+json" if problem else JSON
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library names it
        """Say nothing of each request."""


def seed(world: World) -> None:
    """The demo logins."""
    student = world.add(world.students, {"name": "Sam Student", "email": "student@example.edu"})
    for role in ("registrar", "instructor", "student"):
        linked = student["id"] if role == "student" else None
        row = {"name": f"Demo {role}", "email": f"{role}@example.edu", "role": role, "is_active": True}
        set_password(world.add(world.users, row | {"student_id": linked}), "correct horse battery")


class Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 256


if __name__ == "__main__":
    seed(Handler.world)
    Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000), Handler).serve_forever()
