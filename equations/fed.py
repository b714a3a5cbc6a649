"""The Fed (F1)-(F4): programmes, portfolio at book, income, remittances and the deferred asset. Reserves are its residual."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import BANKS, CHART, DT, FED, FED_DIVIDEND, FED_OPEX, FO, PRIVATE, REMITTANCE, ROW, TREASURY
from equations.calendar import GSE_CYCLE
from equations.cells import adjustment, face, held, kept, primary, received, secondary, smoothed, total
from equations.coupons import CLASSES
from equations.real_side import GDP, TREND_GDP
from equations.repo import FED_NET_PURCHASES, FED_PACE, MEMORY, SLACK, curve, size
from equations.term_structure import DECAY
from equations.treasury import TGA_TARGET
from model.accounts import Cell, revaluation, transaction
from model.equation import Equation
from model.identities import income
from model.symbols import Parameter, Variable, maximum, minimum, where
from model.units import FLOW, ONE, RATE, USD

RUNOFF = {k: Variable(f"fed_runoff_{k}", USD, f"{k} that the Fed lets run off in the period") for k in CLASSES}
AGENCY_PAYDOWN = Variable("fed_agency_paydown", USD, "principal received on the Fed's agency pool")
AGENCY_REINVESTED = Variable("fed_agency_reinvested", USD, "agency principal put into bills")
RMP = Variable("rmp", FLOW, "reserve-management purchases, annual rate")
STRUCTURAL = Variable("structural_spread", RATE, "four-week average of the spread that the curve gives with the TGA at target")
RMP_TREND = Variable("rmp_trend", FLOW, "purchases that keep reserves in step with deposits")
BILL_PURCHASES = Variable("fed_bill_purchases", USD, "bills bought outright by the Fed in the period")
BILL_ROOM = Variable("fed_bill_room", ONE, "part of purchases that goes into bills")
UNFILLED = {
    k: Variable(f"fed_unfilled_{k}", USD, f"{k} ordered that find no seller, or sales beyond what is held (negative)") for k in CLASSES
}
AGENCY_BOUGHT = Variable("fed_agency_bought", USD, "agency securities bought outright in the period")
BOOK = {k: Variable(f"fed_book__{k}", USD, f"book value of the Fed's {k}") for k in CLASSES}
ACCRETION = {k: Variable(f"fed_accretion_{k}", USD, f"discount accreted less premium amortised on {k}") for k in CLASSES}
GAIN = {k: Variable(f"fed_gain_{k}", USD, f"realised gain on {k} sold") for k in CLASSES}
NET_INCOME = Variable("fed_net_income", FLOW, "net income after opex and dividend, annual rate")
REMITTED = Variable("fed_remittance", FLOW, "remittances, annual rate")
DEFERRED = Variable("deferred_asset", USD, "deferred asset")
CAPITAL = Variable("fed_capital", USD, "capital and surplus")
UNREALISED = Variable("fed_unrealised", USD, "market less book value of the Fed's Treasuries")
WORTH_BOOK = Variable("fed_net_worth_book", USD, "capital and surplus less deferred asset")
WORTH_MARKET = Variable("fed_net_worth_market", USD, "the same at market value")
FED_ASSETS = Variable("fed_assets", USD, "total assets of the Fed at book")
INTEREST_INCOME = Variable("fed_interest_income", FLOW, "interest income with accretion, annual rate")
INTEREST_EXPENSE = Variable("fed_interest_expense", FLOW, "interest expense, annual rate")

PAYDOWN = Parameter("fed_agency_paydown_rate", RATE, "principal paid on the agency pool in a year", 0.0)
AGENCY_TO_BILLS = Parameter("fed_agency_to_bills", ONE, "1 where reinvested agency principal buys bills", 0.0, 1.0)
BILL_CAP = Parameter("fed_bill_cap", ONE, "largest share of bills that the Fed holds", 0.0, 1.0)
BILL_CAP_WIDTH = Parameter("fed_bill_cap_width", ONE, "width over which purchases turn from bills to notes", 0.0)
RMP_FEEDBACK = Parameter("rmp_feedback", FLOW / RATE, "purchases a year per unit of average spread above target", 0.0)
RMP_LIMIT = Parameter("rmp_limit", ONE, "largest pace of reserve-management purchases over GDP", 0.0)
HOLDING_LIMIT = Parameter("fed_holding_limit", ONE, "largest share of an instrument that the Fed buys up to", 0.0, 1.0)
RMP_TARGET = Parameter("rmp_target", RATE, "average spread that purchases hold")
OPEX = Parameter("fed_opex", ONE, "operating expense over GDP", 0.0)
DIVIDEND = Parameter("fed_dividend_rate", RATE, "statutory dividend on capital and surplus", 0.0)
REMIT_SHARE = Parameter("remittance_share", ONE, "share of profit remitted: 1 by statute", 0.0, 1.0)

agency = held("agency", FED)
earned = sp.Add(
    *[
        received(c.instrument, FED, c.issuer)
        for c in CHART.cells()
        if c.holder == FED and c.instrument != "currency" and (CHART.instrument(c.instrument).rate is not None or c.instrument in CLASSES)
    ]
)
paid = sp.Add(*[received(k, h) for k, h in (("reserves", BANKS), ("on_rrp", "mmf"), ("on_rrp", PRIVATE), ("foreign_repo_pool", FO))])
profit = income(CHART, FED) + REMITTANCE.variable + sp.Add(*[ACCRETION[k] + GAIN[k] for k in CLASSES])

ratio_rows = [("currency", BANKS), ("currency", ROW), ("currency", PRIVATE), ("other", FED)]
survived = {k: face(k, FED)(-1) * sp.exp(-DECAY[k] * DT) for k in CLASSES}
sold = {k: maximum(-secondary(k, FED), 0) for k in CLASSES}
book_kept = {k: BOOK[k](-1) * sp.exp(-DECAY[k] * DT) for k in CLASSES}
redeemed = {k: face(k, FED)(-1) * adjustment(DECAY[k]) for k in CLASSES}
cap_share = {k: redeemed[k] / sp.Add(*redeemed.values()) for k in CLASSES}
purchases = {
    "notes": policy.QE_NOTES * DT - policy.TWIST * DT + (1 - BILL_ROOM) * RMP * DT + (1 - AGENCY_TO_BILLS) * AGENCY_REINVESTED,
    "bonds": policy.QE_BONDS * DT + policy.TWIST * DT,
}

part_sold = {k: where(sp.Gt(kept(k, FED), 0), sold[k] / kept(k, FED), 0) for k in CLASSES}
agency_before = agency(-1) - AGENCY_PAYDOWN


def within(order: sp.Expr, owned: sp.Expr, existing: sp.Expr) -> sp.Expr:
    """What of an order is done: the Fed sells no more than it owns and buys up to its limit of what exists."""
    return maximum(minimum(order, maximum(HOLDING_LIMIT * existing - owned, 0)), -owned)


EQUATIONS = (
    *[
        Equation(f"{k}_{h}", held(k, h), held(k, h)(-1) * TREND_GDP / TREND_GDP(-1), "keeps its ratio to GDP", "(F1)", "Fed H.4.1")
        for k, h in ratio_rows
    ],
    Equation(
        "fed_other_deposits_held",
        held("fed_other_deposits", PRIVATE),
        (held("fed_other_deposits", PRIVATE)(-1) - GSE_CYCLE(-1)) * TREND_GDP / TREND_GDP(-1) + GSE_CYCLE,
        "keeps its ratio to GDP, with the agencies' cash cycle",
        "(F1)",
        "Fed H.4.1",
    ),
    *[
        Equation(
            RUNOFF[k].base,
            RUNOFF[k],
            minimum(redeemed[k], policy.QT_CAP_TREASURY * DT * cap_share[k]),
            "what matures runs off up to the cap",
            "(F2)",
            "FOMC plans for reducing the size of the balance sheet",
            "policy",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            primary(k, FED).base,
            primary(k, FED),
            redeemed[k] - RUNOFF[k],
            "the rest is rolled over at auction as an add-on",
            "(T3)",
            kind="definition",
        )
        for k in CLASSES
    ],
    Equation("fed_agency_paydown", AGENCY_PAYDOWN, agency(-1) * adjustment(PAYDOWN), "principal is paid", "(F2)", kind="definition"),
    Equation(
        "fed_agency_reinvested",
        AGENCY_REINVESTED,
        maximum(AGENCY_PAYDOWN - policy.QT_CAP_AGENCY * DT, 0),
        "principal above the cap is put into Treasuries",
        "(F2)",
        kind="policy",
    ),
    Equation(
        "fed_agency_bought",
        AGENCY_BOUGHT,
        within(policy.QE_AGENCY * DT, agency_before, total("agency")(-1)),
        "outright purchases within what is held and what exists",
        "(F2)",
        kind="policy",
    ),
    Equation(
        "fed_agency",
        agency,
        agency_before + AGENCY_BOUGHT,
        "the agency pool shrinks by principal",
        "(F2)",
        kind="definition",
    ),
    Equation(
        "fed_agency_rate",
        rates.FED_AGENCY_RATE,
        rates.FED_AGENCY_RATE(-1)
        + where(sp.Gt(agency, 0), maximum(AGENCY_BOUGHT, 0) / agency, 0) * (rates.AGENCY_RATE - rates.FED_AGENCY_RATE(-1)),
        "the pool's average rate moves with what is bought",
        "(F3)",
        kind="definition",
    ),
    Equation(
        "rmp_trend",
        RMP_TREND,
        sp.log(TREND_GDP / TREND_GDP(-1))
        / DT
        * sp.Add(*[total(k)(-1) for k in ("currency", "foreign_repo_pool", "fed_other_deposits", "reserves", "tga")]),
        "reserve demand and autonomous factors grow with income",
        "(F2)",
    ),
    Equation(
        "structural_spread",
        STRUCTURAL,
        smoothed(STRUCTURAL, curve(SLACK + held("tga", TREASURY) - TGA_TARGET), MEMORY),
        "the desk looks through swings of the Treasury's cash around its target",
        "(F2)",
        "New York Fed statement on reserve-management purchases, 10 December 2025",
    ),
    Equation(
        "rmp",
        RMP,
        policy.RMP_ON
        * minimum(maximum(policy.RMP_FLOOR, RMP_TREND + RMP_FEEDBACK * size * (STRUCTURAL - RMP_TARGET)), RMP_LIMIT * TREND_GDP),
        "purchases follow autonomous growth, more when the spread is above target and less when below",
        "(F2)",
        "New York Fed statement on reserve-management purchases, 10 December 2025",
        "policy",
    ),
    Equation(
        "fed_bill_room",
        BILL_ROOM,
        maximum(0, minimum(1, (BILL_CAP - held("bills", FED)(-1) / total("bills")(-1)) / BILL_CAP_WIDTH)),
        "bills are bought until the Fed holds its limit of them",
        "(F2)",
    ),
    Equation(
        "fed_bill_purchases",
        BILL_PURCHASES,
        within(
            policy.QE_BILLS * DT + BILL_ROOM * RMP * DT + AGENCY_TO_BILLS * AGENCY_REINVESTED, held("bills", FED)(-1), total("bills")(-1)
        ),
        "outright bill purchases; maturing bills are rolled",
        "(F2)",
        kind="definition",
    ),
    Equation("bills_fed", held("bills", FED), held("bills", FED)(-1) + BILL_PURCHASES, "bills of the Fed", "(F2)"),
    *[
        Equation(
            secondary(k, FED).base,
            secondary(k, FED),
            within(purchases[k], kept(k, FED), sp.Add(*[kept(k, c.holder) for c in CHART.cells(k)])),
            "the Fed buys outright in the secondary market",
            "(F2)",
            "New York Fed, limit of 70 % of an issue",
            "policy",
        )
        for k in CLASSES
    ],
    *[
        Equation(UNFILLED[k].base, UNFILLED[k], purchases[k] - secondary(k, FED), "order less purchase", "(F2)", kind="definition")
        for k in CLASSES
    ],
    Equation(
        "fed_net_purchases",
        FED_NET_PURCHASES,
        BILL_PURCHASES + sp.Add(*[secondary(k, FED) - RUNOFF[k] for k in CLASSES]) + agency - agency(-1),
        "outright purchases less run-off",
        "(F2)",
        kind="definition",
    ),
    Equation(
        "fed_purchase_pace",
        FED_PACE,
        FED_PACE(-1) + (FED_NET_PURCHASES / DT - FED_PACE(-1)) * adjustment(MEMORY),
        "recent pace",
        "(Y3)",
        kind="definition",
    ),
    *[
        Equation(
            ACCRETION[k].base,
            ACCRETION[k],
            redeemed[k] - BOOK[k](-1) * adjustment(DECAY[k]),
            "redemption at par of what is booked at cost",
            "(F3)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            GAIN[k].base,
            GAIN[k],
            sold[k] - part_sold[k] * book_kept[k],
            "sales realise market less book",
            "(F3)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            BOOK[k].base,
            BOOK[k],
            book_kept[k] * (1 - part_sold[k]) + primary(k, FED) + maximum(secondary(k, FED), 0),
            "purchases enter at cost, the book amortises with the class",
            "(F3)",
            "Financial Accounting Manual for Federal Reserve Banks",
            "definition",
        )
        for k in CLASSES
    ],
    Equation(
        "pay_fed_opex", FED_OPEX.variable, OPEX * GDP * DT, "operating expense", "(F3)", "Federal Reserve annual statements", "definition"
    ),
    Equation(
        "pay_fed_dividend",
        FED_DIVIDEND.variable,
        DIVIDEND * CAPITAL(-1) * DT,
        "statutory dividend",
        "(F3)",
        "Federal Reserve annual statements",
        "definition",
    ),
    Equation(
        "fed_interest_income",
        INTEREST_INCOME,
        (earned + sp.Add(*[ACCRETION[k] for k in CLASSES])) / DT,
        "interest income",
        "(F3)",
        kind="definition",
    ),
    Equation("fed_interest_expense", INTEREST_EXPENSE, paid / DT, "interest expense", "(F3)", kind="definition"),
    Equation(
        "fed_net_income",
        NET_INCOME,
        profit / DT,
        "income at book: interest, accretion, realised gains, less expense, opex and dividend",
        "(F3)",
        kind="definition",
    ),
    Equation(
        "pay_remittance",
        REMITTANCE.variable,
        REMIT_SHARE * maximum(NET_INCOME * DT - DEFERRED(-1), 0),
        "profit is remitted once the deferred asset is used up",
        "(F4)",
        "Federal Reserve Act, section 7",
        "definition",
    ),
    Equation(
        "deferred_asset",
        DEFERRED,
        maximum(DEFERRED(-1) - NET_INCOME * DT, 0),
        "losses are carried forward",
        "(F4)",
        "Federal Reserve Act, section 7",
        "definition",
    ),
    Equation("fed_remittance", REMITTED, REMITTANCE.variable / DT, "remittances, annual rate", "(F4)", kind="definition"),
    Equation(
        "fed_equity_revaluation",
        revaluation(Cell("fed_equity", FED, TREASURY)),
        NET_INCOME * DT - REMITTANCE.variable,
        "book equity moves by retained income",
        "(F4)",
        kind="definition",
    ),
    Equation(
        "fed_equity_transaction",
        transaction(Cell("fed_equity", FED, TREASURY)),
        sp.Integer(0),
        "the Treasury does not trade the Fed's equity",
        "(F4)",
        kind="definition",
    ),
    Equation("fed_capital", CAPITAL, held("fed_equity", TREASURY) + DEFERRED, "capital and surplus", "(F4)", kind="definition"),
    Equation(
        "fed_unrealised",
        UNREALISED,
        sp.Add(*[held(k, FED) - BOOK[k] for k in CLASSES]),
        "unrealised result, a memo",
        "(F3)",
        kind="definition",
    ),
    Equation("fed_net_worth_book", WORTH_BOOK, held("fed_equity", TREASURY), "net worth at book", "(F4)", kind="definition"),
    Equation("fed_net_worth_market", WORTH_MARKET, WORTH_BOOK + UNREALISED, "net worth at market", "(F4)", kind="definition"),
    Equation(
        "fed_assets",
        FED_ASSETS,
        sp.Add(*[held(c.instrument, FED, c.issuer) for c in CHART.cells() if c.holder == FED and c.instrument not in CLASSES])
        + sp.Add(*[BOOK[k] for k in CLASSES]),
        "assets at book",
        "(F1)",
        kind="definition",
    ),
)
