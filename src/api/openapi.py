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
    told: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        answer = told.setdefault(
            kind.status,
            {"description": "", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
        )
        answer["description"] = "; ".join(filter(None, [answer["description"], f"`{kind.code}`: {kind.title}"]))
    return told


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
            for operation in operations.values():
                _tell_common_refusals(path, operation)
        schemas = schema["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs") | {"Problem": problem}
        app.openapi_schema = schema
    return app.openapi_schema


def _tell_common_refusals(path: str, operation: dict[str, Any]) -> None:
    kinds: list[type[Refusal]] = []
    if "security" in operation:
        kinds.append(errors.Unauthenticated)
        if WHO_MAY[operation["operationId"]] != ANYONE_SIGNED_IN or "{student_id}" in path:
            kinds.append(errors.Forbidden)
    if "requestBody" in operation:
        kinds += [errors.ContentTooLarge, errors.UnsupportedMediaType]
        if "application/json" in operation["requestBody"]["content"]:
            kinds.append(errors.MalformedJSON)
    if operation["responses"].pop("422", None):
        kinds.append(errors.ValidationFailed)
    told = {str(status): answer for status, answer in refusals(*kinds).items()}
    operation["responses"] = dict(sorted((operation["responses"] | told).items()))
