"""Dated facts as assertions on forecasts, with tolerances stated beforehand by one rule for each kind of fact.

Levels: a tenth. Changes: a third, of that of the Treasury's account where it is the cause. Monthly means of spreads: 5 bp, the day-to-day
dispersion at constant reserves; of the federal funds spread 2 bp. Dates: eight weeks. A fact that is not yet checked against its
publication (``assumption``) is shown and never judged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from model.periods.path import Path

Status = Literal["published", "press", "assumption"]
FILE = "events.csv"
WEEKS = 8
SPREAD, FUNDS = 5.0, 2.0
COLUMNS = ("window", "event", "unit", "published", "tolerance", "model", "verdict", "status", "source")


@dataclass(frozen=True)
class Event:
    """A fact about a window.

    Parameters
    ----------
    window, name, unit
        The window, the fact in words, and the unit of its number (``weeks`` for dates, counted from the published one).
    published, tolerance
        The number and how far from it a forecast may be.
    status, source
        Whether and where it was published.
    measure
        The forecast's number; nan where it never happens.
    """

    window: str
    name: str
    unit: str
    published: float
    tolerance: float
    status: Status
    source: str
    measure: Callable[[Path], float]


@dataclass(frozen=True)
class Outcome:
    """An event and a forecast's number for it."""

    event: Event
    model: float

    @property
    def verdict(self) -> str:
        """``hit``, ``miss``, or ``not judged``."""
        if self.event.status == "assumption":
            return "not judged"
        return "hit" if abs(self.model - self.event.published) <= self.event.tolerance else "miss"


def at(path: Path, name: str, day: date) -> float:
    """A variable on a day, on the straight line between two weeks."""
    days = [other.toordinal() for other in path.dates or ()]
    return float(np.interp(day.toordinal(), days, path[name]))


def level(name: str, day: date) -> Callable[[Path], float]:
    """A variable's level on a day."""
    return lambda path: at(path, name, day)


def change(names: Sequence[str], first: date, last: date) -> Callable[[Path], float]:
    """The change of a sum of variables from one day to another."""
    return lambda path: sum(at(path, name, last) - at(path, name, first) for name in names)


def month(name: str, year: int, number: int) -> Callable[[Path], float]:
    """The mean of a rate's weeks that end in a month, basis points."""

    def mean(path: Path) -> float:
        values = [
            value for day, value in zip(path.dates or (), path[name].tolist(), strict=True) if (day.year, day.month) == (year, number)
        ]
        return 1e4 * float(np.mean(values)) if values else float("nan")

    return mean


def funds_month(year: int, number: int) -> Callable[[Path], float]:
    """The monthly mean of the federal funds rate less IORB, basis points."""
    return lambda path: month("effr", year, number)(path) - month("iorb", year, number)(path)


def weeks_late(name: str, below: float, day: date, after: date | None = None) -> Callable[[Path], float]:
    """Weeks from a day to the first date, after another, on which a variable is below a number."""

    def distance(path: Path) -> float:
        for other, value in zip(path.dates or (), path[name].tolist(), strict=True):
            if (after is None or other > after) and value < below:
                return (other - day).days / 7
        return float("nan")

    return distance


def weeks_from_peak(name: str, day: date) -> Callable[[Path], float]:
    """Weeks from a day to the date of a variable's largest value."""
    return lambda path: ((path.dates or ())[int(np.nanargmax(path[name]))] - day).days / 7


H41, NY, PRESS = "Fed H.4.1", "New York Fed", "press on the Fed's weekly and audited statements"
FIRST, SPRING, RUNOFF, REBUILD, LAST = "2018Q4-2019Q4", "2020H1", "2021Q4-2023Q4", "2023Q2-2024Q1", "2024Q4-2025Q4"
OFFICIAL = ("notes__treasury__foreign_official__face", "bonds__treasury__foreign_official__face", "bills__treasury__foreign_official")


def spread(window: str, year: int, number: int, published: float) -> Event:
    """A monthly mean of SOFR less IORB."""
    text = f"SOFR less IORB, mean of {year}-{number:02d}"
    return Event(window, text, "bp", published, SPREAD, "published", NY, month("sofr_iorb", year, number))


def crossing(window: str, number: float, day: date, after: date | None = None) -> Event:
    """The day on which ON RRP fell below a number."""
    measure = weeks_late("on_rrp", number, day, after)
    return Event(window, f"ON RRP below {number:,.0f} on {day}", "weeks", 0.0, WEEKS, "published", NY, measure)


EVENTS = (
    Event(FIRST, "reserves on 2019-09-18", "USD bn", 1385.0, 138.5, "published", H41, level("reserves", date(2019, 9, 18))),
    spread(FIRST, 2019, 4, 7.6),
    spread(FIRST, 2019, 7, 10.0),
    spread(FIRST, 2019, 9, 29.1),
    spread(FIRST, 2019, 12, -0.4),
    Event(
        SPRING,
        "Treasuries of foreign officials, end of February to end of March 2020",
        "USD bn",
        2853.0 - 2999.0,
        146 / 3,
        "published",
        "Fed, securities in custody",
        change(OFFICIAL, date(2020, 2, 29), date(2020, 3, 31)),
    ),
    Event(RUNOFF, "ON RRP on 2022-12-30", "USD bn", 2553.7, 255.4, "published", NY, level("on_rrp", date(2022, 12, 30))),
    Event(RUNOFF, "ON RRP on 2023-03-31", "USD bn", 2375.2, 237.5, "published", NY, level("on_rrp", date(2023, 3, 31))),
    Event(
        RUNOFF,
        "the Fed's income negative from 2022-09-28",
        "weeks",
        0.0,
        WEEKS,
        "published",
        H41,
        weeks_late("fed_net_income", 0.0, date(2022, 9, 28)),
    ),
    crossing(RUNOFF, 2000.0, date(2023, 6, 15), date(2023, 1, 1)),
    crossing(RUNOFF, 1000.0, date(2023, 11, 9), date(2023, 1, 1)),
    Event(
        RUNOFF,
        "reserves from 2023-05-31 to 2023-12-27, while the Treasury's account rose by 664",
        "USD bn",
        258.0,
        664 / 3,
        "published",
        H41,
        change(("reserves",), date(2023, 5, 31), date(2023, 12, 27)),
    ),
    crossing(REBUILD, 500.0, date(2024, 2, 15), date(2023, 4, 1)),
    Event(
        LAST,
        "reserves from 2025-07-09 to 2025-10-29, while the Treasury's account rose by 673",
        "USD bn",
        2827.9 - 3342.0,
        514 / 3,
        "published",
        H41,
        change(("reserves",), date(2025, 7, 9), date(2025, 10, 29)),
    ),
    crossing(LAST, 50.0, date(2025, 8, 14), date(2025, 7, 1)),
    crossing(LAST, 10.0, date(2025, 10, 2), date(2025, 7, 1)),
    *(spread(LAST, 2025, number, value) for number, value in ((8, -5.6), (9, 0.7), (10, 7.4), (11, 7.8), (12, 5.9))),
    *(
        Event(LAST, f"EFFR less IORB, 2025-{number:02d}", "bp", value, FUNDS, "published", NY, funds_month(2025, number))
        for number, value in ((8, -7.0), (10, -4.5), (11, -2.3), (12, -1.0))
    ),
    Event(
        LAST,
        "the Fed's deferred asset largest on 2025-11-05",
        "weeks",
        0.0,
        WEEKS,
        "press",
        PRESS,
        weeks_from_peak("deferred_asset", date(2025, 11, 5)),
    ),
    Event(
        LAST, "the Fed's deferred asset on 2025-11-05", "USD bn", 243.8, 24.4, "press", PRESS, level("deferred_asset", date(2025, 11, 5))
    ),
)


def outcomes(window: str, path: Path) -> tuple[Outcome, ...]:
    """Every event of a window on its forecast."""
    return tuple(Outcome(event, event.measure(path)) for event in EVENTS if event.window == window)


def events_csv(found: Sequence[Outcome]) -> str:
    """The events as CSV; the committed ``data/events.csv`` is this text for all windows."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in found:
        event = item.event
        numbers = (f"{event.published:.6g}", f"{event.tolerance:.6g}", f"{item.model:.6g}")
        writer.writerow([event.window, event.name, event.unit, *numbers, item.verdict, event.status, event.source])
    return stream.getvalue()
