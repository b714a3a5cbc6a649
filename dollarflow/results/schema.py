"""The result folder's files, their columns and the rows' identities: one table that writer, reader and auditor share."""

from __future__ import annotations

FORMAT = 1
PATH, HOLDINGS, TRANSACTIONS = "path.csv", "holdings.csv", "transactions.csv"
REVALUATIONS, PAYMENTS, MANIFEST = "revaluations.csv", "payments.csv", "manifest.json"

CELL = ("instrument", "issuer", "holder")
COLUMNS: dict[str, tuple[str, ...]] = {
    HOLDINGS: ("period", "date", *CELL, "value", "face", "coupon"),
    TRANSACTIONS: ("period", "date", *CELL, "amount"),
    REVALUATIONS: ("period", "date", *CELL, "amount"),
    PAYMENTS: ("period", "date", "kind", "instrument", "payer", "payee", "amount"),
}
LEAD = ("period", "date")
TABLES = (PATH, HOLDINGS, TRANSACTIONS, REVALUATIONS, PAYMENTS)
FILES = (*TABLES, MANIFEST)
INTEREST, COUPON = "interest", "coupon"
PAYMENT_KINDS = (
    INTEREST,
    COUPON,
    "dividend",
    "tax",
    "transfer",
    "spending",
    "imports",
    "exports",
    "remittance",
    "variation_margin",
    "mmf_income",
    "fee",
    "opex",
    "other_means",
)


def line_of(row: int) -> int:
    """The line of the file on which data row ``row`` (from 0) stands; the header is line 1."""
    return row + 2
