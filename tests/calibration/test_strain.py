"""Figures at odds with the others are reported, and the wrong one is among those named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calibration.agreement import strained
from calibration.newer import Newer, observations
from calibration.opening import opening_balance, opening_dates, opening_suspects
from calibration.strain import CURED, LIMIT, in_words, suspects
from calibration.tables import DataError, Observation
from dollarflow.cli import call

WEDNESDAY = date(2025, 10, 29)


def row(name: str, value: float, std: float, source: str = "a publication") -> Observation:
    return Observation(
        date=WEDNESDAY,
        figure=name,
        value=value,
        unit="USD bn",
        parts=name,
        base="",
        std_usd_bn=std,
        confidence="high",
        basis="published",
        timing="day",
        source=source,
    )


def sums(values: list[float], stds: list[float], sources: list[str] | None = None):  # type: ignore[no-untyped-def]
    """Three holdings and their total, each with a figure; the total is the sum of the holdings."""
    names = ("one", "two", "three", "total")
    found = [row(*item) for item in zip(names, values, stds, sources or ["a publication"] * 4, strict=True)]
    closing = np.array([[1.0, 1.0, 1.0, -1.0]])
    return suspects(found, np.eye(4), np.array(values), closing, np.zeros(1))


def test_one_figure_of_a_sum_is_as_suspect_as_another() -> None:
    """A gap of 30 with deviations 1: the misfit is 30²/4; without any one of the four it is nil, and that one is off by 30."""
    found = sums([10.0, 20.0, 30.0, 90.0], [1.0] * 4)
    assert {item.figure: item.off for item in found} == pytest.approx({"one": 30.0, "two": 30.0, "three": 30.0, "total": -30.0})
    assert all(item.misfit == pytest.approx(225.0) and item.left == pytest.approx(0.0) for item in found)


def test_exact_figures_are_suspects_too_and_files_come_first() -> None:
    found = sums([10.0, 20.0, 30.0, 90.0], [0.0, 1.0, 0.0, 1.0], ["", "", "files of the caller: FRED", ""])
    assert found[0].figure == "three"
    assert len(found) == 4
    assert in_words(found).startswith("without one of 'three' (the others put it 30.0 bn higher), ")


def test_without_a_gap_nobody_is_suspect() -> None:
    assert sums([10.0, 20.0, 30.0, 60.0], [1.0] * 4) == ()
    assert "no single figure" in in_words(())


def test_figures_far_beyond_their_deviations_are_reported() -> None:
    """Between balanced days residents have 822 bn of bills in June 2020; the quarter's issue leaves a trillion more."""
    day = date(2020, 6, 30)
    (worst,) = opening_balance(day).strained
    assert worst.figure == "bills held by private"
    assert abs(worst.adjustment) > LIMIT * worst.std
    first, cure = strained(day)
    assert first.endswith("+3.4 deviations")
    assert cure.startswith("no single figure")
    assert all(item.left <= CURED * item.misfit for item in opening_suspects(day))
    assert [day for day in opening_dates() if strained(day)] == []


def test_figures_of_another_year_may_have_moved() -> None:
    """In June 2018 the Fed's holdings of June 2019 over GDP are 350 bn too low: two deviations of a figure that is a year off."""
    assert strained(date(2018, 6, 30)) == ()


@pytest.mark.parametrize(
    ("series", "value", "figure"),
    [("fed_total_assets", 5587.0, "fed total assets"), ("tga", 1983.9, "tga")],
)
def test_a_wrong_figure_is_named_and_not_only_the_negative_cell(series: str, value: float, figure: str) -> None:
    with observations(Newer({series: {WEDNESDAY: value}})), pytest.raises(DataError, match="the figures close only with") as caught:
        opening_balance(WEDNESDAY)
    said = str(caught.value).split("; ", 1)[1]
    assert said.startswith((f"without '{figure}'", f"without one of '{figure}'"))


def test_a_run_from_such_a_day_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--quiet", "--start", "2020-06-30", "-n", "1", "--out", str(tmp_path / "old")]) == 0
    assert "note: opening 2020-06-30: bills held by private 821.5 becomes 1,842.7 bn, +3.4 deviations" in capsys.readouterr().err
    assert call(["run", "--quiet", "--start", "2025-12-31", "-n", "1", "--out", str(tmp_path / "new")]) == 0
    assert "deviations" not in capsys.readouterr().err
