"""Terms: when courses are taught, and until when what is allowed."""

import pytest

from tests.contract.client import Client
from tests.contract.office import Office, changes
from tests.contract.problems import assert_refused
from tests.promised import as_promised
from tests.samples import FUTURE, PAST, new_term


@pytest.mark.check("enrollment.create-term", points=2, requires=["access.login"])
def test_a_created_term_is_answered_whole(registrar: Client) -> None:
    """A new term is answered whole, and can be read by that id."""
    new = new_term()

    created = registrar.post("/terms", json=new)

    expected = new | {"id": created.json()["id"]}
    assert created.ok
    assert as_promised(created.json(), expected) == expected
    assert as_promised(registrar.get(f"/terms/{expected['id']}").json(), expected) == expected


@pytest.mark.check(
    "enrollment.timestamps",
    points=1,
    requires=["enrollment.create-term"],
    cases=["utc", "east", "west"],
    hint="Convert to UTC before you store; a naive isoformat() has no Z.",
)
@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        pytest.param("2026-09-01T09:30:00Z", "2026-09-01T09:30:00Z", id="utc"),
        pytest.param("2026-09-01T09:30:00+02:00", "2026-09-01T07:30:00Z", id="east"),
        pytest.param("2026-09-01T23:30:00-05:00", "2026-09-02T04:30:00Z", id="west"),
        pytest.param("2026-09-01t09:30:00z", "2026-09-01T09:30:00Z", id="lower"),  # which many parsers refuse
    ],
)
def test_a_timestamp_of_any_offset_is_answered_in_utc(sent: str, answered: str, office: Office) -> None:
    """A timestamp with any offset is accepted, and answered in UTC with Z, then and later."""
    term = office.term(drop_deadline=sent)

    later = office.registrar.get(f"/terms/{term['id']}").json()
    assert [as_promised(told["drop_deadline"], answered) for told in (term, later)] == [answered] * 2


@pytest.mark.check("enrollment.replace-term", points=1, requires=["enrollment.create-term"])
def test_a_replaced_term_is_answered_whole_and_stays_so(office: Office) -> None:
    """PUT replaces every field of a term, and answers the whole."""
    term = office.term()
    dates = {"starts_on": "2027-01-01", "ends_on": "2027-06-30", "drop_deadline": PAST, "enrollment_closes_at": FUTURE}
    new = new_term() | dates | {"credit_limit": 0}

    replaced = office.registrar.put(f"/terms/{term['id']}", json=new)

    expected = new | {"id": term["id"]}
    assert replaced.status_code == 200
    assert as_promised(replaced.json(), expected) == expected
    assert as_promised(office.registrar.get(f"/terms/{term['id']}").json(), expected) == expected


@pytest.mark.check(
    "enrollment.term-name-taken",
    points=1,
    requires=["enrollment.create-term"],
    hint="Compare case-folded names, and leave out the term that is being replaced.",
)
def test_a_name_is_taken_without_regard_to_case(office: Office) -> None:
    """No two terms have one name, in whatever case: 409 name_taken; a term may keep its own."""
    taken, other = office.term(), office.term()
    name = taken["name"].upper()

    assert_refused(office.registrar.post("/terms", json=new_term() | {"name": name}), 409, "name_taken")
    assert_refused(office.alter("term", other, name=name), 409, "name_taken")
    assert changes("term", taken, office.alter("term", taken, name=name).json()) == {"name": name}


EARLY, LATE = "2026-09-01T12:00:00Z", "2026-09-01T12:00:01Z"
IN_ORDER = [
    {"starts_on": "2026-09-01", "ends_on": "2026-09-01"},
    {"enrollment_opens_at": EARLY, "enrollment_closes_at": LATE},
    {"drop_deadline": EARLY, "withdraw_deadline": EARLY},
    {"drop_deadline": "2000-01-01T00:00:00Z", "withdraw_deadline": PAST},
    {"starts_on": "2900-01-01", "ends_on": "2900-01-02", "enrollment_closes_at": LATE},
]
OUT_OF_ORDER = [
    {"starts_on": "2026-09-02", "ends_on": "2026-09-01"},
    {"enrollment_opens_at": EARLY, "enrollment_closes_at": EARLY},
    {"enrollment_opens_at": LATE, "enrollment_closes_at": EARLY},
    {"drop_deadline": LATE, "withdraw_deadline": EARLY},
    {"enrollment_opens_at": "2026-09-01T12:00:00-01:00", "enrollment_closes_at": "2026-09-01T12:30:00Z"},
]


@pytest.mark.check(
    "enrollment.dates-in-order",
    points=1,
    requires=["enrollment.create-term"],
    hint="Refuse only what the contract calls out of order: start and end may be one day.",
)
@pytest.mark.parametrize("dates", IN_ORDER)
def test_dates_in_order_are_accepted(dates: dict[str, str], registrar: Client) -> None:
    """Opens before closes, drop not after withdraw, start not after end: nothing else is compared."""
    created = registrar.post("/terms", json=new_term() | dates)

    assert created.ok
    assert as_promised(created.json(), dates) == dates


@pytest.mark.check(
    "enrollment.dates-out-of-order",
    points=2,
    requires=["enrollment.create-term"],
    hint="opens < closes, drop <= withdraw, starts_on <= ends_on, and nothing else.",
)
@pytest.mark.parametrize("dates", OUT_OF_ORDER)
def test_dates_out_of_order_are_refused(dates: dict[str, str], office: Office) -> None:
    """Dates out of order are 409 invalid_dates, on POST and on PUT, and change nothing."""
    term = office.term()

    assert_refused(office.registrar.post("/terms", json=new_term() | dates), 409, "invalid_dates")
    assert_refused(office.alter("term", term, **dates), 409, "invalid_dates")
    assert office.registrar.get(f"/terms/{term['id']}").json() == term


@pytest.mark.check(
    "enrollment.term-in-use",
    points=1,
    requires=["enrollment.create-section"],
    hint="Look for what refers to it, or answer the foreign key's error with 409.",
)
def test_a_term_with_sections_stays(office: Office) -> None:
    """A term with sections is not deleted, 409 in_use; one without them is, and is 404 from then on."""
    used, unused = office.term(), office.term()
    office.section(term=used)
    path = f"/terms/{unused['id']}"

    assert_refused(office.registrar.delete(f"/terms/{used['id']}"), 409, "in_use")
    assert office.registrar.get(f"/terms/{used['id']}").json() == used
    assert office.registrar.delete(path).ok
    for gone in (office.registrar.get(path), office.registrar.delete(path), office.alter("term", unused)):
        assert_refused(gone, 404, "not_found")
