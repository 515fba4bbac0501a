"""The students' pages."""

import pytest

from tests.unit.web.browser import Browser, InProcess


def test_the_list_links_each_name_to_its_page(registrar: Browser) -> None:
    page = registrar.get("/students")

    assert page.heading == "Students"
    assert page.links["Amara Abebe"] == "/students/4"
    assert "amara.abebe@example.edu" in page.text


def test_following_every_next_page_shows_every_student_once(registrar: Browser) -> None:
    seen: list[str] = []
    page = registrar.get("/students")
    while True:
        seen += [href for href in page.links.values() if href.startswith("/students/") and href != "/students/new"]
        if "Next page" not in page.links:
            break
        page = registrar.get(page.links["Next page"])

    assert len(seen) == len(set(seen)) == 600


def test_previous_page_leads_back(registrar: Browser) -> None:
    first = registrar.get("/students")
    registrar.get(first.links["Next page"])

    back = registrar.get(registrar.page.links["Previous page"])

    assert "Previous page" not in first.links
    assert back.links["Amara Abebe"] == "/students/4"


def test_a_search_shows_what_matches_and_is_still_there(registrar: Browser) -> None:
    registrar.get("/students")

    page = registrar.get("/students?q=+BEBE+")

    assert page.value("Search students") == "BEBE"
    assert "Amara Abebe" in page.links
    assert "Björn Haddad" not in page.links


def test_a_search_goes_on_over_its_pages(registrar: Browser) -> None:
    page = registrar.get("/students?q=example.edu&limit=5")

    page = registrar.get(page.links["Next page"])

    assert page.value("Search students") == "example.edu"
    assert "Esra Chaudhary" in page.links


@pytest.mark.parametrize("query", ["limit=101", "after=x"])
def test_an_address_that_was_tampered_with_is_404(registrar: Browser, query: str) -> None:
    registrar.get(f"/students?{query}")

    assert registrar.status == 404


def test_a_search_that_finds_nobody_says_so(registrar: Browser) -> None:
    page = registrar.get("/students?q=%25_nobody")

    assert "Nobody’s name or email contains “%_nobody”." in page.text


@pytest.mark.parametrize(("q", "message"), [("x" * 101, "Use at most 100"), ("a%09b", "Remove line breaks, tabs")])
def test_a_search_that_cannot_be_made_says_why(registrar: Browser, calls: InProcess, q: str, message: str) -> None:
    calls.calls.clear()

    page = registrar.get(f"/students?q={q}")

    assert registrar.status == 422
    assert page.message("Search students").startswith(message)
    assert calls.calls == []


def test_a_page_of_nobody_says_so(registrar: Browser) -> None:
    page = registrar.get("/students?after=2000000")

    assert "Nobody is here yet." in page.text


def test_adding_a_student_ends_on_their_page(registrar: Browser) -> None:
    registrar.get("/students/new")

    page = registrar.press("Save", Name="  Ada Lovelace ", Email=" Ada@Example.org ")

    assert page.heading == "Ada Lovelace"
    assert page.statuses == ["Student added."]
    assert "ada@example.org" in page.text
    assert registrar.url == "/students/601"


def test_a_message_is_shown_once(registrar: Browser) -> None:
    registrar.get("/students/new")
    registrar.press("Save", Name="Ada", Email="ada@example.org")

    page = registrar.get(registrar.url)

    assert page.statuses == []


def test_a_bad_form_makes_no_api_call(registrar: Browser, calls: InProcess) -> None:
    registrar.get("/students/new")
    calls.calls.clear()

    page = registrar.press("Save", Name=" ", Email="nowhere")

    assert registrar.status == 422
    assert calls.calls == []
    assert page.message("Name") == "Enter a name."
    assert page.message("Email") == "Enter an email address, such as name@example.edu."
    assert page.value("Email") == "nowhere"


def test_the_summary_has_focus_comes_first_and_leads_to_each_field(registrar: Browser) -> None:
    registrar.get("/students/new")

    page = registrar.press("Save", Name="", Email="")

    summary = next(page.root.all(role="alert"))
    assert {"tabindex", "autofocus"} <= summary.attributes.keys()
    assert [link.attributes["href"] for link in summary.all("a")] == ["#name", "#email"]
    assert page.text.startswith(summary.text)


@pytest.mark.parametrize("path", ["/students/new", "/students/4/edit"])
def test_a_taken_email_is_told_on_its_field(registrar: Browser, path: str) -> None:
    registrar.get(path)

    page = registrar.press("Save", Name="Ada", Email="BJORN.haddad@example.edu")

    assert registrar.status == 409
    assert page.message("Email") == "This email is already taken."
    assert page.value("Name") == "Ada"


def test_what_was_typed_is_never_markup(registrar: Browser) -> None:
    registrar.get("/students/new")

    page = registrar.press("Save", Name="<b>\"Bobby\" & 'Co'</b>", Email="bobby@example.org")

    assert page.heading == "<b>\"Bobby\" & 'Co'</b>"
    assert page.title == page.heading + " · Registrar"


def test_an_edit_is_saved_under_the_version_that_was_seen(registrar: Browser, calls: InProcess) -> None:
    registrar.get("/students/4/edit")
    seen = registrar.page.entries("Save")["etag"]

    page = registrar.press("Save", Name="Amara Okoye")

    assert calls.unsafe[-1] == "PUT /students/4"
    assert [call.headers["If-Match"] for call in calls.calls if call.method == "PUT"] == [seen]
    assert (page.heading, page.statuses) == ("Amara Okoye", ["Student saved."])


def test_a_stale_edit_keeps_what_was_typed_and_shows_what_stands(registrar: Browser, elsewhere: Browser) -> None:
    registrar.get("/students/4/edit")
    elsewhere.get("/students/4/edit")
    elsewhere.press("Save", Name="Amara Elsewhere")

    page = registrar.press("Save", Name="Amara Typed")

    assert registrar.status == 409
    assert page.alerts == ["This was changed by someone else while you had it open. What stands now is shown below."]
    assert page.value("Name") == "Amara Typed"
    assert "Amara Elsewhere" in page.text


def test_saving_a_stale_edit_again_is_a_decision(registrar: Browser, elsewhere: Browser) -> None:
    registrar.get("/students/4/edit")
    elsewhere.get("/students/4/edit")
    elsewhere.press("Save", Name="Amara Elsewhere")
    registrar.press("Save", Name="Amara Typed")

    page = registrar.press("Save")

    assert page.heading == "Amara Typed"


@pytest.mark.parametrize("etag", ["", "*", '"a"\r\nX: y', "“”", 'W/"x"'])
def test_a_version_that_was_tampered_with_is_stale(registrar: Browser, etag: str) -> None:
    registrar.get("/students/4/edit")
    form = registrar.page.entries("Save")

    registrar.post("/students/4/edit", form | {"etag": etag})

    assert registrar.status == 409


def test_deleting_asks_first_naming_the_student(registrar: Browser, calls: InProcess) -> None:
    page = registrar.get("/students/4/delete")

    assert page.heading == "Delete Amara Abebe?"
    assert page.links["Cancel"] == "/students/4"
    assert calls.unsafe == ["POST /auth/token"]


def test_a_deleted_student_is_gone(registrar: Browser, calls: InProcess) -> None:
    registrar.get("/students/4/delete")

    page = registrar.press("Delete student")

    assert (page.heading, page.statuses) == ("Students", ["Student deleted."])
    assert [call.headers["If-Match"] for call in calls.calls if call.method == "DELETE"] != []
    assert "Amara Abebe" not in page.links
    registrar.get("/students/4")
    assert registrar.status == 404


def test_a_student_who_changed_meanwhile_is_not_deleted(registrar: Browser, elsewhere: Browser) -> None:
    registrar.get("/students/4/delete")
    elsewhere.get("/students/4/edit")
    elsewhere.press("Save", Name="Amara Elsewhere")

    page = registrar.press("Delete student")

    assert registrar.status == 409
    assert page.heading == "Delete Amara Elsewhere?"
    assert len(page.alerts) == 1


@pytest.mark.parametrize(
    "path", ["/students/601", "/students/601/edit", "/students/601/delete", "/students/2147483648"]
)
def test_a_student_who_is_not_there_is_404(registrar: Browser, path: str) -> None:
    page = registrar.get(path)

    assert (registrar.status, page.heading) == (404, "Page not found")


@pytest.mark.parametrize("id_", ["0", "007", "-1", "1.0", "abc", "٣", "9" * 5000])
def test_what_is_no_student_number_is_404_without_a_call(registrar: Browser, calls: InProcess, id_: str) -> None:
    calls.calls.clear()

    registrar.get(f"/students/{id_}")

    assert registrar.status == 404
    assert calls.calls == []
