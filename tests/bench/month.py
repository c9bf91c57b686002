"""A month of real comments through the bot: tweets and clean comments of the pool.

    python -m tests.bench.month [../shared/data]

Three in a hundred are toxic; as many as that are drawn of the toxic tweets, with every civil
tweet and every clean comment of the GoEmotions files.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from moderator.classifier.bundled import load_bundled
from moderator.classifier.dataset import read_labelled
from moderator.classifier.pool import read_everyday
from moderator.domain.trigger import Scope, Trigger
from moderator.storage import migrations
from moderator.storage.engine import connect
from tests.backtest.board import in_order, raised_live
from tests.backtest.month import walk

TOXIC_SHARE = 0.03
NEITHER = 2
CLEAN_FILES = ("goemotions_train.csv", "goemotions_dev.csv", "goemotions_test.csv")
TRIGGERS = (
    Trigger(name="toxic", when={"toxic": 0.8}),
    Trigger(
        name="heated-thread",
        scope=Scope.THREAD,
        when={"toxic": 0.5},
        count=2,
        within=timedelta(hours=6),
        cooldown=timedelta(hours=6),
    ),
)


def main() -> None:
    """Walk the way for each trigger; end with 1 where it does not hold."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    texts = mixed(folder)
    say(f"{len(texts):,} comments, {TOXIC_SHARE:.0%} of them toxic")
    holds = [holds_for(texts, triggers) for triggers in (TRIGGERS, TRIGGERS[::-1])]
    sys.exit(0 if all(holds) else 1)


def mixed(folder: Path) -> list[str]:
    """All civil texts, and as many toxic ones as make up the share."""
    rows = read_labelled(folder / "davidson" / "labeled_data.csv")
    civil = [t for t, label in zip(rows.texts, rows.labels, strict=True) if label == NEITHER]
    toxic = [t for t, label in zip(rows.texts, rows.labels, strict=True) if label != NEITHER]
    clean = [text for name in CLEAN_FILES for text in read_everyday(folder / "pool" / name)]
    civil += clean
    wanted = round(len(civil) * TOXIC_SHARE / (1 - TOXIC_SHARE))
    return civil + random.Random(1).sample(toxic, wanted)


def holds_for(texts: list[str], triggers: tuple[Trigger, ...]) -> bool:
    """Whether ten a day were suggested, foreseen and raised, and alert by alert the same."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        engines = tuple(connect(f"sqlite:///{Path(folder, name)}.db") for name in "ab")
        for engine in engines:
            migrations.upgrade(engine)
        found = walk((engines[0], engines[1]), load_bundled(), triggers, texts, alerts_per_day=10)
        present = in_order([one for e in found.backtest.effects.values() for one in e.before])
        as_raised = present == raised_live(engines[0])
        for engine in engines:
            engine.dispose()
    effect = found.backtest.as_json()["triggers"][triggers[0].name]
    say(f"{triggers[0].name}: suggested {found.suggestion.chosen.when}")
    say(f"  before {effect['before']}, after {effect['after']}")
    say(f"  {len(present)} alerts of the first month replayed one by one: {as_raised}")
    foreseen = found.second == found.foreseen
    say(f"  {len(found.second)} alerts of the second month as foreseen, one by one: {foreseen}")
    say(f"  {time.perf_counter() - start:.0f} s")
    return as_raised and foreseen and 8 <= effect["after"]["alerts_per_day"] <= 12


def say(what: str) -> None:
    """Say how far it is."""
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
