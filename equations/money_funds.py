"""Money market funds (M1)-(M3): inflows, the choice between bills, repo and the ON RRP, income passed through."""

from __future__ import annotations

import sympy as sp

from equations import rates
from equations.accounts import CHART, DT, FED, MMF, MMF_FEE, MMF_INCOME, MMF_INCOME_ROW, PRIVATE, ROW
from equations.calendar import MONTH_END, QUARTER_END
from equations.cells import adjustment, held, received, total
from equations.real_side import GDP, keeping_ratio
from equations.repo import (
    CURVE_SPREAD,
    DVP_H,
    DVP_R,
    FLOOR_SPREAD,
    FLOOR_WIDTH,
    INVENTORY,
    OUTWARD_SHIFT,
    OWN_NORMAL,
    SRF,
    TP_P,
    X_STAR,
    size,
)
from model.language.equation import Equation, complementarity
from model.language.symbols import Parameter, Variable, lagged, maximum, minimum, softplus, where
from model.language.units import ONE, RATE, USD

SHARE_TARGET = Variable("mmf_share_target", ONE, "share of money funds in private deposits and shares that savers aim at")
SHARE_DRIFT = Variable("mmf_drift", ONE, "log-odds trend in the taste for money funds")
BILLS_TARGET = Variable("mmf_bills_target", USD, "bills that money funds aim at")
DEALER_NEED = Variable("dealer_cash_need", USD, "tri-party cash that dealers need at normal own lending")
LEFT_OVER = Variable("mmf_left_over", USD, "money funds' cash beyond bills, other paper and dealers' need")
SPARE = Variable("spare_liquidity", USD, "reserves and ON RRP beyond the reserves that banks defend")
PARKED = Variable("on_rrp_parked", USD, "ON RRP taken because dealers do not need the cash")
TAIL = Variable("on_rrp_tail", USD, "ON RRP of funds that do not lend at small spreads, and of period-ends")

LOGIT = Parameter("mmf_logit", ONE, "log-odds of the money-fund share at no spread")
SPREAD_EFFECT = Parameter("mmf_spread_effect", ONE / RATE, "log-odds per unit of the yield gap to deposits", 0.0)
SPEED = Parameter("mmf_speed", RATE, "speed at which savers move", 0.0)
DRIFT = Parameter("mmf_drift_speed", RATE, "trend of the log-odds")
BILLS_SHARE = Parameter(
    "mmf_bills_share", ONE, "bills over assets that would be wanted at equal yields; below zero funds keep the least of them", -1.0, 1.0
)
BILLS_SLOPE = Parameter("mmf_bills_slope", ONE / RATE, "bills over assets per unit of spread to tri-party repo", 0.0)
BILLS_SPEED = Parameter("mmf_bills_speed", RATE, "speed of the bill portfolio", 0.0)
AGENCY_LIMIT = Parameter("mmf_agency_limit", ONE, "largest share of agency paper outside the Fed that funds hold", 0.0, 1.0)
BILLS_CAP = Parameter("mmf_bills_cap", ONE, "largest share of bills that maturity limits allow", 0.0, 1.0)
SCARCITY = Parameter("mmf_bills_scarcity", ONE, "share of bills below which funds hold on to them", 0.0, 1.0)
RRP_BOOST = Parameter("mmf_rrp_boost", ONE, "extra elasticity while the ON RRP is large", 0.0)
RRP_TAIL = Parameter("on_rrp_tail_size", USD, "tail of the ON RRP at equal rates", 0.0)
RRP_DECAY = Parameter("on_rrp_tail_decay", RATE, "spread over the ON RRP rate by which the tail falls by e", 1e-06)
RRP_PARK = Parameter("on_rrp_period_end", USD, "ON RRP added on the last day of a month", 0.0)
RRP_PARK_QUARTER = Parameter("on_rrp_quarter_end", USD, "further ON RRP on the last day of a quarter", 0.0)
LEFT_WIDTH = Parameter("mmf_left_over_width", USD, "smoothing of the left-over cash; 0 = strict", 0.0)
RRP_LARGE = Parameter("on_rrp_large", USD, "ON RRP at which bills are closest substitutes", 1.0)
RRP_SCALE = Parameter("on_rrp_scale", USD / RATE, "converts a spread into dollars in the strict condition", 0.0)
RRP_PRIVATE = Parameter("on_rrp_private_share", ONE, "share of agencies and other non-funds in the ON RRP, below one", 0.0, 0.95)
FEE = Parameter("mmf_fee", RATE, "fee on assets", 0.0)

assets = total("mmf_shares")
savers = held("deposits", PRIVATE) + held("mmf_shares", PRIVATE)
bills = held("bills", MMF)
close = 1 + RRP_BOOST * minimum(1, total("on_rrp")(-1) / (RRP_LARGE * lagged(size)))
earned = sp.Add(
    *[received(c.instrument, MMF, c.issuer) for c in CHART.cells() if c.holder == MMF and CHART.instrument(c.instrument).rate is not None]
)
kept_ratio = [held(k, MMF) for k in ("agency", "deposits", "other")]
cash = assets - sp.Add(*kept_ratio)
wanted = BILLS_SHARE + BILLS_SLOPE * close * (rates.BILL_RATE - rates.TRIPARTY_RATE)
reluctant = where(sp.Gt(wanted, SCARCITY), wanted, SCARCITY**2 / maximum(2 * SCARCITY - wanted, SCARCITY))
scarce = minimum(1, (BILLS_TARGET / (SCARCITY * assets)) ** 2)


def without_scarcity(share: sp.Expr) -> sp.Expr:
    """What funds would want at a share of bills if they did not hold on to the last ones: the inverse of ``reluctant``."""
    return where(sp.Gt(share, SCARCITY), share, 2 * SCARCITY - SCARCITY**2 / share)


EQUATIONS = (
    Equation("mmf_drift", SHARE_DRIFT, SHARE_DRIFT(-1) + DRIFT * DT, "the taste for money funds may trend", "(M1)", kind="definition"),
    Equation(
        "mmf_share_target",
        SHARE_TARGET,
        1 / (1 + sp.exp(-(LOGIT + SHARE_DRIFT + SPREAD_EFFECT * (rates.MMF_YIELD(-1) - rates.DEPOSIT_RATE(-1))))),
        "savers prefer money funds when they pay more than deposits",
        "(M1)",
        "Drechsler, Savov and Schnabl (2017)",
    ),
    Equation(
        "mmf_shares_private",
        held("mmf_shares", PRIVATE),
        held("mmf_shares", PRIVATE)(-1) + (SHARE_TARGET * lagged(savers) - held("mmf_shares", PRIVATE)(-1)) * adjustment(SPEED),
        "savers move gradually",
        "(M1)",
    ),
    Equation(
        "mmf_shares_row",
        held("mmf_shares", ROW),
        keeping_ratio(held("mmf_shares", ROW)),
        "foreign shares keep their ratio to GDP",
        "(M1)",
    ),
    Equation(
        "mmf_bills_target",
        BILLS_TARGET,
        assets * minimum(BILLS_CAP, reluctant),
        "funds hold more bills when bills pay more than repo, and part with the last ones ever less willingly",
        "(M2)",
        "Stein and Wallen (2023)",
    ),
    Equation(
        "mmf_bills",
        bills,
        minimum(bills(-1) + (BILLS_TARGET - bills(-1)) * adjustment(BILLS_SPEED), cash),
        "the bill portfolio turns over in weeks, at once when redemptions have used up all repo",
        "(M2)",
    ),
    *[
        Equation(f"mmf_{k.base.split('__')[0]}", k, k(-1) * assets / assets(-1), "other paper keeps its share of assets", "(M2)")
        for k in (held("deposits", MMF), held("other", MMF))
    ],
    Equation(
        "mmf_agency",
        held("agency", MMF),
        minimum(
            held("agency", MMF)(-1) * assets / assets(-1),
            AGENCY_LIMIT * (keeping_ratio(total("agency")) - held("agency", FED)),
        ),
        "agency paper keeps its share of assets as far as there is enough of it",
        "(M2)",
    ),
    Equation(
        "dealer_cash_need",
        DEALER_NEED,
        maximum(DVP_H + DVP_R + INVENTORY - TP_P - SRF - OWN_NORMAL * GDP, 0),
        "dealers borrow what they lend beyond normal own funds",
        "(M3)",
        kind="definition",
    ),
    Equation(
        "mmf_left_over",
        LEFT_OVER,
        cash - bills - DEALER_NEED,
        "what is left when dealers have what they need",
        "(M3)",
        kind="definition",
    ),
    Equation(
        "spare_liquidity",
        SPARE,
        total("reserves") + total("on_rrp") - X_STAR * OUTWARD_SHIFT * size,
        "banks outbid the Fed for money funds' cash when their own reserves come down to the bend of the curve",
        "(M3)",
        "reserves near 3 tn throughout the run-off of 2022 to 2025, while the ON RRP went from 2.5 tn to nothing",
        kind="definition",
    ),
    Equation(
        "on_rrp_tail",
        TAIL,
        minimum(
            RRP_TAIL * size * minimum(1, sp.exp(-(rates.TRIPARTY_RATE - rates.ON_RRP_RATE) / RRP_DECAY))
            + (RRP_PARK * MONTH_END + RRP_PARK_QUARTER * QUARTER_END) * size,
            cash - bills,
        ),
        "some funds stay with the Fed at small spreads, more at period-ends",
        "(M3)",
        "daily ON RRP against TGCR less the ON RRP rate, 2023-2025",
    ),
    complementarity(
        "on_rrp_parking",
        PARKED,
        slack=CURVE_SPREAD - FLOOR_SPREAD,
        width=FLOOR_WIDTH,
        scale=RRP_SCALE,
        upper=softplus(minimum(LEFT_OVER, (1 - RRP_PRIVATE) * SPARE) - (1 - RRP_PRIVATE) * RRP_TAIL * size, LEFT_WIDTH),
        label="left-over cash goes to the Fed when repo would pay less than the floor and banks do not outbid the Fed",
        number="(M3)",
        source="Afonso, Cipriani and La Spada (2022)",
    ),
    Equation("on_rrp_mmf", held("on_rrp", MMF), (1 - RRP_PRIVATE) * TAIL + PARKED, "funds' part of the ON RRP", "(M3)"),
    Equation(
        "on_rrp_private",
        held("on_rrp", PRIVATE),
        RRP_PRIVATE * TAIL + RRP_PRIVATE / (1 - RRP_PRIVATE) * PARKED,
        "agencies and others hold their share of the total",
        "(M3)",
    ),
    Equation("pay_mmf_fee", MMF_FEE.variable, FEE * assets(-1) * DT, "the sponsor's fee", "(M1)", kind="definition"),
    Equation(
        "pay_mmf_income",
        MMF_INCOME.variable,
        (earned - MMF_FEE.variable) * held("mmf_shares", PRIVATE)(-1) / assets(-1),
        "income less fee is passed through",
        "(M1)",
        kind="definition",
    ),
    Equation(
        "pay_mmf_income_row",
        MMF_INCOME_ROW.variable,
        (earned - MMF_FEE.variable) * held("mmf_shares", ROW)(-1) / assets(-1),
        "income less fee is passed through",
        "(M1)",
        kind="definition",
    ),
    Equation("mmf_yield", rates.MMF_YIELD, (earned - MMF_FEE.variable) / assets(-1) / DT, "yield of shares", "(M1)", kind="definition"),
)
