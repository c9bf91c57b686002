"""Rounds made into medians and ratios, and written down with what they were measured on."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.load import Round

FLUSHES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One service at one number of connections: medians over the rounds.

    `times` holds, for the services it is held against, the median of the ratios to them in the
    same round; the echo is always one of them.
    """

    service: str
    connections: int
    per_second: float
    p50_ms: float
    p99_ms: float
    times: Mapping[str, float]
    failures: int
    rounds_per_second: Sequence[float]


def row(
    service: str, connections: int, rounds: Sequence[Round], others: Mapping[str, Sequence[Round]]
) -> Row:
    """The medians of a service's rounds, held against those of others."""
    return Row(
        service=service,
        connections=connections,
        per_second=round(statistics.median(each.per_second for each in rounds), 1),
        p50_ms=round(statistics.median(each.percentile_ms(50) for each in rounds), 3),
        p99_ms=round(statistics.median(each.percentile_ms(99) for each in rounds), 3),
        times={name: round(_times(rounds, of), 3) for name, of in others.items()},
        failures=sum(each.failures for each in rounds),
        rounds_per_second=[round(each.per_second, 1) for each in rounds],
    )


def _times(rounds: Sequence[Round], others: Sequence[Round]) -> float:
    pairs = zip(rounds, others, strict=True)
    return statistics.median(
        one.per_second / other.per_second if other.times_ms else math.nan for one, other in pairs
    )


def table(title: str, rows: Sequence[Row], echo: str) -> Iterator[str]:
    """Lines for a terminal."""
    width = max(len(each.service) for each in rows)
    yield f"\n{title}"
    heads = f"{'conns':>5} {'req/s':>9} {'p50 ms':>9} {'p99 ms':>9} {'of echo':>8} failed"
    yield f"  {'':{width}} {heads}"
    for each in rows:
        yield (
            f"  {each.service:{width}} {each.connections:5d} {each.per_second:9,.0f} "
            f"{each.p50_ms:9.2f} {each.p99_ms:9.2f} {each.times[echo]:8.3f} {each.failures:6d}"
        )
    for each in rows:
        for other, times in each.times.items():
            if other != echo:
                at = f"at {each.connections} connections"
                yield f"  {each.service}: {times:.2f} times {other}, {at}"


def machine(results: Path) -> dict[str, object]:
    """What the figures depend on. A flush's cost changes within the hour on a shared disk."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip() or None,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "flush_ms": flush_ms(results),
    }


def flush_ms(folder: Path) -> float:
    """How long an append and its flush to disk take there: the median, in milliseconds."""
    times = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(FLUSHES):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1_000)
    return round(statistics.median(times), 3)


def write(
    results: Path, measured_on: dict[str, object], tables: Mapping[str, Sequence[Row]]
) -> Path:
    """Everything as JSON in a file of this run's own."""
    path = results / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    rows = {title: [asdict(each) for each in of_title] for title, of_title in tables.items()}
    path.write_text(json.dumps({"machine": measured_on, "tables": rows}, indent=1) + "\n")
    return path
