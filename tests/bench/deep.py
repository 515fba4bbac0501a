"""What a page costs by how deep it is and how many students there are: one question at a time, on one connection."""

import contextlib
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench import cpu, data
from tests.bench.contest import Measure, clocked, medians
from tests.bench.load import Question, ask
from tests.servers import Server, api_server

FEW, MANY = 1_000, 1_000_000
ONE = data.number_of(900)  # a search for it finds one student among any number
FIRST, DEEPEST = "first page", "deepest page"
TARGET = 1.2  # in CPU time, of what a first page of few takes


@dataclass(frozen=True)
class Cost:
    students: int
    title: str
    found: int
    measures: Sequence[Measure]  # one a round

    @property
    def ms(self) -> float:
        """The median of the calmest round."""
        return min(each.p50 for each in self.measures)


@contextlib.contextmanager
def servers(directory: Path, database: str) -> Iterator[dict[int, Server]]:
    """The reference with few students, and with many."""
    with contextlib.ExitStack() as stack:
        filled = {}
        for count in (FEW, MANY):
            home = directory / str(count)
            home.mkdir()
            filled[count] = stack.enter_context(api_server(home, database))
            print(f"Filling in {count:,} students", flush=True)
            data.fill(filled[count].environment["API_DATABASE_URL"], count)
        yield filled


def costs(servers: Mapping[int, Server], rounds: int, seconds: float) -> list[Cost]:
    """Every round's measures; one more round goes first, so that all are warm, and does not count."""
    asked = {(count, title): question for count in servers for title, question in _questions(servers[count], count)}
    taken: dict[tuple[int, str], list[Measure]] = {key: [] for key in asked}
    postgres = cpu.postgres_of(servers[FEW].environment["API_DATABASE_URL"])
    for _ in range(rounds + 1):
        for (count, title), question in asked.items():
            asking = partial(ask, question=question, connections=1, seconds=seconds)
            taken[count, title].append(clocked(servers[count], asking, postgres)[1])
        print(".", end="", flush=True)
    print()
    return [Cost(*key, found=_found(asked[key].body), measures=each[1:]) for key, each in taken.items()]


def _questions(server: Server, count: int) -> Iterator[tuple[str, Question]]:
    token = data.token(server.url)
    for title, query in {
        FIRST: "",
        DEEPEST: f"?after={count - data.PAGE}",
        "search, one found": f"?q={ONE}",
        "search, many found": f"?q={ONE[:3]}",
    }.items():
        path = f"/students{query}"
        yield title, Question(path, token, data.fetch(server.url + path, bearer=token))


def _found(body: bytes) -> int:
    return len(json.loads(body)["students"])


def cpu_ratios(costs: Sequence[Cost]) -> dict[tuple[int, str], float]:
    """What each page takes of CPU time, the database's too, by the first page of few, round by round: the medians."""
    first = costs[0].measures
    return {
        (each.students, each.title): statistics.median(
            (one.cpu + one.database_cpu) / (other.cpu + other.database_cpu)
            for one, other in zip(each.measures, first, strict=True)
        )
        for each in costs
    }


def table(costs: Sequence[Cost]) -> str:
    """Each in ms and in CPU time, and in first pages of the small table."""
    by_cpu = cpu_ratios(costs)
    lines = [f"\n{'page':24}{'students':>11}{'found':>7}{'ms':>8}{'ratio':>8}{'CPU µs':>9}{'ratio':>8}"]
    for each in costs:
        middle, ratio = medians(each.measures), by_cpu[each.students, each.title]
        lines.append(
            f"  {each.title:22}{each.students:11,}{each.found:7}{each.ms:8.2f}{each.ms / costs[0].ms:8.2f}"
            f"{middle.cpu + middle.database_cpu:9.0f}{ratio:8.2f}"
        )
    pages = [ratio for (_, title), ratio in by_cpu.items() if title in (FIRST, DEEPEST)]
    spread = max(pages) / min(pages)
    verdict = "met" if spread <= TARGET else "NOT met"
    lines.append(f"  the dearest page by the cheapest: {spread:.2f} in CPU time, target ≤ {TARGET}: {verdict}")
    return "\n".join(lines)
