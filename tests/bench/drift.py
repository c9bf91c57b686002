"""False alarms of the watches on scores and on abstentions, on simulated stable boards.

    .venv/bin/python -m tests.bench.drift [--boards 20]

Each board lives a year in which nothing changes but chance: comments come in threads whose tone
differs, and days have moods. At the end half of the score's scale moves, or the share that is not
judged grows, and the time until that would be told is taken.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from moderator.domain.watch.abstentions import abstaining
from moderator.domain.watch.stability import drift
from moderator.domain.watch.tally import BINS, NEEDED_HOURS

FIRST = 480_000
KINDS = (  # name, comments a day, comments a thread
    ("20 a day", 20, 1),
    ("100 a day", 100, 1),
    ("100 a day, in threads", 100, 8),
    ("1,000 a day", 1_000, 1),
    ("1,000 a day, in threads", 1_000, 15),
    ("20,000 a day, in threads", 20_000, 30),
)


def hours(per_day: float, thread: float, count: int, shift: float, missing: float, random):
    """Each hour's counts by bin, and (not judged, judged)."""
    shape = np.maximum(0.05, 1 + np.cos(2 * np.pi * np.arange(24) / 24))
    rate = np.tile(shape / shape.sum() * per_day, count // 24 + 1)[:count]
    moods = np.repeat(random.normal(0, 0.3, count // 24 + 1), 24)[:count]
    starts = np.repeat(np.arange(count), random.poisson(rate / thread))
    sizes = random.geometric(1 / thread, len(starts))
    of_hour = np.repeat(starts, sizes)
    tone = np.repeat(random.normal(0, 0.9 if thread > 1 else 0, len(starts)), sizes)
    score = random.normal(10, 4, len(of_hour)) + 2 * tone + moods[of_hour] + shift
    bins = np.clip(score.astype(int), 0, BINS - 1)
    base = missing * np.repeat(np.exp(random.normal(0, 0.6, len(starts))), sizes)
    abstained = random.random(len(of_hour)) < np.minimum(base, 0.9)
    table = np.zeros((count, BINS), int)
    np.add.at(table, (of_hour[~abstained], bins[~abstained]), 1)
    silent = np.bincount(of_hour[abstained], minlength=count)
    return table, np.stack([silent, table.sum(axis=1)], axis=1)


def _first(judged) -> float:
    return next(
        (i for i, one in enumerate(judged) if one is not None and one.is_much), float("nan")
    )


def _episodes(judged) -> int:
    """How often it would be told: begun by much, over by little."""
    told, is_open = 0, False
    for one in judged:
        if one is not None and one.is_much and not is_open:
            told, is_open = told + 1, True
        elif one is not None and one.is_little:
            is_open = False
    return told


def life(per_day: float, thread: float, seed: int):
    """False alarms of both watches, the share of time judged, and hours to detection of both."""
    random = np.random.default_rng(seed)
    year, later = 52 * 168, 14 * 24
    calm = hours(per_day, thread, NEEDED_HOURS + year, 0, 0.05, random)
    moved = hours(per_day, thread, later, 4, 0.25, random)
    both = [np.concatenate(pair) for pair in zip(calm, moved, strict=True)]
    found = []
    for watch, table, step in ((drift, both[0], 24), (abstaining, both[1], 6)):
        rows = table.tolist()
        ends = range(NEEDED_HOURS, len(rows) + 1, step)
        judged = [watch({h: rows[h] for h in range(end - NEEDED_HOURS, end)}, end) for end in ends]
        quiet = (year // step) + 1
        known = np.mean([one is not None for one in judged[:quiet]])
        found.append((_episodes(judged[:quiet]), known, step * (1 + _first(judged[quiet:]))))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--boards", type=int, default=20)
    asked = parser.parse_args()
    write = sys.stdout.write
    write("| board | watch | judged | false alarms a year | a change is told after |\n")
    write("| --- | --- | --- | --- | --- |\n")
    for name, per_day, thread in KINDS:
        lives = [life(per_day, thread, seed) for seed in range(asked.boards)]
        for i, watch in enumerate(("scores", "abstentions")):
            alarms, known, delay = zip(*(one[i] for one in lives), strict=True)
            middle = np.nanmedian(delay) if not np.all(np.isnan(delay)) else float("nan")
            write(
                f"| {name} | {watch} | {np.mean(known):.0%} | {np.mean(alarms):.2f} "
                f"({sum(alarms)} in {asked.boards}) | {middle:.0f} h |\n"
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
