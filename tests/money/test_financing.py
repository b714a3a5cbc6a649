"""T35-T39: table J2, row by row, against hand-written double entry and against the published table."""

from __future__ import annotations

import pandas as pd
import pytest

from dollarflow.attribution.financing import CASES, issue, stock, trade
from dollarflow.attribution.ledger import Ledger
from equations.accounts import BANKS, FED, MMF, PRIVATE
from model.periods.path import Path
from tests.economy.laboratory import CELLS
from tests.money.double_entry import POSTINGS, post

EXACT = 1e-9
COLUMNS = ["money", "reserves", "on_rrp", "fed_assets", "dollar_liquidity"]
PUBLISHED = {
    "saver": (0, 0, 0, 0, 0),
    "bank": (100, 0, 0, 0, 0),
    "fund_rrp": (100, 100, -100, 0, 100),
    "fund_repo": (100, 0, 0, 0, 0),
    "fund_shares": (0, 0, 0, 0, 0),
    "hedge_fund_rrp": (100, 100, -100, 0, 100),
    "hedge_fund_bills": (0, 0, 0, 0, 0),
    "hedge_fund_bank": (100, 0, 0, 0, 0),
    "hedge_fund_srf": (100, 100, 0, 100, 100),
    "srf_for_bank_repo": (0, 100, 0, 100, 100),
    "srf_for_fund_repo": (0, 0, 100, 100, 0),
    "fed_from_saver": (100, 100, 0, 100, 100),
    "fed_from_bank": (100, 100, 0, 100, 100),
    "official_pool": (100, 100, 0, 0, 100),
    "foreign_deposits": (0, 0, 0, 0, 0),
    "hoard": (-100, -100, 0, 0, -100),
}
BEARERS = {
    "saver": "private",
    "bank": "banks",
    "hedge_fund_rrp": "private",
    "hedge_fund_bills": "private",
    "hedge_fund_bank": "private",
    "hedge_fund_srf": "private",
    "fed_from_saver": "fed",
    "fed_from_bank": "fed",
    "official_pool": "foreign_official",
    "foreign_deposits": "rest_of_world",
    "hoard": "private",
}
NAMES = [case.name for case in CASES]


def test_the_table_has_its_sixteen_rows() -> None:
    assert NAMES == list(PUBLISHED) == list(POSTINGS)


@pytest.mark.parametrize("name", NAMES)
def test_row_equals_double_entry(name: str, table: pd.DataFrame) -> None:
    assert table.loc[name, COLUMNS].to_dict() == pytest.approx(post(POSTINGS[name]), abs=EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_row_equals_the_published_table(name: str, table: pd.DataFrame) -> None:
    assert list(table.loc[name, COLUMNS]) == pytest.approx(PUBLISHED[name], abs=EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_hidden_equations_hold_in_every_row(name: str, table: pd.DataFrame) -> None:
    assert float(table["hidden"].to_dict()[name]) <= 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_duration_falls_on_who_is_said_to_bear_it(name: str, table: pd.DataFrame) -> None:
    found = table.loc[name, "duration"]
    assert isinstance(found, dict)
    assert found == pytest.approx({BEARERS[name]: 100.0} if name in BEARERS else {}, abs=1e-9)


def test_retail_funds_count_in_m2(table: pd.DataFrame) -> None:
    assert table.loc["fund_shares", "m2"] == pytest.approx(28.0, abs=EXACT)


def test_every_row_moves_only_the_decisions_it_names(ledger: Ledger) -> None:
    for case in CASES:
        assert set(case.moves) <= set(ledger.decisions), case.name


def test_the_ledger_with_nothing_moved_is_the_economy(ledger: Ledger, start: Path) -> None:
    for cell in CELLS:
        assert ledger.base[cell.key][1] == pytest.approx(start[cell.key][1], rel=1e-12)


def test_prices_are_fixed_in_the_ledger(ledger: Ledger) -> None:
    assert {"sofr", "bill_rate", "yield_notes", "yield_bonds", "basis"} & set(ledger.system.unknowns) == set()


def test_an_unknown_decision_is_refused_with_the_nearest(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="did you mean 'bills__treasury__mmf'"):
        ledger.move({"bills__treasury__mmff": 1.0})


def test_outright_purchase_and_srf_differ_in_persistence_only(start: Path) -> None:
    """T37: the same reserves on the day; the overnight loan is gone a week later, the security stays."""
    book = Ledger(start, periods=2)
    overnight = book.move({stock("srf", FED, BANKS): 100.0}, first=1, last=1)
    outright = book.move({trade(FED): 100.0, trade(PRIVATE): -100.0}, first=1, last=1)
    change = {name: path["reserves"] - book.base["reserves"] for name, path in (("srf", overnight), ("outright", outright))}
    assert change["srf"][1] == pytest.approx(100.0, abs=EXACT)
    assert change["outright"][1] == pytest.approx(100.0, abs=EXACT)
    assert change["srf"][2] == pytest.approx(0.0, abs=0.1)
    assert change["outright"][2] == pytest.approx(100.0, abs=0.5)


def test_bank_purchase_makes_money_without_reserves_and_a_saver_makes_none(ledger: Ledger) -> None:
    """T38 and T39: old securities bought from a resident, no issue and no spending."""
    bank = ledger.move({trade(BANKS): 100.0, trade(PRIVATE): -100.0})
    saver = ledger.move({stock("bills", PRIVATE): 100.0, stock("bills", MMF): -100.0})
    assert bank["money"][1] - ledger.base["money"][1] == pytest.approx(100.0, abs=EXACT)
    assert bank["reserves"][1] - ledger.base["reserves"][1] == pytest.approx(0.0, abs=EXACT)
    assert saver["m2"][1] - ledger.base["m2"][1] == pytest.approx(-100.0, abs=EXACT)
    issued = ledger.move({issue(PRIVATE): 100.0, "pay__spending____treasury__private": 100.0})
    assert issued["m2"][1] - ledger.base["m2"][1] == pytest.approx(0.0, abs=EXACT)
