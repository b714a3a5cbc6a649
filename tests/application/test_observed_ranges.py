"""Rates outside the range ever observed are told: in the summary, in the manifest and report, and on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dollarflow.observed import RANGES, Range, outside
from tests.application.conftest import Outcome


@pytest.mark.parametrize("item", RANGES, ids=lambda item: item.name)
def test_the_ends_of_a_range_are_inside_and_what_lies_beyond_is_told(item: Range) -> None:
    low, high, name = item.low, item.high, item.name
    dates = ["2025-01-01", "2025-01-02", "2025-01-03"]
    assert outside({name: np.array([9.0, low, high])}, dates, {}) == []
    (above,) = outside({name: np.array([0.0, low, high + 0.01])}, dates, {})
    assert "from 2025-01-03, in 1 of 2 periods; highest" in above
    (below,) = outside({name: np.array([0.0, low - 0.01, high])}, dates, {})
    assert f"lowest {100 * (low - 0.01):.2f} % on 2025-01-02" in below


def test_an_administered_rate_that_jumps_is_told_with_its_size() -> None:
    dates = ["2025-01-01", "2025-01-02", "2025-01-03"]
    for step, told in ((0.0499, 0), (-0.0499, 0), (0.25, 1), (-0.0501, 1)):
        found = outside({"rate_upper": np.array([0.06, 0.06, 0.06 + step])}, dates, {})
        assert len(found) == told
        assert not told or f"the upper bound by {100 * step:+.2f} points to {6 + 100 * step:.2f} % on 2025-01-03" in found[0]


def test_a_run_past_the_cliff_says_so_everywhere(command: Callable[..., Outcome], tmp_path: Path) -> None:
    code, out, err = command(
        "run", "srf_off", "--set", "cliff_threshold=4000", "--set", "discount_window_slope=0", "--periods", "3", "--out", tmp_path / "far"
    )
    assert code == 0
    lines = [line.removeprefix("dollarflow: ") for line in err.splitlines()]
    assert lines[0].startswith("note: SOFR less IORB leaves the range ever observed (New York Fed, daily since April 2018")
    assert "liquidity slack" in lines[0]
    assert "reserves" in lines[0]
    assert set(lines) <= set(out.splitlines())
    assert [f"note: {kept}" for kept in json.loads((tmp_path / "far" / "manifest.json").read_text())["notes"]] == lines


def test_the_baseline_stays_inside(command: Callable[..., Outcome], tmp_path: Path) -> None:
    code, out, err = command("run", "--periods", "3", "--out", tmp_path / "usual")
    assert (code, err) == (0, "")
    assert "ever observed" not in out
    assert json.loads((tmp_path / "usual" / "manifest.json").read_text())["notes"] == []


def test_funds_without_equity_are_told() -> None:
    days = ["2026-01-07", "2026-01-14", "2026-01-21", "2026-01-28"]
    series = {
        "hf_equity": np.array([200.0, 50.0, 1e-14, 0.0]),
        "hf_default_loss": np.array([0.0, 0.0, 30.0, 12.0]),
        "repo_dvp__hedge_funds__banks": np.array([1500.0, 40.0, 5.0, 0.0]),
        "basis": np.array([0.002, 0.005, 0.05, 0.04]),
    }
    told = outside(series, days, {})
    assert len(told) == 1
    for part in ("2026-01-21", "2 of 3 periods", "lose 42.0 bn", "7.0 bn more than they had lent", "500 bp"):
        assert part in told[0]
    assert outside({**series, "hf_equity": np.array([200.0, 50.0, 60.0, 70.0])}, days, {}) == []
    assert outside({**series, "hf_equity": np.zeros(4)}, days, {}) == [], "an economy without funds"
