"""Foreign official and private holders (O1)-(O3), (R6): reserves, sanctions, the foreign repo pool, FIMA, the dollar."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import BANKS, CHART, DT, FED, FIMA_FEE, FO, GOLD_PRIVATE, GOLD_ROW, RESERVE_FLOW, ROW
from equations.calendar import QUARTER_END
from equations.cells import adjustment, held, received, smoothed
from equations.coupons import CLASSES, DEMAND, DISTANCE, PRICE, long_only, slope
from equations.real_side import DOLLAR_GAP, FOREIGN_SURPLUS_AVERAGE, GDP, TREND_GDP
from equations.term_structure import FLOW_PREMIUM, ONE_YEAR
from equations.treasury import DEBT
from model.accounting.identities import assets
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, maximum, minimum, softplus
from model.language.units import ONE, RATE, USD

USD_ASSETS = Variable("official_usd_assets", USD, "dollar reserves")
LIQUID = Variable("official_liquid", USD, "official deposits, repo pool, bills and coupons")
GOLD = Variable("gold__foreign_official", USD, "gold and other non-dollar reserves at cost, a real asset")
USD_SHARE = Variable("usd_share_target", ONE, "share of dollars that reserve managers aim at")
GOLD_PURCHASE = Variable("gold_purchase", USD, "dollars that officials exchange for gold in the period")
OFFICIAL_SOLD = Variable("official_sold", USD, "face that officials sell beyond their rule in the period, as far as they hold it")
SHIFT = Variable("official_shift", USD, "face that officials have sold beyond their rule")
COUPON_TARGET = {k: Variable(f"official_target_{k}", USD, f"face of {k} that officials aim at") for k in CLASSES}
COUPON_BOOK = {k: Variable(f"official_book_{k}", USD, f"face of {k} that officials want before price effects") for k in CLASSES}
FIMA = held("srf", FED, FO)
CONVENIENCE = Variable("convenience_yield", RATE, "convenience yield of dollar safe assets")
DOLLAR = Variable("dollar", ONE, "dollar index, 100 at the opening")

USD_SHARE_OPENING = Parameter("usd_share", ONE, "dollar share of reserves at the opening", 0.01, 1.0)
SANCTION_EFFECT = Parameter("sanction_effect", ONE, "fall of the dollar share per unit of sanctions", 0.0, 1.0)
SHARE_TREND = Parameter("usd_share_trend", RATE, "yearly fall of the dollar share")
RESERVE_SHARE = Parameter("reserve_share", ONE, "part of the foreign surplus that becomes official reserves", 0.0, 1.0)
INTERVENTION = Parameter("intervention", USD, "reserves sold per unit of dollar appreciation", 0.0)
OFFICIAL_SPEED = Parameter("official_speed", RATE, "speed of reserve managers", 0.0)
COUPON_SHARE = {k: Parameter(f"official_share_{k}", ONE, f"face of {k} over dollar reserves at the opening", 0.0, 1.0) for k in CLASSES}
BILLS_SHARE = Parameter("official_share_bills", ONE, "bills over dollar reserves at the opening", 0.0, 1.0)
GOLD_HOME = Parameter("gold_home_share", ONE, "part of gold bought from US residents", 0.0, 1.0)
FRP_SHARE = Parameter("frp_share", ONE, "repo pool over liquid official dollars", 0.0, 1.0)
FRP_SLOPE = Parameter("frp_slope", USD / RATE, "repo pool per unit of its rate over bills", 0.0)
FRP_SPREAD_OPENING = Parameter("frp_spread_opening", RATE, "pool rate less bill rate at the opening")
FRP_DEPOSIT_SLOPE = Parameter("frp_deposit_slope", USD / RATE, "repo pool per unit of its rate over that of deposits", 0.0)
FRP_GAP_OPENING = Parameter("frp_deposit_gap_opening", RATE, "pool rate less deposit rate at the opening")
FRP_SPEED = Parameter("frp_speed", RATE, "speed of the repo pool", 0.0)
FIMA_SPREAD = Parameter("fima_spread", RATE, "FIMA rate above the SRF rate", 0.0)
FIMA_SLOPE = Parameter("fima_slope", USD / RATE, "FIMA draw per unit of concession above its spread", 0.0)
FIMA_WIDTH = Parameter("fima_width", RATE, "dispersion of concessions; 0 = strict", 0.0)
FIMA_ON = Parameter("fima_on", ONE, "1 where the FIMA facility exists", 0.0, 1.0)
DEPOSIT_SPEED = Parameter("foreign_deposit_speed", RATE, "speed at which foreign deposits return to their share of GDP", 0.0)
DEPOSIT_RATIO = {h: Parameter(f"deposit_ratio__{h}", ONE_YEAR.unit, f"deposits of {h} over GDP at the opening", 0.0) for h in (FO, ROW)}
DOLLAR_RATE = Parameter("dollar_rate_effect", ONE / RATE, "log dollar per unit of the rate gap to abroad")
DOLLAR_CONVENIENCE = Parameter("dollar_convenience_effect", ONE / RATE, "log dollar per unit of convenience yield")
DOLLAR_GAP_OPENING = Parameter("dollar_fundamental_opening", ONE, "the rule's log dollar at the opening")
CONVENIENCE_LEVEL = Parameter("convenience_level", RATE, "convenience yield at the opening debt ratio")
CONVENIENCE_SLOPE = Parameter("convenience_slope", RATE, "fall of the convenience yield per unit of debt over GDP", 0.0)
DEBT_RATIO_OPENING = Parameter("debt_ratio_opening", ONE, "debt over GDP at the opening", 0.0)
DVP_RATIO = Parameter("repo_dvp_row_ratio", ONE_YEAR.unit, "foreign DVP repo over GDP", 0.0)
EXIT_SHARE = Parameter("foreign_repo_exit", ONE, "share of foreign dealers' repo withdrawn at quarter-ends", 0.0, 1.0)

official_interest = sp.Add(
    *[
        received(c.instrument, FO, c.issuer)
        for c in CHART.cells()
        if c.holder == FO and (c.instrument in CLASSES or CHART.instrument(c.instrument).rate is not None)
    ]
)
part = {k: COUPON_SHARE[k] / sp.Add(*COUPON_SHARE.values()) for k in CLASSES}
LIQUID_ROWS = ("deposits", "foreign_repo_pool", "bills", "notes", "bonds")
YEARS = Variable("years", ONE_YEAR.unit, "time since the opening")
usd_gap = USD_ASSETS(-1) - USD_SHARE * (USD_ASSETS(-1) + GOLD(-1))

EQUATIONS = (
    Equation(
        "official_usd_assets", USD_ASSETS, assets(CHART, FO) - FIMA, "dollar reserves net of borrowing on them", "(O1)", kind="definition"
    ),
    Equation(
        "official_liquid",
        LIQUID,
        sp.Add(*[held(k, FO) for k in LIQUID_ROWS]),
        "liquid dollars",
        "(O2)",
        kind="definition",
    ),
    Equation(
        "usd_share_target",
        USD_SHARE,
        maximum(USD_SHARE_OPENING - SANCTION_EFFECT * policy.SANCTIONS - SHARE_TREND * YEARS, 0),
        "sanctions and trend lower the dollar share",
        "(O1)",
        "IMF COFER",
    ),
    Equation("years", YEARS, YEARS(-1) + DT, "time", "(O1)", kind="definition"),
    Equation(
        "gold_purchase",
        GOLD_PURCHASE,
        usd_gap * adjustment(OFFICIAL_SPEED),
        "managers exchange dollars for gold to reach their share",
        "(O1)",
        "World Gold Council; IMF COFER",
    ),
    Equation("pay_gold_row", GOLD_ROW.variable, (1 - GOLD_HOME) * GOLD_PURCHASE, "gold is bought abroad", "(O1)", kind="definition"),
    Equation("pay_gold_private", GOLD_PRIVATE.variable, GOLD_HOME * GOLD_PURCHASE, "and from residents", "(O1)", kind="definition"),
    Equation(
        "gold__foreign_official",
        GOLD,
        GOLD(-1) + GOLD_PURCHASE + (1 - USD_SHARE) * RESERVE_SHARE * FOREIGN_SURPLUS_AVERAGE(-1) * DT,
        "non-dollar reserves at cost, new ones included",
        "(O1)",
        kind="definition",
    ),
    Equation(
        "pay_reserve_flow",
        RESERVE_FLOW.variable,
        USD_SHARE * RESERVE_SHARE * FOREIGN_SURPLUS_AVERAGE(-1) * DT - official_interest - INTERVENTION * (DOLLAR_GAP(-1) - DOLLAR_GAP(-2)),
        "dollars that central banks take from their residents: their share of the surplus less what they earn themselves",
        "(O1)",
        "IMF COFER; Treasury TIC",
    ),
    Equation(
        "official_sold",
        OFFICIAL_SOLD,
        minimum(policy.OFFICIAL_SALES * DT, sp.Add(*[COUPON_BOOK[k](-1) for k in CLASSES])),
        "officials cannot sell more than they hold",
        "(O1)",
        kind="definition",
    ),
    Equation("official_shift", SHIFT, SHIFT(-1) - OFFICIAL_SOLD, "sales beyond the rule persist", "(O1)", kind="definition"),
    *[
        Equation(
            COUPON_TARGET[k].base,
            COUPON_TARGET[k],
            maximum(COUPON_SHARE[k] * USD_ASSETS(-1) + SHIFT * part[k], 0),
            "reserve managers keep a share of their dollars in coupons",
            "(O1)",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            COUPON_BOOK[k].base,
            COUPON_BOOK[k],
            maximum(
                COUPON_BOOK[k](-1)
                + (COUPON_TARGET[k] - COUPON_BOOK[k](-1)) * adjustment(OFFICIAL_SPEED)
                - OFFICIAL_SOLD * part[k]
                + (FIMA - FIMA(-1)) * part[k] / PRICE[k],
                0,
            ),
            "they move slowly, sell at once when they must, and keep what they pledge to the Fed",
            "(O1)",
        )
        for k in CLASSES
    ],
    *[
        Equation(
            DEMAND[k, FO].base,
            DEMAND[k, FO],
            long_only(COUPON_BOOK[k] + GDP * slope(FO, k) * DISTANCE),
            "official demand reacts little to price",
            "(Y3)",
        )
        for k in CLASSES
    ],
    Equation(
        "bills_official",
        held("bills", FO),
        smoothed(held("bills", FO), BILLS_SHARE * USD_ASSETS(-1), OFFICIAL_SPEED),
        "a share in bills",
        "(O1)",
    ),
    Equation(
        "foreign_repo_pool_held",
        held("foreign_repo_pool", FO),
        maximum(
            0,
            smoothed(
                held("foreign_repo_pool", FO),
                FRP_SHARE * LIQUID(-1)
                + FRP_SLOPE * (rates.FRP_RATE - rates.BILL_RATE - FRP_SPREAD_OPENING)
                + FRP_DEPOSIT_SLOPE * (rates.FRP_RATE - rates.DEPOSIT_RATE - FRP_GAP_OPENING),
                FRP_SPEED,
            ),
        ),
        "the pool is a share of liquid dollars, larger when it pays more against bills or against working balances at banks",
        "(O2)",
        "Fed H.4.1",
    ),
    Equation(
        "fima",
        FIMA,
        FIMA_ON * FIMA_SLOPE * softplus(FLOW_PREMIUM(-1) - FIMA_SPREAD, FIMA_WIDTH),
        "officials pledge rather than sell when the concession passes the facility's cost",
        "(O2)",
        "Federal Reserve, FIMA repo facility, 2021",
    ),
    Equation(
        "pay_fima_fee", FIMA_FEE.variable, FIMA_SPREAD * FIMA(-1) * DT, "the facility's spread over the SRF rate", "(O2)", kind="definition"
    ),
    Equation(
        "deposits_rest_of_world",
        held("deposits", ROW),
        smoothed(held("deposits", ROW), DEPOSIT_RATIO[ROW] * TREND_GDP, DEPOSIT_SPEED),
        "foreign deposits return to their share of GDP",
        "(R6)",
    ),
    Equation(
        "deposits_foreign_official",
        held("deposits", FO),
        maximum(0, smoothed(held("deposits", FO), DEPOSIT_RATIO[FO] * TREND_GDP - SHIFT(-1), DEPOSIT_SPEED) + OFFICIAL_SOLD),
        "official deposits return to their share of GDP; what was sold beyond the rule was sold for cash, and stays there",
        "(R6)",
    ),
    Equation(
        "repo_dvp_row",
        held("repo_dvp", BANKS, ROW),
        GDP * DVP_RATIO * (1 - EXIT_SHARE * QUARTER_END),
        "foreign borrowers' repo keeps its ratio to GDP and steps back at quarter-ends",
        "(R6)",
    ),
    Equation(
        "convenience_yield",
        CONVENIENCE,
        CONVENIENCE_LEVEL - CONVENIENCE_SLOPE * (DEBT / GDP / ONE_YEAR - DEBT_RATIO_OPENING),
        "convenience falls with supply",
        "(O3)",
        "Krishnamurthy and Vissing-Jorgensen (2012)",
    ),
    Equation(
        "dollar_gap",
        DOLLAR_GAP,
        DOLLAR_RATE * (policy.POLICY_RATE - policy.FOREIGN_RATE) + DOLLAR_CONVENIENCE * CONVENIENCE - DOLLAR_GAP_OPENING,
        "the dollar follows the rate gap and the convenience yield",
        "(O3)",
        "Jiang, Krishnamurthy and Lustig (2021)",
    ),
    Equation("dollar", DOLLAR, 100 * sp.exp(DOLLAR_GAP), "index", "(O3)", kind="definition"),
)
