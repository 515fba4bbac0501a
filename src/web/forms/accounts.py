"""Logging in, and one's own password."""

from typing import ClassVar

from wtforms import EmailField
from wtforms.validators import DataRequired

from web.forms.fields import EMAIL_LENGTH, at_most, new_password_field, password_field, trimmed
from web.forms.form import Form


class LoginForm(Form):
    blamed: ClassVar = {"invalid_credentials": None}

    email = EmailField(
        "Email",
        [DataRequired("Enter your email."), at_most(EMAIL_LENGTH)],
        [trimmed],
        render_kw={"autocomplete": "username"},
    )
    password = password_field("Password")


class AccountForm(Form):
    blamed: ClassVar = {"wrong_password": "current_password"}

    current_password = password_field("Current password")
    new_password = new_password_field("New password")
