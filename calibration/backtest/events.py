"""Dated facts as assertions on forecasts, with tolerances stated beforehand by one rule for each kind of fact.

Levels: a tenth. Changes: a third, of that of the Treasury's account where it is the cause. Monthly means of spreads: 5 bp, the day-to-day
dispersion at constant reserves; of the federal funds spread 2 bp. Spreads of single days and what was lent on them: a third, of the former
5 bp at least. Counts of days: a third. The Fed's income of a year: 5 bn. Dates: eight weeks. Facts of single days are held against the
daily clock, others against the weekly one. A fact that is not yet checked against its publication (``assumption``) is never judged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from calibration.backtest.explanations import EVENT_CAUSES
from calibration.backtest.measures import (
    Measure,
    change,
    days_above,
    funds_month,
    income,
    level,
    month,
    on_day,
    weeks_from_peak,
    weeks_late,
)
from model.periods.path import Path

Status = Literal["published", "press", "assumption"]
FILE = "events.csv"
WEEKS = 8
SPREAD, FUNDS, INCOME = 5.0, 2.0, 5.0
COLUMNS = ("window", "event", "unit", "published", "tolerance", "model", "verdict", "status", "source", "clock", "cause")
Clock = Literal["weekly", "daily"]


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
    clock
        That of the forecast.
    """

    window: str
    name: str
    unit: str
    published: float
    tolerance: float
    status: Status
    source: str
    measure: Measure
    clock: Clock = "weekly"


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

    @property
    def cause(self) -> str:
        """Why the forecast misses; empty for what it does not."""
        return EVENT_CAUSES.get((self.event.window, self.event.name), "") if self.verdict == "miss" else ""


H41, NY, PRESS = "Fed H.4.1", "New York Fed", "press on the Fed's weekly and audited statements"
FIRST, SPRING, RUNOFF, REBUILD, LAST = "2018Q4-2019Q4", "2020H1", "2021Q4-2023Q4", "2023Q2-2024Q1", "2024Q4-2025Q4"
STATEMENTS = "Federal Reserve Banks, audited statements"
OFFICIAL = ("notes__treasury__foreign_official__face", "bonds__treasury__foreign_official__face", "bills__treasury__foreign_official")


def spread(window: str, year: int, number: int, published: float) -> Event:
    """A monthly mean of SOFR less IORB."""
    text = f"SOFR less IORB, mean of {year}-{number:02d}"
    return Event(window, text, "bp", published, SPREAD, "published", NY, month("sofr_iorb", year, number))


def single_day(window: str, day: date, published: float) -> Event:
    """SOFR less IORB on one day."""
    text, room = f"SOFR less IORB on {day}", max(SPREAD, published / 3)
    return Event(window, text, "bp", published, room, "published", NY, on_day("sofr_iorb", day, 1e4), "daily")


def lent(window: str, day: date, published: float) -> Event:
    """What the standing repo facility lent on one day."""
    return Event(window, f"SRF on {day}", "USD bn", published, published / 3, "published", NY, on_day("srf", day), "daily")


def earned(window: str, year: int, published: float) -> Event:
    """The Fed's net income of a year."""
    return Event(window, f"the Fed's net income of {year}", "USD bn", published, INCOME, "published", STATEMENTS, income(year))


def deferred(window: str, day: date, published: float) -> Event:
    """The Fed's deferred asset on a day."""
    text = f"the Fed's deferred asset on {day}"
    return Event(window, text, "USD bn", published, published / 10, "press", PRESS, level("deferred_asset", day))


def crossing(window: str, number: float, day: date, after: date | None = None) -> Event:
    """The day on which ON RRP fell below a number."""
    measure = weeks_late("on_rrp", number, day, after)
    return Event(window, f"ON RRP below {number:,.0f} on {day}", "weeks", 0.0, WEEKS, "published", NY, measure)


def official(path: Path) -> float:
    """Treasuries of foreign officials at a path's end, USD bn."""
    return float(sum(path[name][-1] for name in OFFICIAL))


EVENTS = (
    Event(FIRST, "reserves on 2019-09-18", "USD bn", 1385.0, 138.5, "published", H41, level("reserves", date(2019, 9, 18))),
    spread(FIRST, 2019, 4, 7.6),
    spread(FIRST, 2019, 7, 10.0),
    spread(FIRST, 2019, 9, 29.1),
    spread(FIRST, 2019, 12, -0.4),
    single_day(FIRST, date(2019, 9, 17), 315.0),
    Event(
        FIRST,
        "days in 2019 with SOFR above the upper bound",
        "days",
        18.0,
        6.0,
        "published",
        NY,
        days_above("sofr", "rate_upper", 2019),
        "daily",
    ),
    earned(FIRST, 2019, 55.5),
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
    Event(
        RUNOFF,
        "reserves from 2023-03-08 to 2023-03-15, while the Fed lent 303 to banks",
        "USD bn",
        440.0,
        440 / 3,
        "published",
        H41,
        change(("reserves",), date(2023, 3, 8), date(2023, 3, 15)),
    ),
    earned(RUNOFF, 2022, 58.8),
    earned(RUNOFF, 2023, -114.3),
    deferred(RUNOFF, date(2022, 12, 31), 16.6),
    deferred(RUNOFF, date(2023, 12, 29), 133.0),
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
    deferred(LAST, date(2025, 11, 5), 243.8),
    *(
        single_day(LAST, day, value)
        for day, value in (
            (date(2025, 9, 15), 11.0),
            (date(2025, 10, 15), 14.0),
            (date(2025, 10, 16), 15.0),
            (date(2025, 10, 31), 32.0),
            (date(2025, 12, 31), 22.0),
        )
    ),
    *(
        lent(LAST, day, value)
        for day, value in (
            (date(2025, 6, 30), 11.1),
            (date(2025, 10, 15), 6.75),
            (date(2025, 10, 16), 8.35),
            (date(2025, 10, 31), 50.35),
            (date(2025, 12, 31), 74.6),
        )
    ),
    Event(
        LAST,
        "days in 2025 with SOFR above the upper bound",
        "days",
        17.0,
        17 / 3,
        "published",
        NY,
        days_above("sofr", "rate_upper", 2025),
        "daily",
    ),
    Event(
        LAST,
        "Treasuries of foreign officials on 2025-12-30",
        "USD bn",
        3900.0,
        390.0,
        "assumption",
        "TIC, official part estimated",
        official,
    ),
)


def outcomes(window: str, paths: Mapping[Clock, Path]) -> tuple[Outcome, ...]:
    """Every event of a window on its forecasts by clock; those of a clock that is not among them are left out."""
    own = (event for event in EVENTS if event.window == window and event.clock in paths)
    return tuple(Outcome(event, event.measure(paths[event.clock])) for event in own)


def clocks(window: str) -> tuple[Clock, ...]:
    """The clocks that a window's events need."""
    return tuple(sorted({event.clock for event in EVENTS if event.window == window}))


def events_csv(found: Sequence[Outcome]) -> str:
    """The events as CSV; the committed ``data/events.csv`` is this text for all windows."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in found:
        event = item.event
        numbers = (f"{event.published:.6g}", f"{event.tolerance:.6g}", f"{item.model:.6g}")
        writer.writerow([event.window, event.name, event.unit, *numbers, item.verdict, event.status, event.source, event.clock, item.cause])
    return stream.getvalue()
