"""Processes: sizes recovered from simulated series, variances by hand."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.backtest.noise import Noise, TooShort, lasting, wandering


def test_a_walk_in_noise_is_taken_apart() -> None:
    """Steps of 5 and white noise of 40 round them, 2000 weeks: both sizes within a seventh."""
    rng = np.random.default_rng(1)
    series = np.cumsum(5 * rng.standard_normal(2000)) + 40 * rng.standard_normal(2000)
    found = wandering(series, "simulated")
    assert found.persistence == 1.0
    assert found.innovation == pytest.approx(5, rel=0.15)
    assert found.white == pytest.approx(40, rel=0.05)


def test_an_autoregression_is_recovered() -> None:
    rng = np.random.default_rng(2)
    series = np.zeros(3000)
    for t in range(1, 3000):
        series[t] = 0.6 * series[t - 1] + 2 * rng.standard_normal()
    found = lasting(series + 7, "simulated")
    assert found.persistence == pytest.approx(0.6, abs=0.04)
    assert found.innovation == pytest.approx(2, rel=0.03)


def test_draws_have_the_stated_deviation_and_start_at_zero() -> None:
    """After four weeks at persistence 0.5: 1 + 1/4 + 1/16 + 1/64 times the innovation's variance, and the white part."""
    noise = Noise(0.5, 2.0, 3.0, "by hand")
    expected = np.sqrt(4 * (1 + 1 / 4 + 1 / 16 + 1 / 64) + 9)
    assert noise.deviation(4) == pytest.approx(expected)
    rng = np.random.default_rng(3)
    paths = np.array([noise.draw(rng, 5) for _ in range(8000)])
    assert not paths[:, 0].any()
    assert paths[:, 4].std() == pytest.approx(expected, rel=0.03)


def test_short_samples_are_refused() -> None:
    with pytest.raises(TooShort, match="3 figures"):
        wandering([1.0, 2.0, 3.0], "short")
    with pytest.raises(TooShort, match="0 figures"):
        lasting([], "short")
