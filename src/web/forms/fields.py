"""The kinds of fields, and what Flask judges of them by itself: limits are those of the API's contract."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    EmailField,
    Field,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, StopValidation, ValidationError
from wtforms.widgets import TextInput

NAME_LENGTH = 100
EMAIL_LENGTH = 254
SEARCH_LENGTH = 100
PASSWORD_LENGTHS = (15, 128)
LARGEST_ID = 2**31 - 1
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"]
# the HTML standard's, as <input type=email> has it
EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)


def trimmed(text: str | None) -> str | None:
    return text.strip() if text else text


def at_most(length: int) -> Callable[[FlaskForm, Field], None]:
    """Unlike wtforms.validators.Length, this has no browser cut off what is pasted without a word."""

    def check(_form: FlaskForm, field: Field) -> None:
        if len(field.data) > length:
            raise ValidationError(f"Use at most {length} characters; this has {len(field.data)}.")

    return check


def no_control(_form: FlaskForm, field: Field) -> None:
    if any(unicodedata.category(character) == "Cc" for character in field.data):
        raise ValidationError("Remove line breaks, tabs and other control characters.")


def an_email(_form: FlaskForm, field: Field) -> None:
    if not EMAIL.fullmatch(field.data):
        raise ValidationError("Enter an email address, such as name@example.edu.")


def a_password(_form: FlaskForm, field: Field) -> None:
    shortest, longest = PASSWORD_LENGTHS
    if not shortest <= len(field.data) <= longest:
        raise ValidationError(f"Use {shortest} to {longest} characters; this has {len(field.data)}.")


def name_field(label: str = "Name") -> StringField:
    rules = [DataRequired(f"Enter a {label.lower()}."), at_most(NAME_LENGTH), no_control]
    return StringField(label, rules, [trimmed], render_kw={"autocomplete": "off"})


def search_field(label: str) -> StringField:
    return StringField(label, [at_most(SEARCH_LENGTH), no_control], [trimmed], default="")


def choice_field(label: str, *rules: Any) -> SelectField:
    """Of things by id. Its `choices` are for whoever makes the form to give; an empty one chooses nothing."""
    return SelectField(label, rules, lambda text: int(text) if text else None, choices=[])


def in_words(message: str) -> dict[str, Any]:
    """The same words for what is missing and for what cannot be read."""
    return {"validators": [InputRequired(message)], "invalid_value_message": message}


def date_field(label: str) -> DateField:
    return DateField(label, **in_words("Enter a date, such as 2026-09-01."))


class MomentField(DateTimeLocalField):
    """Shown to the minute, or as much finer as it is, so that saving it unchanged changes nothing."""

    def _value(self) -> str:
        if self.raw_data or not self.data:
            return " ".join(self.raw_data or ())
        exact = self.data.replace(tzinfo=None).isoformat(timespec="milliseconds")
        return exact.removesuffix(".000").removesuffix(":00")


def moment_field(label: str) -> MomentField:
    """A timestamp, which has no offset where it is typed: it is read as UTC."""
    words = in_words("Enter a date and time, such as 2026-09-01T09:00.")
    return MomentField(label, **words | {"format": MOMENTS, "tz": UTC, "description": "In UTC."})


class NumberField(IntegerField):
    """A whole number. A browser's number field would throw away what is none; this shows it again."""

    widget = TextInput()

    def __init__(self, label: str, lowest: int, highest: int, *rules: Any, message: str = "", **options: Any) -> None:
        words = in_words(message or f"Enter a number from {lowest} to {highest}.")
        checks = [*(rules or words["validators"]), NumberRange(lowest, highest, words["invalid_value_message"])]
        typing = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label, **words | {"validators": checks, "render_kw": typing, **options})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        if self.process_errors and any(text.strip() for text in self.raw_data or ()):
            raise StopValidation


def email_field() -> EmailField:
    rules = [DataRequired("Enter an email."), at_most(EMAIL_LENGTH), an_email]
    return EmailField("Email", rules, [trimmed], render_kw={"autocomplete": "off"})


def password_field(label: str) -> PasswordField:
    """Of a password that exists."""
    rules = [InputRequired(f"Enter the {label.lower()}."), at_most(PASSWORD_LENGTHS[1])]
    return PasswordField(label, rules, render_kw={"autocomplete": "current-password"})


def new_password_field(label: str) -> PasswordField:
    rules = [InputRequired(f"Enter a {label.lower()}."), a_password]
    hint = "{} to {} characters; a sentence that only you would think of is good.".format(*PASSWORD_LENGTHS)
    return PasswordField(label, rules, description=hint, render_kw={"autocomplete": "new-password"})
