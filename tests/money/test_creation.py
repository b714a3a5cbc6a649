"""T5: the sources of money sum to its change, against balance sheets and payments read cell by cell; and price margins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equations.accounts import BANKS, CHART, FED
from equations.money_creation import FINANCIERS, LABELS, MONEY_CELLS, contributions
from model.accounting.identities import payments
from model.language.accounts import Cell
from model.periods.path import Path
from tests.economy.laboratory import CELLS, Floats

PUBLIC = [s.name for s in CHART.sectors if s.name not in (FED, BANKS)]


def created(path: Path, source: str) -> Floats:
    return np.asarray(path[f"money_by__{source}"])


def money(path: Path) -> Floats:
    """Deposits of all non-banks and their currency, summed from cells named here."""
    names = [f"deposits__banks__{h}" for h in ("mmf", "hedge_funds", "foreign_official", "rest_of_world", "private")]
    names += ["currency__fed__rest_of_world", "currency__fed__private"]
    return np.asarray(sum(path[name] for name in names))


def test_money_cells_are_deposits_and_currency_of_the_public() -> None:
    assert {c.holder for c in MONEY_CELLS} <= set(PUBLIC)
    assert {c.instrument for c in MONEY_CELLS} == {"deposits", "currency"}
    assert len(MONEY_CELLS) == 7


def test_sources_sum_to_the_change_of_money(year: Path) -> None:
    total = sum(created(year, name)[1:] for name in LABELS)
    assert total == pytest.approx(np.diff(money(year)), abs=1e-8)


def test_sources_sum_in_a_year_of_quantitative_easing(year: Path) -> None:
    from tests.economy.laboratory import experiment

    path = experiment(26).pulse("qe_notes", 2000.0, 4, 16).pulse("issuance_surprise", 1000.0, 2, 6).run()
    total = sum(created(path, name)[1:] for name in LABELS)
    assert total == pytest.approx(np.diff(money(path)), abs=1e-8)
    bought = created(path, "fed_treasuries")[1:27].sum() - created(year, "fed_treasuries")[1:27].sum()
    assert bought == pytest.approx(2000.0 * 13 / 52, rel=0.15)


def test_stock_sources_equal_changes_of_balance_sheets(year: Path) -> None:
    """Par claims: the source is the change of the holding, taken from stocks and not from transactions."""
    par = {
        "fed_agency": [("agency__private__fed", 1)],
        "srf": [("srf__banks__fed", 1)],
        "discount_window": [("discount_window__banks__fed", 1)],
        "loans": [("loans__private__banks", 1), ("loans__rest_of_world__banks", 1)],
        "bank_agency": [("agency__private__banks", 1)],
        "tga": [("tga__fed__treasury", -1)],
        "on_rrp": [("on_rrp__fed__mmf", -1), ("on_rrp__fed__private", -1)],
        "foreign_repo_pool": [("foreign_repo_pool__fed__foreign_official", -1)],
        "bank_repo": [
            ("repo_dvp__hedge_funds__banks", 1),
            ("repo_dvp__rest_of_world__banks", 1),
            ("repo_triparty__banks__mmf", -1),
            ("repo_triparty__banks__private", -1),
            ("srf__banks__fed", -1),
            ("discount_window__banks__fed", -1),
        ],
    }
    for source, cells in par.items():
        change = sum(sign * np.diff(year[name]) for name, sign in cells)
        assert created(year, source)[1:] == pytest.approx(change, abs=1e-8), source


def test_revaluation_creates_no_money(year: Path) -> None:
    """The banks' Treasuries at market moved by more than they bought: only what was bought counts."""
    held = sum(year[f"{k}__treasury__banks"] for k in ("bills", "notes", "bonds"))
    gained = sum(year[f"{k}__treasury__banks__rv"][1:] for k in ("notes", "bonds"))
    assert np.abs(gained).sum() > 1.0
    assert created(year, "bank_treasuries")[1:] == pytest.approx(np.diff(held) - gained, abs=1e-8)


def test_income_sources_equal_retained_income(year: Path) -> None:
    """Payments to and from the public net to the two income statements: what is retained destroys money."""
    names = ("interest_paid", "interest_received", "opex", "dividends", "remittance", "fees", "losses", "other")
    paid = sum(created(year, name)[1:] for name in names)
    balances = year["balance__fed"][1:] + year["balance__banks"][1:]
    assert paid == pytest.approx(-balances * year["dt"][1:], abs=1e-8)


def test_reserves_and_the_statutory_dividend_stay_between_fed_and_banks() -> None:
    used = {s.base for expression in contributions().values() for s in expression.free_symbols}
    assert "reserves__fed__banks__tr" not in used
    assert "int__reserves__fed__banks" not in used
    assert not any(name.startswith("pay__dividend__") and name.endswith("fed__banks") for name in used)


def test_every_claim_and_payment_across_the_border_is_used_once() -> None:
    """Counted from the chart by a rule of its own: exactly one of the two parties is the Fed or a bank."""
    expressions = contributions()
    uses: dict[str, int] = {}
    for expression in expressions.values():
        for symbol in expression.free_symbols:
            uses[symbol.base] = uses.get(symbol.base, 0) + 1
    for cell in CELLS:
        crossing = (cell.issuer in PUBLIC) != (cell.holder in PUBLIC) and cell not in MONEY_CELLS
        facility = cell in (Cell("srf", BANKS, FED), Cell("discount_window", BANKS, FED))
        assert uses.get(f"{cell.key}__tr", 0) == (2 if facility else int(crossing)), cell
    for paid in payments(CHART):
        assert uses.get(paid.variable.base, 0) == int((paid.payer in PUBLIC) != (paid.payee in PUBLIC)), paid


def test_nothing_falls_under_other() -> None:
    assert contributions()["other"] == 0


def test_every_source_has_one_financier() -> None:
    listed = [name for sources in FINANCIERS.values() for name in sources]
    assert sorted(listed) == sorted(LABELS)


def test_the_hidden_equation_sees_a_leak(year: Path) -> None:
    """A source that is off by a dollar shows at once."""
    hidden = next(h for h in year.system.hidden if h.name == "money_creation")
    row = {s: year[s.base][10 + s.time] for s in hidden.expression.free_symbols}
    assert float(hidden.expression.xreplace(row)) == pytest.approx(0.0, abs=1e-8)
    loans = next(s for s in row if s.base == "money_by__loans")
    assert float(replace(hidden, expression=hidden.expression).expression.xreplace({**row, loans: row[loans] + 1.0})) == pytest.approx(1.0)


def test_price_margins_are_shares(year: Path) -> None:
    for prefix in ("marginal_price", "marginal_price_bills"):
        names = [n for n in year.columns if n.startswith(f"{prefix}__")]
        shares = np.array([year[n][1:] for n in names])
        assert shares.sum(axis=0) == pytest.approx(1.0)
        assert shares.min() > 0.0


def test_price_margin_of_coupons_follows_the_published_split(year: Path) -> None:
    """Residents .55, rest of the world .40, officials .05 of the slope; banks move slowly, so they take next to nothing in a week."""
    assert year["marginal_price__private"][1] == pytest.approx(0.55, abs=0.01)
    assert year["marginal_price__rest_of_world"][1] == pytest.approx(0.40, abs=0.01)
    assert year["marginal_price__foreign_official"][1] == pytest.approx(0.05, abs=0.01)
    assert year["marginal_price__banks"][1] < 0.001
