"""Bands: joint draws keep to their bounds and have the fit's covariance, bands are ordered and repeatable, coverage is a count."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from calibration.backtest.bands import FANNED, bands, drawn, fans
from calibration.backtest.surprises import autonomous, before, measured
from calibration.backtest.windows import WINDOWS, window
from calibration.estimation.samples import days
from calibration.newer import Newer, observations

YEAR = window("2024Q4-2025Q4")


def test_draws_scatter_by_the_covariance_of_the_fit() -> None:
    """Means, deviations and the correlation of slope and threshold over 3000 draws."""
    generator = np.random.default_rng(1)
    rows = [drawn(YEAR.curve, generator) for _ in range(3000)]
    names = [item.name for item in YEAR.curve.relation.unknowns]
    threshold, level = (np.array([row[name] for row in rows]) for name in ("curve_threshold", "curve_level"))
    assert threshold.mean() == pytest.approx(YEAR.curve.values["threshold"], abs=0.1 * YEAR.curve.errors["threshold"])
    assert threshold.std() == pytest.approx(YEAR.curve.errors["threshold"], rel=0.1)
    spread, place, other = YEAR.curve.covariance, names.index("threshold"), names.index("level")
    expected = spread[place, other] / np.sqrt(spread[place, place] * spread[other, other])
    assert np.corrcoef(threshold, level)[0, 1] == pytest.approx(expected, abs=0.08)
    assert all(row["curve_slope"] > 0 for row in rows)


def test_quantiles_are_those_of_a_uniform_sample() -> None:
    low, middle, high = bands(np.arange(101.0)[:, None])
    assert [low[0], middle[0], high[0]] == pytest.approx([5.0, 50.0, 95.0])


def test_surprises_know_nothing_of_the_window() -> None:
    """Rates and balances from the opening on replaced by nonsense: every size stays."""
    plain = measured(YEAR.opening, YEAR.curve)
    later = [day.date for day in days() if day.date >= YEAR.opening]
    nonsense = {series: dict.fromkeys(later, 7.77) for series in ("sofr", "tgcr", "on_rrp", "yield_10y", "tga", "fed_total_assets")}
    with observations(Newer(nonsense)):
        again = measured(YEAR.opening, YEAR.curve)
    assert again == plain
    assert before(YEAR.opening)[1] == date(2024, 12, 25), "the last Wednesday: the next week's averages hold days of the window"


def test_autonomous_factors_are_the_balance_sheet_less_what_is_given() -> None:
    """At the end of 2024: currency 2,371, repo pool 415, other deposits and capital near 200 less 50 of Treasury currency."""
    rest = autonomous(date(2024, 11, 1), date(2024, 12, 24))
    assert np.median(rest) == pytest.approx(2371 + 415, abs=80)


@pytest.mark.slow
def test_bands_are_ordered_repeatable_and_counted() -> None:
    first, second = fans(YEAR, 4), fans(YEAR, 4)
    assert {fan.variable for fan in first} == set(FANNED)
    for one, two in zip(first, second, strict=True):
        assert (one.low <= one.middle).all()
        assert (one.middle <= one.high).all()
        assert np.array_equal(one.low, two.low)
        inside = [low <= actual <= high for low, actual, high in zip(one.low, one.published, one.high, strict=True) if np.isfinite(actual)]
        assert one.coverage == pytest.approx(np.mean(inside))


@pytest.mark.slow
def test_reserves_of_2025_and_of_2022_lie_in_their_bands() -> None:
    """Nine tenths stated; two thirds at least where nothing unusual happened, with forty draws."""
    for item in WINDOWS:
        if item.opening.year >= 2021:
            found = {fan.variable: fan.coverage for fan in fans(item, 40)}
            assert found["reserves"] > 2 / 3
            assert found["sofr_iorb"] > 2 / 3


def test_one_draw_makes_no_band() -> None:
    with pytest.raises(ValueError, match="1 draws make no band"):
        fans(YEAR, 1)
