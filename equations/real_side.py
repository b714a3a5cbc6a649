"""The real side (L1)-(L3): nominal income, its uses, trade; growth is given unless the demand switch is on."""

from __future__ import annotations

import sympy as sp

from equations import rates
from equations.accounts import CHART, DT, EXPORTS, FO, IMPORTS, PRIVATE, ROW, SPENDING, VARIATION_MARGIN
from equations.cells import smoothed
from model.language.accounts import net_worth
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.units import FLOW, ONE, RATE, YEAR

GDP = Variable("gdp", FLOW, "nominal GDP, annual rate")
TREND_GDP = Variable("trend_gdp", FLOW, "trend nominal GDP, annual rate")
CONSUMPTION = Variable("consumption", FLOW, "private consumption")
INVESTMENT = Variable("investment", FLOW, "private investment")
PURCHASES = Variable("government_purchases", FLOW, "federal purchases")
X_ANNUAL = Variable("exports", FLOW, "exports")
M_ANNUAL = Variable("imports", FLOW, "imports")
DISPOSABLE = Variable("disposable_income", FLOW, "private disposable income with net interest and dividends")
SAVING = Variable("private_saving_rate", ONE, "private saving before investment over disposable income")
FOREIGN_SURPLUS = Variable("foreign_surplus", FLOW, "current-account surplus of both foreign sectors")
FOREIGN_SURPLUS_AVERAGE = Variable("foreign_surplus_average", FLOW, "one-year average of the foreign surplus")
DOLLAR_GAP = Variable("dollar_gap", ONE, "log of the dollar over its opening value")

GROWTH = Parameter("growth", RATE, "trend growth of nominal GDP", -0.5, 0.5)
DEMAND_SWITCH = Parameter("demand_switch", ONE, "1 where demand determines income, 0 where growth is given", 0.0, 1.0)
C_AUTONOMOUS = Parameter("consumption_autonomous", ONE, "autonomous consumption over trend GDP")
C_INCOME = Parameter("consumption_income", ONE, "marginal propensity to consume out of disposable income", 0.0, 1.0)
C_WEALTH = Parameter("consumption_wealth", RATE, "propensity to consume out of wealth", 0.0, 1.0)
I_SHARE = Parameter("investment_share", ONE, "investment over GDP at the opening yield", 0.0, 1.0)
I_YIELD = Parameter("investment_yield", YEAR, "relative fall of investment per unit of yield", 0.0)
Y_OPENING = Parameter("yield_bonds_opening", RATE, "bond yield of the opening")
X_SHARE = Parameter("export_share", ONE, "exports over trend GDP", 0.0, 1.0)
M_SHARE = Parameter("import_share", ONE, "imports over trend GDP", 0.0, 1.0)
M_CYCLE = Parameter("import_cycle", ONE, "elasticity of imports to the deviation of GDP from trend", 0.0)
TRADE_DOLLAR = Parameter("trade_dollar", ONE, "elasticity of exports (and, with the sign changed, imports) to the dollar", 0.0)

AVERAGING = Parameter("averaging_time", YEAR, "length of one-year averages", 0.0)
BALANCES = {s.name: Variable(f"balance__{s.name}", FLOW, f"financial balance of {s.name}, annual rate") for s in CHART.sectors}


def keeping_ratio(variable: sp.Expr) -> sp.Expr:
    """A stock's last value grown with trend income."""
    return variable.xreplace({s: s(-1) for s in variable.free_symbols if isinstance(s, Variable)}) * TREND_GDP / TREND_GDP(-1)


EQUATIONS = (
    Equation("trend_gdp", TREND_GDP, TREND_GDP(-1) * sp.exp(GROWTH * DT), "trend income grows at a given rate", "(L1)"),
    Equation(
        "gdp",
        GDP,
        (1 - DEMAND_SWITCH) * TREND_GDP + DEMAND_SWITCH * (CONSUMPTION + INVESTMENT + PURCHASES + X_ANNUAL - M_ANNUAL),
        "income follows its trend, or demand where the switch is on",
        "(L1)",
    ),
    Equation(
        "consumption",
        CONSUMPTION,
        (1 - DEMAND_SWITCH) * (GDP - INVESTMENT - PURCHASES - X_ANNUAL + M_ANNUAL)
        + DEMAND_SWITCH * (C_AUTONOMOUS * TREND_GDP + C_INCOME * DISPOSABLE + C_WEALTH * net_worth(PRIVATE)(-1)),
        "consumption closes income, or follows disposable income and wealth",
        "(L1)",
    ),
    Equation(
        "investment",
        INVESTMENT,
        I_SHARE * TREND_GDP * (1 - I_YIELD * (rates.YIELD_BONDS(-1) - Y_OPENING)),
        "investment falls with the bond yield",
        "(L1)",
    ),
    Equation("exports", X_ANNUAL, X_SHARE * TREND_GDP * sp.exp(-TRADE_DOLLAR * DOLLAR_GAP(-1)), "exports fall with the dollar", "(L1)"),
    Equation(
        "imports",
        M_ANNUAL,
        M_SHARE * TREND_GDP * (GDP / TREND_GDP) ** M_CYCLE * sp.exp(TRADE_DOLLAR * DOLLAR_GAP(-1)),
        "imports follow income and the dollar",
        "(L1)",
    ),
    Equation("pay_exports", EXPORTS.variable, X_ANNUAL * DT, "exports are paid", "(L1)", kind="definition"),
    Equation("pay_imports", IMPORTS.variable, M_ANNUAL * DT, "imports are paid", "(L1)", kind="definition"),
    Equation("pay_spending", SPENDING.variable, PURCHASES * DT, "federal purchases are paid", "(T1)", kind="definition"),
    Equation(
        "disposable_income",
        DISPOSABLE,
        GDP + BALANCES[PRIVATE] - (SPENDING.variable + EXPORTS.variable - IMPORTS.variable - VARIATION_MARGIN.variable) / DT,
        "income after tax with transfers, interest and dividends, marks on futures apart",
        "(L2)",
        kind="definition",
    ),
    Equation(
        "private_saving_rate", SAVING, (DISPOSABLE - CONSUMPTION) / DISPOSABLE, "saving over disposable income", "(L3)", kind="definition"
    ),
    Equation(
        "foreign_surplus",
        FOREIGN_SURPLUS,
        BALANCES[ROW] + BALANCES[FO],
        "what foreigners add to dollar claims",
        "(O1)",
        kind="definition",
    ),
    Equation(
        "foreign_surplus_average",
        FOREIGN_SURPLUS_AVERAGE,
        smoothed(FOREIGN_SURPLUS_AVERAGE, FOREIGN_SURPLUS, 1 / AVERAGING),
        "one-year average of the foreign surplus",
        "(O1)",
        kind="definition",
    ),
)
