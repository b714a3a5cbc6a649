"""``dollarflow forecast``: files written and reproducible, plans met, the plan's paths give the same run, bad plans refused."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from calibration.business_days import time_grid
from dollarflow import inputs
from dollarflow.cli import call
from dollarflow.economy import opening_state
from dollarflow.errors import BadInput
from dollarflow.forecasts.members import Members, forecast_members
from dollarflow.forecasts.plans import Plan, plan_of
from dollarflow.forecasts.report import to_date

EXAMPLE = Path(__file__).parents[2] / "examples" / "forecast_2026.toml"
WEEKS = 16


@pytest.fixture(scope="module")
def planned() -> Members:
    plan = plan_of(inputs.read_paths(EXAMPLE), "example")
    return forecast_members(opening_state("2025-12-31"), time_grid(date(2025, 12, 31), "weekly", periods=WEEKS), plan, 6, 1, "example")


def test_files_are_written_and_a_run_gives_the_central_path(tmp_path: Path) -> None:
    out, folder = tmp_path / "forecast", tmp_path / "run"
    assert call(["forecast", "--quiet", "-n", "6", "--draws", "3", "--exogenous", str(EXAMPLE), "--out", str(out)]) == 0
    assert sorted(item.name for item in out.iterdir()) == ["bands.csv", "exogenous.csv", "forecast.json"]
    more = ["--start", "2025-12-31", "--clock", "weekly", "-n", "6", "--exogenous", str(out / "exogenous.csv")]
    assert call(["run", "--quiet", "--out", str(folder), *more]) == 0
    with (out / "bands.csv").open(encoding="utf-8") as stream:
        central = [float(row["central"]) for row in csv.DictReader(stream) if row["variable"] == "reserves"]
    with (folder / "path.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["reserves"]) for row in rows[1:]] == pytest.approx(central, rel=1e-5)
    assert json.loads((out / "forecast.json").read_text(encoding="utf-8"))["draws"] == 3


def test_a_forecast_from_an_earlier_day_says_that_it_knows_later_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["forecast", "--quiet", "--start", "2025-10-29", "-n", "2", "--draws", "2"]) == 0
    assert "from 2025-10-29 is not out of sample" in capsys.readouterr().err
    assert call(["forecast", "--quiet", "-n", "2", "--draws", "2"]) == 0
    assert capsys.readouterr().err == ""


def test_a_run_takes_the_same_file(tmp_path: Path) -> None:
    """Purchases and deficits in plain words: a run gives the forecast's central path, and on any clock debt grows by the deficit."""
    out, folder = tmp_path / "forecast", tmp_path / "run"
    plan = tmp_path / "plan.csv"
    plan.write_text("date,rate_lower,rate_upper,rmp_purchases,deficit\n2025-12-31,0.0325,0.035,40,2500\n", encoding="utf-8")
    assert call(["forecast", "--quiet", "-n", "6", "--draws", "2", "--exogenous", str(plan), "--out", str(out)]) == 0
    given = ["--start", "2025-12-31", "--exogenous", str(plan), "--quiet"]
    assert call(["run", *given, "--clock", "weekly", "-n", "6", "--out", str(folder)]) == 0
    with (out / "bands.csv").open(encoding="utf-8") as stream:
        central = [float(row["central"]) for row in csv.DictReader(stream) if row["variable"] == "reserves"]
    with (folder / "path.csv").open(encoding="utf-8") as stream:
        assert [float(row["reserves"]) for row in csv.DictReader(stream)][1:] == pytest.approx(central, rel=1e-5)
    assert call(["run", *given, "--clock", "monthly", "-n", "12", "--out", str(folder)]) == 0
    with (folder / "path.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    cash = float(rows[-1]["tga"]) - float(rows[0]["tga"])
    assert float(rows[-1]["debt"]) - float(rows[0]["debt"]) - cash == pytest.approx(2500.0, abs=60.0)


def test_a_plan_is_met(planned: Members) -> None:
    """Rates and purchases as planned; what is added to the cash target and to transfers is there only because of the plan."""
    after = [day >= date(2026, 3, 25) for day in planned.dates]
    assert planned.given["rate_lower"].tolist() == pytest.approx(np.where(after, 0.0325, 0.035).tolist())
    assert planned.given["qe_bills"][1:].tolist() == pytest.approx([480.0] * WEEKS)
    assert not planned.given["rmp_on"][1:].any()
    assert {"add__transfers", "add__tga_target"} <= set(planned.given)


def test_deficit_of_a_plan_by_hand() -> None:
    """A planned deficit 300 bn higher raises debt over a half-year by about half of it."""
    grid, opening = time_grid(date(2025, 12, 31), "weekly", periods=26), opening_state("2025-12-31")
    debts = []
    for deficit in (1700.0, 2000.0):
        plan = Plan({"deficit": [(date(2025, 12, 31), deficit)]}, {})
        found = forecast_members(opening, grid, plan, 2, 1, "by hand")
        debts.append(found.given["add__transfers"][1:].mean())
    assert debts[1] - debts[0] == pytest.approx(300.0, rel=0.02)


def test_draws_repeat_with_their_seed_and_contain_the_central_path(planned: Members) -> None:
    plan = plan_of(inputs.read_paths(EXAMPLE), "example")
    grid = time_grid(date(2025, 12, 31), "weekly", periods=WEEKS)
    again = forecast_members(opening_state("2025-12-31"), grid, plan, 6, 1, "example")
    for name, values in planned.draws.items():
        assert np.array_equal(values, again.draws[name], equal_nan=True)
    gap = np.abs(planned.draws["reserves"].mean(axis=0) - planned.central["reserves"])
    assert gap.max() < 250
    assert planned.draws["reserves"][:, 1:].std(axis=0).min() > 10


def test_income_adds_up() -> None:
    """Rates of 52 and 104 bn a year over one week each: 1 and 3 bn since the opening."""
    assert to_date(np.array([np.nan, 52.0, 104.0]), (1 / 52, 1 / 52, 1 / 52)).tolist() == pytest.approx([0.0, 1.0, 3.0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[deficit]\n2026-01-01 = 99999\n", "deficit on 2026-01-01: 99999 is out of bounds"),
        ("[rate_lowr]\n2026-01-01 = 0.03\n", "rate_lowr"),
        ("[rate_lower]\n2026-02-04 = 0.04\n", "rate_lower 0.04 is not below rate_upper 0.0375"),
        ("[reserves]\n2026-01-01 = 3000\n", "reserves"),
    ],
)
def test_bad_plans_are_refused_and_write_nothing(text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, out = tmp_path / "plan.toml", tmp_path / "out"
    plan.write_text(text, encoding="utf-8")
    assert call(["forecast", "-n", "8", "--draws", "2", "--exogenous", str(plan), "--out", str(out)]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(("name", "value", "meant"), [("tga", 1.2, "write 1200 for 1.2 tn"), ("deficit", 1.9, "write 1900 for 1.9 tn")])
def test_a_plan_in_trillions_is_refused(name: str, value: float, meant: str) -> None:
    with pytest.raises(BadInput, match=meant):
        plan_of({name: [(date(2026, 1, 7), value)]}, "plan.csv")
    assert plan_of({name: [(date(2026, 1, 7), 0.0)]}, "plan.csv").plain
