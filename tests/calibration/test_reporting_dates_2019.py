"""Reporting dates of 2019: the cash that they withhold fits that year's market, and a daily year does not leave what was observed."""

from __future__ import annotations

import math
from datetime import date
from statistics import fmean

import pytest

from calibration.estimation.samples import Day, between
from calibration.parameters import load_parameters
from dollarflow.scenarios import scenario
from dollarflow.session import Request, solve_request

SCARCE = 1550.0
BEFORE = 5
HIGHEST_SOFR = 0.0525
"""New York Fed: SOFR of 17 September 2019, the highest since it is published."""


def spread(slack: float) -> float:
    """SOFR less IOER in basis points at a slack of 2019, from the fitted numbers; the cliff is exponential in this range."""
    bend = 150.0 * math.log1p(math.exp((1650.0 - slack) / 150.0))
    return -1.0 + 0.05 * bend + 21.0 * math.exp((1430.0 - slack) / 13.2)


def withheld(day: Day, usual: float) -> float:
    """The slack, by bisection, that a reporting date takes from the market to raise the spread as it did."""
    slack = (day.reserves + day.on_rrp) * 12477.68 / day.deposits
    low, high = 0.0, 500.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if spread(slack - middle) - spread(slack) < day.spread - usual else (low, middle)
    return low


def test_drains_of_2019_are_those_that_published_rates_imply() -> None:
    days = between(date(2019, 4, 1), date(2019, 8, 31))
    found = {
        day.date: (day, withheld(day, fmean(item.spread for item in days[place - BEFORE : place])))
        for place, day in enumerate(days)
        if day.month_end
    }
    assert all(day.reserves + day.on_rrp < SCARCE for day, _ in found.values())
    months = [cash for day, cash in found.values() if not day.quarter_end]
    quarters = [cash for day, cash in found.values() if day.quarter_end]
    values = load_parameters("parameters_2019")
    assert values["period_end_drain"] == pytest.approx(fmean(months), abs=2.0)
    assert values["period_end_drain"] + values["quarter_end_drain"] == pytest.approx(fmean(quarters), abs=5.0)


@pytest.mark.parametrize("start", ["2018-06-30", "2019-06-30"])
def test_a_daily_year_stays_where_sofr_has_been(start: str) -> None:
    path = solve_request(Request(scenario("baseline"), start=start, clock="daily")).path
    assert path["sofr"].max() <= HIGHEST_SOFR
    assert path["bill_rate"].max() < 0.03
