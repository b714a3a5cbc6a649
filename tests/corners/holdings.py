"""What may never be negative, and what must net to zero, read off a path."""

from __future__ import annotations

import numpy as np

from equations.accounts import CHART
from model.language.accounts import value
from model.periods.path import Path

MAY_BE_OWED = ("external_other", "fed_equity")
"""Net positions: a foreigner's other claims, and the Fed's capital less its deferred asset."""
DUST = 1e-6
SECTORS = tuple(s.name for s in CHART.sectors)


def negative(path: Path, dust: float = DUST) -> dict[str, float]:
    """Holdings and faces below zero, by name, with their lowest value."""
    names = [value(c).base for c in CHART.cells() if c.instrument not in MAY_BE_OWED]
    names += [f"{n}__face" for n in names if f"{n}__face" in path]
    names += ["hf_book", "hf_basis_leg", "backlog", "unpaid", "hf_default_loss"]
    low = {n: float(np.nanmin(path[n][1:])) for n in names}
    return {n: v for n, v in low.items() if v < -dust}


def imbalance(path: Path) -> float:
    """Largest sum of the eight financial balances over a period, USD bn a year: what one pays another receives."""
    return float(np.abs(sum(path[f"balance__{s}"][1:] for s in SECTORS)).max())
