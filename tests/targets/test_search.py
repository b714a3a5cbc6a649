"""Targets and rules of an autoregression, for which the instrument's path is known in closed form."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from model.compiler.program import Floats
from model.derivatives.feedback import Loss, Term, best_rule, coefficient, planned, with_rule
from model.derivatives.targeting import Aim, Instrument, hold
from model.language.symbols import Parameter, Variable, maximum
from model.language.system import System
from model.periods.path import Path
from model.solving.solver import solve
from tests.engine.builders import equation, system

X, Y, U, E = Variable("x"), Variable("y"), Variable("u"), Variable("e")
A, B = Parameter("a"), Parameter("b")
T = 10
SHOCKS = np.array([0.0, 1.0, -0.5, 2.0, 0.0, 0.3, -1.0, 0.7, 0.1, -0.2, 0.4])


def model(nonlinear: bool = False) -> System:
    effect = B * U + 0.1 * U**3 if nonlinear else B * U
    return system(equation(X, A * X(-1) + effect + E), equation(Y, X + maximum(X, 0)), exogenous=[U, E])


def run(chosen: System, given: Mapping[str, Floats], **parameters: float) -> Path:
    paths = {n: v for n, v in {"u": np.zeros(T + 1), "e": SHOCKS, **given}.items() if n in chosen.given}
    return solve(chosen, {"x": 1.0}, parameters={"a": 0.8, "b": 2.0, **parameters}, exogenous=paths, periods=T)


def pulses(first: int = 1) -> Floats:
    return np.eye(T + 1)[:, first:]


def aim(low: float, high: float, first: int = 1) -> Aim:
    return Aim("x", tuple(range(first, T + 1)), low, high, 1e-4)


def test_a_level_is_held_by_the_path_that_inverts_the_equation() -> None:
    path = run(model(), {})
    found = hold(path, Instrument("u", pulses()), (aim(0.5, 0.5),), lambda given: run(model(), given))
    before = np.array([1.0, *np.full(T - 1, 0.5)])
    np.testing.assert_allclose(found.instrument[1:], (0.5 - 0.8 * before - SHOCKS[1:]) / 2.0, atol=1e-4)
    assert found.reached


def test_a_nonlinear_instrument_takes_several_steps_to_the_same_target() -> None:
    found = hold(run(model(True), {}), Instrument("u", pulses()), (aim(3.0, 3.0),), lambda given: run(model(True), given))
    before = np.array([1.0, *np.full(T - 1, 3.0)])
    needed = 3.0 - 0.8 * before - SHOCKS[1:]
    u = found.instrument[1:]
    np.testing.assert_allclose(2.0 * u + 0.1 * u**3, needed, atol=2e-4)
    assert found.reached
    assert found.rounds > 2


def test_a_band_that_holds_already_leaves_the_instrument_alone() -> None:
    found = hold(run(model(), {}), Instrument("u", pulses()), (aim(-10.0, 10.0),), lambda given: run(model(), given))
    assert found.reached
    assert np.abs(found.instrument).max() < 1e-9


def test_a_band_is_entered_no_deeper_than_needed() -> None:
    found = hold(run(model(), {}), Instrument("u", pulses()), (aim(-1.0, 1.0),), lambda given: run(model(), given))
    assert found.reached
    assert np.abs(found.path["x"][1:]).max() <= 1.0
    assert np.abs(found.path["x"][1:]).max() > 0.85


def test_bounds_end_in_the_nearest_path_and_say_so() -> None:
    found = hold(run(model(), {}), Instrument("u", pulses(), lower=-0.25), (aim(-0.1, 0.1),), lambda given: run(model(), given))
    assert not found.reached
    assert found.instrument[1:].min() >= -0.25 - 1e-12
    assert 3 in found.at_bound, "the shock of 2 in period 3 needs more than the bound allows"


def test_an_instrument_without_effect_is_found_out() -> None:
    found = hold(run(model(), {}, b=0.0), Instrument("u", pulses()), (aim(0.0, 0.0),), lambda given: run(model(), given, b=0.0))
    assert not found.reached
    assert found.slope == 0.0


def test_a_constant_is_the_least_squares_level() -> None:
    found = hold(run(model(), {}), Instrument("u", pulses().sum(axis=1)[:, None]), (aim(0.0, 0.0),), lambda given: run(model(), given))
    effect = 2.0 * (1 - 0.8 ** np.arange(1, T + 1)) / (1 - 0.8)
    free = run(model(), {})["x"][1:]
    assert found.instrument[T] == pytest.approx(-float(effect @ free) / float(effect @ effect), rel=1e-4)
    assert not found.reached


def test_the_best_reaction_to_an_autoregression_cancels_it() -> None:
    """Minimising Σ x² over x = (a + b·c)·x(-1) + e from white noise alone would cancel a; here the sample's optimum is a regression."""
    terms = (Term("x", 0.0),)
    ruled = with_rule(model(), "u", terms)

    def attempt(c: Floats) -> Path:
        return run(ruled, {planned("u"): np.zeros(T + 1), "rule_on": np.ones(T + 1)}, **{coefficient(0): float(c[0])})

    found = best_rule(terms, (Loss("x", tuple(range(1, T + 1)), np.zeros(T), 1.0),), attempt)

    def loss(root: float) -> float:
        x, total = 1.0, 0.0
        for e in SHOCKS[1:]:
            x = root * x + e
            total += x * x
        return total

    roots = np.linspace(-1.0, 1.0, 200_001)
    best = float(roots[int(np.argmin(loss_of(roots)))])
    assert 0.8 + 2.0 * found.coefficients[0] == pytest.approx(best, abs=2e-5)
    assert found.loss == pytest.approx(loss(best), rel=1e-8)
    assert found.settled


def loss_of(roots: Floats) -> Floats:
    x, total = np.ones_like(roots), np.zeros_like(roots)
    for e in SHOCKS[1:]:
        x = roots * x + e
        total += x * x
    return total


def test_a_rule_on_an_add_factor_moves_the_equation() -> None:
    from model.language.equation import Equation

    behaviour = system(Equation("x", X, A * X(-1) + E), exogenous=[E])
    ruled = with_rule(behaviour, "add__x", (Term("x", 0.0),))
    path = run(ruled, {planned("add__x"): np.zeros(T + 1), "rule_on": np.ones(T + 1)}, **{coefficient(0): -0.8})
    np.testing.assert_allclose(path["x"][1:], SHOCKS[1:], atol=1e-14)
