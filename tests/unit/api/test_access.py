"""Who may do what."""

import json
from pathlib import Path

import pytest

from api.models import Role
from api.security import WHO_MAY
from tests.unit.api.visitors import API, refusal
from tests.unit.factories import StudentFactory, UserFactory

OPENAPI = json.loads((Path(__file__).parents[2] / "contract" / "openapi.json").read_text())
SECURED = {
    operation["operationId"]: (method.upper(), path)
    for path, operations in OPENAPI["paths"].items()
    for method, operation in operations.items()
    if "security" in operation
}
REFUSED = [(operation, role) for operation, roles in WHO_MAY.items() for role in Role if role not in roles]


def test_the_table_has_every_operation_that_needs_a_login() -> None:
    assert WHO_MAY.keys() == SECURED.keys()


@pytest.mark.parametrize("operation", WHO_MAY)
def test_nobody_may_do_it_without_a_token(api: API, operation: str) -> None:
    method, path = SECURED[operation]

    assert refusal(api.request(method, path, by=None)) == (401, "unauthenticated")


@pytest.mark.parametrize(("operation", "role"), REFUSED)
def test_a_role_that_the_table_does_not_name_is_refused_before_its_request_is_judged(
    api: API, operation: str, role: Role
) -> None:
    method, path = SECURED[operation]

    assert refusal(api.request(method, path, by=role, content="no json")) == (403, "forbidden")


def test_a_student_sees_themselves_and_no_other_existing_or_not(api: API) -> None:
    own = api.user(Role.STUDENT).student_id
    other = StudentFactory().id

    assert api.get(f"/students/{own}", by=Role.STUDENT).status_code == 200
    for path in (f"/students/{other}", "/students/999", "/students/x", f"/students/0{own}"):
        assert refusal(api.get(path, by=Role.STUDENT)) == (403, "forbidden")


def test_an_instructor_sees_every_student(api: API) -> None:
    student = UserFactory(role=Role.STUDENT).student_id

    assert api.get(f"/students/{student}", by=Role.INSTRUCTOR).status_code == 200
