"""The market for notes and bonds (Y3): face demands that clear two classes, primary bids and secondary trades.

A holder's desired face is ``N* = Y·[α + β·x]`` with x the bond premium's distance from its opening value; the relative
price of the classes is set by duration-neutral switching. Nobody absorbs the residual: yields move until secondary trades sum to zero.
"""

from __future__ import annotations

import sympy as sp

from equations import policy
from equations.accounts import BANKS, CHART, DT, FED, FO, HF, PRIVATE, ROW
from equations.cells import face, kept, primary, secondary
from equations.real_side import GDP
from equations.repo import FED_PACE, VOLATILITY, VOLATILITY_NORMAL
from equations.term_structure import (
    DECAY,
    DURATION,
    DURATION_BONDS,
    FLOW_PREMIUM,
    GAMMA,
    NOTE_PREMIUM_SHARE,
    ONE_YEAR,
    PREMIUM,
    PREMIUM_OPENING,
    VOLATILITY_PREMIUM,
)
from equations.treasury import ISSUE
from model.accounting.identities import clearing
from model.language.accounts import face as cell_face
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, softplus
from model.language.units import ONE, RATE, USD, YEAR

CLASSES = ("notes", "bonds")
BIDDERS = (BANKS, HF, FO, ROW, PRIVATE)
PRICE_TAKERS = (ROW, PRIVATE)

PRICE = {k: Variable(f"price_{k}", ONE, f"market price per face of {k} outstanding") for k in CLASSES}
PRIVATE_ISSUE = {k: Variable(f"private_issue_{k}", USD, f"gross issue of {k} offered to the market, Fed add-ons apart") for k in CLASSES}
DEMAND = {
    (k, h): Variable(f"demand_{k}__{h}", USD, f"face of {k} that {h} wants to hold") for k in CLASSES for h in (BANKS, FO, ROW, PRIVATE)
}
DISTANCE = Variable("premium_distance", RATE, "bond premium above its opening value, concessions apart")
RELATIVE = Variable("relative_premium", RATE, "note premium beyond its normal share of the bond premium's distance")
HEDGE_COST = Variable("hedge_cost", RATE, "rise of the cost of hedging dollars since the opening")

ELASTICITY_SHARE = {
    PRIVATE: Parameter("elasticity_private", ONE, "private share of the slope of coupon demand", 0.0, 1.0),
    ROW: Parameter("elasticity_row", ONE, "rest-of-world share of the slope of coupon demand", 0.0, 1.0),
    FO: Parameter("elasticity_official", ONE, "official share of the slope of coupon demand", 0.0, 1.0),
}
INTERCEPT = {
    (k, h): Parameter(f"intercept_{k}__{h}", YEAR, f"face of {k} over GDP that {h} holds at the opening")
    for k in CLASSES
    for h in PRICE_TAKERS
}
NOTE_WEIGHT = Parameter("note_weight", ONE, "weight of notes in the slope of coupon demand", 0.0, 1.0)
SWITCHING = Parameter(
    "switching_slope", YEAR / RATE, "duration-neutral switching between the classes over GDP, per unit of relative premium", 0.0
)
HERDING = Parameter("herding", YEAR, "private face held per annual pace of Fed purchases; 0 = no herding")
HEDGE_WEIGHT = Parameter("hedge_weight", ONE, "part of the hedging cost that foreign buyers feel", 0.0, 1.0)
FOREIGN_GAP_OPENING = Parameter("foreign_gap_opening", RATE, "policy rate less foreign rate at the opening")
LONG_WIDTH = Parameter("long_only_width", YEAR, "face over GDP over which a holder without a short side runs out of coupons to sell", 0.0)
SUBSTITUTION = Parameter("futures_substitution", ONE, "cash coupons that asset managers give up per unit of futures", 0.0, 1.0)
BASIS_RATIO = Parameter("futures_ratio_opening", YEAR, "asset managers' futures over GDP at the opening")
HF_BIDS = Variable("hf_bids", ONE, "part of their share of an auction that funds can carry")
FUTURES_DEMAND = Variable("futures_demand", USD, "futures that asset managers hold, market value of the underlying")
HF_CLASS = {k: Parameter(f"hf_share_{k}", ONE, f"share of {k} in hedge funds' book", 0.0, 1.0) for k in CLASSES}

weights = {"notes": NOTE_WEIGHT, "bonds": 1 - NOTE_WEIGHT}
mean_duration = sp.Add(*[weights[k] * DURATION[k] for k in CLASSES]) / DURATION_BONDS


def slope(holder: str, instrument: str) -> sp.Expr:
    """Face over GDP demanded per unit of premium: the holder's part of the slope that γ implies."""
    return ELASTICITY_SHARE[holder] * weights[instrument] * ONE_YEAR / (GAMMA * mean_duration)


def switching(holder: str, instrument: str) -> sp.Expr:
    """Face over GDP switched into the class, duration-neutral, when notes are relatively cheap."""
    part = ELASTICITY_SHARE[holder] * SWITCHING * RELATIVE
    return part if instrument == "notes" else -part * DURATION["notes"] / DURATION["bonds"]


def long_only(face_wanted: sp.Expr) -> sp.Expr:
    """Demand of a holder who cannot be short: he parts with his last holdings at ever higher prices."""
    return softplus(face_wanted, LONG_WIDTH * GDP)


def price_taker(instrument: str, holder: str) -> Equation:
    """Demand of a holder that follows yields."""
    distance: sp.Expr = DISTANCE
    extra: sp.Expr = sp.Integer(0)
    if holder == ROW:
        distance = DISTANCE - HEDGE_COST
    else:
        extra = (
            HERDING * weights[instrument] * FED_PACE
            - SUBSTITUTION * HF_CLASS[instrument] * (FUTURES_DEMAND - BASIS_RATIO * GDP) / PRICE[instrument]
        )
    own = INTERCEPT[instrument, holder] + slope(holder, instrument) * distance + switching(holder, instrument)
    name = DEMAND[instrument, holder]
    return Equation(
        name.base,
        name,
        long_only(GDP * own + extra),
        "face demanded rises with the premium and grows with income; nobody sells what he does not hold",
        "(Y3)",
        "Vayanos and Vila (2021); slope from the term-premium literature",
    )


def outside_fed(instrument: str) -> sp.Expr:
    """Opening face outside the Fed."""
    return sp.Add(*[face(instrument, h)(-1) for h in BIDDERS])


def bid(instrument: str, holder: str) -> sp.Expr:
    """New issue that a bidder takes: his share of what he and all who are not limited have held."""
    issue, owned, funds = PRIVATE_ISSUE[instrument], face(instrument, holder)(-1), face(instrument, HF)(-1)
    if holder == HF:
        return HF_BIDS * issue * owned / outside_fed(instrument)
    return (issue - primary(instrument, HF)) * owned / (outside_fed(instrument) - funds)


def trade(instrument: str, holder: str) -> Equation:
    """Secondary trade that takes the surviving face and the new issue bought to the face demanded."""
    left = secondary(instrument, holder)
    survived = face(instrument, holder)(-1) * sp.exp(-DECAY[instrument] * DT)
    price = PRICE[instrument]
    wanted = price * DEMAND[instrument, holder] - price * survived - price * primary(instrument, holder)
    return Equation(
        left.base,
        left,
        maximum(wanted, -kept(instrument, holder)),
        "what is wanted beyond what survived and was bought at issue is traded at market; no more is sold than is owned",
        "(Y3)",
        kind="definition",
    )


EQUATIONS = (
    Equation(
        "premium_distance",
        DISTANCE,
        PREMIUM["bonds"] - PREMIUM_OPENING["bonds"] - FLOW_PREMIUM - VOLATILITY_PREMIUM * (VOLATILITY(-1) - VOLATILITY_NORMAL),
        "the premium that holders weigh: concessions and volatility are paid for risk",
        "(Y3)",
        kind="definition",
    ),
    Equation(
        "relative_premium",
        RELATIVE,
        PREMIUM["notes"] - PREMIUM_OPENING["notes"] - NOTE_PREMIUM_SHARE * (PREMIUM["bonds"] - PREMIUM_OPENING["bonds"]),
        "one duration factor prices both classes; the rest is relative value",
        "(Y3)",
        kind="definition",
    ),
    Equation(
        "hedge_cost",
        HEDGE_COST,
        HEDGE_WEIGHT * (policy.POLICY_RATE - policy.FOREIGN_RATE - FOREIGN_GAP_OPENING),
        "hedging dollars costs the difference of short rates",
        "(R6)",
        "Du and Huber (2024), hedging demand",
    ),
    *[price_taker(k, h) for k in CLASSES for h in PRICE_TAKERS],
    *[trade(k, h) for k in CLASSES for h in (BANKS, FO, ROW, PRIVATE)],
    *[
        Equation(
            PRICE[k].base,
            PRICE[k],
            sp.Add(*[kept(k, c.holder) for c in CHART.cells(k)])
            / sp.Add(*[cell_face(c)(-1) * sp.exp(-DECAY[k] * DT) for c in CHART.cells(k)]),
            "market over face of what survived",
            "(0.1)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            PRIVATE_ISSUE[k].base,
            PRIVATE_ISSUE[k],
            ISSUE[k] - primary(k, FED),
            "the market is offered what the Fed does not roll over",
            "(T3)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            primary(k, h).base,
            primary(k, h),
            bid(k, h),
            "bidders take up new issues in proportion to their holdings, funds no more than their limits allow",
            "(J0)",
            kind="definition",
        )
        for k in CLASSES
        for h in BIDDERS
    ],
    *[
        Equation(
            f"clearing_{k}",
            clearing(CHART, k),
            sp.Integer(0),
            f"secondary trades in {k} sum to zero: this sets the yield",
            "(Y3)",
            kind="market",
        )
        for k in CLASSES
    ],
)
