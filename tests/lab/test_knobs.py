"""Knobs: untouched they change nothing; turned they move the input that they name by the amount that they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dollarflow import dollar_system, opening_state, simulate
from dollarflow.lab.knobs import BY_NAME, KNOBS
from dollarflow.lab.settings import Setting
from dollarflow.lab.solving import bases_of, compared, scenario_of, solved, untouched
from dollarflow.simulation import Simulation

SETTING = Setting(periods=26)
Floats = NDArray[np.float64]
TURNED: dict[str, tuple[float, str, Callable[[Floats], Floats]]] = {
    "deficit": (1.0, "tax_rate", lambda before: before - 0.01),
    "bill_share": (30.0, "bill_share", lambda before: 0.30 + 0 * before),
    "tga": (600.0, "tga_target", lambda before: 600.0 + 0 * before),
    "qt": (20.0, "qt_cap_treasury", lambda before: 240.0 + 0 * before),
    "rmp": (50.0, "rmp", lambda before: 600.0 + 0 * before),
    "policy": (50.0, "rate_upper", lambda before: before + 0.005),
    "iorb": (20.0, "iorb", lambda before: before + 0.0005),
    "rrp": (5.0, "on_rrp_rate", lambda before: before + 0.0005),
    "srf": (10.0, "srf_rate", lambda before: before + 0.0010),
    "srf_open": (0.0, "srf__banks__fed", lambda before: 0.0 * before),
    "srf_cleared": (1.0, "srf_cleared", lambda before: 1.0 + 0 * before),
    "haircut": (2.0, "hf_haircut_normal", lambda before: 0.02 + 0 * before),
}


def figures(run: Simulation, name: str) -> Floats:
    path = run.path
    return path[name] if name in path else path.parameter_rows[:, path.parameter_names.index(name)]


def test_untouched_is_the_baseline_bit_for_bit() -> None:
    alone = simulate(dollar_system(), opening_state("2025-10-29"), periods=26)
    for setting in (SETTING, replace(SETTING, knobs=bases_of(SETTING))):
        found = compared(setting)
        assert found.run is found.base
        assert not found.run.scenario.shock
        assert np.array_equal(found.run.path.values, alone.path.values, equal_nan=True)


@pytest.mark.parametrize("name", TURNED)
def test_a_knob_moves_its_input_from_its_period_on(name: str) -> None:
    value, variable, moved = TURNED[name]
    found = compared(replace(SETTING, knobs={name: value}))
    before, after = figures(found.base, variable), figures(found.run, variable)
    assert np.array_equal(before[:10], after[:10], equal_nan=True)
    assert after[10:] == pytest.approx(moved(before[10:]), rel=1e-12, abs=1e-12)
    assert found.run.sound


def test_official_sales_add_up_to_the_amount_in_a_quarter_of_a_year() -> None:
    found = compared(replace(SETTING, knobs={"official": 300.0}))
    length = found.run["dt"]
    extra = (found.run["official_sales"] - found.base["official_sales"]) * length
    assert extra.sum() == pytest.approx(300.0, rel=1e-12)
    assert np.flatnonzero(extra).tolist() == list(range(10, 23))


def test_every_knob_is_turned_here() -> None:
    assert {*TURNED, "official"} == set(BY_NAME)


def test_untouched_places_are_the_baseline_s_own() -> None:
    bases = bases_of(SETTING)
    run = untouched(SETTING)
    assert bases["iorb"] == pytest.approx((run["iorb"][10] - run["rate_lower"][10]) * 1e4, abs=1e-6)
    assert bases["rmp"] == pytest.approx(run["rmp"][10:].mean() / 12, abs=0.5)
    assert bases["tga"] == pytest.approx(run["tga_target"][10:].mean(), abs=5.0)
    assert bases["qt"] == 0.0
    assert all(knob.low <= bases[knob.name] <= knob.high for knob in KNOBS)


def test_untouched_places_follow_the_period_from_which_knobs_act() -> None:
    assert bases_of(replace(SETTING, first=1))["qt"] == 5.0  # 5 bn a month of Treasuries ran off until December 2025


def test_the_same_setting_is_solved_once() -> None:
    asked = scenario_of(replace(SETTING, knobs={"qt": 7.0}))[0]
    assert solved(asked) is solved(asked)
