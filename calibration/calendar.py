"""The money market's calendar: period-ends, tax dates, coupon settlements and the agencies' cash cycle on a run's dates."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calibration.business_days import business_days, last_business_day, on_or_after
from calibration.tables import calendar_figures
from equations import calendar as names
from model.language.clocks import LENGTHS, Grid

QUARTER_MONTHS = (3, 6, 9, 12)
DECEMBER = 12
REFUNDING_MONTHS = (2, 5, 8, 11)
MID_MONTH = 15
TAX_MONTHS = {1: "january", 4: "april", 6: "june", 9: "september"}
COLLECTION_DAYS = 3
PERIOD_DAYS = {clock: round(365.25 * length) for clock, length in LENGTHS.items()}


def tax_dates(year: int) -> dict[date, float]:
    """Days on which instalments and final payments are due and their part of a year's receipts."""
    part = calendar_figures()
    return {on_or_after(date(year, month, MID_MONTH)): part[f"tax_{name}"] for month, name in TAX_MONTHS.items()}


@cache
def receipts(year: int) -> dict[date, float]:
    """Part of a year's receipts by business day: an even stream, and each tax date's payments over its first days.

    The parts of a year sum to one.
    """
    days = list(business_days(date(year - 1, 12, 31), date(year, 12, 31)))
    lumps = tax_dates(year)
    stream = (1.0 - sum(lumps.values())) / len(days)
    parts = dict.fromkeys(days, stream)
    for due, amount in lumps.items():
        first = days.index(due)
        for day in days[first : first + COLLECTION_DAYS]:
            parts[day] += amount / COLLECTION_DAYS
    return parts


@cache
def settlements(year: int) -> dict[date, float]:
    """Part of a year's net coupon issue by settlement day: the 15th (long securities, more in refunding months) and month-ends.

    A settlement that falls on a closed day moves to the next business day. The parts of a year sum to one.
    """
    part = calendar_figures()
    weights: dict[date, float] = {}
    for month in range(1, 13):
        mid = on_or_after(date(year, month, MID_MONTH))
        weights[mid] = weights.get(mid, 0.0) + (part["settlement_refunding"] if month in REFUNDING_MONTHS else part["settlement_mid_month"])
        end = last_business_day(year, month)
        weights[end] = weights.get(end, 0.0) + part["settlement_month_end"]
    whole = sum(weights.values())
    return {day: weight / whole for day, weight in weights.items()}


def is_month_end(day: date) -> bool:
    """Whether a business day is the last of its month."""
    return day == last_business_day(day.year, day.month)


def agency_cash(day: date) -> float:
    """Agencies' cash at the Fed above its monthly average, USD bn: it comes in with mortgage payments and leaves on the 25th."""
    figures = calendar_figures()
    inside = figures["gse_first_day"] <= day.day <= figures["gse_last_day"]
    share = (figures["gse_last_day"] - figures["gse_first_day"] + 1) / (365.25 / 12)
    return figures["gse_cash"] * (float(inside) - share)


def neutral_calendar(length: int) -> dict[str, NDArray[np.float64]]:
    """The calendar switched off: no period-ends, even receipts and settlements."""
    zeros, ones = np.zeros(length), np.ones(length)
    values = (zeros, zeros, zeros, ones, ones, zeros)
    return {name.base: value.copy() for name, value in zip(names.EXOGENOUS, values, strict=True)}


def calendar_path(grid: Grid) -> dict[str, NDArray[np.float64]]:
    """The model's calendar variables on a run's dates, by name, each of shape (periods + 1,).

    Shares count the business days later than the previous date up to the date itself; the opening stands for the period of
    the clock's length that ends on it. Receipts and settlements are the period's part of the year over its length in years.
    """
    first = grid.dates[0] - timedelta(days=PERIOD_DAYS[grid.clock])
    starts = (first, *grid.dates[:-1])
    rows = np.zeros((len(grid.dates), len(names.EXOGENOUS)))
    for index, (start, end) in enumerate(zip(starts, grid.dates, strict=True)):
        days = list(business_days(start, end))
        length = LENGTHS[grid.clock] if index == 0 else float(grid.lengths[index])
        ends = [day for day in days if is_month_end(day)]
        rows[index] = (
            len(ends) / max(len(days), 1),
            sum(day.month in QUARTER_MONTHS for day in ends) / max(len(days), 1),
            sum(day.month == DECEMBER for day in ends) / max(len(days), 1),
            sum(receipts(day.year)[day] for day in days) / length,
            sum(settlements(day.year).get(day, 0.0) for day in days) / length,
            agency_cash(end),
        )
    return {name.base: rows[:, column].copy() for column, name in enumerate(names.EXOGENOUS)}
