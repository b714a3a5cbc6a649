"""The dated policy path: target range, administered rates, the Fed's programmes and lapses of appropriations on a run's dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from calibration.tables import DataError, steps
from equations import policy

NO_LIMIT = 1.0e6
AS_OF_END = {"rate_lower", "rate_upper", "iorb", "on_rrp_rate", "srf_rate", "foreign_rate", "rmp_floor"}
"""Variables that count as of the period's end; the others count as their average over the period."""
GAPS = {"iorb_gap": ("iorb", "rate_lower"), "rrp_gap": ("on_rrp_rate", "rate_lower"), "srf_gap": ("srf_rate", "rate_upper")}
NONE_SET = {"debt_limit": NO_LIMIT}


@cache
def dated(variable: str) -> tuple[tuple[date, ...], tuple[float, ...]]:
    """The days on which a policy variable changed, and its values from those days on."""
    found = sorted((step.date, step.value) for step in steps() if step.variable == variable)
    return tuple(day for day, _ in found), tuple(value for _, value in found)


def in_force(variable: str, day: date) -> float:
    """The value of a policy variable on a day.

    Raises
    ------
    DataError
        A day before the first dated value, or a variable without any.
    """
    days, values = dated(variable)
    position = bisect_right(days, day)
    if position == 0:
        known = f"its first value is of {days[0].isoformat()}" if days else f"known: {', '.join(sorted({s.variable for s in steps()}))}"
        raise DataError(f"no value of {variable!r} on {day.isoformat()}; {known}")
    return values[position - 1]


def average(variable: str, start: date, end: date) -> float:
    """The average of a policy variable over the days later than ``start`` up to ``end``."""
    days = max((end - start).days, 1)
    changes = [day for day in dated(variable)[0] if start < day <= end]
    if not changes:
        return in_force(variable, end)
    return sum(in_force(variable, end - timedelta(days=back)) for back in range(days)) / days


def path_of(variable: str, dates: Sequence[date]) -> NDArray[np.float64]:
    """A policy variable on a run's dates: rates as of the date, programmes and lapses as averages of the period."""
    if variable in AS_OF_END:
        return np.array([in_force(variable, day) for day in dates])
    later = [average(variable, start, end) for start, end in pairwise(dates)]
    return np.array([in_force(variable, dates[0]), *later])


def policy_path(dates: Sequence[date]) -> dict[str, NDArray[np.float64]]:
    """Every exogenous policy variable of the model on a run's dates, by name, each of shape (periods + 1,).

    Dated variables follow the published path and stay at their last value; programmes and shocks without a date are zero
    and the debt limit does not bind.
    """
    path: dict[str, NDArray[np.float64]] = {}
    known = {step.variable for step in steps()}
    for name in (variable.base for variable in policy.EXOGENOUS):
        if name in GAPS:
            path[name] = gap(*GAPS[name], dates)
        elif name in known:
            path[name] = path_of(name, dates)
        else:
            path[name] = np.full(len(dates), NONE_SET.get(name, 0.0))
    return path


def gap(rate: str, bound: str, dates: Sequence[date]) -> NDArray[np.float64]:
    """An administered rate less the bound of the target range that it is set on; zero before the rate existed."""
    first = dated(rate)[0][0]
    apart = [in_force(rate, day) - in_force(bound, day) if day >= first else 0.0 for day in dates]
    return np.round(apart, 12)


def parameter_path(dates: Sequence[date]) -> dict[str, NDArray[np.float64]]:
    """Parameters that policy changed on a date: the SRF's aggregate limit and its take-up after the reform of December 2025."""
    return {name: np.array([in_force(name, day) for day in dates]) for name in ("srf_cap", "srf_slope", "srf_width", "srf_stigma")}


def frozen_policy(day: date, length: int) -> dict[str, NDArray[np.float64]]:
    """The policy variables of one day held over a run of ``length`` dates, with no lapse of appropriations."""
    settings = {name: np.full(length, values[0]) for name, values in policy_path([day]).items()}
    settings["shutdown"] = np.zeros(length)
    return settings
