"""Openings and settings in Python: calibration's values count, changes are said and worked out, anything else is refused."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from dollarflow import compare, dollar_system, opening_state, scenario, simulate
from dollarflow.errors import BadInput
from model.periods.inputs import InputError
from model.scenarios.scenario import Scenario
from tests.application import toy

CELL = "reserves__fed__banks"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({CELL: 9999.0}, f"'{CELL}' is 9999, calibration has 2827.9; give other values with with_changes()"),
        ({CELL: float("nan")}, f"'{CELL}' is nan, calibration has 2827.9"),
        ({"foo": 1.0}, "'foo' is 1, calibration has no such value"),
    ],
)
def test_values_that_are_not_calibrations_are_refused(change: Mapping[str, float], message: str) -> None:
    opening = opening_state("2025-10-29")
    with pytest.raises(BadInput) as error:
        simulate(dollar_system(), dataclasses.replace(opening, values={**opening.values, **change}), periods=1)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"foo": 3.0}, "no variable of the system"),
        ({"reserves": 3000.0}, "follows from other values; set instead reserves__fed__banks"),
        ({CELL: 9999.0}, "the balance sheet of banks does not close: assets exceed liabilities by 7171.1 bn"),
        ({CELL: float("inf")}, "allowed: a finite number"),
    ],
)
def test_changes_are_checked(changes: Mapping[str, float], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        simulate(dollar_system(), opening_state(datetime(2025, 10, 29)).with_changes(changes), periods=1)
    with pytest.raises(BadInput, match=r"among its changes|no variable"):
        simulate(dollar_system(), dataclasses.replace(opening_state("2025-10-29"), changes=changes), periods=1)


def test_changes_that_close_move_the_opening_and_its_totals() -> None:
    opening = opening_state("2025-10-29")
    moved = {CELL: -200.0, "tga__fed__treasury": 200.0, "deposits__banks__private": -200.0}
    run = simulate(dollar_system(), opening.with_changes({n: opening[n] + x for n, x in moved.items()}), periods=1, clock="monthly")
    assert run.sound
    np.testing.assert_allclose([run["reserves"][0] - opening["reserves"], run["tga"][0] - opening["tga"]], [-200.0, 200.0], atol=1e-9)


def test_an_opening_without_values_and_missing_changes_of_ones_own_are_refused() -> None:
    with pytest.raises(BadInput, match="has no value of"):
        simulate(dollar_system(), dataclasses.replace(opening_state("2025-10-29"), values={}), periods=1)
    with pytest.raises(BadInput, match="among its changes"):
        simulate(toy.system(), dataclasses.replace(toy.opening(), changes={"foo": 1.0}))


@pytest.mark.parametrize("periods", [2.5, 3.0, "3", True, -1, 10**6])
def test_periods_are_a_whole_number(periods: object) -> None:
    with pytest.raises(BadInput, match=r"periods (is|= )"):
        simulate(toy.system(), toy.opening(), periods=periods)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), "0.5", np.zeros(3), None, True])
def test_a_parameter_is_a_finite_number(value: object) -> None:
    with pytest.raises(InputError, match=r"parameter 'beta' is .*; allowed: a finite number"):
        simulate(toy.system(), toy.opening(), periods=1, parameters={"beta": value})  # type: ignore[dict-item]


def test_numbers_of_numpy_and_paths_of_files_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "t"\n')
    assert scenario(file).name == "own"
    run = simulate(toy.system(), toy.opening(), periods=np.int64(1), parameters={"beta": np.float64(0.5)})  # type: ignore[arg-type]
    assert run.path.periods == 1
    assert run.path.period(datetime.combine(run.dates[1], datetime.min.time())) == 1
    for wrong in (lambda: run.balance_sheet(None), lambda: compare(run, None), lambda: scenario(None)):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="None"):
            wrong()
    with pytest.raises(BadInput, match="is not a date"):
        opening_state(20251029)  # type: ignore[arg-type]
    assert isinstance(opening_state("2025-10-29").date, date)


def test_a_parameter_stands_once_in_a_scenario() -> None:
    with pytest.raises(ValueError, match="'a_notes' is given twice"):
        Scenario(name="x", title="x", parameters=(("a_notes", 0.2), ("a_notes", 0.3)))


def test_a_file_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"sc\xe9.toml")
    file.write_text('title = "t"\n')
    with pytest.raises(BadInput, match="is not UTF-8 text"):
        scenario(file)
