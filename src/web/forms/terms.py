"""A term: its days, and the deadlines, in UTC."""

from typing import ClassVar

from web.forms.fields import NumberField, date_field, moment_field, name_field
from web.forms.form import VersionedForm

MOST_CREDITS_A_TERM = 100


class TermForm(VersionedForm):
    blamed: ClassVar = {"name_taken": "name"}

    name = name_field()
    starts_on = date_field("Starts on")
    ends_on = date_field("Ends on")
    enrollment_opens_at = moment_field("Enrollment opens")
    enrollment_closes_at = moment_field("Enrollment closes")
    drop_deadline = moment_field("Drop deadline")
    withdraw_deadline = moment_field("Withdraw deadline")
    credit_limit = NumberField("Credit limit", 0, MOST_CREDITS_A_TERM)
