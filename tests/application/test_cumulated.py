"""What adds up over a run: debt grows by the deficit, other means and cash; a comparison shows both runs and their difference."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dollarflow import compare, dollar_system, opening_state, scenario, simulate
from dollarflow.comparison_report import Report
from dollarflow.cumulated import DEBT, DEFICIT, OTHER_MEANS, PURCHASES, in_words, totals
from dollarflow.simulation import Simulation
from dollarflow.summary import summary


@pytest.fixture(scope="module")
def runs() -> tuple[Simulation, Simulation]:
    opening = opening_state("2025-10-29")
    base = simulate(dollar_system(), opening, periods=12)
    return base, simulate(dollar_system(), opening, scenario("qe"), periods=12)


def test_debt_grows_by_the_parts_that_are_shown(runs: tuple[Simulation, Simulation]) -> None:
    base = runs[0]
    found = totals(base.path.__getitem__, base.path.__contains__)
    parts = {name: value for name, value in found.items() if name not in (DEBT, PURCHASES)}
    assert sum(parts.values()) == pytest.approx(base["debt"][-1] - base["debt"][0], abs=1e-8)
    assert parts[DEFICIT] == pytest.approx(float(np.sum(base["deficit"][1:] * base["dt"][1:])), abs=1e-9)
    assert parts[OTHER_MEANS] > 0.0
    assert in_words(found) in summary(base)


def test_a_comparison_shows_what_the_fed_bought_in_both(runs: tuple[Simulation, Simulation]) -> None:
    """QE buys 4 tn a year from January on: outright purchases of a month or so differ by their sum."""
    base, changed = runs
    report = Report(compare(base, changed), of=())
    before, after = report.totals()[PURCHASES]
    assert after - before == pytest.approx(float(np.nansum((changed["fed_net_purchases"] - base["fed_net_purchases"])[1:])), abs=1e-9)
    assert after > before + 100.0
    assert f"{after - before:+,.1f}" in report.text()
    assert json.loads(report.bytes("json"))["over_the_run"][PURCHASES] == {"base": before, "changed": after}


def test_other_models_have_no_growth_of_debt() -> None:
    nothing: dict[str, list[float]] = {}
    assert totals(nothing.__getitem__, nothing.__contains__) == {}
