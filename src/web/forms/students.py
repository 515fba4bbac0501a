"""A student, and the search for one."""

from typing import Any

from web.forms.fields import email_field, name_field, search_field
from web.forms.form import SearchForm, VersionedForm


class StudentSearch(SearchForm):
    q = search_field("Search students")


class StudentForm(VersionedForm):
    name = name_field()
    email = email_field()

    @property
    def entry(self) -> dict[str, Any]:
        return {"name": self.name.data, "email": self.email.data}
