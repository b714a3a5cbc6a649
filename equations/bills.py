"""The bill market (Y4): money funds, residents, foreigners and banks price what the Treasury must sell."""

from __future__ import annotations

from equations import rates
from equations.accounts import BANKS, PRIVATE, ROW
from equations.cells import held
from equations.real_side import GDP
from equations.repo import SPREAD_AVERAGE
from equations.treasury import DEFAULT_PREMIUM
from model.equation import Equation
from model.symbols import Parameter, Variable, softplus
from model.units import RATE, YEAR

MONEY_RATE = Variable("money_rate", RATE, "overnight rate that bill buyers expect: IORB and the average repo spread")
HOLDERS = (BANKS, ROW, PRIVATE)
INTERCEPT = {h: Parameter(f"bills_intercept__{h}", YEAR, f"bills over GDP that {h} holds at the opening spread") for h in HOLDERS}
LONG_WIDTH = Parameter("bills_long_only_width", YEAR, "bills over GDP over which a holder runs out of bills to sell", 0.0)
SLOPE = {h: Parameter(f"bills_slope__{h}", YEAR / RATE, f"bills over GDP that {h} adds per unit of spread", 0.0) for h in HOLDERS}

EQUATIONS = (
    Equation("money_rate", MONEY_RATE, rates.IORB + SPREAD_AVERAGE(-1), "expected overnight rate", "(Y4)", kind="definition"),
    *[
        Equation(
            f"bills_{h}",
            held("bills", h),
            GDP * softplus(INTERCEPT[h] + SLOPE[h] * (rates.BILL_RATE - DEFAULT_PREMIUM - MONEY_RATE), LONG_WIDTH),
            "holders take more bills when bills pay more than overnight money, default premium apart, and cannot be short",
            "(Y4)",
            "Nagel (2016); d'Avernas and Vandeweyer (2024)",
        )
        for h in HOLDERS
    ],
)
