"""Lists, a page at a time."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.contract.client import Client
from tests.contract.office import Office
from tests.samples import Json, unique

MOST_PAGES = 1000
LIMIT = 40
EVERYBODY = f"/students?limit={LIMIT}"


def pages(client: Client, path: str | None, way: str = "next") -> Iterator[Json]:
    """The page at `path` and all that its links lead to, one way."""
    seen: set[str] = set()
    while path:
        assert path not in seen, "the pages go round in a circle"
        assert len(seen) < MOST_PAGES, "the pages have no end"
        seen.add(path)
        page = client.follow(path).json()
        yield page
        path = page[way]


def ids(page: Json) -> list[int]:
    return [each["id"] for each in page["students"]]


@pytest.fixture(scope="session")
def seven(lasting_office: Office) -> tuple[str, list[int]]:
    """A word that only seven students' names contain, and their ids; others stand between them."""
    word = unique()
    names = [f"Seventh {word}", "Ada Lovelace"] * 7
    return word, sorted([lasting_office.student(name=name)["id"] for name in names][::2])


@pytest.mark.check(
    "students.pages",
    points=3,
    requires=["students.create"],
    hint="Order by id; the next page is WHERE id > the last one's, LIMIT.",
)
def test_all_pages_followed_are_all_students(seven: tuple[str, list[int]], registrar: Client, fifty_one: None) -> None:
    """Following `next` to its end gives every student once, in ascending id, on pages of `limit`."""
    *full, last = [ids(page) for page in pages(registrar, EVERYBODY)]

    followed = [each for page in (*full, last) for each in page]
    assert followed == sorted(set(followed))
    assert set(seven[1]) <= set(followed)
    assert {len(page) for page in full} == {LIMIT}
    assert len(last) <= LIMIT


@pytest.mark.check(
    "students.previous",
    points=2,
    requires=["students.pages"],
    hint="Read id < cursor in descending order, and turn that around.",
)
def test_previous_leads_back_by_the_same_students(registrar: Client, fifty_one: None) -> None:
    """Following `previous` from the last page gives the same students backwards, each page in ascending id."""
    forward = list(pages(registrar, EVERYBODY))

    back = [forward[-1], *pages(registrar, forward[-1]["previous"], "previous")]

    followed = [each for page in reversed(back) for each in ids(page)]
    assert followed == sorted(set(followed))
    missing = {each for page in forward for each in ids(page)} - set(followed)
    assert not any(registrar.get(f"/students/{each}").ok for each in missing), "who is still there is passed over"


@pytest.mark.check(
    "students.search-pages",
    points=1,
    requires=["students.pages", "students.search"],
    hint="Keep q and limit in the links.",
)
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_what_was_found_comes_in_pages(limit: int, seven: tuple[str, list[int]], registrar: Client) -> None:
    """`next` keeps the search and the limit: followed to its end it gives whom the search finds, once."""
    word, expected = seven

    there = [ids(page) for page in pages(registrar, f"/students?q={word}&limit={limit}")]

    assert [page for page in there if page] == [expected[start : start + limit] for start in range(0, 7, limit)]


@pytest.mark.check(
    "students.only-page",
    points=1,
    requires=["students.search"],
    hint="Ask the database for one row more than a page has.",
)
def test_the_only_page_has_no_neighbors(seven: tuple[str, list[int]], registrar: Client) -> None:
    """Where there is no page to go to, `next` and `previous` are null."""
    page = registrar.get(f"/students?q={seven[0]}").json()

    assert (page["next"], page["previous"]) == (None, None)


@pytest.mark.check("students.link", points=1, requires=["students.create"], hint="Answer path and query alone.")
def test_a_link_is_no_url(registrar: Client, fifty_one: None) -> None:
    """`next` is a path and query, without the server's address, which leads on."""
    first = registrar.get("/students").json()

    assert urlsplit(first["next"])[:3] == ("", "", "/students")
    assert ids(registrar.get(first["next"]).json()) != ids(first)


@pytest.mark.check(
    "students.link-escapes",
    points=1,
    requires=["students.search-pages", "students.search-literal"],
    hint="Build the query with urlencode.",
)
def test_a_search_survives_in_a_link_whatever_it_is(office: Office) -> None:
    """A search with reserved characters is followed to its end like any other."""
    word = f"{unique()} &?=#+%é/"
    expected = sorted(office.student(name=f"{word}{n}")["id"] for n in range(3))

    first = office.registrar.get("/students", params={"q": word, "limit": "1"}).json()

    followed = [first, *pages(office.registrar, first["next"])]
    assert [each for page in followed for each in ids(page)] == expected


@pytest.mark.check(
    "students.page-stable",
    points=2,
    requires=["students.search-pages"],
    hint="The cursor is the last id that was seen, not an OFFSET.",
)
def test_a_page_does_not_move_when_others_come_and_go(office: Office) -> None:
    """A student who is deleted or added between two pages makes the next page neither skip nor repeat anybody."""
    word = unique()
    first, second, third = sorted(office.student(name=word)["id"] for _ in range(3))
    page = office.registrar.get(f"/students?q={word}&limit=2").json()

    office.registrar.delete(f"/students/{first}")
    office.registrar.delete(f"/students/{second}")
    fourth = office.student(name=word)["id"]

    rest = office.registrar.follow(page["next"]).json()
    assert (ids(page), ids(rest)) == ([first, second], sorted(each for each in (third, fourth) if each > second))


def test_a_page_that_emptied_leads_back(office: Office) -> None:
    """A page whose students have gone is empty; its `previous` still leads to those who are left, in this search."""
    word = unique()
    left, _, gone = (office.student(name=name)["id"] for name in (word, unique(), word))
    link = office.registrar.get(f"/students?q={word}&limit=1").json()["next"]
    office.registrar.delete(f"/students/{gone}")

    empty = office.registrar.follow(link).json()

    assert ids(empty) == []
    assert ids(office.registrar.follow(empty["previous"]).json()) == [left]


@pytest.mark.check("students.page-size", points=1, requires=["students.create"], hint="Query(50, ge=1, le=100).")
@pytest.mark.parametrize("asked", ["/students", "/students?limit=50", "/students?limit=50&nonsense=1"])
def test_a_page_has_fifty_unless_asked(asked: str, registrar: Client, fifty_one: None) -> None:
    """A page has 50 entries unless `limit` says otherwise; unknown parameters are ignored."""
    page = registrar.get(asked).json()

    assert len(page["students"]) == 50
    assert page["next"]


@pytest.fixture(scope="session")
def fifty_one(registrar: Client, lasting_office: Office) -> None:
    """At least one student more than fits on a page, if there are pages."""
    for _ in range(51):
        if registrar.get("/students").json()["next"]:
            return
        lasting_office.student()


@pytest.mark.check(
    "enrollment.pages",
    points=1,
    requires=["enrollment.create-term", "enrollment.create-course"],
    hint="Every list has a limit and links, not that of students alone.",
)
@pytest.mark.parametrize("kind", ["term", "course"])
def test_the_catalog_comes_in_pages_too(kind: str, office: Office) -> None:
    """Terms and courses, too, are listed once each, in ascending id, on pages of `limit`."""
    made = {getattr(office, kind)()["id"] for _ in range(LIMIT + 1)}

    there = pages(office.registrar, f"/{kind}s?limit={LIMIT}")

    *full, last = [[each["id"] for each in page[f"{kind}s"]] for page in there]
    followed = [each for page in (*full, last) for each in page]
    assert followed == sorted(set(followed))
    assert made <= set(followed)
    assert {len(page) for page in full} == {LIMIT}
    assert len(last) <= LIMIT


@pytest.mark.check("access.user-pages", points=1, requires=["access.student-login"])
def test_users_come_in_pages_too(office: Office) -> None:
    """Users, too, are listed once each, in ascending id, and without their passwords."""
    made: list[Any] = [office.user("instructor"), office.user("student")]

    followed = [each for page in pages(office.registrar, "/users?limit=100") for each in page["users"]]

    assert [each["id"] for each in followed] == sorted({each["id"] for each in followed})
    assert [each for each in followed if each in made] == sorted(made, key=lambda user: user["id"])
