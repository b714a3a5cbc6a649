"""Hidden identities: rounded starts are reported and propagated exactly, consistent ones stay exact for ten thousand periods."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest

from model.textmodel import read_text_model, solve_model, solve_text_model
from tests.textmodels.oracles import ORACLES

MODELS = FilePath(__file__).parent / "models"
INCONSISTENT = {"PC": ("Hh", "Hs"), "LP": ("Hh", "Hs"), "REG": ("Hh", "Hs"), "GROWTH": ("Hbs", "Hbd")}
PERIODS = 150
LONG = 10_000


@pytest.mark.parametrize("name", INCONSISTENT)
def test_rounded_start_is_reported_and_propagated(name: str) -> None:
    path = solve_text_model(MODELS / f"{name}.txt", PERIODS)
    assert not path.consistency.consistent
    assert path.consistency.repairs
    assert "propagated" in str(path.consistency)
    with mpmath.workdps(50):
        rows = ORACLES[name](PERIODS, mpmath.mpf)
        left, right = INCONSISTENT[name]
        for t in range(1, PERIODS + 1):
            gap = rows[t][left] - rows[t][right]
            computed = path[left][t] - path[right][t]
            assert abs(computed - gap) < 1e-12 * abs(rows[t][left]), t


@pytest.mark.parametrize("name", INCONSISTENT)
def test_repair_repairs(name: str) -> None:
    """A start with the reported repair is consistent, and nothing but the repaired stocks differs from it."""
    model = read_text_model(MODELS / f"{name}.txt")
    path = solve_model(model, 5)
    fixed = {repair.variable: repair.repaired for repair in path.consistency.repairs}
    assert all(abs(value - model.opening[n]) < 1e-4 * abs(value) for n, value in fixed.items())
    assert solve_model(replace(model, opening={**model.opening, **fixed}), 5).consistency.consistent


@pytest.mark.parametrize("name", [n for n in ORACLES if n not in INCONSISTENT])
def test_consistent_start_is_called_consistent(name: str) -> None:
    path = solve_text_model(MODELS / f"{name}.txt", 20)
    assert path.consistency.consistent, str(path.consistency)
    assert not path.consistency.repairs
    assert not path.consistency.unexplained


def test_bmw_after_its_shock_for_ten_thousand_periods() -> None:
    """Deposits held and supplied part company at 4 % a period in ordinary arithmetic; here they do not part at all."""
    path = solve_text_model(MODELS / "BMW.txt", LONG)
    assert np.all(np.abs(path["Mh"] - path["Ms"])[1:] <= 1e-10 * np.abs(path["Mh"])[1:])
    assert path["Y"][-1] == pytest.approx(28 / 0.125, rel=1e-10)
    with mpmath.workdps(50):
        rows = ORACLES["BMW"](400, mpmath.mpf)
    for t in range(1, 401):
        for variable in ("Y", "Mh", "K", "Ld", "Cd"):
            assert path[variable][t] == pytest.approx(float(rows[t][variable]), rel=1e-10), (variable, t)


@pytest.mark.parametrize("name", ["SIM", "PCEX", "OPEN", "DIS"])
def test_hidden_identities_over_ten_thousand_periods(name: str) -> None:
    path = solve_text_model(MODELS / f"{name}.txt", LONG)
    assert np.isfinite(path.values[1:]).all()
    relative = np.abs(path.hidden_gaps) / np.where(path.hidden_scales > 0, path.hidden_scales, 1.0)
    assert relative.max() < 1e-10


@pytest.mark.parametrize(
    ("name", "variable", "value"), [("SIM", "Y", 125.0), ("SIMEX", "Y", 100.0), ("PCEX", "YD", None), ("BMW", "Y", 224.0)]
)
def test_steady_states_in_closed_form(name: str, variable: str, value: float | None) -> None:
    """SIM: Y* = G/θ; PC: YD* = (1−θ)G/(1 − (1−θ)(1 + r·share)); BMW: Y* = α0/((1−α1)(1−δκ) − α2κ)."""
    path = solve_text_model(MODELS / f"{name}.txt", 2000)
    if value is None:
        share = 0.635 + 5 * 0.035 - 0.01
        value = 0.8 * 22 / (1 - 0.8 * (1 + 0.035 * share))
    assert path[variable][-1] == pytest.approx(value, rel=1e-11)


def test_opening_defaults_to_zero() -> None:
    model = read_text_model(MODELS / "SIM.txt")
    assert set(model.opening.values()) == {0.0}
