"""A synthetic site: comments with the scores that another scorer gave them, and its program."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import requests

from tests.reliability.service import ServiceProcess

OPENINGS = ["I think", "To be honest,", "Well,", "As always,", "Look,", "Sorry, but", "Today"]
SUBJECTS = ["the goose", "this duck", "our postman", "the old swan", "my neighbour", "your boat"]
ENDS = ["by the pond", "on Monday", "at the shore", "in the rain", "near the mill", "again"]
WORDS = ["bread", "water", "grass", "river", "bridge", "morning", "market", "garden", "window"]
# Mild insults, and how rude the old scorer took them to be: it had another opinion than ours.
RUDE = {"is silly": 0.6, "is a fool": 1.8, "is an idiot": 2.6, "is stupid": 3.0, "is a moron": 2.2}
KIND = {"is lovely": -3.0, "likes us": -2.6, "swims well": -2.2, "was late": -1.4, "is loud": -0.6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A comment and what the old scorer said of it, 0..1."""

    id: str
    text: str = field(repr=False)  # a test that fails shows none
    toxicity: float


def mild_site(count: int, *, rude: float = 0.4, seed: int = 1) -> list[Scored]:
    """Mild comments, of which a share `rude` holds an insult; old scores by phrase and noise."""
    chance = np.random.default_rng(seed)
    found = []
    for number in range(count):
        phrases = RUDE if chance.random() < rude else KIND
        said = str(chance.choice(list(phrases)))
        words = " ".join(chance.choice(WORDS, 4))
        opening, subject, end = (str(chance.choice(some)) for some in (OPENINGS, SUBJECTS, ENDS))
        logit = phrases[said] + chance.normal(0.0, 0.8)
        found.append(
            Scored(
                id=f"c{number}",
                text=f"{opening} {subject} {said} {end}: {words}.",
                toxicity=round(float(1 / (1 + np.exp(-logit))), 6),
            )
        )
    return found


def write_export(path: Path, comments: Sequence[Scored], column: str = "TOXICITY") -> Path:
    """The export of these comments."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text", column])
        writer.writerows((each.id, each.text, each.toxicity) for each in comments)
    return path


def analyzed(service: ServiceProcess, texts: Sequence[str], connections: int = 1) -> list[float]:
    """What `comments:analyze` of a running service says of each text, nothing stored."""
    parts = [texts[first::connections] for first in range(connections)]
    with ThreadPoolExecutor(connections) as threads:
        answers = list(threads.map(lambda part: _analyzed(service, part), parts))
    values = [0.0] * len(texts)
    for first, part in enumerate(answers):
        values[first::connections] = part
    return values


def _analyzed(service: ServiceProcess, texts: Sequence[str]) -> list[float]:
    wanted = {"requestedAttributes": {"TOXICITY": {}}, "doNotStore": True, "languages": ["en"]}
    values = []
    with requests.Session() as session:
        for text in texts:
            answer = session.post(
                f"{service.url}/v1alpha1/comments:analyze",
                json=wanted | {"comment": {"text": text}},
                timeout=10,
            )
            value = answer.json()["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
            values.append(value)
    return values
