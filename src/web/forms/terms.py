"""A term: its days, and the deadlines, in UTC."""

from typing import Any

from web.forms.fields import NumberField, date_field, moment_field, name_field
from web.forms.form import VersionedForm

MOST_CREDITS_A_TERM = 100


class TermForm(VersionedForm):
    name = name_field()
    starts_on = date_field("Starts on")
    ends_on = date_field("Ends on")
    enrollment_opens_at = moment_field("Enrollment opens")
    enrollment_closes_at = moment_field("Enrollment closes")
    drop_deadline = moment_field("Drop deadline")
    withdraw_deadline = moment_field("Withdraw deadline")
    credit_limit = NumberField("Credit limit", 0, MOST_CREDITS_A_TERM)

    @property
    def entry(self) -> dict[str, Any]:
        days = {name: self[name].data.isoformat() for name in ("starts_on", "ends_on")}
        moments = ("enrollment_opens_at", "enrollment_closes_at", "drop_deadline", "withdraw_deadline")
        deadlines = {name: f"{self[name].data.isoformat()}Z" for name in moments}
        return {"name": self.name.data, "credit_limit": self.credit_limit.data, **days, **deadlines}
