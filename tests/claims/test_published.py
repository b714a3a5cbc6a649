"""Calculations over published series against arithmetic done by hand on the figures of the publications."""

from __future__ import annotations

import pytest

from dollarflow.claims.calculations import CALCULATIONS
from dollarflow.experiments.bench import Bench

BY_HAND = {
    "m2_increase_of_the_essays_own_figures": 200.0,
    "debt_increase_of_the_essays_own_figures": 240.0,
    "m2_increase_in_fifteen_years": (20777.9 / 8204.7 - 1) * 100,
    "debt_increase_in_fifteen_years": (34001.494 / 10699.805 - 1) * 100,
    "hikes": 11,
    "highest_ten_year_close": 4.98,
    "highest_fed_treasuries": 5.7714,
    "highest_fed_assets": 8.9655,
    "fall_of_fed_assets": 6.5358 - 8.9655,
    "fed_income_2023": -114.3,
    "loss_that_is_not_carry": (1 - (281.1 - 174.5) / 114.3) * 100,
    "remitted_share": (79.6 + 117.1 + 54.9 + 109.0 + 76.0) / (81.4 + 100.3 + 55.5 + 107.9 + 58.8) * 100,
    "surplus_years": 4,
    "surplus_years_from_1969": 5,
    "deficit_2025": 710.945 + 596.187 + 30.594 + 437.985,
    "issuance_less_deficit_2025": 29704.2 - 27744.8 - 1775.7,
    "four_banks_share_of_the_essay": 300 / 19.92,
    "cayman_share_of_coupons": 1200 / (28280.7 - 6186.9 - 22591.3 + 3770.3) * 100,
    "cayman_share_of_all": 1200 / (28280.7 - 22591.3) * 100,
    "own_money_share": 196 / 23.75,
    "repo_volume_per_debt": (3485 - 1000) / (30870.7131 - 16120.742),
    "sofr_over_upper_halloween": 22,
    "sofr_over_upper_2019": 300,
    "effr_over_upper_halloween": -14,
    "on_rrp_rate_over_lower_2024": 5,
    "iorb_over_on_rrp": 15,
    "srf_over_iorb": 10,
    "days_of_sofr_above_upper": 17,
    "srf_at_year_end": 74.6,
    "on_rrp_at_year_end": 105.993,
    "srf_limit": 500,
    "tga_over_plan": 983.859 - 850,
    "inflation_of_the_first_programmes": ((236.252 / 211.398) ** (1 / 6) - 1) * 100,
}


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_a_published_number(name: str, expected: float) -> None:
    found = CALCULATIONS[name].function(Bench())
    assert found == pytest.approx(expected, rel=2e-3, abs=0.05)


def test_units_and_words_are_given() -> None:
    for item in CALCULATIONS.values():
        assert item.unit in {"1", "%", "pp", "bp", "bn", "USD tn", "days"}
        assert len(item.words.split()) > 3
