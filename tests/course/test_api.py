"""The five operations of the course text (sections 2, 5, 7 and 9)."""

from typing import Any

import pytest

from tests.course.registry import Registry, shown
from tests.samples import MISSING_ID, unique_email

NEW = {"name": "Grace Hopper"}


@pytest.mark.check("course.list", points=2, section="2", hint="Answer with a JSON object that has one list, students.")
def test_the_list_is_an_object_with_a_list(registry: Registry) -> None:
    """GET /students answers {"students": [...]}, each student with id, name and email."""
    registry.post("/students", json=NEW | {"email": unique_email()})

    assert list(registry.students()), "after a POST there is still nobody"


@pytest.mark.check("course.create", points=3, requires=["course.list"], hint="Save the student, and commit.")
def test_a_new_student_is_in_the_list(registry: Registry) -> None:
    """POST /students creates a student, who is then in the list with that name and email."""
    name, email = "Ada Lovelace", unique_email()

    answer = registry.post("/students", json={"name": name, "email": email})

    assert answer.ok, f"answered {answer.status_code}"
    assert [shown(each) for each in registry.students() if shown(each)[1] == email] == [(name, email)]


@pytest.mark.check(
    "course.ids", points=1, requires=["course.create"], section="5", hint="Let the database number the rows."
)
def test_two_students_have_two_ids(registry: Registry) -> None:
    """Each student has an id of their own."""
    assert registry.add()["id"] != registry.add()["id"]


@pytest.mark.check(
    "course.read",
    points=2,
    requires=["course.create"],
    hint="Look the student up by the id in the path, not by a place in the list.",
)
def test_a_student_is_read_by_id(registry: Registry) -> None:
    """GET /students/{id} answers that student, and no other."""
    first, second = registry.add(), registry.add()

    for student, other in ((first, second), (second, first)):
        answer = registry.get(f"/students/{student['id']}")
        assert answer.ok, f"answered {answer.status_code}"
        assert student["email"] in answer.text
        assert student["name"] in answer.text
        assert other["email"] not in answer.text


@pytest.mark.check(
    "course.update",
    points=3,
    requires=["course.create", "course.read"],
    hint="Change the row with that id alone, and commit.",
)
def test_a_student_is_updated(registry: Registry) -> None:
    """PUT /students/{id} changes that student, as reading again shows, and no other."""
    student, other = registry.add(), registry.add()
    name, email = "Augusta King", unique_email()

    answer = registry.put(f"/students/{student['id']}", json={"name": name, "email": email})

    assert answer.ok, f"answered {answer.status_code}"
    listed = {each["id"]: shown(each) for each in registry.students()}
    assert listed.get(student["id"]) == (name, email)
    assert listed.get(other["id"]) == shown(other)


@pytest.mark.check(
    "course.delete",
    points=3,
    requires=["course.create", "course.read"],
    hint="Delete the row with that id, and commit.",
)
def test_a_student_is_deleted(registry: Registry) -> None:
    """DELETE /students/{id} deletes that student, who is then not in the list, and no other."""
    student, other = registry.add(), registry.add()

    answer = registry.delete(f"/students/{student['id']}")

    assert answer.ok, f"answered {answer.status_code}"
    assert registry.find(student["email"]) is None
    assert registry.find(other["email"])


@pytest.mark.check("course.missing", points=2, requires=["course.read"], section="9", hint="Raise HTTPException(404).")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_missing_student_is_not_found(method: str, registry: Registry) -> None:
    """A student who does not exist is 404; where ids are no numbers, what is no id is any 4xx."""
    has_numbers = isinstance(registry.add()["id"], int)
    body = {"json": NEW | {"email": unique_email()}} if method == "PUT" else {}

    answer = registry.request(method, f"/students/{MISSING_ID}", **body)

    assert answer.status_code in ([404] if has_numbers else range(400, 500))


@pytest.mark.check(
    "course.deleted",
    points=1,
    requires=["course.delete", "course.missing"],
    section="9",
    hint="Raise HTTPException(404) where there is no such row.",
)
def test_a_deleted_student_is_not_found(registry: Registry) -> None:
    """A student who was deleted is 404 from then on, or the id is somebody else's."""
    student = registry.add()
    registry.delete(f"/students/{student['id']}")

    answer = registry.get(f"/students/{student['id']}")

    assert answer.status_code == 404 or student["email"] not in answer.text


@pytest.mark.check("course.bad-input", points=3, requires=["course.create"], section="2", hint="Declare a model.")
@pytest.mark.parametrize(
    "bad",
    [{"name": "Ada Lovelace"}, {"email": "?"}, {}, [], {"name": None, "email": "?"}, {"name": ["Ada"], "email": "?"}],
    ids=["no email", "no name", "empty", "a list", "null", "a list for a name"],
)
def test_bad_input_is_refused(bad: Any, registry: Registry) -> None:
    """Bad input is 4xx, and saves nobody."""
    email = unique_email()
    body = bad | {"email": email} if isinstance(bad, dict) and "email" in bad else bad

    answer = registry.post("/students", json=body)

    assert 400 <= answer.status_code < 500, f"answered {answer.status_code}"
    assert registry.find(email) is None


@pytest.mark.check(
    "course.bad-json",
    points=1,
    requires=["course.create"],
    section="9",
    hint="Let the framework read the body, or answer its error with 400.",
)
@pytest.mark.parametrize("body", [b"{", b"name=Ada"], ids=["cut short", "a form"])
def test_what_is_no_json_is_refused(body: bytes, registry: Registry) -> None:
    """A body that is no JSON is 4xx, not a failure of the server."""
    answer = registry.post("/students", data=body, headers={"Content-Type": "application/json"})

    assert 400 <= answer.status_code < 500, f"answered {answer.status_code}"


@pytest.mark.check(
    "course.bad-id", points=1, requires=["course.read"], section="2", hint="Declare the parameter as int."
)
def test_an_id_that_is_none_is_refused(registry: Registry) -> None:
    """An id that is no number is 4xx, not a failure of the server."""
    answer = registry.get("/students/ada")

    assert 400 <= answer.status_code < 500, f"answered {answer.status_code}"


@pytest.mark.check(
    "course.access",
    points=2,
    requires=["course.create"],
    section="10",
    auth="bearer",
    hint="Answer 401 to whoever sends no valid token.",
)
def test_the_api_controls_access(registry: Registry, api_url: str) -> None:
    """The API refuses who has no token: 401 or 403, and nobody is saved."""
    email = unique_email()

    answer = Registry(api_url).post("/students", json={"name": "Mallory", "email": email})

    assert answer.status_code in {401, 403}
    assert registry.find(email) is None
