"""Days of pressure: openings of an experiment's own close, curves agree with the run, and the last days of 2025 come near their prints."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibration.history import history
from dollarflow.experiments import Bench
from dollarflow.experiments.e20_september_2019 import slack_at
from dollarflow.experiments.first_passage import overnight_curve
from dollarflow.experiments.openings import with_reserves
from equations.accounts import CHART


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


def worth(values: dict[str, float], sector: str) -> float:
    """Claims held less claims issued, from the chart's cells."""
    cells = CHART.cells()
    return math.fsum(values[c.key] * ((c.holder == sector) - (c.issuer == sector)) for c in cells)


@pytest.mark.parametrize("amount", [450.0, -430.0])
@pytest.mark.parametrize("day", ["2019-06-30", "2025-10-29"])
def test_an_opening_with_other_reserves_leaves_every_net_worth(bench: Bench, day: str, amount: float) -> None:
    state = bench.opening(day)
    moved = with_reserves(state, amount)
    assert moved["reserves__fed__banks"] - state["reserves__fed__banks"] == pytest.approx(amount)
    assert bench.run("baseline", opening=moved, periods=1)["reserves"][0] - state["reserves"] == pytest.approx(amount)
    for sector in CHART.sectors:
        assert worth(dict(moved.values), sector.name) == pytest.approx(worth(dict(state.values), sector.name), abs=1e-9)


def test_the_curve_as_a_function_is_the_curve_of_the_run(bench: Bench) -> None:
    run = bench.run("baseline", periods=12)
    values = dict(zip(run.path.parameter_names, run.path.parameter_rows[-1], strict=True))
    size = run["deposits_average"] / values["deposits_reference"]
    found = overnight_curve(values)(run["liquidity_slack"], size)
    assert np.allclose(found[1:], run["curve_spread"][1:], atol=1e-12)


def test_e20_slack_that_explains_a_print_gives_that_print(bench: Bench) -> None:
    run = bench.run("september_2019")
    values = dict(zip(run.path.parameter_names, run.path.parameter_rows[-1], strict=True))
    slack = slack_at(run, 0.0315, 1.0)
    assert float(overnight_curve(values)(slack, 1.0)) == pytest.approx(0.0315, abs=1e-9)
    assert 1390 < slack < 1400


def test_e20_the_account_takes_its_published_rise_out_of_reserves(bench: Bench) -> None:
    pair = bench.pair("september_2019")
    assert pair.at("tga", "2019-09-17") == pytest.approx(120, abs=0.01)
    assert -125 < pair.at("reserves", "2019-09-17") + pair.at("on_rrp", "2019-09-17") < -110


def printed(name: str, day: str) -> float:
    table = {when.isoformat(): float(value) for when, value in zip(*history(name), strict=True)}
    return table[day]


@pytest.mark.parametrize("day", ["2025-10-31", "2025-11-28"])
def test_e21_month_ends_come_within_ten_bp_and_twenty_bn(bench: Bench, day: str) -> None:
    run = bench.run("baseline", clock="daily", periods=42)
    period = run.path.period(day)
    assert abs(1e4 * run["sofr_iorb"][period] - 100 * (printed("sofr", day) - printed("iorb", day))) < 10
    assert abs(run["srf"][period] - printed("srf", day)) < 20


def test_e21_the_facility_is_worth_more_nearer_to_the_cliff(bench: Bench) -> None:
    from dollarflow.experiments.e21_facility import run

    rows = {(row.case, row.variable): row.computed for row in run(bench)}
    worth_at = [
        rows[f"slack of {slack} without take-up", "sofr_iorb, facility closed"]
        - rows[f"slack of {slack} without take-up", "sofr_iorb, facility open"]
        for slack in (2420, 2380)
    ]
    assert 0 < rows["facility closed", "sofr_iorb, 31 October"] < worth_at[0] < worth_at[1]


def test_e26_both_windows_are_used_on_one_day(bench: Bench) -> None:
    run = bench.run("baseline", clock="daily", periods=45)
    day = run.path.period("2025-12-31")
    assert run["srf"][day] > 50
    assert run["on_rrp"][day] > 50


def test_e18_purchases_bring_yields_back(bench: Bench) -> None:
    from dollarflow.experiments.e18_march_2020 import run

    left = [row.computed for row in run(bench) if row.variable.startswith("part of the rise")]
    assert left
    assert all(value < 0.5 for value in left)
