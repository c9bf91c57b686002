"""The recipes by name."""

from __future__ import annotations

from moderator.classifier.pool import PoolRows
from moderator.classifier.recipe import Recipe
from moderator.classifier.robust import Default
from moderator.classifier.tutorial import Tutorial
from moderator.domain.errors import DataError

RECIPE_NAMES = ("tutorial", "default")


def recipe_named(name: str, pool: PoolRows | None = None) -> Recipe:
    """The recipe of this name; the tutorial's uses no pool. Raises DataError for another name."""
    if name == "tutorial":
        return Tutorial()
    if name == "default":
        return Default(pool=pool)
    raise DataError(f"no recipe {name!r}; there are {', '.join(RECIPE_NAMES)}")
