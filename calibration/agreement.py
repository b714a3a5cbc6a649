"""Agreement of a day's figures: those that balancing moves far beyond their deviations, and which of them could be wrong."""

from __future__ import annotations

from datetime import date

from calibration.opening import opening_balance, opening_dates, opening_suspects
from calibration.quarters import quarter_ends
from calibration.strain import in_words


def strained(day: date) -> tuple[str, ...]:
    """The figures of a day that balancing moves by more than three deviations, a line each, and what cures it; empty where all agree.

    Raises
    ------
    DataError
        A day without figures, or figures that do not close.

    Examples
    --------
    >>> strained(date(2025, 12, 31))
    ()
    """
    moved = opening_balance(day).strained
    if not moved:
        return ()
    lines = [f"{item.figure} {item.published:,.1f} becomes {item.balanced:,.1f} bn, {item.deviations:+.1f} deviations" for item in moved]
    return (*lines, in_words(opening_suspects(day)))


def all_strained() -> tuple[str, ...]:
    """The same of every balanced day and quarter-end, with the day."""
    days = sorted({*opening_dates(), *quarter_ends()})
    return tuple(f"{day}: {line}" for day in days for line in strained(day))
