"""A hedge fund: equity, haircut and margin limit its book; margin calls force sales; without equity its lenders write off and close it."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from equations import rates
from equations.accounts import BANKS, DT, HF, PRIVATE, VARIATION_MARGIN
from equations.cells import acquired, cell, held, kept, primary, received, secondary
from equations.coupons import CLASSES
from equations.institutions.accounts import CHART
from equations.institutions.markets import redeemed
from model.accounting.identities import budget_equation, income
from model.language.accounts import revaluation, transaction
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, where
from model.language.units import ONE, RATE, USD, YEAR

RESULT = Variable("hf_result", USD, "equity of a fund before any write-off of its debt")
REQUIREMENT = Variable("hf_requirement", ONE, "own funds that a fund needs per dollar of book")
POSITION = Variable("hf_position", USD, "Treasuries of a fund before it trades, at today's prices")
CAPACITY = Variable("hf_capacity", USD, "largest book that equity carries")
BOOK = Variable("hf_book", USD, "Treasuries of a fund after margin calls")
SOLD = Variable("hf_sold_share", ONE, "share of the position that is sold or seized")
CASH = Variable("hf_cash", USD, "deposits of a fund")
NEED = Variable("hf_repo_need", USD, "net repo that a fund's budget calls for")
FAILED = Variable("hf_failed", ONE, "1 from the period in which a fund's equity was gone, else 0")
WRITE_OFF = Variable("hf_write_off", USD, "repo that a fund cannot repay")
HAIRCUT = Variable("repo_haircut", ONE, "haircut that a bank asks of a fund")
MARGIN_PART = Variable("repo_haircut_part", ONE, "that haircut by the bank's share of the fund's repo")
SEIZED = {k: Variable(f"repo_seized_{k}", USD, f"{k} that a bank takes from a closed fund") for k in CLASSES}
HAIRCUT_RISE = Variable("haircut_rise", ONE, "general rise of haircuts")
OWN_LOSS = Variable("hf_own_loss", USD, "what a fund pays on positions outside Treasuries in the period")
BASIS = Variable("futures_basis", RATE, "futures-implied repo rate less the repo rate")
BANK_RATIO = Variable("bank_ratio", ONE, "equity of a bank over its assets at the opening")

HAIRCUT_NORMAL = Parameter("repo_haircut_normal", ONE, "haircut in normal times", 0.0, 1.0)
HAIRCUT_FLOOR = Parameter("repo_haircut_floor", ONE, "regulatory minimum haircut", 0.0, 1.0)
CAUTION = Parameter("repo_haircut_caution", ONE, "rise of a bank's haircuts per unit by which its capital ratio falls below the alarm", 0.0)
ALARM = Parameter("bank_alarm", ONE, "capital ratio below which a bank lends more cautiously", 0.0, 1.0)
REPO_WEIGHT = Parameter("repo_weight", ONE, "share of a bank in a fund's repo", 0.0, 1.0)
CASH_WEIGHT = Parameter("hf_deposit_weight", ONE, "share of a bank in a fund's deposits", 0.0, 1.0)
MARGIN = Parameter("futures_margin", ONE, "futures margin over the book", 0.0, 1.0)
BUFFER = Parameter("hf_own_buffer", ONE, "own funds that a fund keeps beyond haircut and margin", 0.0)
HEDGE = Parameter("hf_hedge", ONE, "share of the book that is hedged with futures", 0.0, 1.0)
CASH_RATIO = Parameter("hf_cash_share", ONE, "deposits over book", 0.0)
CALL_SPEED = Parameter("margin_call_speed", ONE, "share of a margin shortfall that is met by sales within a period", 0.0, 1.0)
TENOR = Parameter("futures_delivery", YEAR, "time to delivery", 0.0)

REPO = cell("repo_dvp", BANKS, HF)
equity = held("hedge_fund_equity", PRIVATE)
before_trading = {k: kept(k, HF) + primary(k, HF) for k in CLASSES}
gains = sp.Add(*[revaluation(cell(k, HF)) for k in CLASSES])
failing = sp.Gt(FAILED(-1), 0)
need = budget_equation(CHART, HF, REPO)

EQUATIONS = (
    Equation(
        "repo_haircut",
        HAIRCUT,
        maximum(HAIRCUT_FLOOR, HAIRCUT_NORMAL + HAIRCUT_RISE + CAUTION * maximum(ALARM - BANK_RATIO(-1), 0)),
        "haircuts rise with a general shock, and of a bank whose capital has fallen",
    ),
    Equation("repo_haircut_part", MARGIN_PART, REPO_WEIGHT * HAIRCUT, "by the bank's share", kind="definition"),
    Equation("hf_requirement", REQUIREMENT, MARGIN_PART + MARGIN + BUFFER, "haircut, margin and own buffer", kind="definition"),
    *[
        Equation(primary(k, HF).base, primary(k, HF), redeemed(k, HF), "what falls due is bought again at issue", kind="definition")
        for k in CLASSES
    ],
    Equation(
        "hf_result",
        RESULT,
        equity(-1) + acquired("hedge_fund_equity", PRIVATE) + income(CHART, HF) + gains,
        "opening equity, income and gains on securities",
        kind="definition",
    ),
    Equation("hf_position", POSITION, sp.Add(*before_trading.values()), "the book before trades", kind="definition"),
    Equation("hf_capacity", CAPACITY, maximum(RESULT, 0) / REQUIREMENT, "equity over the requirement", kind="definition"),
    Equation(
        "hf_book",
        BOOK,
        where(failing, 0, POSITION - CALL_SPEED * maximum(POSITION - CAPACITY, 0)),
        "margin calls are met by sales; a failed fund loses its whole book",
        source="Brunnermeier and Pedersen (2009)",
    ),
    Equation(
        "hf_sold_share", SOLD, where(failing, 1, where(sp.Gt(POSITION, 0), 1 - BOOK / POSITION, 0)), "both classes alike", kind="definition"
    ),
    *[
        Equation(secondary(k, HF).base, secondary(k, HF), -SOLD * before_trading[k], "sales of the class", kind="definition")
        for k in CLASSES
    ],
    Equation(
        VARIATION_MARGIN.key,
        VARIATION_MARGIN.variable,
        -HEDGE
        * (
            gains
            + sp.Add(*[received(k, HF) for k in CLASSES])
            - (rates.DVP_RATE(-1) + BASIS(-1)) * BOOK(-1) * DT
            + TENOR * BOOK(-1) * (BASIS - BASIS(-1))
        )
        - OWN_LOSS,
        "futures lose what the hedged book gains beyond its locked-in carry; a wider basis costs on the mark; own losses are paid likewise",
        kind="definition",
    ),
    Equation(
        "hf_cash",
        CASH,
        maximum(CASH_RATIO * BOOK, maximum(RESULT, 0) - BOOK),
        "cash follows the book; what equity exceeds it by stays in the bank",
    ),
    Equation("deposits_hedge_funds", held("deposits", HF), CASH_WEIGHT * CASH, "spread over the fund's banks"),
    Equation("hedge_fund_equity_issued", acquired("hedge_fund_equity", PRIVATE), sp.Integer(0), "nobody adds capital in a crisis"),
    replace(need, name="hf_repo_need", left=NEED, label="a fund's budget determines its repo"),
    Equation("repo_dvp_funds", transaction(REPO), REPO_WEIGHT * NEED, "spread over the fund's lenders", kind="definition"),
    Equation(
        "hf_write_off",
        WRITE_OFF,
        maximum(-RESULT, 0),
        "lenders bear what collateral and cash do not cover, in the week in which it shows",
    ),
    Equation(
        "repo_dvp_funds_revaluation",
        revaluation(REPO),
        -REPO_WEIGHT * WRITE_OFF,
        "each lender's part is written off on both sides",
        kind="definition",
    ),
    Equation(
        "hf_failed",
        FAILED,
        where(failing, 1, where(sp.Lt(RESULT, 0), 1, 0)),
        "a fund without equity is closed in the next period",
        kind="definition",
    ),
    *[
        Equation(
            SEIZED[k].base,
            SEIZED[k],
            where(failing, REPO_WEIGHT * before_trading[k], 0),
            "lenders take the collateral",
            kind="definition",
        )
        for k in CLASSES
    ],
)
EXOGENOUS = (HAIRCUT_RISE, BASIS, OWN_LOSS)
PLACES = {
    **dict.fromkeys(
        ("hf_result", "hf_requirement", "hf_position", "hf_capacity", "hf_book", "hf_sold_share", "hf_cash", "hf_repo_need"), HF
    ),
    **dict.fromkeys(("hf_failed", "hf_write_off", "hf_own_buffer", "hf_own_loss", "hf_hedge", "hf_cash_share"), HF),
    **dict.fromkeys(("repo_haircut", "repo_haircut_part", "repo_haircut_normal", "repo_weight"), REPO.key),
    **{seized.base: REPO.key for seized in SEIZED.values()},
    "hf_deposit_weight": cell("deposits", HF).key,
    "bank_alarm": BANKS,
}
