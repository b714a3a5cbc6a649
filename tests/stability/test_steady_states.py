"""Steady states and balanced growth against closed forms and long runs."""

from __future__ import annotations

import numpy as np
import pytest

from model.compiler.compilation import compile_system
from model.derivatives.steady import NoSteadyState, steady_state
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.language.units import ONE, USD
from model.solving.solver import solve
from tests.engine.builders import SIM_PARAMETERS, equation, sim, system


def test_government_money_stands_still_where_taxes_meet_spending() -> None:
    path = solve(sim(), {"H": 1.0, "Hs": 1.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=2)
    found = steady_state(compile_system(sim()), path.values[-1], path.parameter_rows[-1])
    assert found["Y"] == pytest.approx(20.0 / 0.2, rel=1e-12)
    assert found["H"] == pytest.approx((1 - 0.6) / 0.4 * 80.0, rel=1e-12)
    assert found["Hs"] == pytest.approx(found["H"], rel=1e-12)
    assert found.residual < 1e-12
    assert found.free == ()


def growing() -> System:
    """Public debt with a primary deficit in a given ratio to income: b = d / (g - r) of income, at the period's rates."""
    debt, income, deficit = (Variable(n, USD) for n in ("debt", "income", "deficit"))
    ratio, rate, speed = Variable("ratio", ONE), Parameter("rate", ONE), Parameter("speed", ONE)
    return System(
        "growing",
        (
            Equation("deficit", deficit, ratio * income + rate * debt(-1), kind="definition"),
            Equation("debt", debt, debt(-1) + deficit, kind="definition"),
            Equation("income", income, income(-1) * (1 + speed), kind="definition"),
        ),
        (ratio,),
    )


@pytest.mark.parametrize(("g", "r"), [(0.04, 0.02), (0.01, -0.01), (0.05, 0.049)])
def test_debt_on_a_balanced_growth_path_is_the_primary_deficit_over_growth_less_interest(g: float, r: float) -> None:
    model = growing()
    path = solve(
        model, {"debt": 1.0, "income": 1.0, "deficit": 0.0}, parameters={"rate": r, "speed": g}, exogenous={"ratio": 0.03}, periods=1
    )
    found = steady_state(compile_system(model), path.values[-1], path.parameter_rows[-1], growth=g)
    assert found["debt"] / found["income"] == pytest.approx(0.03 * (1 + g) / (g - r), rel=1e-9)
    assert len(found.free) == 1
    assert {name for name, _ in found.free[0]} >= {"debt", "income", "deficit"}


def test_a_model_without_a_steady_state_says_which_equation_stays_open() -> None:
    x, y = Variable("x"), Variable("y")
    model = system(equation(x, x(-1) + 1.0), equation(y, 2.0 * x))
    path = solve(model, {"x": 1.0}, parameters={}, exogenous={}, periods=1)
    with pytest.raises(NoSteadyState, match="'x' stays open") as caught:
        steady_state(compile_system(model), path.values[-1], path.parameter_rows[-1])
    assert caught.value.open[0][0] == "x"


def test_a_nonlinear_steady_state_is_where_a_long_run_ends() -> None:
    k, y = Variable("k"), Variable("y")
    model = system(equation(y, 1.3 * k(-1) ** 0.33), equation(k, 0.9 * k(-1) + 0.25 * y))
    start = solve(model, {"k": 50.0}, parameters={}, exogenous={}, periods=1)
    found = steady_state(compile_system(model), start.values[-1], start.parameter_rows[-1])
    assert found["k"] == pytest.approx((0.25 * 1.3 / 0.1) ** (1 / 0.67), rel=1e-10)
    long = solve(model, {"k": 50.0}, parameters={}, exogenous={}, periods=800)
    assert np.isclose(long["k"][-1], found["k"], rtol=1e-9)
