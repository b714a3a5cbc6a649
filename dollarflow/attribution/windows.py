"""Money and debt over a window of a path: who created the money, how much of it came per dollar of debt, and what the SRF lent."""

from __future__ import annotations

from datetime import date

import numpy as np

from equations.accounts import CHART
from equations.money_creation import FINANCIERS, LABELS
from model.language.accounts import transaction
from model.periods.path import Path

When = int | date | str
TREASURIES = ("bills", "notes", "bonds")


def window(path: Path, start: When = 0, end: When = -1) -> tuple[int, int]:
    """First and last row of a window: changes are counted after the first and up to the last.

    Raises
    ------
    ValueError
        A window without a period.
    """
    first, last = path.period(start), path.period(end)
    if last <= first:
        raise ValueError(f"the window from {start} to {end} has no period")
    return first, last


def change(path: Path, name: str, start: When = 0, end: When = -1) -> float:
    """Change of a stock over a window, USD bn; a total without opening value is the sum of its cells."""
    first, last = window(path, start, end)
    opening = path[name][first]
    if not np.isfinite(opening):
        raise ValueError(f"{name!r} has no value in period {first}; start the window one period later")
    return float(path[name][last] - opening)


def sources(path: Path, start: When = 0, end: When = -1) -> dict[str, float]:
    """Money created over a window by source (J1), USD bn; they sum to the change of ``money`` exactly."""
    first, last = window(path, start, end)
    return {name: float(path[f"money_by__{name}"][first + 1 : last + 1].sum()) for name in LABELS}


def by_financier(path: Path, start: When = 0, end: When = -1) -> dict[str, float]:
    """The same by whose balance sheet it is on, USD bn."""
    found = sources(path, start, end)
    return {name: sum(found[s] for s in members) for name, members in FINANCIERS.items()}


def debt_issued(path: Path, start: When = 0, end: When = -1) -> float:
    """Net issue of marketable debt over a window, at face, USD bn."""
    return change(path, "debt", start, end)


def m2_created(path: Path, start: When = 0, end: When = -1) -> float:
    """Change of M2 over a window, USD bn, from the cells that it sums: it needs no value of M2 in the opening."""
    first, last = window(path, start, end)
    names = ("currency__fed__private", "currency__fed__rest_of_world", "deposits__banks__private")
    retail = path["retail_fund_share"] * sum(path[c.key] for c in CHART.cells("mmf_shares"))
    total = sum(path[name] for name in names) + retail
    return float(total[last] - total[first])


def mu(path: Path, start: When = 0, end: When = -1) -> float:
    """μ = ΔM2/ΔDebt over a window: dollars of M2 that came with a dollar of debt, whatever caused them."""
    return m2_created(path, start, end) / debt_issued(path, start, end)


def srf_share(path: Path, start: When = 0, end: When = -1) -> float:
    """Average SRF balance in a window over the debt issued in it: the loan is overnight, so its peak finances nothing."""
    first, last = window(path, start, end)
    return float(path["srf__banks__fed"][first + 1 : last + 1].mean()) / debt_issued(path, start, end)


def absorbed(path: Path, start: When = 0, end: When = -1) -> dict[str, float]:
    """Treasuries acquired over a window by holder, transactions at current prices, USD bn."""
    first, last = window(path, start, end)
    found: dict[str, float] = {}
    for instrument in TREASURIES:
        for cell in CHART.cells(instrument):
            bought = float(path[transaction(cell).base][first + 1 : last + 1].sum())
            found[cell.holder] = found.get(cell.holder, 0.0) + bought
    return found
