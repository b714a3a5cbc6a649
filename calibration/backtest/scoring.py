"""Scores: root mean squared errors of the model and its rivals, and whether they differ (Diebold and Mariano 1995)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.forecast import forecast
from calibration.backtest.published import SCORED, Scored, horizon
from calibration.backtest.rivals import RIVALS
from calibration.backtest.windows import Window
from calibration.estimation.fitting import scores_covariance
from model.periods.path import Path

Floats = NDArray[np.float64]
NORMAL_95 = 1.96
FEWEST = 8
LAGS = {"week": 13, "quarter": 1, "year": 0}


@dataclass(frozen=True)
class Comparison:
    """The model against one rival on one variable.

    Parameters
    ----------
    rival
        Its name.
    rmse
        The rival's root mean squared error.
    ratio
        The model's over the rival's: below one the model wins.
    low, high
        95 % interval of the ratio, from that of the mean loss difference; nan with fewer than eight dates.
    statistic
        Diebold-Mariano: mean loss difference (model less rival) over its Newey-West standard error; negative where the model wins.
    """

    rival: str
    rmse: float
    ratio: float
    low: float
    high: float
    statistic: float

    @property
    def verdict(self) -> str:
        """``wins``, ``loses``, or ``open`` where the interval holds one or cannot be had."""
        if not math.isfinite(self.low):
            return "open"
        return "wins" if self.high < 1 else "loses" if self.low > 1 else "open"


@dataclass(frozen=True)
class Score:
    """A variable's score over a window.

    Parameters
    ----------
    window, variable, unit, timing
        What was scored.
    count
        Dates scored.
    rmse, bias
        The model's root mean squared error, and its mean error (model less published).
    last_published, last_model
        The last date's figures.
    comparisons
        The rivals that could make a forecast.
    """

    window: str
    variable: str
    unit: str
    timing: str
    count: int
    rmse: float
    bias: float
    last_published: float
    last_model: float
    comparisons: tuple[Comparison, ...]


def compare(rival: str, model: Floats, other: Floats, lags: int) -> Comparison:
    """The model's errors against a rival's, both of shape (n,)."""
    mine, theirs = float(np.mean(model**2)), float(np.mean(other**2))
    difference = model**2 - other**2
    mean = float(np.mean(difference))
    if theirs == 0:
        return Comparison(rival, 0.0, math.nan, math.nan, math.nan, math.nan)
    ratio = math.sqrt(mine / theirs)
    if len(model) < FEWEST:
        return Comparison(rival, math.sqrt(theirs), ratio, math.nan, math.nan, math.nan)
    spread = float(scores_covariance((difference - mean)[:, None], lags)[0, 0])
    error = math.sqrt(max(spread, 0.0)) / len(model)
    low, high = (math.sqrt(max(1 + (mean + sign * NORMAL_95 * error) / theirs, 0.0)) for sign in (-1, 1))
    return Comparison(rival, math.sqrt(theirs), ratio, low, high, mean / error if error > 0 else math.nan)


def on_dates(item: Scored, path: Path, dates: tuple[date, ...]) -> Floats:
    """The model's values on some dates, on the straight line between two periods; chained to the published opening where asked."""
    assert path.dates is not None
    values = item.modelled(path)
    opening = path.dates[0]
    known = [day.toordinal() for day, value in zip(path.dates, values.tolist(), strict=True) if math.isfinite(value)]
    found = np.interp([day.toordinal() for day in dates], known, values[np.isfinite(values)])
    if item.chained:
        start = item.published(opening)
        first = float(values[np.isfinite(values)][0])
        found = found + (start - first if math.isfinite(start) else math.nan)
    return np.asarray(found, dtype=np.float64)


def score(item: Scored, window: Window, path: Path) -> Score | None:
    """A variable's score on a forecast; None where no published figure lies in the window."""
    assert path.dates is not None
    dates = horizon(item, window.opening, path.dates)
    if not dates:
        return None
    actual = np.array([item.published(day) for day in dates], dtype=np.float64)
    mine = on_dates(item, path, dates)
    usable = np.isfinite(actual) & np.isfinite(mine)
    if not usable.any():
        return None
    errors = (mine - actual)[usable]
    found = []
    for name, rival in RIVALS.items():
        theirs = (rival(item, window, dates) - actual)[usable]
        if np.isfinite(theirs).all():
            found.append(compare(name, errors, theirs, LAGS[item.timing]))
    return Score(
        window.name,
        item.name,
        item.unit,
        item.timing,
        int(usable.sum()),
        float(np.sqrt(np.mean(errors**2))),
        float(np.mean(errors)),
        float(actual[usable][-1]),
        float(mine[usable][-1]),
        tuple(found),
    )


def scores(window: Window, path: Path | None = None) -> tuple[Score, ...]:
    """Every score of a window."""
    made = forecast(window) if path is None else path
    found = [score(item, window, made) for item in SCORED]
    return tuple(item for item in found if item is not None)


def yearly_income(path: Path) -> Mapping[int, float]:
    """The Fed's net income by full calendar year of a forecast, USD bn."""
    assert path.dates is not None
    income, steps = path["fed_net_income"], path["dt"]
    years: dict[int, list[float]] = {}
    for day, rate, length in zip(path.dates[1:], income[1:].tolist(), steps[1:].tolist(), strict=True):
        years.setdefault(day.year, []).append(rate * length)
    return {year: math.fsum(parts) for year, parts in years.items() if len(parts) >= 51}
