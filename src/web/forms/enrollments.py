"""Enrolling, and grading."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import DataRequired

from web.forms.fields import choice_field
from web.forms.form import Form
from web.resources import Enrollment, Section, Term

GRADES = ("A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")
UNGRADED = {"": "Not graded"} | dict(zip(GRADES, GRADES, strict=True))


class EnrollForm(Form):
    """For a registrar."""

    section_id = choice_field("Section", DataRequired("Choose a section."))
    join_waitlist = BooleanField("Join waitlist", description="If no seat is left.")

    def offer(self, by_term: Sequence[tuple[Term, Sequence[Section]]]) -> None:
        self.section_id.choices = {"": [("", "Choose…")]} | {term.name: _choices(each) for term, each in by_term}


def _choices(sections: Sequence[Section]) -> list[tuple[int, str]]:
    """Each section, beside how full it is."""
    ordered = sorted(sections, key=lambda section: section.label)
    seats = {each.id: f"{each.seats_left} left" if each.seats_left else "full" for each in ordered}
    return [(each.id, f"{each.label}, {each.course.title} ({seats[each.id]})") for each in ordered]


class SeatForm(Form):
    """For a student on a section's page, whose one button is for a seat, or for a place on the waitlist."""

    join_waitlist = HiddenField()


class GradesForm(Form):
    """A grade for each who has a seat."""

    seated: Sequence[Enrollment] = ()

    @property
    def chosen(self) -> list[tuple[Enrollment, str]]:
        """The grades that were chosen anew."""
        grades = [(each, self[f"grade-{each.id}"].data) for each in self.seated]
        return [(each, grade) for each, grade in grades if grade not in ("", each.grade)]


def grades_form(seated: Sequence[Enrollment]) -> type[GradesForm]:
    fields = {f"grade-{each.id}": _grade_field(each) for each in seated}
    return type("GradesFormOfSection", (GradesForm,), {"seated": seated, **fields})


def _grade_field(enrollment: Enrollment) -> SelectField:
    choices = dict(zip(GRADES, GRADES, strict=True)) if enrollment.grade else UNGRADED
    return SelectField(f"Grade for {enrollment.student.name}", choices=choices, default=enrollment.grade or "")
