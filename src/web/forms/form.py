"""What every form can do: be told what the API had against it, and say what its page answers."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from typing_extensions import override
from wtforms import Field, HiddenField

from web.client import Refused
from web.errors import reasons
from web.resources import Resource

ETAG = re.compile(r'"[!#-~]*"')


def ties(field: Field) -> dict[str, str]:
    """What tells a screen reader that a field's hint and messages, of these ids, belong to it."""
    ids = [f"{field.id}-hint"] * bool(field.description) + [f"{field.id}-error"] * bool(field.errors)
    invalid = {"aria-invalid": "true"} if field.errors else {}
    return invalid | ({"aria-describedby": " ".join(ids)} if ids else {})


class Form(FlaskForm):  # type: ignore[misc]  # has no types
    """A form that can also be told what the API had against it. `status` is what the page with it answers."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # has no types
        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            return super().render_field(field, ties(field) | render_kw)

    blamed: ClassVar[Mapping[str, str | None]] = {}  # code of a refusal: the field it is told on, or none
    status = 200
    stale = False  # what stands is another version than the writer saw

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alerts: list[str] = []

    @property
    def version(self) -> str:
        """A tag for If-Match, or any."""
        return "*"

    @property
    def entry(self) -> dict[str, Any]:
        """What the API is sent: all that a person has filled in."""
        return {field.name: field.data for field in self if not isinstance(field, HiddenField)}

    def validate_on_submit(self, *args: Any, **kwargs: Any) -> bool:
        valid: bool = super().validate_on_submit(*args, **kwargs)
        if self.is_submitted() and not valid:
            self.status = 422
        return valid

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Put a refusal on the field that its code blames, else above the form; raise on what no form can answer."""
        try:
            yield
        except Refused as refused:
            if not (refused.status in (409, 412, 422, 429) or refused.code in self.blamed):
                raise
            self.status = refused.status if refused.status in (422, 429) else 409
            self.stale = refused.code == "stale_version"
            self._tell(refused, self.blamed.get(refused.code))

    def _tell(self, refused: Refused, blamed: str | None) -> None:
        faults = {fault.field: fault.detail for fault in refused.errors if fault.field in self}
        if blamed:
            faults = {blamed: " ".join(reasons(refused))}
        for name, text in faults.items():
            self[name].errors = [*self[name].errors, text]
        if not faults:
            self.alerts += reasons(refused)

    def rebase(self, now: Resource) -> None:
        """Let the writer decide again, over what stands now."""


class VersionedForm(Form):
    """A form over what stands, which knows the version that its writer saw."""

    etag = HiddenField()
    now: Resource | None = None

    @property
    @override
    def version(self) -> str:
        """A tag for If-Match; one that was tampered with is as good as stale."""
        return self.etag.data if self.etag.data and ETAG.fullmatch(self.etag.data) else '"none"'

    def rebase(self, now: Resource) -> None:
        self.now = now
        self.etag.data = now.etag


class SearchForm(Form):
    """A search changes nothing, and its address can be shared."""

    class Meta(Form.Meta):
        csrf = False

    @property
    def query(self) -> dict[str, Any]:
        """What to ask the API: the address may say more than the form, such as which page."""
        return {name: asked for name, asked in {**request.args, **self.entry}.items() if asked}
