"""Banks (B1)-(B7): loans, deposit rates, securities, dealers' inventory, income and dividends. Their budget is the hidden equation."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import BANK_DIVIDEND, BANK_DIVIDEND_ROW, BANK_OPEX, BANKS, CHART, DT, FO, PRIVATE, ROW
from equations.cells import acquired, adjustment, held, smoothed, total
from equations.coupons import CLASSES, DEMAND
from equations.real_side import Y_OPENING, keeping_ratio
from equations.repo import BANK_ASSETS, INVENTORY
from equations.term_structure import SURPRISE_SALES
from model.accounting.identities import income
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, where
from model.language.units import ONE, RATE, USD

TREASURY_TARGET = Variable("bank_treasury_target", USD, "face of coupons that banks aim at")
TREASURY_BOOK = Variable("bank_treasury_book", USD, "face of coupons that banks want, inventory apart")
BANK_INCOME = Variable("bank_income", USD, "income of banks before dividends in the period")
RETAINED = Variable("bank_retained", USD, "income that banks mean to retain in the period")
BANK_PAYOUT = Variable("bank_payout", USD, "dividends of banks in the period")
AGENCY_TARGET = Variable("bank_agency_target", USD, "agency securities that banks aim at")

LOAN_GROWTH = Parameter("loan_growth", RATE, "growth of loans at the opening yield")
LOAN_YIELD = Parameter("loan_yield_effect", ONE, "fall of loan growth per unit of yield", 0.0)
BETA = Parameter("deposit_beta_target", ONE, "long-run deposit rate over IORB", 0.0, 1.0)
BETA_SPEED = Parameter("deposit_beta_speed", RATE, "speed of the deposit rate", 0.0)
TREASURY_RATIO = Parameter("bank_treasury_ratio", ONE, "coupons over deposits when yields equal IORB", 0.0)
TREASURY_YIELD = Parameter("bank_treasury_yield", ONE / RATE, "relative rise of ratios of securities per unit of yield above IORB", 0.0)
AGENCY_RATIO = Parameter("bank_agency_ratio", ONE, "agency securities over deposits when new ones yield IORB", 0.0)
TREASURY_SPEED = Parameter("bank_treasury_speed", RATE, "speed at which banks adjust", 0.0)
BANK_CLASS = {k: Parameter(f"bank_share_{k}", ONE, f"share of {k} in banks' coupons", 0.0, 1.0) for k in CLASSES}
INVENTORY_SHARE = Parameter("inventory_share", ONE, "share of unexpected supply that dealers take first", 0.0, 1.0)
INVENTORY_DECAY = Parameter("inventory_decay", RATE, "speed at which dealers sell inventory", 0.0)
LOAN_SPREAD = Parameter("loan_spread", RATE, "loan rate above the mean of policy rate and note yield")
AGENCY_SPREAD = Parameter("agency_spread", RATE, "rate of new agency securities above the bond yield", -0.1, 0.2)
AGENCY_TURNOVER = Parameter("agency_turnover", RATE, "share of agency pools replaced in a year", 0.0)
OTHER_SPREAD = Parameter("other_spread", RATE, "rate of other paper above IORB")
OPEX = Parameter("bank_opex", RATE, "operating expense and provisions, less fee income, over assets", 0.0)
EQUITY_TARGET = Parameter("bank_equity_target", ONE, "equity over assets that banks aim at", 0.0, 1.0)
EQUITY_SPEED = Parameter("bank_equity_speed", RATE, "speed of the return to that ratio", 0.0)
EQUITY_GROWTH = Parameter("bank_equity_growth", RATE, "growth of equity at target")

deposits = total("deposits")
coupon_yield = sp.Add(*[BANK_CLASS[k] * y for k, y in (("notes", rates.YIELD_NOTES), ("bonds", rates.YIELD_BONDS))])
new_agency = rates.YIELD_BONDS + AGENCY_SPREAD
bank_agency = held("agency", BANKS)

EQUATIONS = (
    Equation(
        "loans_private",
        held("loans", BANKS, PRIVATE),
        held("loans", BANKS, PRIVATE)(-1) * sp.exp((LOAN_GROWTH - LOAN_YIELD * (rates.YIELD_BONDS(-1) - Y_OPENING)) * DT),
        "loans grow with income and slow when yields rise",
        "(B2)",
        "Fed H.8, 2025",
    ),
    Equation(
        "loans_row",
        held("loans", BANKS, ROW),
        keeping_ratio(held("loans", BANKS, ROW)),
        "foreign loans keep their ratio to GDP",
        "(B2)",
    ),
    Equation(
        "deposit_rate",
        rates.DEPOSIT_RATE,
        smoothed(rates.DEPOSIT_RATE, BETA * rates.IORB, BETA_SPEED),
        "deposit rates follow IORB in part and slowly",
        "(B3)",
        "Drechsler, Savov and Schnabl (2021)",
    ),
    Equation(
        "loan_rate",
        rates.LOAN_RATE,
        LOAN_SPREAD + (policy.POLICY_RATE + rates.YIELD_NOTES) / 2,
        "loan rates are half floating, half fixed",
        "(B7)",
    ),
    Equation(
        "agency_rate",
        rates.AGENCY_RATE,
        smoothed(rates.AGENCY_RATE, new_agency, AGENCY_TURNOVER),
        "pools turn over",
        "(B7)",
    ),
    Equation("other_rate", rates.OTHER_RATE, rates.IORB + OTHER_SPREAD, "other paper floats", "(B7)"),
    Equation(
        "bank_treasury_target",
        TREASURY_TARGET,
        TREASURY_RATIO * deposits(-1) * maximum(0, 1 + TREASURY_YIELD * (coupon_yield - rates.IORB)),
        "banks hold Treasuries against deposits, more when they pay more than reserves, and none at worst",
        "(B5)",
        "Fed H.8; call reports",
    ),
    Equation(
        "bank_treasury_book",
        TREASURY_BOOK,
        TREASURY_BOOK(-1) + (TREASURY_TARGET - TREASURY_BOOK(-1)) * adjustment(TREASURY_SPEED),
        "banks adjust over a year or two",
        "(B5)",
    ),
    Equation(
        "dealer_inventory",
        INVENTORY,
        INVENTORY(-1) * sp.exp(-INVENTORY_DECAY * DT) + INVENTORY_SHARE * SURPRISE_SALES,
        "dealers take part of unexpected supply first and sell it over weeks",
        "(J0)",
        "Du, Hebert and Li (2023)",
    ),
    *[
        Equation(
            DEMAND[k, BANKS].base,
            DEMAND[k, BANKS],
            BANK_CLASS[k] * maximum(TREASURY_BOOK + INVENTORY, 0),
            "banks' own book and dealers' inventory, whose short side borrows from the book",
            "(B5)",
        )
        for k in CLASSES
    ],
    Equation(
        "bank_agency_target",
        AGENCY_TARGET,
        AGENCY_RATIO * deposits(-1) * maximum(0, 1 + TREASURY_YIELD * (new_agency - rates.IORB)),
        "banks hold agency securities against deposits as they hold Treasuries",
        "(B5)",
        "Fed H.8, 2021 to 2023",
    ),
    Equation(
        "agency_banks",
        bank_agency,
        maximum(
            smoothed(bank_agency, AGENCY_TARGET, TREASURY_SPEED),
            where(sp.Gt(new_agency, rates.AGENCY_RATE), bank_agency(-1) * sp.exp(-AGENCY_TURNOVER * DT), 0),
        ),
        "banks adjust over a year or two; what is worth less than it cost they do not sell but let run off",
        "(B5)",
        "Fed H.8 and FDIC Quarterly Banking Profile, 2022 and 2023: unrealised losses and run-off",
    ),
    *[
        Equation(
            f"agency_{h}",
            held("agency", h),
            keeping_ratio(held("agency", h)),
            "foreign holdings keep their ratio to GDP; residents, who issue the rest, take up what others do not hold",
            "(B7)",
            "Treasury TIC",
        )
        for h in (FO, ROW)
    ],
    Equation(
        "other_banks",
        held("other", BANKS),
        keeping_ratio(held("other", BANKS)),
        "other paper keeps its ratio to GDP",
        "(B7)",
    ),
    Equation(
        "pay_bank_opex",
        BANK_OPEX.variable,
        OPEX * BANK_ASSETS(-1) * DT,
        "running costs and provisions",
        "(B7)",
        "FDIC Quarterly Banking Profile",
        "definition",
    ),
    Equation(
        "bank_income",
        BANK_INCOME,
        income(CHART, BANKS) + BANK_PAYOUT,
        "payments received less paid, dividends apart",
        "(B7)",
        kind="definition",
    ),
    Equation(
        "bank_retained",
        RETAINED,
        (EQUITY_GROWTH * total("bank_equity")(-1) + EQUITY_SPEED * (EQUITY_TARGET * BANK_ASSETS(-1) - total("bank_equity")(-1))) * DT,
        "equity grows with the balance sheet and returns to its target",
        "(B7)",
    ),
    Equation("bank_payout", BANK_PAYOUT, maximum(BANK_INCOME - RETAINED, 0), "the rest is paid out", "(B7)"),
    *[
        Equation(
            flow.key,
            flow.variable,
            BANK_PAYOUT * held("bank_equity", holder)(-1) / total("bank_equity")(-1),
            "dividends by holding",
            "(B7)",
            kind="definition",
        )
        for flow, holder in ((BANK_DIVIDEND, PRIVATE), (BANK_DIVIDEND_ROW, ROW))
    ],
    *[
        Equation(
            f"bank_equity_issued_{holder}",
            acquired("bank_equity", holder),
            sp.Integer(0),
            "banks build equity from income and issue none",
            "(B7)",
        )
        for holder in (PRIVATE, ROW)
    ],
)
