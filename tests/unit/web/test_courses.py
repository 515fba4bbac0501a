"""The courses' pages."""

import pytest
from sqlalchemy.orm import Session

from tests.unit.factories import CourseFactory, SectionFactory
from tests.unit.web.browser import Browser, InProcess


def test_adding_a_course_ends_on_its_page(registrar: Browser, session: Session) -> None:
    before = [str(CourseFactory(code=code).id) for code in ("CS101", "MATH101")]
    registrar.get("/courses/new")

    page = registrar.press(
        "Save", Code="CS201", Title="Algorithms", Description="One.\r\nTwo.", Credits="3", Prerequisites=before
    )

    assert (page.heading, page.statuses) == ("CS201", ["Course added."])
    assert "Title Algorithms Credits 3 Prerequisites CS101 , MATH101 Description One. Two." in page.text
    assert page.links["CS101"] == f"/courses/{before[0]}"


def test_a_course_is_edited_from_what_stands(registrar: Browser, session: Session) -> None:
    before = CourseFactory()
    registrar.get("/courses/new")
    registrar.press("Save", Code="CS201", Title="Algorithms", Credits="3", Prerequisites=[str(before.id)])
    page = registrar.get(registrar.page.links["Edit"])
    assert page.value("Prerequisites") == [str(before.id)]

    page = registrar.press("Save", Title="Graphs", Prerequisites=[])

    assert page.statuses == ["Course saved."]
    assert "Title Graphs Credits 3 Prerequisites None" in page.text


def test_a_course_cannot_be_chosen_as_its_own_prerequisite(registrar: Browser, session: Session) -> None:
    course, other = CourseFactory(), CourseFactory()

    page = registrar.get(f"/courses/{course.id}/edit")

    options = [option.attributes["value"] for option in page.field("Prerequisites").all("option")]
    assert options == [str(other.id)]


def test_a_circle_of_prerequisites_is_told_on_its_field(registrar: Browser, session: Session) -> None:
    first, second = CourseFactory(), CourseFactory()
    registrar.get(f"/courses/{first.id}/edit")
    registrar.press("Save", Prerequisites=[str(second.id)])
    registrar.get(f"/courses/{second.id}/edit")

    page = registrar.press("Save", Prerequisites=[str(first.id)])

    assert registrar.status == 409
    assert "a course would be its own prerequisite" in page.message("Prerequisites")


def test_a_search_shows_what_matches(student: Browser, session: Session) -> None:
    wanted, _ = CourseFactory(title="Algebra"), CourseFactory(title="Biology")
    student.get("/courses")

    page = student.press("Search", Search_courses=" ALGE ")

    assert [name for name, path in page.links.items() if path.startswith("/courses/")] == [wanted.code]
    assert "No course’s code or title contains “zz”" in student.press("Search", Search_courses="zz").text


def test_a_search_that_cannot_be_made_says_why(student: Browser) -> None:
    page = student.get(f"/courses?q={'x' * 101}")

    assert student.status == 422
    assert page.message("Search courses").startswith("Use at most 100")


@pytest.mark.parametrize(
    ("typed", "label", "message"),
    [
        ({"Code": "x" * 101}, "Code", "Use at most 100 characters; this has 101."),
        ({"Title": ""}, "Title", "Enter a title."),
        ({"Credits": "13"}, "Credits", "Enter a number from 0 to 12."),
        ({"Description": "x" * 10_001}, "Description", "Use at most 10000 characters; this has 10001."),
        ({"Description": "a\0b"}, "Description", "Remove the NUL character."),
    ],
)
def test_a_bad_form_changes_nothing(
    registrar: Browser, calls: InProcess, typed: dict[str, str], label: str, message: str
) -> None:
    registrar.get("/courses/new")
    calls.calls.clear()

    page = registrar.press("Save", **({"Code": "CS1", "Title": "One", "Credits": "3"} | typed))

    assert (registrar.status, calls.unsafe) == (422, [])
    assert page.message(label) == message


def test_the_longest_description_fits_whatever_its_script(registrar: Browser) -> None:
    registrar.get("/courses/new")

    page = registrar.press("Save", Code="CS1", Title="One", Credits="3", Description="😀" * 10_000)

    assert page.statuses == ["Course added."]


def test_a_taken_code_is_told_on_its_field(registrar: Browser, session: Session) -> None:
    CourseFactory(code="cs101")
    registrar.get("/courses/new")

    page = registrar.press("Save", Code="CS101", Title="One", Credits="3")

    assert page.message("Code") == "Another course has this code."


def test_a_stale_edit_shows_what_stands(registrar: Browser, elsewhere: Browser, session: Session) -> None:
    before = CourseFactory(code="CS100")
    path = f"/courses/{CourseFactory().id}/edit"
    registrar.get(path)
    elsewhere.get(path)
    elsewhere.press("Save", Title="Elsewhere", Prerequisites=[str(before.id)])

    page = registrar.press("Save", Title="Typed")

    assert (registrar.status, page.value("Title")) == (409, "Typed")
    assert "Title Elsewhere" in page.text
    assert "Prerequisites CS100" in page.text


def test_a_deleted_course_is_gone(registrar: Browser, session: Session) -> None:
    course = CourseFactory()
    registrar.get(f"/courses/{course.id}/delete")

    page = registrar.press("Delete course")

    assert (page.heading, page.statuses) == ("Courses", ["Course deleted."])
    assert "There are no courses yet." in page.text


def test_a_course_that_is_offered_is_not_deleted(registrar: Browser, session: Session) -> None:
    course_id = SectionFactory().course_id
    registrar.get(f"/courses/{course_id}/delete")

    page = registrar.press("Delete course")

    assert registrar.status == 409
    assert page.alerts == ["Other records depend on this. The course is offered, or required by another."]
