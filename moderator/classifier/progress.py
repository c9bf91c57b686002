"""Long work made visible: a bar on standard error where that is a terminal, else nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tqdm import tqdm

from moderator.classifier.recipe import Step

Item = TypeVar("Item")


def each(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items, with a bar that counts them."""
    yield from tqdm(items, desc=what, total=total, file=sys.stderr, disable=None, leave=False)


@contextmanager
def steps(what: str, total: int) -> Iterator[Step]:
    """A bar that counts steps and names the one that is being taken."""
    with tqdm(total=total, desc=what, file=sys.stderr, disable=None, leave=False) as shown:

        def step(name: str) -> None:
            shown.set_postfix_str(name)
            shown.update()

        yield step
