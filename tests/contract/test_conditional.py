"""Conditional requests (RFC 9110, section 13): nobody overwrites what they have not seen."""

import pytest
from requests import Response

from tests.contract.client import Client
from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.samples import PASSWORD, new_course, new_student, new_term, unique

# what to do about it
MAKE_A_TAG = "Hash what is answered, or count versions, and quote that."
COMPARE_WEAKLY = "Split If-None-Match at its commas, and compare without W/."
COMPARE_STRONGLY = "Compare the tag in the transaction that changes; one with W/ never matches."
COMPARE_FIRST = "Compare the tag in the transaction that deletes."

NEW = {"student": new_student, "term": new_term, "course": new_course}


class Resource:
    """Something that carries an entity tag: it can be read, and its name changed."""

    def __init__(self, office: Office, kind: str) -> None:
        self._office, self._kind = office, kind
        made = office.user("instructor") if kind == "user" else getattr(office, kind)()
        self.path = f"/{kind}s/{made['id']}"

    def read(self, **headers: str) -> Response:
        return self._office.registrar.get(self.path, headers=headers)

    def tag(self) -> str:
        return str(self.read().headers["ETag"])

    def rename(self, name: str, **headers: str) -> Response:
        """A course's name is its title; the names of terms are unique."""
        if self._kind == "user":
            return self._office.registrar.patch(self.path, json={"name": name}, headers=headers)
        new = NEW[self._kind]() | {"title" if self._kind == "course" else "name": name}
        return self._office.registrar.put(self.path, json=new, headers=headers)

    def name(self) -> str:
        return str(self.read().json()["title" if self._kind == "course" else "name"])


@pytest.fixture(params=["student", "user", "term", "course"])
def resource(request: pytest.FixtureRequest, office: Office) -> Resource:
    return Resource(office, request.param)


@pytest.mark.check(
    "enrollment.etag",
    points=1,
    requires=["enrollment.create-term", "enrollment.create-course"],
    cases=["term", "course"],
    hint=MAKE_A_TAG,
)
@pytest.mark.check(
    "access.etag",
    points=1,
    requires=["access.patch-user"],
    cases=["user"],
    hint=MAKE_A_TAG,
)
@pytest.mark.check(
    "students.etag",
    points=2,
    requires=["students.replace"],
    cases=["student"],
    hint="Hash the answer, or count the versions of the row; in double quotes.",
)
def test_a_tag_is_strong_and_changes_with_the_resource(resource: Resource) -> None:
    """An ETag is strong, stays while the resource does, and changes with it."""
    first, again = resource.tag(), resource.tag()

    resource.rename(unique())

    assert first.startswith('"')
    assert first == again != resource.tag()


@pytest.mark.parametrize("kind", NEW)
def test_a_new_resource_comes_with_its_tag(kind: str, registrar: Client) -> None:
    """What was created is answered with the ETag that reading it gives."""
    created = registrar.post(f"/{kind}s", json=NEW[kind]())

    assert created.headers["ETag"] == registrar.get(created.headers["Location"]).headers["ETag"]


def test_a_changed_resource_comes_with_its_new_tag(resource: Resource) -> None:
    """A change is answered with the ETag that reading it gives from then on."""
    assert resource.rename(unique()).headers["ETag"] == resource.tag()


@pytest.mark.check(
    "enrollment.not-modified",
    points=1,
    requires=["enrollment.etag"],
    cases=["term", "course"],
    hint=COMPARE_WEAKLY,
)
@pytest.mark.check(
    "access.not-modified",
    points=1,
    requires=["access.etag"],
    cases=["user"],
    hint=COMPARE_WEAKLY,
)
@pytest.mark.check(
    "students.not-modified",
    points=1,
    requires=["students.etag"],
    cases=["student"],
    hint="If-None-Match is a list of tags, or *, and is compared without W/.",
)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other" ,W/{} , "more"', "*"])
def test_what_has_not_changed_is_not_sent_again(form: str, resource: Resource) -> None:
    """If-None-Match with the current tag, strong or weak, alone or among others, gives 304 with the tag and no body."""
    tag = resource.tag()

    answer = resource.read(**{"If-None-Match": form.format(tag)})

    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)


@pytest.mark.check("students.modified", points=1, requires=["students.create"], cases=["student"])
@pytest.mark.parametrize("known", ['"other"', 'W/"other"', '"one", "other"'])
def test_what_has_changed_is_sent(known: str, resource: Resource) -> None:
    """If-None-Match without the current tag gives the resource."""
    assert resource.read(**{"If-None-Match": known}).status_code == 200


@pytest.mark.parametrize("malformed", ["", "nonsense", '"'])
def test_what_is_no_tag_matches_nothing(malformed: str, resource: Resource) -> None:
    """What is malformed is sent anew by If-None-Match, and refused by If-Match."""
    assert resource.read(**{"If-None-Match": malformed}).status_code == 200
    assert_refused(resource.rename(unique(), **{"If-Match": malformed}), 412, "stale_version")


@pytest.mark.check(
    "students.if-match-current",
    points=1,
    requires=["students.etag"],
    cases=["student"],
    hint="If-Match is a list of tags, or *.",
)
@pytest.mark.parametrize("form", ["{}", '"other", {}', '"other",{},"more"', "*"])
def test_a_change_of_what_was_seen_is_made(form: str, resource: Resource) -> None:
    """If-Match with the current tag, alone or among others, or `*`, lets a change pass."""
    tag, name = resource.tag(), unique()

    assert resource.rename(name, **{"If-Match": form.format(tag)}).status_code == 200
    assert resource.name() == name


@pytest.mark.check(
    "enrollment.if-match",
    points=1,
    requires=["enrollment.etag"],
    cases=["term", "course"],
    hint=COMPARE_STRONGLY,
)
@pytest.mark.check(
    "access.if-match",
    points=1,
    requires=["access.etag"],
    cases=["user"],
    hint=COMPARE_STRONGLY,
)
@pytest.mark.check(
    "students.if-match",
    points=2,
    requires=["students.etag"],
    cases=["student"],
    hint=COMPARE_STRONGLY,
)
@pytest.mark.parametrize("form", ["{before}", "W/{current}", '"*"', '"other"'])
def test_a_change_of_what_was_not_seen_is_refused(form: str, resource: Resource) -> None:
    """If-Match without the current tag, or with a weak one, is 412 stale_version and changes nothing."""
    before = resource.tag()
    seen = unique()
    resource.rename(seen)

    refused = resource.rename(unique(), **{"If-Match": form.format(before=before, current=resource.tag())})

    assert_refused(refused, 412, "stale_version")
    assert resource.name() == seen


@pytest.mark.check(
    "enrollment.if-match-delete",
    points=1,
    requires=["enrollment.etag"],
    cases=["term", "course"],
    hint=COMPARE_FIRST,
)
@pytest.mark.check(
    "students.if-match-delete",
    points=1,
    requires=["students.etag"],
    cases=["student"],
    hint=COMPARE_FIRST,
)
@pytest.mark.parametrize("kind", NEW)
def test_what_has_changed_is_not_deleted(kind: str, office: Office) -> None:
    """DELETE with a stale tag is 412 and deletes nothing; with the current one it deletes."""
    resource = Resource(office, kind)
    stale = {"If-Match": resource.tag()}
    resource.rename(unique())
    fresh = {"If-Match": resource.tag()}

    assert_refused(office.registrar.delete(resource.path, headers=stale), 412, "stale_version")
    assert resource.read().status_code == 200
    assert office.registrar.delete(resource.path, headers=fresh).ok


@pytest.mark.check(
    "access.if-match-untagged",
    points=1,
    requires=["access.logout", "access.new-password"],
    hint="What has no tag equals none: 412, but for *.",
)
def test_what_carries_no_tag_matches_none(office: Office) -> None:
    """On what carries no ETag, any tag is 412 stale_version and does nothing, and `*` passes."""
    client = office.login("instructor").client
    new = {"current_password": PASSWORD, "new_password": PASSWORD[::-1]}

    assert_refused(client.put("/users/me/password", json=new, headers={"If-Match": '"x"'}), 412, "stale_version")
    assert_refused(client.delete("/auth/token", headers={"If-Match": '"x"'}), 412, "stale_version")
    assert client.delete("/auth/token", headers={"If-Match": "*"}).ok
