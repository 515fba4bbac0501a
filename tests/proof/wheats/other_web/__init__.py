"""Another web UI for the same contract: other markup altogether, and no form library.

    python -m tests.proof.wheats.other_web [PORT [API_URL]]

Every kind of record is a few `Field`s; `browse`, `show`, `edit` and `delete` serve them all. Records are definition
lists, not tables; seats and charts are meters; the week is a grid of days.
"""

import hmac
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask, Response, abort, flash, g, redirect, render_template, request, send_file, session, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

Row = dict[str, Any]
DEADLINE = 5.0  # seconds, for all calls of one page
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GRADES = ("A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(\.{LABEL})*"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?"
MEETING = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) (([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)")

app = Flask(__name__, static_folder=None)
app.config.update(
    API_URL="http://127.0.0.1:8000",
    SECRET_KEY=secrets.token_hex(32),
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE=bool(os.environ.get("HTTPS")),
)
KEPT: dict[str, tuple[str, dict[str, list[str]]]] = {}  # forms over which a session expired, by what the cookie says


# The API


class Refused(Exception):
    """The API said no."""

    def __init__(self, status: int, problem: Row) -> None:
        super().__init__(status)
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", ""))

    @property
    def lines(self) -> list[str]:
        violations = self.problem.get("violations") or [self.problem]
        return [str(each.get("detail") or each.get("title") or "The request was refused") + "." for each in violations]


class ApiIsDown(Exception):
    """No answer, or none that is the API's, in time."""


def ask(method: str, path: str, **more: Any) -> requests.Response:
    """Raise Refused for what is refused, and ApiIsDown when the page's time is up."""
    headers = {"X-Forwarded-For": request.remote_addr or "", "X-Request-ID": g.request_id} | more.pop("headers", {})
    if "token" in session:
        headers["Authorization"] = f"Bearer {session['token']}"
    try:
        answer = _within(g.deadline, method, app.config["API_URL"] + path, headers=headers, **more)
        if answer.status_code < 400:
            return answer
        refused = Refused(answer.status_code, answer.json())
    except (requests.RequestException, ValueError) as error:
        raise ApiIsDown from error
    if refused.status >= 500:
        raise ApiIsDown
    raise refused


def _within(deadline: float, method: str, url: str, **more: Any) -> requests.Response:
    with requests.Session() as caller:
        caller.trust_env = False
        left = max(deadline - time.monotonic(), 0.01)
        answer = caller.request(method, url, timeout=left, stream=True, allow_redirects=False, **more)
        body = bytearray()
        while piece := answer.raw.read1(2**16, decode_content=True):
            body += piece
            if time.monotonic() > deadline:
                raise requests.Timeout
        answer._content = bytes(body)  # noqa: SLF001 - requests offers no other way to hand on what was read in pieces
        return answer


def get(path: str, **query: Any) -> Row:
    answer = ask("GET", path, params=query)
    body: Row = answer.json()
    return body | ({"etag": answer.headers["ETag"]} if "ETag" in answer.headers else {})


def every(kind: str, **query: Any) -> Iterator[Row]:
    page = get(f"/{kind}", limit=100, **query)
    yield from page[kind]
    while page["next"]:
        page = get(page["next"])
        yield from page[kind]


# What a form asks


@dataclass(frozen=True)
class Field:
    """`judge` turns what was typed into what the API takes, or raises ValueError in plain words."""

    key: str
    label: str
    judge: Callable[[str], Any]
    kind: str = "text"
    choices: Callable[[], Sequence[tuple[str, str]]] | None = None
    show: Callable[[Any], str] = lambda value: "" if value is None else str(value)


def words(most: int = 100) -> Callable[[str], str]:
    def judge(typed: str) -> str:
        if not typed:
            raise ValueError("Enter something here.")
        if len(typed) > most or re.search(r"[\x00-\x1f\x7f-\x9f]", typed):
            raise ValueError(f"Use at most {most} characters, on one line.")
        return typed

    return judge


def email(typed: str) -> str:
    if not re.fullmatch(EMAIL, typed) or len(typed) > 254:
        raise ValueError("Enter an email, like ada@example.edu.")
    return typed


def password(typed: str) -> str:
    if not 15 <= len(typed) <= 128:
        raise ValueError("Use 15 to 128 characters.")
    return typed


def number(least: int, most: int) -> Callable[[str], int]:
    def judge(typed: str) -> int:
        if not re.fullmatch("[0-9]{1,10}", typed) or not least <= int(typed) <= most:
            raise ValueError(f"Enter a whole number from {least} to {most}.")
        return int(typed)

    return judge


def chosen(typed: str) -> int:
    """The id behind what was chosen, or typed."""
    try:
        return number(1, 2**31 - 1)(typed)
    except ValueError:
        raise ValueError("Choose one.") from None


def maybe(judge: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda typed: judge(typed) if typed else None


def shaped(pattern: str, what: str) -> Callable[[str], str]:
    def judge(typed: str) -> str:
        if not re.fullmatch(pattern, typed):
            raise ValueError(f"Enter {what}.")
        return typed

    return judge


def moment(typed: str) -> str:
    judged = shaped(MOMENT, "a date and a time")(typed)
    return f"{judged}:00Z" if judged.count(":") == 1 else f"{judged}Z"


def numbers(typed: str) -> list[int]:
    return [number(1, 2**31 - 1)(each) for each in re.split(r"[\s,]+", typed) if each]


def text(typed: str) -> str:
    if len(typed) > 10_000 or "\0" in typed:
        raise ValueError("Use at most 10,000 characters.")
    return typed


def meetings(typed: str) -> list[Row]:
    found = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        match = MEETING.fullmatch(line)
        if not match or match[2] >= match[4]:
            raise ValueError(f"“{line[:40]}” is no meeting: write lines like mon 09:00-10:30.")
        found.append({"day": match[1], "starts": match[2], "ends": match[4]})
    return found


def times(stored: Sequence[Row]) -> str:
    return "\n".join(f"{each['day']} {each['starts']}-{each['ends']}" for each in stored)


def listed(kind: str, called: Callable[[Row], str], **only: Any) -> Callable[[], list[tuple[str, str]]]:
    def choices() -> list[tuple[str, str]]:
        rows = [row for row in every(kind) if all(row[key] == value for key, value in only.items())]
        return [("", "–"), *((str(row["id"]), called(row)) for row in rows)]

    return choices


ROLES = [(role, role) for role in ("student", "instructor", "registrar")]
DAY = shaped(r"\d{4}-\d\d-\d\d", "a date")
NAME, SINCE = Field("name", "Name", words()), lambda stored: str(stored).removesuffix("Z")
FIELDS: dict[str, list[Field]] = {
    "students": [NAME, Field("email", "Email", email)],
    "users": [
        NAME,
        Field("email", "Email", email),
        Field("role", "Role", shaped("student|instructor|registrar", "a role"), "radio", choices=lambda: ROLES),
        Field("is_active", "Active", bool, "checkbox", show=lambda value: "yes" if value else ""),
        Field("password", "Password", password, "password"),
        Field("student_id", "Student", maybe(chosen)),
    ],
    "terms": [
        NAME,
        Field("starts_on", "Starts on", DAY, "date"),
        Field("ends_on", "Ends on", DAY, "date"),
        Field("enrollment_opens_at", "Enrollment opens", moment, "datetime-local", show=SINCE),
        Field("enrollment_closes_at", "Enrollment closes", moment, "datetime-local", show=SINCE),
        Field("drop_deadline", "Drop deadline", moment, "datetime-local", show=SINCE),
        Field("withdraw_deadline", "Withdraw deadline", moment, "datetime-local", show=SINCE),
        Field("credit_limit", "Credit limit", number(0, 100)),
    ],
    "courses": [
        Field("code", "Code", words()),
        Field("title", "Title", words()),
        Field("description", "Description", text, "textarea"),
        Field("credits", "Credits", number(0, 12)),
        Field("prerequisite_ids", "Prerequisites", numbers, show=lambda ids: ", ".join(map(str, ids or ()))),
    ],
    "sections": [
        Field("course_id", "Course", chosen, choices=listed("courses", lambda row: f"{row['code']} {row['title']}")),
        Field("term_id", "Term", chosen, choices=listed("terms", lambda row: str(row["name"]))),
        Field(
            "instructor_id",
            "Instructor",
            maybe(chosen),
            choices=listed("users", lambda row: str(row["name"]), role="instructor"),
        ),
        Field("number", "Number", number(1, 999)),
        Field("capacity", "Capacity", number(0, 1000)),
        Field("waitlist_capacity", "Waitlist capacity", lambda typed: number(0, 1000)(typed or "0")),
        Field("meetings", "Meetings", meetings, "textarea", show=lambda stored: times(stored or ())),
    ],
}
BLAMED = {
    "email_taken": "email",
    "student_taken": "student_id",
    "name_taken": "name",
    "code_taken": "code",
    "number_taken": "number",
    "prerequisite_cycle": "prerequisite_ids",
    "capacity_below_enrolled": "capacity",
    "wrong_password": "current_password",
}
SEARCHED = ("students", "courses", "sections")


def called(kind: str, row: Row) -> str:
    if kind == "sections":
        return label(row)
    return str(row["code"] if kind == "courses" else row["name"])


def label(section: Row) -> str:
    return f"{section['course']['code']} section {section['number']}"


@dataclass
class Form:
    """What was typed, what is wrong with it, and what it means once nothing is."""

    fields: Sequence[Field]
    typed: dict[str, str]
    etag: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    status: int = 200

    @classmethod
    def of(cls, fields: Sequence[Field], stored: Row | None = None) -> "Form":
        """As sent; else as kept from a session that expired; else as stored."""
        sent = request.form.to_dict(flat=False) if request.method == "POST" else kept()
        if sent is None:
            shown = {each.key: each.show(stored[each.key]) if stored and each.key in stored else "" for each in fields}
            return cls(fields, shown, (stored or {}).get("etag", ""))
        typed = {each.key: _trimmed(each, (sent.get(each.key) or [""])[0]) for each in fields}
        return cls(fields, typed, (sent.get("etag") or [""])[0])

    def judged(self) -> Row | None:
        """Sent and right; None if not sent, or wrong, which it then says of itself."""
        if request.method != "POST":
            return None
        values = {}
        for each in self.fields:
            try:
                values[each.key] = each.judge(self.typed[each.key])
            except ValueError as fault:
                self.faults[each.key] = str(fault)
        self.status = 422 if self.faults else 200
        return None if self.faults else values

    def refuse(self, refused: Refused) -> None:
        """Show it again with the API's reasons; what must not be shown here goes on."""
        if refused.status not in (404, 409, 412, 422, 429) or (refused.status == 404 and request.path.endswith("edit")):
            raise refused
        self.status, self.alerts = (422 if refused.status == 422 else 409), refused.lines
        for fault in refused.problem.get("errors", ()):
            self.faults[str(fault.get("pointer", "")).strip("/")] = str(fault["detail"]) + "."
        if refused.code in BLAMED:
            self.faults[BLAMED[refused.code]] = refused.lines[0]
        if refused.status == 412:
            self.alerts = ["Somebody has changed this since you opened it. Save again to put yours in its place."]


def _trimmed(each: Field, typed: str) -> str:
    return typed if each.kind == "password" else typed.replace("\r\n", "\n").strip()


def kept() -> dict[str, list[str]] | None:
    """What was typed here before the session expired; it is given once."""
    path, sent = KEPT.get(session.get("kept", ""), ("", {}))
    if path != request.path:
        return None
    del KEPT[session.pop("kept")]
    return sent


# Every request


@app.before_request
def prepare() -> Response | None:
    g.deadline, g.request_id = time.monotonic() + DEADLINE, secrets.token_hex(16)
    if request.method == "POST":
        sent, known = request.form.get("csrf", ""), session.get("csrf", "")
        if not known or not hmac.compare_digest(sent.encode(), known.encode()):
            abort(400)
    return None


@app.after_request
def guard(answer: Response) -> Response:
    answer.headers.update(
        {
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
            "X-Request-ID": g.get("request_id", ""),
        }
    )
    return answer


def only(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Signed in, and in one of these roles, if any is named."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if "token" not in session:
                return sign_in_first()
            if roles and session["role"] not in roles:
                abort(403)
            return view(**arguments)

        return guarded

    return decorate


def sign_in_first() -> Any:
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("login", next=here))


def see(template: str, status: int = 200, **told: Any) -> tuple[str, int]:
    session.setdefault("csrf", secrets.token_hex(16))
    return render_template(template, **told), status


@app.errorhandler(Refused)
def refused(error: Refused) -> Any:
    if error.status == 401:
        if request.method == "POST":
            session["kept"] = secrets.token_hex(16)
            sent = request.form.to_dict(flat=False)
            KEPT[session["kept"]] = (request.path, {key: sent[key] for key in sent if "password" not in key})
        for key in ("token", "role", "student_id", "user_id"):
            session.pop(key, None)
        return sign_in_first()
    if error.status in (403, 404):
        return sorry(error.status)
    return see("sorry.html", error.status, title="That did not work", why=" ".join(error.lines))


@app.errorhandler(ApiIsDown)
def down(_: ApiIsDown) -> Any:
    page, status = see("sorry.html", 503, title="Not reachable", why="The registry does not answer. Try again soon.")
    return page, status, {"Retry-After": "5"}


SORRY = {
    400: ("That form has expired", "Go back, reload the page, and send it again."),
    403: ("Not for you", "Your role does not include this page."),
    404: ("Not found", "There is no such page."),
    405: ("Not found", "There is no such page."),
    413: ("Too much", "That was more than a form can hold."),
    500: ("Our fault", "Something went wrong here. Try again."),
}


def sorry(status: int) -> Any:
    title, why = SORRY[status]
    return see("sorry.html", status, title=title, why=why)


for _status in SORRY:
    app.register_error_handler(_status, lambda _, status=_status: sorry(status))


# Who is there


LOGIN = [
    Field("email", "Email", words(254)),
    Field("password", "Password", words(128), "password"),
]
ACCOUNT = [
    Field("current_password", "Current password", words(128), "password"),
    Field("new_password", "New password", password, "password"),
]


@app.route("/login", methods=["GET", "POST"])
def login() -> Any:
    form = Form.of(LOGIN)
    if given := form.judged():
        try:
            session.pop("token", None)
            credentials = {"username": given["email"], "password": given["password"]}
            token = ask("POST", "/auth/token", data=credentials).json()["access_token"]
            begin(token)
            return redirect(local(request.args.get("next", "")))
        except Refused as refusal:
            form.refuse(refusal) if refusal.status == 429 else form.alerts.append("Email or password is not right.")
            form.status = refusal.status if refusal.status == 429 else 409
    return see("login.html", form.status, form=form)


def begin(token: str) -> None:
    """A session of its own: nothing of the one before it stays, but for a form that was kept."""
    kept_form = session.get("kept")
    session.clear()
    session.update(token=token, csrf=secrets.token_hex(16), **({"kept": kept_form} if kept_form else {}))
    me = get("/users/me")
    session.update(role=me["role"], student_id=me["student_id"], user_id=me["id"])


def local(target: str) -> str:
    """A path of ours, or the home page."""
    bad = re.search(r"[\x00-\x20\\]", target) or not target.startswith("/") or target.startswith("//")
    parts = urlsplit(target) if not bad else None
    return target if parts and not parts.netloc and not parts.scheme else "/"


@app.post("/logout")
def logout() -> Any:
    try:
        ask("DELETE", "/auth/token")
    except Refused as refusal:
        if refusal.status != 401:
            raise
    session.clear()
    flash("You are logged out.")
    return redirect(url_for("login"))


@app.route("/account", methods=["GET", "POST"])
@only()
def account() -> Any:
    form = Form.of(ACCOUNT)
    if given := form.judged():
        try:
            ask("PUT", "/users/me/password", json=given)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            session.clear()
            flash("Password changed. Log in with the new one.")
            return redirect(url_for("login"))
    return see("account.html", form.status, form=form, me=get("/users/me"))


@app.get("/")
@only()
def home() -> Any:
    role = session["role"]
    if role == "registrar":
        return see("registrar.html", summary=get("/summary"))
    if role == "instructor":
        own = [each for each in every("sections") if each["instructor_id"] == session["user_id"]]
        return see("instructor.html", sections=own)
    return see("student.html", weeks=weeks(), title="Home")


# Records of every kind

KINDS = "any(students, courses, terms, sections, users):kind"
READERS = {"students": ("registrar", "instructor"), "users": ("registrar",)}


@app.get(f"/<{KINDS}>")
@only()
def browse(kind: str) -> Any:
    permit(kind)
    asked = {key: value for key, value in request.args.items() if value}
    filters = FIELDS["sections"][:2] if kind == "sections" else []
    try:
        page = get(f"/{kind}", **asked)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return see("list.html", 422, kind=kind, page=None, filters=filters, alert="That cannot be searched for.")
    return see("list.html", kind=kind, page=page, filters=filters, alert="")


def permit(kind: str) -> None:
    if session["role"] not in READERS.get(kind, ("registrar", "instructor", "student")):
        abort(403)


def shown_fields(kind: str, *, new: bool) -> list[Field]:
    """A user's email and password are set once; whether one is active is for later."""
    hidden = () if kind != "users" else ("is_active",) if new else ("email", "password")
    return [each for each in FIELDS[kind] if each.key not in hidden]


@app.route(f"/<{KINDS}>/new", methods=["GET", "POST"])
@only("registrar")
def new(kind: str) -> Any:
    form = Form.of(shown_fields(kind, new=True))
    if given := form.judged():
        try:
            made = ask("POST", f"/{kind}", json=given).json()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{kind[:-1].capitalize()} added.")
            return redirect(f"/{kind}/{made['id']}")
    return see("edit.html", form.status, form=form, title=f"Add {kind[:-1]}", back=f"/{kind}")


@app.route(f"/<{KINDS}>/<int(max=2147483647):number>/edit", methods=["GET", "POST"])
@only("registrar")
def edit(kind: str, number: int) -> Any:
    where = f"/{kind}/{number}"
    stored = get(where)
    form = Form.of(shown_fields(kind, new=False), stored)
    if given := form.judged():
        method = "PATCH" if kind == "users" else "PUT"
        try:
            ask(method, where, json=given, headers={"If-Match": form.etag or "*"})
        except Refused as refusal:
            form.refuse(refusal)
            form.etag = stored.get("etag", "")
        else:
            flash("Saved.")
            return redirect(where)
    return see("edit.html", form.status, form=form, title=f"Edit {called(kind, stored)}", back=where)


@app.route(f"/<{KINDS}>/<int(max=2147483647):number>/delete", methods=["GET", "POST"])
@only("registrar")
def delete(kind: str, number: int) -> Any:
    if kind == "users":
        abort(404)
    where = f"/{kind}/{number}"
    form, stored = Form.of([]), get(where)
    if form.judged() is not None:
        try:
            ask("DELETE", where, headers={"If-Match": form.etag or "*"})
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{kind[:-1].capitalize()} deleted.")
            return redirect(f"/{kind}")
    form.etag = stored.get("etag", "")
    return see("delete.html", form.status, form=form, kind=kind, what=called(kind, stored), back=where)


@app.get(f"/<{KINDS}>/<int(max=2147483647):number>")
@only()
def show(kind: str, number: int) -> Any:
    if kind == "users" and session["role"] != "registrar":
        abort(403)
    return shown(kind, get(f"/{kind}/{number}"))


def shown(kind: str, row: Row, form: Form | None = None) -> Any:
    told: Row = {"kind": kind, "row": row, "form": form or Form.of([]), "more": details(kind, row)}
    if kind == "students":
        told["enrollments"] = get(f"/students/{row['id']}/enrollments")["enrollments"]
        told["transcript"] = None if session["role"] == "instructor" else get(f"/students/{row['id']}/transcript")
        told["choices"] = section_choices() if session["role"] == "registrar" else []
        return see("student_record.html", told["form"].status, **told)
    if kind == "sections":
        return see("section.html", told["form"].status, **told, **of_section(row))
    return see("record.html", told["form"].status, **told)


def details(kind: str, row: Row) -> list[tuple[str, str]]:
    """What is shown of a record: its fields, with names where they have ids."""
    linked = {key: row.get(key) or {} for key in ("course", "term", "instructor")}
    named = {f"{key}_id": str(each.get("code") or each.get("name", "–")) for key, each in linked.items()}
    if kind == "courses":
        codes = [get(f"/courses/{each}")["code"] for each in row["prerequisite_ids"]]
        named["prerequisite_ids"] = ", ".join(codes) or "–"
    fields = [each for each in FIELDS[kind] if each.key in row]
    found = [(each.label, named.get(each.key) or each.show(row[each.key]) or "–") for each in fields]
    return [("Title", row["course"]["title"]), *found] if kind == "sections" else found


# Enrollment


def section_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((str(each["id"]), f"{label(each)}, {each['term']['name']}") for each in every("sections"))]


def of_section(section: Row) -> Row:
    """Who is in, for staff; how the student stands to it, for a student."""
    role = session["role"]
    if role == "student":
        here = [each for each in own_enrollments() if each["section_id"] == section["id"]]
        stays = [each for each in here if each["status"] in ("enrolled", "waitlisted", "completed")]
        return {"roster": None, "own": stays}
    teaches = role == "registrar" or section["instructor_id"] == session["user_id"]
    return {"roster": get(f"/sections/{section['id']}/enrollments")["enrollments"] if teaches else None, "own": None}


@app.post("/students/<int(max=2147483647):number>")
@only("registrar")
def enroll_student(number: int) -> Any:
    form = Form.of([Field("section_id", "Section", chosen), Field("join_waitlist", "Join waitlist", bool, "checkbox")])
    if given := form.judged():
        try:
            enroll(number, given)
            return redirect(f"/students/{number}")
        except Refused as refusal:
            form.refuse(refusal)
    return shown("students", get(f"/students/{number}"), form)


def enroll(student_id: int, wish: Row) -> None:
    made = ask("POST", "/enrollments", json={"student_id": student_id} | wish).json()
    where = label(made["section"])
    waits = made["status"] == "waitlisted"
    flash(f"On the waitlist of {where}, position {made['waitlist_position']}." if waits else f"Enrolled in {where}.")


@app.post("/sections/<int(max=2147483647):number>")
@only()
def on_section(number: int) -> Any:
    """A student asks for a seat; staff give grades."""
    form, section = Form.of([]), get(f"/sections/{number}")
    try:
        if session["role"] == "student":
            waits = request.form.get("join_waitlist") == "yes"
            enroll(session["student_id"], {"section_id": number, "join_waitlist": waits})
        else:
            grade(of_section(section)["roster"])
    except Refused as refusal:
        form.refuse(refusal)
        return shown("sections", get(f"/sections/{number}"), form)
    return redirect(f"/sections/{number}")


def grade(roster: Sequence[Row] | None) -> None:
    if roster is None:
        abort(403)
    given = [(each, request.form.get(f"grade-{each['id']}", "")) for each in roster]
    changed = [(each, chosen) for each, chosen in given if chosen in GRADES and chosen != each["grade"]]
    for each, chosen in changed:
        ask("PUT", f"/enrollments/{each['id']}/grade", json={"grade": chosen})
    flash(f"{len(changed)} grades saved.")


def own_enrollments() -> list[Row]:
    found: list[Row] = get(f"/students/{session['student_id']}/enrollments")["enrollments"]
    return found


def weeks() -> list[tuple[Row, list[Row]]]:
    live = [each for each in own_enrollments() if each["status"] in ("enrolled", "waitlisted")]
    terms = {each["section"]["term"]["id"]: each["section"]["term"] for each in live}
    return [(term, [each for each in live if each["section"]["term"]["id"] == id_]) for id_, term in terms.items()]


@app.get("/schedule")
@only("student")
def schedule() -> Any:
    return see("student.html", weeks=weeks(), title="Schedule")


WAYS = {"drop": ("Drop", "dropped"), "withdraw": ("Withdraw", "withdrawn"), "leave": ("Leave waitlist", "dropped")}


@app.route("/leave/<int(max=2147483647):number>/<any(drop, withdraw, leave):way>", methods=["GET", "POST"])
@only("student")
def leave(number: int, way: str) -> Any:
    name, status = WAYS[way]
    form, enrollment = Form.of([]), get(f"/enrollments/{number}")
    if form.judged() is not None:
        try:
            ask("PATCH", f"/enrollments/{number}", json={"status": status})
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"{label(enrollment['section'])}: done.")
            return redirect(url_for("schedule"))
    return see("leave.html", form.status, form=form, name=name, enrollment=enrollment)


@app.get("/transcript")
@only("student")
def transcript() -> Any:
    return see("transcript.html", transcript=get(f"/students/{session['student_id']}/transcript"), me=get("/users/me"))


# Markup


@app.get("/style.css")
def style() -> Response:
    return send_file("style.css")


NAVIGATION = {
    "registrar": ["", "students", "courses", "terms", "sections", "users", "account"],
    "instructor": ["", "students", "courses", "terms", "sections", "account"],
    "student": ["", "courses", "terms", "sections", "schedule", "transcript", "account"],
}


@app.context_processor
def told_everywhere() -> Row:
    csrf = Markup('<input type="hidden" name="csrf" value="{}">').format(session.get("csrf", ""))
    navigation = NAVIGATION.get(session.get("role", ""), [])
    return {"csrf": csrf, "navigation": navigation, "label": label, "called": called, "times": times, "days": DAYS} | {
        "grades": GRADES,
        "searched": SEARCHED,
    }


app.jinja_env.undefined = StrictUndefined
