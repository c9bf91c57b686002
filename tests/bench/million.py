"""A million stored comments, and how long a backtest over them takes.

python -m tests.bench.million [COMMENTS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from moderator.backtest import find_past, run, suggest
from moderator.domain.comment import Version
from moderator.domain.trigger import Scope, Sighting, Trigger
from moderator.storage import comments, migrations
from moderator.storage.engine import Engine, connect, write
from tests.builders import NOON, a_score

DAYS = 30
THREADS, AUTHORS = 2_000, 20_000
BATCH = 10_000
TRIGGERS = (
    Trigger(name="slur", when={"hate": 0.8}),
    Trigger(
        name="heated-thread",
        scope=Scope.THREAD,
        when={"toxic": 0.6},
        count=5,
        within=timedelta(minutes=10),
        cooldown=timedelta(hours=1),
    ),
    Trigger(
        name="repeat-offender",
        scope=Scope.AUTHOR,
        when={"toxic": 0.7},
        count=3,
        within=timedelta(hours=24),
        cooldown=timedelta(hours=24),
    ),
)
LOWER = tuple(
    Trigger(
        name=trigger.name,
        scope=trigger.scope,
        when={name: least - 0.1 for name, least in trigger.when.items()},
        count=trigger.count,
        within=trigger.within,
        cooldown=trigger.cooldown,
    )
    for trigger in TRIGGERS
)


def main() -> None:
    """Fill a database, and take the time of everything that is asked of it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder, 'past.db')}")
        migrations.upgrade(engine)
        timed(f"{count:,} comments stored", lambda: fill(engine, count))
        everything = find_past(engine, TRIGGERS, timedelta(days=DAYS + 1))
        backtest = timed(
            "backtest, present triggers against what was raised",
            lambda: run(engine, everything, present=TRIGGERS, candidate=None),
        )
        say({name: len(effect.after) for name, effect in backtest.effects.items()})
        timed(
            "backtest, present against candidate triggers",
            lambda: run(engine, everything, present=TRIGGERS, candidate=LOWER),
        )
        for trigger in TRIGGERS:
            found = timed(
                f"suggest 10 a day for {trigger.name}",
                lambda trigger=trigger: suggest(engine, everything, trigger, 10),
            )
            say(found.threshold, found.alerts_per_day)
        engine.dispose()


def say(*what: object) -> None:
    """Say how far it is."""
    sys.stdout.write(" ".join(map(str, what)) + "\n")
    sys.stdout.flush()


def timed(what, work):
    """What the work gives; says how long it took."""
    start, used = time.perf_counter(), time.process_time()
    result = work()
    took, used = time.perf_counter() - start, time.process_time() - used
    say(f"{what}: {took:.1f} s ({used:.1f} s of one core)")
    return result


def fill(engine: Engine, count: int) -> None:
    """Store comments evenly over the days, three in a hundred of them toxic."""
    versions = made_up(count)
    for _ in range(0, count, BATCH):
        with write(engine) as tx:
            comments.add_versions(tx, [next(versions) for _ in range(min(BATCH, count))])


def made_up(count: int) -> Iterator[comments.NewVersion]:
    """Comments in the order of their writing."""
    chance = random.Random(1)
    step = timedelta(days=DAYS) / count
    for number in range(count):
        share = chance.betavariate(5, 2) if chance.random() < 0.03 else chance.betavariate(1, 15)
        hate = share * chance.random()
        score = a_score(hate, share - hate)
        probabilities = score.probabilities
        assert probabilities is not None
        version = Version(order=0, digest=f"{number:064x}")
        when = NOON + number * step
        seen = Sighting(
            source="forum",
            comment_id=str(number),
            version=version.label,
            at=when,
            probabilities=probabilities,
            thread_id=str(int(chance.paretovariate(0.5)) % THREADS),  # a few are lively
            board="general",
            author_id=str(chance.randrange(AUTHORS)),
            author_name="ann",
            author_role="member",
        )
        yield comments.NewVersion(
            source="forum",
            comment_id=str(number),
            version=version,
            text="",
            written_at=when,
            received_at=when,
            scored_at=when,
            score=score,
            seen=seen,
        )


if __name__ == "__main__":
    main()
