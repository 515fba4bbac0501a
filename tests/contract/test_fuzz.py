"""Random requests for every operation, in each role: schemathesis with all its checks, from the committed document.

What it draws by itself seldom hits anything that exists, and sometimes what others use. So a low id becomes that of a
record made for the purpose, an email a unique one, and some logins right ones; all else is sent as it was drawn.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode

from tests.contract.asking import ENDS_OWN_TOKEN, TARGETS
from tests.contract.document import SCHEMA
from tests.contract.office import PASSWORD, ROLES, Office, new_term, unique
from tests.contract.test_access import WHO_MAY

ENOUGH, ENOUGH_ENDS = 10, 3  # successes, below which a fuzzer has seen little but refusals; of what ends a session
LIKELY_IN_USE = range(1, 2 * 10**9)


class Caller:
    """Who asks: a login of this role, replaced when it has ended its own session."""

    def __init__(self, office: Office, role: str) -> None:
        self.office, self.role = office, role
        self.successes = 0
        self.operation_id = ""
        self.victim = office.user("instructor")
        self._session = requests.Session()
        self._session.trust_env = False
        self._log_in()

    def send(self, case: Case[Any]) -> None:
        self.operation_id = case.operation.definition.raw["operationId"]
        self._aim(case)
        varies = case.operation.body or any(case.operation.iter_parameters()) or self.operation_id in ENDS_OWN_TOKEN
        for _ in range(1 if varies else ENOUGH):  # what takes no input can be asked in one way only
            self._send(case)

    def assert_served(self) -> None:
        """A fuzzer that has logged itself out is green and empty."""
        if self.role in WHO_MAY[self.operation_id]:
            assert self.successes >= (ENOUGH_ENDS if self.operation_id in ENDS_OWN_TOKEN else ENOUGH)

    def _send(self, case: Case[Any]) -> None:
        answer = case.call_and_validate(self.office.registrar.url, self._session, self._headers)
        if answer.status_code < 300:
            self.successes += 1
            if self.operation_id in ENDS_OWN_TOKEN:
                self._log_in()

    def _log_in(self) -> None:
        known = self.role in ROLES
        self._login = self.office.login(self.role if known else "student")
        self._headers = {"Authorization": self._login.client.headers["Authorization"]} if known else {}

    def _aim(self, case: Case[Any]) -> None:
        if self.role not in WHO_MAY[self.operation_id]:
            return
        _aim_ids(case.path_parameters, self.target)
        if isinstance(case.body, dict):
            positive = case.meta and case.meta.generation.mode is GenerationMode.POSITIVE
            if positive and len(repr(case.body)) % 3 and self.operation_id in HITS:
                case.body |= HITS[self.operation_id](self, case.body)
            else:
                _aim_ids(case.body, self.target)

    def target(self, name: str) -> int:
        if name == "user_id":
            return int(self.victim["id"])
        return int(TARGETS[name](self.office, self._login))

    def targets(self, *names: str) -> dict[str, int]:
        return {name: self.target(name) for name in names}


Hit = Callable[[Caller, dict[str, Any]], dict[str, Any]]


def _email(_: Caller, body: dict[str, Any]) -> dict[str, Any]:
    return {"email": f"{unique()}@{body['email'].rpartition('@')[2]}"[:254]}


def _term(_: Caller, body: dict[str, Any]) -> dict[str, Any]:
    return new_term() | {"credit_limit": body["credit_limit"]}


def _course(*_: Any) -> dict[str, Any]:
    return {"code": unique(), "prerequisite_ids": []}


def _section(caller: Caller, _: dict[str, Any]) -> dict[str, Any]:
    return caller.targets("course_id", "term_id", "instructor_id") | {"meetings": []}


HITS: dict[str, Hit] = {  # fields that make two thirds of what the schema admits succeed
    "log_in": lambda caller, _: {"username": caller.victim["email"], "password": PASSWORD},
    "change_password": lambda *_: {"current_password": PASSWORD},
    **dict.fromkeys(("create_student", "replace_student", "create_user"), _email),
    **dict.fromkeys(("create_term", "replace_term"), _term),
    **dict.fromkeys(("create_course", "replace_course"), _course),
    **dict.fromkeys(("create_section", "replace_section"), _section),
    "enroll": lambda caller, _: caller.targets("student_id", "section_id"),
}


def _aim_ids(fields: dict[str, Any], target: Callable[[str], int]) -> None:
    for name in fields.keys() & TARGETS.keys():
        fields[name] = _aimed(fields[name], partial(target, name))


def _aimed(value: Any, target: Callable[[], int]) -> Any:
    if isinstance(value, list):
        aimed = {repr(each): _aimed(each, target) for each in value}  # so that a repeat stays one
        return [aimed[repr(each)] for each in value]
    return target() if str(value).isdecimal() and int(value) in LIKELY_IN_USE else value


@pytest.fixture
def caller(office: Office, role: str) -> Iterator[Caller]:
    caller = Caller(office, role)
    yield caller
    caller.assert_served()


@SCHEMA.parametrize()
@pytest.mark.parametrize("role", [*ROLES, "nobody"])
@settings(suppress_health_check=list(HealthCheck))
def test_a_random_request_is_answered_as_documented(case: Case[Any], role: str, caller: Caller) -> None:
    """Whatever is asked, in whatever role, the answer is one that openapi.json documents for it."""
    caller.send(case)
