"""What goes wrong with what no honest client sends, and with how a refusal is told."""

import json
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from annotated_types import Le
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, StringConstraints
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from api import errors, fields, main, middleware, problems
from api.middleware import BodyLimit
from api.repositories import Rows, Work
from api.routers import dependencies
from api.routers import students as students_router
from api.schemas import (
    CourseIn,
    CredentialsIn,
    In,
    PageQuery,
    PasswordIn,
    SearchQuery,
    SectionQuery,
    StudentIn,
    StudentOut,
    TermIn,
    UserPatch,
)
from api.services import courses, sections, students
from api.services.preconditions import IfMatch
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import Told, answered, asked, instead

Right = Callable[..., Any]

# every answer


@chaff("robustness.problem")
def calls_a_problem_plain_json() -> None:
    """Answers refusals as application/json."""
    problems.MEDIA_TYPE = "application/json"


@chaff("robustness.health", "access.anonymous")
def asks_a_login_of_the_health_check() -> None:
    """Lets nobody see its health who is not signed in."""

    @answered
    def refuse(told: Told) -> None:
        if told.asks("GET", "/health/.*") and "authorization" not in told.headers:
            told.status = 401


@chaff("robustness.unknown-path")
def leaves_unknown_paths_to_the_framework() -> None:
    """Handles its own 404, and not that of the framework."""

    @instead(problems)
    async def _refused_by_framework(right: Right, request: Request, error: HTTPException) -> Any:
        return JSONResponse({"detail": "Not Found"}, 404) if error.status_code == 404 else await right(request, error)


@chaff("robustness.trailing-slash")
def redirects_a_trailing_slash() -> None:
    """Leaves `redirect_slashes` on, as FastAPI has it."""

    @instead(main, "FastAPIOffline")
    def app(right: Right, **options: Any) -> Any:
        return right(**options | {"redirect_slashes": True})


@chaff("robustness.methods")
def allows_the_methods_of_one_route() -> None:
    """Takes `Allow` from the first route of the path, which knows its own method alone."""

    @instead(problems)
    def _allowed(_: Right, __: Request) -> dict[str, str]:
        return {}


@chaff("robustness.request-id")
def gives_every_request_an_id_of_its_own() -> None:
    """Makes an id for each request, whether it came with one or not."""
    middleware.ACCEPTABLE = re.compile("(?!)")


@chaff("robustness.request-id-bad")
def takes_any_request_id() -> None:
    """Takes over whatever a caller sends as an id."""
    middleware.ACCEPTABLE = re.compile("[ -~]+")


@chaff("robustness.request-id-new")
def makes_one_request_id() -> None:
    """Makes the id once, as the default of a parameter."""

    @instead(secrets)
    def token_hex(*_: Any) -> str:
        return "3f0c9a"


# bad input


@chaff("robustness.bad-student")
def trims_what_it_should_refuse() -> None:
    """Takes a student's name and email with white space around them, and strips it."""
    StudentIn.model_config["str_strip_whitespace"] = True
    StudentIn.model_rebuild(force=True)


@chaff(
    "robustness.bad-student",
    "robustness.bad-user",
    "robustness.bad-patch",
    "robustness.bad-new-password",
    "robustness.bad-catalog",
    "robustness.bad-seat-request",
    "robustness.bad-leaving",
    "robustness.bad-grade",
    "robustness.pointers",
    "robustness.hostile-field",
)
def ignores_fields_that_it_does_not_know() -> None:
    """Ignores what else a body has, as pydantic does unless told."""
    for model in In.__subclasses__():
        model.model_config["extra"] = "ignore"
        model.model_rebuild(force=True)


@chaff("robustness.bad-user", "robustness.bad-patch", "robustness.bad-catalog", "robustness.bad-seat-request")
def takes_text_for_numbers() -> None:
    """Takes "3", true and 1.0 for integers, as pydantic does unless told."""
    object.__setattr__(fields.JSON_INTEGER, "func", lambda value: value)
    for model in In.__subclasses__():
        model.model_rebuild(force=True)


@chaff("robustness.bad-patch")
def takes_text_for_a_boolean() -> None:
    """Takes "true" and 1 for true."""
    hold_to(UserPatch, "is_active")


@chaff("robustness.bad-new-password")
def allows_shorter_passwords_later() -> None:
    """Asks 15 characters of a first password, and 8 of all others."""
    _, *others = PasswordIn.model_fields["new_password"].metadata
    hold_to(PasswordIn, "new_password", StringConstraints(min_length=8, max_length=128), *others)


@chaff("robustness.missing-fields", "enrollment.replace-whole")
def a_credit_limit_may_be_left_out() -> None:
    """Gives the credit limit of a term a default."""
    TermIn.model_fields["credit_limit"].default = 18
    TermIn.model_rebuild(force=True)


@chaff("students.replace-whole")
def fills_in_what_a_put_leaves_out() -> None:
    """Keeps what was there where a PUT says nothing."""

    class Partly(StudentIn):
        name: fields.Name = ""
        email: fields.Email = ""

    students_router.replace_student.__annotations__["new"] = Partly

    @instead(students)
    def replace(right: Right, work: Work, student_id: int, new: Partly, if_match: IfMatch) -> StudentOut:
        kept = StudentOut.model_validate(work.students.lock(student_id)).model_dump(
            exclude={"id", *new.model_fields_set}
        )
        merged: StudentOut = right(work, student_id, new.model_copy(update=kept), if_match)
        return merged


@chaff("robustness.pointers")
def joins_pointers_without_escaping() -> None:
    """Joins the steps to a fault with slashes, and escapes nothing."""

    @instead(problems)
    def _fault(right: Right, location: Sequence[str | int], detail: str) -> Any:
        place, *steps = location
        return (
            {"pointer": "".join(f"/{step}" for step in steps), "detail": detail}
            if place == "body"
            else right(location, detail)
        )


@chaff("robustness.not-an-object", "course.bad-input")
def breaks_where_a_body_is_no_object() -> None:
    """Takes every body for an object, and fails where it is another kind of JSON."""

    @instead(problems)
    def _fault(right: Right, location: Sequence[str | int], detail: str) -> Any:
        if tuple(location) == ("body",) and "dictionary" in detail:
            raise TypeError(detail)
        return right(location, detail)


@chaff("robustness.bad-limit")
def a_limit_has_no_end() -> None:
    """Gives as many as are asked for, thousands too."""
    for query in (PageQuery, SearchQuery):
        bounds = query.model_fields["limit"].metadata
        hold_to(query, "limit", *(bound for bound in bounds if not isinstance(bound, Le)))


@chaff("robustness.bad-id")
def looks_for_ids_of_any_size() -> None:
    """Looks for an id that no row can have, which the database cannot even read."""
    path, _ = dependencies.Id.__metadata__  # type: ignore[attr-defined]  # an Annotated has it
    path.metadata = [each for each in path.metadata if not isinstance(each, Le)]


@chaff("robustness.bad-search")
def searches_for_control_characters() -> None:
    """Searches for whatever it is sent."""
    hold_to(SearchQuery, "q")


@chaff("robustness.bad-login")
def takes_nothing_for_a_wrong_password() -> None:
    """Reads what a login form lacks as empty, and answers 401."""
    for field in ("username", "password"):
        CredentialsIn.model_fields[field].default = ""
    CredentialsIn.model_rebuild(force=True)


# text that is no JSON, and JSON that no program wants


@chaff("robustness.malformed-json")
def finds_what_is_not_json_invalid() -> None:
    """Answers 422 for what is not JSON, as FastAPI does."""

    @instead(problems)
    async def _not_valid(right: Right, request: Request, error: RequestValidationError) -> Any:
        if error.errors()[0]["type"] == "json_invalid":
            return problems.problem(errors.ValidationFailed([{"pointer": "", "detail": "Is not JSON"}]))
        return await right(request, error)


@chaff("robustness.hostile-text", "robustness.hostile-number", "robustness.hostile-field")
def echoes_what_was_sent() -> None:
    """Shows the faults as FastAPI has them, with what was sent: NaN and lone surrogates cannot be written."""

    @instead(problems)
    async def _not_valid(right: Right, request: Request, error: RequestValidationError) -> Any:
        _ = JSONResponse(jsonable_encoder(error.errors()))
        return await right(request, error)


@chaff("robustness.bad-student", "robustness.hostile-text")
def keeps_control_characters_in_names() -> None:
    """Counts the characters of a name, and does not look at them."""
    hold_to(StudentIn, "name", StringConstraints(min_length=1, max_length=100))


@chaff("robustness.nesting")
def fails_on_deep_nesting() -> None:
    """Lets the parser's RecursionError through."""

    @instead(problems)
    async def _refused_by_framework(right: Right, request: Request, error: HTTPException) -> Any:
        if isinstance(error.__cause__, RecursionError):
            raise error.__cause__
        return await right(request, error)


@chaff("robustness.field-twice")
def fails_on_a_field_named_twice() -> None:
    """Notices a field that is named twice, and calls that an error of its own."""

    def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise HTTPException(500)
        return dict(pairs)

    @instead(Request, "json")
    async def parse(_: Right, request: Request) -> Any:
        return json.loads(await request.body(), object_pairs_hook=once)


# bodies, headers and paths


@chaff("robustness.media-type")
def takes_any_media_type() -> None:
    """Does not look in which media type a body is sent."""

    async def judge() -> None:
        """Take it."""

    object.__setattr__(dependencies.json_body, "dependency", judge)


@chaff("robustness.media-type-forms")
def compares_the_media_type_as_text() -> None:
    """Compares the whole of Content-Type with `application/json`."""

    async def judge(request: Request) -> None:
        if request.headers.get("content-type") != "application/json":
            raise errors.UnsupportedMediaType

    object.__setattr__(dependencies.json_body, "dependency", judge)


@chaff("robustness.mebibyte")
def takes_a_mebibyte_for_a_million() -> None:
    """Takes a MiB for a million bytes."""
    middleware.MAX_BODY = 1_000_000


@chaff("robustness.too-large")
def believes_content_length() -> None:
    """Judges a body by its Content-Length, which a chunked one does not have."""

    @instead(BodyLimit, "__call__")
    async def judge(right: Right, limit: BodyLimit, scope: Scope, receive: Receive, send: Send) -> None:
        is_chunked = (b"transfer-encoding", b"chunked") in scope.get("headers", ())
        await (limit.app(scope, receive, send) if is_chunked else right(limit, scope, receive, send))


@chaff("robustness.strange-header")
def decodes_headers_as_utf_8() -> None:
    """Reads all headers as UTF-8, whatever they are."""

    @asked
    def decode(told: Told) -> None:
        for value in told.headers.values():
            value.encode("latin-1").decode()


@chaff("robustness.huge-headers")
def has_no_room_for_huge_headers() -> None:
    """Fails when the headers do not fit where it keeps them."""

    @asked
    def keep(told: Told) -> None:
        room = bytearray(2**16)
        for name, value in told.headers.items():
            memoryview(room)[: len(name + value)] = (name + value).encode("latin-1")


@chaff("robustness.strange-path", "robustness.bad-id")
def looks_for_a_file_first() -> None:
    """Looks whether there is a file of the path's name, which must not have a NUL."""

    @asked
    def look(told: Told) -> None:
        with suppress(OSError):
            Path(f"static{told.path}").stat()


@chaff("robustness.own-cursor")
def follows_cursors_of_any_size() -> None:
    """Hands a cursor on to the database, which reads no number above 2^63."""
    for cursor in ("after", "before"):
        SearchQuery.model_fields[cursor].annotation = int | None
    SearchQuery.model_rebuild(force=True)


@chaff("robustness.markup")
def washes_names_of_scripts() -> None:
    """Takes what looks like a script out of a name before it is stored."""

    @instead(students)
    def create(right: Right, work: Work, new: StudentIn) -> Any:
        return right(work, new.model_copy(update={"name": re.sub(r"</?script>", "", new.name)}))


# the documentation, and what openapi.json says


@chaff("robustness.docs")
def loads_its_documentation_from_afar() -> None:
    """Serves FastAPI's own `/docs`, which loads its scripts from a CDN."""

    @instead(main, "FastAPIOffline")
    def app(_: Right, **options: Any) -> FastAPI:
        return FastAPI(**options)


@chaff("robustness.fuzz")
def has_no_room_for_long_titles() -> None:
    """Gives a title 50 characters of room in the database, and does not say so."""

    @instead(courses)
    def create(right: Right, work: Work, new: CourseIn) -> Any:
        if len(new.title) > 50:
            raise ValueError("value too long for type character varying(50)")
        return right(work, new)


@chaff("robustness.fuzz")
def finds_nothing_for_a_filter_that_names_nothing() -> None:
    """Answers 404 to a list that is filtered by what does not exist, which openapi.json does not say."""

    @instead(sections)
    def page(right: Right, rows: Rows, query: SectionQuery) -> Any:
        if query.course_id:
            rows.courses.get(query.course_id)
        return right(rows, query)


def hold_to(model: type[BaseModel], field: str, *constraints: object) -> None:
    """Ask this of a field, and no more."""
    model.model_fields[field].metadata = list(constraints)
    model.model_rebuild(force=True)
