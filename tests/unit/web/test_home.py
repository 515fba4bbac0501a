"""Home, by role."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from api.models import Student
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, TermFactory
from tests.unit.web.browser import Browser


def test_home_leads_a_registrar_to_what_they_do(registrar: Browser) -> None:
    page = registrar.get("/")

    assert "Welcome, Robin Registrar" in page.text
    assert (page.links["Add student"], page.links["Add user"]) == ("/students/new", "/users/new")
    assert page.form("Search").attributes["action"] == "/students"
    assert "No term is under way" in page.text


def test_home_tells_a_registrar_how_full_each_current_section_is(registrar: Browser, session: Session) -> None:
    section = SectionFactory(of=CourseFactory(code="CS101"), number=3, capacity=4)
    EnrollmentFactory(section=section)
    empty = SectionFactory(of=CourseFactory(code="ART1"), capacity=0, term_id=section.term_id)
    past = SectionFactory(term=TermFactory(starts_on=date(2025, 1, 1), ends_on=date(2025, 5, 1)))

    page = registrar.get("/")

    assert "Students 601 Courses 3 Sections 3 Enrolled 1 Waitlisted 0" in page.text
    assert page.links["CS101 section 3"] == f"/sections/{section.id}"
    assert "1 of 4" in page.text
    chart = next(page.root.all("svg", **{"class": "chart"}))
    assert "25%" in chart.text
    bars = [bar.attributes["width"] for bar in chart.all("rect")]
    assert bars == ["150", "37.5", "150", "150"]
    assert f"/sections/{empty.id}" in page.links.values()
    assert f"/sections/{past.id}" not in page.links.values()


def test_home_shows_an_instructor_their_own_sections(instructor: Browser, session: Session) -> None:
    own, other = SectionFactory(instructor_id=2), SectionFactory()

    page = instructor.get("/")

    assert f"/sections/{own.id}" in page.links.values()
    assert f"/sections/{other.id}" not in page.links.values()


def test_home_shows_an_instructor_no_section_of_a_term_that_is_over(instructor: Browser, session: Session) -> None:
    past = TermFactory(
        ends_on=date(2026, 8, 31), starts_on=date(2026, 1, 1), enrollment_closes_at=datetime(2026, 8, 2, tzinfo=UTC)
    )
    over, own = SectionFactory(instructor_id=2, term=past), SectionFactory(instructor_id=2)

    page = instructor.get("/")

    assert f"/sections/{own.id}" in page.links.values()
    assert f"/sections/{over.id}" not in page.links.values()
    assert page.links["all sections"] == "/sections"


def test_home_of_a_university_of_many_sections_shows_each(instructor: Browser, session: Session) -> None:
    course, term = CourseFactory(), TermFactory()
    own = [SectionFactory(instructor_id=2, of=course, term=term, number=n) for n in range(1, 102)]

    page = instructor.get("/")

    assert {f"/sections/{section.id}" for section in own} <= set(page.links.values())


def test_an_instructor_without_sections_is_told_so(instructor: Browser) -> None:
    assert "Your sections None yet." in instructor.get("/").text


def test_home_shows_a_student_their_own_week(student: Browser, session: Session) -> None:
    section = SectionFactory(
        of=CourseFactory(code="CS101"), number=1, meetings=[{"day": "sat", "starts": "08:00", "ends": "09:00"}]
    )
    EnrollmentFactory(student=session.get_one(Student, 1), section=section)

    page = student.get("/")

    week = next(page.root.all("svg"))
    assert "Mon Tue Wed Thu Fri Sat CS101" in week.text
    assert page.links["CS101 section 1"] == f"/sections/{section.id}"
    assert page.links["Your record"] == "/students/1"


def test_a_student_in_no_section_is_led_to_open_ones(student: Browser) -> None:
    page = student.get("/")

    assert page.links["See sections with open seats"] == "/sections?open=true"
