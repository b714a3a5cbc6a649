"""Openings restated: where a caller's files revise a compiled figure, the rows of the balance sheets that rest on it move with it.

A row of ``observations.csv`` that states a compiled figure, to its rounding, moves by the revision, and so do rows that are arithmetic on
it. A row of another day or publication stays, and so does every row whose figure the files do not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from calibration.newer import IN_USE, moved
from calibration.tables import Level, Observation, Published, read

ROUNDING = 0.06
NOTE_SHARE = 0.54
MOVED_STATEMENT = "moved to quarter-end"
DIRECT = (
    "reserves",
    "tga",
    "currency",
    "srf",
    "on_rrp",
    "on_rrp held by mmf",
    "foreign_repo_pool",
    "deposits",
    "mmf_shares",
    "tri-party repo of mmf",
    "loans",
    "hedge_fund_equity",
)
"""Rows that are a figure of ``quarters.csv`` of the same name."""
DERIVED: Mapping[str, Mapping[str, float]] = {
    "fed total assets": {"fed total assets": 1.0},
    "agency held by fed": {"agency held by fed": 1.0},
    "coupon securities held by fed": {"fed_treasuries": 1.0},
    "other held by fed": {"fed total assets": 1.0, "fed_treasuries": -1.0, "agency held by fed": -1.0},
    "fed_other_deposits": {
        "fed total assets": 1.0,
        "reserves": -1.0,
        "tga": -1.0,
        "currency": -1.0,
        "on_rrp": -1.0,
        "foreign_repo_pool": -1.0,
    },
    "bills held by mmf": {"mmf_treasuries": 1.0},
    "bills outstanding, with coupons of money funds": {"bills": 1.0, "mmf_treasuries": 1.0, "mmf_bills": -1.0},
    "notes outstanding": {"coupons": NOTE_SHARE, "mmf_treasuries": -NOTE_SHARE, "mmf_bills": NOTE_SHARE},
    "bonds outstanding": {"coupons": 1 - NOTE_SHARE, "mmf_treasuries": NOTE_SHARE - 1, "mmf_bills": 1 - NOTE_SHARE},
}
"""Rows that are sums of figures of ``quarters.csv``, with a constant: weights of those figures."""
DAILY = {
    "tga": "tga",
    "on_rrp": "on_rrp",
    "srf": "srf",
    "fed total assets": "fed_total_assets",
    "coupon securities held by fed": "fed_treasuries",
}
"""Rows of a Wednesday that is no quarter-end, by the daily or weekly series that they are of."""
RATES: Mapping[str, Mapping[str, float]] = {
    "sofr": {"sofr": 1.0},
    "effr": {"effr": 1.0},
    "iorb": {"iorb": 1.0},
    "triparty_rate": {"tgcr": 1.0},
    "dvp_rate": {"dvp_rate": 1.0},
    "bill_rate": {"yield_3m": 1.0},
    "yield_notes": {"yield_2y": 2 / 3, "yield_10y": 1 / 3},
    "yield_bonds": {"yield_10y": 1.0},
}
"""Rates of an opening by the daily series that they follow, per cent."""
PERCENT = 0.01


@cache
def compiled_figures(series: str) -> dict[date, Published]:
    """The compiled quarter-end figures of a series, whatever is in use."""
    return {row.date: row for row in read("quarters.csv", Published) if row.series == series}


def revision(series: str, day: date) -> float:
    """What a newer quarter-end figure differs from the compiled one; 0 where the files have none."""
    stated = IN_USE.get().figures.get(series, {}).get(day)
    old = compiled_figures(series).get(day)
    return 0.0 if stated is None or old is None else stated.value - old.value


def origin(series: str, day: date) -> str:
    """The source of a newer quarter-end figure; empty where the files have none."""
    stated = IN_USE.get().figures.get(series, {}).get(day)
    return "" if stated is None else stated.source


def restated(row: Observation) -> Observation:
    """A row with the revisions of the figures that it rests on; the row itself where the files have none of them."""
    newer = IN_USE.get()
    if not newer.figures and not newer.histories:
        return row
    change, sources = 0.0, []
    if daily_of(row) and row.date in newer.histories.get(daily_of(row), {}):
        change, sources = moved(daily_of(row), row.date), [f"files of the caller, {daily_of(row)}"]
    else:
        parts = parts_of(row)
        change = sum(weight * revision(name, row.date) for name, weight in parts.items())
        sources = list(dict.fromkeys(origin(name, row.date) for name in parts if origin(name, row.date)))
    if not sources:
        return row
    return row.model_copy(update={"value": row.value + change, "source": f"{row.source}; {'; '.join(sources)}"})


def daily_of(row: Observation) -> str:
    """The daily or weekly series that a row of a Wednesday is of; empty for other rows."""
    return DAILY.get(row.figure, "") if row.timing == "Wednesday level" else ""


def parts_of(row: Observation) -> Mapping[str, float]:
    """The figures of ``quarters.csv`` that a row rests on, with their weights; empty where it rests on none."""
    if row.figure in DIRECT:
        old = compiled_figures(row.figure).get(row.date)
        return {row.figure: 1.0} if old is not None and abs(old.value - row.value) <= ROUNDING else {}
    return DERIVED.get(row.figure, {}) if MOVED_STATEMENT not in row.timing else {}


def restated_level(row: Level) -> float:
    """A rate of an opening with the revisions of the daily series that it follows; other levels as compiled."""
    change = sum(weight * moved(series, row.date) for series, weight in RATES.get(row.variable, {}).items())
    return row.value + PERCENT * change


def from_files(rows: tuple[Observation, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the rows of a day that rest on a caller's files, and of those that rest on the compiled set."""
    newer = IN_USE.get()
    own = {item.source for stated in newer.figures.values() for item in stated.values()}
    taken = tuple(row.figure for row in rows if "files of the caller" in row.source or any(source in row.source for source in own))
    return taken, tuple(row.figure for row in rows if row.figure not in taken)


def rates_from_files(day: date) -> tuple[str, ...]:
    """Names of the rates of a day all of whose daily series a caller's files have."""
    newer = IN_USE.get().histories
    return tuple(name for name, parts in RATES.items() if all(day in newer.get(series, {}) for series in parts))
