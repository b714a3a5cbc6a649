"""Replays: what history gave from outside (fiscal policy, autonomous factors, hedged demand), so that the model produces the rest.

Given are nominal income, the primary deficit, other means of financing, net issue of coupons, the Treasury's cash, the Fed's portfolio
decisions and emergency credit, and levered demand for Treasuries. Reserves, ON RRP, spreads, money funds, holders of
bills and yields are the model's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from calibration.history import history
from calibration.parameters import load_parameters
from calibration.published import dated, in_force, interpolated, published
from calibration.state import opening_state
from calibration.tables import DataError
from equations.anchors import anchor
from model.language.clocks import Grid

Floats = NDArray[np.float64]
Paths = dict[str, Floats]
REFERENCE = date(2025, 10, 29)
LIMITS = ("hf_buffer", "hf_var_multiplier", "dealer_capacity")
"""Anchored where they bind: limits of funds and capacity of dealers are those of the reference opening, idle in earlier years."""
TAPER_END = date(2022, 3, 31)
INFLOW_SINCE = date(2023, 3, 10)
TERM_ADJUSTMENT = 0.004
AT_ONCE = 1.0e4
NOTE_PART = 0.25


@dataclass(frozen=True)
class Replay:
    """What a replay changes in a run's inputs.

    Parameters
    ----------
    exogenous, parameters
        Paths by name, each of shape (periods + 1,).
    """

    exogenous: Mapping[str, Floats]
    parameters: Mapping[str, Floats]


@cache
def reference_limits() -> dict[str, float]:
    """Limits of funds and capacity of dealers, over GDP where they are amounts, as anchored at the reference opening."""
    _, values = anchor(opening_state(REFERENCE), load_parameters())
    return {name: values[name] for name in LIMITS}


def starting_values(day: date) -> dict[str, float]:
    """Parameters that hold from a replay's first day on and that curves are anchored with."""
    book = interpolated("hedge_fund_treasuries", [day])[0]
    return {
        **reference_limits(),
        "r_star": float(long_run([day])[0]),
        "mmf_lead": float(inflow([day])[0]),
        "bank_treasury_lead": 0.0,
        "hf_basis_share_opening": float(interpolated("futures_net_short", [day])[0] / book),
        "tga_cover": 0.0,
        "tga_speed": AT_ONCE,
        "fed_agency_to_bills": 0.0,
    }


def long_run(days: list[date]) -> Floats:
    """The long-run policy rate: the policymakers' median and the term adjustment that the reference value has."""
    return in_force("longer_run_rate", days) / 100 + TERM_ADJUSTMENT


def inflow(days: list[date]) -> Floats:
    """Savers' pull to money funds: none before the bank failures of March 2023, that of the parameter file after them."""
    return np.where([day >= INFLOW_SINCE for day in days], load_parameters()["mmf_lead"], 0.0)


def check_span(days: list[date]) -> None:
    """Refuse a replay that reaches outside the published flows.

    Raises
    ------
    DataError
        With the first and last day that a replay can have.
    """
    first, last = dated("futures_net_short")[0][0], dated("federal_deficit")[0][-1]
    if quarter_end(days[0]) < first or quarter_end(days[-1]) > last:
        raise DataError(f"history is given from {first} to {last}; the run asks for {days[0]} to {days[-1]}")


def replay(grid: Grid, opening: Mapping[str, float], values: Mapping[str, float], exogenous: Mapping[str, Floats]) -> Replay:
    """The paths of a replay on a run's dates.

    Parameters
    ----------
    grid
        The dates.
    opening, values
        The completed opening and the anchored parameters.
    exogenous
        The run's paths so far; the calendar's season of receipts is read from them.

    Raises
    ------
    DataError
        A run that reaches outside the published flows.
    """
    check_span(list(grid.dates))
    days = list(grid.dates)
    policy = policy_given(grid, opening, values, exogenous)
    income = opening["gdp"] * interpolated_income(days) / interpolated_income(days[:1])[0]
    funds = funds_demand(days, income, opening, values)
    paths = {
        **policy.parameters,
        "r_star": long_run(days),
        "mmf_logit": values["mmf_logit"] + inflow(days) - inflow(days[:1])[0],
        **{name: funds.pop(name) for name in ("hf_spread_ratio", "repo_dvp_row_ratio")},
    }
    shocks = {
        **policy.exogenous,
        **funds,
    }
    return Replay(shocks, paths)


def policy_given(grid: Grid, opening: Mapping[str, float], values: Mapping[str, float], exogenous: Mapping[str, Floats]) -> Replay:
    """The paths of monetary, fiscal and debt policy alone, and of nominal income, of which fiscal figures are shares.

    Parameters
    ----------
    grid, opening, values, exogenous
        As for :func:`replay`.
    """
    days, lengths = list(grid.dates), np.asarray(grid.lengths)
    income = opening["gdp"] * interpolated_income(days) / interpolated_income(days[:1])[0]
    growth = rate_of_growth(income, lengths)
    season = exogenous["tax_season"]
    taxes, means = fiscal(days, lengths, income, season, values)
    debt = interpolated("marketable_debt", days)
    bills = interpolated("bills_outstanding", days) + interpolated("mmf_coupons", days)
    deficits = (values["purchases_share"] + values["transfers_share"]) * income + spread_over_quarters("debt_interest", days)
    deficits = deficits - spread_over_quarters("remittances_received", days) - taxes * income * season
    share = bill_share(days, lengths, opening["deficit_average"], deficits, bills, debt, values["bill_drift"])
    paths = {
        "growth": growth,
        "loan_growth": growth + values["loan_growth"] - values["growth"],
        "tax_rate": taxes,
        "other_means_share": means,
        "bill_share": share,
        "tga_floor": treasury_cash(days),
        "discount_window_base": interpolated("emergency_credit", days) / income,
        **fed_portfolio_parameters(days, lengths),
    }
    shocks = {
        "issuance_surprise": -taxes * income * (season - 1.0),
        "settlement_season": np.ones(len(days)),
        "shutdown": np.zeros(len(days)),
        **fed_purchases(days, lengths),
    }
    return Replay(shocks, paths)


def interpolated_income(days: list[date]) -> Floats:
    """Nominal GDP on some days, growing at an even rate within a quarter."""
    known, figures = dated("gdp")
    return np.exp(np.interp([day.toordinal() for day in days], [day.toordinal() for day in known], np.log(figures)))


def rate_of_growth(level: Floats, lengths: Floats) -> Floats:
    """Annual log growth in each period; the opening has the first period's."""
    rates = np.diff(np.log(level)) / lengths[1:]
    return np.concatenate([rates[:1], rates])


def change(level: Floats, lengths: Floats) -> Floats:
    """Annual rate of change in each period, zero in the opening."""
    return np.concatenate([[0.0], np.diff(level) / lengths[1:]])


def quarter_end(day: date) -> date:
    """The last day of the quarter that a day belongs to."""
    month = 3 * ((day.month + 2) // 3)
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def spread_over_quarters(series: str, days: list[date]) -> Floats:
    """A flow by quarter as an annual rate in the periods that end in it."""
    known, figures = dated(series)
    table = dict(zip(known, figures, strict=True))
    return np.array([4.0 * table[quarter_end(day)] for day in days])


def treasury_cash(days: list[date]) -> Floats:
    """The Treasury's account between its Wednesday levels and, where published, those of quarter-ends."""
    points = dict(zip(*history("tga"), strict=True)) | dict(zip(*dated("tga_quarter_end"), strict=True))
    known = sorted(points)
    found: Floats = np.interp([day.toordinal() for day in days], [day.toordinal() for day in known], [points[day] for day in known])
    return found


def other_means(day: date) -> float:
    """Cash used beside the deficit in a quarter, annual rate: net borrowing less the deficit less the rise of the account."""
    first = quarter_end(day)
    before = quarter_end(first.replace(day=1) - timedelta(days=80))
    borrowed = published("marketable_debt", first) - published("marketable_debt", before)
    cash = treasury_cash([before, first])
    return 4.0 * (borrowed - published("federal_deficit", first) - float(cash[1] - cash[0]))


def fiscal(days: list[date], lengths: Floats, income: Floats, season: Floats, values: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Receipts over GDP that give each quarter its published primary deficit, and other means over GDP.

    A quarter without receipts, such as an opening on a Saturday of the daily clock, has the ratio of even receipts.
    """
    primary = spread_over_quarters("federal_deficit", days) - spread_over_quarters("debt_interest", days)
    primary = primary + spread_over_quarters("remittances_received", days)
    means = np.array([other_means(day) for day in days]) / income
    spending = (values["purchases_share"] + values["transfers_share"]) * income
    quarters = [quarter_end(day) for day in days]
    taxes = np.empty(len(days))
    for quarter in dict.fromkeys(quarters):
        own = np.array([q == quarter for q in quarters])
        own[0] = own[0] and not own[1:].any()
        base = float((income * season * lengths)[own].sum()) or float((income * lengths)[own].sum())
        rate = float(((spending - primary) * lengths)[own].sum()) / base
        taxes[[q == quarter for q in quarters]] = rate
    return taxes, means


def bill_share(days: list[date], lengths: Floats, average: float, deficits: Floats, bills: Floats, debt: Floats, drift: float) -> Floats:
    """The share of bills at which the Treasury's rule issues the published coupons, half-year by half-year."""
    half_years = [date(year, month, last) for year in range(days[0].year - 1, days[-1].year + 2) for month, last in ((6, 30), (12, 31))]
    coupons = interpolated("marketable_debt", half_years) - interpolated("bills_outstanding", half_years)
    coupons = coupons - interpolated("mmf_coupons", half_years)
    places = np.searchsorted([day.toordinal() for day in half_years], [day.toordinal() for day in days])
    issued = 2.0 * np.diff(coupons)[places - 1]
    share = np.empty(len(days))
    for t in range(len(days)):
        back = max(t - 1, 0)
        share[t] = (average + drift * bills[back] - issued[t]) / (average + drift * debt[back])
        average += (deficits[t] - average) * -np.expm1(-lengths[t]) if t else 0.0
    return np.clip(share, 0.0, 1.0)


def fed_portfolio_parameters(days: list[date], lengths: Floats) -> Paths:
    """Principal paid on the Fed's agency pool, as a rate."""
    pool = interpolated("fed_agency_mbs", days)
    return {"fed_agency_paydown_rate": np.maximum(-rate_of_growth(pool, lengths), 0.0)}


def fed_purchases(days: list[date], lengths: Floats) -> Paths:
    """The Fed's outright purchases of the last months of its programme, and bills let run off to fill the caps."""
    early = np.array([day <= TAPER_END for day in days])
    treasuries = np.where(early, np.maximum(change(interpolated("fed_treasuries", days), lengths), 0.0), 0.0)
    agency = np.maximum(change(interpolated("fed_agency_mbs", days), lengths), 0.0)
    bills = np.minimum(change(interpolated("fed_bills", days), lengths), 0.0)
    return {"qe_notes": NOTE_PART * treasuries, "qe_bonds": (1 - NOTE_PART) * treasuries, "qe_agency": agency, "qe_bills": bills}


def funds_demand(days: list[date], income: Floats, opening: Mapping[str, float], values: Mapping[str, float]) -> Paths:
    """Levered demand: asset managers' futures over what follows coupons in private hands, funds' other leg, foreign borrowers' repo."""
    futures, book = interpolated("futures_net_short", days), interpolated("hedge_fund_treasuries", days)
    coupons = interpolated("marketable_debt", days) - interpolated("bills_outstanding", days) - interpolated("mmf_coupons", days)
    official = opening["notes__treasury__foreign_official__face"] + opening["bonds__treasury__foreign_official__face"]
    private = coupons - interpolated("fed_treasuries", days) + interpolated("fed_bills", days) - official
    equity = interpolated("relative_value_assets", days)
    ratio = (book - futures) / equity
    foreign = interpolated("foreign_dvp_repo", days) / income
    shift = (futures - futures[0] * private / private[0]) / income
    return {
        "futures_demand_shift": shift,
        "hf_spread_ratio": values["hf_spread_ratio"] * ratio / ratio[0],
        "repo_dvp_row_ratio": values["repo_dvp_row_ratio"] * foreign / foreign[0],
    }
