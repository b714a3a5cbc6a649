"""Scores and rivals by hand, and windows that know nothing of what they forecast."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from calibration.backtest.earlier import (
    bills_beside_parking,
    clearing_share,
    loan_lead,
    month_end_parking,
    quarter_end_parking,
    trend_of_funds,
)
from calibration.backtest.published import SCORED, before, quarter_ends
from calibration.backtest.rivals import autoregression, no_change
from calibration.backtest.scoring import compare
from calibration.backtest.windows import WINDOWS, window
from calibration.estimation.samples import days
from calibration.history import history
from calibration.newer import Newer, observations
from calibration.published import published
from calibration.tables import DataError

YEAR = window("2024Q4-2025Q4")
BY_NAME = {item.name: item for item in SCORED}


def test_equal_forecasts_have_ratio_one() -> None:
    errors = np.random.default_rng(1).normal(size=60)
    found = compare("same", errors, errors, 4)
    assert found.ratio == 1.0
    assert found.verdict == "open"


def test_diebold_mariano_by_hand() -> None:
    """Without lags: mean loss difference over its standard deviation over the root of n."""
    rng = np.random.default_rng(2)
    model, other = rng.normal(size=50), 2 * rng.normal(size=50)
    loss = model**2 - other**2
    found = compare("other", model, other, 0)
    assert found.statistic == pytest.approx(loss.mean() / (loss.std() / np.sqrt(50)))
    assert found.ratio == pytest.approx(np.sqrt((model**2).mean() / (other**2).mean()))
    assert found.verdict == "wins"
    assert compare("model", other, model, 0).verdict == "loses"


def test_interval_covers_a_true_ratio_of_one() -> None:
    """Two forecasts of equal quality: one lies inside the 95 % interval in most of 200 samples of 104 persistent errors."""
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(200):
        noise = np.zeros((2, 104))
        for t in range(1, 104):
            noise[:, t] = 0.5 * noise[:, t - 1] + rng.normal(size=2)
        found = compare("equal", noise[0], noise[1], 13)
        inside += found.low <= 1 <= found.high
    assert inside > 160


def test_few_dates_give_no_interval() -> None:
    found = compare("few", np.array([1.0, 2.0]), np.array([2.0, 4.0]), 1)
    assert found.ratio == 0.5
    assert np.isnan(found.low)
    assert found.verdict == "open"


def test_no_change_is_the_mean_of_the_four_weeks_before() -> None:
    reserves = BY_NAME["reserves"]
    weeks = [reserves.published(YEAR.opening - timedelta(days=7 * k)) for k in (1, 2, 3, 4)]
    assert no_change(reserves, YEAR, [date(2025, 1, 7)])[0] == pytest.approx(np.mean(weeks))


def test_autoregression_runs_its_own_recursion() -> None:
    item = BY_NAME["sofr_iorb"]
    past = before(item, YEAR.opening, 104)
    slope, constant = np.polyfit(past[:-1], past[1:], 1)
    one = constant + slope * past[-1]
    made = autoregression(item, YEAR, [date(2025, 1, 7), date(2025, 1, 14)])
    assert made.tolist() == pytest.approx([one, constant + slope * one])


def test_quarters_drift_as_in_the_two_years_before() -> None:
    made = autoregression(BY_NAME["mmf_assets"], YEAR, quarter_ends(date(2024, 12, 31), date(2025, 6, 30)))
    drift = (7253.369 - 5212.1455) / 8
    assert made.tolist() == pytest.approx([7253.369 + drift, 7253.369 + 2 * drift], rel=1e-3)


def test_trend_of_funds_by_hand() -> None:
    odds = np.log(7253.369 / 17879.1) - np.log(6401.3289 / 17436.1)
    assert trend_of_funds(date(2024, 12, 31)) == pytest.approx(odds / (1 - np.exp(-0.5)), rel=2e-2)


def test_windows_are_named() -> None:
    assert [item.name for item in WINDOWS] == ["2018Q4-2019Q4", "2020H1", "2021Q4-2023Q4", "2023Q2-2024Q1", "2024Q4-2025Q4"]
    with pytest.raises(DataError, match="no backtest window '2030'; there are: 2018Q4-2019Q4"):
        window("2030")


@pytest.mark.parametrize("name", ["2018Q4-2019Q4", "2020H1", "2021Q4-2023Q4", "2023Q2-2024Q1", "2024Q4-2025Q4"])
def test_parameters_use_no_figure_of_the_window(name: str) -> None:
    """Every daily and quarterly figure from the opening on is replaced by nonsense; nothing that is estimated moves (T48)."""
    from calibration.estimation.samples import quarterly

    item = window(name)
    opening = item.opening
    plain = {key: chosen.value for key, chosen in item.parameters.items()}
    later = [day.date for day in days() if day.date >= opening]
    nonsense = {series: dict.fromkeys(later, 7.77) for series in ("sofr", "effr", "tgcr", "dvp_rate", "on_rrp", "srf")}
    quarters = {
        series: {day: 1.0 for day in quarterly(series)[0] if day > opening} for series in ("mmf_assets", "bank_deposits", "mmf_treasuries")
    }
    fresh = type(item)(item.name, item.opening, item.end, item.remark)
    with observations(Newer(nonsense, quarters)):
        again = {key: chosen.value for key, chosen in fresh.parameters.items()}
    assert again == plain


def test_bills_are_closer_substitutes_while_the_facility_fills() -> None:
    """From March to September 2021 funds' bills fell from 51 to 34 % of assets and their yield over repo by 3 bp: some 6 % a point."""
    shares, spreads = np.array([51.19, 44.86, 33.9]), np.array([1.9, 0.8, -0.8])
    slope = np.polyfit(spreads, shares, 1)[0]
    value, basis = bills_beside_parking(date(2023, 3, 31))
    assert slope / 0.4 - 1 > 5, "a point of bp against 0.4 % of assets without a facility: beyond the parameter's range"
    assert value == 5.0
    assert f"{slope:.0f}" == f"{float(basis.split()[4]):.0f}"
    assert bills_beside_parking(date(2019, 12, 31))[0] == 0.0


def test_parking_is_the_mean_rise_of_month_ends() -> None:
    """2024: eight month-ends within quarters and three quarter-ends (the fourth is the opening); closed days move a mean a little."""
    dates, parked = history("on_rrp")
    level = {day: float(value) for day, value in zip(dates, parked.tolist(), strict=True) if day.year == 2024}
    last = {max(day for day in level if day.month == month) for month in range(1, 12)}
    rise = {day: level[day] - np.mean([level[other] for other in sorted(level) if other < day][-5:]) for day in last}
    inside = np.mean([rise[day] for day in last if day.month % 3])
    quarters = np.mean([rise[day] for day in last if not day.month % 3])
    assert month_end_parking(date(2024, 12, 31)) == pytest.approx(max(inside, 0.0), rel=0.1)
    assert quarter_end_parking(date(2024, 12, 31)) == pytest.approx(quarters - max(inside, 0.0), rel=0.1)


def test_loans_follow_income_but_for_what_the_record_shows() -> None:
    """End of 2012 to 2024: loans 6,903.7 to 12,593.3; income's figure of the same days from the table."""
    start, end = published("gdp", "2012-12-31"), published("gdp", "2024-12-31")
    by_hand = (np.log(12593.3 / 6903.7) - np.log(end / start)) / 12
    assert loan_lead(date(2024, 12, 31)) == pytest.approx(by_hand, rel=1e-3)


def test_what_the_fed_pays_beyond_reserves_by_hand() -> None:
    """2019 and 2021: 34.9 and 5.3 paid, some 33.7 and 5.1 of it on reserves; other deposits of 80 to 290 bn earned the rest in part."""
    assert 0.4 < clearing_share(date(2021, 12, 31)) < 0.9
