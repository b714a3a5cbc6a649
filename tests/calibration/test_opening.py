"""Opening balance sheets against the published figures and sums made anew from the state."""

from __future__ import annotations

import csv
import math
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

import calibration
from calibration import DataError, opening_balance, opening_dates, opening_state
from calibration.adjustments import adjustments_csv
from calibration.opening import linear_form, prices

DAYS = ["2019-06-30", "2021-12-31", "2024-12-31", "2025-09-30", "2025-10-29", "2025-12-31"]
DATA = Path(str(resources.files("calibration"))) / "data"

# H.4.1, MSPD, RRPONTSYD, OFR and H.8 prints, USD bn; coupons and bills as published, money funds' coupons apart.
PRINTS = {
    "2025-10-29": {"reserves": 2827.9, "tga": 983.859, "on_rrp": 19.504, "foreign_repo_pool": 348.0, "debt": 29750.0},
    "2021-12-31": {"reserves": 3655.5, "tga": 406.0, "on_rrp": 1904.6, "foreign_repo_pool": 278.3, "debt": 22591.3},
    "2024-12-31": {"reserves": 2892.4, "tga": 721.9, "on_rrp": 473.5, "foreign_repo_pool": 414.9, "debt": 28280.7},
    "2019-06-30": {"reserves": 1508.451, "tga": 240.909, "on_rrp": 7.784, "foreign_repo_pool": 264.405, "debt": 15647.6},
    "2025-09-30": {"tga": 819.378, "on_rrp": 49.071, "foreign_repo_pool": 380.1, "debt": 29572.0},
    "2025-12-31": {"reserves": 2853.4, "tga": 872.9, "on_rrp": 106.0, "foreign_repo_pool": 356.2, "debt": 30271.4},
}
# Largest distance from H.8 deposits and loans and from fund assets that balancing may open, USD bn.
NEAR = {
    "2025-10-29": {"deposits": 18500.0, "loans": 13300.0, "mmf_shares": 7600.0},
    "2021-12-31": {"deposits": 17897.9, "loans": 10761.6, "mmf_shares": 5228.7},
    "2024-12-31": {"deposits": 17879.1, "loans": 12593.3, "mmf_shares": 7253.4},
    "2019-06-30": {"deposits": 12810.7, "loans": 9828.4, "mmf_shares": 3614.0},
    "2025-09-30": {"deposits": 18414.6, "loans": 13096.9, "mmf_shares": 7771.4},
    "2025-12-31": {"deposits": 18587.7, "loans": 13326.2, "mmf_shares": 8305.5},
}
RELATIVE_VALUE_EQUITY = {
    "2019-06-30": 148.0,
    "2025-09-30": 211.0,
    "2021-12-31": 149.0,
    "2024-12-31": 170.0,
    "2025-10-29": 206.0,
    "2025-12-31": 196.0,
}
GROSS_BOOK = {
    "2019-06-30": 693.0,
    "2025-09-30": 2246.0,
    "2021-12-31": 650.0,
    "2024-12-31": 1850.0,
    "2025-10-29": 2287.0,
    "2025-12-31": 2375.0,
}


def signed_sum(state: dict[str, float], sector: str) -> float:
    """Assets less liabilities, read off the names instrument__issuer__holder."""
    total = 0.0
    for name, value in state.items():
        parts = name.split("__")
        if len(parts) == 3 and parts[0] != "rate":
            total += value * ((parts[2] == sector) - (parts[1] == sector))
    return total


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("dt", [1 / 52, 1 / 12, 1 / 4, 1 / 252, 2 / 365])
def test_banks_and_funds_close_at_market_on_every_clock(day: str, dt: float) -> None:
    state = opening_state(day, dt)
    for sector in ("banks", "mmf", "hedge_funds"):
        assert abs(signed_sum(state, sector)) < 1e-7


@pytest.mark.parametrize("day", DAYS)
def test_fed_closes_at_book(day: str) -> None:
    state = opening_state(day)
    market = state["notes__treasury__fed"] + state["bonds__treasury__fed"]
    book = state["fed_book__notes"] + state["fed_book__bonds"]
    assert abs(signed_sum(state, "fed") - market + book) < 1e-7
    assert state["fed_equity"] == pytest.approx(state["fed_capital"] - state["deferred_asset"], abs=0.5)


@pytest.mark.parametrize("day", DAYS)
def test_whole_system_sums_to_zero(day: str) -> None:
    state = opening_state(day)
    sectors = ("fed", "treasury", "banks", "mmf", "hedge_funds", "foreign_official", "rest_of_world", "private")
    assert abs(math.fsum(signed_sum(state, sector) for sector in sectors)) < 1e-6
    for sector in sectors:
        assert state[f"net_worth__{sector}"] == pytest.approx(signed_sum(state, sector), abs=1e-6)


@pytest.mark.parametrize("day", DAYS)
def test_published_totals_are_kept(day: str) -> None:
    state = opening_state(day)
    for name, value in PRINTS[day].items():
        assert state[name] == pytest.approx(value, abs=0.15), name
    for name, value in NEAR[day].items():
        assert state[name] == pytest.approx(value, rel=0.0025), name


@pytest.mark.parametrize("day", DAYS)
def test_hedge_funds_hold_the_gross_book_near_par_on_the_published_equity(day: str) -> None:
    state = opening_state(day)
    value = state["notes__treasury__hedge_funds"] + state["bonds__treasury__hedge_funds"]
    face = state["notes__treasury__hedge_funds__face"] + state["bonds__treasury__hedge_funds__face"]
    assert face == pytest.approx(GROSS_BOOK[day], rel=0.01)
    assert value == pytest.approx(face, rel=0.002)
    assert state["hedge_fund_equity"] == pytest.approx(RELATIVE_VALUE_EQUITY[day], abs=1.0)


@pytest.mark.parametrize("day", DAYS)
def test_no_holding_is_negative(day: str) -> None:
    for name, value in opening_balance(day).cells.items():
        assert value >= -1e-9 or name.startswith("fed_equity"), name


def test_price_check_of_the_issuer() -> None:
    """Both classes at a 3.2 % coupon, 3.75 % and 4.4 %: .54 of (.032 + .18)/(.0375 + .18) and .46 of (.032 + .08)/(.044 + .08)."""
    state = opening_state("2025-10-29")
    by_hand = 0.54 * (0.032 + 0.18) / (0.0375 + 0.18) + 0.46 * (0.032 + 0.08) / (0.044 + 0.08)
    assert by_hand == pytest.approx(0.942, abs=0.0005)
    ratio = (state["notes"] + state["bonds"]) / (state["notes__face"] + state["bonds__face"])
    assert ratio == pytest.approx(by_hand, abs=0.0005)


def test_average_coupon_of_the_issuer() -> None:
    """Average rate 3.406 % on 29,570 of debt of which 6,400 of bills at 4.2 %, on 23,200 of coupons."""
    state = opening_state("2025-10-29")
    published = (0.03406 * 29570 - 0.042 * 6400) / 23200
    average = (state["notes__coupon"] + state["bonds__coupon"]) / (state["notes__face"] + state["bonds__face"])
    assert average == pytest.approx(published, abs=0.0006)


@pytest.mark.parametrize(
    ("day", "marketable", "rate", "bills", "bill_rate"),
    [("2024-12-31", 28280.7, 0.03336, 6186.9, 0.04586), ("2021-12-31", 22591.3, 0.01432, 3770.3, 0.00071)],
)
def test_average_coupon_from_fiscal_data(day: str, marketable: float, rate: float, bills: float, bill_rate: float) -> None:
    state = opening_state(day)
    published = (rate * marketable - bill_rate * bills) / (marketable - bills)
    average = (state["notes__coupon"] + state["bonds__coupon"]) / (state["notes__face"] + state["bonds__face"])
    assert average == pytest.approx(published, abs=0.0001)


def test_unrealised_loss_of_the_fed_at_the_end_of_2024() -> None:
    """The Reserve Banks reported 1.06 trillion on the whole portfolio, of which about 410 on mortgage securities; within a tenth."""
    state = opening_state("2024-12-31")
    loss = state["notes__treasury__fed"] + state["bonds__treasury__fed"] - state["fed_book__notes"] - state["fed_book__bonds"]
    assert loss - 410 == pytest.approx(-1060, rel=0.1)


@pytest.mark.parametrize("day", DAYS)
def test_premiums_of_the_fed_are_in_its_book_and_not_in_its_other_assets(day: str) -> None:
    state = opening_state(day)
    book = state["fed_book__notes"] + state["fed_book__bonds"]
    face = state["notes__treasury__fed__face"] + state["bonds__treasury__fed__face"]
    assert 0.03 < book / face - 1 < 0.06
    assert 140 < state["other__private__fed"] < 280


@pytest.mark.parametrize(("day", "published"), [("2021-12-31", 354.6 - 18.0), ("2024-12-31", 249.5 - 23.5)])
def test_premiums_of_the_fed_are_most_of_the_published_ones(day: str, published: float) -> None:
    state = opening_state(day)
    premium = sum(state[f"fed_book__{kind}"] - state[f"{kind}__treasury__fed__face"] for kind in ("notes", "bonds"))
    assert 0.7 < premium / published < 0.9


@pytest.mark.parametrize("day", DAYS)
def test_bundles_sum_to_the_issuer(day: str) -> None:
    state = opening_state(day)
    holders = ("fed", "banks", "hedge_funds", "foreign_official", "rest_of_world", "private")
    for kind, share in (("notes", 0.54), ("bonds", 0.46)):
        face = math.fsum(state[f"{kind}__treasury__{h}__face"] for h in holders)
        coupon = math.fsum(state[f"{kind}__treasury__{h}__coupon"] for h in holders)
        assert face == pytest.approx(state[f"{kind}__face"], abs=1e-9)
        assert coupon == pytest.approx(state[f"{kind}__coupon"], abs=1e-9)
        assert face == pytest.approx(share * (state["debt"] - state["bills"]), abs=1e-6)


@pytest.mark.parametrize("day", DAYS)
def test_value_of_every_bundle_is_the_sum_of_its_payments(day: str) -> None:
    """V is the present value of coupons and of amortisation at par, summed payment by payment at the class's yield."""
    dt, state = 1 / 52, opening_state(day)
    for kind, a, y in (("notes", 0.18, state["yield_notes"]), ("bonds", 0.08, state["yield_bonds"])):
        keep, discount, worth, left = math.exp(-a * dt), 1 / (1 + y * dt), 0.0, 1.0
        key = f"{kind}__treasury__private"
        face, coupon = state[f"{key}__face"], state[f"{key}__coupon"]
        for n in range(1, 40000):
            worth += left * (coupon * dt + face * (1 - keep)) * discount**n
            left *= keep
        assert worth == pytest.approx(state[key], rel=1e-10)


@pytest.mark.parametrize("day", DAYS)
def test_published_holders_add_up_to_published_issues(day: str) -> None:
    """The figures themselves, before balancing, leave no row open: re-added from the file."""
    with (DATA / "observations.csv").open(encoding="utf-8", newline="") as stream:
        figures = {row["figure"]: float(row["value"]) for row in csv.DictReader(stream) if row["date"] == day}
    holders = ("fed", "banks", "foreign_official", "rest_of_world", "private")
    bills = math.fsum(figures[f"bills held by {h}"] for h in (*holders, "mmf"))
    assert bills == pytest.approx(figures["bills outstanding, with coupons of money funds"], abs=1.0)
    coupons = math.fsum(figures[f"coupon securities held by {h}"] for h in (*holders, "hedge_funds"))
    assert coupons == pytest.approx(figures["notes outstanding"] + figures["bonds outstanding"], abs=1.0)
    funds = (
        figures["on_rrp held by mmf"]
        + figures["bills held by mmf"]
        + figures["agency held by mmf"]
        + figures["deposits of mmf"]
        + figures["tri-party repo of mmf"]
        + figures["other held by mmf"]
    )
    assert funds == pytest.approx(figures["mmf_shares"], abs=12.0)


def test_every_adjustment_is_listed_in_the_committed_table() -> None:
    assert (DATA / "opening_adjustments.csv").read_text(encoding="utf-8") == adjustments_csv()


def test_large_adjustments_are_few_and_within_their_deviations() -> None:
    for day in DAYS:
        large = [a for a in opening_balance(day).adjustments if abs(a.adjustment) > 50]
        assert len(large) <= 4
        for item in large:
            assert abs(item.adjustment) < 2.5 * item.std, item.figure
            assert item.confidence != "high", item.figure


def test_adjustments_print_with_the_largest_first() -> None:
    text = opening_balance("2025-10-29").table(50.0).splitlines()
    assert text[0] == "opening 2025-10-29, USD bn"
    assert text[2].startswith("tri-party repo of private")


def test_a_day_without_figures_is_refused_with_the_days_that_have_them() -> None:
    with pytest.raises(DataError, match=r"no opening balance sheets for 2020-01-01; there are some for: .*2025-10-29"):
        opening_balance("2020-01-01")


def test_an_unknown_stock_in_a_figure_is_named() -> None:
    weights = prices(1 / 52, {"notes": 0.04, "bonds": 0.04}, {"notes": 0.18, "bonds": 0.08})
    with pytest.raises(DataError, match="'bills__treasury__nobody' is no stock of the chart"):
        linear_form("bills__treasury__fed + bills__treasury__nobody", weights, "bills")


def test_rates_of_the_opening_day() -> None:
    state = opening_state("2025-10-29")
    published = {"rate_lower": 4.00, "rate_upper": 4.25, "iorb": 4.15, "on_rrp_rate": 4.00, "srf_rate": 4.25, "sofr": 4.27, "effr": 4.12}
    for name, percent in published.items():
        assert state[name] == pytest.approx(percent / 100), name
    assert state["sofr_iorb"] == pytest.approx(0.0012)


def test_income_uses_add_up() -> None:
    for day in DAYS:
        state = opening_state(day)
        uses = state["consumption"] + state["investment"] + state["government_purchases"] + state["exports"] - state["imports"]
        assert uses == pytest.approx(state["gdp"])


def test_the_public_names() -> None:
    assert set(calibration.__all__) <= set(dir(calibration))
    assert {date.fromisoformat(day) for day in DAYS} <= set(opening_dates())
