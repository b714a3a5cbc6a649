"""Bands: drawn parameters keep to their bounds, bands are ordered and repeatable, coverage is a count."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.backtest.bands import drawn, fans
from calibration.backtest.published import SCORED
from calibration.backtest.windows import window

YEAR = window("2024Q4-2025Q4")


def test_draws_scatter_by_the_errors_of_the_fit() -> None:
    generator = np.random.default_rng(1)
    values = [drawn(YEAR, generator)["curve_threshold"] for _ in range(400)]
    assert np.mean(values) == pytest.approx(YEAR.curve.values["threshold"], abs=0.2 * YEAR.curve.errors["threshold"])
    assert np.std(values) == pytest.approx(YEAR.curve.errors["threshold"], rel=0.15)
    assert all(drawn(YEAR, generator)["curve_slope"] > 0 for _ in range(200))


@pytest.mark.slow
def test_bands_are_ordered_repeatable_and_counted() -> None:
    first, second = fans(YEAR, 4), fans(YEAR, 4)
    for one, two in zip(first, second, strict=True):
        assert (one.low <= one.middle).all()
        assert (one.middle <= one.high).all()
        assert np.array_equal(one.low, two.low)
        item = next(item for item in SCORED if item.name == one.variable)
        assert item.unit == one.unit
        assert 0 <= one.coverage <= 1


def test_one_draw_makes_no_band() -> None:
    with pytest.raises(ValueError, match="1 draws make no band"):
        fans(YEAR, 1)
