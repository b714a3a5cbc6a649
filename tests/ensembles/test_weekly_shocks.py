"""Sizes of weekly surprises against a few lines on the committed series."""

from __future__ import annotations

import csv
import statistics
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import calibration
from calibration.weekly_shocks import expectations, foreign_pool, treasury_cash, weekly_shocks
from dollarflow import dollar_system
from dollarflow.ensembles.defaults import default_processes

DATA = Path(calibration.__file__).parent / "data"


def series(file: str, name: str) -> dict[date, float]:
    with (DATA / file).open(newline="") as stream:
        return {date.fromisoformat(row["date"]): float(row["value"]) for row in csv.DictReader(stream) if row["series"] == name}


def test_the_treasurys_weeks() -> None:
    level = series("rates.csv", "tga")
    changes = []
    for day in sorted(level):
        taxes = day.month in (1, 4, 6, 9) and day.day >= 10
        limit = date(2023, 1, 19) <= day <= date(2023, 8, 31) or date(2025, 1, 2) <= day <= date(2025, 9, 30)
        if day.year >= 2023 and not taxes and not limit:
            changes.append(level[day] - level[day - timedelta(7)])
    assert treasury_cash() == pytest.approx(statistics.stdev(changes), rel=1e-12)
    assert len(changes) > 50


def test_the_foreign_repo_pools_quarters() -> None:
    level = [value for day, value in sorted(series("published.csv", "foreign_repo_pool").items()) if day.year >= 2018]
    changes = [b - a for a, b in pairwise(level)]
    assert foreign_pool() == pytest.approx(statistics.stdev(changes) / 13**0.5, rel=1e-12)


def test_expected_rates() -> None:
    two, ten = series("rates.csv", "yield_2y"), series("rates.csv", "yield_10y")
    days = [d for d in sorted(two) if d in ten and d.year >= 2023 and d.weekday() == 2]
    steps = [(two[b] - two[a], ten[b] - ten[a]) for a, b in pairwise(days)]
    sd, share, persistence = expectations()
    assert share == pytest.approx(statistics.linear_regression(*zip(*steps, strict=True)).slope, rel=1e-9)
    assert 100 * sd == pytest.approx(statistics.stdev(a for a, _ in steps), rel=0.05)  # nearly a random walk
    assert 0.9 < persistence < 1.0


def test_surprises_scale_with_the_period() -> None:
    system = dollar_system()
    weekly, daily, quarterly = ({p.variable: p for p in default_processes(system, clock)} for clock in ("weekly", "daily", "quarterly"))
    assert set(weekly) == {f"add__{s.equation}" for s in weekly_shocks()}
    assert quarterly["add__tga_plan"].sd == pytest.approx(13**0.5 * weekly["add__tga_plan"].sd)
    assert quarterly["add__curve_spread"].sd == pytest.approx(weekly["add__curve_spread"].sd / 13**0.5)
    for clock in (weekly, daily, quarterly):
        rates = clock["add__expected_notes"]
        stationary = rates.sd / (1 - rates.persistence**2) ** 0.5
        assert stationary == pytest.approx(weekly["add__expected_notes"].sd / (1 - weekly["add__expected_notes"].persistence ** 2) ** 0.5)
