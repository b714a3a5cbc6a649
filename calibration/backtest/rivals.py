"""Naive forecasts of a window from the figures before it: no change, an autoregression, and a reduced form of reserves and their price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.published import Scored, before, daily
from calibration.backtest.windows import Window

Floats = NDArray[np.float64]
WEEKS = 104
FEWEST = 6


def no_change(item: Scored, window: Window, dates: Sequence[date]) -> Floats:
    """The last figure before the window, for ever; of weekly figures the mean of the last four, so that a year-end does not set it."""
    past = before(item, window.opening, WEEKS)
    if not len(past):
        return np.full(len(dates), np.nan)
    last = float(np.mean(past[-5:-1])) if item.timing == "week" and len(past) > 4 else float(past[-1])
    return np.full(len(dates), last)


def autoregression(item: Scored, window: Window, dates: Sequence[date]) -> Floats:
    """An autoregression of order one on two years of weeks, run forward.

    For quarters and years it is no change with the mean drift of the last eight.
    """
    past = before(item, window.opening, WEEKS)
    if len(past) < FEWEST:
        return np.full(len(dates), np.nan)
    if item.timing != "week":
        drift = float(np.mean(np.diff(past[-9:])))
        return np.asarray(past[-1] + drift * np.arange(1, len(dates) + 1), dtype=np.float64)
    lagged = np.column_stack([np.ones(len(past) - 1), past[:-1]])
    constant, slope = np.linalg.lstsq(lagged, past[1:], rcond=None)[0].tolist()
    slope = min(max(slope, -1.0), 1.0)
    level, found = float(past[-1]), []
    for _ in dates:
        level = constant + slope * level
        found.append(level)
    return np.array(found)


def reduced_form(item: Scored, window: Window, dates: Sequence[date]) -> Floats:
    """Reserves and ON RRP follow the given paths of the Fed's assets and the Treasury's account; the spread is the curve's at that cash.

    Of the change, the ON RRP takes what it has first. The curve is the one that the model uses, without the model.
    """
    if item.name not in ("reserves", "on_rrp", "sofr_iorb"):
        return np.full(len(dates), np.nan)
    from calibration.backtest.published import SCORED

    start = {other.name: float(no_change(other, window, dates)[0]) for other in SCORED if other.name in ("reserves", "on_rrp")}
    assets, account = daily("fed_total_assets", 1.0), daily("tga", 1.0)
    moved = np.array([assets(day) - account(day) for day in dates])
    first = float(np.mean([assets(day) - account(day) for day in recent_weeks(window.opening)]))
    cash = moved - first
    parked = np.maximum(start["on_rrp"] + np.minimum(cash, 0.0), 0.0)
    reserves = start["reserves"] + start["on_rrp"] + cash - parked
    if item.name == "reserves":
        return reserves
    if item.name == "on_rrp":
        return parked
    from calibration.estimation.samples import REFERENCE_DEPOSITS, average_deposits

    slack = (reserves + parked) * REFERENCE_DEPOSITS / average_deposits(window.opening)
    none = dict.fromkeys(("month_end", "quarter_end", "after_end", "mid_month", "abundance"), 0.0)
    return window.curve.predict({"slack": slack, **none})


def recent_weeks(day: date) -> list[date]:
    """The four weeks before the one that ends on a day."""
    return [date.fromordinal(day.toordinal() - 7 * k) for k in range(1, 5)]


RIVALS = {"random walk": no_change, "autoregression": autoregression, "reduced form": reduced_form}
