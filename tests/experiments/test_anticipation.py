"""Expectations that come true: against closed forms and against the definition of the fixed point."""

from __future__ import annotations

import numpy as np
import pytest

from dollarflow.experiments import Bench
from dollarflow.experiments.anticipation import _backward, _gain, foresee


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def test_a_step_that_is_known_ahead_is_discounted_geometrically() -> None:
    supply, ahead = np.r_[np.zeros(11), np.ones(5)], np.full(16, 3.0)
    found = _backward(supply, ahead)
    assert found[1:11] == pytest.approx([0.75 ** (11 - t) for t in range(1, 11)], rel=1e-12)
    assert found[11:] == pytest.approx(1.0)


def test_a_foreseen_premium_less_its_gain_is_the_supply() -> None:
    rng = np.random.default_rng(5)
    supply, ahead = rng.normal(size=30), np.full(30, 7.0)
    found = _backward(supply, ahead)
    assert (found + _gain(found, ahead))[1:] == pytest.approx(supply[1:], abs=1e-12)


def test_without_a_horizon_the_path_is_the_ordinary_one(bench: Bench) -> None:
    assert foresee(bench, "qe", 0.0).simulation is bench.run("qe")


def test_what_holders_add_to_demand_is_the_gain_that_comes(bench: Bench) -> None:
    run = foresee(bench, "qe", 0.5).simulation
    premium, years = run["premium_distance"], run["dt"]
    gain = np.append(premium[1:-1] - premium[2:], 0.0) * 0.5 / years[1:]
    added = run["add__demand_bonds__private"][1:] / run["gdp"][1:]
    ratio = float(added[8] / gain[8])
    assert ratio > 0
    assert added == pytest.approx(ratio * gain, abs=5e-3 * float(np.abs(added).max()))


def test_longer_horizons_bring_more_of_the_effect_to_the_announcement(bench: Bench) -> None:
    early = []
    for horizon in (0.0, 0.25, 1.0, 8.0):
        base, qe = foresee(bench, "baseline", horizon).simulation, foresee(bench, "qe", horizon).simulation
        early.append(float(qe["yield_bonds"][1] - base["yield_bonds"][1]))
    assert early[0] == pytest.approx(0.0, abs=1e-12)
    assert early == sorted(early, reverse=True)
