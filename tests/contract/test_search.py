"""Search: a substring of a name or an email, without ASCII case."""

import random

import pytest

from tests.contract.office import Office
from tests.samples import new_student, unique


def found(office: Office, q: str) -> list[str]:
    answer = office.registrar.get("/students", params={"q": q, "limit": "100"})
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["students"]]


@pytest.mark.check(
    "students.search", points=2, requires=["students.create"], hint="Look into name and email, with % and _ escaped."
)
@pytest.mark.parametrize("part", [slice(0, None), slice(3, -3), slice(5, 20)])
def test_any_part_of_a_name_or_an_email_finds(part: slice, office: Office) -> None:
    """A student is found by any part of their name, and by any part of their email."""
    name, mailbox = unique(), unique()
    office.student(name=name, email=f"{mailbox}@example.org")

    assert found(office, name[part]) == [name]
    assert found(office, mailbox[part]) == [name]


@pytest.mark.check(
    "students.search-case", points=1, requires=["students.search"], hint="Lower both what is asked and what is stored."
)
def test_search_does_not_mind_ascii_case(office: Office) -> None:
    """Search does not mind the case of ASCII letters, neither in what is asked nor in what is found."""
    word = unique()
    names = [f"{word.upper()} UPPER", f"{word} lower"]
    for name in names:
        office.student(name=name)

    assert sorted(found(office, f"{word.upper()} ")) == sorted(names)
    assert sorted(found(office, f"{word} ")) == sorted(names)


def test_search_minds_the_case_of_other_letters(office: Office) -> None:
    """Letters beyond ASCII are found as they are written."""
    word = unique()
    office.student(name=f"{word} Łukasz")

    assert found(office, f"{word} Łuk") == [f"{word} Łukasz"]
    assert found(office, f"{word} łuk") == []


@pytest.mark.check(
    "students.search-literal",
    points=1,
    requires=["students.search"],
    hint="Escape %, _ and the escape character itself, and say LIKE … ESCAPE.",
)
@pytest.mark.parametrize("sign", ["%", "_", "\\", '"', "'", "*", "-", ":", "(", "OR", "^", "%_", '""', "𐍈", "é"])
def test_no_character_has_a_special_meaning(sign: str, office: Office) -> None:
    """Every character, such as % or _, stands for itself."""
    word = unique()
    office.student(name=f"{word} xyz")
    office.student(name=f"{word} {sign}z")

    assert found(office, f"{word} {sign}") == [f"{word} {sign}z"]
    anywhere = office.registrar.get("/students", params={"q": sign}).json()["students"]
    assert [each for each in anywhere if sign.lower() not in f"{each['name']} {each['email']}".lower()] == []


@pytest.mark.check("students.search-short", points=1, requires=["students.search"])
@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_short_search_is_a_search_like_any_other(length: int, office: Office) -> None:
    """One or two characters are searched for as well as many."""
    rare = "".join(chr(0x4E00 + random.randrange(20_000)) for _ in range(length))
    name = f"{rare} {unique()}"
    office.student(name=name)

    names = found(office, rare)

    assert name in names
    assert all(rare in each for each in names)


@pytest.mark.check(
    "students.search-changed", points=1, requires=["students.search", "students.replace", "students.delete"]
)
def test_a_changed_student_is_found_by_the_new_name_only(office: Office) -> None:
    """A student who was renamed is found by the new name and no longer by the old one; a deleted one by none."""
    old, new = unique(), unique()
    path = f"/students/{office.student(name=old)['id']}"

    office.registrar.put(path, json=new_student() | {"name": new})
    assert (found(office, old), found(office, new)) == ([], [new])

    office.registrar.delete(path)
    assert found(office, new) == []


@pytest.mark.check("students.search-empty", points=1, requires=["students.create"])
def test_an_empty_search_finds_everybody(office: Office) -> None:
    """An empty search is no search."""
    office.student()

    assert office.registrar.get("/students?q=").json()["students"]


@pytest.mark.check("students.search-nobody", points=1, requires=["students.search"], hint="Answer 200.")
def test_who_is_not_there_is_not_found(office: Office) -> None:
    """A search that nobody matches gives an empty list, not a refusal."""
    assert found(office, unique()) == []
