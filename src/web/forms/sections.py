"""A section, and the search for one."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, Field
from wtforms.validators import DataRequired
from wtforms.widgets import TextArea

from web.forms.fields import NumberField, choice_field, search_field
from web.forms.form import Form, SearchForm
from web.resources import Meeting

LARGEST_NUMBER = 999
MOST_PLACES = 1000
TIME = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
MEETING = re.compile(rf"(mon|tue|wed|thu|fri|sat|sun) +{TIME} *[-–] *{TIME}", re.IGNORECASE)


class SectionSearch(SearchForm):
    q = search_field("Search sections")
    term_id = choice_field("Term")
    course_id = choice_field("Course")
    open = BooleanField("Open seats")

    @property
    def query(self) -> dict[str, Any]:
        return super().query | ({"open": "true"} if self.open.data else {})


class MeetingsField(Field):
    """When a section meets, a line for each meeting."""

    widget: Any = TextArea()
    data: Sequence[Meeting]

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "\n".join(map(str, self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = [line.strip() for text in valuelist for line in text.splitlines()]
        self.data = [_meeting(line) for line in lines if line]


def _meeting(line: str) -> Meeting:
    parts = MEETING.fullmatch(line)
    if parts is None:
        raise ValueError(f"Write each meeting as mon 09:00-10:30; this is not one: {line}")
    day, starts, ends = parts.groups()
    if starts >= ends:
        raise ValueError(f"A meeting ends after it starts: {line}")
    return Meeting(day=day.lower(), starts=starts, ends=ends)


class SectionForm(Form):
    """The courses, terms and instructors to choose from are for whoever makes the form to give."""

    blamed: ClassVar = {
        "number_taken": "number",
        "invalid_meeting": "meetings",
        "not_an_instructor": "instructor_id",
        "capacity_below_enrolled": "capacity",
    }

    course_id = choice_field("Course", DataRequired("Choose a course."))
    term_id = choice_field("Term", DataRequired("Choose a term."))
    instructor_id = choice_field("Instructor")
    number = NumberField("Number", 1, LARGEST_NUMBER)
    capacity = NumberField("Capacity", 0, MOST_PLACES)
    waitlist_capacity = NumberField("Waitlist capacity", 0, MOST_PLACES, default=0)
    meetings = MeetingsField(
        "Meetings", description="One a line, such as mon 09:00-10:30.", render_kw={"rows": 4}, default=()
    )
