"""Foreseen premia (Y1): a yield averages the premia of all periods to come, so that what is announced moves it today.

A bond that decays at rate ``a`` and is discounted at its yield ``y`` weighs its next period with ``w = 1 - exp(-(a + y)·dt)`` and all later
ones with ``1 - w``. If ``π`` is the premium that holders earn in a period, no profit from waiting means ``TP = w·π + (1 - w)·TP(+1)``:
the premium in the yield is the decay-weighted mean of ``π`` from now on. Holders' demand follows ``π``. In a stationary state both are
equal and the market is that of the system without foresight; when supply is about to fall, ``π`` is about to fall and the yield falls now,
by so much that holding the bond until then earns what ``π`` requires. After the last period premia stay, so that the horizon has to reach
beyond what is announced. The expectations part of yields needs no lead: under a mean-reverting policy rate
``r̂* + (r - r̂*)(a + y)/(a + y + λ)`` is the same weighted mean, solved.
"""

from __future__ import annotations

import sympy as sp

from equations.accounts import DT
from equations.coupons import CLASSES, DISTANCE, RELATIVE
from equations.repo import VOLATILITY, VOLATILITY_NORMAL
from equations.term_structure import (
    DECAY,
    FLOW_PREMIUM,
    NOTE_PREMIUM_SHARE,
    PREMIUM,
    PREMIUM_OPENING,
    VOLATILITY_PREMIUM,
    YIELD,
)
from model.language.equation import Equation
from model.language.symbols import Variable
from model.language.units import RATE

LASTING = {k: Variable(f"lasting_premium_{k}", RATE, f"premium of {k}, concessions apart") for k in CLASSES}
CURRENT = {k: Variable(f"current_premium_{k}", RATE, f"premium that holders of {k} earn in the period") for k in CLASSES}

concession = FLOW_PREMIUM + VOLATILITY_PREMIUM * (VOLATILITY(-1) - VOLATILITY_NORMAL)
share = {"notes": NOTE_PREMIUM_SHARE, "bonds": sp.Integer(1)}


def weight(instrument: str) -> sp.Expr:
    """The next period's part of a bond's value."""
    return 1 - sp.exp(-(DECAY[instrument] + YIELD[instrument](-1)) * DT)


REPLACED = (
    Equation(
        "premium_distance",
        DISTANCE,
        CURRENT["bonds"] - PREMIUM_OPENING["bonds"],
        "the premium that holders weigh is what they earn before the next period, foreseen gains and losses included",
        "(Y3)",
        kind="definition",
    ),
    Equation(
        "relative_premium",
        RELATIVE,
        CURRENT["notes"] - PREMIUM_OPENING["notes"] - NOTE_PREMIUM_SHARE * (CURRENT["bonds"] - PREMIUM_OPENING["bonds"]),
        "one duration factor prices both classes; the rest is relative value",
        "(Y3)",
        kind="definition",
    ),
)
EQUATIONS = (
    *[
        Equation(
            LASTING[k].base,
            LASTING[k],
            PREMIUM[k] - share[k] * concession,
            "the premium apart from concessions, which fade by their own rule",
            "(Y1)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            CURRENT[k].base,
            LASTING[k],
            weight(k) * CURRENT[k] + (1 - weight(k)) * LASTING[k](1),
            "a yield's premium is the decay-weighted mean of the premia to come",
            "(Y1)",
            "Vayanos and Vila (2021), in discrete time with perfect foresight",
            kind="definition",
        )
        for k in CLASSES
    ],
)
