"""The registration rush: 64 clients, thousands of students, few seats, and every rule; in waves, server by server.

Each server has a database of its own, with the same term; each wave asks all of them for the same, in an order that
rotates. After each wave its answers are held against the database.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench import cpu, term
from tests.bench.contest import REFERENCE, Measure, Rounds, clocked, yardstick
from tests.bench.ledger import audit
from tests.bench.load import Answer, ask_all
from tests.bench.term import Claim
from tests.servers import Server, api_server

CLIENTS, PROCESSES = 64, 2
NOTHING, TUTORIAL = "doing nothing", "tutorial manner"
TARGETS = {TUTORIAL: 1.5}


@dataclass
class Contestant:
    server: Server
    claims: Sequence[Claim]
    answers: list[Answer] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)


@contextlib.contextmanager
def contestants(directory: Path, database: str) -> Iterator[dict[str, Contestant]]:
    with contextlib.ExitStack() as stack:
        entered: dict[str, Contestant] = {}
        for name, arguments in {
            REFERENCE: (),
            NOTHING: ("tests.bench.nothing:worker", "--factory"),
            TUTORIAL: ("tests.bench.rush_tutorial:app",),
        }.items():
            home = directory / name.replace(" ", "-")
            home.mkdir()
            server = stack.enter_context(api_server(home, database, workers=PROCESSES))
            claims = term.fill(server.environment["API_DATABASE_URL"])
            if arguments:
                server.stop()
                server = yardstick(home, server.environment, *arguments, "--workers", str(PROCESSES))
                stack.callback(server.stop)
                server.start()
            entered[name] = Contestant(server, claims)
        yield entered


def play(entered: Mapping[str, Contestant], waves: int) -> Rounds:
    """Every wave's measures; one more wave goes first, so that all are warm, and does not count."""
    postgres = cpu.postgres_of(entered[REFERENCE].server.environment["API_DATABASE_URL"])
    names = list(entered)
    for number in range(waves + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            contestant = entered[name]
            wave = contestant.claims[number :: waves + 1]
            answers, measure = clocked(
                contestant.server, partial(ask_all, questions=wave, connections=CLIENTS), postgres
            )
            contestant.answers += answers
            contestant.measures.append(measure)
            if name != NOTHING:
                audit(contestant.server.environment["API_DATABASE_URL"], contestant.answers)
        print(".", end="", flush=True)
    print()
    return {name: contestant.measures[1:] for name, contestant in entered.items()}
