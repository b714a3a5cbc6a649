"""The adjoint sweep in machine code against factorised Jacobians, and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from dollarflow import dollar_system, opening_state, simulate
from model.derivatives.sensitivities import Sensitivities, SensitivityError
from model.language.symbols import Parameter, Variable
from model.periods.path import Path
from model.solving.solver import solve
from tests.engine.builders import SIM_PARAMETERS, equation, implicit, sim, system

pytest.importorskip("llvmlite")


@pytest.fixture(scope="module")
def economy() -> Path:
    return simulate(dollar_system(), opening_state("2025-10-29"), periods=10).path


def test_sweeping_gives_what_factorised_jacobians_give(economy: Path) -> None:
    swept, factorised = Sensitivities(economy), Sensitivities(economy, backend="python")
    weights = np.zeros((11, swept.width, 3))
    weights[10, swept.program.index["sofr"], 0] = 1.0
    weights[4, swept.program.index["m2"], 1] = 1e-3
    weights[:, swept.program.index["hf_equity"], 2] = 1.0
    mine, theirs = swept.pull_back(weights), factorised.pull_back(weights)
    given = [swept.program.index[n] for n in economy.system.given] + list(range(swept.width, swept.wide))
    size = np.abs(theirs[:, given]).max(axis=(0, 1))
    assert np.abs(mine[:, given] - theirs[:, given]).max(axis=(0, 1)) == pytest.approx(np.zeros(3), abs=1e-9 * size.max())
    opening = swept.first
    assert mine[opening] == pytest.approx(theirs[opening], rel=1e-8, abs=1e-12 * float(np.abs(theirs[opening]).max()))


def test_the_effect_of_spending_on_later_income_is_the_multiplier_of_the_textbook() -> None:
    path = solve(sim(), {"H": 0.0, "Hs": 0.0}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=6)
    gradient = Sensitivities(path).adjoint({("Y", 6): 1.0}).exogenous["G"]
    first = 1 / (1 - 0.6 * 0.8)
    later = first * 0.4 * first * (1 - 0.6) * 0.8
    root = 1 - 0.4 + 0.4 * 0.8 * 0.4 * first
    assert gradient[6] == pytest.approx(first, rel=1e-12)
    assert gradient[1:6] == pytest.approx([later * root ** (5 - t) for t in range(1, 6)], rel=1e-12)


def test_a_second_lag_and_a_torn_block_hand_their_weights_back() -> None:
    x, y, z = (Variable(n) for n in "xyz")
    a = Parameter("a")
    model = system(equation(x, a * x(-2) + 0.1 * z), implicit("y", y**3 + y, x + 2.0), equation(z, y + z(-1)))
    start = {"x": 1.0, "y": 1.0, "z": 0.5}
    path = solve(model, start, parameters={"a": 0.7}, exogenous={}, periods=5)
    gradient = Sensitivities(path).adjoint({("z", 5): 1.0})
    for step in (1e-4,):
        ends = [solve(model, start, parameters={"a": 0.7 + s * step}, exogenous={}, periods=5)["z"][5] for s in (-1, 1)]
        assert gradient.parameter("a") == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-6)
        ends = [solve(model, {**start, "x": 1.0 + s * step}, parameters={"a": 0.7}, exogenous={}, periods=5)["z"][5] for s in (-1, 1)]
        assert gradient.opening["x"] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-6)


def test_a_derivative_that_is_not_finite_names_its_equation() -> None:
    x, y = Variable("x"), Variable("y")
    model = system(equation(x, x(-1)), equation(y, x**0.5))
    path = solve(model, {"x": 0.0}, parameters={}, exogenous={}, periods=2)
    with pytest.raises(SensitivityError, match="equation 'y' has no finite derivative in period 2"):
        Sensitivities(path).adjoint({("y", 2): 1.0})
