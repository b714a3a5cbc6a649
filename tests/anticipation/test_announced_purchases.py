"""The dollar system with foresight: an announced purchase moves yields at once, by the recursion that a bond's value obeys."""

from __future__ import annotations

import numpy as np
import pytest

from dollarflow import Simulation, dollar_system, opening_state, simulate

PERIODS, FIRST, LAST = 14, 7, 9
YEARLY = 500.0 / (3 / 52)


@pytest.fixture(scope="module")
def runs() -> dict[tuple[bool, bool], Simulation]:
    """By (foresight, purchases): 500 bn of bonds bought in weeks 7 to 9."""
    pace = np.zeros(PERIODS + 1)
    pace[FIRST : LAST + 1] = YEARLY
    start = opening_state("2025-10-29")
    return {
        (ahead, bought): simulate(dollar_system(anticipation=ahead), start, periods=PERIODS, exogenous={"qe_bonds": pace * bought})
        for ahead in (False, True)
        for bought in (False, True)
    }


def effect(runs: dict[tuple[bool, bool], Simulation], ahead: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray((runs[ahead, True]["yield_bonds"] - runs[ahead, False]["yield_bonds"]) * 1e4)


def test_the_default_has_no_leads_and_is_the_same_system() -> None:
    assert dollar_system(anticipation=False) == dollar_system()
    assert not [s for s in dollar_system().symbols if getattr(s, "time", 0) > 0]


def test_yields_move_on_announcement_only_with_foresight(runs: dict[tuple[bool, bool], Simulation]) -> None:
    without, foreseen = effect(runs, False), effect(runs, True)
    assert np.abs(without[1:FIRST]).max() < 1e-6
    assert without[LAST] < -2.0
    assert foreseen[1] < -2.0
    assert foreseen[1] == pytest.approx(without[-1], rel=0.25), "the announcement prices in most of what lasts"


def test_the_premium_is_the_discounted_mean_of_what_holders_earn(runs: dict[tuple[bool, bool], Simulation]) -> None:
    run = runs[True, True]
    for k in ("notes", "bonds"):
        lasting, current = run[f"lasting_premium_{k}"], run[f"current_premium_{k}"]
        weight = 1 - np.exp(-(run.path[f"a_{k}"][1:] + run[f"yield_{k}"][:-1]) * run["dt"][1:])
        value = lasting[-1]
        for t in range(PERIODS, 0, -1):
            value = weight[t - 1] * current[t] + (1 - weight[t - 1]) * value
            assert lasting[t] == pytest.approx(value, abs=1e-12)


def test_foreseen_paths_are_audited_and_certified(runs: dict[tuple[bool, bool], Simulation]) -> None:
    assert all(run.sound for run in runs.values())
    assert max(run.path.certificates.max() for run in runs.values()) < 1e-11
