"""Enrollment under concurrency: whatever clients ask at once, some order of it all is what the rule book allows.

These checks start the reference themselves, in two processes, whatever `--api-url` says. Each call is stamped before it
is sent and after it is answered, by one clock; what everybody did, and what is read at the end, is one history.

The small histories are of one term, in which all rules meet. The large one is of several terms, and each term's part
is judged by itself: a history is linearizable if it is so for each object (Herlihy and Wing, 1990), and a term is one,
because no rule looks beyond it where no course requires another.
"""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from threading import Barrier
from typing import TypeAlias

import pytest
import requests
from urllib3.exceptions import NewConnectionError

from tests.contract.campus import Campus, Request, new_id
from tests.contract.client import Client
from tests.contract.linearizability import Call, Undecided, misfits
from tests.contract.office import Office
from tests.contract.rulebook import Course, Registry, Section, Term
from tests.servers import Server

NINE, TEN = (("mon", "09:00", "10:30"),), (("mon", "10:00", "11:00"),)
TRIES = 3
Deed: TypeAlias = Callable[[], None]
ONE_TERM = Registry(
    terms=(Term(credit_limit=9),),
    courses=(Course(3), Course(4), Course(3, prerequisites=(0,))),
    sections=(
        Section(0, 0, capacity=1, waitlist_capacity=2, meetings=NINE),
        Section(1, 0, capacity=2, waitlist_capacity=2, meetings=TEN),
        Section(2, 0, capacity=1, waitlist_capacity=3),
    ),
)
FIVE_TERMS = Registry(
    terms=(Term(),) * 5,
    courses=(Course(), Course()),
    sections=tuple(
        Section(course, term, capacity=2, waitlist_capacity=3, meetings=NINE)
        for term in range(5)
        for course in range(2)
    ),
)


def nothing() -> None:
    """Let them ask undisturbed."""


def was_never_sent(lost: requests.RequestException) -> bool:
    """Whether nobody was there to connect to, so that the call had no effect."""
    return isinstance(getattr(lost.args[0], "reason", None), NewConnectionError)


@dataclass
class Crowd:
    """Clients that ask whatever comes to their minds, also about enrollments that others have been told of."""

    campus: Campus
    registrar: Client
    history: list[tuple[int, Call[Registry]]] = field(default_factory=list)  # each with its term
    told: list[tuple[int, int]] = field(default_factory=list)  # enrollments, each with its term

    def ask(self, clients: int, calls: int, seed: int, midway: Deed = nothing, then: Deed = nothing) -> "Crowd":
        """What is to be done midway one of the clients does; what is left `then` is read at the end."""
        start = Barrier(clients)

        def act(number: int) -> None:
            chance = random.Random(f"{seed} {number}")
            with self.registrar.twin() as client:
                client.headers["Connection"] = "close"  # so that no process keeps a client to itself
                start.wait(20)
                for turn in range(calls):
                    if (number, turn) == (0, calls // 2):
                        midway()
                    self.record(client, *self._any(chance))

        with ThreadPoolExecutor(clients) as threads:
            list(threads.map(act, range(clients)))
        then()
        self._read_all()
        return self

    def _read_all(self) -> None:
        for section, each in enumerate(self.campus.start.sections):
            self.record(self.registrar, each.term, self.campus.roster(section))
        for term, enrollment in self.told:
            self.record(self.registrar, term, self.campus.read(enrollment))

    def record(self, client: Client, term: int, request: Request) -> None:
        asked, made, answer = time.monotonic(), 0, None
        try:
            response = request.ask(client)
        except requests.RequestException as lost:
            if was_never_sent(lost):
                return
            answered = inf
        else:
            answered, made, answer = time.monotonic(), new_id(response), request.answer(response)
        if made:
            self.told.append((term, made))
        outcomes = partial(request.outcomes, made)
        self.history.append((term, Call(request.text, asked, outcomes, answered, answer, request.only_reads)))

    def _any(self, chance: random.Random) -> tuple[int, Request]:
        section = chance.randrange(len(self.campus.start.sections))
        facts = self.campus.start.sections[section]
        kind = chance.choices(("enroll", "end", "grade", "resize", "roster"), (10, 5, 3, 2, 2))[0]
        if kind in {"end", "grade"} and self.told:
            term, enrollment = chance.choice(self.told[-30:])
            if kind == "grade":
                return term, self.campus.grade(enrollment, chance.choice("AF"))
            return term, self.campus.end(enrollment, chance.choice(("dropped", "dropped", "withdrawn")))
        if kind == "resize":
            return facts.term, self.campus.replace_section(section, replace(facts, capacity=chance.randrange(4)))
        if kind == "roster":
            return facts.term, self.campus.roster(section)
        student = chance.randrange(len(self.campus.students))
        return facts.term, self.campus.enroll(student, section, join_waitlist=chance.random() < 0.7)

    def assert_linearizable(self) -> None:
        for term in range(len(self.campus.start.terms)):
            calls = [call for of, call in self.history if of == term]
            assert misfits(calls, self.campus.start) == []


def explain(play: Callable[[], Crowd]) -> None:
    """Assert that some order explains what was played; where too many would have to be tried, play again."""
    for _ in range(TRIES - 1):
        with suppress(Undecided):
            return play().assert_linearizable()
    return play().assert_linearizable()


@pytest.mark.parametrize("round_", range(6))
def test_what_is_asked_at_once_has_an_order(round_: int, own_office: Office) -> None:
    """Eight clients ask at random about three sections: some order of their calls explains every answer."""
    explain(lambda: crowd_of(own_office, ONE_TERM, students=6).ask(clients=8, calls=7, seed=round_))


@pytest.mark.parametrize("round_", range(3))
def test_a_process_that_is_killed_leaves_an_order(round_: int, reference: Server, own_office: Office) -> None:
    """One of two processes is killed meanwhile: what it answered stands, and what it did not is done whole or not."""
    crowd = partial(crowd_of, own_office, ONE_TERM, students=6)

    explain(lambda: crowd().ask(clients=8, calls=7, seed=round_, midway=reference.kill_worker))


def test_all_killed_and_started_again_leave_an_order(reference: Server, own_office: Office) -> None:
    """All processes are killed meanwhile: started again, they know what was answered, and nothing by halves."""
    crowd = partial(crowd_of, own_office, ONE_TERM, students=6)

    explain(lambda: crowd().ask(clients=8, calls=7, seed=0, midway=reference.kill, then=reference.start))


def test_sixty_four_clients_have_an_order(own_office: Office) -> None:
    """Sixty-four clients of two processes ask at random about ten sections in five terms: each term has its order."""
    explain(lambda: crowd_of(own_office, FIVE_TERMS, students=24).ask(clients=64, calls=6, seed=0))


def crowd_of(office: Office, start: Registry, students: int) -> Crowd:
    return Crowd(Campus(office, start, students=students), office.registrar)
