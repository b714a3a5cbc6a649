"""Derivatives of the dollar system against central differences of paths that are solved again."""

from __future__ import annotations

import json
from pathlib import Path as FilePath

import numpy as np
import pytest

from dollarflow import dollar_system, opening_state, simulate
from dollarflow.cli import call
from model.compiler.program import Floats
from model.derivatives.sensitivities import Direction, Sensitivities
from model.periods.path import Path
from model.solving.solver import solve

PERIODS = 12
WATCHED = ("sofr", "reserves", "yield_bonds", "deposits", "tga", "hf_leverage", "debt")


@pytest.fixture(scope="module")
def path() -> Path:
    return simulate(dollar_system(), opening_state("2025-10-29"), periods=PERIODS).path


def again(path: Path, parameter: str = "", exogenous: str = "", change: float = 0.0) -> Floats:
    """The path solved again with one input changed in all periods."""
    opening = {n: float(v) for n, v in path.row(0).items() if n in path.system.unknowns and np.isfinite(v)}
    parameters = {n: path[n] + (change if n == parameter else 0.0) for n in path.parameter_names}
    given = {n: path[n] + (change if n == exogenous else 0.0) for n in path.system.given}
    return solve(path.system, opening, parameters={}, exogenous=given, periods=PERIODS, dates=path.dates, parameter_paths=parameters).values


def differences(path: Path, step: float, **which: str) -> Floats:
    """Central differences with the leading error removed (Richardson)."""

    def central(h: float) -> Floats:
        return (again(path, **which, change=h) - again(path, **which, change=-h)) / (2 * h)

    return np.asarray((4 * central(step) - central(2 * step)) / 3)


@pytest.mark.parametrize("name", ["tax_rate", "mmf_speed", "gamma", "curve_slope"])
def test_parameters(path: Path, name: str) -> None:
    moved = Sensitivities(path).tangent(Direction(parameters={name: 1.0}))[:, :, 0]
    expected = differences(path, 1e-4 * abs(float(path[name][0])), parameter=name)
    for variable in WATCHED:
        column = path.index[variable]
        scale = np.abs(moved[:, column]).max()
        effect = scale * abs(float(path[name][0])) / np.abs(path[variable]).max()
        if effect > 1e-4:
            assert np.abs(moved[1:, column] - expected[1:, column]).max() <= 1e-7 * scale, variable


def test_an_exogenous_path(path: Path) -> None:
    moved = Sensitivities(path).tangent(Direction(exogenous={"rate_lower": 1.0}))[:, :, 0]
    expected = differences(path, 2e-6, exogenous="rate_lower")
    for variable in ("sofr", "yield_bonds", "hf_leverage"):
        column = path.index[variable]
        assert np.abs(moved[1:, column] - expected[1:, column]).max() <= 1e-7 * np.abs(moved[:, column]).max(), variable


def test_the_adjoint_of_one_number_is_the_tangent_of_every_input(path: Path) -> None:
    slopes = Sensitivities(path)
    gradient = slopes.adjoint({("sofr", PERIODS): 1.0})
    names = path.parameter_names[::9]
    moved = slopes.tangent(*(Direction(parameters={n: 1.0}) for n in names))[PERIODS, path.index["sofr"]]
    for name, effect in zip(names, moved, strict=True):
        assert gradient.parameter(name) == pytest.approx(effect, rel=1e-8, abs=1e-13)


def test_the_command_names_what_matters(tmp_path: FilePath, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "base")
    assert call(["run", "baseline", "--periods", "4", "--quiet", "--out", folder]) == 0
    assert call(["sensitivities", folder, "--of", "iorb", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["influences"]
    assert len(rows) == 10
    assert {rows[0]["name"], rows[1]["name"]} == {"rate_lower", "iorb_gap"}, "IORB is the lower bound and a gap, nothing else"
    assert rows[0]["effect"] == pytest.approx(10e-4, rel=1e-12)
    assert rows[2]["effect"] == 0.0
    assert call(["sensitivities", folder, "--of", "iorb"]) == 0
    first, _, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("iorb: 3.90 % on ")
    assert all("+10 bp" in line for line in lines[:2])


def test_bad_requests_are_refused(tmp_path: FilePath, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "base")
    assert call(["run", "baseline", "--periods", "2", "--quiet", "--out", folder]) == 0
    assert call(["sensitivities", folder, "--of", "soffr"]) == 2
    assert "did you mean 'sofr'" in capsys.readouterr().err
    assert call(["sensitivities", folder, "--of", "sofr", "--at", "2031-01-01"]) == 2
    assert "outside" in capsys.readouterr().err
    assert call(["sensitivities", folder, "--of", "sofr", "--at", "2025-10-29"]) == 2
    assert "opening is given" in capsys.readouterr().err
