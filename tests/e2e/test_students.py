"""The students' pages, beyond what holds for every record: their search, and what is made of what is typed."""

import re
from itertools import chain

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import fill, follow, link, path, press, said, search, text
from tests.e2e.conftest import SignedIn
from tests.e2e.office import Office
from tests.samples import CLOSED, unique, unique_email

LARGEST_PAGE = 100


@pytest.mark.check(
    "web.paging", points=2, requires=["web.search"], hint="Lead to where the API's next and previous lead."
)
def test_following_the_pages_shows_every_student_once(registrar: Page, office: Office) -> None:
    """Next page leads through all students, each shown once, and Previous page leads back through the same."""
    cohort = unique()
    names = [f"{cohort} {number}" for number in range(LARGEST_PAGE + 1)]
    for name in names:
        office.student(name=name)
    registrar.goto("/students")
    search(registrar, "students", cohort)

    forth = walk(registrar, "Next page", cohort)
    back = walk(registrar, "Previous page", cohort)

    assert sorted(chain(*forth)) == sorted(names)
    assert back == forth[::-1]


def walk(page: Page, direction: str, cohort: str) -> list[list[str]]:
    """The names on this page and on all that the link leads to, page by page."""
    pages = [names_on(page, cohort)]
    while link(page, direction).count():
        follow(page, direction)
        pages.append(names_on(page, cohort))
    return pages


def names_on(page: Page, cohort: str) -> list[str]:
    return page.get_by_role("link", name=re.compile(rf"^\s*{cohort} \d+\s*$")).all_inner_texts()


@pytest.mark.check("web.search", points=2, requires=["web.login"], hint="Hand q on to the API.")
@pytest.mark.parametrize("known", ["name", "email"])
def test_a_search_finds_any_part_of_a_name_or_an_email(registrar: Page, office: Office, known: str) -> None:
    """A search shows who has the text anywhere in their name or email, and nobody else."""
    sought = unique()
    ada = office.student(**{"name": f"Ada {unique()}"} | {known: f"x{sought}@example.org"})
    grace = office.student(name=f"Grace {unique()}")
    registrar.goto("/students")

    search(registrar, "students", sought.upper())

    expect(link(registrar, ada["name"])).to_be_visible()
    expect(text(registrar, ada["email"])).to_be_visible()
    expect(link(registrar, grace["name"])).to_have_count(0)


@pytest.mark.check("web.instructor-finds", points=1, requires=["web.search"])
def test_an_instructor_finds_a_student_and_their_page(signed_in: SignedIn, office: Office) -> None:
    """Instructors find students too, and see their details."""
    student = office.student(name=f"Ada {unique()}")
    page = signed_in("instructor")
    page.goto("/students")
    search(page, "students", student["name"])

    follow(page, student["name"])

    assert path(page) == f"/students/{student['id']}"
    expect(text(page, student["email"])).to_be_visible()


@pytest.mark.check("web.enrollments", points=1, requires=["web.login"])
def test_a_students_page_has_their_enrollments(registrar: Page, office: Office) -> None:
    """A student's page shows all enrollments, also one that waits in a term whose enrollment has closed."""
    student, term = office.student(), office.term()
    section, _ = office.full_section(term=term)
    office.enroll(student["id"], section)
    office.alter_term(term, **CLOSED)  # neither the form nor the transcript has it, then

    registrar.goto(f"/students/{student['id']}")

    expect(text(registrar, section["course"]["code"])).to_be_visible()


@pytest.mark.check("web.escape", points=1, requires=["web.search"], hint="Let Jinja escape: no |safe, no Markup.")
def test_a_name_is_shown_as_it_is(registrar: Page, office: Office) -> None:
    """Whatever a name is made of, it is text to be read and never a part of the page."""
    name = f'<b>Ada</b> & "O\'Brien" {unique()}'
    student = office.student(name=name)
    registrar.goto("/students")

    search(registrar, "students", student["email"])

    expect(link(registrar, name)).to_be_visible()


@pytest.mark.check(
    "web.trimmed", points=1, requires=["web.login"], hint="filters=[str.strip] in WTForms, but for passwords."
)
def test_what_is_typed_is_trimmed(registrar: Page, office: Office) -> None:
    """Space around what a person typed is not saved."""
    email = unique_email()
    registrar.goto("/students/new")
    fill(registrar, {"Name": "  Ada Lovelace ", "Email": f" {email} "})

    press(registrar, "Save")

    [student] = office.students(email)
    assert path(registrar) == f"/students/{student['id']}"
    assert (student["name"], student["email"]) == ("Ada Lovelace", email)


@pytest.mark.check("web.reload", points=1, requires=["web.login"], hint="Redirect after a POST.")
def test_a_reload_repeats_nothing(registrar: Page, office: Office) -> None:
    """After saving, a reload asks for the page again and sends nothing."""
    registrar.goto("/students/new")
    fill(registrar, {"Name": "Ada Lovelace", "Email": unique_email()})
    press(registrar, "Save")
    told_before = said(registrar, "status").count()

    answer = registrar.reload()

    assert answer
    assert answer.request.method == "GET"
    assert (told_before, said(registrar, "status").count()) == (1, 0)
