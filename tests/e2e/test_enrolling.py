"""A student asks for a seat, on a section's page and without JavaScript; a registrar asks for them, on theirs."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import button, choose_section, field, press, said
from tests.e2e.office import Login, Office, label, meets
from tests.samples import Json

MACHINE_WORDS = re.compile(r"[a-z]+_[a-z]+|\{|Traceback")


def page_of(section: Json) -> str:
    return f"/sections/{section['id']}"


def page_of_student(student: Json) -> str:
    return f"/students/{student['id']}"


def refusal(page: Page) -> list[str]:
    """The lines of the alert, or of several."""
    expect(said(page, "alert")).to_be_visible()
    texts = page.get_by_role("alert").all_inner_texts()
    return [line for text in texts for line in text.splitlines() if line.strip()]


@pytest.mark.check(
    "web.enroll",
    points=3,
    requires=["web.login"],
    hint="Show the button to students who are neither in the section nor waiting for it.",
)
def test_a_student_enrolls(theirs: Page, student: Login, office: Office) -> None:
    """Where a seat is left there is one button, Enroll, and none once one is in."""
    section = office.section()
    theirs.goto(page_of(section))
    offered = [button(theirs, name).count() for name in ("Enroll", "Join waitlist")]

    press(theirs, "Enroll")

    expect(said(theirs, "status")).to_be_visible()
    theirs.goto(page_of(section))
    assert [button(theirs, name).count() for name in ("Enroll", "Join waitlist")] == [0, 0]
    assert offered == [1, 0]
    assert office.standing(section)[student.number] == "enrolled"


@pytest.mark.check(
    "web.join-waitlist", points=2, requires=["web.login"], hint="Where seats_left is 0, ask with join_waitlist."
)
def test_a_student_joins_a_waitlist(theirs: Page, student: Login, office: Office) -> None:
    """Where no seat is left there is one button, Join waitlist, and none once one waits."""
    section, _ = office.full_section()
    theirs.goto(page_of(section))
    offered = [button(theirs, name).count() for name in ("Enroll", "Join waitlist")]

    press(theirs, "Join waitlist")

    expect(said(theirs, "status")).to_be_visible()
    theirs.goto(page_of(section))
    assert [button(theirs, name).count() for name in ("Enroll", "Join waitlist")] == [0, 0]
    assert offered == [0, 1]
    assert office.standing(section)[student.number] == "waitlisted"


@pytest.mark.check(
    "web.seat-taken", points=1, requires=["web.enroll"], hint="Send join_waitlist only for the button Join waitlist."
)
def test_a_seat_that_was_just_taken_is_not_given_twice(theirs: Page, student: Login, office: Office) -> None:
    """Whoever still sees a seat that another has taken is told, and is not put on the waitlist unasked."""
    section = office.section()
    theirs.goto(page_of(section))
    office.enroll(office.student()["id"], section)

    press(theirs, "Enroll")

    expect(said(theirs, "alert")).to_be_visible()
    assert student.number not in office.standing(section)


@pytest.mark.check(
    "web.clash", points=2, requires=["web.enroll"], hint="Show the detail of each violation, not its code."
)
def test_a_time_clash_is_explained_in_plain_words(theirs: Page, student: Login, office: Office) -> None:
    """Who asks for two meetings at once is told so in plain words (409, or a redirect), and is not in the second."""
    term = office.term()
    held = office.section(term=term, meetings=[meets("mon 09:00-10:30")])
    wanted = office.section(term=term, meetings=[meets("mon 10:00-11:00")])
    office.enroll(student.number, held)
    theirs.goto(page_of(wanted))

    answer = press(theirs, "Enroll")

    lines = refusal(theirs)
    assert answer.status == 409 or answer.request.redirected_from
    assert not MACHINE_WORDS.search("\n".join(lines)), lines
    assert student.number not in office.standing(wanted)


@pytest.mark.check(
    "web.violations", points=1, requires=["web.clash"], hint="The problem lists violations: show all of them."
)
def test_each_violated_rule_has_a_line(theirs: Page, student: Login, office: Office) -> None:
    """A refusal tells everything that stands against it, a line for each."""
    times = [meets("mon 09:00-10:30")]
    term, missing = office.term(credit_limit=4), office.course()
    held = office.section(term=term, meetings=times)
    wanted = office.section(office.course(prerequisite_ids=[missing["id"]]), term, meetings=times)
    office.enroll(student.number, held)
    theirs.goto(page_of(wanted))

    press(theirs, "Enroll")

    lines = set(refusal(theirs))
    assert len(lines) >= 3, lines  # of a prerequisite, a time, and the credits


@pytest.mark.check("web.enroll-other", points=2, requires=["web.login"])
def test_a_registrar_enrolls_a_student(registrar: Page, office: Office) -> None:
    """On the student's page a registrar chooses a section, and the student is in it."""
    student, section = office.student(), office.section()
    registrar.goto(page_of_student(student))
    choose_section(registrar, label(section))

    press(registrar, "Enroll")

    expect(said(registrar, "status")).to_be_visible()
    assert office.standing(section) == {student["id"]: "enrolled"}


@pytest.mark.check(
    "web.wait-other", points=1, requires=["web.enroll-other"], hint="Send join_waitlist when the box is checked."
)
def test_a_registrar_puts_a_student_on_a_waitlist(registrar: Page, office: Office) -> None:
    """A full section is refused; with Join waitlist checked, the student waits for it."""
    student, (section, _) = office.student(), office.full_section()
    registrar.goto(page_of_student(student))
    choose_section(registrar, label(section))
    press(registrar, "Enroll")
    expect(said(registrar, "alert")).to_be_visible()
    stood = office.standing(section)

    registrar.goto(page_of_student(student))
    choose_section(registrar, label(section))
    field(registrar, "Join waitlist").check()
    press(registrar, "Enroll")

    expect(said(registrar, "status")).to_be_visible()
    assert student["id"] not in stood
    assert office.standing(section)[student["id"]] == "waitlisted"


def test_what_was_chosen_stays(registrar: Page, office: Office) -> None:
    """Of an enrollment that is refused, the section need not be chosen again."""
    student, (section, _) = office.student(), office.full_section()
    registrar.goto(page_of_student(student))
    choose_section(registrar, label(section))

    press(registrar, "Enroll")

    expect(field(registrar, "Section")).to_have_value(str(section["id"]))


@pytest.mark.check(
    "web.rules-bind-all",
    points=1,
    requires=["web.enroll-other"],
    hint="Catch the API's 409, and show its detail as an alert.",
)
def test_the_rules_bind_registrars_too(registrar: Page, office: Office) -> None:
    """A registrar who enrolls a student against the rules is refused, and told why."""
    student, missing = office.student(), office.course()
    section = office.section(office.course(prerequisite_ids=[missing["id"]]))
    registrar.goto(page_of_student(student))
    choose_section(registrar, label(section))

    press(registrar, "Enroll")

    assert refusal(registrar)
    assert office.standing(section) == {}
