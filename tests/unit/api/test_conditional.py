"""Entity tags: what has been seen is not sent again, and what has changed is not overwritten (RFC 9110, section 13)."""

import pytest

from tests.unit.api.visitors import API, refusal
from tests.unit.factories import StudentFactory, UserFactory

ADA = {"name": "Ada Lovelace", "email": "ada@example.org"}


@pytest.fixture
def path(session: object) -> str:
    return f"/students/{StudentFactory().id}"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_has_been_seen_is_not_sent_again(api: API, path: str, form: str) -> None:
    tag = api.get(path).headers["etag"]

    answer = api.get(path, headers={"If-None-Match": form.format(tag)})

    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("header", ['"other"', "other", ""])
def test_what_has_not_been_seen_is_sent(api: API, path: str, header: str) -> None:
    assert api.get(path, headers={"If-None-Match": header}).status_code == 200


def test_a_tag_is_strong_and_changes_with_the_resource(api: API, path: str) -> None:
    before = api.get(path).headers["etag"]

    replaced = api.put(path, json=ADA)

    assert before.startswith('"')
    assert before != replaced.headers["etag"] == api.get(path).headers["etag"]


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
def test_who_has_seen_it_may_change_it(api: API, path: str, form: str) -> None:
    tag = api.get(path).headers["etag"]

    assert api.put(path, json=ADA, headers={"If-Match": form.format(tag)}).status_code == 200


@pytest.mark.parametrize("form", ['"other"', "W/{}", "other", ""])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_who_has_not_may_not(api: API, path: str, method: str, form: str) -> None:
    tag = api.get(path).headers["etag"]

    answer = api.request(method, path, json=ADA, headers={"If-Match": form.format(tag)})

    assert refusal(answer) == (412, "stale_version")
    assert api.get(path).headers["etag"] == tag


def test_a_users_tag_guards_a_patch(api: API) -> None:
    path = f"/users/{UserFactory().id}"
    tag = api.get(path).headers["etag"]

    assert api.patch(path, json={"name": "Ada"}, headers={"If-Match": tag}).status_code == 200
    assert refusal(api.patch(path, json={"name": "Bea"}, headers={"If-Match": tag})) == (412, "stale_version")


@pytest.mark.parametrize(("header", "status"), [("*", 409), ('"any"', 412)])
def test_what_carries_no_tag_matches_the_star_alone(api: API, header: str, status: int) -> None:
    change = {"current_password": "not this one", "new_password": "long enough to be one"}

    assert api.put("/users/me/password", json=change, headers={"If-Match": header}).status_code == status
    assert api.delete("/auth/token", headers={"If-Match": '"any"'}).status_code == 412


def test_what_is_not_there_is_not_found_rather_than_stale(api: API) -> None:
    assert refusal(api.put("/students/999", json=ADA, headers={"If-Match": '"any"'})) == (404, "not_found")


def test_a_stale_version_is_said_before_a_taken_email(api: API, path: str) -> None:
    StudentFactory(email=ADA["email"])

    assert refusal(api.put(path, json=ADA, headers={"If-Match": '"old"'})) == (412, "stale_version")
