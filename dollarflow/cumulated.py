"""What adds up over a run: where the growth of debt comes from, and what the Fed bought."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

DEFICIT, OTHER_MEANS, CASH, REST = "deficit", "other uses of cash", "change of the TGA", "other"
PURCHASES = "Fed purchases less run-off"
DEBT = "federal debt"
NEEDED = ("debt", "tga", "deficit", "dt", "pay__other_means____treasury__private")
NOTICED = 0.05
"""Part of the growth of debt, USD bn, from which what none of the named parts explains is shown."""


def debt_growth(series: Callable[[str], Any], known: Callable[[str], bool]) -> dict[str, float]:
    """The growth of debt and its parts from the opening to the end, USD bn, the total last; empty where a variable is missing.

    Parameters
    ----------
    series
        A variable's values, shape (periods + 1,), the opening first.
    known
        Whether there is a variable of that name.
    """
    if not all(known(name) for name in NEEDED):
        return {}
    debt, cash, deficit, lengths, means = (np.asarray(series(name), dtype=np.float64) for name in NEEDED)
    parts = {
        DEFICIT: math.fsum(deficit[1:] * lengths[1:]),
        OTHER_MEANS: math.fsum(means[1:]),
        CASH: float(cash[-1] - cash[0]),
    }
    total = float(debt[-1] - debt[0])
    rest = total - math.fsum(parts.values())
    return {**parts, **({REST: rest} if abs(rest) > NOTICED else {}), DEBT: total}


def totals(series: Callable[[str], Any], known: Callable[[str], bool]) -> dict[str, float]:
    """Parts and total of the growth of debt, and the Fed's purchases less what ran off, over the run, USD bn."""
    found = debt_growth(series, known)
    if known("fed_net_purchases"):
        found[PURCHASES] = math.fsum(np.nan_to_num(np.asarray(series("fed_net_purchases"), dtype=np.float64)[1:]))
    return found


def in_words(parts: Mapping[str, float]) -> str:
    """The growth of debt as a sum; empty where its parts are not known.

    Examples
    --------
    >>> in_words({"deficit": 1878.5, "other uses of cash": 31.7, "change of the TGA": -176.2, "federal debt": 1734.0})
    'debt +1,734 bn = deficit +1,878 bn, other uses of cash +32 bn, less 176 bn drawn from the TGA'
    """
    if DEBT not in parts:
        return ""
    told = ", ".join(_part(name, value) for name, value in parts.items() if name not in (DEBT, PURCHASES))
    return f"debt {parts[DEBT]:+,.0f} bn = {told}"


def _part(name: str, value: float) -> str:
    if name == CASH:
        return f"less {-value:,.0f} bn drawn from the TGA" if value < 0 else f"and {value:,.0f} bn added to the TGA"
    return f"{name} {value:+,.0f} bn"
