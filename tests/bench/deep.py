"""What a page costs by how deep it is and how many students there are: one question at a time, on one connection."""

import contextlib
import json
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench import data
from tests.bench.load import Question, ask
from tests.servers import Server, api_server

FEW, MANY = 1_000, 1_000_000
ONE = data.number_of(500)  # a search for it finds one student among any number


@dataclass(frozen=True)
class Cost:
    students: int
    title: str
    found: int
    ms: float  # the median of the calmest round


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
    asked = {(count, title): question for count in servers for title, question in _questions(servers[count], count)}
    taken: dict[tuple[int, str], list[float]] = {key: [] for key in asked}
    for _ in range(rounds):
        for (count, title), question in asked.items():
            port = int(servers[count].url.rpartition(":")[2])
            taken[count, title].append(statistics.median(each.took for each in ask(port, question, 1, seconds)))
        print(".", end="", flush=True)
    print()
    return [Cost(*key, found=_found(asked[key].body), ms=min(times) * 1e3) for key, times in taken.items()]


def _questions(server: Server, count: int) -> Iterator[tuple[str, Question]]:
    token = data.token(server.url)
    for title, query in {
        "first page": "",
        "deepest page": f"?after={count - data.PAGE}",
        "search, one found": f"?q={ONE}",
        "search, many found": f"?q={ONE[:3]}",
    }.items():
        path = f"/students{query}"
        yield title, Question(path, token, data.fetch(server.url + path, bearer=token))


def _found(body: bytes) -> int:
    return len(json.loads(body)["students"])


def table(costs: list[Cost]) -> str:
    """Each in ms, and in first pages of the small table."""
    first = costs[0].ms
    lines = [f"\n{'page':24}{'students':>11}{'found':>7}{'ms':>8}{'ratio':>8}"]
    lines += [
        f"  {each.title:22}{each.students:11,}{each.found:7}{each.ms:8.2f}{each.ms / first:8.2f}" for each in costs
    ]
    return "\n".join(lines)
