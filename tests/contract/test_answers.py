"""Every answer that openapi.json documents can be had: a right request, with one fault, gives each refusal."""

import re
from collections.abc import Callable

import pytest

from tests.contract.asking import ENDS_OWN_TOKEN, Asking, right
from tests.contract.document import OPERATIONS
from tests.contract.office import Login, Office, meets
from tests.contract.problems import assert_refused
from tests.samples import MISSING_ID

JSON, FORM, TEXT = "application/json", "application/x-www-form-urlencoded", "text/plain"
BACKWARDS = meets("mon", "10:00", "09:00")
TOO_LARGE = b" " * (1024 * 1024 + 1)
DOCUMENTED = [(each.id, status) for each in OPERATIONS.values() for status in sorted(each.statuses) if status < 500]


def _as_a_student(asking: Asking, office: Office) -> Asking:
    return asking.but(client=office.outsider.client)


def _of(identifier: object) -> "Fault":
    return lambda asking, _: asking.but(path=re.sub(r"\d+", str(identifier), asking.path))


def _invalid(asking: Asking, office: Office) -> Asking:
    """A surplus field, or else a malformed id, or else a bad limit."""
    if asking.json:
        return _with(surplus=1)(asking, office)
    malformed = _of("1.5")(asking, office)
    return malformed if malformed != asking else asking.but(path=f"{asking.path}?limit=0")


def _with(**fields: object) -> "Fault":
    return lambda asking, _: asking.but(json=(asking.json or {}) | fields)


def _with_header(name: str, value: str) -> "Fault":
    return lambda asking, _: asking.but(headers={name: value})


def _as_media(media_type: str, body: bytes) -> "Fault":
    return lambda asking, _: asking.but(json=None, data=body, headers={"Content-Type": media_type})


def _with_a_taken_email(asking: Asking, office: Office) -> Asking:
    return asking.but(json=asking.json | {"email": office.student()["email"]})


def _with_a_taken_code(asking: Asking, office: Office) -> Asking:
    return asking.but(json=asking.json | {"code": office.course()["code"]})


def _with_a_wrong_password(asking: Asking, _: Office) -> Asking:
    return asking.but(data=asking.data | {"password": "wrong"})


def _with_itself_required(asking: Asking, _: Office) -> Asking:
    return asking.but(json=asking.json | {"prerequisite_ids": [_id(asking)]})


def _with_no_seat(asking: Asking, office: Office) -> Asking:
    return asking.but(json=asking.json | {"section_id": office.section(capacity=0)["id"]})


def _once_offered(asking: Asking, office: Office) -> Asking:
    made = {"id": _id(asking)}
    _ = office.section(term=made) if "term" in asking.path else office.section(made)
    return asking


def _once_enrolled(asking: Asking, office: Office) -> Asking:
    themselves = "student" in asking.path
    student, section = (
        ({"id": _id(asking)}, office.section()) if themselves else (office.student(), {"id": _id(asking)})
    )
    office.enroll(student, section)
    return asking


def _once_dropped(asking: Asking, office: Office) -> Asking:
    office.end({"id": _id(asking)})
    return asking


def _id(asking: Asking) -> int:
    return int(re.findall(r"\d+", asking.path)[0])


def _after_five_failures(asking: Asking, office: Office) -> Asking:
    for _ in range(5):
        _with_a_wrong_password(asking, office).send()
    return asking


Fault = Callable[[Asking, Office], Asking]
FAULTS: dict[int | tuple[str, int], tuple[str, Fault]] = {
    400: ("malformed_json", _as_media(JSON, b"{")),
    401: ("unauthenticated", _with_header("Authorization", "Bearer nonsense")),
    ("log_in", 401): ("invalid_credentials", _with_a_wrong_password),
    403: ("forbidden", _as_a_student),
    404: ("not_found", _of(MISSING_ID)),
    ("create_user", 404): ("not_found", _with(role="student", student_id=MISSING_ID)),
    ("create_course", 404): ("not_found", _with(prerequisite_ids=[MISSING_ID])),
    ("create_section", 404): ("not_found", _with(course_id=MISSING_ID)),
    ("enroll", 404): ("not_found", _with(student_id=MISSING_ID)),
    409: ("email_taken", _with_a_taken_email),
    ("create_user", 409): ("student_required", _with(role="student")),
    ("update_user", 409): ("student_required", _with(role="student")),
    ("change_password", 409): ("wrong_password", _with(current_password="wrong")),
    ("delete_student", 409): ("has_enrollments", _once_enrolled),
    ("create_term", 409): ("invalid_dates", _with(ends_on="2000-12-31")),
    ("replace_term", 409): ("invalid_dates", _with(ends_on="2000-12-31")),
    ("delete_term", 409): ("in_use", _once_offered),
    ("create_course", 409): ("code_taken", _with_a_taken_code),
    ("replace_course", 409): ("prerequisite_cycle", _with_itself_required),
    ("delete_course", 409): ("in_use", _once_offered),
    ("create_section", 409): ("invalid_meeting", _with(meetings=[BACKWARDS])),
    ("replace_section", 409): ("invalid_meeting", _with(meetings=[BACKWARDS])),
    ("delete_section", 409): ("in_use", _once_enrolled),
    ("enroll", 409): ("section_full", _with_no_seat),
    ("change_enrollment", 409): ("not_active", _once_dropped),
    ("grade_enrollment", 409): ("not_enrolled", _once_dropped),
    412: ("stale_version", _with_header("If-Match", '"no such version"')),
    413: ("content_too_large", _as_media(JSON, TOO_LARGE)),
    ("log_in", 413): ("content_too_large", _as_media(FORM, TOO_LARGE)),
    415: ("unsupported_media_type", _as_media(TEXT, b"x")),
    422: ("validation_error", _invalid),
    ("log_in", 422): ("validation_error", _as_media(FORM, b"username=ada")),
    429: ("too_many_attempts", _after_five_failures),
}


@pytest.mark.parametrize(("operation_id", "status"), DOCUMENTED)
def test_a_documented_answer_can_be_had(
    operation_id: str, status: int, office: Office, logins: dict[str, Login]
) -> None:
    """Every 2xx to 4xx answer that openapi.json documents for an operation is one that the operation gives."""
    own = operation_id in ENDS_OWN_TOKEN | {"log_in"}
    asking = right(operation_id, office, office.login("registrar") if own else logins["registrar"])

    if status < 300:
        assert asking.send().status_code == status
    elif status == 304:
        assert asking.but(headers={"If-None-Match": "*"}).send().status_code == status
    else:
        code, fault = FAULTS.get((operation_id, status)) or FAULTS[status]
        assert_refused(fault(asking, office).send(), status, code)
