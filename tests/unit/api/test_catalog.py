"""Terms, courses and sections: what registrars keep, and what they are refused."""

from typing import Any

import pytest

from api.models import Role
from api.services.courses import leads_back
from tests.unit.api.visitors import API, refusal
from tests.unit.factories import CourseFactory, EnrollmentFactory, SectionFactory, TermFactory, UserFactory

TERM = {
    "name": "Fall 2026",
    "starts_on": "2026-08-24",
    "ends_on": "2026-12-18",
    "enrollment_opens_at": "2026-08-01T09:00:00Z",
    "enrollment_closes_at": "2026-09-04T17:00:00Z",
    "drop_deadline": "2026-09-18T17:00:00Z",
    "withdraw_deadline": "2026-11-06T17:00:00Z",
    "credit_limit": 18,
}
COURSE = {"code": "CS101", "title": "Programming", "description": "", "credits": 3, "prerequisite_ids": []}
MEETING = {"day": "mon", "starts": "09:00", "ends": "10:30"}


def section_of(**facts: Any) -> dict[str, Any]:
    body = {"course_id": 0, "term_id": 0, "instructor_id": None, "number": 1, "capacity": 30, "waitlist_capacity": 5}
    return body | {"meetings": [MEETING], "course_id": CourseFactory().id, "term_id": TermFactory().id} | facts


def test_a_term_is_created_read_replaced_and_deleted(api: API) -> None:
    created = api.post("/terms", json=TERM)
    path = created.headers["location"]

    assert created.json() == TERM | {"id": created.json()["id"]} == api.get(path, by=Role.STUDENT).json()
    assert api.put(path, json=TERM | {"name": "Autumn"}).json()["name"] == "Autumn"
    assert api.delete(path).status_code == 204
    assert refusal(api.get(path)) == (404, "not_found")


def test_a_timestamp_of_any_offset_is_answered_in_utc(api: API) -> None:
    created = api.post("/terms", json=TERM | {"drop_deadline": "2026-09-18T19:30:00.5+02:30"})

    assert created.json()["drop_deadline"] == "2026-09-18T17:00:00.500000Z"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("drop_deadline", "2026-09-18T17:00:00"),
        ("drop_deadline", "2026-09-18"),
        ("drop_deadline", 1789750800),
        ("drop_deadline", "17897508000"),
        ("drop_deadline", "9999-12-31T23:59:59-10:00"),
        ("drop_deadline", "0001-01-01T00:00:00+01:00"),
        ("starts_on", "2026-08-24T00:00:00"),
        ("starts_on", "2026-02-30"),
        ("starts_on", 20260824),
        ("credit_limit", 101),
        ("credit_limit", -1),
        ("credit_limit", True),
        ("name", " Fall"),
    ],
)
def test_a_term_that_is_not_well_formed_is_422(api: API, field: str, value: Any) -> None:
    answer = api.post("/terms", json=TERM | {field: value})

    assert refusal(answer) == (422, "validation_error")
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]


@pytest.mark.parametrize(
    ("dates", "answer"),
    [
        ({"starts_on": "2026-12-19"}, 409),
        ({"starts_on": "2026-12-18"}, 201),
        ({"enrollment_opens_at": "2026-09-04T17:00:00Z"}, 409),
        ({"drop_deadline": "2026-11-06T17:00:00.1Z"}, 409),
        ({"drop_deadline": "2026-11-06T17:00:00Z"}, 201),
        ({"withdraw_deadline": "2030-01-01T00:00:00Z"}, 201),
    ],
)
def test_a_terms_dates_are_in_order(api: API, dates: dict[str, str], answer: int) -> None:
    created = api.post("/terms", json=TERM | dates)

    assert created.status_code == answer
    assert answer == 201 or refusal(created) == (409, "invalid_dates")


@pytest.mark.parametrize(("first", "second"), [("Fall", "FALL"), ("Été", "ÉTÉ"), ("straße", "STRASSE")])
def test_names_of_terms_and_codes_of_courses_are_unique_without_case(api: API, first: str, second: str) -> None:
    api.post("/terms", json=TERM | {"name": first})
    api.post("/courses", json=COURSE | {"code": first})
    term, course = TermFactory(), CourseFactory()

    assert refusal(api.post("/terms", json=TERM | {"name": second})) == (409, "name_taken")
    assert refusal(api.put(f"/terms/{term.id}", json=TERM | {"name": second})) == (409, "name_taken")
    assert refusal(api.post("/courses", json=COURSE | {"code": second})) == (409, "code_taken")
    assert refusal(api.put(f"/courses/{course.id}", json=COURSE | {"code": second})) == (409, "code_taken")


def test_a_course_is_created_read_replaced_and_deleted(api: API) -> None:
    first, second = CourseFactory.create_batch(2)

    created = api.post("/courses", json=COURSE | {"prerequisite_ids": [second.id, first.id]})
    path = created.headers["location"]

    assert created.json() == COURSE | {"id": created.json()["id"], "prerequisite_ids": [first.id, second.id]}
    assert api.get(path, by=Role.STUDENT).json() == created.json()
    assert api.put(path, json={"code": "CS101", "title": "x", "credits": 0}).json()["prerequisite_ids"] == []
    assert api.delete(path).status_code == 204
    assert refusal(api.get(path)) == (404, "not_found")


def test_courses_are_listed_with_their_prerequisites_and_found_by_code_and_title(api: API) -> None:
    basics, other = CourseFactory(code="MATH1", title="Algebra"), CourseFactory(title="Poetry")
    advanced = api.post("/courses", json=COURSE | {"code": "MATH2", "prerequisite_ids": [basics.id]}).json()

    def found(q: str) -> list[int]:
        return [course["id"] for course in api.get("/courses", params={"q": q}).json()["courses"]]

    assert found("math") == [basics.id, advanced["id"]]
    assert found("poet") == [other.id]
    assert api.get("/courses?q=math2").json()["courses"] == [advanced]


@pytest.mark.parametrize("prerequisite_ids", [[1, 1], [1, 1.0], [0], ["1"], None, "1"])
def test_prerequisites_are_ids_without_repeats(api: API, prerequisite_ids: Any) -> None:
    CourseFactory()

    answer = api.post("/courses", json=COURSE | {"prerequisite_ids": prerequisite_ids})

    assert refusal(answer) == (422, "validation_error")


def test_a_prerequisite_that_does_not_exist_is_not_found(api: API) -> None:
    course = CourseFactory()

    assert refusal(api.post("/courses", json=COURSE | {"prerequisite_ids": [999]})) == (404, "not_found")
    assert refusal(api.put(f"/courses/{course.id}", json=COURSE | {"prerequisite_ids": [999]})) == (404, "not_found")


def test_prerequisites_form_no_cycle(api: API) -> None:
    first, second, third = (course.id for course in CourseFactory.create_batch(3))

    def require(course_id: int, *prerequisite_ids: int) -> Any:
        body = COURSE | {"code": f"C{course_id}", "prerequisite_ids": list(prerequisite_ids)}
        return api.put(f"/courses/{course_id}", json=body)

    assert refusal(require(first, first)) == (409, "prerequisite_cycle")
    assert require(second, first).status_code == require(third, second).status_code == 200
    assert refusal(require(first, third)) == (409, "prerequisite_cycle")
    assert require(third, first, second).status_code == 200


@pytest.mark.parametrize(
    ("prerequisites", "cyclic"),
    [
        ({1: []}, False),
        ({1: [1]}, True),
        ({1: [2], 2: [3], 3: []}, False),
        ({1: [2], 2: [3], 3: [1]}, True),
        ({1: [2, 3], 2: [4], 3: [4], 4: []}, False),
        ({1: [2], 2: [3], 3: [2]}, False),
    ],
)
def test_a_course_leads_back_to_itself_directly_or_through_others(
    prerequisites: dict[int, list[int]], cyclic: bool
) -> None:
    assert leads_back(1, prerequisites) is cyclic


def test_what_is_in_use_is_not_deleted(api: API) -> None:
    section = SectionFactory()
    enrollment = EnrollmentFactory(section=section)
    basics = CourseFactory()
    api.post("/courses", json=COURSE | {"prerequisite_ids": [basics.id]})

    for path in (
        f"/terms/{section.term_id}",
        f"/courses/{section.course_id}",
        f"/courses/{basics.id}",
        f"/sections/{enrollment.section_id}",
    ):
        assert refusal(api.delete(path)) == (409, "in_use")


def test_a_section_is_created_read_replaced_and_deleted(api: API) -> None:
    instructor = UserFactory(role=Role.INSTRUCTOR)
    body: dict[str, Any] = section_of(instructor_id=instructor.id)

    created = api.post("/sections", json=body)
    path, section = created.headers["location"], created.json()

    computed: dict[str, Any] = {"enrolled": 0, "waitlisted": 0, "seats_left": 30, "instructor": {"id": instructor.id}}
    assert body.items() <= {**section, "meetings": body["meetings"]}.items()
    assert section["instructor"] == computed.pop("instructor") | {"name": instructor.name}
    assert computed.items() <= section.items()
    assert section == api.get(path, by=Role.STUDENT).json()
    defaults = api.put(path, json={name: body[name] for name in ("course_id", "term_id", "number", "capacity")}).json()
    assert (defaults["instructor"], defaults["meetings"], defaults["waitlist_capacity"]) == (None, [], 0)
    assert api.delete(path).status_code == 204
    assert refusal(api.get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"course_id": 999}, (404, "not_found")),
        ({"term_id": 999}, (404, "not_found")),
        ({"instructor_id": 999}, (404, "not_found")),
        ({"meetings": [MEETING | {"ends": "09:00"}]}, (409, "invalid_meeting")),
        ({"meetings": [MEETING | {"ends": "24:00"}]}, (422, "validation_error")),
        ({"meetings": [MEETING | {"day": "Monday"}]}, (422, "validation_error")),
        ({"number": 0}, (422, "validation_error")),
        ({"number": 1000}, (422, "validation_error")),
        ({"capacity": 1001}, (422, "validation_error")),
        ({"waitlist_capacity": -1}, (422, "validation_error")),
    ],
)
def test_a_section_has_what_exists_and_meets_in_order(api: API, fault: dict[str, Any], answer: tuple[int, str]) -> None:
    standing = SectionFactory()

    assert refusal(api.post("/sections", json=section_of(**fault))) == answer
    assert refusal(api.put(f"/sections/{standing.id}", json=section_of(**fault))) == answer


def test_a_section_is_taught_by_an_instructor(api: API) -> None:
    body = section_of(instructor_id=api.user(Role.REGISTRAR).id)

    assert refusal(api.post("/sections", json=body)) == (409, "not_an_instructor")


def test_a_number_is_unique_within_course_and_term(api: API) -> None:
    section, other = SectionFactory(number=1), SectionFactory(number=1)
    same = {"course_id": section.course_id, "term_id": section.term_id}

    assert refusal(api.post("/sections", json=section_of(**same))) == (409, "number_taken")
    assert refusal(api.put(f"/sections/{other.id}", json=section_of(**same))) == (409, "number_taken")
    assert api.post("/sections", json=section_of(**same, number=2)).status_code == 201


def test_capacity_stays_above_who_is_enrolled(api: API) -> None:
    section = SectionFactory(capacity=3)
    for _ in range(2):
        EnrollmentFactory(section=section)
    same = {"course_id": section.course_id, "term_id": section.term_id}

    lowered = [api.put(f"/sections/{section.id}", json=section_of(**same, capacity=capacity)) for capacity in (2, 1)]

    assert lowered[0].json()["seats_left"] == 0
    assert refusal(lowered[1]) == (409, "capacity_below_enrolled")


def test_a_section_with_enrollments_stays_in_its_course_and_term(api: API) -> None:
    taken, empty = EnrollmentFactory().section_id, SectionFactory().id

    assert refusal(api.put(f"/sections/{taken}", json=section_of())) == (409, "in_use")
    assert api.put(f"/sections/{empty}", json=section_of()).status_code == 200


def test_sections_are_filtered_by_term_course_text_and_open_seats(api: API) -> None:
    course = CourseFactory(code="PHIL9", title="Ethics")
    one = SectionFactory(of=course)
    full = SectionFactory(of=course, capacity=0)
    other = SectionFactory(term_id=one.term_id)

    def found(query: str) -> list[int]:
        return [section["id"] for section in api.get(f"/sections?{query}").json()["sections"]]

    assert found(f"term_id={one.term_id}") == [one.id, other.id]
    assert found(f"course_id={course.id}") == [one.id, full.id]
    assert found("q=ethic") == found("q=phil9") == [one.id, full.id]
    assert found("open=true") == [one.id, other.id]
    assert found(f"course_id={course.id}&open=true&term_id={one.term_id}") == [one.id]
    assert found("limit=1&q=ethic") == [one.id]


@pytest.mark.parametrize("query", ["open=maybe", "term_id=0", "course_id=x"])
def test_a_filter_that_is_none_is_422(api: API, query: str) -> None:
    assert refusal(api.get(f"/sections?{query}")) == (422, "validation_error")


@pytest.mark.parametrize("thing", ["terms", "courses"])
def test_a_tag_guards_what_is_replaced_or_deleted(api: API, thing: str) -> None:
    body: dict[str, Any] = {"terms": TERM, "courses": COURSE}[thing]
    path = api.post(f"/{thing}", json=body).headers["location"]
    tag = {"If-Match": api.get(path).headers["etag"]}
    api.put(path, json=body | {{"terms": "name", "courses": "title"}[thing]: "Changed"})

    assert refusal(api.put(path, json=body, headers=tag)) == (412, "stale_version")
    assert refusal(api.delete(path, headers=tag)) == (412, "stale_version")
    assert api.get(path, headers={"If-None-Match": api.get(path).headers["etag"]}).status_code == 304


def test_a_section_carries_no_tag(api: API) -> None:
    path = f"/sections/{SectionFactory().id}"

    assert "etag" not in api.get(path).headers
    assert refusal(api.delete(path, headers={"If-Match": '"any"'})) == (412, "stale_version")
    assert api.delete(path, headers={"If-Match": "*"}).status_code == 204


@pytest.mark.parametrize("thing", ["terms", "courses", "sections"])
def test_lists_come_in_pages_and_what_is_not_there_is_not_found(api: API, thing: str) -> None:
    factory: Any = {"terms": TermFactory, "courses": CourseFactory, "sections": SectionFactory}[thing]
    everything = [each.id for each in factory.create_batch(3)]

    first = api.get(f"/{thing}?limit=2").json()
    second = api.get(first["next"]).json()

    assert [each["id"] for each in first[thing] + second[thing]] == everything
    body = {"terms": TERM, "courses": COURSE, "sections": section_of()}[thing]
    for method in ("GET", "PUT", "DELETE"):
        assert refusal(api.request(method, f"/{thing}/999", json=body)) == (404, "not_found")
