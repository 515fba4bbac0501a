"""A course, and the search for one."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, TextAreaField
from wtforms.validators import ValidationError

from web.forms.fields import NumberField, at_most, name_field, search_field, trimmed
from web.forms.form import SearchForm, VersionedForm

DESCRIPTION_LENGTH = 10_000
MOST_CREDITS = 12


class CourseSearch(SearchForm):
    q = search_field("Search courses")


def one_newline(text: str | None) -> str | None:
    """A browser sends two characters for each line's end; one was typed."""
    return text.replace("\r\n", "\n") if text else ""


def no_nul(_form: FlaskForm, field: Field) -> None:
    if "\0" in field.data:
        raise ValidationError("Remove the NUL character.")


class CourseForm(VersionedForm):
    """The courses that can be chosen as prerequisites are for whoever makes the form to give."""

    code = name_field("Code")
    title = name_field("Title")
    description = TextAreaField(
        "Description", [at_most(DESCRIPTION_LENGTH), no_nul], [one_newline, trimmed], render_kw={"rows": 4}
    )
    credits = NumberField("Credits", 0, MOST_CREDITS)
    prerequisite_ids = SelectMultipleField(
        "Prerequisites",
        choices=[],
        description="Courses to be passed before this one. Hold Ctrl (on a Mac: ⌘) to choose or release several.",
        render_kw={"size": 8},
    )

    @property
    def entry(self) -> dict[str, Any]:
        typed = {name: self[name].data for name in ("code", "title", "description", "credits")}
        return typed | {"prerequisite_ids": [int(each) for each in self.prerequisite_ids.data or ()]}
