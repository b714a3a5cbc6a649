"""Series among the rows of a data file: those of one name, oldest first, and a figure of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from typing import Protocol, TypeVar

from calibration.tables import DataError


class Dated(Protocol):
    """A row with a date, a series and a value."""

    @property
    def date(self) -> Date:
        """The day."""

    @property
    def series(self) -> str:
        """Its series."""

    @property
    def value(self) -> float:
        """Its figure."""


D = TypeVar("D", bound=Dated)


def series_of(rows: Sequence[D], series: str) -> tuple[D, ...]:
    """The rows of one series, oldest first.

    Raises
    ------
    DataError
        An unknown series; the message lists the known ones.
    """
    found = tuple(sorted((row for row in rows if row.series == series), key=lambda row: row.date))
    if not found:
        raise DataError(f"no series {series!r}; there are: {', '.join(sorted({row.series for row in rows}))}")
    return found


def figure_of(rows: Sequence[Dated], day: Date | str) -> float:
    """The figure of a day among the rows of one series.

    Raises
    ------
    DataError
        No figure of that day.
    """
    when = Date.fromisoformat(day) if isinstance(day, str) else day
    for row in rows:
        if row.date == when:
            return row.value
    raise DataError(f"no figure of {rows[0].series!r} on {when.isoformat()}; it has {rows[0].date} to {rows[-1].date}")
