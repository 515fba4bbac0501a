"""Courses: what is taught, and what must be passed before."""

import pytest

from tests.contract.client import Client
from tests.contract.office import Office, changes
from tests.contract.problems import assert_refused
from tests.promised import as_promised
from tests.samples import MISSING_ID, new_course, unique


@pytest.mark.check("enrollment.create-course", points=2, requires=["access.login"])
def test_a_created_course_is_answered_whole(registrar: Client) -> None:
    """A new course is answered whole, with what was left out, and can be read by that id."""
    new = new_course()

    created = registrar.post("/courses", json=new)

    expected = new | {"id": created.json()["id"], "description": "", "prerequisite_ids": []}
    assert created.ok
    assert as_promised(created.json(), expected) == expected
    assert as_promised(registrar.get(f"/courses/{expected['id']}").json(), expected) == expected


@pytest.mark.check("enrollment.description", points=1, requires=["enrollment.create-course"])
@pytest.mark.parametrize("description", ["", "d" * 10_000, " 𐍈\n\ttabs and lines \x7f "])
def test_a_description_is_kept_as_it_was_sent(description: str, office: Office) -> None:
    """A description is any text of at most 10,000 characters, and comes back as it was sent."""
    course = office.course(description=description)

    assert office.registrar.get(f"/courses/{course['id']}").json()["description"] == description


@pytest.mark.check(
    "enrollment.replace-course",
    points=1,
    requires=["enrollment.create-course"],
    hint="Set every field; do not use exclude_unset, which makes PUT a PATCH.",
)
def test_what_a_replacement_leaves_out_takes_its_default(office: Office) -> None:
    """PUT replaces every field; an optional one that is missing takes its default, never what was there."""
    course, new = office.course(office.course(), description="old"), new_course() | {"credits": 12}

    replaced = office.registrar.put(f"/courses/{course['id']}", json=new)

    expected = new | {"id": course["id"], "description": "", "prerequisite_ids": []}
    assert replaced.status_code == 200
    assert as_promised(replaced.json(), expected) == expected
    assert as_promised(office.registrar.get(f"/courses/{course['id']}").json(), expected) == expected


@pytest.mark.check(
    "enrollment.code-taken",
    points=1,
    requires=["enrollment.create-course"],
    hint="Compare case-folded codes, and leave out the course that is being replaced.",
)
def test_a_code_is_taken_without_regard_to_case(office: Office) -> None:
    """No two courses have one code, in whatever case: 409 code_taken; a course may keep its own."""
    taken, other = office.course(), office.course()
    code = taken["code"].upper()

    assert_refused(office.registrar.post("/courses", json=new_course() | {"code": code}), 409, "code_taken")
    assert_refused(office.alter("course", other, code=code), 409, "code_taken")
    assert changes("course", taken, office.alter("course", taken, code=code).json()) == {"code": code}


@pytest.mark.check(
    "enrollment.prerequisites-ascending",
    points=1,
    requires=["enrollment.create-course"],
    hint="Order by id when you read them.",
)
def test_prerequisites_are_answered_ascending(office: Office) -> None:
    """Prerequisites come in ascending id, however they were sent, of one course and in the list."""
    first, second, third = sorted(office.course()["id"] for _ in range(3))

    course = office.course(prerequisite_ids=[second, third, first])

    assert course["prerequisite_ids"] == [first, second, third]
    listed = office.registrar.get("/courses", params={"q": course["code"]}).json()["courses"]
    assert [each for each in listed if each["id"] == course["id"]] in ([], [course])  # to be found is another check
    replaced = office.alter("course", course, prerequisite_ids=[third, second]).json()
    assert replaced["prerequisite_ids"] == [second, third]


@pytest.mark.check("enrollment.prerequisite-missing", points=1, requires=["enrollment.create-course"])
def test_a_prerequisite_exists(office: Office) -> None:
    """A prerequisite that does not exist is 404, on POST and on PUT."""
    missing, course = {"prerequisite_ids": [MISSING_ID]}, office.course()

    assert_refused(office.registrar.post("/courses", json=new_course() | missing), 404, "not_found")
    assert_refused(office.alter("course", course, **missing), 404, "not_found")


@pytest.mark.check(
    "enrollment.prerequisite-cycle",
    points=2,
    requires=["enrollment.create-course"],
    hint="Follow the prerequisites of the new ones, and theirs, until you meet the course or an end.",
)
@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_prerequisites_form_no_cycle(length: int, office: Office) -> None:
    """A course that would be required by itself, directly or through others, is 409 prerequisite_cycle."""
    first = last = office.course()
    for _ in range(length - 1):
        last = office.course(last)

    refused = office.alter("course", first, prerequisite_ids=[last["id"]])

    assert_refused(refused, 409, "prerequisite_cycle")
    assert office.registrar.get(f"/courses/{first['id']}").json() == first


@pytest.mark.check(
    "enrollment.two-ways",
    points=1,
    requires=["enrollment.create-course"],
    hint="A course met twice on the way is no cycle; only the course itself is.",
)
def test_two_ways_to_one_course_are_no_cycle(office: Office) -> None:
    """A course may be required in several ways, directly and through others, which is no cycle."""
    basics, course = office.course(), office.course()
    ways = {basics["id"], *(office.course(basics)["id"] for _ in range(2))}

    altered = office.alter("course", course, prerequisite_ids=list(ways))

    assert altered.status_code == 200, altered.text
    assert set(altered.json()["prerequisite_ids"]) == ways


@pytest.mark.check(
    "enrollment.course-in-use",
    points=1,
    requires=["enrollment.create-section"],
    hint="Look for what refers to it, or answer the foreign key's error with 409.",
)
def test_a_course_that_is_offered_or_required_stays(office: Office) -> None:
    """A course with a section, or required by another, is 409 in_use; a course that requires others can go."""
    offered, required = office.course(), office.course()
    office.section(offered)
    advanced = office.course(required)

    for course in (offered, required):
        assert_refused(office.registrar.delete(f"/courses/{course['id']}"), 409, "in_use")
    for course in (advanced, required):
        assert office.registrar.delete(f"/courses/{course['id']}").ok
        assert_refused(office.registrar.get(f"/courses/{course['id']}"), 404, "not_found")


@pytest.mark.check(
    "enrollment.course-search", points=1, requires=["enrollment.create-course"], hint="Escape % and _ in LIKE."
)
@pytest.mark.parametrize("field", ["code", "title"])
def test_a_course_is_found_by_any_part_of_code_or_title(field: str, office: Office) -> None:
    """Courses are found by a substring of code or title, without ASCII case, `%` and `_` standing for themselves."""
    word = unique()
    course = office.course(**{field: f"{word} 100% _x"})

    for q in (word[3:-3].upper(), f"{word} 100%", f"{word[-9:]} 100% _x"):
        found = office.registrar.get("/courses", params={"q": q, "limit": "100"}).json()["courses"]
        assert course in found
    assert office.registrar.get("/courses", params={"q": f"{word}_"}).json()["courses"] == []
