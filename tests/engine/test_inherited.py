"""A gap that an opening has and that nothing changes certifies itself; one that grows, or that no opening closes, does not."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
import sympy as sp

from model.compiler.compilation import compile_system
from model.language.equation import Hidden
from model.language.system import System
from model.periods.inputs import prepare
from model.solving.inherited import carried
from model.solving.solver import Options, solve
from tests.engine.builders import SIM_PARAMETERS, equation, sim, system, variables


def books(interest: float, *hidden: Hidden) -> System:
    """Debt held and debt owed, both carried forward at a rate of interest, and what is lent."""
    held, owed, g = variables("held owed g")
    equations = equation(held, held(-1) * (1 + interest) + g), equation(owed, owed(-1) * (1 + interest) + g)
    return system(*equations, exogenous=[g], hidden=hidden or [Hidden("debt", held - owed)])


def law(model: System, opening: dict[str, float]) -> list[bool]:
    """What moved openings say of each identity."""
    program = compile_system(model)
    inputs = prepare(program, opening, {}, {"g": 1.0}, 5, None, {}, (), Options())
    return [bool(k) for k in carried(program, inputs, Options())]


@pytest.mark.parametrize(("interest", "kept"), [(0.0, True), (1e-6, False), (0.05, False), (-0.5, False)])
def test_only_a_gap_without_a_motion_of_its_own_is_carried(interest: float, kept: bool) -> None:
    assert law(books(interest), {"held": 100.0, "owed": 100.01}) == [kept]


def test_an_identity_that_no_opening_near_closes_is_not_carried() -> None:
    held, owed, g = variables("held owed g")
    far = Hidden("far", held - owed - 1)
    never = Hidden("never", g - 2)
    near = Hidden("near", held - owed - g / 100)
    assert law(books(0.0, far, never, near), {"held": 100.0, "owed": 100.0}) == [False, False, True]


@pytest.mark.parametrize("jump", [1.0, 0.01])
def test_a_gap_that_jumps_over_zero_is_not_certified_by_staying_the_same(jump: float) -> None:
    """It is the jump in every period and of every opening near, of either sign, so that none of them makes the identity hold."""
    held, owed, _ = variables("held owed g")
    sign = sp.Piecewise((jump, sp.Gt(held, owed)), (-jump, True))
    path = solve(books(0.0, Hidden("sign", sign)), {"held": 100.0, "owed": 100.0}, parameters={}, exogenous={"g": 1.0}, periods=20)
    assert path.hidden_gaps[1:, 0].tolist() == [-jump] * 20
    assert path.certificates[1:].min() >= 1.0
    assert path.consistency.unexplained == ("sign",)


def test_the_certificate_is_the_distance_from_the_first_gap_and_asks_for_no_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Mock()
    monkeypatch.setattr("model.solving.forward.repair_opening", asked)
    path = solve(sim(), {"H": 70.0, "Hs": 70.001}, parameters=SIM_PARAMETERS, exogenous={"G": 20.0}, periods=200)
    gaps = path["Hs"] - path["H"]
    assert gaps[1:] == pytest.approx(0.001, rel=1e-9)
    away = np.abs(gaps[1:] - gaps[1]) / np.maximum.accumulate(path["Hs"] + path["H"])[1:]
    assert path.certificates[1:] == pytest.approx(np.maximum(path.residuals[1:], away), rel=1e-3, abs=1e-17)
    assert 0.0 < path.certificates.max() < 1e-13
    assert not asked.called


def test_a_gap_that_grows_is_still_certified_by_the_repaired_opening() -> None:
    path = solve(books(0.05), {"held": 100.0, "owed": 100.01}, parameters={}, exogenous={"g": 1.0}, periods=50)
    assert path.certificates.max() < 1e-13
    assert path.hidden_gaps[50, 0] == pytest.approx(-0.01 * 1.05**50, rel=1e-9)


def test_the_answer_for_one_opening_is_not_that_for_another() -> None:
    model = books(0.0)
    assert law(model, {"held": 100.0, "owed": 100.01}) == [True]
    assert law(model, {"held": 100.0, "owed": 150.0}) == [False]
    assert law(model, {"held": 100.0, "owed": 100.01}) == [True]
