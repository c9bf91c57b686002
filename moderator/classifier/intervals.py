"""How sure a figure is that was measured on so many rows: 95 % intervals."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

SURE = 1.96  # standard errors either side: 95 %

Interval = tuple[float, float]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def share_interval(hits: int, of: int) -> Interval:
    """Wilson's 95 % interval of a share.

    Worked example: 8 of 10 lies between 0.49 and 0.94.
    """
    if of == 0:
        return 0.0, 1.0
    part, z2 = hits / of, SURE * SURE
    middle = (part + z2 / (2 * of)) / (1 + z2 / of)
    half = SURE * math.sqrt(part * (1 - part) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def auc_interval(ranked: Floats, really: Flags) -> Interval:
    """DeLong's 95 % interval of the AUC: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988)."""
    so, not_so = ranked[really], ranked[~really]
    order = rankdata(np.concatenate([so, not_so]))
    above = (order[: len(so)] - rankdata(so)) / len(not_so)
    below = 1.0 - (order[len(so) :] - rankdata(not_so)) / len(so)
    variance = np.var(above, ddof=1) / len(so) + np.var(below, ddof=1) / len(not_so)
    middle, half = float(above.mean()), SURE * math.sqrt(float(variance))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def rank_correlation(one: Floats, other: Floats) -> tuple[float, Interval]:
    """Spearman's rank correlation of two shapes (n,), n above 3, neither of them constant.

    The interval is Fisher's, with Fieller's factor for ranks.
    """
    found = float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
    half = SURE * math.sqrt(1.06 / (len(one) - 3))
    middle = math.atanh(min(max(found, -0.999999), 0.999999))
    return found, (math.tanh(middle - half), math.tanh(middle + half))
