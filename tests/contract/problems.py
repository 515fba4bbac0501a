"""The one shape of every refusal."""

from requests import Response

from tests.contract.document import DOCUMENT

MEMBERS = {"type", "title", "status", "detail", "code"}
LEAKS = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", 'File "')


def assert_refused(answer: Response, status: int, code: str, *places: str) -> None:
    """Assert why it is refused; `places` are the pointers and parameters, all of them, that its `errors` name."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    problem = answer.json()
    assert problem["code"] == code
    if places:
        assert faults(answer) == set(places)


def faults(refused: Response) -> set[str]:
    """Where they are: the name of a parameter, or a pointer, which is empty for the whole body."""
    return {fault.get("parameter") or fault.get("pointer", "") for fault in refused.json()["errors"]}


def assert_refused_at(refused: Response, schema: str, field: str) -> None:
    """Assert that it is invalid in this field alone, or further in; or as a whole, if it should have no such field."""
    assert_refused(refused, 422, "validation_error")
    named = faults(refused)
    whole = set() if field in DOCUMENT["components"]["schemas"][schema]["properties"] else {""}
    place = "/" + field.replace("~", "~0").replace("/", "~1")
    assert named
    assert {each for each in named - whole if not f"{each}/".startswith(f"{place}/")} == set()


def assert_problem(answer: Response) -> None:
    """Assert that a refusal is a whole problem (RFC 9457), in which nothing internal leaks."""
    assert answer.headers.get("Content-Type", "").partition(";")[0] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() >= MEMBERS
    assert (problem["type"], problem["status"]) == (f"/problems/{problem['code']}", answer.status_code)
    assert all(isinstance(problem[member], str) and problem[member] for member in ("title", "detail"))
    assert [leak for leak in LEAKS if leak in answer.text] == []
    if answer.status_code == 422:
        assert problem["errors"]
        assert all(fault["detail"] for fault in problem["errors"])
        assert not any(fault.get("pointer") and fault.get("parameter") for fault in problem["errors"])


def assert_violates(answer: Response, *codes: str) -> None:
    """Assert a refused enrollment: its violations, all of them, in the rule book's order; the first gives the code."""
    assert_refused(answer, 409, codes[0])
    violations = answer.json()["violations"]
    assert [each["code"] for each in violations] == list(codes)
    assert all(each["detail"] for each in violations)
