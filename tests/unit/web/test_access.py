"""Who sees which page, and which way there: the contract's access table, as pages."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from api.models import Student
from tests.unit.factories import EnrollmentFactory
from tests.unit.web.browser import Browser, InProcess

REGISTRAR, STAFF, ALL = {"registrar"}, {"registrar", "instructor"}, {"registrar", "instructor", "student"}
STUDENT = {"student"}
PAGES = {
    "/": ALL,
    "/account": ALL,
    "/students": STAFF,
    "/students/1": ALL,
    "/students/2": STAFF,
    "/students/new": REGISTRAR,
    "/students/1/edit": REGISTRAR,
    "/students/1/delete": REGISTRAR,
    **{f"/{kind}": ALL for kind in ("terms", "courses", "sections")},
    **{f"/{kind}/1": ALL for kind in ("terms", "courses", "sections")},
    **{
        f"/{kind}/{page}": REGISTRAR
        for kind in ("terms", "courses", "sections")
        for page in ("new", "1/edit", "1/delete")
    },
    "/schedule": STUDENT,
    "/schedule/1/drop": STUDENT,
    "/transcript": STUDENT,
    "/users": REGISTRAR,
    "/users/4": REGISTRAR,
    "/users/new": REGISTRAR,
    "/users/4/edit": REGISTRAR,
}


@pytest.mark.parametrize("role", sorted(ALL))
def test_a_page_is_for_whom_the_contract_says(
    ui: Flask, role: str, session: Session, subtests: pytest.Subtests
) -> None:
    EnrollmentFactory(student=session.get_one(Student, 1))
    visitor = Browser(ui).logged_in(role)

    for path, roles in PAGES.items():
        with subtests.test(path):
            page = visitor.get(path)

            assert visitor.status == (200 if role in roles else 403)
            assert (page.heading == "Not allowed") == (role not in roles)


@pytest.mark.parametrize("path", [path for path, roles in PAGES.items() if roles == REGISTRAR])
def test_only_a_registrar_can_post_there(ui: Flask, calls: InProcess, path: str) -> None:
    visitor = Browser(ui).logged_in("instructor")
    token = visitor.page.entries("Log out")
    calls.calls.clear()

    visitor.post(path, token | {"name": "Ada", "email": "ada@example.org"})

    assert visitor.status in (403, 405)
    assert calls.calls == []


@pytest.mark.parametrize("path", ["/", "/account", "/students", "/users/4/edit"])
def test_signed_out_each_page_leads_to_the_login_and_back(visitor: Browser, path: str) -> None:
    page = visitor.get(path)
    assert page.heading == "Log in"

    visitor.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    assert (visitor.status, visitor.url) == (200, path)


@pytest.mark.parametrize(
    ("role", "links"),
    [
        ("registrar", ["Home", "Students", "Courses", "Terms", "Sections", "Users", "Account"]),
        ("instructor", ["Home", "Students", "Courses", "Terms", "Sections", "Account"]),
        ("student", ["Home", "Courses", "Terms", "Sections", "Schedule", "Transcript", "Account"]),
    ],
)
def test_navigation_shows_what_serves_the_role(ui: Flask, role: str, links: list[str]) -> None:
    assert Browser(ui).logged_in(role).page.navigation == links


def test_signed_out_there_is_no_navigation(visitor: Browser) -> None:
    page = visitor.get("/login")

    assert page.navigation == []
    assert page.buttons == ["Log in"]


@pytest.mark.parametrize("role", ["instructor", "student"])
@pytest.mark.parametrize("path", ["/students/1", "/students"])
def test_only_a_registrar_is_offered_what_only_a_registrar_may_do(ui: Flask, path: str, role: str) -> None:
    page = Browser(ui).logged_in(role).get(path)

    assert not {"Edit", "Delete", "Add student"} & page.links.keys()
