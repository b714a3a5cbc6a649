"""Business days and calendar variables against the Reserve Banks' published schedules."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from calibration.business_days import business_days, holidays, is_business_day, last_business_day, time_grid
from calibration.calendar import agency_cash, calendar_path, neutral_calendar, receipts, settlements, tax_dates

# Federal Reserve Banks' holiday schedules.
CLOSED_2025 = ["01-01", "01-20", "02-17", "05-26", "06-19", "07-04", "09-01", "10-13", "11-11", "11-27", "12-25"]
CLOSED_2023 = ["01-02", "01-16", "02-20", "05-29", "06-19", "07-04", "09-04", "10-09", "11-11", "11-23", "12-25"]
CLOSED_2019 = ["01-01", "01-21", "02-18", "05-27", "07-04", "09-02", "10-14", "11-11", "11-28", "12-25"]


@pytest.mark.parametrize(("year", "closed"), [(2025, CLOSED_2025), (2023, CLOSED_2023), (2019, CLOSED_2019)])
def test_holidays_are_those_of_the_schedule(year: int, closed: list[str]) -> None:
    assert sorted(holidays(year)) == [date.fromisoformat(f"{year}-{day}") for day in closed]


def test_number_of_business_days() -> None:
    assert len(list(business_days(date(2024, 12, 31), date(2025, 12, 31)))) == 250
    assert is_business_day(date(2021, 12, 31))
    assert last_business_day(2025, 5) == date(2025, 5, 30)
    assert last_business_day(2023, 12) == date(2023, 12, 29)


def test_tax_dates_move_to_open_days() -> None:
    assert list(tax_dates(2025)) == [date(2025, 1, 15), date(2025, 4, 15), date(2025, 6, 16), date(2025, 9, 15)]
    assert list(tax_dates(2028))[1] == date(2028, 4, 17)


@pytest.mark.parametrize("year", [2018, 2022, 2024, 2026])
def test_parts_of_a_year_sum_to_one(year: int) -> None:
    assert sum(receipts(year).values()) == pytest.approx(1)
    assert sum(settlements(year).values()) == pytest.approx(1)
    assert min(receipts(year).values()) > 0


def test_settlements_fall_on_mid_month_and_month_end() -> None:
    days = settlements(2025)
    assert date(2025, 9, 15) in days
    assert date(2025, 10, 31) in days
    assert date(2025, 11, 17) in days
    assert len(days) == 24
    assert days[date(2025, 11, 17)] == max(days.values())


def test_agency_cash_averages_to_nothing_over_a_year() -> None:
    cash = [agency_cash(date.fromordinal(n)) for n in range(date(2025, 1, 1).toordinal(), date(2026, 1, 1).toordinal())]
    assert np.mean(cash) == pytest.approx(0, abs=0.2)
    assert agency_cash(date(2025, 10, 22)) > 0 > agency_cash(date(2025, 10, 27))


def test_weekly_shares_around_the_year_end() -> None:
    """The week to 31 December 2025 has four open days, of which the last ends month, quarter and year."""
    grid = time_grid(date(2025, 10, 29), "weekly", periods=52)
    path = calendar_path(grid)
    row = grid.dates.index(date(2025, 12, 31))
    assert [path[name][row] for name in ("month_end", "quarter_end", "year_end")] == [0.25, 0.25, 0.25]
    row = grid.dates.index(date(2025, 11, 5))
    assert [path[name][row] for name in ("month_end", "quarter_end", "year_end")] == [0.2, 0.0, 0.0]
    assert path["tax_season"][grid.dates.index(date(2026, 4, 22))] > 2
    assert all(len(series) == 53 for series in path.values())


@pytest.mark.parametrize(("clock", "periods"), [("weekly", 52), ("monthly", 12), ("quarterly", 4)])
def test_seasons_average_to_one_over_a_year(clock: str, periods: int) -> None:
    grid = time_grid(date(2024, 12, 31), clock, periods=periods)
    path = calendar_path(grid)
    for name in ("tax_season", "settlement_season"):
        assert np.average(path[name][1:], weights=grid.lengths[1:]) == pytest.approx(1, abs=0.05)


def test_a_stub_counts_by_its_own_length() -> None:
    """29 to 31 October 2025: two business days in 2/365 of a year, the second a month-end."""
    grid = time_grid(date(2025, 10, 29), "monthly", periods=2)
    path = calendar_path(grid)
    assert grid.dates[1] == date(2025, 10, 31)
    assert path["month_end"][1] == 0.5
    stream = receipts(2025)[date(2025, 10, 30)]
    assert path["tax_season"][1] == pytest.approx(2 * stream / (2 / 365))


def test_daily_clock_steps_over_thanksgiving() -> None:
    grid = time_grid(date(2025, 11, 26), "daily", periods=2)
    assert grid.dates == (date(2025, 11, 26), date(2025, 11, 28), date(2025, 12, 1))
    assert list(calendar_path(grid)["month_end"]) == [0.0, 1.0, 0.0]


def test_neutral_calendar_has_the_same_names() -> None:
    grid = time_grid(date(2025, 10, 29), "weekly", periods=3)
    quiet = neutral_calendar(4)
    assert list(quiet) == list(calendar_path(grid))
    assert quiet["tax_season"].tolist() == [1, 1, 1, 1]
    assert quiet["month_end"].tolist() == [0, 0, 0, 0]
