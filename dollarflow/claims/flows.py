"""Calculations over published holdings and purchases: who holds the debt, who bought it, whose dollars."""

from __future__ import annotations

import numpy as np

from calibration.context import context, figures
from calibration.published import dated, published

RESIDENTS = ("households_nonprofits", "insurers_pensions", "mutual_funds_etfs")
ESSAY_FISCAL = 1992.0
"""Net issue of fiscal 2025 in the second essay, USD bn."""
BOUGHT_BY_FOUR_BANKS = 300.0
START, END = "2021-12-31", "2024-12-31"
QUARTERS = 18
"""Quarter-ends from September 2021 to December 2025."""


def foreign_share_change() -> float:
    """Change of foreigners' share in the debt held by the public, end of 2013 to end of 2023."""
    days = ("2013-12-31", "2023-12-31")
    first, last = (100.0 * context("foreign_treasuries", day) / context("debt_held_by_public", day) for day in days)
    return last - first


def foreign_holdings_change() -> float:
    """Change of all foreigners' Treasuries, end of 2021 to September 2025."""
    return context("foreign_treasuries", "2025-09-30") - context("foreign_treasuries", START)


def dollar_share_of_reserves() -> float:
    """The dollar's share of official foreign-exchange reserves, September 2025."""
    return context("reserves_usd_share", "2025-09-30")


def residents_share_of_issuance() -> float:
    """Part of net issue that residents bought outside banks and money funds, 2023 to 2025."""
    years = [f.date.isoformat() for f in figures("bought__everybody")]
    bought = sum(context(f"bought__{sector}", year) for sector in RESIDENTS for year in years)
    return 100.0 * bought / sum(context("bought__everybody", year) for year in years)


def money_funds_share_of_issuance() -> float:
    """Part of net issue that money funds bought, 2023 to 2025."""
    years = [f.date.isoformat() for f in figures("bought__everybody")]
    return 100.0 * sum(context("bought__mmfs", y) for y in years) / sum(context("bought__everybody", y) for y in years)


def banks_purchases_2025() -> float:
    """Treasuries bought by all banks in 2025."""
    return context("bought__banks", "2025-12-31")


def four_banks_share_of_the_essay() -> float:
    """The essay's purchases of four banks over its net issue of fiscal 2025."""
    return 100.0 * BOUGHT_BY_FOUR_BANKS / ESSAY_FISCAL


def banks_share_of_issuance_2025() -> float:
    """Part of 2025's net issue that banks bought."""
    return 100.0 * banks_purchases_2025() / context("bought__everybody", "2025-12-31")


def coupons(day: str) -> float:
    """Marketable debt other than bills, USD bn."""
    return published("marketable_debt", day) - published("bills_outstanding", day)


def cayman_purchases() -> float:
    """Change of Cayman hedge funds' Treasuries, end of 2021 to end of 2024."""
    return context("cayman_treasuries", END) - context("cayman_treasuries", START)


def cayman_share_of_coupons() -> float:
    """Cayman hedge funds' purchases over the net issue of notes and bonds, 2022 to 2024."""
    return 100.0 * cayman_purchases() / (coupons(END) - coupons(START))


def cayman_share_of_all() -> float:
    """Cayman hedge funds' purchases over the net issue of all marketable debt, 2022 to 2024."""
    return 100.0 * cayman_purchases() / (published("marketable_debt", END) - published("marketable_debt", START))


def cayman_unseen_share() -> float:
    """Part of Cayman hedge funds' Treasuries that the official statistics of foreign holdings miss, end of 2024."""
    return 100.0 * context("cayman_undercount", END) / context("cayman_treasuries", END)


def own_money_share() -> float:
    """Relative-value funds' net assets over hedge funds' Treasuries, end of 2025."""
    return 100.0 * published("relative_value_assets", "2025-12-31") / published("hedge_fund_treasuries", "2025-12-31")


def repo_volume_per_debt() -> float:
    """Rise of SOFR's volume per dollar of debt held by the public, December 2018 to December 2025."""
    first, last = "2018-12-31", "2025-12-31"
    debt = context("debt_held_by_public", last) - context("debt_held_by_public", first)
    return (context("sofr_volume", last) - context("sofr_volume", first)) / debt


def repo_volume_moves_with_debt() -> float:
    """Correlation of quarterly changes of DVP volume and of marketable debt, 2021 to 2025."""
    days, debt = dated("marketable_debt")
    days, debt = days[-QUARTERS:], debt[-QUARTERS:]
    volume = np.array([context("dvp_volume", day.isoformat()) for day in days])
    return float(np.corrcoef(np.diff(volume), np.diff(debt))[0, 1])


def repo_volume_moves_with_funds() -> float:
    """Correlation of quarterly changes of DVP volume and of hedge funds' repo, 2021 to 2025."""
    days, repo = dated("hf_repo")
    volume = np.array([context("dvp_volume", day.isoformat()) for day in days])
    return float(np.corrcoef(np.diff(volume), np.diff(repo))[0, 1])


def fed_less_largest_foreign_country() -> float:
    """The Fed's Treasuries less those of Japan, the largest foreign country, end of 2025."""
    return published("fed_treasuries", "2025-12-31") - context("japan_treasuries", "2025-12-31")


def fed_less_largest_other_sector() -> float:
    """The Fed's Treasuries less those of the largest other domestic sector, end of 2023, market value."""
    domestic = ("banks", "dealers", "insurers", "mmfs", "mutual_funds_etfs", "nonfinancial_business", "pensions", "households")
    return context("held__fed", "2023-12-31") - max(context(f"held__{name}", "2023-12-31") for name in domestic)


def fed_less_all_foreigners() -> float:
    """The Fed's Treasuries less those of all foreigners, end of 2023, market value."""
    return context("held__fed", "2023-12-31") - context("held__foreign", "2023-12-31")


FIGURES = (
    (foreign_share_change, "pp"),
    (foreign_holdings_change, "bn"),
    (dollar_share_of_reserves, "%"),
    (residents_share_of_issuance, "%"),
    (money_funds_share_of_issuance, "%"),
    (banks_purchases_2025, "bn"),
    (four_banks_share_of_the_essay, "%"),
    (banks_share_of_issuance_2025, "%"),
    (cayman_purchases, "bn"),
    (cayman_share_of_coupons, "%"),
    (cayman_share_of_all, "%"),
    (cayman_unseen_share, "%"),
    (own_money_share, "%"),
    (repo_volume_per_debt, "1"),
    (repo_volume_moves_with_debt, "1"),
    (repo_volume_moves_with_funds, "1"),
    (fed_less_largest_foreign_country, "bn"),
    (fed_less_largest_other_sector, "bn"),
    (fed_less_all_foreigners, "bn"),
)
"""What claims may name, with units."""
