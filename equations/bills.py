"""The bill market (Y4): money funds, residents, foreigners and banks price what the Treasury must sell."""

from __future__ import annotations

import sympy as sp

from equations import rates
from equations.accounts import BANKS, PRIVATE, ROW
from equations.cells import held, smoothed
from equations.money_funds import SPEED
from equations.real_side import GDP
from equations.repo import SPREAD_AVERAGE
from equations.treasury import DEFAULT_PREMIUM
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, softplus
from model.language.units import RATE, YEAR

MONEY_RATE = Variable("money_rate", RATE, "overnight rate that bill buyers expect: IORB and the average repo spread")
SAVER_GAP = Variable("saver_gap", RATE, "bill rate less deposit rate that savers have taken in")
HOLDERS = (BANKS, ROW, PRIVATE)
INTERCEPT = {h: Parameter(f"bills_intercept__{h}", YEAR, f"bills over GDP that {h} holds at the opening spread") for h in HOLDERS}
LONG_WIDTH = Parameter("bills_long_only_width", YEAR, "bills over GDP over which a holder runs out of bills to sell", 0.0)
SAVER_SLOPE = Parameter("bills_saver_slope", YEAR / RATE, "bills over GDP that residents buy with deposits per unit of that gap", 0.0)
SAVER_OPENING = Parameter("saver_gap_opening", RATE, "that gap at the opening")
SLOPE = {h: Parameter(f"bills_slope__{h}", YEAR / RATE, f"bills over GDP that {h} adds per unit of spread", 0.0) for h in HOLDERS}


def wanted(holder: str) -> sp.Expr:
    """Bills over GDP that a holder wants, before he runs out of them."""
    from_deposits = SAVER_SLOPE * (SAVER_GAP - SAVER_OPENING) if holder == PRIVATE else sp.Integer(0)
    return INTERCEPT[holder] + SLOPE[holder] * (rates.BILL_RATE - DEFAULT_PREMIUM - MONEY_RATE) + from_deposits


EQUATIONS = (
    Equation("money_rate", MONEY_RATE, rates.IORB + SPREAD_AVERAGE(-1), "expected overnight rate", "(Y4)", kind="definition"),
    Equation(
        "saver_gap",
        SAVER_GAP,
        smoothed(SAVER_GAP, rates.BILL_RATE(-1) - rates.DEPOSIT_RATE(-1), SPEED),
        "savers notice slowly what bills pay beyond deposits, as they do for money funds",
        "(Y4)",
        "Drechsler, Savov and Schnabl (2017)",
    ),
    *[
        Equation(
            f"bills_{h}",
            held("bills", h),
            GDP * softplus(wanted(h), LONG_WIDTH),
            "holders take more bills when bills pay more than overnight money, default premium apart, residents also instead of deposits; "
            "nobody can be short",
            "(Y4)",
            "Nagel (2016); d'Avernas and Vandeweyer (2024)",
        )
        for h in HOLDERS
    ],
)
