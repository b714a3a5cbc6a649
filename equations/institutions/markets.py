"""The Treasury market: common yields, residents who absorb sales at a concession, and what holders roll over."""

from __future__ import annotations

import sympy as sp

from equations import rates
from equations.accounts import A_BONDS, A_NOTES, DT, FED, FO, PRIVATE, ROW
from equations.cells import face, primary, secondary, total
from equations.coupons import CLASSES
from equations.institutions.accounts import CHART
from model.accounting.identities import clearing
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.units import ONE, RATE, USD

AMORTISATION = {"notes": A_NOTES, "bonds": A_BONDS}
YIELD = {"notes": rates.YIELD_NOTES, "bonds": rates.YIELD_BONDS}
ABSORBED = {k: Variable(f"absorbed_{k}", USD, f"{k} that residents have absorbed and not yet placed") for k in CLASSES}
REQUIRED = {k: Variable(f"required_yield_{k}", RATE, f"yield on {k} that residents require without unplaced sales") for k in CLASSES}
FED_PURCHASES = Variable("fed_purchases", USD, "coupons that the Fed buys in the period")
OFFICIAL_SALES = Variable("official_sales", USD, "coupons that foreign officials sell in the period")

IMPACT = {k: Parameter(f"price_impact_{k}", RATE, f"rise of the yield on {k} when all coupons are for sale", 0.0) for k in CLASSES}
RECOVERY = Parameter("impact_recovery", RATE, "speed at which residents place what they absorbed", 0.0)
NOTE_SHARE = Parameter("note_share_traded", ONE, "share of notes in purchases and sales of the Fed and officials", 0.0, 1.0)
CLASS_SHARE: dict[str, sp.Expr] = {"notes": NOTE_SHARE, "bonds": 1 - NOTE_SHARE}


def redeemed(kind: str, holder: str) -> sp.Expr:
    """Face that falls due in the period, USD bn."""
    return face(kind, holder)(-1) * (1 - sp.exp(-AMORTISATION[kind] * DT))


unplaced = sp.Add(*ABSORBED.values()) / sp.Add(*[total(k)(-1) for k in CLASSES])
given = {FED: FED_PURCHASES, FO: -OFFICIAL_SALES, ROW: sp.Integer(0)}

EQUATIONS = (
    *[
        Equation(primary(k, h).base, primary(k, h), redeemed(k, h), "what falls due is bought again at issue", kind="definition")
        for k in CLASSES
        for h in (FED, FO, ROW, PRIVATE)
    ],
    *[
        Equation(secondary(k, h).base, secondary(k, h), CLASS_SHARE[k] * amount, "purchases from outside", kind="definition")
        for k in CLASSES
        for h, amount in given.items()
    ],
    *[
        Equation(
            f"clearing_{k}",
            secondary(k, PRIVATE),
            secondary(k, PRIVATE) - clearing(CHART, k),
            "residents buy what others sell",
            kind="market",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            ABSORBED[k].base,
            ABSORBED[k],
            ABSORBED[k](-1) * sp.exp(-RECOVERY * DT) + secondary(k, PRIVATE),
            "sales are absorbed at once and placed slowly",
            source="Duffie (2010)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            YIELD[k].base,
            YIELD[k],
            REQUIRED[k] + IMPACT[k] * unplaced,
            "residents ask a concession for what they have not placed",
            kind="market",
        )
        for k in CLASSES
    ],
)
EXOGENOUS = (*REQUIRED.values(), FED_PURCHASES, OFFICIAL_SALES)
