"""The Fed alone: its equations taken out of the economy, with stocks, rates and portfolio decisions given as published."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from calibration.history import history
from calibration.parameters import load_parameters
from calibration.published import dated, interpolated
from calibration.tables import observations
from equations.coupons import CLASSES
from equations.dollar_system import dollar_system
from model.language.symbols import Variable
from model.language.system import System
from model.periods.path import Path
from model.solving.solver import Options, solve

Floats = NDArray[np.float64]
TARGETS = ("fed_net_income", "fed_interest_income", "fed_interest_expense", "deferred_asset", "fed_remittance", "fed_unrealised")
STOCKS = (
    "reserves__fed__banks",
    "on_rrp__fed__mmf",
    "on_rrp__fed__private",
    "foreign_repo_pool__fed__foreign_official",
    "fed_other_deposits__fed__private",
    "bills__treasury__fed",
    "other__private__fed",
    "srf__banks__fed",
    "srf__foreign_official__fed",
    "discount_window__banks__fed",
)
RATES = (
    "iorb",
    "on_rrp_rate",
    "frp_rate",
    "other_deposit_rate",
    "srf_rate",
    "dw_rate",
    "bill_average_rate",
    "agency_rate",
    "other_rate",
    "yield_notes",
    "yield_bonds",
)
TRADES = (
    *(f"{k}__treasury__fed__{leg}" for k in CLASSES for leg in ("bought", "sold_face", "sold_coupon", "secondary", "share")),
    *(f"{k}__treasury__pool_{leg}" for k in CLASSES for leg in ("face", "coupon", "bought")),
)
GIVEN = (*STOCKS, *RATES, *TRADES, "gdp", "trend_gdp", "fed_agency_bought", "pay__fee____foreign_official__fed")
QUARTER = 0.25
MONEY_MARKET_YEAR = 365 / 360
RANGE, RRP_ABOVE, LIFT_OFF = 0.0025, 0.0005, date(2015, 12, 31)
FIRST, LAST = date(2013, 12, 31), date(2025, 12, 31)
WEEKLY_SINCE = date(2018, 6, 30)
LAST_REINVESTED = date(2022, 9, 30)
"""Principal of agency securities was put into new ones until September 2022."""
EXPECTED_INFLATION = 0.02
"""What nominal coupons already hold: the Committee's goal since 2012."""


def fed_alone() -> System:
    """The equations that the Fed's income, book and deferred asset need, with everything else exogenous."""
    whole = dollar_system()
    by_left = {e.left.base: e for e in whole.equations if isinstance(e.left, Variable)}
    outside, needed = set(GIVEN) | set(whole.given), list(TARGETS)
    kept, given = {}, {}
    while needed:
        name = needed.pop()
        if name in kept or name in given:
            continue
        if name in outside:
            given[name] = whole.variables[name]
            continue
        kept[name] = by_left[name]
        needed += [s.base for s in by_left[name].right.free_symbols if isinstance(s, Variable)]
    equations = tuple(kept[name] for name in sorted(kept))
    factors = {f.base for e in equations if (f := e.add_factor) is not None}
    return System("the Fed alone", equations, tuple(given[name] for name in sorted(given) if name not in factors))


def quarters() -> tuple[date, ...]:
    """Quarter-ends of the replay."""
    return tuple(day for day in dated("fed_treasuries")[0] if FIRST <= day <= LAST)


def ahead(values: Floats) -> Floats:
    """A series moved one quarter back: what is given for a period's opening is the average of the period."""
    return np.append(values[1:], values[-1])


def rates(days: tuple[date, ...]) -> dict[str, Floats]:
    """Administered rates and yields, decimals per year; those that accrue on opening stocks are averages of the period that follows.

    Before 2018 interest on reserves was the top of the target range, and the ON RRP rate its bottom, 5 bp above it until lift-off.
    What the Fed pays accrues on a year of 360 days.
    """
    level = {f"yield_{term}_average": interpolated(f"yield_{term}_average", days) / 100 for term in ("3m", "2y", "10y", "30y")}
    upper = interpolated("target_upper_average", days) / 100
    early = np.array([day < dated("iorb_average")[0][0] for day in days])
    iorb = np.where(early, upper, interpolated("iorb_average", days) / 100)
    near_zero = np.array([day < LIFT_OFF for day in days])
    lower = upper - RANGE + np.where(near_zero, RRP_ABOVE, 0.0)
    rrp = np.where(early, lower, interpolated("on_rrp_rate_average", days) / 100)
    bonds = (level["yield_10y_average"] + level["yield_30y_average"]) / 2
    return {
        "iorb": ahead(iorb) * MONEY_MARKET_YEAR,
        "on_rrp_rate": ahead(rrp) * MONEY_MARKET_YEAR,
        "frp_rate": ahead(rrp) * MONEY_MARKET_YEAR,
        "other_deposit_rate": load_parameters()["clearing_deposit_share"] * ahead(iorb) * MONEY_MARKET_YEAR,
        "srf_rate": ahead(upper),
        "dw_rate": ahead(upper),
        "bill_average_rate": ahead(level["yield_3m_average"]),
        "other_rate": ahead(np.zeros(len(days))),
        "agency_rate": bonds + load_parameters()["agency_spread"],
        "yield_notes": level["yield_2y_average"] * 2 / 3 + level["yield_10y_average"] / 3,
        "yield_bonds": bonds,
    }


def other_deposits(days: tuple[date, ...]) -> Floats:
    """Deposits of agencies and clearing houses at the Fed between the days with balance sheets, as on the first one before them; bn."""
    known = sorted((item.date, item.value) for item in observations() if item.figure == "fed_other_deposits")
    return np.interp([day.toordinal() for day in days], [day.toordinal() for day, _ in known], [value for _, value in known])


def average_reserves(days: tuple[date, ...]) -> Floats:
    """Reserves averaged over the quarters that end on some days, bn: the published weeks, before 2018 the last week of the quarter."""
    last_weeks = interpolated("reserves_average", days)
    known, weekly = history("reserves_week_average")
    weeks = [day.toordinal() for day in known]
    found = []
    for start, end, last_week in zip((FIRST, *days), days, last_weeks.tolist(), strict=False):
        inside = np.arange(start.toordinal() + 1, end.toordinal() + 1)
        places = np.minimum(np.searchsorted(weeks, inside), len(weeks) - 1)
        found.append(float(weekly[places].mean()) if end >= WEEKLY_SINCE else last_week)
    return np.array(found)


def paydowns(days: tuple[date, ...], usual: float) -> Floats:
    """Principal paid on the agency pool, as a rate: the assumed one while it was reinvested, what the pool fell by since."""
    pool = interpolated("fed_agency_mbs", days)
    fallen = np.concatenate([[usual], -np.diff(np.log(pool)) / QUARTER])
    return np.where([day > LAST_REINVESTED for day in days], fallen, usual)


def compensation(days: tuple[date, ...]) -> Floats:
    """Inflation compensation on the Fed's indexed securities beyond what nominal coupons hold, by quarter, bn a year.

    Prices count with the lag of three months that the securities have. Holdings are those of H.4.1 at the ends of 2021 and 2024; before,
    they are the same share of its Treasuries.
    """
    known, prices = dated("consumer_prices")
    ends = {day: place for place, day in enumerate(known)}
    level = np.log(prices)
    rises = np.array([(level[ends[day] - 1] - level[ends[day] - 2]) / QUARTER for day in days])
    treasuries = interpolated("fed_treasuries", days)
    (first, *_), (indexed, *_) = dated("fed_inflation_indexed")
    share = indexed / float(interpolated("fed_treasuries", [first])[0])
    held = np.where([day < first for day in days], share * treasuries, interpolated("fed_inflation_indexed", days))
    return held * (rises - EXPECTED_INFLATION)


def folded(extra: Floats) -> Floats:
    """Coupons sold in each period, annual dollars: less than nothing where the next period's coupons exceed what is left of this one's.

    Parameters
    ----------
    extra
        Income of each period beyond the coupons', annual rate, shape (periods + 1,).
    """
    ahead_of = ahead(extra)
    left = np.concatenate([[0.0, 0.0], ahead_of[1:-1]]) * math.exp(-load_parameters()["a_bonds"] * QUARTER)
    return left - ahead_of


def replay_income(opening: Mapping[str, float], paydown: float) -> Path:
    """The Fed from the end of 2013 to the end of 2025, quarter by quarter.

    Parameters
    ----------
    opening
        Average coupon and note share of its Treasuries, premium over face, rate of its agency pool.
    paydown
        Principal paid on the agency pool in a year while it was reinvested, as a share; purchases make up the published pool.
    """
    system, days = fed_alone(), quarters()
    numbers = load_parameters()
    count = len(days)
    coupons = interpolated("fed_treasuries", days) - interpolated("fed_bills", days)
    pool = interpolated("fed_agency_mbs", days)
    lengths = np.full(count, QUARTER)
    paid = paydowns(days, paydown)
    bought = np.concatenate([[0.0], pool[1:] - pool[:-1] * np.exp(-paid[1:] * QUARTER)])
    income = interpolated("gdp", days)
    zeros = np.zeros(count)
    given: dict[str, Floats] = {
        **dict.fromkeys(GIVEN, zeros),
        **rates(days),
        "dt": lengths,
        "reserves__fed__banks": ahead(average_reserves(days)),
        "on_rrp__fed__mmf": ahead(interpolated("on_rrp_quarter_average", days)),
        "foreign_repo_pool__fed__foreign_official": ahead(interpolated("foreign_repo_pool", days)),
        "fed_other_deposits__fed__private": ahead(other_deposits(days)),
        "bills__treasury__fed": ahead(interpolated("fed_bills", days)),
        "discount_window__banks__fed": ahead(interpolated("emergency_credit", days)),
        "gdp": income,
        "trend_gdp": income,
        "fed_agency_bought": bought,
        "bonds__treasury__fed__sold_coupon": folded(compensation(days)),
        "qt_cap_treasury": np.concatenate([[0.0], -np.diff(coupons) / QUARTER]),
    }
    face = {"notes": opening["note_share"] * coupons[0], "bonds": (1 - opening["note_share"]) * coupons[0]}
    state = {"agency__private__fed": float(pool[0]), "fed_agency_rate": opening["agency_rate"], "deferred_asset": 0.0}
    state |= {"fed_equity__fed__treasury": opening["capital"], "fed_capital": opening["capital"]}
    for name, amount in face.items():
        key = f"{name}__treasury__fed"
        state |= {f"{key}__face": amount, f"{key}__coupon": opening["coupon"] * amount, key: amount}
        state[f"fed_book__{name}"] = amount * (1 + opening["premium"])
    known = set(system.variables)
    state |= {name: float(series[0]) for name, series in given.items()}
    return solve(
        system,
        {name: value for name, value in state.items() if name in known and name not in system.given},
        parameters={p.name: numbers[p.name] for p in system.parameters},
        exogenous={name: series for name, series in given.items() if name in system.given},
        parameter_paths={"fed_agency_paydown_rate": paid, "fed_opex": interpolated("fed_operating_expense_year", days) / income},
        periods=count - 1,
        dates=days,
        options=Options(tolerance=1e-11),
    )


def by_year(path: Path, name: str) -> dict[int, float]:
    """A flow at annual rate summed over calendar years, bn."""
    found: dict[int, float] = {}
    for day, value in list(zip(path.dates or (), path[name], strict=True))[1:]:
        found[day.year] = found.get(day.year, 0.0) + float(value) * QUARTER
    return found
