"""T40: the length of the period is a matter of accuracy, not of economics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pytest

from calibration.baseline import baseline_inputs
from model.language.clocks import Grid
from model.periods.path import Path
from tests.economy.laboratory import experiment, one_year
from tests.economy.ledger import INSTRUMENTS, split

DAY = "2025-12-31"
STOCKS = ("debt", "deferred_asset", "gold__foreign_official", "hf_book", "bank_assets", "fed_assets", "money", "m2", "hf_basis_leg")
LIMITS = {"weekly": 0.002, "monthly": 0.002, "quarterly": 0.006}
RATES = {"sofr": 1.5e-4, "bill_rate": 2.5e-4, "yield_bonds": 1e-4, "yield_notes": 1e-4, "basis": 1e-4}


@lru_cache(maxsize=4)
def year_on(clock: str) -> Path:
    """One year without calendar and events."""
    return experiment(one_year(clock), clock, DAY, False, False).run()


def stocks(path: Path) -> list[str]:
    """Cells, totals and other stocks."""
    return [n for n in path.columns if split(n) is not None or n in (*INSTRUMENTS, *STOCKS)]


def distance(clock: str, other: str = "daily") -> dict[str, float]:
    """Year-end difference of each stock over GDP."""
    one, two = year_on(clock), year_on(other)
    return {n: float((one[n][-1] - two[n][-1]) / two["gdp"][-1]) for n in stocks(two)}


def test_t40_every_clock_spans_the_same_year() -> None:
    for clock in ("daily", *LIMITS):
        path = year_on(clock)
        assert path["dt"][1:].sum() == pytest.approx(1.0, rel=1e-12)
        assert path["trend_gdp"][-1] == pytest.approx(path["trend_gdp"][0] * np.exp(path["growth"][0]), rel=1e-12)


@pytest.mark.parametrize("clock", sorted(LIMITS))
def test_t40_year_end_stocks_agree_with_the_daily_clock(clock: str) -> None:
    found = distance(clock)
    worst = max(found, key=lambda n: abs(found[n]))
    assert abs(found[worst]) < LIMITS[clock], (worst, found[worst])


@pytest.mark.parametrize("clock", sorted(LIMITS))
def test_t40_year_end_rates_agree_with_the_daily_clock(clock: str) -> None:
    for name, limit in RATES.items():
        gap = abs(float(year_on(clock)[name][-1] - year_on("daily")[name][-1]))
        assert gap < limit, (name, gap)


@lru_cache(maxsize=8)
def year_in(pieces: int) -> Path:
    """The same year in equal periods of any length."""
    start = date.fromisoformat(DAY)
    dates = tuple(start + timedelta(days=round(365 * k / pieces)) for k in range(pieces + 1))
    inputs = baseline_inputs(DAY, Grid("weekly", dates, np.full(pieces + 1, 1 / pieces)), calendar=False, events=False)
    plain = experiment(52, "weekly", DAY, False, False)
    names = set(plain.opening)
    opening = {n: v for n, v in inputs.opening.items() if n in names}
    return replace(plain, opening=opening, parameters=inputs.parameters, exogenous=inputs.exogenous, paths={}, dates=dates).run()


def test_t40_the_error_halves_with_the_period() -> None:
    """Successive halvings of the period: each changes year-end stocks by half of what the one before did, as a first-order scheme must."""
    halvings = (26, 52, 104, 208, 416)
    names = stocks(year_in(26))
    end = np.array([[year_in(n)[name][-1] / year_in(n)["gdp"][-1] for name in names] for n in halvings])
    change = np.diff(end, axis=0)
    sizes = np.sqrt(np.mean(change**2, axis=1))
    ratios = sizes[:-1] / sizes[1:]
    assert ratios == pytest.approx([2.0] * 3, rel=0.15), ratios
    assert abs(ratios[-1] - 2.0) < abs(ratios[0] - 2.0), "the shorter, the closer to two"
    large = np.abs(change[-1]) > 1e-6
    assert large.sum() > 20
    assert np.median(change[-2][large] / change[-1][large]) == pytest.approx(2.0, rel=0.05)


def test_t40_longer_clocks_err_more() -> None:
    """Against the limit dt → 0 extrapolated from the two finest runs."""
    names = stocks(year_in(208))
    fine, coarse = (np.array([year_in(n)[name][-1] for name in names]) for n in (416, 208))
    limit = 2 * fine - coarse
    gdp = float(year_in(416)["gdp"][-1])
    size = {c: float(np.sqrt(np.mean(((np.array([year_on(c)[n][-1] for n in names]) - limit) / gdp) ** 2))) for c in ("daily", *LIMITS)}
    assert size["weekly"] > 3.5 * size["daily"], size
    assert size["monthly"] > 2.5 * size["weekly"], size
    assert size["quarterly"] > 1.5 * size["monthly"], size
