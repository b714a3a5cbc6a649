"""What forecasts are scored against: published figures on a forecast's dates, in the scored unit, and the history before them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from calibration.estimation.samples import days as market_days
from calibration.estimation.samples import quarterly
from calibration.history import history
from calibration.published import rows
from model.periods.path import Path

Floats = NDArray[np.float64]
WEEK = timedelta(days=7)
MONTH, QUARTER, YEAR, LARGE = 4, 13, 52, 100.0
Timing = Literal["week", "quarter", "year"]
FIRST_YEAR, MONTHS, LAST_OF_YEAR = 2013, 12, 31


@dataclass(frozen=True)
class Scored:
    """A variable of the backtest.

    Parameters
    ----------
    name, unit
        Name and unit of the score.
    timing
        ``week``: the mean of a week's published days; ``quarter``: the figure of a quarter-end; ``year``: that of a calendar year.
    modelled
        The model's values over a path.
    published
        The figure of the week that ends on a day, of a quarter-end or of the year that it ends; nan where there is none.
    chained
        True compares the published opening plus the model's change: the definitions differ by a constant.
    """

    name: str
    unit: str
    timing: Timing
    modelled: Callable[[Path], Floats]
    published: Callable[[date], float]
    chained: bool = False


def of(*names: str, factor: float = 1.0) -> Callable[[Path], Floats]:
    """The sum of some variables of a path."""
    return lambda path: np.asarray(factor * sum(path[name] for name in names), dtype=np.float64)


def market(name: str) -> Callable[[date], float]:
    """The mean of a figure over the business days of the week that ends on a day."""

    def mean(day: date) -> float:
        found = [getattr(item, name) for item in market_days() if day - WEEK < item.date <= day]
        return float(np.mean(found)) if found else float("nan")

    return mean


def daily(series: str, factor: float) -> Callable[[date], float]:
    """The mean of a daily or weekly series over the week that ends on a day."""

    def mean(day: date) -> float:
        dates, values = history(series)
        low, high = bisect_right(dates, day - WEEK), bisect_right(dates, day)
        return float(np.mean(values[low:high])) * factor if high > low else float("nan")

    return mean


def figure(series: str) -> Callable[[date], float]:
    """A quarterly figure of a day."""

    def level(day: date) -> float:
        dates, values = quarterly(series)
        return float(values[dates.index(day)]) if day in dates else float("nan")

    return level


def over_month(name: str) -> Callable[[Path], Floats]:
    """The change of a variable over four weeks; nan in the first four."""

    def change(path: Path) -> Floats:
        values = np.asarray(path[name], dtype=np.float64)
        return np.concatenate([np.full(MONTH, np.nan), values[MONTH:] - values[:-MONTH]])

    return change


def when_cash_moves(name: str) -> Callable[[date], float]:
    """The change of a figure over the four weeks to a day in which the Treasury's account moved by 100 bn or more; nan in others."""
    mean, account = market(name), daily("tga", 1.0)

    def change(day: date) -> float:
        moved = account(day) - account(day - MONTH * WEEK)
        return mean(day) - mean(day - MONTH * WEEK) if abs(moved) >= LARGE else float("nan")

    return change


def flow_over(name: str, weeks: int) -> Callable[[Path], Floats]:
    """A flow's sum over the weeks that end with each week, USD bn; nan in the first ones."""

    def total(path: Path) -> Floats:
        sums = np.cumsum(np.nan_to_num(path[name]) * np.nan_to_num(path["dt"]))
        return np.concatenate([np.full(min(weeks, len(sums)), np.nan), sums[weeks:] - sums[:-weeks]])

    return total


def income_of_year(day: date) -> float:
    """The Fed's audited net income of the year that a day ends; nan where it is not published."""
    found = [row.value for row in rows("fed_net_income_year") if row.date == day and row.basis == "published"]
    return found[0] if found else float("nan")


def notes(day: date) -> float:
    """The yield of notes over the week that ends on a day: a third of the way from the two-year to the ten-year yield, basis points."""
    return (2 * daily("yield_2y", 100.0)(day) + daily("yield_10y", 100.0)(day)) / 3


SCORED = (
    Scored("reserves", "USD bn", "week", of("reserves"), market("reserves")),
    Scored("on_rrp", "USD bn", "week", of("on_rrp"), market("on_rrp")),
    Scored("sofr_iorb", "bp", "week", of("sofr_iorb", factor=1e4), market("spread")),
    Scored("tga_on_reserves", "USD bn", "week", over_month("reserves"), when_cash_moves("reserves")),
    Scored("tga_on_on_rrp", "USD bn", "week", over_month("on_rrp"), when_cash_moves("on_rrp")),
    Scored("srf", "USD bn", "week", of("srf"), market("srf")),
    Scored("yield_10y", "bp", "week", of("yield_bonds", factor=1e4), daily("yield_10y", 100.0), chained=True),
    Scored("yield_notes", "bp", "week", of("yield_notes", factor=1e4), notes, chained=True),
    Scored("yield_3m", "bp", "week", of("bill_rate", factor=1e4), daily("yield_3m", 100.0), chained=True),
    Scored("mmf_assets", "USD bn", "quarter", of("mmf_shares"), figure("mmf_assets")),
    Scored("mmf_bills", "USD bn", "quarter", of("bills__treasury__mmf"), figure("mmf_treasuries"), chained=True),
    Scored("mmf_repo_private", "USD bn", "quarter", of("repo_triparty__banks__mmf"), figure("mmf_repo_private"), chained=True),
    Scored("mmf_repo_fed", "USD bn", "quarter", of("on_rrp__fed__mmf"), figure("mmf_repo_fed")),
    Scored("remittances", "USD bn", "quarter", flow_over("fed_remittance", QUARTER), figure("remittances_received")),
    Scored("fed_net_income", "USD bn", "year", flow_over("fed_net_income", YEAR), income_of_year),
    Scored("m2", "USD bn", "quarter", of("m2"), figure("m2"), chained=True),
    Scored(
        "hedge_fund_book",
        "USD bn",
        "quarter",
        of("notes__treasury__hedge_funds", "bonds__treasury__hedge_funds"),
        figure("hedge_fund_treasuries"),
        chained=True,
    ),
)


def quarter_ends(start: date, end: date) -> tuple[date, ...]:
    """The quarter-ends after a day, up to another."""
    found = [date(year, month, last) for year in range(start.year, end.year + 1) for month, last in ((3, 31), (6, 30), (9, 30), (12, 31))]
    return tuple(day for day in found if start < day <= end)


def year_ends(start: date, end: date) -> tuple[date, ...]:
    """The year-ends after a day, up to another."""
    return tuple(day for day in quarter_ends(start, end) if day.month == MONTHS)


def horizon(item: Scored, start: date, dates: Sequence[date]) -> tuple[date, ...]:
    """The dates of a path after its opening on which a variable is published, as far as its timing goes."""
    if item.timing == "week":
        return tuple(dates[1:])
    # A weekly path may end a few days before its last quarter-end.
    end = dates[-1] + timedelta(days=3)
    if item.timing == "quarter":
        return quarter_ends(start, end)
    return year_ends(start if start.month == MONTHS else date(start.year, MONTHS, LAST_OF_YEAR), end)


def before(item: Scored, start: date, count: int) -> Floats:
    """The published figures up to an opening, oldest first, gaps left out: ``count`` weeks, or all quarters or years."""
    if item.timing == "week":
        dates: Sequence[date] = [start - k * WEEK for k in range(count - 1, -1, -1)]
    elif item.timing == "year":
        dates = year_ends(date(FIRST_YEAR, 1, 1), start)
    else:
        dates = [day for day in quarter_ends(date(2017, 1, 1), start) if day <= start]
    values = np.array([item.published(day) for day in dates], dtype=np.float64)
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)
