"""Replays: what history gave from outside adds up to the published figures it was made from."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calibration.baseline import Inputs, baseline_inputs
from calibration.business_days import time_grid
from calibration.published import interpolated, published
from calibration.tables import DataError
from model.language.clocks import Grid

DATA = Path(__file__).parents[2] / "calibration" / "data"


def figures(series: str) -> dict[str, float]:
    with (DATA / "published.csv").open(encoding="utf-8", newline="") as stream:
        return {row["date"]: float(row["value"]) for row in csv.DictReader(stream) if row["series"] == series}


@pytest.fixture(scope="module", params=["weekly", "monthly"])
def past(request: pytest.FixtureRequest) -> tuple[Grid, Inputs]:
    grid = time_grid(date(2021, 12, 31), request.param, end=date(2025, 9, 30))
    return grid, baseline_inputs("2021-12-31", grid, history=True)


def test_income_grows_to_the_published_level(past: tuple[Grid, Inputs]) -> None:
    grid, inputs = past
    level = inputs.opening["gdp"] * math.exp(float((inputs.parameter_paths["growth"][1:] * grid.lengths[1:]).sum()))
    assert level == pytest.approx(interpolated("gdp", [grid.dates[-1]])[0], rel=1e-4)


def test_primary_deficit_of_a_year_is_the_published_one(past: tuple[Grid, Inputs]) -> None:
    """Spending less receipts of 2023, by hand: published deficit less interest, with the Fed's remittances added back."""
    grid, inputs = past
    own = np.array([day.year == 2023 for day in grid.dates])
    steps = inputs.parameter_paths["growth"] * grid.lengths
    steps[0] = 0.0
    gdp = inputs.opening["gdp"] * np.exp(np.cumsum(steps))
    share = inputs.parameters["purchases_share"] + inputs.parameters["transfers_share"]
    flow = (share - inputs.parameter_paths["tax_rate"] * inputs.exogenous["tax_season"]) * gdp * grid.lengths
    quarters = ("2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31")
    expected = sum(figures("federal_deficit")[q] - figures("debt_interest")[q] + figures("remittances_received")[q] for q in quarters)
    assert float(flow[own].sum()) == pytest.approx(expected * float(grid.lengths[own].sum()), rel=0.02)


def test_season_of_receipts_does_not_move_the_account(past: tuple[Grid, Inputs]) -> None:
    _, inputs = past
    lumps = inputs.exogenous["tax_season"] - 1
    moved = inputs.exogenous["issuance_surprise"]
    assert (np.sign(moved[np.abs(lumps) > 1e-9]) == -np.sign(lumps[np.abs(lumps) > 1e-9])).all()


def test_account_follows_the_wednesday_levels() -> None:
    grid = time_grid(date(2021, 12, 31), "weekly", end=date(2023, 12, 31))
    inputs = baseline_inputs("2021-12-31", grid, history=True)
    target = dict(zip(grid.dates, inputs.parameter_paths["tga_floor"], strict=True))
    assert target[date(2023, 6, 2)] < 110
    assert target[date(2023, 12, 29)] > 650


def test_emergency_credit_of_march_2023_is_given() -> None:
    grid = time_grid(date(2021, 12, 31), "weekly", end=date(2023, 4, 28))
    inputs = baseline_inputs("2021-12-31", grid, history=True)
    share = inputs.parameter_paths["discount_window_base"]
    amounts = {day: float(value) for day, value in zip(grid.dates, share * 27_000, strict=True)}
    assert amounts[date(2023, 3, 3)] < 80
    assert 300 < amounts[date(2023, 3, 17)] < 340


@pytest.mark.parametrize(("day", "periods"), [("2025-10-29", 12), ("2019-06-30", 4)])
def test_a_replay_outside_the_published_flows_is_refused(day: str, periods: int) -> None:
    grid = time_grid(date.fromisoformat(day), "weekly", periods=periods)
    with pytest.raises(DataError, match="history is given from 2021-12-31 to 2025-12-31; the run asks for"):
        baseline_inputs(day, grid, history=True)


def test_without_history_nothing_changes() -> None:
    grid = time_grid(date(2025, 10, 29), "weekly", periods=4)
    plain = baseline_inputs("2025-10-29", grid)
    assert "growth" not in plain.parameter_paths
    assert "add__currency_private" not in plain.exogenous


def test_published_figures_by_hand() -> None:
    assert published("m2", "2024-12-31") == pytest.approx(21485.8)
    with pytest.raises(DataError, match="no series 'm9'; there are: agency_outstanding"):
        published("m9", "2024-12-31")
    with pytest.raises(DataError, match="no figure of 'm2' on 2024-12-30"):
        published("m2", "2024-12-30")


def test_every_published_figure_is_unique_and_sourced() -> None:
    with (DATA / "published.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({(row["date"], row["series"]) for row in rows}) == len(rows)
    assert all(row["source"] for row in rows)
    assert all(row["basis"] == "assumption" for row in rows if "set" in row["source"].split() or "recalled" in row["source"])


@pytest.mark.parametrize("day", ["2022-12-31", "2023-09-30"])
def test_a_daily_replay_may_open_on_a_saturday(day: str) -> None:
    """The opening's own day has no receipts; the quarter after it still has its published primary deficit."""
    grid = time_grid(date.fromisoformat(day), "daily", periods=62)
    found = baseline_inputs(day, grid, history=True)
    rates = {round(float(rate), 12) for rate in found.parameter_paths["tax_rate"]}
    assert len(rates) == 2
    assert all(0.1 < rate < 0.3 for rate in rates)
