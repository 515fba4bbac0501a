"""Servers side by side: short rounds in which each is asked the same, in an order that rotates.

A busy machine slows all three of a round alike, so the ratios of a round mean something where its times do not.
"""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from tests.bench import cpu, data
from tests.bench.load import Answer, Question, ask
from tests.postgres import free_port
from tests.servers import Server, api_server

STUDENTS = 1000
REFERENCE, ROUTE, TUTORIAL = "reference", "async route", "tutorial layout"
TARGETS = {ROUTE: 0.22, TUTORIAL: 2.0}


@dataclass(frozen=True)
class Effort:
    """How hard to measure: `seconds` are those of each server, each question and each round."""

    rounds: int
    seconds: float
    connections: int


@dataclass(frozen=True)
class Measure:
    """One server, one question, one round."""

    rate: float  # answers a second
    cpu: float  # µs an answer
    database_cpu: float  # µs an answer, of PostgreSQL's processes
    p50: float  # ms
    p99: float  # ms


Rounds = Mapping[str, Sequence[Measure]]  # by the server's name


@contextlib.contextmanager
def contestants(directory: Path, database: str) -> Iterator[dict[str, Server]]:
    """The reference as `serve` runs it, and the yardsticks as uvicorn runs them; all of them write access logs."""
    with api_server(directory, database) as reference, contextlib.ExitStack() as stack:
        data.fill(reference.environment["API_DATABASE_URL"], STUDENTS)
        page = data.compact(data.first_page(reference.environment["API_DATABASE_URL"])).decode()
        servers = {REFERENCE: reference}
        for name, module in ((ROUTE, "route"), (TUTORIAL, "tutorial")):
            environment = {**reference.environment, "BENCH_PAGE": page}
            servers[name] = yardstick(directory, environment, f"tests.bench.{module}:app")
            stack.callback(servers[name].stop)
            servers[name].start()
        yield servers


def yardstick(directory: Path, environment: Mapping[str, str], app: str, *options: str) -> Server:
    port, log = str(free_port()), directory / f"{app.partition(':')[0]}.log"
    url = f"http://127.0.0.1:{port}"
    return Server("uvicorn", (app, "--port", port, *options), environment, url, "/openapi.json", log)


def questions(reference: Server) -> dict[str, Question]:
    page = data.first_page(reference.environment["API_DATABASE_URL"])
    first = page["students"][0]
    token = data.token(reference.url)
    return {
        f"GET /students/{first['id']}": Question(f"/students/{first['id']}", token, data.compact(first)),
        f"GET /students?limit={data.PAGE}": Question(f"/students?limit={data.PAGE}", token, data.compact(page)),
    }


def contest(servers: Mapping[str, Server], asked: Mapping[str, Question], effort: Effort) -> dict[str, Rounds]:
    """Every round, by question and server; one more round goes first, so that all are warm, and does not count."""
    postgres = cpu.postgres_of(servers[REFERENCE].environment["API_DATABASE_URL"])
    results: dict[str, dict[str, list[Measure]]] = {title: {name: [] for name in servers} for title in asked}
    names = list(servers)
    for number in range(effort.rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            for title, question in asked.items():
                asking = partial(ask, question=question, connections=effort.connections, seconds=effort.seconds)
                results[title][name].append(clocked(servers[name], asking, postgres)[1])
        print(".", end="", flush=True)
    print()
    return {title: {name: taken[1:] for name, taken in rounds.items()} for title, rounds in results.items()}


def clocked(
    server: Server, asking: Callable[[int], list[Answer]], postgres: psutil.Process | None
) -> tuple[list[Answer], Measure]:
    """What a server answers to something that is asked at its port, and what that took."""
    process, port = psutil.Process(server.process.pid), int(server.url.rpartition(":")[2])
    before, database_before, start = cpu.seconds(process), cpu.seconds(postgres), time.perf_counter()
    answers = asking(port)
    duration = time.perf_counter() - start
    used, database_used = cpu.seconds(process) - before, cpu.seconds(postgres) - database_before
    taken = [answer.took for answer in answers]
    return answers, Measure(
        rate=len(taken) / duration,
        cpu=used / len(taken) * 1e6,
        database_cpu=database_used / len(taken) * 1e6,
        p50=statistics.median(taken) * 1e3,
        p99=statistics.quantiles(taken, n=100)[98] * 1e3,
    )


def medians(measures: Sequence[Measure]) -> Measure:
    rows = [asdict(each) for each in measures]
    return Measure(**{name: statistics.median(row[name] for row in rows) for name in rows[0]})


def ratios(rounds: Rounds, yardstick: str) -> list[float]:
    """The reference's throughput by the yardstick's, in each round."""
    return [reference.rate / other.rate for reference, other in zip(rounds[REFERENCE], rounds[yardstick], strict=True)]


def cpu_ratios(rounds: Rounds, yardstick: str) -> list[float]:
    """The yardstick's CPU time by the reference's, in each round: what the ratio would be if both had a core each."""
    return [other.cpu / reference.cpu for reference, other in zip(rounds[REFERENCE], rounds[yardstick], strict=True)]


def as_json(results: Mapping[str, Rounds]) -> dict[str, Any]:
    return {
        title: {
            "rounds": {name: [asdict(each) for each in measures] for name, measures in rounds.items()},
            "ratios": {name: ratios(rounds, name) for name in rounds if name != REFERENCE},
            "cpu_ratios": {name: cpu_ratios(rounds, name) for name in rounds if name != REFERENCE},
        }
        for title, rounds in results.items()
    }
