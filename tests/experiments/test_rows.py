"""What must hold of the table as a whole: identities hold, every miss has its cause, every band its source."""

from __future__ import annotations

import pytest

from dollarflow.experiments import Bench, Check
from dollarflow.experiments.registry import experiments, rows
from dollarflow.scenarios import names


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="module")
def table(bench: Bench) -> list[Check]:
    return [row for _, found in rows(experiments(), bench) for row in found]


def test_identities_hold(table: list[Check]) -> None:
    broken = [row for row in table if row.basis == "identity" and not row.passed]
    assert not broken


def test_every_run_passes_the_audit(table: list[Check], bench: Bench) -> None:
    assert table
    assert bench.audited[True] > 20
    assert bench.audited[False] == 0


def test_every_miss_is_explained(table: list[Check]) -> None:
    silent = [(row.experiment, row.case, row.variable) for row in table if not row.passed and not row.explanation]
    assert not silent


def test_every_row_says_where_its_band_is_from(table: list[Check]) -> None:
    assert all(row.source and row.unit and row.case and row.variable for row in table)


def test_bands_are_in_order(table: list[Check]) -> None:
    assert all(row.low <= row.high for row in table if row.low is not None and row.high is not None)


def test_rows_are_told_apart_by_case_and_variable(table: list[Check]) -> None:
    keys = [(row.experiment, row.case, row.variable, row.unit, row.low, row.high) for row in table]
    assert len(set(keys)) == len(keys)


def test_scenarios_of_experiments_are_in_the_library() -> None:
    assert {name for item in experiments() for name in item.scenarios} <= set(names())


def test_ten_published_rows_are_out_of_sample(table: list[Check]) -> None:
    published = [row for row in table if row.basis == "published" and not row.in_sample]
    assert len(published) >= 10
