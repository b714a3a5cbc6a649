"""The Treasury (T1)-(T5): deficit, calendar issuance of coupons, bills as residual, cash target, debt limit, lapse of appropriations."""

from __future__ import annotations

import sympy as sp

from equations import policy, rates
from equations.accounts import CHART, DT, OTHER_MEANS, REMITTANCE, SPENDING, TAX, TRANSFERS, TREASURY
from equations.calendar import SETTLEMENT_SEASON, TAX_SEASON
from equations.cells import adjustment, held, received, smoothed, total
from equations.real_side import AVERAGING, GDP, PURCHASES, TREND_GDP
from equations.term_structure import DECAY
from model.language.accounts import coupon, face
from model.language.equation import Equation, complementarity
from model.language.symbols import Parameter, Variable, maximum, minimum
from model.language.units import FLOW, ONE, RATE, USD, YEAR

TRANSFERS_ANNUAL = Variable("transfers", FLOW, "federal transfers")
OUTLAYS = Variable("outlays", FLOW, "outlays with interest, as paid")
RECEIPTS = Variable("receipts", FLOW, "federal receipts")
INTEREST_PAID = Variable("treasury_interest", FLOW, "interest and coupons paid by the Treasury")
DEFICIT = Variable("deficit", FLOW, "federal deficit, annual rate")
DEFICIT_AVERAGE = Variable("deficit_average", FLOW, "deficit, smoothed exponentially over a year")
DEBT = Variable("debt", USD, "marketable debt, face")
BACKLOG = Variable("backlog", USD, "outlays delayed by a lapse of appropriations or by lack of cash")
WITHHELD = Variable("withheld", USD, "outlays withheld in the period, net of catch-up")
UNPAID = Variable("unpaid", USD, "outlays not paid for lack of cash in the period")
TGA_TARGET = Variable("tga_target", USD, "cash that the Treasury aims at")
CASH_PLAN = Variable("tga_plan", USD, "cash at the end of the period as planned")
CALENDAR_CASH = Variable("calendar_cash", USD, "cash that calendar and surprises leave in the account")
REDEMPTIONS = {k: Variable(f"redemptions_{k}", USD, f"{k} redeemed in the period") for k in ("notes", "bonds")}
ISSUE = {k: Variable(f"issue_{k}", USD, f"gross issue of {k} in the period, at par") for k in ("notes", "bonds")}
NET_COUPONS_ANNUAL = Variable("net_coupon_issue", FLOW, "calendar net issue of coupons, annual rate")
BILLS_WANTED = Variable("bills_wanted", USD, "bills that the financing need calls for")
SHORTFALL = Variable("ceiling_shortfall", USD, "bills that the debt limit forbids")
DEFAULT_PREMIUM = Variable("default_premium", RATE, "premium on bills when cash runs out under the debt limit")

TAX_RATE = Parameter("tax_rate", ONE, "receipts over GDP", 0.0, 1.0)
G_SHARE = Parameter("purchases_share", ONE, "federal purchases over GDP", 0.0, 1.0)
TR_SHARE = Parameter("transfers_share", ONE, "federal transfers over GDP", 0.0, 1.0)
OTHER_MEANS_SHARE = Parameter("other_means_share", ONE, "other means of financing over GDP")
LAPSE_SHARE = Parameter("lapse_share", ONE, "outlays withheld during a lapse of appropriations", 0.0, 1.0)
CATCH_UP = Parameter("catch_up_speed", RATE, "speed at which delayed outlays are paid", 0.0)
TGA_FLOOR = Parameter("tga_floor", USD, "smallest cash target", 0.0)
TGA_COVER = Parameter("tga_cover", YEAR, "outflows that the cash target covers", 0.0)
TGA_SPEED = Parameter("tga_speed", RATE, "speed at which cash returns to target", 0.0)
TGA_MINIMUM = Parameter("tga_minimum", USD, "cash below which outlays wait", 0.0)
BILL_SHARE = Parameter("bill_share", ONE, "long-run share of bills in debt", 0.0, 1.0)
BILL_DRIFT = Parameter("bill_drift", RATE, "speed of the return to that share", 0.0)
NOTE_SHARE = Parameter("note_share", ONE, "share of notes in net coupon issue", 0.0, 1.0)
BILL_FLOOR = Parameter("bill_floor", ONE, "share of bills in debt below which the Treasury keeps the cash instead", 0.0, 1.0)
BILL_LIFE = Parameter("bill_life", YEAR, "mean life of bills", 0.02)
CEILING_WIDTH = Parameter("ceiling_width", USD, "smoothing of the debt limit; 0 = strict", 0.0)
DEFAULT_SLOPE = Parameter("default_slope", RATE, "bill premium when cash is exhausted", 0.0)
TGA_SAFE = Parameter("tga_safe", USD, "cash below which default risk is priced", 0.0)

BILL_HOLDERS = [c.holder for c in CHART.cells("bills")]
CELLS = {k: list(CHART.cells(k)) for k in ("notes", "bonds")}


def issuer_face(instrument: str) -> sp.Expr:
    """Face outstanding of a coupon class."""
    return sp.Add(*[face(c) for c in CELLS[instrument]])


def opening_interest() -> sp.Expr:
    """Interest that the opening's stocks carry, annual rate."""
    return rates.BILL_AVERAGE_RATE * total("bills") + sp.Add(*[coupon(c) for k in ("notes", "bonds") for c in CELLS[k]])


coupons_paid = sp.Add(*[received(k, c.holder) for k in ("notes", "bonds") for c in CELLS[k]])
bill_interest = sp.Add(*[received("bills", h) for h in BILL_HOLDERS])
primary_outlays = (G_SHARE + TR_SHARE) * TREND_GDP * DT
net_coupons = sp.Add(*[ISSUE[k] - REDEMPTIONS[k] for k in ("notes", "bonds")])
bills_before = total("bills")(-1)
outflow = OUTLAYS(-1) + bills_before / BILL_LIFE + sp.Add(*[DECAY[k] * face(c)(-1) for k in ("notes", "bonds") for c in CELLS[k]])
need = DEFICIT * DT + OTHER_MEANS.variable - net_coupons
bills_kept = maximum(bills_before * sp.exp(-DT / BILL_LIFE), minimum(BILL_FLOOR * DEBT(-1), bills_before))
premium_gap = 1 - held("tga", TREASURY)(-1) / TGA_SAFE

EQUATIONS = (
    Equation(
        "government_purchases",
        PURCHASES,
        G_SHARE * TREND_GDP - G_SHARE / (G_SHARE + TR_SHARE) * WITHHELD / DT,
        "purchases are a share of trend income, less what is withheld",
        "(T1)",
    ),
    Equation(
        "transfers",
        TRANSFERS_ANNUAL,
        TR_SHARE * TREND_GDP - TR_SHARE / (G_SHARE + TR_SHARE) * WITHHELD / DT,
        "transfers are a share of trend income, less what is withheld",
        "(T1)",
    ),
    Equation("pay_transfers", TRANSFERS.variable, TRANSFERS_ANNUAL * DT, "transfers are paid", "(T1)", kind="definition"),
    Equation(
        "pay_tax",
        TAX.variable,
        TAX_RATE * GDP * TAX_SEASON * DT,
        "receipts are a share of income with a season",
        "(T1)",
        "Monthly Treasury Statement FY2025",
    ),
    Equation("receipts", RECEIPTS, TAX.variable / DT, "receipts, annual rate", "(T1)", kind="definition"),
    Equation(
        "pay_other_means",
        OTHER_MEANS.variable,
        (OTHER_MEANS_SHARE * TREND_GDP + policy.CASH_HANDOUT) * DT,
        "other means use cash",
        "(T2)",
        "Monthly Treasury Statement",
    ),
    Equation(
        "treasury_interest",
        INTEREST_PAID,
        (coupons_paid + bill_interest) / DT,
        "interest paid on opening stocks",
        "(T4)",
        kind="definition",
    ),
    Equation("outlays", OUTLAYS, PURCHASES + TRANSFERS_ANNUAL + INTEREST_PAID, "outlays as paid", "(T1)", kind="definition"),
    Equation(
        "deficit",
        DEFICIT,
        (SPENDING.variable + TRANSFERS.variable + coupons_paid + bill_interest - TAX.variable - REMITTANCE.variable) / DT,
        "deficit is outlays less taxes and remittances",
        "(T1)",
        kind="definition",
    ),
    Equation(
        "deficit_average", DEFICIT_AVERAGE, smoothed(DEFICIT_AVERAGE, DEFICIT, 1 / AVERAGING), "smoothed deficit", "(T3)", kind="definition"
    ),
    Equation(
        "withheld",
        WITHHELD,
        policy.SHUTDOWN * LAPSE_SHARE * primary_outlays + UNPAID - (1 - policy.SHUTDOWN) * BACKLOG(-1) * adjustment(CATCH_UP),
        "a lapse withholds outlays; they are paid over the weeks after it",
        "(T5)",
        "Congressional Budget Office, effects of the 2025 shutdown, 29 October 2025",
        "definition",
    ),
    Equation("backlog", BACKLOG, BACKLOG(-1) + WITHHELD, "delayed outlays", "(T5)", kind="definition"),
    complementarity(
        "unpaid",
        UNPAID,
        slack=held("tga", TREASURY) - TGA_MINIMUM,
        width=sp.Integer(0),
        scale=sp.Integer(1),
        label="outlays wait when cash is exhausted",
        number="(T5)",
    ),
    Equation(
        "tga_target",
        TGA_TARGET,
        maximum(TGA_FLOOR, TGA_COVER * outflow),
        "the cash target covers a week of outflows, redemptions included",
        "(T5)",
        "Treasury cash-balance policy, 2015",
    ),
    Equation(
        "calendar_cash",
        CALENDAR_CASH,
        TAX_RATE * GDP * (TAX_SEASON - 1) * DT
        + NET_COUPONS_ANNUAL * (SETTLEMENT_SEASON - 1) * DT
        + WITHHELD
        - UNPAID
        + (policy.ISSUANCE_SURPRISE) * DT,
        "tax dates, settlements, delayed outlays and surprises stay in the account for a time",
        "(T5)",
        kind="definition",
    ),
    Equation(
        "tga_plan",
        CASH_PLAN,
        maximum(TGA_MINIMUM + TGA_SAFE, smoothed(held("tga", TREASURY), TGA_TARGET, TGA_SPEED) + CALENDAR_CASH),
        "cash returns to its target through bills, and is never planned below what is safe",
        "(T5)",
    ),
    *[
        Equation(
            REDEMPTIONS[k].base,
            REDEMPTIONS[k],
            adjustment(DECAY[k]) * sp.Add(*[face(c)(-1) for c in CELLS[k]]),
            "a class amortises geometrically",
            "(0.2)",
            kind="definition",
        )
        for k in ("notes", "bonds")
    ],
    Equation(
        "net_coupon_issue",
        NET_COUPONS_ANNUAL,
        (1 - BILL_SHARE) * DEFICIT_AVERAGE(-1) + BILL_DRIFT * (bills_before - BILL_SHARE * DEBT(-1)),
        "coupons are regular and predictable: they finance the average deficit and return bills to their share",
        "(T3)",
        "Treasury Borrowing Advisory Committee practice",
    ),
    *[
        Equation(
            ISSUE[k].base,
            ISSUE[k],
            REDEMPTIONS[k]
            + (NOTE_SHARE if k == "notes" else 1 - NOTE_SHARE) * (NET_COUPONS_ANNUAL * SETTLEMENT_SEASON + policy.COUPON_SURPRISE) * DT,
            "redemptions are rolled in their class, net issue is split",
            "(T3)",
        )
        for k in ("notes", "bonds")
    ],
    Equation(
        "bills_wanted",
        BILLS_WANTED,
        maximum(bills_before + need + CASH_PLAN - held("tga", TREASURY)(-1), bills_kept),
        "bills absorb what is left to finance, and are retired only as they mature",
        "(T2)",
        kind="definition",
    ),
    Equation(
        "bills_supply",
        sp.Add(*[held("bills", h) for h in BILL_HOLDERS]),
        BILLS_WANTED - SHORTFALL,
        "bills sold are the need less what the debt limit forbids; the market's price places them",
        "(T5)",
        kind="market",
    ),
    complementarity(
        "ceiling",
        SHORTFALL,
        slack=maximum(policy.DEBT_LIMIT, DEBT(-1)) - DEBT,
        width=CEILING_WIDTH,
        scale=sp.Integer(1),
        label="debt cannot pass its limit; what is outstanding may be rolled over",
        number="(T5)",
        source="31 U.S.C. 3101",
    ),
    Equation(
        "debt", DEBT, total("bills") + issuer_face("notes") + issuer_face("bonds"), "marketable debt at face", "(T2)", kind="definition"
    ),
    Equation(
        "bill_average_rate",
        rates.BILL_AVERAGE_RATE,
        rates.BILL_RATE + (rates.BILL_AVERAGE_RATE(-1) - rates.BILL_RATE) * sp.exp(-DT / BILL_LIFE) * bills_before / total("bills"),
        "the average rate follows the issue rate as bills mature",
        "(T4)",
        kind="definition",
    ),
    Equation(
        "default_premium",
        DEFAULT_PREMIUM,
        DEFAULT_SLOPE * maximum(0, premium_gap),
        "bills carry a premium when cash nears exhaustion",
        "(T5)",
    ),
)
