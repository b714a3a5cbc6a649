"""Rows and bands, the bench's cache, the registry and the command."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Literal

import pytest

from dollarflow.cli import call
from dollarflow.errors import BadInput
from dollarflow.experiments import Band, Bench, Check, Experiment, registry
from dollarflow.experiments.check import FIELDS
from dollarflow.experiments.registry import chosen, experiments
from dollarflow.experiments.table import as_markdown, as_text, summary
from model.periods.diagnosis import Diagnosis
from model.periods.failure import SolveFailure


def test_a_row_has_the_contract_fields_in_order() -> None:
    row = Check("E0", "case", "sofr", "bp", 1.0, 2.0, "published", False, "nowhere", 1.5)
    assert list(row.as_dict()) == [*FIELDS, "restates"]
    assert ",".join(FIELDS) == "experiment,case,variable,unit,low,high,basis,in_sample,source,computed,passed,explanation"


@pytest.mark.parametrize(
    ("low", "high", "value", "passed"),
    [(1, 2, 1, True), (1, 2, 2, True), (1, 2, 2.1, False), (None, 2, -9, True), (1, None, 0.9, False), (None, None, math.nan, False)],
)
def test_bands_include_their_ends_and_refuse_what_is_not_finite(low: float, high: float, value: float, passed: bool) -> None:
    assert Band(low, high, "bp", "judgement", "").check("E0", "", "x", value).passed is passed


def test_only_a_miss_is_explained_by_its_cause() -> None:
    band = Band(0, 1, "bp", "judgement", "")
    assert band.check("E0", "", "x", 0.5, note="known.", miss="because").explanation == "known."
    assert band.check("E0", "", "x", 1.5, note="known.", miss="because").explanation == "known. because"


def test_a_row_that_restates_says_so_and_is_counted_apart() -> None:
    """By hand: of four rows one passes and one misses on their own; the restating and the fitted one, which pass, do not count."""
    own = Band(0, 1, "bp", "computed", "nowhere")
    fitted, put_in = replace(own, in_sample=True), replace(own, restates="gamma")
    checks = tuple(band.check("E0", "case", "x", value) for band, value in ((own, 0.5), (own, 2.0), (fitted, 0.5), (put_in, 0.5)))
    item = Experiment("E0", "title", "question", lambda bench: checks)
    assert summary([(item, checks)]) == "4 rows; inside their bands: computed 1 of 2, in sample 1 of 1, restating 1 of 1"
    assert as_text(item, checks).count("[computed, restates gamma]") == 1
    assert as_markdown([(item, checks)]).count("| computed, restates gamma | pass |") == 1
    assert [row.as_dict()["restates"] for row in checks] == ["", "", "", "gamma"]


def test_the_same_request_is_solved_once() -> None:
    bench = Bench()
    assert bench.run("calm", periods=2) is bench.run("calm", periods=2)
    assert bench.run("calm", periods=2) is not bench.run("calm", periods=3)


def test_names_are_unique_and_in_order_of_number() -> None:
    names = [item.name for item in experiments()]
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda name: (int("".join(c for c in name if c.isdigit())), name))


def test_names_stand_apart_or_joined_by_commas() -> None:
    assert [e.name for e in chosen(["E7,E10"])] == [e.name for e in chosen(["e7", "E10,"])] == ["E7", "E10"]
    assert chosen([","]) == chosen([])


def test_an_unknown_experiment_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BadInput, match="no experiment is named"):
        chosen(["E99x"])


def test_the_command_prints_rows_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["experiments", "E1", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert all(list(row) == [*FIELDS, "restates"] for row in rows)


@pytest.mark.parametrize(("basis", "code"), [("identity", 1), ("published", 0)])
def test_only_a_broken_identity_fails_the_command(
    basis: Literal["identity", "published"], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Experiment("E0", "title", "question", lambda bench: [Band(0, 1, "bn", basis, "nowhere").check("E0", "case", "x", 2.0)])
    monkeypatch.setattr(registry, "experiments", lambda: (broken,))
    assert call(["experiments"]) == code
    out, err = capsys.readouterr()
    assert "MISS" in out
    assert bool(err) is bool(code)


def test_a_run_without_solution_is_a_failed_row() -> None:
    diagnosis = Diagnosis(
        period=1, date=None, block=("x",), equation="x", residual=1.0, iterates=(), cause="no root", advice="change the shock"
    )

    def fail(bench: Bench) -> list[Check]:
        raise SolveFailure(diagnosis, bench.run("calm", periods=1).path)

    (_, (row,)), *_ = registry.rows([Experiment("E0", "title", "question", fail)])
    assert not row.passed
    assert "no root" in row.explanation
