"""Deviations of balanced cells against simulation and by hand; contradictions named."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from calibration.balancing import balance, contradictions
from calibration.opening import figures, prices, solve_opening
from calibration.posterior import covariance, deviations
from calibration.tables import DataError


def test_two_measures_and_a_sum_by_hand() -> None:
    """X + y = 100 exactly, both measured with deviation 1: each is known to 1/√2 and they move against each other."""
    spread = covariance(np.eye(2), np.ones(2), np.array([[1.0, 1.0]]))
    assert spread == pytest.approx(np.array([[0.5, -0.5], [-0.5, 0.5]]))


def test_covariance_is_that_of_repeated_measurement() -> None:
    rng = np.random.default_rng(1)
    design = np.vstack([np.eye(4), [[1.0, 1.0, 0.0, 0.0]]])
    std = np.array([1.0, 2.0, 3.0, 4.0, 0.5])
    constraints = np.array([[1.0, 1.0, -1.0, -1.0]])
    truth = np.array([60.0, 40.0, 70.0, 30.0])
    names = list("abcd")
    found = [balance(design, design @ truth + std * rng.normal(size=5), std, constraints, np.zeros(1), names).solution for _ in range(3000)]
    assert np.cov(np.array(found).T) == pytest.approx(covariance(design, std, constraints), abs=0.35)


def test_exact_figures_are_known_exactly_and_residuals_badly() -> None:
    known = deviations(date(2024, 12, 31))
    assert known["reserves__fed__banks"] == pytest.approx(0.0, abs=1e-4)
    assert known["notes__treasury__private"] > known["notes__treasury__fed"]
    assert known["deposits__banks__private"] < 150


def test_a_quarter_between_is_known_less_well() -> None:
    between, balanced = deviations(date(2023, 6, 30)), deviations(date(2024, 12, 31))
    assert between["notes__treasury__foreign_official"] > balanced["notes__treasury__foreign_official"]
    assert between["reserves__fed__banks"] > 1


def test_contradiction_is_named_with_its_gap() -> None:
    """Assets of 100, and parts of 60 and 30 said to be all of them: 10 are missing; the fourth row has no part in it."""
    rows = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    names = ("total", "first part", "second part", "another")
    ((gap, guilty),) = contradictions(rows, np.array([100.0, 60.0, 30.0, 5.0]), names)
    assert set(guilty) == {"total", "first part", "second part"}
    assert gap == pytest.approx(10.0)
    assert contradictions(rows, np.array([90.0, 60.0, 30.0, 5.0]), names) == ()


def test_exact_figures_that_contradict_are_refused_by_name() -> None:
    """Reserves said twice, a hundred apart, both exact."""
    found = figures(date(2024, 12, 31))
    reserves = next(item for item in found if item.figure == "reserves")
    again = reserves.model_copy(update={"figure": "reserves, another table", "value": reserves.value + 100})
    weights = prices(1 / 52, {"notes": 0.04, "bonds": 0.045}, {"notes": 0.18, "bonds": 0.08})
    with pytest.raises(DataError, match=r"contradict each other by 100 bn: reserves.*, reserves"):
        solve_opening((*found, again), weights, 180.8)
