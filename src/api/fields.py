"""What one field of a schema may hold: text of which form, numbers between which bounds, moments and ids."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

MAX_ID = 2**31 - 1
COMMON_PASSWORDS = frozenset(files("api").joinpath("common_passwords.txt").read_text().split())

# Patterns are written so that Python, Rust and ECMAScript read them alike: no \s, no \d, no \w.
CONTROL = r"\u0000-\u001f\u007f-\u009f"
SPACE = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
NO_CONTROL = rf"^[^{CONTROL}]*$"
TRIMMED = rf"^[^{CONTROL}{SPACE}]([^{CONTROL}]*[^{CONTROL}{SPACE}])?$"
LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
EMAIL = rf"^[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(\.{LABEL})*$"  # HTML standard, 4.10.5.1.5
NO_NUL = r"^[^\u0000]*$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
RFC_3339 = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
PATTERN_MEANS = {
    NO_NUL: "Must have no NUL character",
    TIME: "Must be a time, as 09:30",
    NO_CONTROL: "Must have no control characters",
    TRIMMED: "Must have no control characters, and no white space at its ends",
    EMAIL: "Must be an email address",
}


def _json_integer(value: object) -> object:
    """JSON Schema's integer: 3.0 is one; true and "3" are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Input should be a valid integer")
    return value


def _digits(value: object) -> object:
    """An integer in a path or query: decimal digits alone, so not "+1", " 1" or "1_0"."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("Input should be a valid integer")
    return value


def _uncommon(password: str) -> str:
    if password.lower() in COMMON_PASSWORDS:
        raise ValueError("This password is too common")
    return password


def _text_like(pattern: str, what: str) -> Callable[[object], object]:
    """Text of this form alone, for what pydantic would also read from numbers and from other forms."""

    def judge(value: object) -> object:
        if not (re.fullmatch(pattern, value) if isinstance(value, str) else isinstance(value, date)):
            raise ValueError(f"Input should be {what}")
        return value

    return judge


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("Input should be a timestamp in the years 1 to 9999") from None


def _unrepeated(ids: list[int]) -> list[int]:
    if len(set(ids)) < len(ids):
        raise ValueError("Must have no repeats")
    return ids


# bounds stand before these, or they would be lost on the way into the schema
JSON_INTEGER = BeforeValidator(_json_integer)
DIGITS = BeforeValidator(_digits)

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=TRIMMED)]
Email: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=254, pattern=EMAIL),
    Field(examples=["ada@example.edu"]),
    AfterValidator(str.lower),
]
NewPassword: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=15, max_length=128),
    Field(json_schema_extra={"not": {"enum": sorted(COMMON_PASSWORDS)}}),
    AfterValidator(_uncommon),
]
Password: TypeAlias = Annotated[str, StringConstraints(max_length=128)]
Identifier: TypeAlias = Annotated[int, Field(ge=1, le=MAX_ID), JSON_INTEGER]
Cursor: TypeAlias = Annotated[int, Field(ge=0, le=MAX_ID + 1), DIGITS]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Date: TypeAlias = Annotated[date, BeforeValidator(_text_like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date, as 2026-09-01"))]
Timestamp: TypeAlias = Annotated[
    AwareDatetime,
    BeforeValidator(_text_like(RFC_3339, "a timestamp with an offset, as 2026-09-01T09:00:00Z")),
    AfterValidator(_utc),
]
Time: TypeAlias = Annotated[str, StringConstraints(pattern=TIME)]
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Grade: TypeAlias = Literal["A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"]
Places: TypeAlias = Annotated[int, Field(ge=0, le=1000), JSON_INTEGER]
Number: TypeAlias = Annotated[int, Field(ge=1, le=999), JSON_INTEGER]
Credits: TypeAlias = Annotated[int, Field(ge=0, le=12), JSON_INTEGER]
CreditLimit: TypeAlias = Annotated[int, Field(ge=0, le=100), JSON_INTEGER]
Identifiers: TypeAlias = Annotated[
    list[Identifier],
    AfterValidator(_unrepeated),
    AfterValidator(sorted),
    Field(json_schema_extra={"uniqueItems": True}),
]
IdentifierText: TypeAlias = Annotated[int, Field(ge=1, le=MAX_ID), DIGITS]
Limit: TypeAlias = Annotated[int, Field(ge=1, le=100), DIGITS]
Substring: TypeAlias = Annotated[str, StringConstraints(max_length=100, pattern=NO_CONTROL)]
Username: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=NO_CONTROL)]
Link: TypeAlias = Annotated[
    str | None, Field(description="Path and query of that page.", json_schema_extra={"format": "uri-reference"})
]
