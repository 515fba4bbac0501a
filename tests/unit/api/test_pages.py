"""Lists: pages by keyset, and search."""

from itertools import chain

import pytest

from tests.unit.api.visitors import API, refusal
from tests.unit.factories import StudentFactory, UserFactory


def ids(page: dict[str, list[dict[str, int]]], what: str = "students") -> list[int]:
    return [each["id"] for each in page[what]]


def walk(api: API, link: str | None, way: str, what: str = "students") -> list[list[int]]:
    pages = []
    while link:
        page = api.get(link).json()
        pages.append(ids(page, what))
        link = page[way]
    return pages


def test_all_pages_followed_are_all_students_in_ascending_id(api: API) -> None:
    everyone = [student.id for student in StudentFactory.create_batch(7)]

    assert walk(api, "/students?limit=3", "next") == [everyone[:3], everyone[3:6], everyone[6:]]


def test_the_way_back_gives_the_same_pages(api: API) -> None:
    everyone = [student.id for student in StudentFactory.create_batch(6)]
    last = api.get(api.get("/students?limit=2").json()["next"]).json()["next"]

    assert walk(api, last, "previous") == [everyone[4:], everyone[2:4], everyone[:2]]


def test_the_first_page_has_no_previous_and_the_last_no_next(api: API) -> None:
    StudentFactory.create_batch(4)

    first = api.get("/students?limit=2").json()
    last = api.get(first["next"]).json()

    assert (first["previous"], last["next"]) == (None, None)
    assert api.get(last["previous"]).json()["previous"] is None


def test_links_are_path_and_query_and_keep_the_question(api: API) -> None:
    StudentFactory.create_batch(2, name="Ada & Co")

    page = api.get("/students", params={"limit": 1, "q": "a & c"}).json()

    assert page["next"] == f"/students?limit=1&q=a+%26+c&after={ids(page)[0]}"


def test_a_page_whose_rows_have_gone_still_leads_back(api: API) -> None:
    first, second = StudentFactory.create_batch(2)
    second_page = api.get("/students?limit=1").json()["next"]
    api.delete(f"/students/{second.id}")
    empty = api.get(second_page).json()

    assert ids(empty) == []
    assert walk(api, empty["previous"], "previous") == [[first.id]]
    assert walk(api, f"/students?limit=1&before={first.id}", "next") == [[], [first.id]]


def test_a_list_without_members_is_one_empty_page(api: API) -> None:
    assert api.get("/students").json() == {"students": [], "next": None, "previous": None}


def test_users_come_in_pages_too(api: API) -> None:
    everyone = [user.id for user in UserFactory.create_batch(3)]

    assert list(chain(*walk(api, "/users?limit=2", "next", "users")))[:3] == everyone


def test_fifty_is_the_default_and_a_hundred_the_most(api: API) -> None:
    StudentFactory.create_batch(101)

    assert len(ids(api.get("/students").json())) == 50
    assert len(ids(api.get("/students?limit=100").json())) == 100
    assert refusal(api.get("/students?limit=101")) == (422, "validation_error")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("lovelace", True),
        ("LOVE", True),
        ("ove", True),
        ("lo", True),
        ("a", True),
        ("ada%", False),
        ("a_a", False),
        ("%", False),
        ("_", False),
        ("\\", False),
        ('"', False),
        ("o'b", True),
        ("ada lovelace", True),
        ("lovelace ada", False),
        ("ada.l@example", True),
        ("EXAMPLE.ORG", True),
        ("zoë", True),
        ("zoË", False),
        ("ZOë", True),
        ("lovelace ada.l", False),
        (" ", True),
        ("", True),
        ("xyz", False),
    ],
)
def test_search_is_a_literal_substring_of_name_or_email_without_ascii_case(api: API, q: str, found: bool) -> None:
    ada = StudentFactory(name="Zoë O'Brien Ada Lovelace", email="ada.l@example.org")

    assert ids(api.get("/students", params={"q": q}).json()) == ([ada.id] if found else [])


@pytest.mark.parametrize(
    ("q", "name"), [("100%", "100% Ada"), ("a_b", "A_B"), ("c\\d", "C\\D"), ('"e', 'D"E'), ("%", "%")]
)
def test_wildcards_and_quotes_are_found_as_themselves(api: API, q: str, name: str) -> None:
    StudentFactory(name="100 Ada AxB CD DE")
    wanted = StudentFactory(name=name)

    assert ids(api.get("/students", params={"q": q}).json()) == [wanted.id]


@pytest.mark.parametrize("q", ["lov", "lo"])
def test_a_search_goes_over_pages_both_ways(api: API, q: str) -> None:
    found = [StudentFactory(name=f"Lovelace {n}").id for n in range(3)]
    StudentFactory(name="Byron")

    pages = walk(api, f"/students?limit=2&q={q}", "next")

    assert pages == [found[:2], found[2:]]
    assert walk(api, f"/students?limit=2&q={q}&before={found[2]}", "previous") == [found[:2]]


def test_search_forgets_what_a_student_was_called(api: API) -> None:
    changed, deleted = StudentFactory(name="Ada Byron"), StudentFactory(name="Ada Byron")

    api.put(f"/students/{changed.id}", json={"name": "Ada Lovelace", "email": changed.email})
    api.delete(f"/students/{deleted.id}")

    assert ids(api.get("/students?q=byron").json()) == []
    assert ids(api.get("/students?q=lovelace").json()) == [changed.id]
