"""The Fed's programmes (F1)-(F2): autonomous liabilities, run-off, reinvestment, purchases. Reserves are the residual of its budget."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import BANKS, CHART, DT, FED, PRIVATE, ROW, TREASURY
from equations.calendar import GSE_CYCLE
from equations.cells import adjustment, face, held, kept, primary, secondary, smoothed, total
from equations.coupons import CLASSES
from equations.real_side import TREND_GDP, keeping_ratio
from equations.repo import FED_NET_PURCHASES, FED_PACE, MEMORY, SLACK, curve, size
from equations.term_structure import DECAY, ONE_YEAR
from equations.treasury import TGA_TARGET
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, minimum, where
from model.language.units import FLOW, ONE, RATE, USD

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
CURRENCY_HOLDERS = (BANKS, PRIVATE)
CURRENCY_RATIO = {
    h: Parameter(f"currency_ratio__{h}", ONE_YEAR.unit, f"currency over GDP that {h} holds when money elsewhere pays nothing", 0.0)
    for h in CURRENCY_HOLDERS
}
CURRENCY_RATE = Parameter("currency_rate_effect", ONE / RATE, "relative fall of currency per unit of IORB", 0.0)
CURRENCY_SPEED = Parameter("currency_speed", RATE, "speed at which holders of currency adjust", 0.0)
CLEARING_SHARE = Parameter("clearing_deposit_share", ONE, "part of other deposits at the Fed that earns IORB", 0.0, 1.0)
PAYDOWN = Parameter("fed_agency_paydown_rate", RATE, "principal paid on the agency pool in a year", 0.0)
AGENCY_TO_BILLS = Parameter("fed_agency_to_bills", ONE, "1 where reinvested agency principal buys bills", 0.0, 1.0)
BILL_CAP = Parameter("fed_bill_cap", ONE, "largest share of bills that the Fed holds", 0.0, 1.0)
BILL_CAP_WIDTH = Parameter("fed_bill_cap_width", ONE, "width over which purchases turn from bills to notes", 0.0)
RMP_FEEDBACK = Parameter("rmp_feedback", FLOW / RATE, "purchases a year per unit of average spread above target", 0.0)
RMP_LIMIT = Parameter("rmp_limit", ONE, "largest pace of reserve-management purchases over GDP", 0.0)
HOLDING_LIMIT = Parameter("fed_holding_limit", ONE, "largest share of an instrument that the Fed buys up to", 0.0, 1.0)
RMP_TARGET = Parameter("rmp_target", RATE, "average spread that purchases hold")
agency = held("agency", FED)
redeemed = {k: face(k, FED)(-1) * adjustment(DECAY[k]) for k in CLASSES}
cap_share = {k: redeemed[k] / sp.Add(*redeemed.values()) for k in CLASSES}
purchases = {
    "notes": policy.QE_NOTES * DT - policy.TWIST * DT + (1 - BILL_ROOM) * RMP * DT + (1 - AGENCY_TO_BILLS) * AGENCY_REINVESTED,
    "bonds": policy.QE_BONDS * DT + policy.TWIST * DT,
}

agency_before = agency(-1) - AGENCY_PAYDOWN


def within(order: sp.Expr, owned: sp.Expr, existing: sp.Expr) -> sp.Expr:
    """What of an order is done: the Fed sells no more than it owns and buys up to its limit of what exists."""
    return maximum(minimum(order, maximum(HOLDING_LIMIT * existing - owned, 0)), -owned)


EQUATIONS = (
    *[
        Equation(
            f"currency_{h}",
            held("currency", h),
            smoothed(held("currency", h), CURRENCY_RATIO[h] * TREND_GDP * sp.exp(-CURRENCY_RATE * rates.IORB(-1)), CURRENCY_SPEED),
            "currency grows with income, and slowly falls behind it when money elsewhere pays more",
            "(F1)",
            "Ball (2001), semi-elasticity of money demand; Fed H.4.1",
        )
        for h in CURRENCY_HOLDERS
    ],
    Equation(
        "currency_rest_of_world",
        held("currency", ROW),
        keeping_ratio(held("currency", ROW)),
        "notes abroad keep their ratio to GDP: they are held for safety, whatever rates are",
        "(F1)",
        "Judson (2017)",
    ),
    Equation(
        "other_fed",
        held("other", FED),
        held("other", FED)(-1) * where(sp.Gt(agency(-1), 0), agency / agency(-1), 1),
        "premiums on agency securities and accrued interest, the greater part, shrink with the pool",
        "(F1)",
        "Fed H.4.1, 2021 to 2025",
    ),
    Equation(
        "fed_other_deposits_held",
        held("fed_other_deposits", PRIVATE),
        keeping_ratio(held("fed_other_deposits", PRIVATE) - GSE_CYCLE) + GSE_CYCLE,
        "keeps its ratio to GDP, with the agencies' cash cycle",
        "(F1)",
        "Fed H.4.1",
    ),
    Equation(
        "other_deposit_rate",
        rates.OTHER_DEPOSIT_RATE,
        CLEARING_SHARE * rates.IORB,
        "clearing houses earn IORB, agencies nothing",
        "(F3)",
        "Regulation HH, designated financial market utilities; Reserve Banks' combined statements",
        "policy",
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
)
