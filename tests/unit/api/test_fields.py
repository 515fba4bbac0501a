"""What names, emails and passwords may be."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.fields import COMMON_PASSWORDS, Email, Name, NewPassword


def accepts(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", ["A", "Ada Lovelace", "O'Brien", "Đức Nguyễn", "李", "x" * 100, "a\u200bb", "\ufeffa"])
def test_a_name_is_1_to_100_characters_of_any_script(name: str) -> None:
    assert accepts(Name, name)


@pytest.mark.parametrize("character", ["\x00", "\t", "\n", "\r", "\x1f", "\x7f", "\x85", "\x9f"])
def test_a_name_has_no_control_character(character: str) -> None:
    assert not accepts(Name, f"a{character}b")
    assert not accepts(Name, f"ab{character}")


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u1680", "\u2000", "\u200a", "\u2028", "\u202f", "\u205f", "\u3000"])
def test_a_name_has_no_outer_white_space(space: str) -> None:
    assert [accepts(Name, name) for name in (f"{space}a", f"a{space}", space, f"a{space}b")] == [False] * 3 + [True]


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_name_is_neither_empty_nor_endless(name: str) -> None:
    assert not accepts(Name, name)


@pytest.mark.parametrize(
    ("email", "is_one"),
    [
        ("a@b", True),
        ("ada@example.edu", True),
        ("ada+x@sub.example.edu", True),
        ("o'brien@example.edu", True),
        ("a" * 242 + "@example.edu", True),
        ("a" * 243 + "@example.edu", False),
        ("ada", False),
        ("@b", False),
        ("a@", False),
        ("a@@b", False),
        ("a b@c", False),
        ("a@b c", False),
        ("a@-b", False),
        ("a@b-", False),
        ("a@b..c", False),
        ("a@b\n", False),
        (" a@b", False),
        ("ä@b", False),
        ("", False),
    ],
)
def test_an_email_is_what_the_html_standard_calls_valid(email: str, is_one: bool) -> None:
    assert accepts(Email, email) is is_one


@pytest.mark.parametrize(
    ("password", "is_one"),
    [
        ("x" * 14, False),
        ("a fine password"[:15], True),
        ("y" * 128, True),
        ("z" * 129, False),
        ("passwordpassword", False),
        ("PasswordPassword", False),
        ("correct horse battery", True),
    ],
)
def test_a_new_password_is_long_and_not_common(password: str, is_one: bool) -> None:
    assert accepts(NewPassword, password) is is_one


def test_common_passwords_are_such_as_would_else_be_let_in() -> None:
    assert {password for password in COMMON_PASSWORDS if len(password) < 15 or password != password.lower()} == set()
