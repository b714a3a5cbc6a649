"""Rows of the private sector without a market of their own: tri-party lending; and where unexpected sales come from."""

from __future__ import annotations

from equations import policy
from equations.accounts import DT, PRIVATE
from equations.cells import held
from equations.fed import UNFILLED
from equations.foreign import OFFICIAL_SOLD
from equations.hedge_funds import FORCED_SALES
from equations.real_side import keeping_ratio
from equations.term_structure import SURPRISE_SALES
from model.language.equation import Equation
from model.language.symbols import Parameter
from model.language.units import ONE

QE_UNEXPECTED = Parameter("qe_unexpected", ONE, "part of asset purchases that the market did not expect", 0.0, 1.0)

bought = (policy.QE_NOTES + policy.QE_BONDS) * DT - sum(UNFILLED.values())

EQUATIONS = (
    Equation(
        "repo_triparty_private",
        held("repo_triparty", PRIVATE),
        keeping_ratio(held("repo_triparty", PRIVATE)),
        "residents' tri-party lending keeps its ratio to GDP",
        "(R3)",
    ),
    Equation(
        "surprise_sales",
        SURPRISE_SALES,
        policy.COUPON_SURPRISE * DT + OFFICIAL_SOLD - QE_UNEXPECTED * bought + FORCED_SALES,
        "surprise issues, official sales, asset purchases and forced sales of funds, not regular issuance",
        "(Y2)",
    ),
)
