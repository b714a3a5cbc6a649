"""What policy sets from outside: the corridor, the Fed's programmes, the Treasury's cash and the debt limit."""

from __future__ import annotations

from equations import rates
from model.language.equation import Equation
from model.language.symbols import Variable
from model.language.units import FLOW, ONE, RATE, USD

IORB_GAP = Variable("iorb_gap", RATE, "IORB above the lower bound")
RRP_GAP = Variable("rrp_gap", RATE, "ON RRP rate above the lower bound")
SRF_GAP = Variable("srf_gap", RATE, "SRF rate above the upper bound")
DW_GAP = Variable("dw_gap", RATE, "primary credit rate above the upper bound")

QT_CAP_TREASURY = Variable("qt_cap_treasury", FLOW, "cap on the run-off of the Fed's Treasuries")
QT_CAP_AGENCY = Variable("qt_cap_agency", FLOW, "cap on the run-off of the Fed's agency securities")
QE_NOTES = Variable("qe_notes", FLOW, "asset purchases of notes, secondary market")
QE_BONDS = Variable("qe_bonds", FLOW, "asset purchases of bonds, secondary market")
QE_AGENCY = Variable("qe_agency", FLOW, "asset purchases of agency securities")
QE_BILLS = Variable("qe_bills", FLOW, "outright purchases of bills beside the reserve-management rule")
TWIST = Variable("twist", FLOW, "sale of notes against purchase of bonds at equal cash")
RMP_ON = Variable("rmp_on", ONE, "1 while reserve-management purchases are made, 0 otherwise")
RMP_FLOOR = Variable("rmp_floor", FLOW, "announced minimum pace of reserve-management purchases")
SRF_ON = Variable("srf_on", ONE, "1 while the standing repo facility is open, 0 otherwise")

DEBT_LIMIT = Variable("debt_limit", USD, "statutory limit on bills, notes and bonds (face), extraordinary measures included")
SHUTDOWN = Variable("shutdown", ONE, "1 while appropriations have lapsed, 0 otherwise")
ISSUANCE_SURPRISE = Variable("issuance_surprise", FLOW, "bills sold beyond the plan, kept in the TGA")
CASH_HANDOUT = Variable("cash_handout", FLOW, "cash that the Treasury pays out beyond its budget (negative: collects)")
COUPON_SURPRISE = Variable("coupon_surprise", FLOW, "coupons sold beyond the calendar, in place of bills")
SANCTIONS = Variable("sanctions", ONE, "sanction state of reserve managers, added to that of the opening")
OFFICIAL_SALES = Variable("official_sales", FLOW, "coupons that official holders sell beyond their rule, face")
FOREIGN_RATE = Variable("foreign_rate", RATE, "foreign short rate")

EXOGENOUS = (
    rates.RATE_LOWER,
    rates.RATE_UPPER,
    IORB_GAP,
    RRP_GAP,
    SRF_GAP,
    DW_GAP,
    QT_CAP_TREASURY,
    QT_CAP_AGENCY,
    QE_NOTES,
    QE_BONDS,
    QE_AGENCY,
    QE_BILLS,
    TWIST,
    RMP_ON,
    RMP_FLOOR,
    SRF_ON,
    DEBT_LIMIT,
    SHUTDOWN,
    ISSUANCE_SURPRISE,
    CASH_HANDOUT,
    COUPON_SURPRISE,
    SANCTIONS,
    OFFICIAL_SALES,
    FOREIGN_RATE,
)

POLICY_RATE = Variable("policy_rate", RATE, "middle of the target range")
SOURCE = "FOMC implementation notes"

EQUATIONS = (
    Equation("iorb", rates.IORB, rates.RATE_LOWER + IORB_GAP, "IORB is set above the lower bound", "(F5)", SOURCE, "policy"),
    Equation(
        "on_rrp_rate", rates.ON_RRP_RATE, rates.RATE_LOWER + RRP_GAP, "the ON RRP rate is set on the lower bound", "(F5)", SOURCE, "policy"
    ),
    Equation("srf_rate", rates.SRF_RATE, rates.RATE_UPPER + SRF_GAP, "the SRF rate is set on the upper bound", "(F5)", SOURCE, "policy"),
    Equation("dw_rate", rates.DW_RATE, rates.RATE_UPPER + DW_GAP, "primary credit is set on the upper bound", "(F5)", SOURCE, "policy"),
    Equation("frp_rate", rates.FRP_RATE, rates.ON_RRP_RATE, "the foreign repo pool earns the ON RRP rate", "(O2)", SOURCE, "policy"),
    Equation(
        "policy_rate",
        POLICY_RATE,
        (rates.RATE_LOWER + rates.RATE_UPPER) / 2,
        "the policy rate that expectations start from is the middle of the range",
        "(Y1)",
        kind="definition",
    ),
)
