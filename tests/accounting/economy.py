"""A toy economy with every kind of instrument: four sectors, three holders of bonds, bank equity and a central bank at book value."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from model.accounting.bundles import bundle_value
from model.accounting.identities import budget_equation, clearing, hidden_balance, identities
from model.language.accounts import Cell, Chart, Flow, Instrument, Sector, Valuation, primary, revaluation, secondary, transaction, value
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.language.units import RATE
from model.periods.path import Path
from model.solving.solver import solve

STATE, BANK, HOUSE, ABROAD = "state", "bank", "house", "abroad"
DEPOSIT_RATE = Variable("deposit_rate", RATE)
BILL_RATE = Variable("bill_rate", RATE)
YIELD = Variable("bond_yield", RATE)
A = Parameter("a_bonds", RATE)

TAX = Flow("tax", HOUSE, STATE)
SPENDING = Flow("spending", STATE, HOUSE)
IMPORTS = Flow("imports", HOUSE, ABROAD)
MARGIN = Flow("variation_margin", HOUSE, BANK)
DIVIDEND = Flow("dividend", BANK, HOUSE, "equity")

CHART = Chart(
    sectors=(Sector(STATE, "S"), Sector(BANK, "B"), Sector(HOUSE, "H"), Sector(ABROAD, "A")),
    instruments=(
        Instrument("bills", ((STATE, BANK), (STATE, ABROAD)), rate=BILL_RATE),
        Instrument(
            "bonds",
            ((STATE, BANK), (STATE, HOUSE), (STATE, ABROAD)),
            valuation=Valuation.COUPON,
            amortisation=A,
            price_yield=YIELD,
        ),
        Instrument("deposits", ((BANK, HOUSE), (BANK, ABROAD)), rate=DEPOSIT_RATE),
        Instrument("equity", ((BANK, HOUSE), (BANK, ABROAD)), valuation=Valuation.EQUITY),
        Instrument("gold_pool", ((ABROAD, HOUSE),), valuation=Valuation.BOOK),
    ),
    flows=(TAX, SPENDING, IMPORTS, MARGIN, DIVIDEND),
)
BUFFERS = {STATE: Cell("bills", STATE, BANK), HOUSE: Cell("deposits", BANK, HOUSE), ABROAD: Cell("deposits", BANK, ABROAD)}
DATES = tuple(date(2025, 10, 29) + timedelta(days=7 * k) for k in range(53))

EXOGENOUS: dict[str, float | NDArray[np.float64]] = {
    "dt": 1 / 52,
    "deposit_rate": 0.02,
    "bill_rate": np.linspace(0.039, 0.033, 53),
    "bond_yield": 0.044 + 0.004 * np.sin(np.arange(53) / 5),
}
BUNDLES = {BANK: (300.0, 9.0), HOUSE: (900.0, 30.0), ABROAD: (500.0, 24.0)}
A_VALUE = 0.18


def held(instrument: str, issuer: str, holder: str) -> Cell:
    """A cell of the toy chart."""
    return Cell(instrument, issuer, holder)


def rule(left: Variable, right: sp.Expr | float) -> Equation:
    """A definition."""
    return Equation(left.name, left, sp.sympify(right), kind="definition")


def toy_system() -> System:
    """Identities, three budgets, a bond market that clears through the house, and fixed rules for the rest."""
    bonds = {h: held("bonds", STATE, h) for h in (BANK, HOUSE, ABROAD)}
    dt = CHART.period
    rules = (
        rule(TAX.variable, 300 * dt),
        rule(SPENDING.variable, 360 * dt),
        rule(IMPORTS.variable, 80 * dt),
        rule(MARGIN.variable, 2000 * (YIELD - YIELD(-1))),
        rule(DIVIDEND.variable, sp.Rational(1, 50) * value(held("equity", BANK, HOUSE))(-1) * dt),
        rule(primary(bonds[BANK]), 40 * dt),
        rule(primary(bonds[HOUSE]), 200 * dt),
        rule(primary(bonds[ABROAD]), 100 * dt),
        rule(secondary(bonds[BANK]), 2000 * (YIELD - sp.Rational(44, 1000))),
        rule(secondary(bonds[ABROAD]), -500 * (YIELD(-1) - sp.Rational(44, 1000))),
        Equation("bond_market", clearing(CHART, "bonds"), sp.Integer(0), kind="market"),
        rule(transaction(held("bills", STATE, ABROAD)), sp.Rational(1, 10)),
        rule(transaction(held("equity", BANK, HOUSE)), 0),
        rule(transaction(held("equity", BANK, ABROAD)), 0),
        rule(transaction(held("gold_pool", ABROAD, HOUSE)), 1),
        rule(revaluation(held("gold_pool", ABROAD, HOUSE)), value(held("gold_pool", ABROAD, HOUSE))(-1) / 100),
    )
    budgets = tuple(budget_equation(CHART, sector, buffer) for sector, buffer in BUFFERS.items())
    return System(
        "toy",
        identities(CHART) + budgets + rules,
        exogenous=(dt, DEPOSIT_RATE, BILL_RATE, YIELD),
        hidden=(hidden_balance(CHART, BANK),),
        chart=CHART,
    )


def toy_opening() -> dict[str, float]:
    """A consistent opening: the bank's equity is what closes its balance sheet."""
    opening = {
        "bills__state__bank": 800.0,
        "bills__state__abroad": 200.0,
        "deposits__bank__house": 700.0,
        "deposits__bank__abroad": 100.0,
        "gold_pool__abroad__house": -5.0,
        "bond_yield": 0.044,
    }
    for holder, (n, c) in BUNDLES.items():
        key = f"bonds__state__{holder}"
        opening[f"{key}__face"], opening[f"{key}__coupon"] = n, c
        opening[key] = float(bundle_value(n, c, opening["bond_yield"], A_VALUE, 1 / 52))
    worth = 800.0 + opening["bonds__state__bank"] - 800.0
    opening["equity__bank__house"], opening["equity__bank__abroad"] = 0.75 * worth, 0.25 * worth
    for name, parts in (
        ("bills", 1000.0),
        ("deposits", 800.0),
        ("bonds__coupon", sum(c for _, c in BUNDLES.values())),
    ):
        opening[name] = parts
    return opening


@lru_cache(maxsize=1)
def toy_path() -> Path:
    """Fifty-two weeks of the toy economy."""
    return solve(toy_system(), toy_opening(), parameters={"a_bonds": A_VALUE}, exogenous=EXOGENOUS, periods=52, dates=DATES)
