"""The overnight market (R2)-(R5): slack, the repo curve, two segments with a dealer wedge, the floor, SRF and discount window."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import BANKS, CHART, FED, HF, MMF, PRIVATE, ROW
from equations.calendar import MONTH_END, QUARTER_END
from equations.cells import held, smoothed, total
from equations.real_side import AVERAGING, GDP
from model.accounting.identities import assets
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, minimum, softplus
from model.language.units import FLOW, ONE, RATE, USD

SLACK = Variable("liquidity_slack", USD, "reserves and ON RRP less dealers' own lending beyond normal")
OWN_LENDING = Variable("own_lending", USD, "repo lending of banks and dealers from own funds")
DEPOSITS_AVERAGE = Variable("deposits_average", USD, "one-year average of deposits")
OUTWARD_SHIFT = Variable("reserve_preference", ONE, "outward shift of reserve demand, 1 at calibration")
CURVE_SPREAD = Variable("curve_spread", RATE, "SOFR less IORB on the supply curve of cash, before the floor")
FLOOR_SPREAD = Variable("floor_spread", RATE, "SOFR less IORB at which the tri-party rate meets the ON RRP rate")
CORE_SPREAD = Variable("core_spread", RATE, "SOFR less IORB apart from period-ends")
CORE_AVERAGE = Variable("core_average", RATE, "recent level of that spread")
WEDGE = Variable("dealer_wedge", RATE, "DVP rate less tri-party rate")
SPREAD_AVERAGE = Variable("spread_average", RATE, "four-week average of SOFR less IORB")
VOLATILITY = Variable("sofr_volatility", RATE, "average distance of SOFR less IORB from its average")
INVENTORY = Variable("dealer_inventory", USD, "coupons that dealers carry after unexpected supply, at market")
BANK_ASSETS = Variable("bank_assets", USD, "total assets of banks")
LIQUIDITY = Variable("liquidity_ratio", ONE, "liquid assets of banks over deposits")
SRF_COLLATERAL = Variable("srf_collateral", USD, "securities that dealers and banks can pledge at the SRF")
LEVERAGE = Variable("bank_leverage_ratio", ONE, "bank equity over assets")

ZETA = Parameter("zeta", ONE, "weight of own lending in slack", 0.0)
OWN_NORMAL = Parameter("own_lending_normal", USD / (USD * RATE), "normal own lending over annual GDP")
S0 = Parameter("curve_level", RATE, "spread when cash is abundant")
SLOPE = Parameter("curve_slope", RATE / USD, "slope of the curve when cash is scarce", 0.0)
WIDTH = Parameter("curve_width", USD, "width of the bend", 0.0)
X_STAR = Parameter("curve_threshold", USD, "slack at the bend, at the reference deposits", 1.0)
DEPOSITS_REFERENCE = Parameter("deposits_reference", USD, "average deposits at which the threshold was measured", 100.0)
CLIFF_HEIGHT = Parameter("cliff_height", RATE, "spread added at the cliff", 0.0)
X_CLIFF = Parameter("cliff_threshold", USD, "slack at the cliff, at the reference deposits", 0.0)
CLIFF_WIDTH = Parameter("cliff_width", USD, "e-folding of the cliff", 1.0)
ABUNDANT_SLOPE = Parameter("abundant_slope", RATE / USD, "slope above the abundant threshold", 0.0)
X_ABUNDANT = Parameter("abundant_threshold", USD, "slack above which the spread falls further", 0.0)
CLIFF_LIMIT = Parameter("cliff_limit", ONE, "exponent beyond which the cliff continues linearly", 0.0)
FLOOR_WIDTH = Parameter("floor_width", RATE, "dispersion of rates at the floor; 0 = strict", 0.0)
PE_DRAIN = Parameter("period_end_drain", USD, "cash that is not lent on the last day of a month, at the reference deposits", 0.0)
PE_QUARTER = Parameter("quarter_end_drain", USD, "further cash that is not lent on the last day of a quarter", 0.0)
PE_WEDGE = Parameter("period_end_wedge", RATE, "wedge added on the last day of a month", 0.0)
CHI_FIXED = Parameter("wedge_fixed", RATE, "wedge at no intermediation", 0.0)
CHI_SLOPE = Parameter("wedge_slope", RATE, "wedge added at normal use of dealers' capacity", 0.0)
CHI_POWER = Parameter("wedge_power", ONE, "curvature of the wedge", 0.0)
CAPACITY = Parameter("dealer_capacity", USD / (USD * RATE), "dealers' capacity over annual GDP", 0.005)
CAPACITY_QUARTER_END = Parameter("capacity_quarter_end", ONE, "share of capacity withdrawn at quarter-ends", 0.0, 1.0)
LEVERAGE_REQUIREMENT = Parameter("leverage_requirement", ONE, "leverage requirement of dealers' holding companies", 0.0, 1.0)
LEVERAGE_REFERENCE = Parameter("leverage_reference", ONE, "requirement at which the wedge was measured", 0.001, 1.0)
LEVERAGE_PRICE = Parameter("leverage_price", RATE, "wedge per unit of equity ratio short of the requirement", 0.0)
LEVERAGE_WIDTH = Parameter("leverage_width", ONE, "smoothing of the leverage constraint", 0.0)
LCR_REQUIREMENT = Parameter("lcr_requirement", ONE, "liquid assets over deposits that rules require", 0.0)
LCR_PRICE = Parameter("lcr_price", RATE, "wedge per unit of liquid assets over deposits short of the requirement", 0.0)
ONE_SEGMENT = Parameter("one_segment", ONE, "1 joins the two repo segments (no wedge), 0 keeps them apart", 0.0, 1.0)
DVP_WEIGHT = Parameter("sofr_dvp_weight", ONE, "weight of the DVP segment in SOFR", 0.0, 1.0)
EFFR_LEVEL = Parameter("effr_level", RATE, "federal funds curve, constant")
EFFR_RESERVES = Parameter("effr_reserves", RATE, "federal funds curve, log reserves")
EFFR_DEPOSITS = Parameter("effr_deposits", RATE, "federal funds curve, log deposits")
EFFR_UNIT = Parameter("effr_unit", USD, "unit in which the curve measures stocks", 1.0)
SRF_SLOPE = Parameter("srf_slope", USD / RATE, "SRF take-up per unit of spread over its rate", 0.0)
SRF_WIDTH = Parameter("srf_width", RATE, "dispersion of rates around the SRF rate; 0 = strict", 0.0)
SRF_STIGMA = Parameter("srf_stigma", RATE, "spread over the SRF rate at which use begins")
SRF_CLEARED = Parameter("srf_cleared", ONE, "1 where the SRF is centrally cleared, 0 otherwise", 0.0, 1.0)
SRF_CAP = Parameter("srf_cap", USD, "aggregate limit of the SRF", 0.0)
DW_BASE = Parameter("discount_window_base", USD / (USD * RATE), "ordinary discount-window credit over annual GDP", 0.0)
DW_SLOPE = Parameter("discount_window_slope", USD / RATE, "take-up per unit of spread over the rate and its stigma", 0.0)
DW_STIGMA = Parameter("discount_window_stigma", RATE, "cost of stigma at the discount window", 0.0)
VOLATILITY_NORMAL = Parameter("sofr_volatility_normal", RATE, "repo volatility in normal times", 1e-06)
RECENT = Parameter("spread_recent", RATE, "speed of the recent level that volatility is measured from", 0.0)
MEMORY = Parameter("spread_memory", RATE, "speed of the spread's averages", 0.0)
RATCHET = Parameter("ratchet", ONE, "rise of reserve demand per unit of Fed purchases; 0 = no ratchet", 0.0)
RATCHET_RETURN = Parameter("ratchet_return", ONE, "speed of the way back relative to the way up", 0.0, 1.0)
FED_NET_PURCHASES = Variable("fed_net_purchases", USD, "outright securities bought less redeemed by the Fed in the period")
FED_PACE = Variable("fed_purchase_pace", FLOW, "recent pace of the Fed's net purchases")

SRF = held("srf", FED, BANKS)
DVP_H = held("repo_dvp", BANKS, HF)
DVP_R = held("repo_dvp", BANKS, ROW)
TP_M = held("repo_triparty", MMF)
TP_P = held("repo_triparty", PRIVATE)
size = DEPOSITS_AVERAGE / DEPOSITS_REFERENCE
use = (DVP_H + DVP_R + INVENTORY) / (CAPACITY * GDP * (1 - CAPACITY_QUARTER_END * QUARTER_END))
relief = LEVERAGE_REQUIREMENT / LEVERAGE_REFERENCE
withheld = (PE_DRAIN * MONTH_END + PE_QUARTER * QUARTER_END) * size
liquid = (
    held("reserves", BANKS)
    + held("bills", BANKS)
    + held("notes", BANKS)
    + held("bonds", BANKS)
    + sp.Rational(85, 100) * held("agency", BANKS)
)
collateral = held("notes", BANKS) + held("bonds", BANKS) + held("bills", BANKS) + held("agency", BANKS)
ceiling_rate = rates.SRF_RATE + SRF_STIGMA - SRF_CLEARED * DVP_WEIGHT * WEDGE


def curve(slack: sp.Expr) -> sp.Expr:
    """SOFR less IORB at a slack: flat when cash is abundant, rising as it gets scarce, steep past the cliff.

    The curve is one of slack relative to average deposits, so that a market twice as large needs twice the drain.
    """
    relative = slack / size
    cliff = (X_CLIFF * OUTWARD_SHIFT - relative) / CLIFF_WIDTH
    return (
        S0
        + SLOPE * softplus(X_STAR * OUTWARD_SHIFT - relative, WIDTH)
        + CLIFF_HEIGHT * sp.exp(minimum(cliff, CLIFF_LIMIT)) * (1 + maximum(cliff - CLIFF_LIMIT, 0))
        - ABUNDANT_SLOPE * maximum(relative - X_ABUNDANT * OUTWARD_SHIFT, 0)
    )


EQUATIONS = (
    Equation(
        "own_lending",
        OWN_LENDING,
        DVP_H + DVP_R + INVENTORY - TP_M - TP_P - SRF,
        "dealers lend on what they do not borrow",
        "(R3)",
        kind="definition",
    ),
    Equation(
        "liquidity_slack",
        SLACK,
        total("reserves") + total("on_rrp") - ZETA * (OWN_LENDING - OWN_NORMAL * GDP),
        "slack is the cash that could be lent, less what dealers lend beyond normal",
        "(R3)",
        kind="definition",
    ),
    Equation(
        "deposits_average",
        DEPOSITS_AVERAGE,
        smoothed(DEPOSITS_AVERAGE, total("deposits")(-1), 1 / AVERAGING),
        "one-year average",
        "(R3)",
        kind="definition",
    ),
    Equation(
        "reserve_preference",
        OUTWARD_SHIFT,
        OUTWARD_SHIFT(-1) + RATCHET * (maximum(FED_NET_PURCHASES, 0) - RATCHET_RETURN * maximum(-FED_NET_PURCHASES, 0)) / (X_STAR * size),
        "reserve demand shifts out with QE and comes back slowly where the ratchet is on",
        "(B4)",
        "Acharya, Chauhan, Rajan and Steffen (2023)",
    ),
    Equation(
        "curve_spread",
        CURVE_SPREAD,
        curve(SLACK),
        "the price of overnight cash rises as slack falls, steeply past the cliff",
        "(R3)",
        "fit to daily SOFR less IORB, 2023-2025; cliff scaled from September 2019",
    ),
    Equation(
        "dealer_wedge",
        WEDGE,
        (1 - ONE_SEGMENT)
        * (
            CHI_FIXED
            + CHI_SLOPE * relief * use**CHI_POWER
            + LEVERAGE_PRICE * softplus(LEVERAGE_REQUIREMENT - LEVERAGE(-1), LEVERAGE_WIDTH)
            + LCR_PRICE * softplus(LCR_REQUIREMENT - LIQUIDITY(-1), LEVERAGE_WIDTH)
            + PE_WEDGE * MONTH_END
        ),
        "dealers charge for balance sheet between the tri-party and the DVP segment",
        "(R5)",
        "FEDS Notes, 23 September 2024 (repo market intermediation)",
    ),
    Equation(
        "floor_spread",
        FLOOR_SPREAD,
        rates.ON_RRP_RATE - rates.IORB + DVP_WEIGHT * WEDGE,
        "the floor is where money funds get from dealers what the ON RRP pays",
        "(M3)",
        kind="definition",
    ),
    Equation(
        "sofr_iorb",
        rates.SOFR_SPREAD,
        CORE_SPREAD
        + softplus(CURVE_SPREAD + curve(SLACK - withheld) - curve(SLACK) - FLOOR_SPREAD, FLOOR_WIDTH)
        - softplus(CURVE_SPREAD - FLOOR_SPREAD, FLOOR_WIDTH),
        "reporting dates withhold cash: the spread rises by what that costs on the curve, little when cash is abundant",
        "(R5)",
        "FEDS Notes, 6 June 2025 (quarter-ends)",
    ),
    Equation(
        "core_spread",
        CORE_SPREAD,
        FLOOR_SPREAD + softplus(CURVE_SPREAD - FLOOR_SPREAD, FLOOR_WIDTH),
        "the curve or the floor, whichever is higher",
        "(M3)",
    ),
    Equation("sofr", rates.SOFR, rates.IORB + rates.SOFR_SPREAD, "SOFR is IORB and the spread", "(R3)", kind="definition"),
    Equation("dvp_rate", rates.DVP_RATE, rates.SOFR + (1 - DVP_WEIGHT) * WEDGE, "SOFR averages the segments", "(R5)", kind="definition"),
    Equation(
        "triparty_rate", rates.TRIPARTY_RATE, rates.SOFR - DVP_WEIGHT * WEDGE, "SOFR averages the segments", "(R5)", kind="definition"
    ),
    Equation(
        "effr",
        rates.EFFR,
        rates.IORB
        + EFFR_LEVEL
        + EFFR_RESERVES * sp.log(total("reserves") / EFFR_UNIT)
        + EFFR_DEPOSITS * sp.log(total("deposits") / EFFR_UNIT),
        "federal funds trade closer to IORB as reserves fall relative to deposits",
        "(R2)",
        "Lopez-Salido and Vissing-Jorgensen (2023), form; three-point fit",
    ),
    Equation(
        "srf_take_up",
        SRF,
        policy.SRF_ON * minimum(minimum(SRF_CAP, SRF_COLLATERAL(-1)), SRF_SLOPE * size * softplus(rates.SOFR - ceiling_rate, SRF_WIDTH)),
        "dealers turn to the standing repo facility as SOFR passes its rate",
        "(R4)",
        "New York Fed repo operations, 2025",
    ),
    Equation(
        "discount_window_credit",
        held("discount_window", FED),
        DW_BASE * GDP + DW_SLOPE * size * softplus(rates.SOFR - rates.DW_RATE - DW_STIGMA, SRF_WIDTH),
        "banks use primary credit when even stigma is cheaper than the market",
        "(R4)",
        "H.4.1, March 2023",
    ),
    Equation(
        "spread_average", SPREAD_AVERAGE, smoothed(SPREAD_AVERAGE, rates.SOFR_SPREAD, MEMORY), "average spread", "(F2)", kind="definition"
    ),
    Equation(
        "core_average", CORE_AVERAGE, smoothed(CORE_AVERAGE, CORE_SPREAD, RECENT), "recent level of the spread", "(H1)", kind="definition"
    ),
    Equation(
        "sofr_volatility",
        VOLATILITY,
        smoothed(VOLATILITY, VOLATILITY_NORMAL + maximum(CORE_SPREAD - CORE_AVERAGE, CORE_AVERAGE - CORE_SPREAD), MEMORY),
        "repo volatility is the average distance of the spread from its recent level, scheduled period-ends apart",
        "(H1)",
        kind="definition",
    ),
    Equation("bank_leverage_ratio", LEVERAGE, total("bank_equity") / BANK_ASSETS, "equity over assets", "(B4)", kind="definition"),
    Equation("bank_assets", BANK_ASSETS, assets(CHART, BANKS), "assets of banks", "(B4)", kind="definition"),
    Equation("liquidity_ratio", LIQUIDITY, liquid / total("deposits"), "liquid assets over deposits", "(B4)", kind="definition"),
    Equation("srf_collateral", SRF_COLLATERAL, collateral, "what dealers can pledge", "(R4)", kind="definition"),
)
