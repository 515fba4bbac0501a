"""The committed contract, openapi.json, as the checks read it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from requests import Response
from schemathesis.config import SchemathesisConfig

SEED = 20260901
PATH = Path(__file__).with_name("openapi.json")
DOCUMENT: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
CONFIG = SchemathesisConfig(seed=SEED)
SCHEMA = schemathesis.openapi.from_path(PATH, config=CONFIG)


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    statuses: frozenset[int]


OPERATIONS = {
    each["operationId"]: Operation(each["operationId"], method.upper(), path, frozenset(map(int, each["responses"])))
    for path, methods in DOCUMENT["paths"].items()
    for method, each in methods.items()
}
PATHS = sorted(DOCUMENT["paths"], key=lambda path: "{" in path)  # /users/me before /users/{user_id}


def operation_at(method: str | None, path: str) -> Operation | None:
    """The operation that a request is for, if there is one."""
    template = next((each for each in PATHS if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each), path)), None)
    return next((each for each in OPERATIONS.values() if (each.method, each.path) == (method, template)), None)


def hold_to_contract(answer: Response) -> None:
    """Assert that the operation which was asked documents this status, and a body like this one for it."""
    operation = operation_at(answer.request.method, urlsplit(answer.url).path)
    if operation:
        assert answer.status_code in operation.statuses, f"{operation.id}: {answer.status_code} is undocumented"
        SCHEMA[operation.path][operation.method].validate_response(answer)
