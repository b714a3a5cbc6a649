"""The dated policy path against FOMC statements, and the data files against themselves."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from calibration import DataError
from calibration.baseline import baseline_inputs
from calibration.business_days import is_business_day, time_grid
from calibration.history import history
from calibration.policy import average, frozen_policy, in_force, parameter_path, policy_path
from calibration.tables import Rate, levels, observations, rate_series, read, steps
from equations import policy
from equations.dollar_system import dollar_system

DATA = Path(str(resources.files("calibration"))) / "data"

# FOMC decisions: day in force, ON RRP, IORB, SRF, per cent.
DECISIONS = [
    ("2025-10-29", 4.00, 4.15, 4.25),
    ("2025-10-30", 3.75, 3.90, 4.00),
    ("2025-12-10", 3.75, 3.90, 4.00),
    ("2025-12-11", 3.50, 3.65, 3.75),
    ("2025-12-31", 3.50, 3.65, 3.75),
    ("2024-12-18", 4.55, 4.65, 4.75),
    ("2024-12-19", 4.25, 4.40, 4.50),
    ("2023-07-27", 5.30, 5.40, 5.50),
    ("2022-03-17", 0.30, 0.40, 0.50),
]


@pytest.mark.parametrize(("day", "rrp", "iorb", "srf"), DECISIONS)
def test_administered_rates_are_those_decided(day: str, rrp: float, iorb: float, srf: float) -> None:
    when = date.fromisoformat(day)
    assert [100 * in_force(name, when) for name in ("on_rrp_rate", "iorb", "srf_rate")] == pytest.approx([rrp, iorb, srf])
    path = policy_path([when])
    assert 100 * (path["rate_lower"][0] + path["iorb_gap"][0]) == pytest.approx(iorb)
    assert 100 * (path["rate_lower"][0] + path["rrp_gap"][0]) == pytest.approx(rrp)
    assert 100 * (path["rate_upper"][0] + path["srf_gap"][0]) == pytest.approx(srf)


@pytest.mark.parametrize(
    ("day", "treasury", "agency"),
    [
        ("2022-06-01", 30, 17.5),
        ("2022-09-01", 60, 35),
        ("2024-06-01", 25, 35),
        ("2025-04-01", 5, 35),
        ("2025-12-01", 0, 0),
        ("2019-07-31", 15, 20),
    ],
)
def test_caps_of_the_run_off(day: str, treasury: float, agency: float) -> None:
    when = date.fromisoformat(day)
    assert in_force("qt_cap_treasury", when) / 12 == treasury
    assert in_force("qt_cap_agency", when) / 12 == agency


def test_programmes_average_over_a_period() -> None:
    """Of the week to 3 December 2025 four days, 27 to 30 November, still had the caps."""
    assert average("qt_cap_treasury", date(2025, 11, 26), date(2025, 12, 3)) == pytest.approx(60 * 4 / 7)
    path = policy_path([date(2025, 10, 29), date(2025, 11, 5), date(2025, 11, 12), date(2025, 11, 19)])
    assert path["shutdown"].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_every_policy_variable_has_a_path() -> None:
    dates = time_grid(date(2021, 12, 31), "monthly", periods=48).dates
    path = policy_path(dates)
    assert set(path) == {variable.base for variable in policy.EXOGENOUS}
    assert all(series.shape == (49,) for series in path.values())


def test_events_off_holds_the_opening() -> None:
    frozen = frozen_policy(date(2025, 10, 29), 5)
    assert frozen["rate_upper"].tolist() == [0.0425] * 5
    assert frozen["shutdown"].tolist() == [0.0] * 5


def test_reform_of_the_standing_facility() -> None:
    path = parameter_path([date(2025, 12, 10), date(2025, 12, 11)])
    assert path["srf_slope"][1] > 2 * path["srf_slope"][0]
    assert path["srf_cap"][0] == 500.0 < path["srf_cap"][1]


@pytest.mark.parametrize(
    ("since", "until", "held_out", "high"),
    [(date(2025, 1, 1), date(2025, 12, 10), date(2025, 10, 31), 1.3), (date(2025, 12, 11), date(2025, 12, 30), date(2025, 12, 31), 1.5)],
)
def test_take_up_is_fitted_without_the_days_to_predict(since: date, until: date, held_out: date, high: float) -> None:
    """Root mean square error on the days of the fit, bn, from the daily prints."""
    days, taken = history("srf")
    table = dict(zip(days, taken, strict=True))
    sofr = dict(zip(*history("sofr"), strict=True))
    path = parameter_path([until])
    slope, width, stigma = (float(path[f"srf_{name}"][0]) for name in ("slope", "width", "stigma"))
    errors = []
    for day in (d for d in sofr if since <= d <= until and d != held_out and is_business_day(d)):
        gap = sofr[day] / 100 - in_force("srf_rate", day) - stigma
        errors.append(slope * width * np.logaddexp(0.0, gap / width) - table.get(day, 0.0))
    assert len(errors) in (13, 234)
    assert float(np.sqrt(np.mean(np.square(errors)))) < high


def test_a_day_before_the_data_is_refused() -> None:
    with pytest.raises(DataError, match=r"no value of 'iorb' on 2007-01-01; its first value is of 2018"):
        in_force("iorb", date(2007, 1, 1))
    with pytest.raises(DataError, match="no value of 'moon_phase'"):
        in_force("moon_phase", date(2025, 1, 1))


def test_nothing_is_dated_after_2025_but_the_announced_end_of_the_elevated_pace() -> None:
    last = date(2025, 12, 31)
    days = [*(row.date for row in observations()), *(row.date for row in levels()), *(row.date for row in read("rates.csv", Rate))]
    assert max(days) <= last
    assert [(row.date, row.variable) for row in steps() if row.date > last] == [(date(2026, 5, 1), "rmp_floor")]


def test_every_figure_has_source_and_unit_and_files_stay_small() -> None:
    assert all(row.source and row.timing for row in observations())
    assert all(row.source and row.timing for row in levels())
    assert all(row.source for row in steps())
    assert all(path.stat().st_size < 1_000_000 for path in DATA.iterdir())
    assert {row.series for row in read("rates.csv", Rate)} == {row.series for row in rate_series()}


def test_what_is_set_is_marked_as_an_assumption() -> None:
    marked = [*((row.source, row.basis) for row in observations()), *((row.source, row.basis) for row in levels())]
    for source, basis in marked:
        if source.startswith("set") or "to be checked" in source:
            assert basis == "assumption", source


@pytest.mark.parametrize(("day", "sofr", "iorb"), [("2025-10-31", 4.22, 3.90), ("2019-09-17", 5.25, 2.10), ("2025-12-31", 3.87, 3.65)])
def test_history_holds_the_known_prints(day: str, sofr: float, iorb: float) -> None:
    with (DATA / "rates.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["series"]: float(row["value"]) for row in csv.DictReader(stream) if row["date"] == day}
    assert (found["sofr"], found["iorb"]) == (sofr, iorb)


def test_a_broken_row_is_refused_with_file_line_and_column(monkeypatch: pytest.MonkeyPatch) -> None:
    from calibration import tables

    row = {"date": "2025-10-29", "variable": "iorb", "value": "high", "unit": "1/yr", "source": "s"}
    monkeypatch.setattr(tables, "lines", lambda name, holding: iter([(2, row)]))
    with pytest.raises(DataError, match=r"calibration/data/policy.csv, line 2, column 'value': .*got 'high'"):
        read("policy.csv", tables.Step)


@pytest.mark.parametrize("day", ["2021-12-31", "2024-12-31", "2025-10-29", "2025-12-31"])
def test_baseline_inputs_cover_the_system(day: str) -> None:
    system = dollar_system()
    inputs = baseline_inputs(day, time_grid(date.fromisoformat(day), "weekly", periods=4))
    given = {name for name in system.given if not name.startswith("add__")}
    assert given <= set(inputs.exogenous)
    assert {p.name for p in system.parameters} <= set(inputs.parameters)


def test_series_of_the_history() -> None:
    days, reserves = history("reserves_week_average")
    assert days[0] <= date(2018, 4, 4) < days[-1] == date(2025, 12, 31)
    assert reserves.max() == pytest.approx(4275.8, abs=0.1)
    with pytest.raises(DataError, match="no series 'gold'; there are: sofr, effr"):
        history("gold")
    with pytest.raises(ValueError, match="read-only"):
        reserves[0] = 0.0
