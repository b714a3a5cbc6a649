"""Rates that leave the range in which they were ever observed, and funds without equity: when, how far, and the state of that day.

Nothing is cut off. Beyond these ranges the curves are extrapolated: a result says that the market breaks there, not at which rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dollarflow.solved import Solved

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """Lowest and highest value that a rate ever had.

    Parameters
    ----------
    name, label
        The variable and what it is called.
    low, high
        Decimals per year.
    source
        Where and when each was observed.
    state
        What is told of the market on the day: variables in USD bn, by their labels.
    """

    name: str
    label: str
    low: float
    high: float
    source: str
    state: tuple[tuple[str, str], ...]


CASH = (("liquidity_slack", "liquidity slack"), ("reserves", "reserves"), ("on_rrp", "ON RRP"), ("srf", "SRF"))
DEBT = (("bills", "bills"), ("notes", "notes"), ("bonds", "bonds"))
RANGES = (
    Range(
        "sofr_iorb",
        "SOFR less IORB",
        -0.0021,
        0.0315,
        "New York Fed, daily since April 2018: -21 bp on 14 June 2022, +315 bp on 17 September 2019",
        CASH,
    ),
    Range("effr", "the federal funds rate", 0.0, 0.2236, "H.15, daily: never negative; 22.36 % on 22 July 1981", CASH),
    Range("bill_rate", "the bill rate", -0.0005, 0.1630, "H.15, three months: -0.05 % in March 2020; 16.30 %, mean of May 1981", DEBT),
    Range("yield_notes", "the yield of notes", 0.0009, 0.17, "H.15, two years: 0.09 % in February 2021; below 17 % in 1981", DEBT),
    Range("yield_bonds", "the yield of bonds", 0.0052, 0.1584, "H.15, ten years: 0.52 % on 4 August 2020; 15.84 % in September 1981", DEBT),
)
ADMINISTERED = {
    "rate_lower": "the lower bound",
    "rate_upper": "the upper bound",
    "iorb": "IORB",
    "on_rrp_rate": "the ON RRP rate",
    "srf_rate": "the SRF rate",
}
LARGEST_STEP = 0.05
"""Change of an administered rate from one period to the next, decimals, above which a mistaken unit is more likely than a decision."""
CLIFF = ("cliff_threshold", "deposits_reference")
SIZE = ("deposits_average", "reserve_preference")
EQUITY, LOSS, LENT, BASIS = "hf_equity", "hf_default_loss", "repo_dvp__hedge_funds__banks", "basis"
FUNDS = (EQUITY, LOSS, LENT, BASIS)
NEEDED = ("sofr", *ADMINISTERED, *SIZE, *(item.name for item in RANGES), *(name for name, _ in (*CASH, *DEBT)), *FUNDS)
MARGIN = 1e-9
GONE = 1e-6
"""USD bn of equity below which funds have none."""
TOLD = 0.05
"""USD bn of losses that are worth a word."""


def outside(series: Mapping[str, Floats], dates: Sequence[date | str], parameters: Mapping[str, float]) -> list[str]:
    """A sentence for each rate that leaves its range after the opening, where administered rates jump, and where funds lose all equity.

    Parameters
    ----------
    series
        The variables of ``NEEDED`` that there are, each of shape (periods + 1,), the opening first.
    dates
        The periods' dates.
    parameters
        Constant parameters by name, for the slack at which the cliff of the repo curve lies.
    """
    found = [_told(item, series, dates, parameters) for item in RANGES if item.name in series and _beyond(item, series[item.name]).any()]
    found += _jumps(series, dates)
    return found + (_gone(series, dates) if all(name in series for name in FUNDS) else [])


def notices(run: Solved) -> list[str]:
    """The sentences on a solved path."""
    path = run.path
    last = path.parameter_rows[-1].tolist() if len(path.parameter_rows) else []
    series = {name: np.asarray(path[name], dtype=np.float64) for name in NEEDED if name in path}
    return outside(series, run.dates, dict(zip(path.parameter_names, last, strict=False)))


def _beyond(item: Range, values: Floats) -> NDArray[np.bool_]:
    return (values[1:] < item.low - MARGIN) | (values[1:] > item.high + MARGIN)


def _told(item: Range, series: Mapping[str, Floats], dates: Sequence[date | str], parameters: Mapping[str, float]) -> str:
    values = series[item.name]
    periods = 1 + np.flatnonzero(_beyond(item, values))
    worst = int(periods[np.argmax(np.maximum(values[periods] - item.high, item.low - values[periods]))])
    level = f" (SOFR {_per_cent(series['sofr'][worst])})" if item.name == "sofr_iorb" and "sofr" in series else ""
    state = [f"{label} {series[name][worst]:,.0f} bn" for name, label in item.state if name in series]
    if item.state is CASH and state and all(name in parameters for name in CLIFF) and all(name in series for name in SIZE):
        threshold, reference = (parameters[name] for name in CLIFF)
        cliff = threshold * series[SIZE[1]][worst] * series[SIZE[0]][worst] / reference
        state[0] += f" (the repo curve is steep below {cliff:,.0f} bn)"
    extreme = "highest" if values[worst] > item.high else "lowest"
    return (
        f"{item.label} leaves the range ever observed ({item.source}) from {dates[int(periods[0])]}, in {len(periods)} of "
        f"{len(values) - 1} periods; {extreme} {_per_cent(values[worst])}{level} on {dates[worst]}: {', '.join(state)}"
    )


def _gone(series: Mapping[str, Floats], dates: Sequence[date | str]) -> list[str]:
    """What becomes of funds whose equity is used up, and whether more is written off than was lent to them."""
    equity, loss, lent = (series[name] for name in (EQUITY, LOSS, LENT))
    without = 1 + np.flatnonzero((equity[1:] <= GONE) & (equity[:-1].max(initial=0.0) > GONE))
    if not len(without):
        return []
    told = f"hedge funds have no equity left from {dates[int(without[0])]}, in {len(without)} of {len(equity) - 1} periods"
    if loss[1:].sum() > TOLD:
        told += f"; those who lent to them lose {loss[1:].sum():,.1f} bn"
    beyond = np.maximum(loss[1:] - np.maximum(lent[:-1], 0.0), 0.0).sum()
    if beyond > TOLD:
        told += f", {beyond:,.1f} bn more than they had lent: what an input takes out of funds that have nothing is written off by others"
    widest = 1e4 * float(np.max(series[BASIS][without]))
    return [f"{told}; nobody else enters the basis trade, and the basis is {widest:,.0f} bp at its widest. Funds do not come back"]


def _jumps(series: Mapping[str, Floats], dates: Sequence[date | str]) -> list[str]:
    parts = []
    for name, label in ADMINISTERED.items():
        steps = np.nan_to_num(np.diff(series[name])) if name in series else np.zeros(1)
        place = int(np.argmax(np.abs(steps))) if len(steps) else 0
        if len(steps) and abs(steps[place]) > LARGEST_STEP:
            parts.append(f"{label} by {100 * steps[place]:+,.2f} points to {_per_cent(series[name][place + 1])} on {dates[place + 1]}")
    if not parts:
        return []
    return [f"administered rates move by more than {100 * LARGEST_STEP:.0f} points at once (25 bp are written 0.0025): {', '.join(parts)}"]


def _per_cent(value: float) -> str:
    return f"{100 * value:,.2f} %"
