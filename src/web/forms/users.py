"""A login, new or changed."""

from collections.abc import Callable
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField
from wtforms.validators import DataRequired, Optional, StopValidation

from web.forms.fields import LARGEST_ID, NumberField, email_field, name_field, new_password_field
from web.forms.form import Form, VersionedForm

ROLES = {"": "Choose…", "student": "Student", "instructor": "Instructor", "registrar": "Registrar"}


def role_field() -> SelectField:
    return SelectField("Role", [DataRequired("Choose a role.")], choices=ROLES)


def a_student_for_a_student(form: FlaskForm, field: Field) -> None:
    if form["role"].data == "student" and not any(field.raw_data or ()):
        raise StopValidation("Enter the number of the student whose login this is.")


def a_student_if_that_is_the_role(form: FlaskForm, field: Field) -> None:
    a_student_for_a_student(form, field)
    if form["role"].data in ("instructor", "registrar") and any(field.raw_data or ()):
        raise StopValidation("Only a student's login has a student. Leave this empty, or choose the role student.")


class StudentNumberField(NumberField):
    """The id of a student, if any."""

    def __init__(self, rule: Callable[[FlaskForm, Field], None], **options: Any) -> None:
        message = "Enter the student's number, such as 12."
        hint = "For a student's login: the student number, from the student's page."
        super().__init__("Student", 1, LARGEST_ID, rule, Optional(), message=message, description=hint, **options)


class UserForm(Form):
    blamed: ClassVar = {"email_taken": "email", "student_taken": "student_id", "not_found": "student_id"}

    name = name_field()
    email = email_field()
    role = role_field()
    student_id = StudentNumberField(a_student_if_that_is_the_role)
    password = new_password_field("Password")


class UserChangeForm(VersionedForm):
    """Another role than student clears the student."""

    blamed: ClassVar = {"student_taken": "student_id", "not_found": "student_id"}

    name = name_field()
    role = role_field()
    student_id = StudentNumberField(a_student_for_a_student)
    is_active = BooleanField("Active")

    @property
    def entry(self) -> dict[str, Any]:
        student_id = self.student_id.data if self.role.data == "student" else None
        return super().entry | {"student_id": student_id}
