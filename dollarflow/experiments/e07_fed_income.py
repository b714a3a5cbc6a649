"""E7: the Fed's income, remittances and deferred asset, 2014 to 2025."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dollarflow.experiments.bench import Bench
from dollarflow.experiments.check import Band, Check, Experiment
from dollarflow.experiments.fed_alone import QUARTER, by_year, replay_income
from model.periods.path import Path

STATEMENTS = "Federal Reserve Banks, annual statements"


def bands(figures: dict[int, float]) -> dict[int, Band]:
    """Five billions round each published figure."""
    return {year: Band(value - 5, value + 5, "bn", "published", f"{STATEMENTS}: {value}, within 5") for year, value in figures.items()}


INCOME = bands({2015: 100.3, 2018: 63.1, 2019: 55.5, 2021: 107.9, 2022: 58.8, 2023: -114.3, 2024: -77.6})
PUBLISHED = {2018: 112.2, 2019: 102.7, 2021: 122.4, 2022: 170.0, 2023: 174.5, 2024: 158.8}
EARNED = bands(PUBLISHED)
PAID = bands({2018: 42.9, 2019: 40.9, 2021: 5.7, 2022: 102.4, 2023: 281.1, 2024: 226.8})
REMITTED = bands({2015: 117.1, 2021: 109.0, 2022: 76.0})
LATEST = Band(223.0, 263.0, "bn", "published", "H.4.1: deferred asset of 243 at the end of 2025")
SHOWN = Band(None, None, "bn", "published", f"{STATEMENTS}; recalled for these years, to be checked")
CARRY = Band(-1e-9, 1e-9, "bn", "identity", "no security is sold, so no gain or loss is realised: the loss is carry")
NOTE_SHARE, AGENCY_RATE, PAYDOWN, CAPITAL = 0.25, 0.03, 0.12, 55.0
PREMIUM = 0.07
INCOME_RATE = 0.027
SURPLUS_2015 = 19.3
"""End of 2013: four fifths of net premiums of 197 over 2,209 of Treasuries; the rate after amortisation is what 2013's income implies."""
AMORTISED = PREMIUM * (NOTE_SHARE * 0.18 + (1 - NOTE_SHARE) * 0.08)
MORTGAGES = (
    "premiums on mortgage securities, 70 bn at the ends of 2020 and 2021 (statements of condition), were written off as households "
    "refinanced, and what was bought earned less than the bond yield and 0.6; here the pool pays 12 % a year whatever rates are"
)
MATURITIES = (
    "of the coupons 15 to 17 % a year matured from 2022 to 2024 (annual reports, table G.1: 650 to 850 bn) and what exceeded the caps was "
    "rolled at new yields; here a fixed 10 to 11 % matures"
)
CAUSES = {2021: MORTGAGES, 2022: MORTGAGES, 2023: MORTGAGES, 2024: MATURITIES}
COUPONS = ("notes__treasury__fed__face", "bonds__treasury__fed__face")
STEEPER = 0.02
"""By how much new yields of 2023 and 2024 exceeded the average coupon of what matured."""


def opening_mean(path: Path, names: Sequence[str], year: int) -> float:
    """The mean over a year's quarters of what a sum of stocks was at their start."""
    places = [place for place, day in enumerate(path.dates or ()) if day.year == year]
    return float(np.mean([sum(path[name][place - 1] for name in names) for place in places]))


def size_of_miss(path: Path, year: int, excess: float) -> str:
    """What a year's interest income beyond the published amounts to on the holdings that its cause is about."""
    if CAUSES[year] is MORTGAGES:
        pool, rate = (opening_mean(path, [name], year) for name in ("agency__private__fed", "fed_agency_rate"))
        return (
            f"; interest income of {year} is {excess:.1f} too large: {100 * excess / pool:.2f} % of the mean pool of {pool:,.0f}, "
            f"which earns {100 * rate:.2f} % here"
        )
    coupons = opening_mean(path, COUPONS, year)
    return (
        f"; interest income of {year} is {-excess:.1f} too small: {-100 * excess / coupons:.2f} % of coupons of {coupons:,.0f}, what "
        f"{-excess / STEEPER:,.0f} more earn that were rolled at yields 2 points higher"
    )


def run(_: Bench) -> list[Check]:
    """Rows of the experiment."""
    path = replay_income(
        {
            "note_share": NOTE_SHARE,
            "coupon": INCOME_RATE + AMORTISED,
            "premium": PREMIUM,
            "agency_rate": AGENCY_RATE,
            "capital": CAPITAL,
        },
        PAYDOWN,
    )
    income, remitted, earned, paid = (
        by_year(path, name) for name in ("fed_net_income", "fed_remittance", "fed_interest_income", "fed_interest_expense")
    )
    causes = {year: text + size_of_miss(path, year, earned[year] - PUBLISHED[year]) for year, text in CAUSES.items()}
    dividends = by_year(path, "pay__dividend____fed__banks")
    before = {year: amount + dividends[year] / QUARTER for year, amount in income.items()}
    gains = max(float(abs(path[f"fed_gain_{kind}"][1:]).max()) for kind in ("notes", "bonds"))
    law = {2015: SURPLUS_2015}
    rows = [
        band.check("E7", str(year), "fed_net_income", before[year], note="before the dividend, as published.", miss=causes.get(year, ""))
        for year, band in INCOME.items()
    ]
    rows += [band.check("E7", str(year), "fed_interest_income", earned[year], miss=causes.get(year, "")) for year, band in EARNED.items()]
    rows += [band.check("E7", str(year), "fed_interest_expense", paid[year]) for year, band in PAID.items()]
    rows += [
        band.check(
            "E7",
            str(year),
            "fed_remittance",
            remitted[year] + law.get(year, 0.0),
            note="with the surplus of 19.3 transferred by the law of December 2015." if year in law else "",
            miss=causes.get(year, ""),
        )
        for year, band in REMITTED.items()
    ]
    rows.append(LATEST.check("E7", "end of 2025", "deferred_asset", float(path["deferred_asset"][-1]), miss=MATURITIES))
    rows += [SHOWN.check("E7", str(year), "fed_net_income", before[year]) for year in income if year not in INCOME]
    rows.append(CARRY.check("E7", "2014 to 2025", "largest realised gain or loss in a quarter", gains))
    return rows


EXPERIMENT = Experiment(
    "E7",
    "The Fed's income, 2014 to 2025",
    "From the end of 2013 the Fed's own equations, with its portfolio, liabilities, rates, expenses and inflation as published: what does "
    "it earn and remit, and is the loss of 2023 carry?",
    run,
)
