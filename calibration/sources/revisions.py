"""Revisions: which compiled figures published series are compared with, and how much an ordinary revision moves each.

The table is ``calibration/catalogue/revisions.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from calibration.business_days import business_days
from calibration.history import history
from calibration.sources.catalogue import Catalogue, table
from calibration.sources.comparison import Known
from calibration.sources.units import RATES, factor
from calibration.tables import Published, rate_series, read

TAKE_UP = "srf"
"""The history that lists only days with an operation; on other days it is zero."""


@dataclass(frozen=True)
class Revision:
    """A row of the table: a compiled series and what it is compared with.

    Parameters
    ----------
    table, compiled
        Table of ``calibration/data`` and the series in it.
    of
        Series of the catalogue for the table ``rates``, figure of the catalogue for the others.
    times
        What ``of`` is multiplied by: -1 where the compiled series has the opposite sign.
    amount, share
        Largest ordinary revision, in the compiled unit and as a share of the value: the larger one counts.
    """

    table: str
    compiled: str
    of: str
    times: float
    amount: float
    share: float


@cache
def revisions() -> tuple[Revision, ...]:
    """Every row of the table."""
    rows = table("revisions.csv")
    return tuple(
        Revision(row["table"], row["compiled"], row["of"], float(row["times"]), float(row["amount"]), float(row["share"])) for row in rows
    )


def known_history(known: Catalogue) -> dict[str, Known]:
    """The daily and weekly history by the catalogue's names and units."""
    stated = {item.series: item.unit for item in rate_series()}
    found = {}
    for row in revisions():
        if row.table == "rates":
            unit = known.named(row.of)[0].unit
            times = factor(stated[row.compiled], unit)
            values = {day: value * times for day, value in daily(row.compiled).items()}
            found[row.of] = Known(values, row.amount * times, row.share, unit in RATES)
    return found


def daily(series: str) -> dict[date, float]:
    """A series of the history; days without take-up at the standing facility are zero."""
    days, values = history(series)
    found = dict(zip(days, values.tolist(), strict=True))
    return found if series != TAKE_UP else dict.fromkeys(business_days(days[0], days[-1]), 0.0) | found


@cache
def known_figures(name: str) -> dict[str, Known]:
    """The published figures of a quarterly table by its series, in its units; derived and assumed ones are not compared with."""
    rows = [row for row in read(f"{name}.csv", Published) if row.basis == "published"]
    found = {}
    for item in revisions():
        if item.table == name and item.compiled not in found:
            own = [row for row in rows if row.series == item.compiled]
            found[item.compiled] = Known({row.date: row.value for row in own}, item.amount, item.share, own[0].unit == "percent")
    return found


def ordinary(name: str, series: str, value: float) -> float:
    """The largest ordinary revision of a value of a series of a compiled table, in the table's unit; 0 for a series that has none."""
    sizes = [max(row.amount, row.share * abs(value)) for row in revisions() if (row.table, row.compiled) == (name, series)]
    return sizes[0] if sizes else 0.0
