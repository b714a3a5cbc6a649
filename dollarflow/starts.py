"""Which openings a scenario can start from: its dated windows and the published flows say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dollarflow.economy import time_grid
from model.scenarios.scenario import Scenario

DEFAULT = date(2025, 10, 29)
PERIODS = 52


def dated(item: Scenario) -> Iterator[date]:
    """Every date that a scenario's shocks name."""
    for shock in item.shock:
        yield from (day for day in (shock.start, shock.end) if isinstance(day, date))
        yield from (day for day, _ in shock.path or ())


def end(item: Scenario, start: date) -> date:
    """The last day of the scenario's own horizon from a start."""
    if item.horizon.end is not None:
        return item.horizon.end
    periods = PERIODS if item.horizon.periods is None else item.horizon.periods
    return time_grid(start, item.horizon.clock or "weekly", periods=periods).dates[-1]


def openings() -> tuple[date, ...]:
    """Every day that ``--start`` takes."""
    from calibration.opening import opening_dates
    from calibration.quarters import quarter_ends

    return tuple(sorted({*opening_dates(), *quarter_ends()}))


def starts(item: Scenario) -> tuple[date, ...]:
    """The openings from which a scenario runs on its own length and clock.

    Parameters
    ----------
    item
        A scenario. Every dated change must lie within the horizon, and one that replays published flows starts no earlier than it
        says.
    """
    first = (item.horizon.start or DEFAULT) if dict(item.switch).get("history") else date.min
    days = tuple(dated(item))
    return tuple(day for day in openings() if first <= day < end(item, day) and all(day <= other <= end(item, day) for other in days))


def in_words(item: Scenario) -> str:
    """The openings of a scenario as a range; the default alone where there is no other."""
    days = starts(item)
    own = item.horizon.start or DEFAULT
    if len(days) < 2:
        return own.isoformat()
    return f"{days[0]} to {days[-1]}"
