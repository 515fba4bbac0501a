"""The one place where a refusal becomes `application/problem+json` (RFC 9457)."""

import json
import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from api import errors
from api.errors import Refusal
from api.fields import PATTERN_MEANS

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 100
FRAMEWORK_REFUSALS = {400: errors.MalformedJSON, 404: errors.NotFound, 413: errors.ContentTooLarge}

logger = logging.getLogger(__name__)


def problem(refusal: Refusal) -> Response:
    """Escaped to ASCII, because a fault may name a field that is no Unicode text."""
    members: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
    }
    if isinstance(refusal, errors.ValidationFailed):
        members["errors"] = refusal.errors
    if isinstance(refusal, errors.EnrollmentRefused):
        members["violations"] = [_violation(each) for each in refusal.violations]
    return Response(json.dumps(members), refusal.status, refusal.headers, MEDIA_TYPE)


def _violation(violation: errors.Violation) -> dict[str, Any]:
    told: dict[str, Any] = {"code": violation.code, "detail": violation.detail}
    if isinstance(violation, errors.DuplicateCourse):
        told["enrollment_id"] = violation.enrollment_id
    return told


def install(app: FastAPI) -> None:
    """Answer every refusal, our own and the framework's, as a problem."""
    app.exception_handler(Refusal)(_refused)
    app.exception_handler(HTTPException)(_refused_by_framework)
    app.exception_handler(RequestValidationError)(_not_valid)


async def _refused(_: Request, refusal: Refusal) -> Response:
    if isinstance(refusal, errors.Unavailable):
        logger.warning("%s", refusal.title, exc_info=refusal)
    return problem(refusal)


async def _refused_by_framework(request: Request, error: HTTPException) -> Response:
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    if error.status_code == 405:
        return problem(errors.MethodNotAllowed(headers=dict(error.headers or {}) | _allowed(request)))
    return problem(FRAMEWORK_REFUSALS[error.status_code]())


async def _not_valid(_: Request, error: RequestValidationError) -> Response:
    faults = error.errors()[:MOST_FAULTS]
    if faults[0]["type"] == "json_invalid":
        return problem(errors.MalformedJSON())
    return problem(errors.ValidationFailed([_fault(each["loc"], _meaning(each)) for each in faults]))


def _fault(location: Sequence[str | int], detail: str) -> dict[str, str]:
    """Where a fault is: a JSON pointer (RFC 6901) into the body, or the name of a parameter."""
    place, *steps = location
    if place != "body":
        return {"parameter": str(steps[0]), "detail": detail}
    tokens = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return {"pointer": "".join(f"/{token}" for token in tokens), "detail": detail}


def _meaning(fault: dict[str, Any]) -> str:
    if fault["type"] == "string_pattern_mismatch":
        return PATTERN_MEANS[fault["ctx"]["pattern"]]
    return str(fault["msg"]).removeprefix("Value error, ")


def _allowed(request: Request) -> dict[str, str]:
    """All methods of a path in the contract (RFC 9110, section 10.2.1); the router knows those of one route alone."""
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    for path, operations in paths.items():
        if compile_path(path)[0].match(request.url.path):
            return {"Allow": ", ".join(sorted(method.upper() for method in operations))}
    return {}
