"""Systems with leads against backward recursion, saddle-path closed forms and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
import sympy as sp

from model.language.equation import Hidden
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.periods.failure import SolveFailure
from model.solving.solver import solve
from tests.engine.builders import equation, implicit, system, variables


def test_an_asset_price_is_the_present_value_of_announced_dividends() -> None:
    p, d = variables("p d")
    b = Parameter("b")
    dividends = np.ones(61)
    dividends[20:] = 2.0
    path = solve(system(equation(p, b * p(1) + d), exogenous=[d]), {}, parameters={"b": 0.95}, exogenous={"d": dividends}, periods=60)
    price = np.zeros(61)
    price[60] = 2.0 / (1 - 0.95)
    for t in range(59, 0, -1):
        price[t] = 0.95 * price[t + 1] + dividends[t]
    assert path["p"][1:].tolist() == pytest.approx(price[1:].tolist(), rel=1e-13)
    assert path["p"][1] > 1 / (1 - 0.95) + 5
    assert path.certificates.max() < 1e-13


def test_a_saddle_path_follows_its_stable_root() -> None:
    """x(t+1) − 2.5·x(t) + x(t−1) = 0 has the roots 2 and ½; with x bounded, x(t) = x(0)/2^t."""
    x = Variable("x")
    model = system(implicit("euler", x(1) - sp.Float(2.5) * x + x(-1), 0))
    path = solve(model, {"x": 8.0}, parameters={}, exogenous={}, periods=60)
    assert path["x"][:30].tolist() == pytest.approx([8.0 / 2**t for t in range(30)], rel=1e-9)


def test_optimal_growth_matches_its_closed_form() -> None:
    """With log utility and full depreciation consumption is the fixed share 1 − αβ of output."""
    c, k = variables("c k")
    alpha, beta = sp.Float(0.3), sp.Float(0.95)
    model = system(
        implicit("euler", c(1), beta * alpha * k ** (alpha - 1) * c),
        equation(k, k(-1) ** alpha - c),
    )
    path = solve(model, {"k": 0.05, "c": 0.3}, parameters={}, exogenous={}, periods=80)
    output = path["k"][:-1] ** 0.3
    assert (path["c"][1:50] / output[:49]).tolist() == pytest.approx([1 - 0.3 * 0.95] * 49, rel=1e-9)


def test_leads_lags_and_contemporaneous_feedback_match_scipy() -> None:
    y, r = variables("y r")
    g = Variable("g")
    demand = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 0.5, 0.0, 0.0, 0.0])
    model = system(
        equation(y, sp.Float(0.4) * y(1) + sp.Float(0.4) * y(-1) - r + g),
        equation(r, sp.Float(0.5) * sp.tanh(y) + sp.Float(0.2) * r(-1)),
        exogenous=[g],
    )
    path = solve(model, {"y": 0.0, "r": 0.0}, parameters={}, exogenous={"g": demand}, periods=8)

    def residual(z: np.ndarray) -> np.ndarray:
        ys, rs = np.append(0.0, z[:8]), np.append(0.0, z[8:])
        ahead = np.append(ys[2:], ys[-1])
        return np.concatenate([ys[1:] - 0.4 * ahead - 0.4 * ys[:-1] + rs[1:] - demand[1:], rs[1:] - 0.5 * np.tanh(ys[1:]) - 0.2 * rs[:-1]])

    reference = scipy.optimize.root(residual, np.zeros(16), tol=1e-14).x
    assert np.abs(path["y"][1:] - reference[:8]).max() < 1e-12
    assert np.abs(path["r"][1:] - reference[8:]).max() < 1e-12
    assert path["y"][1] > 0.0


def test_two_period_leads_and_lags_reach_the_right_rows() -> None:
    x, a = variables("x a")
    announced = np.arange(13.0)
    model = system(equation(x, a(2) - a(-1)), exogenous=[a])
    path = solve(model, {}, parameters={}, exogenous={"a": announced}, periods=12)
    expected = [announced[min(t + 2, 12)] - announced[t - 1] for t in range(1, 13)]
    assert path["x"][1:].tolist() == expected


def test_no_stacked_solution_is_a_failure_with_a_diagnosis() -> None:
    x = Variable("x")
    with pytest.raises(SolveFailure, match="horizon"):
        solve(system(implicit("euler", x(1) + x**2 + 1, 0)), {"x": 1.0}, parameters={}, exogenous={}, periods=5)


def money_with_foresight() -> System:
    """Government money where consumption looks ahead at disposable income."""
    y, t, yd, c, h, hs, g = variables("Y T YD C H Hs G")
    return system(
        equation(y, c + g),
        equation(t, sp.Float(0.2) * y),
        equation(yd, y - t),
        equation(c, sp.Float(0.3) * yd + sp.Float(0.3) * yd(1) + sp.Float(0.4) * h(-1)),
        equation(h, h(-1) + yd - c),
        equation(hs, hs(-1) + g - t),
        exogenous=[g],
        hidden=[Hidden("money", hs - h)],
    )


def test_a_consistent_opening_keeps_its_identity_with_leads() -> None:
    path = solve(money_with_foresight(), {"H": 80.0, "Hs": 80.0}, parameters={}, exogenous={"G": 20.0}, periods=60)
    assert path.consistency.consistent
    assert path.certificates.max() < 1e-12
    assert path["Y"][1:].tolist() == pytest.approx([100.0] * 60, rel=1e-11)


def test_an_inconsistent_opening_is_reported_with_leads_too() -> None:
    opening = {"H": 80.0, "Hs": 81.0}
    path = solve(money_with_foresight(), opening, parameters={}, exogenous={"G": 20.0}, periods=60)
    assert not path.consistency.consistent
    assert np.abs(path.hidden_gaps[1:, 0] - 1.0).max() < 1e-11
    assert path.certificates.max() < 1e-12
    repaired = opening | {r.variable: r.repaired for r in path.consistency.repairs}
    assert repaired["Hs"] == pytest.approx(repaired["H"], rel=1e-12)
    assert repaired["H"] == pytest.approx(80.5, rel=1e-4)
    assert solve(money_with_foresight(), repaired, parameters={}, exogenous={"G": 20.0}, periods=60).consistency.consistent
