"""A student, and the search for one."""

from typing import ClassVar

from web.forms.fields import email_field, name_field, search_field
from web.forms.form import SearchForm, VersionedForm


class StudentSearch(SearchForm):
    q = search_field("Search students")


class StudentForm(VersionedForm):
    blamed: ClassVar = {"email_taken": "email"}

    name = name_field()
    email = email_field()
