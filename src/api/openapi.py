"""The OpenAPI document: what FastAPI knows, and every refusal that an operation can give."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api import errors
from api.errors import Refusal
from api.problems import MEDIA_TYPE
from api.security import ANYONE_SIGNED_IN, WHO_MAY


class Fault(BaseModel):
    """One thing that is wrong with the input, found by `pointer` (RFC 6901) in a body, else by `parameter`."""

    pointer: str = ""
    parameter: str = ""
    detail: str


class Violation(BaseModel):
    """One rule of enrollment that the request breaks; `enrollment_id` is the one that stands already."""

    code: str
    detail: str
    enrollment_id: int | None = None


class Problem(BaseModel):
    """A refusal (RFC 9457). Programs decide by `code`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Fault] = []
    violations: list[Violation] = []


def refusals(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """What an operation says of the refusals that it can give, by status."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(f"`{kind.code}`: {kind.title}")
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "; ".join(told), "content": content} for status, told in titles.items()}


def created(what: str) -> dict[int | str, dict[str, Any]]:
    location = {"description": "The new resource's path.", "required": True, "schema": {"type": "string"}}
    return {201: {"description": f"The new {what}.", "headers": {"Location": location}}}


def links(*operations: str, **parameters: str) -> dict[str, Any]:
    """Where an answer leads: other operations, and how their parameters are found in it."""
    return {"links": {operation: {"operationId": operation, "parameters": parameters} for operation in operations}}


def conditional() -> dict[int | str, dict[str, Any]]:
    tag = {"description": "A strong entity tag, for If-Match and If-None-Match.", "schema": {"type": "string"}}
    return {
        200: {"headers": {"ETag": tag}},
        304: {"description": "Not modified since If-None-Match.", "headers": {"ETag": tag}},
    }


def document(app: FastAPI) -> dict[str, Any]:
    """Made once, from the routes; FastAPI's own 422 gives way to ours."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                _tell_common_refusals(path, method, operation)
        schemas = schema["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs") | {"Problem": problem}
        app.openapi_schema = schema
    return app.openapi_schema


def _tell_common_refusals(path: str, method: str, operation: dict[str, Any]) -> None:
    """Those that follow from what an operation is, so that routers name their own only."""
    body = operation.get("requestBody", {"content": {}})["content"]
    who_may = WHO_MAY.get(operation["operationId"], ANYONE_SIGNED_IN)
    can_be_refused = {
        errors.Unauthenticated: "security" in operation,
        errors.Forbidden: who_may != ANYONE_SIGNED_IN or "{student_id}" in path,
        errors.NotFound: "{" in path,
        errors.StaleVersion: method in ("put", "patch", "delete"),
        errors.ContentTooLarge: body,
        errors.UnsupportedMediaType: body,
        errors.MalformedJSON: "application/json" in body,
        errors.ValidationFailed: "422" in operation["responses"],
    }
    told = refusals(*(kind for kind, applies in can_be_refused.items() if applies))
    answers = operation["responses"] | {str(status): answer for status, answer in told.items()}
    operation["responses"] = dict(sorted(answers.items()))
