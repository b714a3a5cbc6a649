"""Constrained least squares against a general-purpose optimiser and the first-order conditions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import linalg, optimize

from calibration.balancing import balance

NAMES = [f"x{i}" for i in range(6)]


def problem(seed: int) -> tuple[Any, Any, Any, Any, Any]:
    rng = np.random.default_rng(seed)
    design = np.vstack([np.eye(6), rng.choice([0.0, 1.0], size=(4, 6))])
    truth = rng.uniform(10, 100, 6)
    values = design @ truth + rng.normal(0, 2, 10)
    std = rng.uniform(0.1, 5, 10)
    constraints = rng.choice([-1.0, 0.0, 1.0], size=(2, 6)) + np.array([[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]])
    return design, values, std, constraints, rng.normal(0, 10, 2)


@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_a_general_optimiser(seed: int) -> None:
    design, values, std, constraints, right = problem(seed)
    found = balance(design, values, std, constraints, right, NAMES)

    def misfit(x: Any) -> float:
        return float(np.sum(((design @ x - values) / std) ** 2))

    equalities = optimize.LinearConstraint(constraints, right, right)
    reference = optimize.minimize(
        misfit, np.full(6, 50.0), constraints=equalities, method="SLSQP", options={"ftol": 1e-14, "maxiter": 2000}
    )
    assert found.misfit <= misfit(reference.x) * (1 + 1e-9)
    np.testing.assert_allclose(found.solution, reference.x, rtol=2e-4, atol=2e-3)
    np.testing.assert_allclose(constraints @ found.solution, right, atol=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_gradient_lies_in_the_row_space_of_the_identities(seed: int) -> None:
    """First-order condition: M'W(Mx - y) + A'λ = 0 for some multipliers λ, solved as one linear system."""
    design, values, std, constraints, right = problem(seed)
    weighted = design / std[:, None] ** 2
    system = np.block([[weighted.T @ design, constraints.T], [constraints, np.zeros((2, 2))]])
    by_hand = linalg.lstsq(system, np.concatenate([weighted.T @ values, right]))[0][:6]
    np.testing.assert_allclose(balance(design, values, std, constraints, right, NAMES).solution, by_hand, rtol=1e-8)


def test_two_figures_meet_at_their_precision() -> None:
    """Two readings of one stock: x = 10 ± 1 and y = 14 ± 2 with x = y: the weights are 1 and 1/4, so (10 + 14/4)/(1 + 1/4) = 10.8."""
    found = balance(np.eye(2), np.array([10.0, 14.0]), np.array([1.0, 2.0]), np.array([[1.0, -1.0]]), np.array([0.0]), ["x", "y"])
    np.testing.assert_allclose(found.solution, [10.8, 10.8], rtol=1e-14)
    assert found.misfit == pytest.approx(0.8**2 + 1.6**2)


def test_contradictory_identities_are_refused() -> None:
    constraints = np.array([[1.0, 1.0], [2.0, 2.0]])
    with pytest.raises(ValueError, match="contradict each other"):
        balance(np.eye(2), np.ones(2), np.ones(2), constraints, np.array([1.0, 3.0]), ["x", "y"])


def test_a_stock_that_nothing_determines_is_named() -> None:
    with pytest.raises(ValueError, match="no figure determines 'z'"):
        balance(np.eye(3)[:2], np.ones(2), np.ones(2), np.array([[1.0, 1.0, 0.0]]), np.array([2.0]), ["x", "y", "z"])
