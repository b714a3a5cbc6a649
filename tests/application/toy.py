"""A three-sector economy with reserves, deposits, notes and bank equity: small enough to check by hand, with every kind of valuation."""

from __future__ import annotations

from datetime import date

import numpy as np
import sympy as sp

from dollarflow.economy import time_grid
from dollarflow.simulation import Simulation, simulate
from dollarflow.state import State
from model.accounting.identities import budget_equation, clearing, hidden_balance, identities
from model.language.accounts import Cell, Chart, Flow, Instrument, Sector, Valuation, primary, secondary, transaction, value
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.language.units import FLOW, RATE, YEAR
from model.scenarios.scenario import Scenario

DT = Variable("dt", YEAR)
IORB, DEPOSIT_RATE, YIELD = Variable("iorb", RATE), Variable("deposit_rate", RATE), Variable("yield_notes", RATE)
DECAY = Parameter("a_notes", RATE, "amortisation of notes", lower=0.0, upper=2.0)
BETA = Parameter("beta", description="deposit beta", lower=0.0, upper=1.0)
BUYS = Variable("qe", FLOW, "Fed purchases of notes")
SPENDING = Variable("spending", FLOW, "federal spending")
SHARE = Parameter("dividend_share", RATE, "share of bank equity paid out", lower=0.0)

CHART = Chart(
    (Sector("fed", "F"), Sector("treasury", "T"), Sector("banks", "B"), Sector("private", "P")),
    (
        Instrument("reserves", (("fed", "banks"),), rate=IORB),
        Instrument("tga", (("fed", "treasury"),)),
        Instrument("deposits", (("banks", "private"),), rate=DEPOSIT_RATE),
        Instrument(
            "notes",
            (("treasury", "fed"), ("treasury", "banks"), ("treasury", "private")),
            valuation=Valuation.COUPON,
            amortisation=DECAY,
            price_yield=YIELD,
        ),
        Instrument("bank_equity", (("banks", "private"),), valuation=Valuation.EQUITY),
    ),
    (
        Flow("spending", "treasury", "private"),
        Flow("dividend", "banks", "private", "bank_equity"),
        Flow("variation_margin", "banks", "private"),
    ),
    period=DT,
)


def cell(instrument: str, issuer: str, holder: str) -> Cell:
    return Cell(instrument, issuer, holder)


NOTES = {holder: cell("notes", "treasury", holder) for holder in ("fed", "banks", "private")}
MARGIN = Variable("margin_pattern", FLOW)


def system() -> System:
    equity = cell("bank_equity", "banks", "private")
    spending, dividend, margin = (flow.variable for flow in CHART.flows)
    due = (1 - sp.exp(-DECAY * DT)) * Variable("notes__face", value(NOTES["fed"]).unit)(-1)
    rules = [
        Equation("deposit_rate", DEPOSIT_RATE, BETA * IORB, "deposits pay a share of IORB"),
        Equation("yield_notes", YIELD, Variable("yield_anchor", RATE) - Variable("slope", RATE / FLOW) * BUYS, "purchases lower the yield"),
        Equation("spending", spending, SPENDING * DT, kind="definition"),
        Equation("dividend", dividend, SHARE * value(equity)(-1) * DT, kind="definition"),
        Equation("margin", margin, MARGIN * DT, kind="definition"),
        Equation("equity_issue", transaction(equity), sp.Integer(0), kind="definition"),
        Equation("issue_fed", primary(NOTES["fed"]), sp.Integer(0), kind="definition"),
        Equation("issue_banks", primary(NOTES["banks"]), (spending + due) / 2, kind="definition"),
        Equation("issue_private", primary(NOTES["private"]), (spending + due) / 2, kind="definition"),
        Equation("buys_fed", secondary(NOTES["fed"]), BUYS * DT, kind="definition"),
        Equation("buys_banks", secondary(NOTES["banks"]), sp.Integer(0), kind="definition"),
        Equation("market", secondary(NOTES["private"]), secondary(NOTES["private"]) - clearing(CHART, "notes"), kind="market"),
        budget_equation(CHART, "fed", cell("reserves", "fed", "banks")),
        budget_equation(CHART, "treasury", cell("tga", "fed", "treasury")),
        budget_equation(CHART, "private", cell("deposits", "banks", "private")),
    ]
    exogenous = (DT, IORB, BUYS, SPENDING, MARGIN, Variable("yield_anchor", RATE), Variable("slope", RATE / FLOW))
    return System("toy", (*identities(CHART), *rules), exogenous, (hidden_balance(CHART, "banks"),), CHART)


START = date(2025, 10, 29)


def opening(dt: float = 1 / 52) -> State:
    """A closed balance sheet: notes at their price for the first period's length."""
    values = {"reserves__fed__banks": 100.0, "tga__fed__treasury": 20.0, "deposits__banks__private": 250.0}
    repaid = 1 - np.exp(-0.18 * dt)
    faces = {"fed": (120.0, 3.0), "banks": (200.0, 7.0), "private": (80.0, 2.5)}
    for holder, (face, coupon) in faces.items():
        key = NOTES[holder].key
        values |= {f"{key}__face": face, f"{key}__coupon": coupon}
        values[key] = float((coupon * dt + repaid * face) / (0.04 * dt + repaid))
    values["notes__face"] = 400.0
    values["bank_equity__banks__private"] = 100.0 + values["notes__treasury__banks"] - 250.0
    values["notes"] = sum(values[c.key] for c in NOTES.values())
    values |= {"reserves": 100.0, "tga": 20.0, "deposits": 250.0, "bank_equity": values["bank_equity__banks__private"]}
    values |= {"notes__coupon": 12.5, "yield_notes": 0.04, "iorb": 0.04, "deposit_rate": 0.016}
    parameters = {"a_notes": 0.18, "beta": 0.4, "dividend_share": 0.05}
    exogenous = {"iorb": 0.04, "qe": 0.0, "spending": 30.0, "margin_pattern": -4.0, "yield_anchor": 0.04, "slope": 1e-5}
    return State(START, values, parameters, exogenous)


def run(periods: int = 6, clock: str = "weekly", scenario: Scenario | None = None) -> Simulation:
    first = float(time_grid(START, clock, periods).lengths[0])
    return simulate(system(), opening(first), scenario, periods=periods, clock=clock)
