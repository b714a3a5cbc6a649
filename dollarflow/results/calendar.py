"""The calendar of a result folder: its dates follow its clock, and the length of every period follows from its dates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from dollarflow.results.books import Books
from dollarflow.results.findings import Finding
from dollarflow.results.schema import MANIFEST, PATH, line_of

YEARS = {"daily": 1 / 252, "weekly": 1 / 52, "monthly": 1 / 12, "quarterly": 1 / 4}
"""Years in a whole period of each clock."""
DAYS = {"daily": (1, 5), "weekly": (7, 7), "monthly": (1, 31), "quarterly": (1, 92)}
"""Fewest and most days from one date to the next; holidays lengthen a business day's step, a first month or quarter may be short."""
WHOLE = {"monthly": 27, "quarterly": 89}
"""Days from which a first month or quarter counts as a whole one."""
DAYS_A_YEAR = 365.0
TOLERANCE = 1e-12


def check_calendar(books: Books) -> Iterator[Finding]:
    """The clock's dates are those of path.csv, and each period has the length that its clock and dates give it."""
    clock = books.manifest.clock
    if clock.name not in YEARS:
        yield Finding(MANIFEST, 0, "/clock/name", f"{clock.name!r} is not one of {', '.join(YEARS)}")
        return
    for key, own, found in (
        ("start", clock.start, books.dates[0] if books.dates else ""),
        ("end", clock.end, books.dates[-1] if books.dates else ""),
        ("periods", clock.periods, books.periods),
    ):
        if own != found:
            yield Finding(MANIFEST, 0, f"/clock/{key}", f"{own!r}, {PATH} has {found!r}")
    try:
        days = [date.fromisoformat(text) for text in books.dates]
    except ValueError as error:
        yield Finding(PATH, 0, "date", str(error))
        return
    if any(finding.column == "date" for table in (books.holdings, books.transactions) for finding in table.findings):
        return
    for t in range(1, len(days)):
        if not follows(clock.name, days[t - 1], days[t], t == 1):
            yield Finding(PATH, line_of(t), "date", f"{days[t]} is not the {clock.name} date after {days[t - 1]}")
    name = books.manifest.accounts.period_length
    for t, length in enumerate(books.period_length.tolist()):
        due = years(clock.name, days, max(t, 1))
        if t < len(days) and (t or math.isfinite(length)) and not abs(length - due) <= TOLERANCE:
            cause = f"{name} is not the length of a period of the {clock.name} clock"
            yield Finding(PATH, line_of(t), name, f"{length!r} years, the {clock.name} clock and the dates give {due!r}", cause)


def years(clock: str, days: list[date], period: int) -> float:
    """Years in a period: a whole one of the clock, or the share of the year's days in a first month or quarter that is shorter."""
    if period == 1 and len(days) > 1 and clock in WHOLE:
        count = (days[1] - days[0]).days
        if count < WHOLE[clock]:
            return count / DAYS_A_YEAR
    return YEARS[clock]


def follows(clock: str, before: date, day: date, first: bool) -> bool:
    """True where a date is one that comes after another on a clock."""
    least, most = DAYS[clock]
    if not least <= (day - before).days <= most:
        return False
    if clock == "daily":
        return day.weekday() < 5
    if clock == "weekly":
        return True
    step = 1 if clock == "monthly" else 3
    at_end = (day + timedelta(days=1)).day == 1 and day.month % step == 0
    return at_end and (first or (day.year - before.year) * 12 + day.month - before.month == step)
