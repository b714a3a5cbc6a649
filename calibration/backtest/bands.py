"""Fan charts of a window: forecasts under parameters drawn from their errors, with the curve's own weekly dispersion, and coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.backtest.forecast import forecast
from calibration.backtest.published import SCORED
from calibration.backtest.windows import Window

Floats = NDArray[np.float64]
LEVEL = 0.9
SEED = 20251231
WEEK_DAYS = 5
FANNED = ("reserves", "on_rrp", "sofr_iorb")
DRAWN = {
    "curve_level": ("level", 1e-4),
    "curve_slope": ("slope", 1e-4),
    "curve_width": ("width", 1.0),
    "curve_threshold": ("threshold", 1.0),
    "period_end_drain": ("month", 1.0),
    "quarter_end_drain": ("quarter", 1.0),
}
"""Parameters of the reserve-demand curve by the names of its fit; their errors are drawn independently."""


@dataclass(frozen=True)
class Fan:
    """The band of one variable over a window's weeks.

    Parameters
    ----------
    variable, unit
        What it is of.
    low, middle, high
        Quantiles over the draws, shape (weeks,).
    coverage
        Part of the published weeks inside the band; nine tenths where the errors are honest.
    """

    variable: str
    unit: str
    low: Floats
    middle: Floats
    high: Floats
    coverage: float


def drawn(window: Window, generator: np.random.Generator) -> dict[str, float]:
    """One draw of the curve's parameters, within their bounds."""
    bounds = {item.name: item for item in window.curve.relation.unknowns}
    values = {}
    for name, (unknown, factor) in DRAWN.items():
        value = window.curve.values[unknown] + window.curve.errors[unknown] * float(generator.standard_normal())
        values[name] = factor * min(max(value, bounds[unknown].lower), bounds[unknown].upper)
    return values


def fans(window: Window, draws: int, seed: int = SEED) -> tuple[Fan, ...]:
    """Bands of reserves, ON RRP and SOFR less IORB over a window.

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
        Fewer than two draws.
    DataError
        A window without a balanced opening.
    """
    if draws < 2:
        raise ValueError(f"{draws} draws make no band; draw at least 2")
    generator = np.random.default_rng(seed)
    paths = [forecast(window, drawn(window, generator)) for _ in range(draws)]
    dates = paths[0].dates
    assert dates is not None
    tails = [50 * (1 - LEVEL), 50.0, 50 * (1 + LEVEL)]
    found = []
    for item in SCORED:
        if item.name not in FANNED:
            continue
        values = np.array([item.modelled(path)[1:] for path in paths])
        if item.name == "sofr_iorb":
            values = values + window.curve.rmse / np.sqrt(WEEK_DAYS) * generator.standard_normal(values.shape)
        low, middle, high = np.percentile(values, tails, axis=0)
        actual = np.array([item.published(day) for day in dates[1:]])
        known = np.isfinite(actual)
        inside = (actual[known] >= low[known]) & (actual[known] <= high[known])
        found.append(Fan(item.name, item.unit, low, middle, high, float(np.mean(inside))))
    return tuple(found)
