"""Announced purchases: the system with leads against a fixed point over whole paths, and that fixed point against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from dollarflow.experiments import Bench
from tests.experiments.fixed_point import backward, expected_gain, foresee

BOND_LIFE = 1 / (0.08 + 0.044)
"""Years over which a bond that decays at 8 % and yields 4.4 % weighs what is to come."""


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def test_a_step_that_is_known_ahead_is_discounted_geometrically() -> None:
    supply, ahead = np.r_[np.zeros(11), np.ones(5)], np.full(16, 3.0)
    found = backward(supply, ahead)
    assert found[1:11] == pytest.approx([0.75 ** (11 - t) for t in range(1, 11)], rel=1e-12)
    assert found[11:] == pytest.approx(1.0)


def test_a_foreseen_premium_less_its_gain_is_the_supply() -> None:
    rng = np.random.default_rng(5)
    supply, ahead = rng.normal(size=30), np.full(30, 7.0)
    found = backward(supply, ahead)
    assert (found + expected_gain(found, ahead))[1:] == pytest.approx(supply[1:], abs=1e-12)


def test_without_a_horizon_the_path_is_the_ordinary_one(bench: Bench) -> None:
    assert foresee(bench, "qe", 0.0).simulation is bench.run("qe")


def test_leads_and_the_fixed_point_agree_on_announced_purchases(bench: Bench) -> None:
    leads = bench.pair("qe_announced")["yield_bonds"]
    rounds = foresee(bench, "qe", BOND_LIFE).simulation["yield_bonds"] - foresee(bench, "baseline", BOND_LIFE).simulation["yield_bonds"]
    assert leads[1] < -0.0005
    assert leads[1:] == pytest.approx(rounds[1:], abs=5e-6)


def test_longer_horizons_bring_more_of_the_effect_to_the_announcement(bench: Bench) -> None:
    early = []
    for horizon in (0.0, 0.25, 1.0, 8.0):
        base, qe = foresee(bench, "baseline", horizon).simulation, foresee(bench, "qe", horizon).simulation
        early.append(float(qe["yield_bonds"][1] - base["yield_bonds"][1]))
    assert early[0] == pytest.approx(0.0, abs=1e-12)
    assert early == sorted(early, reverse=True)
