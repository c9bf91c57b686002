"""What a set of triggers would have done to the stored past, by the code that runs live.

    stored sightings, in the order of arrival ─▶ domain.passing ─▶ alerts as they would have been

`run` compares two sets of triggers, `suggest` looks for the threshold that keeps to a budget.
Nothing is stored and nobody is told anything.
"""

from moderator.backtest.comparison import Backtest, Candidate, Effect, run
from moderator.backtest.past import DEFAULT_LENGTH, Past, find_past
from moderator.backtest.replay import Replay
from moderator.backtest.suggestion import Suggestion, suggest

__all__ = [
    "DEFAULT_LENGTH",
    "Backtest",
    "Candidate",
    "Effect",
    "Past",
    "Replay",
    "Suggestion",
    "find_past",
    "run",
    "suggest",
]
