"""Random requests for every operation, in each role: schemathesis with all its checks, from the committed document.

What it draws by itself seldom hits anything that exists, and sometimes what others use. So a low id becomes that of a
record made for the purpose, an email a unique one, and some logins right ones; all else is sent as it was drawn.

Who marks leaves out what other checks ask one by one, which is all that is systematically wrong, and what the contract
leaves open: cursors, which clients never build, and whole numbers that are written 51.0. The other callers are asked
only every third case, and what fails must fail twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup

from tests.contract.asking import ENDS_OWN_TOKEN, TARGETS
from tests.contract.document import SCHEMA
from tests.contract.office import Office
from tests.contract.test_access import WHO_MAY
from tests.exchanges import RecordedSession
from tests.samples import CLOSED, PASSWORD, ROLES, new_term, unique

ENOUGH, ENOUGH_LOGINS = 10, 3  # successes, below which a fuzzer has seen little but refusals
CURSORS = {"after", "before"}
LIKELY_IN_USE = range(1, 2 * 10**9)
USES_UP = {"delete_student", "delete_term", "delete_course", "delete_section", "change_enrollment"}


class Caller:
    """Who asks: a login of this role, replaced when it has ended its own session."""

    def __init__(self, office: Office, role: str) -> None:
        self.office, self.role = office, role
        self._session = RecordedSession(office.registrar.url, role)
        self._log_in()

    @property
    def credentials(self) -> dict[str, str]:
        return {"username": self._login.email, "password": PASSWORD}

    def may(self, operation_id: str) -> bool:
        return self.role in WHO_MAY[operation_id]

    def send(self, drawn: Case[Any], *, surely: bool = False) -> bool:
        """Send it, aimed if it may succeed, `surely` if it should; whether it did."""
        operation_id, case = _id(drawn), drawn.derive()
        if self.may(operation_id):
            self._aim(case, operation_id, surely=surely)
        served = True  # for all we know, until it is answered as documented
        try:
            url = self.office.registrar.url
            answer = case.call_and_validate(url, self._session, self._headers, allow_redirects=False)
            served = answer.status_code < 300
        finally:
            if served and operation_id in ENDS_OWN_TOKEN:
                self._log_in()
        return served

    def _log_in(self) -> None:
        known = self.role in ROLES
        self._login = self.office.login(self.role if known else "student")
        self._kept: dict[str, int] = {}
        self._headers = {"X-Request-ID": self.role}  # a failure is told with its headers
        if known:
            self._headers["Authorization"] = str(self._login.client.headers["Authorization"])

    def _aim(self, case: Case[Any], operation_id: str, *, surely: bool) -> None:
        _aim_ids(case.path_parameters, self.target if operation_id in USES_UP else self.kept)
        if isinstance(case.body, dict):
            if not _is_wrong(case) and (surely or len(repr(case.body)) % 3) and operation_id in HITS:
                case.body |= HITS[operation_id](self, case.body)
            else:
                _aim_ids(case.body, self.target)

    def target(self, name: str) -> int:
        return int(TARGETS[name](self.office, self._login))

    def kept(self, name: str) -> int:
        """The same each time: to be read, or changed in any way, but never used up."""
        if name not in self._kept:
            self._kept[name] = self.target(name)
        return self._kept[name]

    def targets(self, *names: str) -> dict[str, int]:
        return {name: self.target(name) for name in names}


Hit = Callable[[Caller, dict[str, Any]], dict[str, Any]]


def _email(_: Caller, body: dict[str, Any]) -> dict[str, Any]:
    return {"email": f"{unique()}@{body['email'].rpartition('@')[2]}"[:254]}


def _user(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
    return _email(caller, body) | {"role": "instructor", "student_id": None}


def _term(_: Caller, body: dict[str, Any]) -> dict[str, Any]:
    return new_term() | CLOSED | {"credit_limit": body["credit_limit"]}


def _course(*_: Any) -> dict[str, Any]:
    return {"code": unique(), "prerequisite_ids": []}


def _section(caller: Caller, _: dict[str, Any]) -> dict[str, Any]:
    in_any_term = {"term_id": caller.office.any_term["id"], "meetings": []}
    return caller.targets("course_id", "instructor_id") | in_any_term


HITS: dict[str, Hit] = {  # fields that make two thirds of what the schema admits succeed
    "log_in": lambda caller, _: caller.credentials,
    "change_password": lambda *_: {"current_password": PASSWORD},
    **dict.fromkeys(("create_student", "replace_student"), _email),
    "create_user": _user,
    **dict.fromkeys(("create_term", "replace_term"), _term),
    **dict.fromkeys(("create_course", "replace_course"), _course),
    **dict.fromkeys(("create_section", "replace_section"), _section),
    "enroll": lambda caller, _: caller.targets("student_id", "section_id"),
}


def _id(case: Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])


def _fair(drawn: Case[Any]) -> Case[Any]:
    """The same without what the contract leaves open; what was wrong about it may have been just that."""
    case = drawn.derive()
    if CURSORS & (case.query or {}).keys():
        assume(not _is_wrong(case))
        case.query = {name: value for name, value in case.query.items() if name not in CURSORS}
    case.body = _with_integers(case.body)
    return case


def _with_integers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_integers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_integers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_wrong(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE


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

    def __init__(self, callers: Sequence[Caller], *, marks: bool) -> None:
        self.callers, self.marks = callers, marks
        self.operation_id = ""
        self.served: Counter[str] = Counter()
        self.turns = count()
        self.likely: Case[Any] | None = None  # to succeed: the last that did, or else that could

    @property
    def first(self) -> Caller:
        return next(caller for caller in self.callers if caller.may(self.operation_id))

    def send(self, drawn: Case[Any]) -> None:
        case = _fair(drawn) if self.marks else drawn
        self.operation_id = _id(case)
        others = [caller for caller in self.callers if caller is not self.first]
        turn, left_out = divmod(next(self.turns), 3 if self.marks else 1)
        for caller in [self.first] if left_out else [others[turn % len(others)], self.first]:
            self._ask(caller, case)

    def make_up(self) -> None:
        """Let what is likely to succeed be asked again, where chance has drawn too little that does."""
        if self.likely:
            unserved = [each for each in self.callers if each.may(self.operation_id) and not self.served[each.role]]
            for caller in unserved + [self.first] * (self._enough - self.served.total() - len(unserved)):
                self._ask(caller, self.likely, surely=True)

    def assert_served(self) -> None:
        """A fuzzer that has logged itself out is green and empty."""
        assert self.served.total() >= self._enough
        assert {role for role, times in self.served.items() if times} == WHO_MAY[self.operation_id]

    @property
    def _enough(self) -> int:
        return ENOUGH_LOGINS if self.operation_id in ENDS_OWN_TOKEN else ENOUGH

    def _ask(self, caller: Caller, case: Case[Any], *, surely: bool = False) -> None:
        attempt = partial(caller.send, case, surely=surely)
        served = once_more(attempt) if self.marks else attempt()
        if served:
            self.served[caller.role] += 1
        if served or not (self.served or _is_wrong(case)):
            self.likely = case


def once_more(attempt: Callable[[], bool]) -> bool:
    """What it comes to: what fails is tried a second time, and only then held against anybody."""
    try:
        return attempt()
    except (AssertionError, FailureGroup):
        return attempt()


@pytest.fixture(scope="session")
def callers(lasting_office: Office) -> list[Caller]:
    return [Caller(lasting_office, role) for role in ("nobody", *ROLES)]


@pytest.fixture
def everybody(callers: list[Caller], pytestconfig: pytest.Config) -> Iterator[Everybody]:
    everybody = Everybody(callers, marks=bool(pytestconfig.getoption("--marking", None)))
    yield everybody
    everybody.make_up()
    everybody.assert_served()


@pytest.mark.check(
    "robustness.fuzz", points=10, limit=60, hint="Replay the request; then look at what openapi.json says of it."
)
@SCHEMA.parametrize()
@settings(suppress_health_check=list(HealthCheck))
def test_a_random_request_is_answered_as_documented(case: Case[Any], everybody: Everybody) -> None:
    """Whatever is asked, in whatever role, the answer is one that openapi.json documents for it."""
    everybody.send(case)


@pytest.mark.parametrize(("held", "counts"), [([True], False), ([False, True], False), ([False, False], True)])
def test_a_finding_counts_when_it_has_come_back(held: list[bool], counts: bool) -> None:
    """What fails once and then holds is nobody's fault; what fails twice is."""
    left = iter(held)

    def attempt() -> bool:
        assert next(left)
        return True

    with pytest.raises(AssertionError) if counts else nullcontext():
        assert once_more(attempt)
