"""`python -m tests.bench`: see --help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from tests.bench import report
from tests.bench.load import Round, measure
from tests.bench.services import (
    ECHO,
    Target,
    for_analyses,
    for_predictions,
    for_questions,
    for_webhooks,
)

RESULTS = Path("bench-results")
CONNECTIONS = (1, 16, 32)

Services = Callable[[], AbstractContextManager[tuple[list[Target], list[str]]]]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(
    services: Services, title: str, connections: Sequence[int], rounds: int, seconds: float
) -> list[report.Row]:
    """Every service in turn, round by round, and the table of it."""
    rows = []
    with services() as (targets, skipped):
        for reason in skipped:
            say(f"skipped: {reason}")
        for count in connections:
            taken = _take_turns(targets, count, rounds, seconds)
            for each in targets:
                others = {ECHO} | ({each.against} & taken.keys() - {each.name})
                held = {name: taken[name] for name in sorted(others)}
                rows.append(report.row(each.name, count, taken[each.name], held))
            say(f"{title}: {count} connections done")
    for line in report.table(title, rows, ECHO):
        say(line)
    return rows


def _take_turns(
    targets: Sequence[Target], connections: int, rounds: int, seconds: float
) -> dict[str, list[Round]]:
    """The rounds of each service by name, after one that only warms up."""
    taken: dict[str, list[Round]] = {each.name: [] for each in targets}
    for number in range(rounds + 1):
        for target in targets:
            requests = target.requests(f"{connections}-{number}")
            done = measure(target.port, requests, connections=connections, seconds=seconds)
            if number > 0:
                taken[target.name].append(done)
    return taken


def main() -> None:
    """Measure, print, write down."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each service (5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a round (2)")
    parser.add_argument("--connections", type=int, nargs="+", default=CONNECTIONS)
    choices = ("predict", "webhook", "coral", "perspective")
    parser.add_argument("--only", choices=choices, help="one part of it")
    parser.add_argument("--rows", type=int, help="rows the tutorial's model is fitted on (24783)")
    given = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    parts: dict[str, tuple[str, Services]] = {
        "predict": ("POST /predict", partial(for_predictions, RESULTS, given.rows)),
        "webhook": ("webhook to durable commit", partial(for_webhooks, RESULTS)),
        "coral": ("Coral's question to its answer", partial(for_questions, RESULTS)),
        "perspective": ("POST /v1alpha1/comments:analyze", partial(for_analyses, RESULTS)),
    }
    measured_on = report.machine(RESULTS)
    say(", ".join(f"{name} {value}" for name, value in measured_on.items()))
    tables = {
        title: run(services, title, given.connections, given.rounds, given.seconds)
        for part, (title, services) in parts.items()
        if given.only in (None, part)
    }
    measured_on["flush_ms_at_the_end"] = report.flush_ms(RESULTS)
    say(f"\nwritten: {report.write(RESULTS, measured_on, tables)}")


if __name__ == "__main__":
    main()
