"""What a look of the watch costs over a million stored comments.

python -m tests.bench.watch [COMMENTS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from moderator.storage import migrations
from moderator.storage.engine import Engine, connect, read, write
from moderator.storage.tables import versions
from moderator.watch import Lookout, outlooks
from tests.builders import NOON
from tests.watch.boards import a_version, everything

SOURCES = ("forum", "club", "news", "blogs")
WEEKS = 26


def main() -> None:
    """Fill a database, count it for the first time, and look."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrations.upgrade(engine)
        _fill(engine, count)
        now = [NOON]
        lookout = Lookout(engine, "marked@000000000000", lambda: "no", clock=lambda _: now[0])
        scope = everything(sources=SOURCES)
        for name, later in (
            ("the first look", 0),
            ("the look that counts everything", 30),
            ("a look that learns each rhythm", 60),
            ("a look", 90),
            ("a look at a new hour", 3690),
        ):
            now[0] = NOON + timedelta(seconds=later)
            _timed(name, lambda: lookout.look(scope))
        with read(engine) as tx:
            _timed("GET /v1/watch", lambda: outlooks(tx, SOURCES))
        engine.dispose()


def _fill(engine: Engine, count: int) -> None:
    step = timedelta(weeks=WEEKS) / count
    for first in range(0, count, 10_000):
        rows = [
            a_version(NOON - timedelta(weeks=WEEKS) + i * step, SOURCES[i % 4], i % 97 / 100)
            for i in range(first, min(count, first + 10_000))
        ]
        with write(engine) as tx:
            tx.execute(versions.insert(), rows)


def _timed(name: str, do: Callable[[], object]) -> None:
    start = time.perf_counter()
    do()
    sys.stdout.write(f"{name}: {(time.perf_counter() - start) * 1000:.0f} ms\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
