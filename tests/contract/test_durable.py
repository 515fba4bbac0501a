"""What only a server of one's own can be asked for: to be killed, to be counted, and to lose its registrars.

These checks start the reference themselves, whatever `--api-url` says.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests

from tests.contract.client import Client
from tests.contract.office import Login, Office
from tests.contract.problems import assert_refused
from tests.contract.racing import Call, at_once, statuses
from tests.samples import CLOSED, FUTURE_DAY, Json, new_student
from tests.servers import Server

WRITERS = 4


def write_until_it_dies(client: Client, answered: list[Json]) -> None:
    with suppress(requests.RequestException):
        while True:
            answered.append(client.post("/students", json=new_student()).json())


@pytest.mark.parametrize("round_", range(2))
def test_what_was_answered_survives_a_kill(round_: int, reference: Server, own_office: Office) -> None:
    """When every process is killed at a random moment, each student it told of is there, and each session as it was."""
    answered: list[Json] = []
    stays, leaves = own_office.login("student"), own_office.login("student")
    leaves.client.delete("/auth/token")
    clients = [own_office.registrar.twin() for _ in range(WRITERS)]
    writers = [threading.Thread(target=write_until_it_dies, args=(client, answered)) for client in clients]
    for writer in writers:
        writer.start()

    time.sleep(random.uniform(0.2, 0.6))
    reference.kill()
    for writer in writers:
        writer.join()
    reference.start()

    assert answered
    for student in answered:
        assert own_office.registrar.get(f"/students/{student['id']}").json() == student
    assert stays.client.get("/users/me").status_code == 200
    assert_refused(leaves.client.get("/users/me"), 401, "unauthenticated")


def test_a_summary_counts_everything(own_office: Office) -> None:
    """The summary counts students, courses, sections, who holds a seat (enrolled or completed) and who waits."""
    before = own_office.registrar.get("/summary").json()
    term = own_office.term(ends_on=FUTURE_DAY)
    section = own_office.section(term=term, capacity=3, waitlist_capacity=1)
    seated = [own_office.enroll(own_office.student(), section) for _ in range(3)]
    own_office.wait(own_office.student(), section)
    own_office.grade(seated[0], "F")
    own_office.alter("term", term, **CLOSED)  # so that the waiter stays one
    own_office.end(seated[1])

    after = own_office.registrar.get("/summary").json()

    grown = {name: after[name] - before[name] for name in before if name != "fill"}
    assert grown == {"students": 4, "courses": 1, "sections": 1, "enrolled": 2, "waitlisted": 1}
    assert len(after["fill"]) == len(before["fill"]) + 1


@pytest.fixture
def last_two(own_office: Office) -> Iterator[list[Login]]:
    """The only active registrars there are; who is left of them brings the first one back."""
    first = own_office.registrar.get("/users/me").json()
    two = [own_office.login("registrar") for _ in range(2)]
    everybody: list[Json] = own_office.registrar.get("/users?limit=100").json()["users"]
    for user in everybody:
        if user["role"] == "registrar" and user["id"] not in {login.id for login in two}:
            two[0].client.patch(f"/users/{user['id']}", json={"is_active": False})
    yield two
    for login in two:
        login.client.patch(f"/users/{first['id']}", json={"is_active": True})


def test_the_last_registrar_stays_one(last_two: list[Login]) -> None:
    """The last active registrar can neither be deactivated nor given another role: 409 last_registrar."""
    last, other = last_two
    last.client.patch(f"/users/{other.id}", json={"role": "instructor"})

    for end in ({"is_active": False}, {"role": "instructor"}):
        assert_refused(last.client.patch(f"/users/{last.id}", json=end), 409, "last_registrar")

    assert last.client.patch(f"/users/{last.id}", json={"name": "Still Here"}).status_code == 200


@pytest.mark.parametrize("round_", range(5))
def test_two_registrars_cannot_remove_each_other(round_: int, last_two: list[Login]) -> None:
    """Of two last registrars who deactivate each other at once, one stays."""
    first, second = last_two

    def remove(by: Login, whom: Login) -> Call:
        return lambda _: by.client.patch(f"/users/{whom.id}", json={"is_active": False})

    answers = at_once(first.client, remove(first, second), remove(second, first))

    assert statuses(answers) in ([200, 401], [200, 409])
    assert sorted(login.client.get("/users/me").status_code for login in last_two) == [200, 401]
