"""Fits of curves with known answers: linear regression, a bend, priors, and serially correlated errors by simulation."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from calibration.estimation.expressions import Sigmoid, Soft, evaluate
from calibration.estimation.fitting import NotIdentified, Relation, Unknown, fit, profile

X = sp.Symbol("x")
A, B = sp.symbols("a b")
LINE = Relation("line", A + B * X, (Unknown("a", 0.0, -100.0, 100.0), Unknown("b", 0.0, -100.0, 100.0)))


def test_line_is_ordinary_least_squares() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    y = 3 - 2 * x + rng.normal(size=200)
    expected = np.polyfit(x, y, 1)
    found = fit(LINE, y, {"x": x})
    assert [found.values["b"], found.values["a"]] == pytest.approx(expected.tolist(), rel=1e-12)


def test_errors_without_lags_are_whites() -> None:
    """The textbook sandwich with the factor n / (n - k), written out."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=80)
    y = 1 + x + rng.normal(size=80) * (1 + x**2)
    design = np.column_stack([np.ones(80), x])
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    bread = np.linalg.inv(design.T @ design)
    middle = sum(np.outer(row, row) * e**2 for row, e in zip(design, residual, strict=True))
    expected = np.sqrt(np.diag(bread @ middle @ bread) * 80 / 78)
    found = fit(LINE, y, {"x": x}, lags=0)
    assert [found.errors["a"], found.errors["b"]] == pytest.approx(expected.tolist(), rel=1e-12)


def test_errors_match_the_spread_of_estimates_when_errors_are_persistent() -> None:
    """Over 150 samples the mean reported error is close to the standard deviation of the estimates; without lags it is half of it."""
    rng = np.random.default_rng(3)
    estimates, reported, naive = [], [], []
    for _ in range(150):
        noise, x = np.zeros(300), np.zeros(300)
        shocks = rng.normal(size=(300, 2))
        for t in range(1, 300):
            noise[t] = 0.7 * noise[t - 1] + shocks[t, 0]
            x[t] = 0.7 * x[t - 1] + shocks[t, 1]
        found = fit(LINE, 2 * x + noise, {"x": x}, lags=15)
        estimates.append(found.values["b"])
        reported.append(found.errors["b"])
        naive.append(fit(LINE, 2 * x + noise, {"x": x}, lags=0).errors["b"])
    assert np.mean(reported) == pytest.approx(np.std(estimates), rel=0.3)
    assert np.mean(naive) < 0.8 * np.mean(reported)


def test_bend_is_recovered() -> None:
    level, slope, width, threshold = sp.symbols("level slope width threshold")
    curve = level + slope * width * Soft((threshold - X) / width)
    unknowns = (
        Unknown("level", 0.0, -50.0, 50.0),
        Unknown("slope", 0.1, 0.001, 1.0),
        Unknown("width", 100.0, 10.0, 1000.0),
        Unknown("threshold", 2500.0, 1000.0, 5000.0),
    )
    x = np.linspace(2000, 4500, 400)
    y = -8 + 0.04 * 150 * np.log1p(np.exp((3000 - x) / 150))
    found = fit(Relation("bend", curve, unknowns), y, {"x": x})
    assert found.values == pytest.approx({"level": -8, "slope": 0.04, "width": 150, "threshold": 3000}, rel=1e-10)


def test_prior_stands_where_the_data_are_silent() -> None:
    unknowns = (Unknown("a", 0.0, -100.0, 100.0), Unknown("b", 5.0, -100.0, 100.0, 5.0, 2.0))
    found = fit(Relation("silent", A + B * X, unknowns), np.arange(20.0) % 3, {"x": np.zeros(20)})
    assert found.values["b"] == pytest.approx(5.0)
    assert found.errors["b"] == pytest.approx(2.0)
    assert found.informed("b") == pytest.approx(0.0, abs=1e-9)
    assert found.condition == np.inf


def test_what_nothing_determines_is_named() -> None:
    with pytest.raises(NotIdentified, match="line: neither data nor prior determine"):
        fit(LINE, np.arange(5.0), {"x": np.ones(5)})
    with pytest.raises(NotIdentified, match="the sample is empty"):
        fit(LINE, np.zeros(0), {"x": np.zeros(0)})


def test_profile_of_a_line_is_its_parabola() -> None:
    """For a linear model two standard errors off cost four."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=100)
    y = x + rng.normal(size=100)
    found = fit(LINE, y, {"x": x}, noise=1.0)
    design = np.column_stack([np.ones(100), x])
    error = np.sqrt(np.linalg.inv(design.T @ design)[1, 1])
    falls = profile(LINE, "b", [found.values["b"] - 2 * error, found.values["b"] + 2 * error], y, {"x": x}, 1.0)
    assert falls == pytest.approx((4.0, 4.0), rel=1e-10)


def test_derivatives_are_those_of_differences() -> None:
    point = {"a": 0.7, "b": 1.3, "x": 2.0}
    for expression in (Soft(A * X - B), Sigmoid(A) * sp.exp(-X / B), sp.log(A + X**2) / B):
        exact = evaluate(sp.diff(expression, A), point)
        step = 1e-6
        up, down = (evaluate(expression, {**point, "a": 0.7 + sign * step}) for sign in (1, -1))
        assert exact == pytest.approx((up - down) / (2 * step), rel=1e-7)
    assert evaluate(Soft(A), {"a": 1000.0}) == pytest.approx(1000.0)
    with pytest.raises(TypeError, match="a curve does not use"):
        evaluate(sp.sin(A), {"a": 1.0})
