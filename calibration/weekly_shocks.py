"""Sizes of ordinary weekly surprises, measured on the compiled series: what ensembles add to the model's own dynamics."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from calibration.history import history
from calibration.published import dated

WEEKS_A_QUARTER = 13
WEEK_DAYS = 5
BASIS_POINT = 1e-4
SINCE = date(2023, 1, 1)
TAX_MONTHS = (1, 4, 6, 9)
TAX_DAYS = (10, 31)
DEBT_LIMIT = ((date(2023, 1, 19), date(2023, 8, 31)), (date(2025, 1, 2), date(2025, 9, 30)))
"""Times when the debt limit bound or the account was refilled after it: no ordinary weeks of the Treasury's account."""
WEDNESDAY = 2


@dataclass(frozen=True)
class WeeklyShock:
    """An ordinary weekly surprise.

    Parameters
    ----------
    equation
        The equation that it is added to.
    sd
        Standard deviation of a week's innovation, in the unit of the equation's left side.
    persistence
        Of the surprise itself, a week; 0 where the equation carries it on.
    carried
        True where the equation carries a surprise on into later periods, so that surprises add up.
    also
        Other equations that it moves, with their share.
    source
        What it was measured on.
    """

    equation: str
    sd: float
    persistence: float
    carried: bool
    also: tuple[tuple[str, float], ...]
    source: str


@cache
def weekly_shocks() -> tuple[WeeklyShock, ...]:
    """The repo spread about its curve, the Treasury's cash about its plan, the foreign repo pool, and expected rates.

    Examples
    --------
    >>> [shock.equation for shock in weekly_shocks()]
    ['curve_spread', 'tga_plan', 'foreign_repo_pool_held', 'expected_notes']
    """
    notes, share, persistence = expectations()
    return (
        WeeklyShock(
            "curve_spread",
            repo_dispersion(),
            0.0,
            False,
            (),
            "daily error of the fitted reserve-demand curve, over the root of five days",
        ),
        WeeklyShock(
            "tga_plan",
            treasury_cash(),
            0.0,
            True,
            (),
            f"weekly changes of the Treasury's account since {SINCE.year}, without tax fortnights and debt-limit episodes",
        ),
        WeeklyShock(
            "foreign_repo_pool_held",
            foreign_pool(),
            0.0,
            True,
            (),
            "quarterly changes of the foreign repo pool less their mean, over the root of thirteen weeks",
        ),
        WeeklyShock(
            "expected_notes",
            notes,
            persistence,
            False,
            (("expected_bonds", share),),
            f"weekly changes of two-year and ten-year yields since {SINCE.year}; persistence of the two-year yield",
        ),
    )


def repo_dispersion() -> float:
    """Weekly dispersion of the repo spread about its curve, a decimal per year."""
    from calibration.estimates import committed

    section = tomllib.loads(committed())["reserve_demand"]
    return float(section["rmse"]) * BASIS_POINT / math.sqrt(WEEK_DAYS)


def treasury_cash() -> float:
    """Standard deviation of ordinary weekly changes of the Treasury's account, USD bn."""
    days, levels = history("tga")
    ordinary = [
        later - earlier
        for day, earlier, later in zip(days[1:], levels[:-1], levels[1:], strict=True)
        if day >= SINCE
        and not (day.month in TAX_MONTHS and TAX_DAYS[0] <= day.day <= TAX_DAYS[1])
        and not any(first <= day <= last for first, last in DEBT_LIMIT)
    ]
    return float(np.std(ordinary, ddof=1))


def foreign_pool() -> float:
    """Standard deviation of a week's change of the foreign repo pool, USD bn, were weeks independent."""
    days, levels = dated("foreign_repo_pool")
    recent = np.array([level for day, level in zip(days, levels, strict=True) if day >= date(2018, 1, 1)])
    return float(np.std(np.diff(recent), ddof=1)) / math.sqrt(WEEKS_A_QUARTER)


def expectations() -> tuple[float, float, float]:
    """Weekly innovation of the two-year yield (a decimal per year), the ten-year yield's share in it, and its persistence a week."""
    two, ten = (dict(zip(*history(name), strict=True)) for name in ("yield_2y", "yield_10y"))
    days = [day for day in sorted(two) if day in ten and day >= SINCE and day.weekday() == WEDNESDAY]
    short, long = (np.array([series[day] for day in days]) / 100 for series in (two, ten))
    change, other = np.diff(short), np.diff(long)
    level = short - short.mean()
    persistence = float(level[1:] @ level[:-1] / (level[:-1] @ level[:-1]))
    innovation = level[1:] - persistence * level[:-1]
    share = float(np.cov(change, other)[0, 1] / np.var(change, ddof=1))
    return float(np.std(innovation, ddof=1)), share, persistence
