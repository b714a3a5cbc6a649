"""The satellites' estimator against closed forms and constructed data, and what is reported of the null (T49)."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from calibration.satellites import ASSETS, Asset, changes, estimate, hac_errors, least_squares, liquidity, out_of_sample, quotes
from calibration.tables import DataError


def test_coefficients_solve_the_normal_equations() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(50), rng.normal(size=(50, 2))])
    y = x @ np.array([1.0, -2.0, 3.0])
    assert least_squares(y, x) == pytest.approx([1.0, -2.0, 3.0], abs=1e-12)


def test_without_lags_the_errors_are_white_s() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(40, 1)), rng.normal(size=40)
    residual = y - x[:, 0] * (x[:, 0] @ y) / (x[:, 0] @ x[:, 0])
    white = math.sqrt(float(np.sum((x[:, 0] * residual) ** 2))) / float(x[:, 0] @ x[:, 0]) * math.sqrt(40 / 39)
    assert hac_errors(y, x, 0)[0] == pytest.approx(white, rel=1e-12)


def test_positive_serial_correlation_widens_the_error_of_a_mean() -> None:
    rng = np.random.default_rng(3)
    shocks = rng.normal(size=400)
    y = np.zeros(400)
    for t in range(1, 400):
        y[t] = 0.7 * y[t - 1] + shocks[t]
    x = np.ones((400, 1))
    ratio = hac_errors(y, x, 20)[0] / hac_errors(y, x, 0)[0]
    assert ratio == pytest.approx(math.sqrt((1 + 0.7) / (1 - 0.7)), rel=0.25)


def test_a_true_model_predicts_and_noise_does_not() -> None:
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(200), rng.normal(size=200)])
    assert out_of_sample(x[:, 1] + 0.1 * rng.normal(size=200), x) > 0.9
    assert out_of_sample(rng.normal(size=200), x) < 0.05


def test_the_index_is_assets_less_drains() -> None:
    day = max(liquidity())
    expected = quotes("fed_total_assets")[day] - quotes("tga")[day] - quotes("on_rrp")[day] - quotes("foreign_repo_pool")[day]
    assert liquidity()[day] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("asset", ASSETS)
def test_quarters_are_consecutive_and_the_null_is_reported(asset: Asset) -> None:
    days, returns, regressors = changes(asset)
    assert len(days) == len(returns) == len(regressors)
    assert all(80 < (b - a).days < 100 for a, b in pairwise(days))
    found = estimate(asset)
    low, high = found.interval
    assert low < found.liquidity < high
    assert found.null_rejected is not (low <= 0 <= high)


def test_an_unknown_series_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="bitcoin"):
        quotes("gold")
