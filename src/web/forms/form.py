"""What every form can do: be told what the API had against it, and say what its page answers."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField

from web.client import Refused
from web.errors import reasons
from web.resources import Resource

ETAG = re.compile(r'"[!#-~]*"')
NOBODY: Mapping[str, str | None] = {}


def ties(field: Field) -> dict[str, str]:
    """What tells a screen reader that a field's hint and messages, of these ids, belong to it."""
    ids = [f"{field.id}-hint"] * bool(field.description) + [f"{field.id}-error"] * bool(field.errors)
    invalid = {"aria-invalid": "true"} if field.errors else {}
    return invalid | ({"aria-describedby": " ".join(ids)} if ids else {})


class Form(FlaskForm):  # type: ignore[misc]
    """A form that can also be told what the API had against it. `status` is what the page with it answers."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            return super().render_field(field, ties(field) | render_kw)

    status = 200
    stale = False  # what stands is another version than the writer saw

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alerts: list[str] = []

    def validate_on_submit(self, *args: Any, **kwargs: Any) -> bool:
        valid: bool = super().validate_on_submit(*args, **kwargs)
        if self.is_submitted() and not valid:
            self.status = 422
        return valid

    @contextmanager
    def refusals(self, blamed: Mapping[str, str | None] = NOBODY) -> Iterator[None]:
        """Put a refusal on the field that its code blames, else above the form; raise on what no form can answer."""
        try:
            yield
        except Refused as refused:
            if not (refused.status in (409, 412, 422, 429) or refused.code in blamed):
                raise
            self.status = refused.status if refused.status in (422, 429) else 409
            self.stale = refused.code == "stale_version"
            self._tell(refused, blamed.get(refused.code))

    def _tell(self, refused: Refused, blamed: str | None) -> None:
        faults = {fault.field: fault.detail for fault in refused.errors if fault.field in self}
        if blamed:
            faults = {blamed: " ".join(reasons(refused))}
        for name, text in faults.items():
            self[name].errors = [*self[name].errors, text]
        if not faults:
            self.alerts += reasons(refused)


class VersionedForm(Form):
    """A form over what stands, which knows the version that its writer saw."""

    etag = HiddenField()
    now: Resource | None = None

    @property
    def version(self) -> str:
        """A tag for If-Match; one that was tampered with is as good as stale."""
        return self.etag.data if self.etag.data and ETAG.fullmatch(self.etag.data) else '"none"'

    def rebase(self, now: Resource) -> None:
        """Let the writer decide again, over what stands now."""
        self.now = now
        self.etag.data = now.etag


class SearchForm(Form):
    """A search changes nothing, and its address can be shared."""

    class Meta(Form.Meta):
        csrf = False
