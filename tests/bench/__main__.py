"""Measure the API beside two yardsticks, in one interleaved run on each database: `python -m tests.bench`.

The first yardstick is an async route with nothing behind it, the second the tutorials' layout on the same database.
Then comes a registration rush, whose every answer is held against the database and the rule book.
The ratios are the result; absolute figures say more about the machine, and so do ratios when others use it. All three
write access logs; the reference pins itself to one core, as it does when it serves. The exit status is 0 even when a
target is missed, and 1 when an answer was wrong.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench import deep, rush
from tests.bench.contest import TARGETS, Effort, as_json, contest, contestants, questions
from tests.bench.load import WrongAnswer
from tests.bench.report import table

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=12, help="how often everything is measured [12]")
    parser.add_argument("--seconds", type=float, default=1, help="of each server, question and round [1]")
    parser.add_argument("--connections", type=int, default=16, help="each asks again once it is answered [16]")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both", help="what to store in [both]")
    parser.add_argument("--deep", action="store_true", help="pages and searches at a million students instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every round's figures there")
    chosen = parser.parse_args()
    if chosen.rounds < 2:
        parser.error("it takes two rounds to see their spread")
    if chosen.database != "sqlite" and "TEST_POSTGRES_URL" not in os.environ:
        parser.error("PostgreSQL: run under `python -m tests.postgres`, or name one in TEST_POSTGRES_URL")
    return chosen


def compare(directory: Path, database: str, chosen: argparse.Namespace) -> Any:
    effort = Effort(chosen.rounds, chosen.seconds, chosen.connections)
    with contestants(directory, database) as servers:
        results = contest(servers, questions(servers["reference"]), effort)
    for title, rounds in results.items():
        print(table(f"{DATABASES[database]}, {title}, {effort.connections} connections", rounds, TARGETS))
    return as_json(results) | register(directory, database, chosen)


def register(directory: Path, database: str, chosen: argparse.Namespace) -> Any:
    with rush.contestants(directory, database) as entered:
        waves = rush.play(entered, chosen.rounds)
    title = f"the rush: {len(entered['reference'].claims):,} claims, {rush.CLIENTS} clients, {rush.PROCESSES} processes"
    print(table(f"{DATABASES[database]}, {title}", waves, rush.TARGETS))
    return as_json({"rush": waves})


def dig(directory: Path, database: str, chosen: argparse.Namespace) -> Any:
    with deep.servers(directory, database) as servers:
        costs = deep.costs(servers, chosen.rounds, chosen.seconds)
    print(deep.table(costs))
    return [asdict(each) for each in costs]


def main() -> None:
    chosen = arguments()
    results = {}
    for database in DATABASES if chosen.database == "both" else [chosen.database]:
        print(f"\n{DATABASES[database]}: starting", flush=True)
        with tempfile.TemporaryDirectory(prefix="bench-") as directory:
            results[database] = (dig if chosen.deep else compare)(Path(directory), database, chosen)
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    try:
        main()
    except WrongAnswer as wrong:
        sys.exit(f"A wrong answer: {wrong}")
    except KeyboardInterrupt:
        sys.exit(130)
