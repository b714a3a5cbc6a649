"""Occasionally binding limits against enumeration of all cases, closed forms and the smoothed conditions' formulas."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.equation import Complementarity, complementarity
from model.language.symbols import Parameter, Variable
from model.periods.path import Path
from model.solving.solver import Options, solve
from tests.engine.builders import equation, system, variables

WIDTH = Parameter("width")


def limit(variable: Variable, slack: sp.Expr, upper: sp.Expr | None = None, scale: float = 1.0) -> Complementarity:
    return complementarity(f"{variable.base}_limit", variable, slack=slack, width=WIDTH, scale=sp.Float(scale), upper=upper)


def enumerate_lcp(matrix: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Z ≥ 0, M·z + q ≥ 0, z·(M·z + q) = 0 by trying every set of positive z; M is a P-matrix, so there is exactly one."""
    n = len(q)
    for active in itertools.product([False, True], repeat=n):
        chosen = np.flatnonzero(active)
        z = np.zeros(n)
        if len(chosen):
            z[chosen] = np.linalg.solve(matrix[np.ix_(chosen, chosen)], -q[chosen])
        dust = 1e-12 * np.abs(q).max()
        if np.all(z >= -dust) and np.all(matrix @ z + q >= -dust):
            return z
    raise AssertionError("no case fits")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.sampled_from([1e-3, 1.0, 1e4]))
def test_linear_complementarity_problems_match_enumeration(seed: int, n: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n))
    matrix, q = root @ root.T + np.eye(n), size * rng.normal(size=n)
    z = variables(" ".join(f"z{i}" for i in range(n)))
    conditions = [limit(z[i], sum((sp.Float(matrix[i, j]) * z[j] for j in range(n)), sp.Float(q[i]))) for i in range(n)]
    path = solve(system(*conditions), {}, parameters={"width": 0.0}, exogenous={}, periods=1)
    exact = enumerate_lcp(matrix, q)
    found = np.array([path[f"z{i}"][1] for i in range(n)])
    assert np.abs(found - exact).max() <= 1e-12 * max(np.abs(exact).max(), np.abs(q).max())
    for i in range(n):
        assert path.regimes[1][f"z{i}_limit"] == ("lower" if exact[i] == 0.0 else "interior")


def on_rrp(width: float, rates: np.ndarray) -> Path:
    """A facility that is used when the market rate reaches its own: use ≥ 0 and market ≥ floor."""
    use, market, pressure = variables("use market pressure")
    model = system(
        limit(use, market - sp.Float(0.0425), scale=1e4),
        equation(market, sp.Float(0.0425) + pressure + use * sp.Float(1e-6)),
        exogenous=[pressure],
    )
    return solve(model, {}, parameters={"width": width}, exogenous={"pressure": rates}, periods=len(rates) - 1)


def test_a_floor_binds_exactly_and_its_regime_is_reported() -> None:
    path = on_rrp(0.0, np.array([0.0, 0.001, -0.0005, 0.0003, 0.002, -0.001]))
    assert path["use"][1:].tolist() == pytest.approx([0.0, 500.0, 0.0, 0.0, 1000.0], rel=1e-12, abs=1e-12)
    assert path["use"][[1, 3, 4]].tolist() == [0.0, 0.0, 0.0]
    assert path["market"][[2, 5]].tolist() == pytest.approx([0.0425, 0.0425], rel=1e-14)
    assert [r["use_limit"] for r in path.regimes[1:]] == ["lower", "interior", "lower", "lower", "interior"]
    assert path.certificates.max() < 1e-13


def test_smoothing_vanishes_with_its_width() -> None:
    rates = np.array([0.0, 0.001, -0.0005, 0.0002])
    strict = on_rrp(0.0, rates)["use"][1:]
    errors = [float(np.abs(on_rrp(width, rates)["use"][1:] - strict).max()) for width in (1e-4, 1e-5, 1e-6)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.1


def test_a_smoothed_floor_satisfies_its_formula() -> None:
    path = on_rrp(1e-4, np.array([0.0, -0.0005]))
    use, spread = path["use"][1], path["market"][1] - 0.0425
    a, b, s = use, 1e4 * spread, 1e4 * 1e-4 * 2**0.5
    assert a + b == pytest.approx((a * a + b * b + s * s) ** 0.5, rel=1e-12)


def capped(width: float, demand: float) -> Path:
    """Use between 0 and 10 where demand net of use is the pressure to use more."""
    use, wanted = variables("use wanted")
    model = system(limit(use, use - wanted, upper=sp.Integer(10)), exogenous=[wanted])
    return solve(model, {}, parameters={"width": width}, exogenous={"wanted": demand}, periods=1)


@pytest.mark.parametrize(
    ("demand", "use", "regime"), [(-3.0, 0.0, "lower"), (4.0, 4.0, "interior"), (25.0, 10.0, "upper"), (1e9, 10.0, "upper")]
)
def test_a_variable_with_two_limits_is_in_the_right_regime(demand: float, use: float, regime: str) -> None:
    path = capped(0.0, demand)
    assert path["use"][1] == pytest.approx(use, rel=1e-12, abs=1e-12)
    assert path.regimes[1]["use_limit"] == regime


def test_two_smoothed_limits_follow_the_logistic() -> None:
    use = capped(0.5, 4.0)["use"][1]
    assert use == pytest.approx(10 / (1 + np.exp((use - 4.0) / 0.5)), rel=1e-12)


def test_conditions_that_bind_each_other_are_solved_from_zero() -> None:
    a, b, c = variables("a b c")
    model = system(limit(a, a + b - 3), limit(b, b + c - 2), limit(c, c + a - 4), exogenous=[])
    path = solve(model, {"a": 0.0, "b": 0.0, "c": 0.0}, parameters={"width": 0.0}, exogenous={}, periods=1, options=Options())
    values = {n: float(path[n][1]) for n in "abc"}
    for v, slack in (("a", values["a"] + values["b"] - 3), ("b", values["b"] + values["c"] - 2), ("c", values["c"] + values["a"] - 4)):
        assert values[v] >= 0
        assert slack >= -1e-12
        assert abs(values[v] * slack) < 1e-11
