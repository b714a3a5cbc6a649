"""Foreseen paths of small systems against their forward solutions and against the stacked solver."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from model.compiler.compilation import compile_system
from model.compiler.program import Floats
from model.language.symbols import Parameter, Variable, maximum
from model.language.system import System
from model.periods.inputs import prepare
from model.periods.newton import Options
from model.periods.path import Path
from model.solving.foresight import foreseen_name, has_few_leads, leads_of, run_foreseen
from model.solving.stacked import run_stacked
from tests.engine.builders import equation, system

X, Y, Z = Variable("x"), Variable("y"), Variable("z")
BETA, RHO = Parameter("beta"), Parameter("rho")
T = 30


def both(model: System, z: Floats, **parameters: float) -> tuple[Path, Path]:
    """The foreseen and the stacked solution."""
    program, options = compile_system(model), Options()
    inputs = prepare(program, {"x": 1.0, "y": 1.0}, parameters, {"z": z}, T, None, {}, (), options)
    return run_foreseen(program, inputs.copy(), options), run_stacked(program, inputs, options)


def test_a_present_value_is_the_discounted_sum_of_an_autoregression() -> None:
    z = np.zeros(T + 1)
    z[0], z[1] = 1.0, 1.0
    model = system(equation(X, BETA * X(1) + Y), equation(Y, RHO * Y(-1)), exogenous=[Z])
    path, _ = both(model, z, beta=0.9, rho=0.5)
    # With a root of 0.5 the end of the horizon, where x stays, weighs 0.9^30 * 0.5^30.
    closed = path["y"][1:] / (1 - 0.9 * 0.5)
    np.testing.assert_allclose(path["x"][1:6], closed[:5], rtol=1e-7)


def test_an_announcement_moves_the_value_before_it_happens() -> None:
    z = np.zeros(T + 1)
    z[20:] = 1.0
    path, stacked = both(system(equation(X, BETA * X(1) + (1 - BETA) * Z), equation(Y, X(-1)), exogenous=[Z]), z, beta=0.9)
    expected = [0.9 ** max(20 - t, 0) for t in range(1, T + 1)]
    np.testing.assert_allclose(path["x"][1:], expected, rtol=1e-13)
    np.testing.assert_allclose(stacked["x"][1:], expected, rtol=1e-12)


def test_a_nonlinear_system_with_a_limit_has_the_stacked_solution() -> None:
    z = 1.0 + 0.5 * np.sin(np.arange(T + 1))
    model = system(
        equation(X, BETA * X(1) + sp.exp(-Y) + Z), equation(Y, RHO * Y(-1) + maximum(sp.log(X(2)) - 1, 0) / 10 + X / 20), exogenous=[Z]
    )
    path, stacked = both(model, z, beta=0.7, rho=0.6)
    assert path.failure is None
    np.testing.assert_allclose(path.values[1:], stacked.values[1:], rtol=1e-11)
    assert path.certificates.max() < 1e-13


def test_what_is_foreseen_is_named_and_few_leads_are_told_from_many() -> None:
    model = system(equation(X, BETA * X(1) + Z), equation(Y, X(3)), exogenous=[Z])
    program = compile_system(model)
    assert leads_of(program) == (("x", 1), ("x", 3))
    assert foreseen_name(("x", 3)) == "foreseen3__x"
    assert not has_few_leads(program)


def test_a_value_that_no_expectation_supports_ends_in_a_diagnosis() -> None:
    model = system(equation(X, X(1) + sp.exp(X) + Z), equation(Y, X), exogenous=[Z])
    path, _ = both(model, np.ones(T + 1), beta=0.0)
    assert path.failure is not None
    assert path.failure.equation == "x"
    assert path.failure.advice


@pytest.mark.parametrize("lag", [1, 2])
def test_earlier_periods_reach_the_forward_path(lag: int) -> None:
    z = np.linspace(0.0, 1.0, T + 1)
    path, stacked = both(system(equation(X, BETA * X(1) + Z), equation(Y, RHO * Y(-lag) + X), exogenous=[Z]), z, beta=0.8, rho=0.7)
    np.testing.assert_allclose(path["y"], stacked["y"], rtol=1e-12)
