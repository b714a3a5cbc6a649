"""What markets learn from policy, what banks do with securities under water, and where savers go: each against a sum by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.periods.path import Path
from tests.economy.laboratory import Experiment, experiment

WEEKS = 26


@pytest.fixture(scope="module")
def setting() -> Experiment:
    """A calm half-year from the end of 2025, without calendar and events."""
    return experiment(WEEKS, "weekly", "2025-12-31", False, False)


@pytest.fixture(scope="module")
def base(setting: Experiment) -> Path:
    return setting.run()


def higher(setting: Experiment, points: float) -> Experiment:
    """The target range higher by some percentage points from the second week on."""
    amount = points / 100
    return setting.pulse("rate_lower", amount, 2).pulse("rate_upper", amount, 2)


def test_a_part_of_a_surprise_is_learned_and_stays(setting: Experiment, base: Path) -> None:
    """One point more than expected: the part learned at once, then that part of each week's distance that was expected to close."""
    found = higher(setting, 1.0).run()["long_run_rate"] - base["long_run_rate"]
    share, speed = setting.parameters["rate_learning"], setting.parameters["rate_reversion"]
    closing = 1 - np.exp(-speed / 52)
    learned = share * 0.01
    expected = [learned]
    for _ in range(WEEKS - 2):
        learned += share * (0.01 - learned) * closing
        expected.append(learned)
    assert found[1] == pytest.approx(0.0, abs=1e-12)
    assert found[2:] == pytest.approx(expected, rel=2e-3)


def test_pass_through_of_a_surprise_is_near_the_published_one(setting: Experiment, base: Path) -> None:
    """Kuttner (2001): 0.48 at five years and 0.32 at ten."""
    change = higher(setting, 1.0).run()
    moved = {kind: 100 * (change[f"expected_{kind}"][2] - base[f"expected_{kind}"][2]) for kind in ("notes", "bonds")}
    assert moved["notes"] == pytest.approx(0.48, abs=0.06)
    assert moved["bonds"] == pytest.approx(0.32, abs=0.06)


def test_a_published_long_run_rate_is_no_surprise(setting: Experiment, base: Path) -> None:
    star = np.full(WEEKS + 1, setting.parameters["r_star"])
    star[2:] += 0.01
    change = Experiment(
        setting.system,
        setting.opening,
        setting.parameters,
        higher(setting, 1.0).exogenous,
        {**setting.paths, "r_star": star},
        setting.dates,
    ).run()
    assert change["learned_rate"] == pytest.approx(base["learned_rate"], abs=1e-12)


def test_banks_let_run_off_what_is_under_water_and_do_not_sell_it(setting: Experiment) -> None:
    """With IORB eight points higher banks want less than half of it; the holding falls by a tenth a year, no faster."""
    found = higher(setting, 8.0).run()
    held, target = found["agency__private__banks"], found["bank_agency_target"]
    assert target[-1] < 0.5 * held[-1]
    steps = held[3:] / held[2:-1]
    assert steps == pytest.approx(np.exp(-setting.parameters["agency_turnover"] / 52), rel=1e-9)


def test_savers_buy_bills_when_deposits_pay_less(setting: Experiment) -> None:
    """Residents' bills differ by the slope times income times the gap that they have taken in, at unchanged bill rates' response."""
    low = setting.changed(deposit_beta_target=0.0).run()
    without = setting.changed(deposit_beta_target=0.0, bills_saver_slope=0.0).run()
    assert low["saver_gap"][-1] > low["saver_gap"][1]
    assert low["bills__treasury__private"][-1] > without["bills__treasury__private"][-1] + 1.0
    assert low["bill_rate"][-1] < without["bill_rate"][-1]
