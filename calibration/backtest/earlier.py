"""What was known before a window opens: parameters measured on the days and years up to its opening, and on none after it."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np

from calibration.context import figures
from calibration.estimation import money_fund_bills
from calibration.estimation.samples import Day, between, on_line
from calibration.newer import series
from calibration.parameters import load_parameters, parameter_values
from calibration.published import dated
from calibration.published import published as statement
from calibration.tables import observations

FIRST_DAY = date(2018, 4, 4)
FIRST_YEAR = 2019
SPEED = 0.5
PARKED_SINCE, PARKED_LAST = date(2021, 3, 31), date(2021, 9, 30)
"""Quarter-ends in which the ON RRP filled up while no change of policy was near and the supply of bills fell."""
MONEY_MARKET_YEAR = 360
BP_PERCENT = 100.0
"""Per cent of assets a basis point, as a share a year of yield."""


def trend_of_funds(day: date) -> float:
    """The lead of savers' aim that makes the last year's shift from deposits to money funds go on."""

    def odds(when: date) -> float:
        return math.log(on_line("mmf_assets", when) / on_line("bank_deposits", when))

    return (odds(day) - odds(day - timedelta(days=365))) / -math.expm1(-SPEED)


def rises(day: date, quarter_ends: bool) -> list[float]:
    """Rises of the ON RRP from the mean of the five days before to a month-end, over the year before a day."""
    sample = between(max(FIRST_DAY, day - timedelta(days=365)), day - timedelta(days=1))

    def rise(place: int, item: Day) -> float:
        return item.on_rrp - float(np.mean([other.on_rrp for other in sample[place - 5 : place]]))

    ends = [(place, item) for place, item in enumerate(sample) if item.month_end and place >= 5]
    return [rise(place, item) for place, item in ends if bool(item.quarter_end) == quarter_ends]


def month_end_parking(day: date) -> float:
    """The mean rise of the ON RRP on month-ends within quarters, not negative."""
    found = rises(day, quarter_ends=False)
    return max(float(np.mean(found)), 0.0) if found else 0.0


def quarter_end_parking(day: date) -> float:
    """What quarter-ends add to the rise of month-ends, not negative."""
    found = rises(day, quarter_ends=True)
    return max(float(np.mean(found)) - month_end_parking(day), 0.0) if found else 0.0


def loan_lead(day: date) -> float:
    """By how much a year bank loans outgrew nominal income, from the first year-end with both to the last one up to a day."""
    loans, income = ({d: math.log(v) for d, v in zip(*dated(name), strict=True) if d <= day} for name in ("bank_loans", "gdp"))
    ends = sorted(set(loans) & set(income))
    years = (ends[-1] - ends[0]).days / 365.25
    return float((loans[ends[-1]] - loans[ends[0]] - income[ends[-1]] + income[ends[0]]) / years)


def dollar_share(day: date) -> float:
    """The dollar's share of foreign exchange reserves, the last figure up to a day."""
    return [item.value for item in figures("reserves_usd_share") if item.date <= day][-1] / 100


def bills_beside_parking(day: date) -> tuple[float, str]:
    """How much closer substitutes bills are while the ON RRP is large, with its basis: from the quarter-ends of March to September 2021.

    Least squares of funds' bills over assets on what bills pay over repo, divided by the usual slope; held within the parameter's range.
    """
    if day <= PARKED_LAST:
        return 0.0, "judgement: none; the ON RRP had not been large yet"
    shares, spreads = money_fund_bills.sample(PARKED_SINCE, PARKED_LAST)
    slope = float(np.cov(spreads, shares)[0, 1] / np.var(spreads, ddof=1))
    record = parameter_values()["mmf_rrp_boost"]
    closer = slope / load_parameters()["mmf_bills_slope"] * BP_PERCENT - 1.0
    value = min(max(closer, record.lower), record.upper)
    return value, f"March to September 2021: {slope:.1f} % of assets a basis point; held within {record.lower:g} to {record.upper:g}"


def clearing_share(day: date) -> float:
    """The part of other deposits at the Fed that earned interest, from the Reserve Banks' statements of the years up to a day.

    What they paid beyond interest on reserves, over the same rate on all other deposits: weekly reserves at each day's rate.
    """
    dates, reserves = series("reserves_week_average")
    changes, rates = series("iorb")
    weeks, steps = [d.toordinal() for d in dates if d <= day], [d.toordinal() for d in changes]
    known = sorted(
        (item.date.toordinal(), item.value) for item in observations() if item.figure == "fed_other_deposits" and item.date <= day
    )
    beyond = base = 0.0
    for year in range(FIRST_YEAR, day.year + (day >= date(day.year, 12, 31))):
        days = np.arange(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        rate = rates[np.searchsorted(steps, days, side="right") - 1] / 100 / MONEY_MARKET_YEAR
        held = reserves[np.minimum(np.searchsorted(weeks, days), len(weeks) - 1)]
        beyond += statement("fed_interest_on_reserves_year", date(year, 12, 31)) - float((held * rate).sum())
        base += float((np.interp(days, [d for d, _ in known], [value for _, value in known]) * rate).sum())
    return float(np.clip(beyond / base, 0.0, 1.0))
