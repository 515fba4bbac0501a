"""Random requests for every operation, in each role: schemathesis with all its checks, from the committed document.

What it draws by itself seldom hits anything that exists, and sometimes what others use. So a low id becomes that of a
record made for the purpose, an email a unique one, and some logins right ones; all else is sent as it was drawn.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import count
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode

from tests.contract.asking import ENDS_OWN_TOKEN, TARGETS
from tests.contract.document import SCHEMA
from tests.contract.office import PASSWORD, ROLES, Json, Office, new_term, unique
from tests.contract.test_access import WHO_MAY

ENOUGH = 10  # successes, below which a fuzzer has seen little but refusals
LIKELY_IN_USE = range(1, 2 * 10**9)


class Caller:
    """Who asks: a login of this role, replaced when it has ended its own session."""

    def __init__(self, office: Office, role: str) -> None:
        self.office, self.role = office, role
        self._session = requests.Session()
        self._session.trust_env = False
        self._log_in()

    @cached_property
    def victim(self) -> Json:
        """Whom it may do to as it likes."""
        return self.office.user("instructor")

    @property
    def credentials(self) -> dict[str, str]:
        return {"username": self._login.email, "password": PASSWORD}

    def may(self, operation_id: str) -> bool:
        return self.role in WHO_MAY[operation_id]

    def send(self, case: Case[Any]) -> bool:
        """Send it, aimed if it may succeed; whether it did."""
        operation_id = _id(case)
        if self.may(operation_id):
            self._aim(case, operation_id)
        answer = case.call_and_validate(self.office.registrar.url, self._session, self._headers)
        served = answer.status_code < 300
        if served and operation_id in ENDS_OWN_TOKEN:
            self._log_in()
        return served

    def _log_in(self) -> None:
        known = self.role in ROLES
        self._login = self.office.login(self.role if known else "student")
        self._headers = {"X-Request-ID": self.role}  # a failure is told with its headers
        if known:
            self._headers["Authorization"] = str(self._login.client.headers["Authorization"])

    def _aim(self, case: Case[Any], operation_id: str) -> None:
        _aim_ids(case.path_parameters, self.target)
        if isinstance(case.body, dict):
            positive = case.meta and case.meta.generation.mode is GenerationMode.POSITIVE
            if positive and len(repr(case.body)) % 3 and operation_id in HITS:
                case.body |= HITS[operation_id](self, case.body)
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
    "log_in": lambda caller, _: caller.credentials,
    "change_password": lambda *_: {"current_password": PASSWORD},
    **dict.fromkeys(("create_student", "replace_student", "create_user"), _email),
    **dict.fromkeys(("create_term", "replace_term"), _term),
    **dict.fromkeys(("create_course", "replace_course"), _course),
    **dict.fromkeys(("create_section", "replace_section"), _section),
    "enroll": lambda caller, _: caller.targets("student_id", "section_id"),
}


def _id(case: Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])


def _aim_ids(fields: dict[str, Any], target: Callable[[str], int]) -> None:
    for name in fields.keys() & TARGETS.keys():
        fields[name] = _aimed(fields[name], partial(target, name))


def _aimed(value: Any, target: Callable[[], int]) -> Any:
    if isinstance(value, list):
        aimed = {repr(each): _aimed(each, target) for each in value}  # so that a repeat stays one
        return [aimed[repr(each)] for each in value]
    return target() if str(value).isdecimal() and int(value) in LIKELY_IN_USE else value


class Everybody:
    """Each case is sent by the first who may ask its operation, and by one of the others, in turn."""

    def __init__(self, callers: Sequence[Caller]) -> None:
        self.callers = callers
        self.operation_id = ""
        self.served: Counter[str] = Counter()
        self.turns = count()

    def send(self, case: Case[Any]) -> None:
        self.operation_id = _id(case)
        first = next(caller for caller in self.callers if caller.may(self.operation_id))
        others = [caller for caller in self.callers if caller is not first]
        varies = case.operation.body or any(case.operation.iter_parameters())
        for _ in range(1 if varies else 4):  # what takes no input can be asked in one way only
            for caller in (others[next(self.turns) % len(others)], first):
                self.served[caller.role] += caller.send(case)

    def assert_served(self) -> None:
        """A fuzzer that has logged itself out is green and empty."""
        assert self.served.total() >= ENOUGH
        assert {role for role, times in self.served.items() if times} == WHO_MAY[self.operation_id]


@pytest.fixture(scope="session")
def callers(office: Office) -> list[Caller]:
    return [Caller(office, role) for role in ("nobody", *ROLES)]


@pytest.fixture
def everybody(callers: list[Caller]) -> Iterator[Everybody]:
    everybody = Everybody(callers)
    yield everybody
    everybody.assert_served()


@pytest.mark.check(
    "robustness.fuzz", points=10, limit=60, hint="Replay the request; then look at what openapi.json says of it."
)
@SCHEMA.parametrize()
@settings(suppress_health_check=list(HealthCheck))
def test_a_random_request_is_answered_as_documented(case: Case[Any], everybody: Everybody) -> None:
    """Whatever is asked, in whatever role, the answer is one that openapi.json documents for it."""
    everybody.send(case)
