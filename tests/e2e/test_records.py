"""What a registrar does with records of every kind: find, add, edit and delete them."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import field, fill, follow, follow_to, leading_to, path, press, said, search, text
from tests.e2e.kinds import DELETABLE, KINDS, VERSIONED, Kind, Typed
from tests.e2e.office import Office
from tests.e2e.traffic import Traffic
from tests.promised import as_promised
from tests.samples import Json

each_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
each_versioned_kind = pytest.mark.parametrize("kind", VERSIONED, ids=str)
each_deletable_kind = pytest.mark.parametrize("kind", DELETABLE, ids=str)


@pytest.mark.check("web.list", points=3, requires=["web.login"])
@each_kind
def test_the_list_leads_to_its_records(registrar: Page, office: Office, kind: Kind) -> None:
    """The list, by its search if it has one, leads to a record's own page."""
    made = kind.make(office)
    registrar.goto(kind.path)
    if kind.sought:
        search(registrar, f"{kind}s", kind.sought(made))
    else:
        made = on_the_way(registrar, kind, made, office.first(kind.path))

    follow_to(registrar, kind.path_of(made))

    assert path(registrar) == kind.path_of(made)


def on_the_way(page: Page, kind: Kind, *records: Json) -> Json:
    """Which is shown first, on this page of a list or on those that follow: there may be hundreds, in any order."""
    while not (shown := [made for made in records if leading_to(page, kind.path_of(made)).count()]):
        follow(page, "Next page")
    return shown[0]


@pytest.mark.check("web.details", points=2, requires=["web.login"], hint="Show all fields of it, by its id.")
@each_kind
def test_a_record_has_a_page_of_its_own(registrar: Page, office: Office, kind: Kind) -> None:
    """A record's own page names it, and tells its details."""
    made = kind.make(office)

    registrar.goto(kind.path_of(made))

    expect(text(registrar, kind.called(made))).to_be_visible()
    expect(text(registrar, kind.told(made))).to_be_visible()


@pytest.mark.check(
    "web.add", points=3, requires=["web.login"], hint="Redirect to the new page, with a flashed message."
)
@each_kind
def test_a_record_can_be_added(registrar: Page, office: Office, kind: Kind) -> None:
    """What is typed into the form is stored, and its page follows with a word of success."""
    typed, stored = kind.new(office)
    registrar.goto(kind.path)
    follow(registrar, f"Add {kind}")
    fill(registrar, typed)

    press(registrar, "Save")

    expect(said(registrar, "status")).to_be_visible()
    found = office.read(path(registrar))
    assert path(registrar) == kind.path_of(found)
    assert as_promised(found | ended_as_typed(found), stored) == stored


def ended_as_typed(found: Json) -> Json:
    """Its text; a browser ends lines with CR LF, which may be stored so."""
    return {field: value.replace("\r\n", "\n") for field, value in found.items() if isinstance(value, str)}


@pytest.mark.check(
    "web.taken",
    points=2,
    requires=["web.add"],
    cases=["student", "course", "section"],
    hint="Catch the API's 409, and say what it means.",
)
@each_kind
def test_a_record_that_claims_what_is_anothers_is_refused(registrar: Page, office: Office, kind: Kind) -> None:
    """Who claims for a record what is another's alone, such as its email, is told that it is taken."""
    claim(registrar, office, kind)

    expect(said(registrar, "alert")).to_be_visible()
    assert not kind.is_path_of_one(path(registrar))


@each_kind
def test_who_is_refused_keeps_what_was_typed(registrar: Page, office: Office, kind: Kind) -> None:
    """A refused form is there again, with all but a password."""
    typed = claim(registrar, office, kind)

    assert path(registrar) == f"{kind.path}/new"
    for label in typed.keys() - {"Password"}:
        expect(field(registrar, label)).to_have_value(typed[label])


def claim(page: Page, office: Office, kind: Kind) -> Typed:
    """Try to add one with what is another's; what was typed."""
    typed = {**kind.new(office)[0], **kind.same(kind.make(office))}
    page.goto(f"{kind.path}/new")
    fill(page, typed)
    press(page, "Save")
    return typed


@pytest.mark.check(
    "web.edit", points=3, requires=["web.login"], hint="Send all fields, also those that did not change."
)
@each_kind
def test_a_record_can_be_edited(registrar: Page, office: Office, kind: Kind) -> None:
    """An edit changes what was changed, and nothing else."""
    made = kind.make(office)
    label, changed = kind.changed
    words = kind.words()
    registrar.goto(kind.path_of(made))
    follow(registrar, "Edit")
    fill(registrar, {label: words})

    press(registrar, "Save")

    assert path(registrar) == kind.path_of(made)
    expect(said(registrar, "status")).to_be_visible()
    found = office.read(kind.path_of(made))
    assert str(found[changed]) == words
    assert found == made | {changed: found[changed]}


@pytest.mark.check(
    "web.stale",
    points=2,
    requires=["web.edit"],
    cases=["student", "course"],
    hint="Keep the ETag in the form, and send it as If-Match.",
)
@each_versioned_kind
def test_a_stale_edit_overwrites_nothing_and_keeps_what_was_typed(registrar: Page, office: Office, kind: Kind) -> None:
    """Of two who edit a record at once, the second is told, and loses neither's work."""
    made = kind.make(office)
    label, changed = kind.changed
    first, second = kind.words(), kind.words()
    later = registrar.context.new_page()
    for page in (registrar, later):
        page.goto(f"{kind.path_of(made)}/edit")
    fill(registrar, {label: first})
    fill(later, {label: second})
    press(registrar, "Save")

    press(later, "Save")

    expect(said(later, "alert")).to_be_visible()
    expect(field(later, label)).to_have_value(second)
    assert office.read(kind.path_of(made))[changed] == first


@pytest.mark.check(
    "web.delete-asks",
    points=1,
    requires=["web.login"],
    cases=["student", "section"],
    hint="Give the question a page of its own, with a link Cancel.",
)
@each_deletable_kind
def test_delete_asks_first_and_cancel_deletes_nothing(
    registrar: Page, office: Office, traffic: Traffic, kind: Kind
) -> None:
    """Delete asks first, naming the record, and Cancel leaves it as it is."""
    made = kind.make(office)
    registrar.goto(kind.path_of(made))
    follow(registrar, "Delete")
    named = text(registrar, kind.called(made)).is_visible()

    follow(registrar, "Cancel")

    assert named
    assert office.read(kind.path_of(made)) == made
    assert traffic.writes == []


@pytest.mark.check("web.delete", points=2, requires=["web.login"])
@each_deletable_kind
def test_a_record_can_be_deleted(registrar: Page, office: Office, kind: Kind) -> None:
    """A record that is deleted is gone for good, and the list follows with a word of success."""
    made = kind.make(office)
    registrar.goto(f"{kind.path_of(made)}/delete")

    press(registrar, f"Delete {kind}")

    expect(said(registrar, "status")).to_be_visible()
    assert path(registrar) == kind.path
    assert not office.is_there(kind.path_of(made))


@pytest.mark.check(
    "web.stale-delete",
    points=1,
    requires=["web.delete"],
    cases=["student"],
    hint="Keep the ETag in the form, and send it as If-Match.",
)
@pytest.mark.parametrize("kind", [kind for kind in DELETABLE if kind in VERSIONED], ids=str)
def test_what_has_changed_since_is_not_deleted(registrar: Page, office: Office, kind: Kind) -> None:
    """A record that another has changed since the page asked is not deleted, and the registrar is told."""
    made = kind.make(office)
    label, _ = kind.changed
    later = registrar.context.new_page()
    registrar.goto(f"{kind.path_of(made)}/delete")
    later.goto(f"{kind.path_of(made)}/edit")
    fill(later, {label: kind.words()})
    press(later, "Save")

    press(registrar, f"Delete {kind}")

    expect(said(registrar, "alert")).to_be_visible()
    assert office.is_there(kind.path_of(made))


@pytest.mark.check(
    "web.in-use",
    points=1,
    requires=["web.delete"],
    cases=["student", "term"],
    hint="Catch the API's 409, and show its detail as an alert.",
)
@each_deletable_kind
def test_a_record_in_use_is_not_deleted(registrar: Page, office: Office, kind: Kind) -> None:
    """What others depend on stays, and the registrar is told."""
    made = kind.make(office)
    kind.use(office, made)
    registrar.goto(f"{kind.path_of(made)}/delete")

    press(registrar, f"Delete {kind}")

    expect(said(registrar, "alert")).to_be_visible()
    assert office.is_there(kind.path_of(made))
