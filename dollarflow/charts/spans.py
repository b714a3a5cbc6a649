"""Spans of periods: calendar spans for bars, and at most sixty spans for a slider, flows summed over each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

BARS = 20
"""Largest number of bars of a panel."""
STOPS = 60
"""Largest number of stops of a slider."""


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


def calendar(dates: pd.DatetimeIndex) -> pd.Index[str]:
    """The span of the calendar to which each period belongs, as text: dates, months, quarters or years, whichever are few enough."""
    import pandas as pd

    days = [day.to_pydatetime() for day in dates]
    choices = (
        [day.strftime("%Y-%m-%d") for day in days],
        [day.strftime("%Y-%m") for day in days],
        [f"{day.year} Q{(day.month + 2) // 3}" for day in days],
    )
    few = (texts for texts in choices if len(set(texts[1:])) <= BARS)
    return pd.Index(next(few, [f"{day.year}" for day in days]))


def by_calendar(flows: pd.DataFrame) -> pd.DataFrame:
    """Flows summed over spans of the calendar; the opening's row, which has no flows, is left out."""
    import pandas as pd

    texts = calendar(pd.DatetimeIndex(flows.index))
    return flows.iloc[1:].groupby(texts[1:], sort=False).sum()
