"""The tables."""

import statistics
from collections.abc import Mapping

from tests.bench.contest import REFERENCE, Rounds, cpu_ratios, medians, ratios

COLUMNS = f"{'':18}{'answers/s':>11}{'CPU µs':>9}{'PostgreSQL µs':>15}{'p50 ms':>9}{'p99 ms':>9}"


def table(title: str, rounds: Rounds, targets: Mapping[str, float]) -> str:
    """Medians of all rounds, then the ratios with the middle half of the rounds as their spread."""
    lines = [f"\n{title}", COLUMNS]
    for name, measures in rounds.items():
        m = medians(measures)
        database = f"{m.database_cpu:.0f}" if m.database_cpu else "–"
        lines.append(f"  {name:16}{m.rate:11.0f}{m.cpu:9.0f}{database:>15}{m.p50:9.2f}{m.p99:9.2f}")
    lines += [_verdict(name, rounds, targets.get(name)) for name in rounds if name != REFERENCE]
    return "\n".join(lines)


def _verdict(yardstick: str, rounds: Rounds, target: float | None) -> str:
    each = ratios(rounds, yardstick)
    ratio, by_cpu = statistics.median(each), statistics.median(cpu_ratios(rounds, yardstick))
    low, _, high = statistics.quantiles(each, n=4, method="inclusive")
    verdict = f", target ≥ {target}: {'met' if ratio >= target else 'NOT met'}" if target else ""
    return f"  of the {yardstick:16}{ratio:6.2f} ({low:.2f} to {high:.2f}){verdict}; by CPU time {by_cpu:.2f}"
