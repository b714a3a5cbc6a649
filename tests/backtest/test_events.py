"""Dated facts: numbers as published, measures by hand on a made-up path, assumptions never judged."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from calibration.backtest.events import EVENTS, WEEKS, Outcome, clocks, events_csv, outcomes
from calibration.backtest.measures import at, change, days_above, income, month, on_day, weeks_from_peak, weeks_late
from calibration.backtest.published import SCORED, flow_over
from calibration.backtest.windows import WINDOWS
from calibration.history import history
from calibration.policy import in_force


class Made:
    """A path of nine weeks from 1 January 2025."""

    dates = tuple(date(2025, 1, 1) + timedelta(days=7 * k) for k in range(9))
    values = np.array([100.0, 90.0, 80.0, 70.0, 60.0, 65.0, 40.0, 30.0, 20.0])

    def __getitem__(self, name: str) -> np.ndarray:
        return {"x": self.values, "rate": self.values * 1e-4}[name]


PATH = Made()


def test_measures_by_hand() -> None:
    assert at(PATH, "x", date(2025, 1, 1)) == 100.0  # type: ignore[arg-type]
    assert change(("x", "x"), date(2025, 1, 8), date(2025, 1, 15))(PATH) == pytest.approx(-20.0)  # type: ignore[arg-type]
    assert month("rate", 2025, 1)(PATH) == pytest.approx(80.0)  # type: ignore[arg-type]
    assert weeks_late("x", 50.0, date(2025, 1, 29))(PATH) == pytest.approx(2.0)  # type: ignore[arg-type]
    assert weeks_late("x", 75.0, date(2025, 1, 22), date(2025, 1, 30))(PATH) == pytest.approx(2.0)  # type: ignore[arg-type]
    assert math.isnan(weeks_late("x", 5.0, date(2025, 1, 1))(PATH))  # type: ignore[arg-type]
    assert weeks_from_peak("x", date(2025, 1, 15))(PATH) == pytest.approx(-2.0)  # type: ignore[arg-type]


def test_measures_of_days_and_years_by_hand() -> None:
    """Eight weeks of 52 bn a year from the second date on are 8 bn; three of nine weeks lie above 75; the fourth date is 70."""

    class Year:
        dates = PATH.dates

        def __getitem__(self, name: str) -> np.ndarray:
            flat = {"fed_net_income": np.full(9, 52.0), "dt": np.full(9, 1 / 52), "bound": np.full(9, 75.0)}
            return {**flat, "x": PATH.values}[name]

    year = Year()
    assert income(2025)(year) == pytest.approx(8.0)  # type: ignore[arg-type]
    assert days_above("x", "bound", 2025)(year) == 3.0  # type: ignore[arg-type]
    assert on_day("x", date(2025, 1, 22), 2.0)(year) == 140.0  # type: ignore[arg-type]


def test_facts_of_single_days_are_those_of_the_compiled_history() -> None:
    """SOFR less IORB, take-up and the number of days above the upper bound from the daily history."""
    sofr, iorb, srf = (dict(zip(*history(name), strict=True)) for name in ("sofr", "iorb", "srf"))
    for event in EVENTS:
        if event.clock == "daily" and event.unit != "days":
            day = date.fromisoformat(event.name.split()[-1])
            value = srf[day] if event.name.startswith("SRF") else 100 * (sofr[day] - iorb[day])
            assert value == pytest.approx(event.published, abs=0.06), event.name
        if event.unit == "days":
            year = int(event.name.split()[2])
            above = [day for day, rate in sofr.items() if day.year == year and rate > 100 * in_force("rate_upper", day) + 0.004]
            assert len(above) == event.published


def test_events_of_a_clock_that_was_not_run_are_left_out() -> None:
    """A window without single days needs the weekly clock alone."""
    assert clocks("2020H1") == ("weekly",)
    assert clocks("2024Q4-2025Q4") == ("daily", "weekly")
    assert outcomes("2024Q4-2025Q4", {}) == ()


def test_verdicts_follow_the_tolerance_and_assumptions_are_not_judged() -> None:
    event = next(item for item in EVENTS if item.unit == "bp")
    assert Outcome(event, event.published + 0.99 * event.tolerance).verdict == "hit"
    assert Outcome(event, event.published - 1.01 * event.tolerance).verdict == "miss"
    assert Outcome(event, math.nan).verdict == "miss"
    assert Outcome(replace(event, status="assumption"), event.published).verdict == "not judged"


def test_published_numbers_are_those_of_the_compiled_history() -> None:
    """Monthly means of SOFR less IORB from the daily history; the first days on which ON RRP was below a number."""
    sofr, iorb = (dict(zip(*history(name), strict=True)) for name in ("sofr", "iorb"))
    for event in EVENTS:
        if event.name.startswith("SOFR less IORB, mean"):
            when = event.name.rsplit(" ", 1)[1]
            values = [100 * (sofr[day] - iorb[day]) for day in sofr if day in iorb and day.isoformat().startswith(when)]
            assert np.mean(values) == pytest.approx(event.published, abs=0.6), event.name
        if event.name.startswith("ON RRP below"):
            number, day = float(event.name.split()[3].replace(",", "")), date.fromisoformat(event.name.split()[-1])
            before = [value for d, value in zip(*history("on_rrp"), strict=True) if day - timedelta(days=90) < d < day]
            on_day = dict(zip(*history("on_rrp"), strict=True))[day]
            assert on_day < number <= min(before), event.name


def test_events_are_of_windows_and_inside_them() -> None:
    by_name = {item.name: item for item in WINDOWS}
    assert {event.window for event in EVENTS} == set(by_name)
    assert all(event.tolerance > 0 for event in EVENTS)
    assert all(event.tolerance == WEEKS for event in EVENTS if event.unit == "weeks")
    assert events_csv([]).startswith("window,event,unit,published,tolerance,model,verdict")
    assert any(event.status == "assumption" for event in EVENTS)


def test_effects_of_the_treasurys_cash_are_counted_when_it_moves() -> None:
    """From 1 to 29 October 2025 the account rose by 165 bn; in 2019 only the weeks count in which it moved by 100."""
    item = next(item for item in SCORED if item.name == "tga_on_reserves")
    assert item.published(date(2025, 10, 29)) < -50
    account = dict(zip(*history("tga"), strict=True))
    for day in (day for day in account if day.year == 2019):
        moved = abs(account[day] - account[day - timedelta(days=28)])
        assert math.isnan(item.published(day)) == (moved < 100)


def test_remittances_of_a_quarter_add_up() -> None:
    """52 bn a year for thirteen weeks: 13 bn; nothing before a quarter has passed."""

    class Flow:
        def __getitem__(self, name: str) -> np.ndarray:
            return {"fed_remittance": np.full(16, 52.0), "dt": np.full(16, 1 / 52)}[name]

    found = flow_over("fed_remittance", 13)(Flow())  # type: ignore[arg-type]
    assert np.isnan(found[:13]).all()
    assert found[13:] == pytest.approx(13.0)
