"""Running values beside their estimates: marks, distances, reasons, and the committed table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from calibration.estimation.registry import studies
from calibration.estimation.running import FILE, REASONS, beside, running_csv
from calibration.parameters import BASE, read_set

TABLE = Path(__file__).parents[2] / "calibration" / "data" / FILE


def test_committed_table_is_reproduced() -> None:
    assert running_csv() == TABLE.read_text(encoding="utf-8")


def test_every_estimate_of_a_parameter_is_in_the_table_with_a_reason() -> None:
    """Reported names that the parameter file has, and no reason for a row that is not there."""
    rows = beside()
    reported = {item.parameter for study in studies() for item in study.reported.values()}
    assert reported & set(read_set(BASE)) <= {row.parameter for row in rows if row.set == BASE}
    assert {(row.set, row.parameter) for row in rows} == {(name, key) for name, reasons in REASONS.items() for key in reasons}


def test_what_is_marked_as_an_estimate_is_one() -> None:
    """It has a row, and lies within two standard errors of what the data give."""
    rows = {row.parameter: row for row in beside() if row.set == BASE}
    marked = {name for name, value in read_set(BASE).items() if value.basis == "estimate"}
    assert marked <= set(rows)
    assert all(abs(rows[name].in_errors) < 2 for name in marked)


def test_rows_by_hand() -> None:
    """Distances as in the table of estimates; the cliff of 2019 at the deposits of that year."""
    with TABLE.open(encoding="utf-8") as stream:
        rows = {(row["set"], row["parameter"]): row for row in csv.DictReader(stream)}
    slope = rows[BASE, "curve_slope"]
    assert float(slope["in_errors"]) == pytest.approx((1.08e-5 - 2.798539e-6) / 5.924612e-7, abs=0.005)
    cliff = rows["parameters_2019", "cliff_threshold"]
    assert float(cliff["estimate"]) == pytest.approx(2041.3686 * 12477.68 / 18147.65, abs=0.01)
