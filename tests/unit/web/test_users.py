"""The users' pages."""

import pytest

from tests.unit.web.browser import PASSWORD, Browser, InProcess


def test_the_list_shows_who_has_which_role_and_may_log_in(registrar: Browser) -> None:
    page = registrar.get("/users")

    assert page.links["Ines Instructor"] == "/users/2"
    assert "Ines Instructor instructor@example.edu Instructor Yes" in page.text


def test_pages_of_users_lead_on_and_back(registrar: Browser) -> None:
    page = registrar.get("/users?limit=4")
    page = registrar.get(page.links["Next page"])

    page = registrar.get(page.links["Previous page"])

    assert "Robin Registrar" in page.links


def test_a_page_of_no_users_says_so(registrar: Browser) -> None:
    page = registrar.get("/users?after=2000000")

    assert "Nobody is here." in page.text


def test_a_student_s_login_links_to_the_student(registrar: Browser) -> None:
    page = registrar.get("/users/4")

    assert page.heading == "Sam Student"
    assert page.links["Number 1"] == "/students/1"


def test_a_new_user_can_log_in(registrar: Browser, visitor: Browser) -> None:
    registrar.get("/users/new")

    page = registrar.press(
        "Save", Name="Ada", Email="ada@example.edu", Role="instructor", Password="a brand new sentence"
    )

    assert (page.heading, page.statuses) == ("Ada", ["User added."])
    assert visitor.log_in("ada", "a brand new sentence").heading == "Home"


@pytest.mark.parametrize(
    ("typed", "label", "message"),
    [
        ({"Role": ""}, "Role", "Choose a role."),
        ({"Role": "dean"}, "Role", "Not a valid choice."),
        ({"Role": "student"}, "Student", "Enter the number of the student whose login this is."),
        ({"Role": "student", "Student": "one"}, "Student", "Enter the student's number, such as 12."),
        ({"Role": "student", "Student": "0"}, "Student", "Enter the student's number, such as 12."),
        ({"Role": "student", "Student": "9" * 5000}, "Student", "Enter the student's number, such as 12."),
        ({"Student": "5"}, "Student", "Only a student's login has a student."),
        ({"Password": "too short"}, "Password", "Use 15 to 128 characters; this has 9."),
        ({"Password": ""}, "Password", "Enter a password."),
        ({"Name": "x" * 101}, "Name", "Use at most 100 characters; this has 101."),
        ({"Name": "a\tb"}, "Name", "Remove line breaks, tabs and other control characters."),
        ({"Email": "x" * 250 + "@y.zz"}, "Email", "Use at most 254 characters; this has 255."),
    ],
)
def test_a_bad_form_is_told_on_its_field_and_makes_no_api_call(
    registrar: Browser, calls: InProcess, typed: dict[str, str], label: str, message: str
) -> None:
    good = {"Name": "Ada", "Email": "ada@example.edu", "Role": "instructor", "Password": PASSWORD}
    registrar.get("/users/new")
    calls.calls.clear()

    page = registrar.press("Save", **good | typed)

    assert registrar.status == 422
    assert calls.calls == []
    assert page.message(label).count(message) == 1


@pytest.mark.parametrize(
    ("typed", "status", "label", "message"),
    [
        ({"Email": "student@example.edu"}, 409, "Email", "This email is already taken."),
        ({"Role": "student", "Student": "1"}, 409, "Student", "This student has a login already."),
        ({"Role": "student", "Student": "999"}, 409, "Student", "There is no student with this number."),
        ({"Password": "098765432109876"}, 422, "Password", "This password is too common"),
    ],
)
def test_what_only_the_api_knows_is_told_on_its_field_too(
    registrar: Browser, typed: dict[str, str], status: int, label: str, message: str
) -> None:
    good = {"Name": "Ada", "Email": "ada@example.edu", "Role": "instructor", "Password": "a brand new sentence"}
    registrar.get("/users/new")

    page = registrar.press("Save", **good | typed)

    assert registrar.status == status
    assert message in page.message(label)
    assert page.value("Name") == "Ada"


def test_a_password_is_never_shown_again(registrar: Browser) -> None:
    registrar.get("/users/new")

    page = registrar.press("Save", Name="", Password="my secret sentence")

    assert page.value("Password") == ""
    assert "my secret sentence" not in registrar.answer.text


def test_a_user_is_changed(registrar: Browser) -> None:
    registrar.get("/users/2/edit")

    page = registrar.press("Save", Name="Ines Instructor-Jones")

    assert (page.heading, page.statuses) == ("Ines Instructor-Jones", ["User saved."])


def test_a_user_who_is_no_longer_active_cannot_log_in(registrar: Browser, visitor: Browser) -> None:
    registrar.get("/users/2/edit")
    form = registrar.page.entries("Save")
    del form["is_active"]

    page = registrar.post("/users/2/edit", form)

    assert "Active No" in page.text
    assert visitor.log_in("instructor").alerts == ["Email or password is not right."]


def test_another_role_leaves_the_student(registrar: Browser) -> None:
    registrar.get("/users/4/edit")
    assert registrar.page.value("Student") == "1"

    page = registrar.press("Save", Role="instructor")

    assert "Role Instructor" in page.text
    assert "Number 1" not in page.links


def test_the_last_registrar_stays(registrar: Browser) -> None:
    registrar.get("/users/1/edit")

    page = registrar.press("Save", Role="instructor")

    assert registrar.status == 409
    assert page.alerts == ["This is the last active registrar. Make someone else a registrar first."]
    assert page.value("Role") == "instructor"


def test_a_student_who_has_a_login_is_not_given_another(registrar: Browser) -> None:
    registrar.get("/users/4/edit")

    page = registrar.press("Save", Student="2")

    assert page.message("Student").endswith("This student has a login already.")


def test_a_stale_edit_keeps_what_was_typed_and_shows_what_stands(registrar: Browser, elsewhere: Browser) -> None:
    registrar.get("/users/4/edit")
    elsewhere.get("/users/4/edit")
    elsewhere.press("Save", Name="Sam Elsewhere")

    page = registrar.press("Save", Name="Sam Typed")

    assert registrar.status == 409
    assert page.value("Name") == "Sam Typed"
    assert "Sam Elsewhere" in page.text
    assert registrar.press("Save").heading == "Sam Typed"


def test_a_user_who_is_not_there_is_404(registrar: Browser) -> None:
    registrar.get("/users/999/edit")

    assert registrar.status == 404
