"""Money creation (J1): what adds to and takes from the money of non-banks in a period, exact and complete.

The Fed and the banks together owe the public's money: deposits of non-banks and currency outside banks. Their two budgets, added,
say what that money is the counterpart of. Every claim that they acquire from others and every payment that they make to others
creates money; every other claim on them that is acquired, and every payment that they receive, destroys it. Claims and payments
between the two cancel, with one presentation: what banks borrow at the Fed's facilities is shown as the Fed's contribution
and taken off the banks' net repo. Transactions count, revaluations do not. Nothing is a residual: the sources are read off the
chart of accounts, and that they sum to the change of money is a hidden equation.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from equations.accounts import BANKS, CHART, FED, FO, MMF, PRIVATE, ROW
from equations.banks import BANK_CLASS, TREASURY_RATIO, TREASURY_SPEED, TREASURY_YIELD
from equations.bills import SLOPE
from equations.cells import adjustment, total
from equations.coupons import CLASSES, slope
from equations.money_funds import BILLS_SLOPE, BILLS_SPEED, close, scarce
from equations.real_side import GDP
from equations.term_structure import NOTE_PREMIUM_SHARE
from model.accounting.identities import Payment, payments
from model.language.accounts import Cell, transaction, value
from model.language.equation import Equation, Hidden
from model.language.symbols import Variable
from model.language.units import ONE, USD

ISSUERS = (FED, BANKS)
TREASURIES = ("bills", "notes", "bonds")
MONEY_CELLS = tuple(
    c
    for c in CHART.cells()
    if (c.instrument == "deposits" and c.issuer == BANKS) or (c.instrument == "currency" and c.issuer == FED and c.holder not in ISSUERS)
)

LABELS = {
    "fed_treasuries": "Treasuries bought by the Fed, at cost, less redeemed",
    "fed_agency": "agency securities bought by the Fed less principal received",
    "fed_other": "other assets acquired by the Fed",
    "srf": "standing repo of the Fed to banks and dealers",
    "discount_window": "discount window credit",
    "foreign_official_repo": "repo of the Fed with foreign officials",
    "bank_treasuries": "Treasuries bought by banks and dealers less sold and redeemed",
    "bank_agency": "agency securities acquired by banks",
    "bank_other": "other paper acquired by banks",
    "loans": "bank loans made less repaid",
    "bank_repo": "repo lent by banks less repo borrowed, the Fed's facilities included",
    "tga": "cash that the Treasury draws from its account",
    "on_rrp": "cash that leaves the ON RRP",
    "foreign_repo_pool": "cash that leaves the foreign repo pool",
    "fed_other_deposits": "cash that leaves other deposits at the Fed",
    "equity": "equity of banks and of the Fed issued to others, with a minus",
    "interest_paid": "interest paid by the Fed and banks to others",
    "interest_received": "interest and coupons received from others, with a minus",
    "opex": "running costs and provisions of the Fed and banks",
    "dividends": "dividends of banks to the public",
    "remittance": "remittances of the Fed to the Treasury",
    "fees": "fees received by the Fed and banks, with a minus",
    "losses": "losses of funds that banks bear",
    "other": "any other payment or claim",
}
"""Sources of money and what they are, in the order of the table (J1)."""

ASSET_SOURCE = {
    **{(k, FED): "fed_treasuries" for k in TREASURIES},
    ("agency", FED): "fed_agency",
    ("other", FED): "fed_other",
    ("srf", FED): "foreign_official_repo",
    **{(k, BANKS): "bank_treasuries" for k in TREASURIES},
    ("agency", BANKS): "bank_agency",
    ("other", BANKS): "bank_other",
    ("loans", BANKS): "loans",
    ("repo_dvp", BANKS): "bank_repo",
}
LIABILITY_SOURCE = {
    "repo_triparty": "bank_repo",
    "bank_equity": "equity",
    "fed_equity": "equity",
    **{k: k for k in ("tga", "on_rrp", "foreign_repo_pool", "fed_other_deposits")},
}
PAYMENT_SOURCE = {"opex": "opex", "dividend": "dividends", "remittance": "remittance", "fee": "fees", "transfer": "losses"}
FACILITIES = ("srf", "discount_window")
FINANCIERS = {
    "fed": ("fed_treasuries", "fed_agency", "fed_other", "srf", "discount_window", "foreign_official_repo"),
    "banks": ("bank_treasuries", "bank_agency", "bank_other", "loans", "bank_repo"),
    "treasury": ("tga",),
    "money_funds": ("on_rrp",),
    "foreign_official": ("foreign_repo_pool",),
    "other_depositors_at_the_fed": ("fed_other_deposits",),
    "income_and_equity": (
        "equity",
        "interest_paid",
        "interest_received",
        "opex",
        "dividends",
        "remittance",
        "fees",
        "losses",
        "other",
    ),
}
"""Sources grouped by whose balance sheet they are on."""


def source_of_cell(cell: Cell) -> tuple[str, int]:
    """The source that an acquisition of a cell belongs to, and its sign; ``("", 0)`` where it moves no money."""
    lent, owed = cell.holder in ISSUERS, cell.issuer in ISSUERS
    if cell in MONEY_CELLS or lent == owed:
        return "", 0
    if lent:
        return ASSET_SOURCE.get((cell.instrument, cell.holder), "other"), 1
    return LIABILITY_SOURCE.get(cell.instrument, "other"), -1


def source_of_payment(paid: Payment) -> tuple[str, int]:
    """The source that a payment belongs to, and its sign: to the public it creates money, from the public it destroys money."""
    made, got = paid.payer in ISSUERS, paid.payee in ISSUERS
    if made == got:
        return "", 0
    if paid.kind in ("interest", "coupon"):
        return ("interest_paid", 1) if made else ("interest_received", -1)
    return PAYMENT_SOURCE.get(paid.kind, "other"), 1 if made else -1


def contributions() -> dict[str, sp.Expr]:
    """Each source's contribution to the change of money in a period, USD bn, as an expression."""
    parts: dict[str, list[sp.Expr]] = {name: [] for name in LABELS}
    for cell in CHART.cells():
        name, sign = source_of_cell(cell)
        if name:
            parts[name].append(sign * transaction(cell))
        elif cell.instrument in FACILITIES:
            parts[cell.instrument].append(transaction(cell))
            parts["bank_repo"].append(-transaction(cell))
    for paid in payments(CHART):
        name, sign = source_of_payment(paid)
        if name:
            parts[name].append(sign * paid.variable)
    return {name: sp.Add(*terms) for name, terms in parts.items()}


def creation(source: str) -> Variable:
    """Money created in the period by a source, USD bn; negative = destroyed."""
    return Variable(f"money_by__{source}", USD, LABELS[source])


BETA: Mapping[str, sp.Expr] = {
    **{h: GDP * sp.Add(*[slope(h, k) for k in CLASSES]) for h in (PRIVATE, ROW, FO)},
    BANKS: TREASURY_RATIO
    * total("deposits")(-1)
    * TREASURY_YIELD
    * adjustment(TREASURY_SPEED)
    * (BANK_CLASS["bonds"] + BANK_CLASS["notes"] * NOTE_PREMIUM_SHARE),
}
"""Face of coupons demanded within the period per unit of the bond premium, by holder, USD bn."""
BILL_BETA: Mapping[str, sp.Expr] = {
    **{h: GDP * SLOPE[h] for h in (BANKS, ROW, PRIVATE)},
    MMF: total("mmf_shares") * BILLS_SLOPE * scarce * close * adjustment(BILLS_SPEED),
}
"""Bills demanded within the period per unit of their rate, by holder, USD bn."""


def price_margin(prefix: str, what: str, betas: Mapping[str, sp.Expr]) -> tuple[Equation, ...]:
    """Each holder's share in the slope of a market's demand: who absorbs a small extra supply within the period."""
    equations = []
    for holder, beta in betas.items():
        left = Variable(f"{prefix}__{holder}", ONE, f"share of {holder} in the slope of demand for {what}")
        equations.append(
            Equation(left.base, left, beta / sp.Add(*betas.values()), "slope over the market's slope", "(J3)", kind="definition")
        )
    return tuple(equations)


CREATED = contributions()
EQUATIONS = (
    *[
        Equation(creation(name).base, creation(name), expression, LABELS[name], "(J1)", kind="definition")
        for name, expression in CREATED.items()
    ],
    *price_margin("marginal_price", "notes and bonds", BETA),
    *price_margin("marginal_price_bills", "bills", BILL_BETA),
)
HIDDEN = (
    Hidden(
        "money_creation",
        sp.Add(*[creation(name) for name in LABELS]) - sp.Add(*[value(c) - value(c)(-1) for c in MONEY_CELLS]),
        "sources of money less the change of money",
    ),
)
