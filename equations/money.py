"""Monetary aggregates, the liquidity index and the sectors' balances: definitions that nothing else depends on."""

from __future__ import annotations

from equations.accounts import CHART, DT, PRIVATE, ROW
from equations.cells import held, total
from equations.fed_income import FED_ASSETS
from equations.real_side import BALANCES
from model.accounting.identities import income
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.units import ONE, USD

MONEY = Variable("money", USD, "deposits of all non-banks and currency outside banks")
M2 = Variable("m2", USD, "currency outside banks, residents' deposits and retail money funds")
M3 = Variable("m3", USD, "deposits, money funds and overnight repo of non-banks")
LIQUIDITY = Variable("dollar_liquidity", USD, "Fed assets less TGA, ON RRP and foreign repo pool")
RETAIL = Parameter("retail_fund_share", ONE, "retail part of money funds", 0.0, 1.0)

currency_outside = held("currency", PRIVATE) + held("currency", ROW)

EQUATIONS = (
    Equation("money", MONEY, total("deposits") + currency_outside, "money of non-banks", "(B6)", kind="definition"),
    Equation(
        "m2", M2, currency_outside + held("deposits", PRIVATE) + RETAIL * total("mmf_shares"), "M2 of the model", "(B6)", kind="definition"
    ),
    Equation("m3", M3, total("deposits") + total("mmf_shares") + held("repo_triparty", PRIVATE), "wide money", "(B6)", kind="definition"),
    Equation(
        "dollar_liquidity",
        LIQUIDITY,
        FED_ASSETS - total("tga") - total("on_rrp") - total("foreign_repo_pool"),
        "dollar liquidity",
        "(K1)",
        kind="definition",
    ),
    *[
        Equation(b.base, b, income(CHART, name) / DT, "payments received less payments made", "(L3)", kind="identity")
        for name, b in BALANCES.items()
    ],
)
