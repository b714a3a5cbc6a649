"""The chart of accounts of the dollar system: eight balance sheets, twenty-two instruments, every payment between them."""

from __future__ import annotations

from equations import rates
from model.language.accounts import Cell, Chart, Flow, Instrument, Sector, Valuation
from model.language.symbols import Parameter, Variable
from model.language.units import RATE, YEAR

FED, TREASURY, BANKS, MMF, HF = "fed", "treasury", "banks", "mmf", "hedge_funds"
FO, ROW, PRIVATE = "foreign_official", "rest_of_world", "private"

SECTORS = (
    Sector(FED, "F", "Federal Reserve"),
    Sector(TREASURY, "T", "US Treasury"),
    Sector(BANKS, "B", "banks, with their affiliated dealers"),
    Sector(MMF, "M", "money market funds"),
    Sector(HF, "H", "relative-value hedge funds"),
    Sector(FO, "O", "foreign official"),
    Sector(ROW, "R", "rest of the world, private"),
    Sector(PRIVATE, "P", "domestic private non-bank: households, firms, asset managers, state and local, GSEs"),
)

DT = Variable("dt", YEAR, "length of the period")
A_NOTES = Parameter("a_notes", RATE, "geometric amortisation of the note class", lower=0.0)
A_BONDS = Parameter("a_bonds", RATE, "geometric amortisation of the bond class", lower=0.0)

COUPON_HOLDERS = (FED, BANKS, HF, FO, ROW, PRIVATE)
BILL_HOLDERS = (FED, BANKS, MMF, FO, ROW, PRIVATE)
AGENCY_HOLDERS = (FED, BANKS, MMF, FO, ROW)
DEPOSITORS = (MMF, HF, FO, ROW, PRIVATE)


def issued_by(issuer: str, *holders: str) -> tuple[tuple[str, str], ...]:
    """The cells of one issuer."""
    return tuple((issuer, holder) for holder in holders)


INSTRUMENTS = (
    Instrument("currency", issued_by(FED, BANKS, ROW, PRIVATE), description="Federal Reserve notes"),
    Instrument("reserves", issued_by(FED, BANKS), rate=rates.IORB, description="reserve balances"),
    Instrument("tga", issued_by(FED, TREASURY), description="Treasury general account"),
    Instrument("on_rrp", issued_by(FED, MMF, PRIVATE), rate=rates.ON_RRP_RATE, description="overnight reverse repo facility"),
    Instrument("foreign_repo_pool", issued_by(FED, FO), rate=rates.FRP_RATE, description="foreign official reverse repo pool"),
    Instrument(
        "fed_other_deposits",
        issued_by(FED, PRIVATE),
        rate=rates.OTHER_DEPOSIT_RATE,
        description="deposits of GSEs, clearing houses and others at the Fed",
    ),
    Instrument("srf", ((BANKS, FED), (FO, FED)), rate=rates.SRF_RATE, description="standing repo facility, and its foreign official leg"),
    Instrument("discount_window", issued_by(BANKS, FED), rate=rates.DW_RATE, description="discount window primary credit"),
    Instrument("bills", issued_by(TREASURY, *BILL_HOLDERS), rate=rates.BILL_AVERAGE_RATE, description="Treasury bills"),
    Instrument(
        "notes",
        issued_by(TREASURY, *COUPON_HOLDERS),
        valuation=Valuation.COUPON,
        amortisation=A_NOTES,
        price_yield=rates.YIELD_NOTES,
        description="Treasury notes",
    ),
    Instrument(
        "bonds",
        issued_by(TREASURY, *COUPON_HOLDERS),
        valuation=Valuation.COUPON,
        amortisation=A_BONDS,
        price_yield=rates.YIELD_BONDS,
        description="Treasury bonds",
    ),
    Instrument(
        "agency",
        issued_by(PRIVATE, *AGENCY_HOLDERS),
        rate=rates.AGENCY_RATE,
        rates=(((PRIVATE, FED), rates.FED_AGENCY_RATE),),
        description="agency debt and mortgage-backed securities, at face",
    ),
    Instrument("deposits", issued_by(BANKS, *DEPOSITORS), rate=rates.DEPOSIT_RATE, description="bank deposits"),
    Instrument("mmf_shares", issued_by(MMF, ROW, PRIVATE), description="money market fund shares at stable value"),
    Instrument("repo_triparty", issued_by(BANKS, MMF, PRIVATE), rate=rates.TRIPARTY_RATE, description="tri-party repo to dealers"),
    Instrument("repo_dvp", ((HF, BANKS), (ROW, BANKS)), rate=rates.DVP_RATE, description="DVP repo from dealers"),
    Instrument("loans", ((ROW, BANKS), (PRIVATE, BANKS)), rate=rates.LOAN_RATE, description="bank loans"),
    Instrument("other", issued_by(PRIVATE, FED, BANKS, MMF), rate=rates.OTHER_RATE, description="other private paper"),
    Instrument("bank_equity", issued_by(BANKS, ROW, PRIVATE), valuation=Valuation.EQUITY, description="equity of banks"),
    Instrument("hedge_fund_equity", issued_by(HF, PRIVATE), valuation=Valuation.EQUITY, description="equity of hedge funds"),
    Instrument("fed_equity", issued_by(FED, TREASURY), valuation=Valuation.BOOK, description="Fed capital and surplus less deferred asset"),
    Instrument(
        "external_other", issued_by(PRIVATE, FO, ROW), description="other external claims: equities, direct investment, corporate debt"
    ),
)

TAX = Flow("tax", PRIVATE, TREASURY, description="federal taxes")
TRANSFERS = Flow("transfer", TREASURY, PRIVATE, description="federal transfers")
SPENDING = Flow("spending", TREASURY, PRIVATE, description="federal purchases")
IMPORTS = Flow("imports", PRIVATE, ROW, description="imports of goods and services")
EXPORTS = Flow("exports", ROW, PRIVATE, description="exports of goods and services")
REMITTANCE = Flow("remittance", FED, TREASURY, description="Fed remittances")
FED_OPEX = Flow("opex", FED, PRIVATE, description="Fed operating expenses")
FED_DIVIDEND = Flow("dividend", FED, BANKS, description="statutory dividend on Fed stock")
BANK_OPEX = Flow("opex", BANKS, PRIVATE, description="bank operating expenses and provisions, less fees")
BANK_DIVIDEND = Flow("dividend", BANKS, PRIVATE, "bank_equity", "bank dividends to residents")
BANK_DIVIDEND_ROW = Flow("dividend", BANKS, ROW, "bank_equity", "bank dividends to non-residents")
HF_DIVIDEND = Flow("dividend", HF, PRIVATE, "hedge_fund_equity", "hedge fund distributions")
HF_LOSS = Flow("transfer", BANKS, HF, "repo_dvp", "repo lenders' loss when a fund's equity is exhausted")
MMF_INCOME = Flow("mmf_income", MMF, PRIVATE, "mmf_shares", "money fund dividends to residents")
MMF_INCOME_ROW = Flow("mmf_income", MMF, ROW, "mmf_shares", "money fund dividends to non-residents")
MMF_FEE = Flow("fee", MMF, BANKS, description="money fund fee to the sponsor")
VARIATION_MARGIN = Flow("variation_margin", PRIVATE, HF, description="futures variation margin")
OTHER_MEANS = Flow("other_means", TREASURY, PRIVATE, description="Treasury's other means of financing, as a use of cash")
RESERVE_FLOW = Flow("transfer", ROW, FO, description="dollars that the rest of the world sells to its central banks")
FIMA_FEE = Flow("fee", FO, FED, description="spread of the foreign official repo leg over the SRF rate")
GOLD_ROW = Flow("transfer", FO, ROW, description="central banks' gold purchases from abroad")
GOLD_PRIVATE = Flow("transfer", FO, PRIVATE, description="central banks' gold purchases from residents")

FLOWS = (
    TAX,
    TRANSFERS,
    SPENDING,
    IMPORTS,
    EXPORTS,
    REMITTANCE,
    FED_OPEX,
    FED_DIVIDEND,
    BANK_OPEX,
    BANK_DIVIDEND,
    BANK_DIVIDEND_ROW,
    HF_DIVIDEND,
    HF_LOSS,
    MMF_INCOME,
    MMF_INCOME_ROW,
    MMF_FEE,
    VARIATION_MARGIN,
    OTHER_MEANS,
    RESERVE_FLOW,
    FIMA_FEE,
    GOLD_ROW,
    GOLD_PRIVATE,
)

CHART = Chart(SECTORS, INSTRUMENTS, FLOWS, period=DT)

# Sectors whose budget determines a buffer; the banks' budget is the redundant equation.
BUFFERS = {
    FED: Cell("reserves", FED, BANKS),
    TREASURY: Cell("tga", FED, TREASURY),
    MMF: Cell("repo_triparty", BANKS, MMF),
    HF: Cell("repo_dvp", HF, BANKS),
    FO: Cell("external_other", PRIVATE, FO),
    ROW: Cell("external_other", PRIVATE, ROW),
    PRIVATE: Cell("deposits", BANKS, PRIVATE),
}
