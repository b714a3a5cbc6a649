"""Minima to rounding: against forty-digit arithmetic, on bounds, and steps in a box against every set of pinned parameters."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import sympy as sp

from calibration.estimation import optimum
from calibration.estimation.expressions import Floats
from calibration.estimation.fitting import Relation, Unknown, fit
from calibration.estimation.optimum import NotSettled, Squares, box_step, minimum, search, settled

A, B, X = sp.symbols("a b x")
SAMPLE = np.linspace(0.0, 3.0, 25)
OBSERVED = 5 * np.exp(-SAMPLE / 0.7) + 0.3 * np.cos(9 * SAMPLE)


def squares(expression: sp.Expr, observed: Floats, x: Floats, low: tuple[float, ...], high: tuple[float, ...]) -> Squares:
    names = ("a", "b")[: len(low)]
    none = np.zeros(len(low))
    return Squares("curve", expression, names, observed, {"x": x}, np.array(low), np.array(high), none, none, 1.0)


def test_minimum_is_that_of_forty_digits() -> None:
    """The normal equations of a e^(-x/b), solved on the same binary figures; the search alone is a thousand times further off."""
    problem = squares(A * sp.exp(-X / B), OBSERVED, SAMPLE, (0.1, 0.1), (50.0, 5.0))
    start = np.array([4.0, 1.0])
    terms = [
        (sp.exp(-sp.Rational(float(x)) / B), sp.Rational(float(x)), sp.Rational(float(y))) for x, y in zip(SAMPLE, OBSERVED, strict=True)
    ]
    normal = [sp.Add(*[(A * e - y) * e for e, _, y in terms]), sp.Add(*[(A * e - y) * e * x for e, x, y in terms])]
    exact = [float(value) for value in sp.nsolve(normal, (A, B), (5, 0.7), prec=40)]
    assert minimum(problem, [start], start).tolist() == pytest.approx(exact, rel=2e-15)
    assert np.max(np.abs(search(problem, start, start) / exact - 1)) > 2e-12


def test_a_parameter_that_presses_on_its_bound_lies_exactly_on_it() -> None:
    """Of y = 1 - 2x with a slope of zero at least: the mean and zero."""
    y = 1 - 2 * SAMPLE
    problem = squares(A + B * X, y, SAMPLE, (-100.0, 0.0), (100.0, 10.0))
    found = minimum(problem, [np.array([3.0, 1.0])], np.ones(2))
    assert found[1] == 0.0
    assert found[0] == pytest.approx(np.mean(y), rel=1e-15)


def test_steps_in_a_box_are_the_best_of_all_pinnings() -> None:
    """Every one of the 27 ways to pin three parameters low, high or not at all, and the lowest value among those inside the box."""
    rng = np.random.default_rng(6)
    for _ in range(40):
        root = rng.normal(size=(3, 3))
        curved, gradient = root @ root.T + 0.1 * np.eye(3), rng.normal(size=3)
        low, high = -rng.uniform(0, 1, 3), rng.uniform(0, 1, 3)

        def value(step: Floats, h: Floats = curved, g: Floats = gradient) -> float:
            return float(g @ step + step @ h @ step / 2)

        best = np.inf
        for pins in product((-1, 0, 1), repeat=3):
            sides = np.array(pins)
            step = np.select([sides < 0, sides > 0], [low, high], 0.0)
            free = np.flatnonzero(sides == 0)
            if len(free):
                step[free] = np.linalg.solve(curved[np.ix_(free, free)], -(gradient + curved @ step)[free])
            if (step >= low - 1e-12).all() and (step <= high + 1e-12).all():
                best = min(best, value(step))
        assert value(box_step(curved, gradient, low, high)) == pytest.approx(best, rel=1e-9, abs=1e-12)


def test_steps_that_have_not_become_rounding_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a point that is a fifth off, two steps are too few; sixty are not."""
    problem, start = squares(A * sp.exp(-X / B), OBSERVED, SAMPLE, (0.1, 0.1), (50.0, 5.0)), np.array([4.0, 0.6])
    assert settled(problem, start).tolist() == pytest.approx(minimum(problem, [start], start).tolist(), rel=1e-14)
    monkeypatch.setattr(optimum, "NEWTON_STEPS", 2)
    with pytest.raises(NotSettled, match="curve: Newton steps do not shrink to rounding; the last was"):
        settled(problem, start)


def test_the_way_to_an_estimate_leaves_no_trace() -> None:
    """From other first guesses the same estimates to the last digits, standard errors included."""

    def found(first: float, second: float) -> list[float]:
        unknowns = (Unknown("a", first, 0.1, 50.0, 4.0, 2.0), Unknown("b", second, 0.1, 5.0))
        made = fit(Relation("decay", A * sp.exp(-X / B), unknowns), OBSERVED, {"x": SAMPLE}, lags=2, noise=0.2)
        return [*made.values.values(), *made.errors.values(), made.condition]

    assert found(4.0, 1.0) == pytest.approx(found(9.0, 0.4), rel=1e-13)
