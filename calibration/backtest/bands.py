"""Fan charts of a window: forecasts under drawn parameters and surprises of measured sizes, and what part of history they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.forecast import forecast
from calibration.backtest.published import SCORED, horizon
from calibration.backtest.scoring import on_dates
from calibration.backtest.surprises import drawn as surprise
from calibration.backtest.surprises import measured
from calibration.backtest.windows import Window
from calibration.estimation.fitting import Fit
from model.periods.failure import SolveFailure
from model.periods.path import Path

Floats = NDArray[np.float64]
LEVEL = 0.9
SEED = 20251231
FANNED = ("reserves", "on_rrp", "sofr_iorb", "yield_10y", "mmf_assets")
DRAWN = {
    "curve_level": ("level", 1e-4),
    "curve_slope": ("slope", 1e-4),
    "curve_width": ("width", 1.0),
    "curve_threshold": ("threshold", 1.0),
    "period_end_drain": ("month", 1.0),
    "quarter_end_drain": ("quarter", 1.0),
}
"""Parameters of the reserve-demand curve by the names of its fit, with the factor to the model's unit; drawn together."""


@dataclass(frozen=True)
class Fan:
    """The band of one variable over a window's dates.

    Parameters
    ----------
    window, variable, unit
        What it is of.
    dates
        Weeks or quarter-ends.
    low, middle, high
        Quantiles over the draws, shape (dates,).
    published
        Figures, shape (dates,), nan where there are none.
    coverage
        Part of the published figures inside the band; nine tenths where the errors are honest.
    """

    window: str
    variable: str
    unit: str
    dates: tuple[date, ...]
    low: Floats
    middle: Floats
    high: Floats
    published: Floats
    coverage: float


def drawn(curve: Fit, generator: np.random.Generator, names: Mapping[str, tuple[str, float]] = DRAWN) -> dict[str, float]:
    """One joint draw of a relation's parameters from the normal distribution of its estimates, held within their bounds.

    Parameters
    ----------
    curve
        The estimate.
    generator
        Of random numbers.
    names
        The fit's name and the factor to the model's unit, by the model's name.
    """
    unknowns = [item.name for item in curve.relation.unknowns]
    root = np.linalg.cholesky(curve.covariance + 1e-12 * np.diag(np.diag(curve.covariance)))
    moved = dict(zip(unknowns, (root @ generator.standard_normal(len(unknowns))).tolist(), strict=True))
    bounds = {item.name: item for item in curve.relation.unknowns}
    values = {}
    for name, (unknown, factor) in names.items():
        value = curve.values[unknown] + moved[unknown]
        values[name] = factor * min(max(value, bounds[unknown].lower), bounds[unknown].upper)
    return values


def draws_of(window: Window, count: int, seed: int) -> list[Path]:
    """Forecasts of a window under drawn parameters and surprises; a draw in which a week has no solution is drawn again.

    Raises
    ------
    ValueError
        Fewer than two draws, or every second one without solution.
    """
    if count < 2:
        raise ValueError(f"{count} draws make no band; draw at least 2")
    generator = np.random.default_rng(seed)
    noises = measured(window.opening, window.curve)
    length = len(forecast(window).dates or ())
    paths: list[Path] = []
    for _ in range(2 * count):
        if len(paths) == count:
            break
        changed, shocks = drawn(window.curve, generator), surprise(noises, generator, length)
        try:
            paths.append(forecast(window, changed, shocks))
        except SolveFailure:
            continue
    if len(paths) < count:
        raise ValueError(f"{window.name}: {2 * count - len(paths)} of {2 * count} draws have no solution")
    return paths


def fans(window: Window, draws: int, seed: int = SEED) -> tuple[Fan, ...]:
    """Bands over a window of every variable in ``FANNED`` that is published in it.

    Parameters
    ----------
    window
        The window.
    draws
        Number of forecasts, two at least.
    seed
        Of the generator.

    Raises
    ------
    ValueError
        Fewer than two draws, or draws without solution.
    """
    paths = draws_of(window, draws, seed)
    found = []
    for item in SCORED:
        if item.name not in FANNED:
            continue
        dates = horizon(item, window.opening, paths[0].dates or ())
        if not dates:
            continue
        low, middle, high = bands(np.array([on_dates(item, path, dates) for path in paths]))
        actual = np.array([item.published(day) for day in dates], dtype=np.float64)
        known = np.isfinite(actual) & np.isfinite(low)
        if known.any():
            inside = (actual[known] >= low[known]) & (actual[known] <= high[known])
            found.append(Fan(window.name, item.name, item.unit, dates, low, middle, high, actual, float(np.mean(inside))))
    return tuple(found)


def bands(values: Floats, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """Lower, middle and upper quantile over the draws of values of shape (draws, dates)."""
    low, middle, high = np.percentile(values, [50 * (1 - level), 50.0, 50 * (1 + level)], axis=0)
    return low, middle, high
