"""Hedge funds and futures (H1)-(H5): the levered basis trade, its limits, variation margin, equity and default."""

from __future__ import annotations

import sympy as sp

from equations import rates
from equations.accounts import CHART, DT, HF, HF_DIVIDEND, HF_LOSS, VARIATION_MARGIN
from equations.cells import held, kept, primary, received, secondary, smoothed, total
from equations.coupons import CLASSES, FUTURES_DEMAND, HF_BIDS, HF_CLASS, PRICE
from equations.real_side import GDP
from equations.repo import VOLATILITY, VOLATILITY_NORMAL
from equations.term_structure import ONE_YEAR, private_face
from model.language.accounts import Cell, revaluation, transaction
from model.language.equation import Equation, complementarity
from model.language.symbols import Parameter, Variable, lagged, maximum, minimum, where
from model.language.units import FLOW, ONE, RATE, USD, YEAR

BASIS = Variable("basis", RATE, "net basis: futures-implied repo rate less DVP rate and margin cost")
BOOK = Variable("hf_book", USD, "hedge funds' cash Treasuries, market value")
BASIS_LEG = Variable("hf_basis_leg", USD, "part of the book held against futures")
SPREAD_LEG = Variable("hf_spread_leg", USD, "part of the book held against swaps and other hedges")
BASIS_SUPPLY = Variable("hf_basis_wanted", USD, "basis position that the basis calls for")
FORCED = Variable("hf_forced_sale", USD, "basis position given up because equity, margin or risk limits bind")
FORCED_SALES = Variable("hf_forced_sales", USD, "positions that limits made funds sell in the period")
SPREAD_CUT = Variable("hf_spread_cut", USD, "other hedged positions given up because limits bind")
CAPACITY = Variable("hf_capacity", USD, "largest book that equity, margins and the risk limit allow")
MARGIN_LIMIT = Variable("hf_margin_limit", USD, "largest book by haircut, margin and buffer")
VAR_LIMIT = Variable("hf_var_limit", USD, "largest book by value at risk")
RISK = Variable("hf_value_at_risk", ONE, "equity at risk per unit of book, as risk managers measure it")
HAIRCUT = Variable("hf_haircut", ONE, "haircut in force")
MARGIN = Variable("hf_margin", ONE, "futures margin in force")
LOSS = Variable("hf_default_loss", USD, "loss of repo lenders in the period")
LEVERAGE = Variable("hf_leverage", ONE, "book over equity")
EQUITY = Variable("hf_equity", USD, "equity of hedge funds")
IMPLIED_RATE = Variable("futures_implied_rate", RATE, "repo rate implied by futures")
FUTURES_PRICE = {k: Variable(f"futures_price_{k}", ONE, f"futures price per face of {k}") for k in CLASSES}
FUTURES_NOTIONAL = {k: Variable(f"futures_notional_{k}", USD, f"futures on {k} sold by hedge funds, underlying value") for k in CLASSES}

BASIS_MINIMUM = Parameter("basis_minimum", RATE, "basis below which funds do not trade")
BASIS_RISK = Parameter("basis_risk", ONE, "basis required per unit of repo volatility above normal", 0.0)
BASIS_SLOPE = Parameter("basis_slope", ONE / RATE, "basis position over equity per unit of basis above the minimum", 0.0)
LIMIT_SHARE = Parameter("hf_basis_share_opening", ONE, "part of the book, and of its limits, that belongs to the basis trade", 0.0, 1.0)
SPREAD_RATIO = Parameter("hf_spread_ratio", ONE, "other hedged book over equity", 0.0)
HAIRCUT_NORMAL = Parameter("hf_haircut_normal", ONE, "haircut on repo", 0.0, 1.0)
HAIRCUT_FLOOR = Parameter("hf_haircut_floor", ONE, "regulatory minimum haircut", 0.0, 1.0)
MARGIN_NORMAL = Parameter("hf_margin_normal", ONE, "futures margin over notional in normal times", 0.0, 0.5)
MARGIN_STRESS = Parameter("hf_margin_stress", ONE, "reaction of margin to repo volatility", 0.0)
BUFFER = Parameter("hf_buffer", ONE, "own funds that a fund keeps beyond haircut and margin", 0.0)
VAR_MULTIPLIER = Parameter("hf_var_multiplier", YEAR, "equity at risk per unit of book and of repo volatility", 0.0)
RISK_MEMORY = Parameter("hf_risk_memory", RATE, "speed at which measured value at risk follows volatility", 0.0)
PHASE_IN = Parameter("hf_margin_phase_in", RATE, "speed at which margins and haircuts take effect", 0.0)
AM_RATIO = Parameter("futures_demand_ratio", ONE, "asset managers' demand for futures over private coupons at no basis", 0.0)
AM_SLOPE = Parameter("futures_demand_slope", YEAR / RATE, "fall of that demand over GDP per unit of basis", 0.0)
CASH_RATIO = Parameter("hf_cash_ratio", ONE, "deposits over book at the opening's margin", 0.0)
MARGIN_OPENING = Parameter("hf_margin_opening", ONE, "futures margin over notional at the opening", 0.0, 0.5)
MARGIN_COST = Parameter("margin_cost", RATE, "cost of initial margin per unit of position")
HURDLE = Parameter("hf_hurdle", RATE, "return that investors in funds require")
INFLOW = Parameter("hf_inflow_speed", ONE, "inflow over equity per unit of return above the hurdle", 0.0)
PAYOUT = Parameter("hf_payout", RATE, "speed at which equity beyond the opening ratio is distributed", 0.0)
EQUITY_RATIO = Parameter("hf_equity_ratio", ONE, "equity over book at the opening", 0.0)
FUTURES_TENOR = Parameter("futures_tenor", YEAR, "time to delivery, constant", 0.0)
AM_DEMAND_SHIFT = Variable("futures_demand_shift", YEAR, "asset managers' extra demand for futures over GDP")

equity_cell = Cell("hedge_fund_equity", HF, "private")
equity = total("hedge_fund_equity")
before = BOOK(-1)
private_coupons = private_face("notes") + private_face("bonds")
gains = sp.Add(*[revaluation(c) + received(c.instrument, HF) for k in CLASSES for c in CHART.cells(k) if c.holder == HF])


def class_coupon(instrument: str) -> Variable:
    """Annual coupon dollars of a class outstanding."""
    return Variable(f"{instrument}__coupon", FLOW)


def class_face(instrument: str) -> Variable:
    """Face of a class outstanding."""
    return Variable(f"{instrument}__face", USD)


wanted_futures = AM_RATIO * lagged(private_coupons) + GDP * (AM_DEMAND_SHIFT - AM_SLOPE * BASIS)
required = HAIRCUT_NORMAL + MARGIN_NORMAL
NOTHING = sp.Float("1e-9")
"""Equity over a year's GDP below which only rounding is left."""

EQUATIONS = (
    Equation(
        "hf_haircut",
        HAIRCUT,
        smoothed(HAIRCUT, maximum(HAIRCUT_FLOOR, HAIRCUT_NORMAL), PHASE_IN),
        "haircuts take effect over weeks",
        "(H3)",
        "OFR brief on non-centrally cleared bilateral repo",
    ),
    Equation(
        "hf_margin",
        MARGIN,
        smoothed(MARGIN, MARGIN_NORMAL * (1 + MARGIN_STRESS * (VOLATILITY(-1) / VOLATILITY_NORMAL - 1)), PHASE_IN),
        "margins rise with volatility and take effect over weeks",
        "(H3)",
    ),
    Equation(
        "hf_basis_wanted",
        BASIS_SUPPLY,
        BASIS_SLOPE * equity * maximum(BASIS - BASIS_MINIMUM - BASIS_RISK * (VOLATILITY(-1) - VOLATILITY_NORMAL), 0),
        "funds supply the basis trade in proportion to equity and reward",
        "(H2)",
        "Barth and Kahn (2021)",
    ),
    Equation(
        "hf_spread_leg",
        SPREAD_LEG,
        minimum(SPREAD_RATIO * equity, (1 - LIMIT_SHARE) * CAPACITY),
        "other hedged positions follow equity within their part of the limits",
        "(H4)",
        "Form PF, long and short Treasury exposure",
    ),
    Equation(
        "hf_spread_cut",
        SPREAD_CUT,
        SPREAD_RATIO * equity - SPREAD_LEG,
        "other hedged positions that limits forbid",
        "(H5)",
        kind="definition",
    ),
    Equation(
        "hf_margin_limit",
        MARGIN_LIMIT,
        equity / (HAIRCUT + MARGIN + BUFFER),
        "equity must cover haircut, margin and a buffer",
        "(H2)",
        kind="definition",
    ),
    Equation(
        "hf_value_at_risk",
        RISK,
        smoothed(RISK, VAR_MULTIPLIER * VOLATILITY(-1), RISK_MEMORY),
        "value at risk is measured over past weeks, so that limits tighten over weeks",
        "(H2)",
        "RiskMetrics (1996), decay of 0.94 a day",
    ),
    Equation("hf_var_limit", VAR_LIMIT, equity / RISK, "value at risk must fit in equity", "(H2)", kind="definition"),
    Equation("hf_capacity", CAPACITY, minimum(MARGIN_LIMIT, VAR_LIMIT), "the tighter limit counts", "(H2)", kind="definition"),
    Equation(
        "hf_bids",
        HF_BIDS,
        where(sp.Gt(before, 0), maximum(0, minimum(1, CAPACITY / before)), 0),
        "funds that must sell do not bid for what they would have to sell again",
        "(H2)",
        kind="definition",
    ),
    complementarity(
        "hf_forced_sale",
        FORCED,
        slack=LIMIT_SHARE * CAPACITY - wanted_futures,
        width=sp.Integer(0),
        scale=sp.Integer(1),
        natural=True,
        label="the basis position cannot pass what its equity carries: the rest is sold in the same period",
        number="(H5)",
        source="Brunnermeier and Pedersen (2009)",
    ),
    Equation(
        "hf_forced_sales",
        FORCED_SALES,
        maximum(BASIS_LEG(-1) - LIMIT_SHARE * CAPACITY, 0) + maximum(SPREAD_LEG(-1) - (1 - LIMIT_SHARE) * CAPACITY, 0),
        "what yesterday's positions exceed today's limits by is sold today",
        "(H5)",
        "Brunnermeier and Pedersen (2009)",
        "definition",
    ),
    Equation("hf_basis_leg", BASIS_LEG, BASIS_SUPPLY - FORCED, "what is wanted less what limits take", "(H2)", kind="definition"),
    Equation("hf_book", BOOK, BASIS_LEG + SPREAD_LEG, "the book is both legs", "(H2)", kind="definition"),
    Equation(
        "futures_demand",
        FUTURES_DEMAND,
        wanted_futures,
        "asset managers buy futures in step with the coupons in private hands, less when futures are rich",
        "(H4)",
        "Barth, Kahn, Monin and Sokolinskiy (2024)",
    ),
    Equation(
        "futures_clearing",
        BASIS_LEG,
        FUTURES_DEMAND,
        "futures sold by funds equal futures bought by asset managers: this sets the basis",
        "(H4)",
        kind="market",
    ),
    *[
        Equation(
            secondary(k, HF).base,
            secondary(k, HF),
            HF_CLASS[k] * BOOK - kept(k, HF) - primary(k, HF),
            "funds trade to the book they can hold",
            "(H2)",
            kind="definition",
        )
        for k in CLASSES
    ],
    Equation(
        "pay_variation_margin",
        VARIATION_MARGIN.variable,
        -(gains - (rates.DVP_RATE(-1) + BASIS(-1) + MARGIN_COST) * before * DT) - FUTURES_TENOR * BASIS_LEG(-1) * (BASIS - BASIS(-1)),
        "futures and swaps lose what the book gains beyond its locked-in carry; a wider basis costs on the mark",
        "(H5)",
        kind="definition",
    ),
    Equation(
        "hf_deposits",
        held("deposits", HF),
        maximum((CASH_RATIO + MARGIN - MARGIN_OPENING) * BOOK, equity - BOOK),
        "cash covers initial margin; what equity exceeds the book by stays in the bank",
        "(H3)",
    ),
    Equation(
        "hf_inflow",
        transaction(equity_cell),
        INFLOW * equity(-1) * (rates.DVP_RATE(-1) + BASIS(-1) / required - HURDLE) * DT,
        "investors add to funds that earn more than the hurdle on required margin",
        "(H5)",
    ),
    Equation(
        "pay_hf_dividend",
        HF_DIVIDEND.variable,
        PAYOUT * maximum(equity(-1) - EQUITY_RATIO * before, 0) * DT,
        "equity beyond the opening ratio is distributed",
        "(H5)",
    ),
    complementarity(
        "hf_default",
        LOSS,
        slack=equity,
        width=sp.Integer(0),
        scale=sp.Integer(1),
        label="when equity is gone repo lenders bear the loss",
        number="(H5)",
    ),
    Equation("pay_hf_loss", HF_LOSS.variable, LOSS, "lenders write off what equity cannot bear", "(H5)", kind="definition"),
    Equation("hf_equity", EQUITY, equity, "equity of funds", "(H5)", kind="definition"),
    Equation(
        "hf_leverage",
        LEVERAGE,
        where(sp.Gt(equity, NOTHING * GDP * ONE_YEAR), BOOK / equity, 0),
        "book over equity, 0 where there is none but for rounding",
        "(H2)",
        kind="definition",
    ),
    Equation("futures_implied_rate", IMPLIED_RATE, rates.DVP_RATE + BASIS + MARGIN_COST, "implied repo rate", "(H1)", kind="definition"),
    *[
        Equation(
            FUTURES_PRICE[k].base,
            FUTURES_PRICE[k],
            PRICE[k] * (1 + IMPLIED_RATE * FUTURES_TENOR) - class_coupon(k) / class_face(k) * FUTURES_TENOR,
            "spot carried to delivery at the implied rate less coupons",
            "(H1)",
            kind="definition",
        )
        for k in CLASSES
    ],
    *[
        Equation(FUTURES_NOTIONAL[k].base, FUTURES_NOTIONAL[k], HF_CLASS[k] * BASIS_LEG, "futures sold", "(H4)", kind="definition")
        for k in CLASSES
    ],
)
EXOGENOUS = (AM_DEMAND_SHIFT,)
