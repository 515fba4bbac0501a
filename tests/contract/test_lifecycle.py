"""Records as they come, change and go, in any order: a state machine beside the API says what it has to remember."""

from typing import Any

from hypothesis import Phase, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy
from requests import Response
from schemathesis import Case, GenerationMode
from typing_extensions import override

from tests.contract.client import Client
from tests.contract.document import SCHEMA
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.samples import PASSWORD, Json, unique_email

BRIEFLY = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink a failure takes minutes
)


def bodies(path: str) -> SearchStrategy[Json]:
    """What openapi.json admits as a new record."""
    return SCHEMA[path]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE).map(_name_and_email)


def _name_and_email(case: Case[Any]) -> Json:
    body: Any = case.body
    return {"name": body["name"], "email": unique_email()}


class Records(RuleBasedStateMachine):
    """`known` has each record by its path: as it was last answered, or None once it was deleted."""

    api: Client
    students, users = Bundle("students"), Bundle("users")

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Json | None] = {}

    @rule(target=students, new=bodies("/students"))
    def create(self, new: Json) -> str:
        return self._created("/students", new, new)

    @rule(target=users, new=bodies("/users"), student=students)
    def give_a_login(self, new: Json, student: str) -> str:
        """To a student who has none yet; else to a new instructor."""
        record, logins = self.known[student], [user["student_id"] for user in self._users()]
        linked: Json = {"role": "instructor", "student_id": None}
        if record and record["id"] not in logins:
            linked = {"role": "student", "student_id": record["id"]}
        return self._created("/users", new | linked | {"password": PASSWORD}, new | linked | {"is_active": True})

    @rule(path=students)
    def take_an_email(self, path: str) -> None:
        student = self.known[path]
        if student:
            answer = self.api.post("/students", json={"name": "Eve", "email": student["email"]})
            assert_refused(answer, 409, "email_taken")

    @rule(path=students | users)
    def read(self, path: str) -> None:
        self._expect(self.api.get(path), path)

    @rule(path=students, new=bodies("/students"))
    def replace(self, path: str, new: Json) -> None:
        self._expect(self.api.put(path, json=new), path, new)

    @rule(path=users, name=bodies("/users").map(lambda new: new["name"]))
    def rename(self, path: str, name: str) -> None:
        self._expect(self.api.patch(path, json={"name": name}), path, {"name": name})

    @rule(path=users)
    def make_an_instructor(self, path: str) -> None:
        changes = {"role": "instructor", "is_active": True}
        self._expect(self.api.patch(path, json=changes), path, changes | {"student_id": None})

    @rule(path=students)
    def delete(self, path: str) -> None:
        answer, student = self.api.delete(path), self.known[path]
        if student is None:
            assert_refused(answer, 404, "not_found")
            return
        assert answer.status_code == 204
        self.known[path] = None
        for user in self._users():
            if user["student_id"] == student["id"]:
                user.update(is_active=False, student_id=None)

    @override
    def teardown(self) -> None:
        for path in self.known:
            self.read(path)

    def _users(self) -> list[Json]:
        return [record for path, record in self.known.items() if record and path.startswith("/users/")]

    def _created(self, collection: str, new: Json, expected: Json) -> str:
        answer = self.api.post(collection, json=new)
        assert answer.status_code == 201, answer.text
        path = answer.headers["Location"]
        assert path not in self.known
        self.known[path] = expected | {"id": int(path.rpartition("/")[2])}
        assert answer.json() == self.known[path]
        return path

    def _expect(self, answer: Response, path: str, changes: Json | None = None) -> None:
        known: Any = self.known[path]
        if known is None:
            assert_refused(answer, 404, "not_found")
            return
        self.known[path] = known | (changes or {})
        assert (answer.status_code, answer.json()) == (200, self.known[path])


def test_a_record_is_what_was_last_said_of_it(office: Office) -> None:
    """Whatever is created, read, replaced and deleted in whatever order, each record is what was last said of it."""

    class RecordsHere(Records):
        api = office.registrar

    run_state_machine_as_test(RecordsHere, settings=BRIEFLY)
