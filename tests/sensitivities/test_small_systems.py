"""Derivatives of small systems whose solutions are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from model.derivatives.kinks import Kinks
from model.derivatives.sensitivities import Direction, Sensitivities, SensitivityError
from model.language.equation import complementarity
from model.language.symbols import Parameter, Variable, absolute, maximum, minimum, softplus
from model.periods.path import Path
from model.solving.solver import solve
from tests.engine.builders import SIM_PARAMETERS, equation, implicit, sim, system

X, Y, Z = Variable("x"), Variable("y"), Variable("z")
A, B = Parameter("a"), Parameter("b")
T = 12


def autoregression(lag: int = 1) -> Path:
    model = system(equation(X, A * X(-lag) + B * Z), exogenous=[Z])
    return solve(model, {"x": 2.0}, parameters={"a": 0.8, "b": 1.5}, exogenous={"z": np.linspace(1.0, 2.0, T + 1)}, periods=T)


def test_an_autoregression_has_the_derivatives_of_its_closed_form() -> None:
    path = autoregression()
    gradient = Sensitivities(path).adjoint({("x", T): 1.0})
    z = path["z"]
    by_hand = sum(1.5 * (T - s) * 0.8 ** (T - s - 1) * z[s] for s in range(1, T)) + T * 0.8 ** (T - 1) * 2.0
    assert gradient.parameter("a") == pytest.approx(by_hand, rel=1e-13)
    np.testing.assert_allclose(gradient.exogenous["z"][1:], [1.5 * 0.8 ** (T - s) for s in range(1, T + 1)], rtol=1e-13)
    assert gradient.opening["x"] == pytest.approx(0.8**T, rel=1e-13)
    assert gradient.exogenous["z"][0] == 0.0


def test_an_opening_that_stands_for_earlier_periods_counts_for_them_too() -> None:
    path = autoregression(lag=2)
    gradient = Sensitivities(path).adjoint({("x", T): 1.0, ("x", T - 1): 1.0})
    assert gradient.opening["x"] == pytest.approx(0.8 ** (T // 2) * 2, rel=1e-13)
    moved = Sensitivities(path).tangent(Direction(opening={"x": 1.0}))[:, path.index["x"], 0]
    assert moved[T] + moved[T - 1] == pytest.approx(gradient.opening["x"], rel=1e-13)


def test_an_implicit_equation_follows_the_implicit_function_theorem() -> None:
    model = system(implicit("market", Y + sp.exp(Y), A * Z), exogenous=[Z])
    path = solve(model, {"y": 0.0}, parameters={"a": 3.0}, exogenous={"z": 2.0}, periods=2)
    y = float(path["y"][2])
    assert Sensitivities(path).adjoint({("y", 2): 1.0}).parameters["a"][2] == pytest.approx(2.0 / (1.0 + np.exp(y)), rel=1e-12)


def test_with_leads_the_derivatives_are_those_of_the_forward_solution() -> None:
    model = system(equation(X, A * X(1) + Z), exogenous=[Z])
    path = solve(model, {"x": 1.0}, parameters={"a": 0.9}, exogenous={"z": np.ones(T + 1)}, periods=T)
    gradient = Sensitivities(path).adjoint({("x", 1): 1.0})
    expected = [0.9 ** (s - 1) for s in range(1, T)] + [0.9 ** (T - 1) / (1 - 0.9)]
    np.testing.assert_allclose(gradient.exogenous["z"][1:], expected, rtol=1e-12)
    moved = Sensitivities(path).tangent(Direction(parameters={"a": 1.0}))[1, path.index["x"], 0]
    assert moved == pytest.approx(1 / (1 - 0.9) ** 2, rel=1e-10)


def test_adjoint_and_tangent_agree_in_a_textbook_model() -> None:
    path = solve(sim(), {"H": 80.0, "Hs": 80.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=60)
    slopes = Sensitivities(path)
    gradient = slopes.adjoint({("Y", 60): 1.0})
    direction = Direction({"theta": 0.3, "alpha1": -0.2}, {"G": np.sin(np.arange(61))}, {"H": 1.5, "Hs": 1.5})
    moved = float(slopes.tangent(direction)[60, path.index["Y"], 0])
    assert gradient.along(direction) == pytest.approx(moved, rel=1e-12)
    lasting = float(gradient.exogenous["G"].sum())
    assert lasting == pytest.approx(1 / 0.2, rel=1e-3), "the multiplier of government spending tends to 1/θ"


@pytest.mark.parametrize(("z", "slope"), [(3.0, 1.0), (-3.0, 0.0)])
def test_each_side_of_a_limit_has_its_own_derivative(z: float, slope: float) -> None:
    model = system(equation(X, maximum(A * Z, 0)), exogenous=[Z])
    path = solve(model, {}, parameters={"a": 1.0}, exogenous={"z": z}, periods=1)
    slopes = Sensitivities(path)
    assert slopes.adjoint({("x", 1): 1.0}).exogenous["z"][1] == slope
    assert not Kinks(slopes).active


def test_a_complementarity_condition_has_the_derivative_of_its_regime() -> None:
    condition = complementarity("limit", X, slack=X + Y - Z, width=sp.Integer(0), scale=sp.Integer(1))
    model = system(condition, equation(Y, A * Z(-1)), exogenous=[Z])
    for z, slope in ((np.array([1.0, 5.0]), 1.0), (np.array([1.0, 0.5]), 0.0)):
        path = solve(model, {}, parameters={"a": 2.0}, exogenous={"z": z}, periods=1)
        assert Sensitivities(path).adjoint({("x", 1): 1.0}).exogenous["z"][1] == pytest.approx(slope, abs=1e-12)


def corner(**changed: float) -> Path:
    """A path whose strict condition has both sides zero in period 1: x ⟂ x + y - z with y = a·z(-1)."""
    condition = complementarity("limit", X, slack=X + Y - Z, width=sp.Integer(0), scale=sp.Integer(1))
    model = system(condition, equation(Y, A * Z(-1) + X(-1) / 3), equation(Variable("u"), 3 * X + minimum(Y, 2)), exogenous=[Z])
    inputs = {"a": 2.0, "z0": 1.0, "z1": 2.0, "z2": 2.5} | changed
    z = np.array([inputs["z0"], inputs["z1"], inputs["z2"]])
    return solve(model, {"x": 0.0}, parameters={"a": inputs["a"]}, exogenous={"z": z}, periods=2)


@pytest.mark.parametrize("backend", ["llvm", "python"])
@pytest.mark.parametrize("variable", ["x", "y", "u"])
@pytest.mark.parametrize("name", ["a", "z0", "z1", "z2"])
def test_at_a_corner_the_derivative_is_that_of_the_side_that_is_said(name: str, variable: str, backend: str) -> None:
    base, h = corner(), 1e-6
    value = {"a": 2.0, "z0": 1.0, "z1": 2.0, "z2": 2.5}[name]
    slopes = Sensitivities(base, backend=backend)
    direction = Direction(parameters={"a": 1.0}) if name == "a" else Direction(exogenous={"z": np.eye(3)[int(name[1])]})
    rise, fall = ((corner(**{name: value + s * h})[variable][1:].sum() - base[variable][1:].sum()) / (s * h) for s in (1, -1))
    gradient = slopes.adjoint({(variable, 1): 1.0, (variable, 2): 1.0})
    assert gradient.along(direction) == pytest.approx(slopes.tangent(direction)[1:, base.index[variable], 0].sum(), abs=1e-12)
    side = Kinks(slopes).side(direction)
    assert side is not None or name in ("a", "z0"), "only what moves y moves the condition and the minimum, to different sides"
    if side in (0, 1):
        assert gradient.along(direction) == pytest.approx(rise, abs=1e-6)
    if side in (0, -1):
        assert gradient.along(direction) == pytest.approx(fall, abs=1e-6)
    if side is not None and abs(rise - fall) > 1e-3:
        assert side != 0


def test_a_corner_reached_but_for_rounding_has_a_side_too() -> None:
    for off in (1e-12, 1e-14, -1e-12):
        slopes = Sensitivities(corner(z1=2.0 + off))
        gradient = slopes.adjoint({("x", 1): 1.0})
        side = Kinks(slopes).side(Direction(exogenous={"z": np.eye(3)[1]}))
        assert (gradient.exogenous["z"][1], side) == ((pytest.approx(1.0), 1) if off > 0 else (0.0, -1))


PARTS = {
    "max(z, 0) - max(-z, 0)": maximum(Z, 0) - maximum(-Z, 0),
    "max(0, z) + min(z, 0)": maximum(0, Z) + minimum(Z, 0),
    "(|z| + z) / 2 + min(0, z)": (absolute(Z) + Z) / 2 + minimum(0, Z),
    "softplus": softplus(Z, A) - softplus(-Z, A),
    "differences": maximum(Z - Z(-1), 0) - maximum(Z(-1) - Z, 0) + Z(-1),
}


@pytest.mark.parametrize("parts", PARTS)
def test_a_number_split_into_its_positive_and_negative_parts_keeps_the_slope_of_one(parts: str) -> None:
    """Each part has a kink at zero; on one side together they sum to the number, whose slope is 1 everywhere."""
    path = solve(system(equation(X, PARTS[parts]), exogenous=[Z]), {}, parameters={"a": 0.0}, exogenous={"z": 0.0}, periods=1)
    slopes = Sensitivities(path)
    assert slopes.adjoint({("x", 1): 1.0}).exogenous["z"][1] == 1.0
    assert Kinks(slopes).side(Direction(exogenous={"z": np.array([0.0, 1.0])})) in (1, -1)


def test_an_active_kink_is_named_for_the_inputs_that_move_it() -> None:
    model = system(equation(X, maximum(Z, 0) + B), equation(Y, X * A), exogenous=[Z])
    path = solve(model, {}, parameters={"a": 2.0, "b": 1.0}, exogenous={"z": np.array([0.0, 1.0, 0.0])}, periods=2)
    kinks = Kinks(Sensitivities(path))
    assert [(k.equation, k.period) for k in kinks.active] == [("x", 2)]
    assert [k.period for k in kinks.moved_by(Direction(exogenous={"z": 1.0}))] == [2]
    assert not kinks.moved_by(Direction(parameters={"a": 1.0}))


def test_unknown_inputs_are_refused_by_name() -> None:
    slopes = Sensitivities(autoregression())
    with pytest.raises(SensitivityError, match="did you mean 'b'"):
        slopes.tangent(Direction(parameters={"bb": 1.0}))
    with pytest.raises(SensitivityError, match="'x' is not exogenous"):
        slopes.tangent(Direction(exogenous={"x": 1.0}))
    with pytest.raises(SensitivityError, match="outside 0 to 12"):
        slopes.adjoint({("x", 13): 1.0})
