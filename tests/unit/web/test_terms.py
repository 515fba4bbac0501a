"""The terms' pages."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.unit.factories import SectionFactory, TermFactory
from tests.unit.web.browser import Browser, InProcess

FALL = {
    "Name": "Fall 2026",
    "Starts_on": "2026-08-24",
    "Ends_on": "2026-12-18",
    "Enrollment_opens": "2026-08-01T09:00",
    "Enrollment_closes": "2026-09-10T09:00",
    "Drop_deadline": "2026-09-20T17:30",
    "Withdraw_deadline": "2026-11-01T09:00",
    "Credit_limit": "18",
}


def test_adding_a_term_ends_on_its_page_with_deadlines_in_utc(registrar: Browser) -> None:
    registrar.get("/terms/new")

    page = registrar.press("Save", **FALL)

    assert (page.heading, page.statuses) == ("Fall 2026", ["Term added."])
    assert "Drop deadline 2026-09-20 17:30 UTC" in page.text


def test_a_term_is_edited_from_what_stands(registrar: Browser) -> None:
    registrar.get("/terms/new")
    registrar.press("Save", **FALL)
    page = registrar.get(registrar.page.links["Edit"])
    assert {label: page.value(label.replace("_", " ")) for label in FALL} == FALL

    page = registrar.press("Save", Credit_limit="12")

    assert page.statuses == ["Term saved."]
    assert "Credit limit 12" in page.text


def test_a_term_saved_unchanged_keeps_its_deadlines_to_the_second(registrar: Browser, session: Session) -> None:
    term = TermFactory(
        drop_deadline=datetime(2026, 9, 20, 17, 30, 15, tzinfo=UTC),
        withdraw_deadline=datetime(2026, 11, 1, 9, 0, 0, 250_000, tzinfo=UTC),
    )
    page = registrar.get(f"/terms/{term.id}/edit")
    assert page.value("Drop deadline") == "2026-09-20T17:30:15"

    page = registrar.press("Save")

    assert "Drop deadline 2026-09-20 17:30:15 UTC" in page.text
    before = (term.drop_deadline, term.withdraw_deadline)
    session.refresh(term)
    assert (term.drop_deadline, term.withdraw_deadline) == before


def test_the_list_links_each_term_to_its_page(registrar: Browser, session: Session) -> None:
    term = TermFactory()

    page = registrar.get("/terms")

    assert page.links[term.name] == f"/terms/{term.id}"


def test_a_list_without_terms_says_so(student: Browser) -> None:
    assert "There are no terms yet." in student.get("/terms").text


@pytest.mark.parametrize(
    ("label", "typed", "message"),
    [
        ("Name", "", "Enter a name."),
        ("Starts_on", "24.8.2026", "Enter a date, such as 2026-09-01."),
        ("Starts_on", "", "Enter a date, such as 2026-09-01."),
        ("Drop_deadline", "2026-09-20", "In UTC. Enter a date and time, such as 2026-09-01T09:00."),
        ("Drop_deadline", "", "In UTC. Enter a date and time, such as 2026-09-01T09:00."),
        ("Credit_limit", "101", "Enter a number from 0 to 100."),
        ("Credit_limit", "many", "Enter a number from 0 to 100."),
        ("Credit_limit", "", "Enter a number from 0 to 100."),
    ],
)
def test_a_bad_form_makes_no_api_call_and_keeps_what_was_typed(
    registrar: Browser, calls: InProcess, label: str, typed: str, message: str
) -> None:
    registrar.get("/terms/new")
    calls.calls.clear()

    page = registrar.press("Save", **(FALL | {label: typed}))

    assert (registrar.status, calls.calls) == (422, [])
    assert page.message(label.replace("_", " ")) == message
    assert page.value(label.replace("_", " ")) == typed


def test_a_taken_name_is_told_on_its_field(registrar: Browser, session: Session) -> None:
    TermFactory(name="FALL 2026")
    registrar.get("/terms/new")

    page = registrar.press("Save", **FALL)

    assert registrar.status == 409
    assert page.message("Name") == "Another term has this name."


def test_dates_out_of_order_are_told_in_words(registrar: Browser) -> None:
    registrar.get("/terms/new")

    page = registrar.press("Save", **(FALL | {"Ends_on": "2026-08-23"}))

    assert registrar.status == 409
    assert page.alerts == ["The dates are not in order. A term ends on the day it starts, or later."]
    assert page.value("Ends on") == "2026-08-23"


def test_a_stale_edit_shows_what_stands(registrar: Browser, elsewhere: Browser, session: Session) -> None:
    path = f"/terms/{TermFactory().id}/edit"
    registrar.get(path)
    elsewhere.get(path)
    elsewhere.press("Save", Name="Elsewhere")

    page = registrar.press("Save", Name="Typed")

    assert (registrar.status, page.value("Name")) == (409, "Typed")
    assert "What stands now Elsewhere" in page.text
    assert registrar.press("Save").heading == "Typed"


def test_a_deleted_term_is_gone(registrar: Browser, session: Session) -> None:
    term = TermFactory()
    page = registrar.get(f"/terms/{term.id}/delete")
    assert (page.heading, page.links["Cancel"]) == (f"Delete {term.name}?", f"/terms/{term.id}")

    page = registrar.press("Delete term")

    assert (page.heading, page.statuses) == ("Terms", ["Term deleted."])
    assert term.name not in page.links


def test_a_term_with_sections_is_not_deleted(registrar: Browser, session: Session) -> None:
    term_id = SectionFactory().term_id
    registrar.get(f"/terms/{term_id}/delete")

    page = registrar.press("Delete term")

    assert registrar.status == 409
    assert page.alerts == ["Other records depend on this. The term has sections."]
