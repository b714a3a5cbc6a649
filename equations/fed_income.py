"""The Fed's accounts (F3)-(F4): portfolio at book, income, remittances and the deferred asset."""

from __future__ import annotations

import sympy as sp

from equations.accounts import BANKS, CHART, DT, FED, FED_DIVIDEND, FED_OPEX, FO, PRIVATE, REMITTANCE, TREASURY
from equations.cells import adjustment, face, held, kept, primary, received, secondary
from equations.coupons import CLASSES
from equations.fed import redeemed
from equations.real_side import GDP
from equations.term_structure import DECAY
from model.accounting.identities import income
from model.language.accounts import Cell, revaluation, transaction
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, where
from model.language.units import FLOW, ONE, RATE, USD

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

OPEX = Parameter("fed_opex", ONE, "operating expense over GDP", 0.0)
DIVIDEND = Parameter("fed_dividend_rate", RATE, "statutory dividend on capital and surplus", 0.0)
REMIT_SHARE = Parameter("remittance_share", ONE, "share of profit remitted: 1 by statute", 0.0, 1.0)

earned = sp.Add(
    *[
        received(c.instrument, FED, c.issuer)
        for c in CHART.cells()
        if c.holder == FED and c.instrument != "currency" and (CHART.instrument(c.instrument).rate is not None or c.instrument in CLASSES)
    ]
)
paid = sp.Add(
    *[
        received(k, h)
        for k, h in (
            ("reserves", BANKS),
            ("on_rrp", "mmf"),
            ("on_rrp", PRIVATE),
            ("foreign_repo_pool", FO),
            ("fed_other_deposits", PRIVATE),
        )
    ]
)
profit = income(CHART, FED) + REMITTANCE.variable + sp.Add(*[ACCRETION[k] + GAIN[k] for k in CLASSES])

survived = {k: face(k, FED)(-1) * sp.exp(-DECAY[k] * DT) for k in CLASSES}
sold = {k: maximum(-secondary(k, FED), 0) for k in CLASSES}
book_kept = {k: BOOK[k](-1) * sp.exp(-DECAY[k] * DT) for k in CLASSES}
part_sold = {k: where(sp.Gt(kept(k, FED), 0), sold[k] / kept(k, FED), 0) for k in CLASSES}

EQUATIONS = (
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
