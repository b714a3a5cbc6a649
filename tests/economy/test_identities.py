"""T1-T10: laws of accounting on the real economy, recomputed from column names alone."""

from __future__ import annotations

import numpy as np
import pytest

from model.periods.path import Path
from tests.economy.laboratory import baseline
from tests.economy.ledger import COUPONS, EQUITIES, INSTRUMENTS, RATES, SECTORS, Books

TIGHT = 1e-9
CLOCKS = ("weekly", "monthly", "quarterly", "daily")


@pytest.fixture(scope="module", params=CLOCKS)
def books(request: pytest.FixtureRequest) -> Books:
    """A year on each clock."""
    periods = {"weekly": 52, "monthly": 12, "quarterly": 4, "daily": 21}[request.param]
    return Books(baseline(periods, request.param))


def test_t01_every_instrument_and_every_payment_has_two_sides(books: Books) -> None:
    """The matrices' rows: what issuers owe is what holders own, in stocks, transactions and revaluations."""
    path = books.path
    seen = {cell[0] for cell in books.cells.values()}
    assert seen == set(INSTRUMENTS)
    for instrument in INSTRUMENTS:
        keys = [k for k, cell in books.cells.items() if cell[0] == instrument]
        gap = path[instrument][1:] - sum(books.stock(k)[1:] for k in keys)
        assert np.abs(gap).max() <= TIGHT * max(1.0, float(np.abs(path[instrument]).max())), instrument
    worth = sum(path[f"net_worth__{s}"][1:] for s in SECTORS)
    assert np.abs(worth).max() <= TIGHT * path["gdp"][0]


def test_t02_columns_sum_to_zero(books: Books) -> None:
    """Every sector's saving is what it acquires less what it issues, the banks' redundant column included."""
    for sector in SECTORS:
        lending = np.zeros(books.path.periods)
        for key, (_, issuer, holder) in books.cells.items():
            lending += books.bought(key) * ((holder == sector) - (issuer == sector))
        gap = books.saving(sector) - lending
        assert np.abs(gap).max() <= TIGHT * books.path["gdp"][0] / 100, (sector, float(np.abs(gap).max()))


def test_t03_the_net_worth_bridge_holds_in_every_cell(books: Books) -> None:
    for key, (instrument, _, _) in books.cells.items():
        stock = books.stock(key)
        gap = stock[1:] - stock[:-1] - books.bought(key) - books.gained(key)
        assert np.abs(gap).max() <= TIGHT * max(1.0, float(np.abs(stock).max())), key
        if instrument not in (*COUPONS, *EQUITIES, "fed_equity"):
            assert not books.gained(key).any(), key


def test_t03_net_worth_moves_by_saving_and_holding_gains(books: Books) -> None:
    path = books.path
    for sector in SECTORS:
        gains = np.zeros(path.periods)
        for key, (_, issuer, holder) in books.cells.items():
            gains += books.gained(key) * ((holder == sector) - (issuer == sector))
        gap = np.diff(path[f"net_worth__{sector}"]) - books.saving(sector) - gains
        assert np.abs(gap).max() <= TIGHT * path["gdp"][0] / 100, sector


def test_t04_the_banks_balance_sheet_closes_though_nothing_solves_it(books: Books) -> None:
    path = books.path
    gap = np.zeros(path.periods + 1)
    for key, (_, issuer, holder) in books.cells.items():
        gap += books.stock(key) * ((holder == "banks") - (issuer == "banks"))
    assert np.abs(gap).max() <= 1e-9 * path["gdp"][0]
    own = [e.name for e in path.system.equations if e.name.startswith("budget") or "budget of banks" in e.label]
    assert not [name for name in own if "banks" in name]


def test_t05_money_is_the_sum_of_its_counterparts(year: Path) -> None:
    """Fed (at book) and banks consolidated: the change of money is what they acquire less the change of their other liabilities."""
    books = Books(year)
    inside = {"fed", "banks"}
    total = np.zeros(year.periods)
    for key, (instrument, issuer, holder) in books.cells.items():
        if (issuer in inside) == (holder in inside) or (issuer in inside and instrument in ("deposits", "currency")):
            continue
        series = year[f"fed_book__{instrument}"] if holder == "fed" and instrument in COUPONS else books.stock(key)
        total += np.diff(series) * (1 if holder in inside else -1)
    assert np.abs(np.diff(year["money"])[1:] - total[1:]).max() <= 1e-9 * year["gdp"][0]


def test_t06_the_eight_savings_sum_to_zero(books: Books) -> None:
    total = sum(books.saving(s) for s in SECTORS)
    size = sum(books.traffic(s) for s in SECTORS)
    assert float(np.abs(total / size).max()) < 1e-12
    stated = sum(books.path[f"balance__{s}"][1:] for s in SECTORS)
    assert np.abs(stated).max() < TIGHT * books.path["gdp"][0]


def test_t06_private_saving_less_investment_and_the_trade_gap_finance_the_deficit(year: Path) -> None:
    """(S − I) + (foreign surplus) + (banks, funds, Fed) = deficit, with other means, from the national accounts' side."""
    margin = year["pay__variation_margin____private__hedge_funds"] / year["dt"]
    private = year["disposable_income"] - year["consumption"] - year["investment"] - margin
    others = sum(year[f"balance__{s}"] for s in ("fed", "banks", "mmf", "hedge_funds"))
    need = year["deficit"] + year["pay__other_means____treasury__private"] / year["dt"]
    gap = private + year["foreign_surplus"] + others - need
    assert np.abs(gap[1:]).max() < TIGHT * year["gdp"][0]


def test_t07_interest_is_yesterdays_rate_on_yesterdays_stock(books: Books) -> None:
    path = books.path
    dt = path["dt"][1:]
    for key, (instrument, _issuer, holder) in books.cells.items():
        name = f"int__{key}"
        if instrument in COUPONS:
            due = path[f"{key}__coupon"][:-1] * dt
        elif instrument in RATES:
            rate = "fed_agency_rate" if (instrument, holder) == ("agency", "fed") else RATES[instrument]
            due = path[rate][:-1] * path[key][:-1] * dt
        else:
            assert name not in path
            continue
        assert np.abs(path[name][1:] - due).max() <= TIGHT * max(1.0, float(np.abs(due).max())), key


def test_t08_the_treasurys_interest_less_remittances_is_the_publics_interest(books: Books) -> None:
    """Consolidated with the Fed: what the Treasury pays reaches the public or the Fed, and nothing else."""
    path = books.path
    paid = path["treasury_interest"][1:] * path["dt"][1:]
    to_fed, to_public = np.zeros(path.periods), np.zeros(path.periods)
    for name, (payer, payee) in books.payments.items():
        if payer == "treasury" and name.startswith("int__"):
            (to_fed if payee == "fed" else to_public)[:] += path[name][1:]
    assert np.abs(paid - to_fed - to_public).max() < TIGHT * float(paid.max())
    fed_cost = np.zeros(path.periods)
    remitted = np.zeros(path.periods)
    for name, (payer, payee) in books.payments.items():
        if name == "pay__remittance____fed__treasury":
            remitted = path[name][1:]
        elif payer == "fed":
            fed_cost += path[name][1:]
        elif payee == "fed" and payer != "treasury":
            fed_cost -= path[name][1:]
    retained = books.saving("fed")
    consolidated = to_public + fed_cost
    assert np.abs(paid - remitted + remitted - consolidated - (to_fed - fed_cost)).max() < TIGHT * float(paid.max())
    assert np.abs(to_fed - fed_cost - remitted - retained).max() < TIGHT * float(paid.max())


def test_t09_variation_margin_has_one_payer_and_futures_no_stock(books: Books) -> None:
    path = books.path
    margins = [n for n in books.payments if "variation_margin" in n]
    assert [books.payments[n] for n in margins] == [("private", "hedge_funds")]
    assert not [n for n in books.cells if "futures" in n]
    short = path["hf_basis_leg"]
    assert np.abs(short[1:] - path["futures_demand"][1:]).max() < 1e-7 * float(short.max())
    sold = path["futures_notional_notes"] + path["futures_notional_bonds"]
    assert np.abs(sold[1:] - short[1:]).max() < 1e-9 * float(short.max())


def test_t10_market_prices_never_reach_the_feds_book(year: Path) -> None:
    """A shock to yields changes the Fed's market value at once and its book equity, income and remittance not at all."""
    from tests.economy.laboratory import experiment

    base = experiment(2)
    shocked = base.pulse("guidance", 0.01, 1).run()
    plain = base.run()
    assert shocked["fed_unrealised"][1] < plain["fed_unrealised"][1] - 100.0
    for name in ("fed_equity", "fed_net_income", "fed_remittance", "deferred_asset", "fed_net_worth_book"):
        assert abs(shocked[name][1] - plain[name][1]) < 1e-9 * max(1.0, abs(plain[name][1])), name
    gap = year["fed_unrealised"] - sum(year[f"{k}__treasury__fed"] - year[f"fed_book__{k}"] for k in COUPONS)
    assert np.abs(gap[1:]).max() < 1e-9 * year["gdp"][0]
    assert np.abs(year["fed_net_worth_market"] - year["fed_net_worth_book"] - year["fed_unrealised"])[1:].max() < 1e-8
