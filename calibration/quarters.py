"""Figures of any quarter-end from 2018-06-30 to 2025-12-31: as published where compiled, else between the nearest balanced days.

A figure that no publication compiled here gives is taken between the nearest days with balance sheets, over GDP; it is marked as an
assumption, named in its source, and its deviation grows with what it could have been.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from calibration.credit import emergency_credit
from calibration.newer import IN_USE, cached_in_use, series
from calibration.policy import average, in_force
from calibration.restating import NOTE_SHARE, compiled_figures, restated, restated_level
from calibration.tables import Basis, DataError, Level, Observation, Published, levels, observations

FIRST, LAST = date(2018, 6, 30), date(2025, 12, 31)
FED_TREASURIES = "Treasuries held by fed"
TREASURY_CURRENCY = 52.0
CREDIT = "discount_window"
WIDE = {"other held by fed": 400.0, CREDIT: 1.0}
"""Facilities and swaps from March 2020 to the end of 2021 are among the Fed's other assets; other emergency credit is banks' debt."""
EXACT = ("on_rrp", "on_rrp held by mmf", "srf")
LEAST, PART, MOVE = 1.0, 0.03, 0.25
AGED_PART, AGED = 0.1, 20.0
"""What a figure with a balanced day on one side only may have moved by in a year: a part of itself and USD bn."""
YEAR_DAYS = 365.25
TIMING = {
    "reserves": 150.0,
    "tga": 60.0,
    "fed total assets": 10.0,
    "currency": 5.0,
    "deposits": 40.0,
    "loans": 20.0,
    "mmf_shares": 10.0,
    CREDIT: 10.0,
}
"""Deviations, USD bn, of Wednesday levels that stand for a quarter-end, and of bank and fund totals; others are LEAST."""
DIRECT = (
    "reserves",
    "tga",
    "currency",
    "srf",
    "on_rrp",
    "foreign_repo_pool",
    "agency held by fed",
    "deposits",
    "mmf_shares",
    "tri-party repo of mmf",
    "loans",
    "hedge_fund_equity",
)
DAILY = {"sofr": "sofr", "effr": "effr", "iorb": "iorb", "triparty_rate": "tgcr", "dvp_rate": "dvp_rate", "bill_rate": "yield_3m"}
POLICY = ("rate_lower", "rate_upper", "on_rrp_rate")
RECENT = 20
BILL_DAYS = 91


def is_end_of_quarter(day: date) -> bool:
    """Whether a day is the last of a quarter."""
    return day.month % 3 == 0 and (day + timedelta(days=1)).day == 1


def is_quarter_end(day: date) -> bool:
    """Whether a day is a quarter-end that figures can be made for."""
    return FIRST <= day <= LAST and is_end_of_quarter(day)


def quarter_ends() -> tuple[date, ...]:
    """Every quarter-end that figures can be made for."""
    ends = (date(year, month, 1) - timedelta(days=1) for year in range(FIRST.year, LAST.year + 2) for month in (1, 4, 7, 10))
    return tuple(day for day in ends if FIRST <= day <= LAST)


@cached_in_use
def compiled(series: str) -> Mapping[date, Published]:
    """The published figures of a series by quarter-end, those of a caller's files over the compiled ones."""
    found = compiled_figures(series)
    stated = IN_USE.get().figures.get(series, {})
    return {
        day: row.model_copy(update={"value": stated[day].value, "source": stated[day].source}) if day in stated else row
        for day, row in found.items()
    }


def income(day: date) -> float:
    """GDP of the quarter around a day, on the straight line between quarters, USD bn per year."""
    known = sorted(compiled("gdp").items())
    return float(np.interp(day.toordinal(), [d.toordinal() for d, _ in known], [row.value for _, row in known]))


def neighbours(day: date) -> tuple[date, date, float]:
    """The balanced days around a day and the weight of the later one; the nearest one twice outside them.

    Observations in use that end on a day leave only the balanced days up to it, if there are any.
    """
    known, until = sorted({item.date for item in observations()}), IN_USE.get().until
    if until is not None and known[0] <= until:
        known = [d for d in known if d <= until]
    earlier, later = [d for d in known if d < day], [d for d in known if d > day]
    one, two = (earlier or later)[-1 if earlier else 0], (later or earlier)[0 if later else -1]
    return one, two, (day - one).days / (two - one).days if two > one else 0.0


@cached_in_use
def stated(day: date) -> dict[str, tuple[float, Basis, str]]:
    """What publications say of a quarter-end, by the figures' names: value, basis, source."""
    found: dict[str, tuple[float, Basis, str]] = {}

    def there(*names: str) -> bool:
        return all(day in compiled(name) for name in names)

    def value(name: str) -> float:
        return compiled(name)[day].value

    for name in DIRECT:
        if there(name):
            row = compiled(name)[day]
            found[name] = (row.value, row.basis, row.source)
    if there("on_rrp", "on_rrp held by mmf"):
        least = min(value("on_rrp"), value("on_rrp held by mmf"))
        found["on_rrp held by mmf"] = (least, "published", compiled("on_rrp held by mmf")[day].source)
    if there("fed total assets"):
        book = value("fed total assets") + TREASURY_CURRENCY - premium(day)
        found["fed total assets"] = (book, "derived", "H.4.1 with Treasury currency (set), less premiums on its Treasuries")
    credit = emergency_credit(day)
    if credit is not None:
        found[CREDIT] = (credit[0], "derived", credit[1])
    if there("fed_treasuries"):
        found[FED_TREASURIES] = (value("fed_treasuries"), "published", compiled("fed_treasuries")[day].source)
    if there("mmf_bills", "mmf_treasuries", "bills"):
        short = value("mmf_treasuries") - value("mmf_bills")
        found["bills held by mmf"] = (value("mmf_treasuries"), "derived", "Z.1: bills and coupons of money funds")
        found["bills outstanding, with coupons of money funds"] = (
            value("bills") + short,
            "derived",
            "MSPD, and Z.1 coupons of money funds",
        )
        if there("coupons"):
            rest = value("coupons") - short
            found["notes outstanding"] = (NOTE_SHARE * rest, "derived", "MSPD coupons less money funds'; class share set")
            found["bonds outstanding"] = ((1 - NOTE_SHARE) * rest, "derived", "MSPD coupons less money funds'; class share set")
    return found


def premium(day: date) -> float:
    """Unamortised premiums on the Fed's Treasuries, over GDP between the nearest balanced days, USD bn."""
    one, two, weight = neighbours(day)
    known = {item.date: item.value for item in levels() if item.variable == "fed_premium"}
    return income(day) * ((1 - weight) * known[one] / income(one) + weight * known[two] / income(two))


@cached_in_use
def quarter_figures(day: date) -> tuple[Observation, ...]:
    """The figures of a quarter-end without balance sheets of its own.

    Raises
    ------
    DataError
        A day that is no quarter-end of the compiled years.
    """
    if not is_quarter_end(day):
        raise DataError(f"{day.isoformat()} is no quarter-end from {FIRST.isoformat()} to {LAST.isoformat()}")
    one, two, weight = neighbours(day)
    first = {item.figure: restated(item) for item in observations() if item.date == one}
    second = {item.figure: restated(item) for item in observations() if item.date == two}
    said = stated(day)
    found = []
    for name, item in first.items():
        other = second.get(name, item)
        if item.parts != other.parts or item.base != other.base:
            other = item
        update: dict[str, object] = {"date": day, "timing": "quarter-end"}
        if name in said:
            value, basis, source = said[name]
            std = 0.0 if name in EXACT else max(TIMING.get(name, LEAST), min(item.std_usd_bn, other.std_usd_bn))
            update |= {"value": value, "basis": basis, "source": source, "confidence": "high" if basis == "published" else "medium"}
        else:
            scale = (1.0, 1.0) if item.base else (income(day) / income(one), income(day) / income(two))
            ends = (item.value * scale[0], other.value * scale[1])
            value = (1 - weight) * ends[0] + weight * ends[1]
            size = max(item.std_usd_bn, other.std_usd_bn)
            age = abs((day - one).days) / YEAR_DAYS if two == one else 0.0
            moved = age * (AGED_PART * abs(value) + AGED) + MOVE * abs(ends[1] - ends[0])
            apart = 0.0 if item.base else math.hypot(moved, PART * value)
            none = value == 0.0 and size == 0.0
            std = 0.0 if none else WIDE.get(name, max(math.hypot(size, apart), LEAST))
            where = f"{one.isoformat()} and {two.isoformat()}" if two > one else one.isoformat()
            update |= {"value": value, "basis": "assumption", "confidence": "low"}
            update |= {"source": f"{'ratio' if item.base else 'over GDP'}, from the figures of {where}"}
        found.append(item.model_copy(update={**update, "std_usd_bn": std}))
    return (*found, *fed_treasuries(day, found))


def fed_treasuries(day: date, found: Sequence[Observation]) -> tuple[Observation, ...]:
    """The Fed's Treasuries of all kinds as a figure beside those of bills and coupons, which are not published for every quarter."""
    if FED_TREASURIES not in stated(day):
        return ()
    value, basis, source = stated(day)[FED_TREASURIES]
    parts = "bills__treasury__fed + notes__treasury__fed__face + bonds__treasury__fed__face"
    like = next(item for item in found if not item.base)
    update = {"figure": FED_TREASURIES, "parts": parts, "value": value, "basis": basis, "source": source}
    return (like.model_copy(update={**update, "std_usd_bn": LEAST, "confidence": "high", "unit": "USD bn"}),)


def missing(day: date) -> tuple[str, ...]:
    """The figures of a quarter-end that no compiled publication gives."""
    return tuple(item.figure for item in quarter_figures(day) if item.basis == "assumption")


def not_compiled(day: date) -> tuple[str, ...]:
    """What the first quarter-end has and an earlier one lacks: names of figures, and of daily rates that were not published yet."""
    figures = [name for name in stated(FIRST) if name not in stated(day)] if day in compiled("gdp") else list(stated(FIRST))
    return (*figures, *(name for name, daily in DAILY.items() if series(daily)[0][0] > day))


@cached_in_use
def quarter_levels(day: date) -> dict[str, float]:
    """Rates, income and fiscal figures of a quarter-end: published rates of the day, the rest between the nearest balanced days."""
    one, two, weight = neighbours(day)

    def known(when: date) -> dict[str, Level]:
        rows = (item for item in levels() if item.date == when)
        return {item.variable: item.model_copy(update={"value": restated_level(item)}) for item in rows}

    first, second = known(one), known(two)
    found: dict[str, float] = {}
    for name, item in first.items():
        other = second.get(name, item)
        scale = (income(day) / income(one), income(day) / income(two)) if item.unit.startswith("USD bn") else (1.0, 1.0)
        found[name] = (1 - weight) * item.value * scale[0] + weight * other.value * scale[1]
    found |= {name: in_force(name, day) for name in POLICY}
    found |= {name: last_rate(daily, day) for name, daily in DAILY.items()}
    two_year, ten_year = last_rate("yield_2y", day), last_rate("yield_10y", day)
    ends = [(when, held["yield_bonds"].value - last_rate("yield_10y", when)) for when, held in ((one, first), (two, second))]
    found["yield_notes"] = two_year + (ten_year - two_year) / 3
    found["yield_bonds"] = ten_year + (1 - weight) * ends[0][1] + weight * ends[1][1]
    found["srf_rate"] = found["dw_rate"] = found["rate_upper"]
    found["frp_rate"] = found["on_rrp_rate"]
    found["gdp"] = income(day)
    past = sorted(d for d in compiled("deficit") if d <= day)[-4:]
    found["deficit_average"] = math.fsum(compiled("deficit")[d].value for d in past)
    before = sorted(d for d in compiled("deposits") if d <= day)[-4:]
    found["deposits_average"] = math.fsum(compiled("deposits")[d].value for d in before) / len(before)
    found["loan_rate"] = 0.0224 + (found["iorb"] + found["yield_notes"]) / 2
    found["spread_average"] = recent_spread(day)
    found["priced_move"] = priced_move(day, found)
    return found


def last_rate(name: str, day: date) -> float:
    """The last published value of a daily rate on or before a day, as a decimal."""
    days, values = series(name)
    return float(values[bisect_right(days, day) - 1]) / 100


def priced_move(day: date, rates: Mapping[str, float]) -> float:
    """Policy moves of the three months to come that the day's bill rate already carries, as a decimal.

    It is the average change of the target range over those months, as far as bills lie on that side of overnight money: increases that
    were expected make bills yield more, and emergency cuts that nobody expected do not count.
    """
    change = average("rate_upper", day, day + timedelta(days=BILL_DAYS)) - in_force("rate_upper", day)
    shown = rates["bill_rate"] - rates["iorb"] - rates["spread_average"]
    return min(change, shown) if change > 0 < shown else max(change, shown) if change < 0 > shown else 0.0


def recent_spread(day: date) -> float:
    """The mean of SOFR less IORB over the twenty business days up to a day, as a decimal."""
    sofr, iorb = (dict(zip(*series(name), strict=True)) for name in ("sofr", "iorb"))
    days = sorted(d for d in sofr if d <= day and d in iorb)[-RECENT:]
    return math.fsum(float(sofr[d] - iorb[d]) for d in days) / len(days) / 100
