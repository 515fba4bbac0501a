"""Who may ask what. The table is CONTRACT.md's; an operation that it does not name fails."""

import pytest

from tests.contract.asking import ENDS_OWN_TOKEN, right
from tests.contract.client import Client
from tests.contract.document import OPERATIONS
from tests.contract.office import Login, Office
from tests.contract.problems import assert_refused
from tests.samples import MISSING_ID, ROLES, new_student

R, RI, RS, ALL = {"registrar"}, {"registrar", "instructor"}, {"registrar", "student"}, set(ROLES)
WHO_MAY = {
    "log_in": ALL | {"nobody"},
    "log_out": ALL,
    "get_me": ALL,
    "change_password": ALL,
    "list_users": R,
    "create_user": R,
    "get_user": R,
    "update_user": R,
    "list_students": RI,
    "create_student": R,
    "get_student": ALL,
    "replace_student": R,
    "delete_student": R,
    "list_student_enrollments": ALL,
    "get_transcript": RS,
    **dict.fromkeys(("list_terms", "get_term", "list_courses", "get_course", "list_sections", "get_section"), ALL),
    **dict.fromkeys(("create_term", "replace_term", "delete_term"), R),
    **dict.fromkeys(("create_course", "replace_course", "delete_course"), R),
    **dict.fromkeys(("create_section", "replace_section", "delete_section"), R),
    "list_section_enrollments": RI,
    "enroll": RS,
    "get_enrollment": ALL,
    "change_enrollment": RS,
    "grade_enrollment": RI,
    "get_summary": R,
    "live": ALL | {"nobody"},
    "ready": ALL | {"nobody"},
}


def test_the_table_names_every_operation() -> None:
    """Who may ask is said of every operation."""
    assert WHO_MAY.keys() == OPERATIONS.keys()


@pytest.mark.check("access.allowed", points=3, requires=["enrollment.enroll", "access.student-login"])
@pytest.mark.parametrize(
    ("operation_id", "role"), [(id_, role) for id_ in OPERATIONS for role in ROLES if role in WHO_MAY[id_]]
)
def test_a_role_may_ask_what_the_table_says(
    operation_id: str, role: str, office: Office, logins: dict[str, Login]
) -> None:
    """Each operation serves every role that it is for."""
    caller = office.login(role) if operation_id in ENDS_OWN_TOKEN else logins[role]

    answer = right(operation_id, office, caller).send()

    assert answer.ok, answer.text


@pytest.mark.check(
    "access.forbidden",
    points=3,
    requires=["enrollment.enroll", "access.student-login"],
    hint="Judge the role in one dependency of all operations: HTTPException(403).",
)
@pytest.mark.parametrize(
    ("operation_id", "role"), [(id_, role) for id_ in OPERATIONS for role in ROLES if role not in WHO_MAY[id_]]
)
def test_a_role_is_refused_what_the_table_does_not_say(
    operation_id: str, role: str, office: Office, logins: dict[str, Login]
) -> None:
    """Each operation tells every role that it is not for 403 forbidden."""
    caller = office.login(role) if operation_id == "delete_student" else logins[role]  # who might delete themselves

    assert_refused(right(operation_id, office, caller).send(), 403, "forbidden")


@pytest.mark.check(
    "access.anonymous",
    points=3,
    requires=["enrollment.enroll", "access.student-login"],
    hint="Raise HTTPException(401); HTTPBearer and others may raise 403 by themselves.",
)
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_who_is_not_signed_in_may_ask_what_the_table_says(
    operation_id: str, office: Office, logins: dict[str, Login], nobody: Client
) -> None:
    """Without a token, whatever needs a login is 401 unauthenticated, and what needs none is served."""
    asking = right(operation_id, office, logins["registrar"])

    answer = asking.but(client=nobody).send()

    if "nobody" in WHO_MAY[operation_id]:
        assert answer.ok, answer.text
    else:
        assert_refused(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.check(
    "access.own-record",
    points=1,
    requires=["access.student-login"],
    hint="An id in a path is text until it is converted.",
)
def test_a_student_reads_their_own_record(office: Office) -> None:
    """A student may read their own record."""
    student = office.login("student")

    answer = student.client.get(f"/students/{student.student_id}")

    assert answer.json()["id"] == student.student_id


@pytest.mark.check(
    "access.no-probing",
    points=2,
    requires=["access.student-login"],
    cases=["existing", "missing"],
    hint="Compare the id with the caller's own before you look it up.",
)
@pytest.mark.parametrize("other", ["existing", "missing", "malformed"])
def test_a_student_cannot_probe_for_others(other: str, office: Office, logins: dict[str, Login]) -> None:
    """To a student, every id but their own is 403, whether it exists or not."""
    student_id = {"existing": office.student()["id"], "missing": MISSING_ID, "malformed": "abc"}[other]

    answer = logins["student"].client.get(f"/students/{student_id}")

    assert_refused(answer, 403, "forbidden")


@pytest.mark.check(
    "access.refused-change",
    points=1,
    requires=["access.student-login", "students.replace", "students.delete"],
    hint="Ask who may before you do anything.",
)
def test_a_refused_change_changes_nothing(office: Office, logins: dict[str, Login]) -> None:
    """A student whom an instructor, who may not, would replace or delete stays as they were."""
    path = f"/students/{office.student()['id']}"
    before = office.registrar.get(path).json()

    logins["instructor"].client.put(path, json=new_student())
    logins["instructor"].client.delete(path)

    assert office.registrar.get(path).json() == before
