"""What holders have taken in of past rates by an opening: averages of published quarters that fade at a holder's speed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.published import dated, interpolated
from calibration.quarters import last_rate

Floats = NDArray[np.float64]
QUARTER = 0.25
YEAR_DAYS = 365.25


def remembered(ends: tuple[date, ...], averages: Floats, speed: float, day: date) -> float:
    """The average that adjustment at a speed per year has formed of quarterly averages by a day.

    Parameters
    ----------
    ends
        Last days of the quarters, oldest first.
    averages
        Their averages, shape (quarters,).
    speed
        Share of a gap closed in a year, 1/yr; older quarters than the first are taken to be like it.
    day
        The day; quarters that end after it count nothing.
    """
    past = np.array([(day - end).days / YEAR_DAYS for end in ends])
    known = past >= 0
    age = past[known] - past[known][-1]
    weights = np.exp(-speed * age) - np.exp(-speed * (age + QUARTER))
    weights[0] = np.exp(-speed * age[0])
    return float(weights @ averages[known] / weights.sum())


def interest_on_reserves() -> tuple[tuple[date, ...], Floats]:
    """Quarterly averages of interest on reserves, decimals: the top of the target range before the daily series begins in 2018."""
    ends, upper = dated("target_upper_average")
    first = dated("iorb_average")[0][0]
    known = interpolated("iorb_average", ends)
    return ends, np.where([end < first for end in ends], upper, known) / 100


def memory(day: date, levels: Mapping[str, float], speeds: Mapping[str, float]) -> dict[str, float]:
    """Past interest on reserves as holders of currency, and past yields above it as banks, have taken it in.

    Parameters
    ----------
    day
        The opening.
    levels
        Its rates, decimals: ``iorb`` and ``priced_move``.
    speeds
        Parameters ``currency_speed`` and ``bank_treasury_speed``, 1/yr.

    Returns
    -------
    dict
        ``past_iorb``, and ``past_yield_gap``: the average of ten-year yields less IORB, less that of the day; decimals.
    """
    ends, iorb = interest_on_reserves()
    gaps = interpolated("yield_10y_average", ends) / 100 - iorb
    today = last_rate("yield_10y", day) - levels["iorb"] - levels.get("priced_move", 0.0)
    return {
        "past_iorb": remembered(ends, iorb, speeds["currency_speed"], day),
        "past_yield_gap": remembered(ends, gaps, speeds["bank_treasury_speed"], day) - today,
    }
