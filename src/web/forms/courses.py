"""A course, and the search for one."""

from collections.abc import Sequence
from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, TextAreaField
from wtforms.validators import ValidationError

from web.forms.fields import NumberField, at_most, name_field, search_field, trimmed
from web.forms.form import SearchForm, VersionedForm
from web.resources import Course

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
    blamed: ClassVar = {"code_taken": "code", "prerequisite_cycle": "prerequisite_ids"}

    code = name_field("Code")
    title = name_field("Title")
    description = TextAreaField(
        "Description", [at_most(DESCRIPTION_LENGTH), no_nul], [one_newline, trimmed], render_kw={"rows": 4}
    )
    credits = NumberField("Credits", 0, MOST_CREDITS)
    prerequisite_ids = SelectMultipleField(
        "Prerequisites",
        coerce=int,
        choices=[],
        description="Courses to be passed before this one. Hold Ctrl (on a Mac: ⌘) to choose or release several.",
        render_kw={"size": 8},
    )

    def offer(self, others: Sequence[Course]) -> None:
        """Which courses can be chosen as prerequisites."""
        self.others = others
        self.prerequisite_ids.choices = [(each.id, str(each)) for each in others]
