"""Spans of periods: calendar spans for bars, and at most sixty spans for a slider, flows summed over each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dollarflow.reports.measures import BILLIONS_PER, Measure

if TYPE_CHECKING:
    import pandas as pd

BARS = 20
"""Largest number of bars of a panel."""
STOPS = 60
"""Largest number of stops of a slider."""
LENGTHS = {1: "day", 7: "week", 31: "month", 92: "quarter", 366: "year"}
"""Days up to which a span has that name."""


@dataclass(frozen=True)
class Span:
    """Periods ``first`` to ``last``, both included; a stock is read at the end of ``last``."""

    first: int
    last: int


def stops(periods: int, most: int = STOPS) -> tuple[Span, ...]:
    """All periods in at most ``most`` spans of equal length, the last one as long as what is left.

    Examples
    --------
    >>> len(stops(52)), len(stops(522)), stops(522)[0], stops(522)[-1]
    (52, 58, Span(first=1, last=9), Span(first=514, last=522))
    """
    step = max(1, -(-periods // most))
    return tuple(Span(first, min(first + step - 1, periods)) for first in range(1, periods + 1, step))


def calendar(dates: pd.DatetimeIndex) -> tuple[pd.Index[str], str]:
    """The span of the calendar to which each period belongs, as text, and what such a span is called.

    Spans are the periods themselves, months, quarters or years, whichever are few enough.
    """
    import pandas as pd

    days = [day.to_pydatetime() for day in dates]
    choices = {
        period_name(dates): [day.strftime("%Y-%m-%d") for day in days],
        "month": [day.strftime("%Y-%m") for day in days],
        "quarter": [f"{day.year} Q{(day.month + 2) // 3}" for day in days],
    }
    few = ((texts, name) for name, texts in choices.items() if len(set(texts[1:])) <= BARS)
    texts, name = next(few, ([f"{day.year}" for day in days], "year"))
    return pd.Index(texts), name


def period_name(dates: pd.DatetimeIndex) -> str:
    """What a period is called by its usual length: the median of the days between dates."""
    if len(dates) < 2:
        return "period"
    length = float((dates[1:] - dates[:-1]).days.to_series().median())
    return next((name for most, name in LENGTHS.items() if length <= most), "period")


def by_calendar(flows: pd.DataFrame) -> pd.DataFrame:
    """Flows summed over spans of the calendar; the opening's row, which has no flows, is left out."""
    import pandas as pd

    texts, _ = calendar(pd.DatetimeIndex(flows.index))
    return flows.iloc[1:].groupby(texts[1:], sort=False).sum()


def a_span(flows: pd.DataFrame) -> Measure:
    """What the bars of :func:`by_calendar` are measured in: USD billion a month, say."""
    import pandas as pd

    return BILLIONS_PER[calendar(pd.DatetimeIndex(flows.index))[1]]
