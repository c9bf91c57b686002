"""How many changed copies of a text are found, how many unlike texts are taken for copies, and
what a fingerprint costs.

python -m tests.bench.copies [FOLDER WITH davidson/labeled_data.csv]

The texts are the tweets of Davidson et al. that were labelled hateful or offensive, of five words
and more; no text is shown.
"""

from __future__ import annotations

import csv
import itertools
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from moderator.classifier.folding import fold
from moderator.domain.likeness import EQUAL, alike, fingerprint

COPIES, UNLIKE = 1_000, 1_500  # texts looked at

Change = Callable[[str, random.Random], str]


def main() -> None:
    """Measure, and print a line for each kind of change."""
    default = Path(os.environ.get("MODERATOR_SHARED", "../shared"), "data")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    chance = random.Random(1)
    texts = unlike_texts(folder / "davidson" / "labeled_data.csv")
    chance.shuffle(texts)
    words = " ".join(texts[:3_000]).split()
    for name, change in changes(words).items():
        found = sum(alike(of(text), of(change(text, chance))) for text in texts[:COPIES])
        say(f"{name:<28} {found / COPIES:7.1%} found")
    pairs = list(itertools.combinations(map(of, texts[:UNLIKE]), 2))
    wrong = sum(alike(one, other) for one, other in pairs)
    say(f"{len(pairs):,} pairs of texts: {wrong} taken for copies")
    for what, work in (("folding", fold), ("fingerprint", fingerprint)):
        material = [fold(text).text for text in texts] if work is fingerprint else texts
        start = time.perf_counter()
        for text in material:
            work(text)
        took = (time.perf_counter() - start) / len(material)
        say(
            f"{what}: {took * 1e6:.0f} µs a text of {sum(map(len, texts)) // len(texts)} characters"
        )


def of(text: str) -> str:
    """A text's fingerprint, as ingest takes it."""
    return fingerprint(fold(text).text)


def unlike_texts(path: Path) -> list[str]:
    """Texts that are not the same but for signs and digits, in a fixed order."""
    with path.open(encoding="utf-8", newline="") as file:
        rude = [row["tweet"] for row in csv.DictReader(file) if row["class"] != "2"]
    return list({of(text): text for text in rude if not of(text).startswith(EQUAL)}.values())


def changes(words: list[str]) -> dict[str, Change]:
    """The ways in which a raid changes its text."""

    def put_in(text: str, chance: random.Random, times: int) -> str:
        parts = text.split()
        for _ in range(times):
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(words))
        return " ".join(parts)

    def exchange(text: str, chance: random.Random, times: int) -> str:
        parts = text.split()
        for place in chance.sample(range(len(parts)), min(times, len(parts))):
            parts[place] = chance.choice(words)
        return " ".join(parts)

    def mistype(text: str, chance: random.Random) -> str:
        letters = list(text)
        for _ in range(2):
            letters[chance.randrange(len(letters))] = chance.choice("abcdefghijklmnopqrstuvwxyz")
        return "".join(letters)

    return {
        "capitals and exclamations": lambda text, _: text.upper() + "!!!",
        "a mention and a link": lambda text, c: f"@ann {text} https://x.example/{c.random()}",
        "letters apart": lambda text, _: " ".join(text),
        "one word put in": lambda text, c: put_in(text, c, 1),
        "two words put in": lambda text, c: put_in(text, c, 2),
        "one word exchanged": lambda text, c: exchange(text, c, 1),
        "two words exchanged": lambda text, c: exchange(text, c, 2),
        "two letters mistyped": mistype,
    }


def say(line: str) -> None:
    """Say how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
