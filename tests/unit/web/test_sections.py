"""The sections' pages: the catalog, and what each role does on a section's own page."""

from functools import partial

import pytest
from sqlalchemy.orm import Session

from api.models import Enrollment, Role, Section, Status, Student, User
from tests.unit.conftest import Clock
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, StudentFactory, TermFactory
from tests.unit.web.browser import Browser, InProcess

MON = {"day": "mon", "starts": "09:00", "ends": "10:30"}


@pytest.fixture
def section(session: Session) -> Section:
    return SectionFactory(of=CourseFactory(code="CS101", title="Programming"), number=1, meetings=[MON])


@pytest.fixture
def sam(session: Session) -> Student:
    """The student who is logged in."""
    return session.get_one(Student, 1)


def fill(section: Section) -> None:
    for _ in range(section.capacity):
        EnrollmentFactory(section=section)


def leave(enrollment: Enrollment, session: Session) -> None:
    enrollment.status = Status.DROPPED
    session.commit()


def test_the_catalog_tells_seats_as_text_and_as_a_bar(student: Browser, section: Section) -> None:
    EnrollmentFactory(section=section)

    page = student.get("/sections")

    assert page.links["CS101 section 1"] == f"/sections/{section.id}"
    assert "mon 09:00-10:30" in page.text
    assert "1 of 2 left" in page.text
    meter = next(page.root.all("meter"))
    assert (meter.attributes["value"], meter.attributes["max"]) == ("1", "2")


def test_the_catalog_is_filtered_by_term_course_and_open_seats(student: Browser, section: Section) -> None:
    term = TermFactory()
    other = SectionFactory(term=term, of=CourseFactory(code="ART1"), number=7)
    full = SectionFactory(term=term, of=CourseFactory(code="BIO1"), number=8, capacity=0)
    student.get("/sections")

    def found(**typed: str) -> set[str]:
        student.get("/sections")
        return {path for path in student.press("Search", **typed).links.values() if path.startswith("/sections/")}

    assert found(Term=str(term.id)) == {f"/sections/{other.id}", f"/sections/{full.id}"}
    assert found(Term=str(term.id), Open_seats="true") == {f"/sections/{other.id}"}
    assert found(Course=str(section.course_id)) == {f"/sections/{section.id}"}
    assert found(Search_sections="gramm") == {f"/sections/{section.id}"}
    assert found(Search_sections="zz") == set()


def test_a_filter_goes_on_over_its_pages(student: Browser, session: Session) -> None:
    term = TermFactory()
    for number in (1, 2):
        SectionFactory(term=term, of=CourseFactory(code=f"CS10{number}"), number=number)
    page = student.get(f"/sections?term_id={term.id}&open=true&limit=1")

    page = student.get(page.links["Next page"])

    assert "CS102 section 2" in page.links
    assert (page.value("Term"), "checked" in page.field("Open seats").attributes) == (str(term.id), True)


def test_a_filter_that_names_no_term_says_so(student: Browser) -> None:
    page = student.get("/sections?term_id=999")

    assert student.status == 422
    assert page.message("Term") == "Not a valid choice."


def test_adding_a_section_ends_on_its_page(registrar: Browser, session: Session) -> None:
    course, term = CourseFactory(code="CS101"), TermFactory()
    ines = session.query(User).filter_by(role=Role.INSTRUCTOR).first()
    assert ines
    registrar.get("/sections/new")

    page = registrar.press(
        "Save", Course=str(course.id), Term=str(term.id), Instructor=str(ines.id), Number="2", Capacity="30",
        Waitlist_capacity="5", Meetings="mon 09:00-10:30\r\n\r\n WED 9:00",
    )  # fmt: skip
    assert registrar.status == 422
    assert page.message("Meetings").endswith("Write each meeting as mon 09:00-10:30; this is not one: WED 9:00")
    page = registrar.press("Save", Meetings="mon 09:00-10:30\r\n\r\n WED 09:00 - 10:30")

    assert (page.heading, page.statuses) == ("CS101 section 2", ["Section added."])
    assert "mon 09:00-10:30 , wed 09:00-10:30" in page.text
    assert "30 of 30 left" in page.text
    assert "Ines Instructor" in page.text


def test_a_section_is_edited_from_what_stands(registrar: Browser, section: Section) -> None:
    page = registrar.get(f"/sections/{section.id}/edit")
    assert page.value("Meetings") == "mon 09:00-10:30"
    assert page.value("Instructor") == ""

    page = registrar.press("Save", Capacity="3", Meetings="")

    assert page.statuses == ["Section saved."]
    assert "Meetings No fixed time" in page.text


@pytest.mark.parametrize(
    ("typed", "label", "message"),
    [
        ({"Course": ""}, "Course", "Choose a course."),
        ({"Term": "999"}, "Term", "Not a valid choice."),
        ({"Number": "0"}, "Number", "Enter a number from 1 to 999."),
        ({"Capacity": "1001"}, "Capacity", "Enter a number from 0 to 1000."),
        ({"Meetings": "mon 10:00-09:00"}, "Meetings", "A meeting ends after it starts: mon 10:00-09:00"),
    ],
)
def test_a_bad_form_changes_nothing(
    registrar: Browser, calls: InProcess, section: Section, typed: dict[str, str], label: str, message: str
) -> None:
    registrar.get(f"/sections/{section.id}/edit")
    calls.calls.clear()

    page = registrar.press("Save", **typed)

    assert (registrar.status, calls.unsafe) == (422, [])
    assert page.message(label).endswith(message)
    assert page.value(label) == (typed[label] if label != "Term" else "")


def test_what_only_the_api_knows_is_told_on_its_field(registrar: Browser, section: Section) -> None:
    fill(section)
    registrar.get(f"/sections/{section.id}/edit")

    page = registrar.press("Save", Capacity="1")

    assert registrar.status == 409
    assert page.message("Capacity") == "More students than that have a seat already."


def test_a_section_with_enrollments_is_not_deleted(registrar: Browser, section: Section) -> None:
    EnrollmentFactory(section=section)
    registrar.get(f"/sections/{section.id}/delete")

    page = registrar.press("Delete section")

    assert registrar.status == 409
    assert page.alerts == ["Other records depend on this. The section has enrollments, past or present."]


def test_a_deleted_section_is_gone(registrar: Browser, section: Section) -> None:
    registrar.get(f"/sections/{section.id}/delete")

    page = registrar.press("Delete section")

    assert (page.heading, page.statuses) == ("Sections", ["Section deleted."])
    assert "No section is like that." in page.text


def test_a_student_enrolls_once(student: Browser, section: Section) -> None:
    student.get(f"/sections/{section.id}")

    page = student.press("Enroll")

    assert page.statuses == ["Enrolled in CS101 section 1."]
    assert "You are enrolled." in page.text
    assert not {"Enroll", "Join waitlist"} & set(page.buttons)


def test_a_student_joins_the_waitlist_of_a_full_section(student: Browser, section: Section) -> None:
    fill(section)
    page = student.get(f"/sections/{section.id}")
    assert "Enroll" not in page.buttons

    page = student.press("Join waitlist")

    assert page.statuses == ["On the waitlist of CS101 section 1, at position 1."]
    assert "You are on the waitlist, position 1." in page.text
    assert "Join waitlist" not in page.buttons


def test_who_asked_for_a_seat_that_went_meanwhile_is_offered_the_waitlist(student: Browser, section: Section) -> None:
    student.get(f"/sections/{section.id}")
    fill(section)

    page = student.press("Enroll")

    assert (student.status, page.alerts) == (409, ["No seat is left."])
    assert "Join waitlist" in page.buttons


def test_a_refusal_names_every_reason_on_a_line_of_its_own(student: Browser, section: Section, sam: Student) -> None:
    EnrollmentFactory(
        student=sam,
        section=SectionFactory(meetings=[MON], term_id=section.term_id, of=CourseFactory(code="ART1", credits=18)),
    )
    fill(section)
    student.get(f"/sections/{section.id}")

    page = student.press("Join waitlist")

    assert student.status == 409
    lines = [line.text for line in next(page.root.all(role="alert")).all("p")]
    assert lines == [
        "It clashes with the timetable. It meets at the same time as ART1 (mon 09:00).",
        "That is more credits than the term allows. It would make 21 credits; the term's limit is 18.",
    ]


def test_who_has_completed_a_section_is_told_so(student: Browser, section: Section, sam: Student) -> None:
    EnrollmentFactory(student=sam, section=section, status=Status.COMPLETED, grade="B")

    page = student.get(f"/sections/{section.id}")

    assert "You have completed this section." in page.text


def test_staff_see_the_roster_and_the_waitlist_in_order(registrar: Browser, section: Section) -> None:
    seated = EnrollmentFactory(section=section, student=StudentFactory(name="Ada"))
    for name in ("Zoe", "Bob"):
        EnrollmentFactory(section=section, student=StudentFactory(name=name), status=Status.WAITLISTED)

    page = registrar.get(f"/sections/{section.id}")

    assert page.links["Ada"] == f"/students/{seated.student_id}"
    assert [item.text for item in page.root.all("li")] == ["Zoe", "Bob"]


@pytest.mark.parametrize("who", ["registrar", "instructor"])
def test_staff_save_grades_and_correct_them(
    who: str, registrar: Browser, instructor: Browser, section: Section, session: Session, calls: InProcess
) -> None:
    section.instructor_id = 2
    session.commit()
    for name in ("Ada", "Bob"):
        EnrollmentFactory(section=section, student=StudentFactory(name=name))
    staff = {"registrar": registrar, "instructor": instructor}[who]
    staff.get(f"/sections/{section.id}")

    page = staff.press("Save grades", Grade_for_Ada="B+")
    assert page.statuses == ["Grades saved."]
    assert (page.value("Grade for Ada"), page.value("Grade for Bob")) == ("B+", "")
    calls.calls.clear()
    page = staff.press("Save grades", Grade_for_Ada="A")

    assert page.value("Grade for Ada") == "A"
    assert len(calls.unsafe) == 1
    assert staff.press("Save grades").statuses == ["No grade was changed."]


def test_a_refused_grade_keeps_no_other_from_being_saved(
    registrar: Browser, section: Section, session: Session, calls: InProcess
) -> None:
    ada, _, _ = (
        EnrollmentFactory(section=section, student=StudentFactory(name=name))
        for name in ("Ada Lovelace", "Aaron", "Zoe")
    )
    calls.meanwhile[f"PUT /enrollments/{ada.id}/grade"] = lambda: leave(ada, session)
    registrar.get(f"/sections/{section.id}")

    page = registrar.press("Save grades", Grade_for_Aaron="B", Grade_for_Ada_Lovelace="A", Grade_for_Zoe="C")

    assert registrar.status == 409
    assert page.alerts == [
        "2 grades saved; Ada Lovelace's was refused: A grade is for who is enrolled, or has completed the course."
    ]
    assert (page.value("Grade for Aaron"), page.value("Grade for Zoe")) == ("B", "C")
    assert "Ada Lovelace" not in page.links


def test_each_refused_grade_has_a_line(
    registrar: Browser, section: Section, session: Session, calls: InProcess
) -> None:
    for name in ("Ada", "Bob"):
        each = EnrollmentFactory(section=section, student=StudentFactory(name=name))
        calls.meanwhile[f"PUT /enrollments/{each.id}/grade"] = partial(leave, each, session)
    registrar.get(f"/sections/{section.id}")

    page = registrar.press("Save grades", Grade_for_Ada="A", Grade_for_Bob="B")

    why = "A grade is for who is enrolled, or has completed the course."
    lines = [line.text for line in next(page.root.all(role="alert")).all("p")]
    assert lines == [f"No grades saved; Ada's was refused: {why}", f"Bob's was refused: {why}"]


def test_grades_outlive_a_login_that_ends_between_them(
    registrar: Browser, section: Section, clock: Clock, calls: InProcess
) -> None:
    _, bob = (EnrollmentFactory(section=section, student=StudentFactory(name=name)) for name in ("Ada", "Bob"))
    calls.meanwhile[f"PUT /enrollments/{bob.id}/grade"] = lambda: clock.advance(hours=9)
    registrar.get(f"/sections/{section.id}")
    registrar.press("Save grades", Grade_for_Ada="A", Grade_for_Bob="B")

    page = registrar.press("Log in", Email="registrar@example.edu", Password="correct horse battery")

    assert (page.value("Grade for Ada"), page.value("Grade for Bob")) == ("A", "B")
    assert "Ada Completed" in page.text
    assert "Bob Enrolled" in page.text


def test_a_grade_that_is_none_changes_nothing(registrar: Browser, section: Section, calls: InProcess) -> None:
    EnrollmentFactory(section=section, student=StudentFactory(name="Ada"))
    registrar.get(f"/sections/{section.id}")
    calls.calls.clear()

    page = registrar.press("Save grades", Grade_for_Ada="A+")

    assert (registrar.status, calls.unsafe) == (422, [])
    assert page.message("Grade for Ada") == "Not a valid choice."


def test_who_left_meanwhile_gets_no_grade(registrar: Browser, section: Section, session: Session) -> None:
    enrollment = EnrollmentFactory(section=section, student=StudentFactory(name="Ada"))
    registrar.get(f"/sections/{section.id}")
    form = registrar.page.entries("Save grades") | {f"grade-{enrollment.id}": "A"}
    enrollment.status = Status.DROPPED
    session.commit()

    page = registrar.post(f"/sections/{section.id}", form)

    assert page.statuses == ["No grade was changed."]


def test_an_instructor_sees_no_roster_of_another_s_section(instructor: Browser, section: Section) -> None:
    EnrollmentFactory(section=section)
    token = instructor.page.entries("Log out")

    page = instructor.get(f"/sections/{section.id}")
    assert (instructor.status, page.buttons) == (200, ["Log out"])
    assert "Roster" not in page.text

    instructor.post(f"/sections/{section.id}", token)
    assert instructor.status == 403
