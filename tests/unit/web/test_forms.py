"""The forms' limits are those of the contract, and no password gets out."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField

from web.forms import courses, enrollments, fields, sections, terms, users
from web.forms.accounts import AccountForm
from web.forms.form import Form, VersionedForm
from web.forms.students import StudentForm
from web.forms.users import UserForm

SCHEMAS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "contract" / "openapi.json").read_text())
SCHEMAS = SCHEMAS["components"]["schemas"]


def schema(name: str, field: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMAS[name]["properties"][field]
    return found


@pytest.mark.parametrize("owner", ["StudentIn", "UserIn", "UserPatch"])
def test_a_name_is_as_long_as_the_contract_says(owner: str) -> None:
    assert schema(owner, "name")["maxLength"] == fields.NAME_LENGTH


@pytest.mark.parametrize("owner", ["StudentIn", "UserIn"])
def test_an_email_is_what_the_contract_says(owner: str) -> None:
    email = schema(owner, "email")

    assert (email["maxLength"], email["pattern"]) == (fields.EMAIL_LENGTH, f"^{fields.EMAIL.pattern}$")


@pytest.mark.parametrize(("owner", "field"), [("UserIn", "password"), ("PasswordIn", "new_password")])
def test_a_password_is_as_long_as_the_contract_says(owner: str, field: str) -> None:
    password = schema(owner, field)

    assert (password["minLength"], password["maxLength"]) == fields.PASSWORD_LENGTHS


def test_a_student_s_number_is_what_the_contract_says() -> None:
    number, _ = schema("UserIn", "student_id")["anyOf"]

    assert (number["minimum"], number["maximum"]) == (1, fields.LARGEST_ID)


@pytest.mark.parametrize(("owner", "field"), [("TermIn", "name"), ("CourseIn", "code"), ("CourseIn", "title")])
def test_a_code_and_a_title_are_as_long_as_a_name(owner: str, field: str) -> None:
    assert schema(owner, field)["maxLength"] == fields.NAME_LENGTH


@pytest.mark.parametrize(
    ("owner", "field", "limits"),
    [
        ("TermIn", "credit_limit", (0, terms.MOST_CREDITS_A_TERM)),
        ("CourseIn", "credits", (0, courses.MOST_CREDITS)),
        ("SectionIn", "number", (1, sections.LARGEST_NUMBER)),
        ("SectionIn", "capacity", (0, sections.MOST_PLACES)),
        ("SectionIn", "waitlist_capacity", (0, sections.MOST_PLACES)),
    ],
)
def test_a_number_is_within_what_the_contract_says(owner: str, field: str, limits: tuple[int, int]) -> None:
    number = schema(owner, field)

    assert (number["minimum"], number["maximum"]) == limits


def test_a_description_is_as_long_as_the_contract_says() -> None:
    assert schema("CourseIn", "description")["maxLength"] == courses.DESCRIPTION_LENGTH


def test_a_time_is_what_the_contract_says() -> None:
    pattern = schema("Meeting", "starts")["pattern"]

    assert pattern.replace("(", "(?:") == f"^{sections.TIME[1:-1]}$"


def test_the_grades_are_those_of_the_contract() -> None:
    assert tuple(schema("GradeIn", "grade")["enum"]) == enrollments.GRADES


def test_the_roles_are_those_of_the_contract() -> None:
    assert set(SCHEMAS["Role"]["enum"]) == users.ROLES.keys() - {""}


@pytest.mark.parametrize("text", ["a", "x" * 100, "Zoë", "O'Brien", "李", "😀" * 100, "a  b", "\u200b"])
def test_a_good_name_passes(bare_ui: Flask, text: str) -> None:
    assert "name" not in errors_of(bare_ui, StudentForm, name=text)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u3000", "x" * 101, "a\x00b", "a\nb", "a\x7fb", "a\x85b"])
def test_a_bad_name_does_not(bare_ui: Flask, text: str) -> None:
    assert "name" in errors_of(bare_ui, StudentForm, name=text)


@pytest.mark.parametrize("text", ["a@b", "A.B+c@x-y.example.org", "a@" + ".".join(["x" * 63] * 3), " a@b.cc "])
def test_a_good_email_passes(bare_ui: Flask, text: str) -> None:
    assert "email" not in errors_of(bare_ui, StudentForm, email=text)


@pytest.mark.parametrize(
    "text", ["", "a", "@b", "a@", "a b@c", "a@b c", "a@-b", "a@b-", "a@b..c", "ü@b.cc", "a@b.cc\n", "a@" + "x" * 64]
)
def test_a_bad_email_does_not(bare_ui: Flask, text: str) -> None:
    trimmed_by_the_ui = text != text.strip()

    assert ("email" in errors_of(bare_ui, StudentForm, email=text)) != trimmed_by_the_ui


@pytest.mark.parametrize(("length", "good"), [(14, False), (15, True), (128, True), (129, False)])
@pytest.mark.parametrize(("form", "field"), [(UserForm, "password"), (AccountForm, "new_password")])
def test_a_password_has_15_to_128_characters(
    bare_ui: Flask, form: type[Form], field: str, length: int, good: bool
) -> None:
    assert (field not in errors_of(bare_ui, form, **{field: "é" * length})) == good


@pytest.mark.parametrize(
    "form", [*Form.__subclasses__(), *VersionedForm.__subclasses__()], ids=lambda form: form.__name__
)
def test_a_password_is_known_by_its_name_so_that_it_is_never_kept(bare_ui: Flask, form: type[Form]) -> None:
    with bare_ui.test_request_context():
        secret = {field.name for field in form() if isinstance(field, PasswordField)}

    assert all("password" in name for name in secret)


def errors_of(bare_ui: Flask, form: type[Form], **typed: str) -> dict[str, list[str]]:
    with bare_ui.test_request_context():
        filled = form(MultiDict(typed))
        filled.validate()
        return dict(filled.errors)
