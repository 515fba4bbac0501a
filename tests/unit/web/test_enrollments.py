"""Enrolling a student, a student's own week and the ways out of it, and the transcript."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from api.models import Enrollment, Section, Status, Student, User
from tests.unit.conftest import Clock
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, TermFactory
from tests.unit.web.browser import Browser, InProcess

MON = {"day": "mon", "starts": "09:00", "ends": "10:30"}
LATE_MON = {"day": "mon", "starts": "10:00", "ends": "11:30"}
NEXT_MON = {"day": "mon", "starts": "10:30", "ends": "11:30"}


@pytest.fixture
def section(session: Session) -> Section:
    return SectionFactory(of=CourseFactory(code="CS101", title="Programming"), number=1, meetings=[MON])


@pytest.fixture
def sam(session: Session) -> Student:
    """The student who is logged in."""
    return session.get_one(Student, 1)


@pytest.fixture
def enrolled(section: Section, sam: Student) -> Enrollment:
    return EnrollmentFactory(student=sam, section=section)


@pytest.fixture
def waiting(section: Section, sam: Student) -> Enrollment:
    """The second to wait."""
    EnrollmentFactory(section=section, status=Status.WAITLISTED)
    return EnrollmentFactory(student=sam, section=section, status=Status.WAITLISTED)


def test_a_registrar_enrolls_a_student(registrar: Browser, section: Section) -> None:
    registrar.get("/students/4")

    page = registrar.press("Enroll", Section=str(section.id))

    assert (page.heading, page.statuses) == ("Amara Abebe", ["Enrolled in CS101 section 1."])
    assert page.links["CS101 section 1"] == f"/sections/{section.id}"


def test_the_choice_of_sections_begins_with_the_newest_term(registrar: Browser, section: Section) -> None:
    later = TermFactory(name="Later", starts_on=date(2027, 1, 1))
    SectionFactory(of=CourseFactory(code="ART1"), number=2, term=later, capacity=0)

    page = registrar.get("/students/4")

    labels = [option.text.split(",")[0] for option in page.field("Section").all("option")]
    assert labels == ["Choose…", "ART1 section 2", "CS101 section 1"]


def test_a_term_that_is_over_is_not_offered(registrar: Browser, section: Section, calls: InProcess) -> None:
    over = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 8, 31)}
    SectionFactory(term=TermFactory(**over, enrollment_closes_at=datetime(2026, 9, 1, 12, tzinfo=UTC)))
    SectionFactory(term=TermFactory(**over), of=CourseFactory(code="LATE1"), number=1)
    ends_today = TermFactory(ends_on=date(2026, 9, 1), enrollment_closes_at=datetime(2026, 8, 2, tzinfo=UTC))
    SectionFactory(term=ends_today, of=CourseFactory(code="LAST1"), number=1)

    page = registrar.get("/students/4")

    labels = {option.text.split(",")[0] for option in page.field("Section").all("option")}
    assert labels == {"Choose…", "CS101 section 1", "LATE1 section 1", "LAST1 section 1"}
    assert len([call for call in calls.calls if call.path_url.startswith("/sections?")]) == 3


def test_a_registrar_puts_a_student_on_a_waitlist_when_asked_to(registrar: Browser, section: Section) -> None:
    for _ in range(section.capacity):
        EnrollmentFactory(section=section)
    registrar.get("/students/4")

    page = registrar.press("Enroll", Section=str(section.id))
    assert (registrar.status, page.alerts) == (409, ["No seat is left."])
    page = registrar.press("Enroll", Join_waitlist="y")

    assert page.statuses == ["On the waitlist of CS101 section 1, at position 1."]
    assert "Waitlisted, position 1" in page.text


def test_no_section_chosen_is_told_on_the_field(registrar: Browser) -> None:
    registrar.get("/students/4")

    page = registrar.press("Enroll")

    assert registrar.status == 422
    assert page.message("Section") == "Choose a section."


@pytest.mark.parametrize("who", ["student", "instructor"])
def test_only_a_registrar_enrolls_others(who: str, student: Browser, instructor: Browser) -> None:
    browser = {"student": student, "instructor": instructor}[who]
    page = browser.get("/students/1")
    assert "Enroll" not in page.buttons

    browser.post("/students/1", page.entries("Log out"))

    assert browser.status == 403


def test_an_instructor_sees_enrollments_and_no_transcript(instructor: Browser, enrolled: Enrollment) -> None:
    page = instructor.get("/students/1")

    assert "CS101 section 1" in page.links
    assert "Transcript" not in page.text


def test_the_schedule_is_a_picture_and_a_list(student: Browser, enrolled: Enrollment) -> None:
    page = student.get("/schedule")

    assert "CS101 09:00–10:30" in next(page.root.all("svg")).text
    assert page.links["CS101 section 1"] == f"/sections/{enrolled.section_id}"
    assert {"Drop CS101", "Withdraw CS101"} <= set(page.buttons)


def test_the_schedule_tells_positions_on_waitlists(student: Browser, waiting: Enrollment) -> None:
    page = student.get("/schedule")

    assert "position 2" in page.text
    assert "Leave waitlist CS101" in page.buttons
    assert "Drop CS101" not in page.buttons


@pytest.mark.parametrize(("other", "lanes"), [(LATE_MON, 2), (NEXT_MON, 1)])
def test_meetings_that_clash_stand_side_by_side(
    student: Browser, sam: Student, waiting: Enrollment, section: Section, other: dict[str, str], lanes: int
) -> None:
    EnrollmentFactory(student=sam, section=SectionFactory(term_id=section.term_id, meetings=[other]))

    page = student.get("/schedule")

    blocks = [rect.attributes for rect in next(page.root.all("svg")).all("rect")]
    assert len({block["x"] for block in blocks}) == lanes
    assert {block["class"] for block in blocks} == {"waitlisted", "enrolled"}


@pytest.mark.parametrize(
    ("drop", "withdraw", "ways"),
    [(2, 2, {"Drop CS101", "Withdraw CS101"}), (1, 2, {"Withdraw CS101"}), (1, 1, set())],
)
def test_a_way_out_is_offered_before_its_deadline(
    student: Browser, sam: Student, session: Session, drop: int, withdraw: int, ways: set[str]
) -> None:
    """It is noon on September 1."""
    term = TermFactory(
        drop_deadline=datetime(2026, 9, drop, 12, tzinfo=UTC),
        withdraw_deadline=datetime(2026, 9, withdraw, 12, tzinfo=UTC),
    )
    EnrollmentFactory(student=sam, section=SectionFactory(of=CourseFactory(code="CS101"), term=term))

    page = student.get("/schedule")

    assert set(page.buttons) - {"Log out"} == ways


def test_a_waitlist_can_be_left_after_every_deadline(student: Browser, sam: Student, session: Session) -> None:
    past = datetime(2026, 8, 2, tzinfo=UTC)
    section = SectionFactory(
        of=CourseFactory(code="CS101"), term=TermFactory(drop_deadline=past, withdraw_deadline=past)
    )
    EnrollmentFactory(student=sam, section=section, status=Status.WAITLISTED)

    assert "Leave waitlist CS101" in student.get("/schedule").buttons


def test_only_live_enrollments_are_in_the_schedule(student: Browser, section: Section, sam: Student) -> None:
    EnrollmentFactory(student=sam, section=section, status=Status.DROPPED)

    page = student.get("/schedule")

    assert "You are in no section now." in page.text


@pytest.mark.parametrize(
    ("button", "question", "done"),
    [
        ("Drop", "Drop CS101?", "Dropped CS101 section 1."),
        ("Withdraw", "Withdraw from CS101?", "Withdrawn from CS101 section 1."),
    ],
)
def test_a_way_out_asks_first_naming_the_course(
    student: Browser, enrolled: Enrollment, session: Session, button: str, question: str, done: str
) -> None:
    student.get("/schedule")

    page = student.press(f"{button} CS101")
    assert page.heading == question
    assert (page.links["Cancel"], session.get_one(Enrollment, enrolled.id).status) == ("/schedule", Status.ENROLLED)
    page = student.press(button)

    assert (page.heading, page.statuses) == ("Schedule", [done])
    assert "CS101 section 1" not in page.links


def test_a_waitlist_is_left(student: Browser, waiting: Enrollment) -> None:
    student.get("/schedule")
    page = student.press("Leave waitlist CS101")
    assert "your position, which is 2." in page.text

    page = student.press("Leave waitlist")

    assert page.statuses == ["No longer waiting for CS101 section 1."]


@pytest.mark.parametrize("button", ["Drop", "Withdraw"])
def test_a_deadline_that_has_passed_is_told_in_words(
    student: Browser, enrolled: Enrollment, clock: Clock, session: Session, button: str
) -> None:
    student.get("/schedule")
    student.press(f"{button} CS101")
    clock.advance(days=100)
    student.press(button)
    student.press("Log in", Email="student@example.edu", Password="correct horse battery")

    page = student.press(button)

    assert student.status == 409
    assert page.alerts[0].startswith("The term's deadline for")


def test_another_s_enrollment_is_403(student: Browser, section: Section) -> None:
    other = EnrollmentFactory(section=section)

    student.get(f"/schedule/{other.id}/drop")

    assert student.status == 403


def test_a_transcript_tells_terms_grades_credits_and_gpa(student: Browser, sam: Student, session: Session) -> None:
    term = TermFactory(name="Fall 2025")
    for code, status, grade in (
        ("CS101", Status.COMPLETED, "A-"),
        ("CS102", Status.WITHDRAWN, None),
        ("CS103", Status.ENROLLED, None),
    ):
        section = SectionFactory(term=term, of=CourseFactory(code=code, title="T"))
        EnrollmentFactory(student=sam, section=section, status=status, grade=grade)

    page = student.get("/transcript")

    assert "Sam Student, student number 1" in page.text
    assert "CS101 T 3 A- CS102 T 3 W CS103 T 3 in progress Credits earned: 3, GPA: 3.70" in page.text
    assert "In all: credits earned: 3, GPA: 3.70" in page.text


def test_an_empty_transcript_says_so(student: Browser) -> None:
    page = student.get("/transcript")

    assert "Nothing has been taken yet. In all: credits earned: 0, GPA: none yet" in page.text


def test_a_login_whose_student_was_unlinked_sees_no_schedule(student: Browser, session: Session) -> None:
    user = session.query(User).filter_by(student_id=1).one()
    user.student_id = None
    session.commit()

    student.get("/schedule")

    assert student.status == 403
