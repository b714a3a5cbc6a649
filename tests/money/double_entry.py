"""An oracle without the model: six bank-and-Fed accounts, postings by hand, balance sheets that must balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

FED_ASSETS, FED_LIABILITIES = ("fed_securities", "srf"), ("reserves", "tga", "rrp", "pool")
BANK_ASSETS, BANK_LIABILITIES = ("reserves", "bank_securities", "repo_lent"), ("deposits", "srf", "repo_borrowed")
Posting = Mapping[str, float]

PAY = {"reserves": -100, "deposits": -100, "tga": 100}
SPEND = {"reserves": 100, "deposits": 100, "tga": -100}
BANK_PAYS = {"bank_securities": 100, "reserves": -100, "tga": 100}
LEAVES_RRP = {"rrp": -100, "reserves": 100, "deposits": 100}
LEAVES_POOL = {"pool": -100, "reserves": 100, "deposits": 100}
FACILITY = {"srf": 100, "reserves": 100}
LEND = {"repo_lent": 100, "deposits": 100}
FUND_CALLS = {"repo_borrowed": -100, "deposits": 100}
FUND_LENDS = {"repo_borrowed": 100, "deposits": -100}

POSTINGS: dict[str, list[Posting]] = {
    "saver": [PAY, SPEND],
    "bank": [BANK_PAYS, SPEND],
    "fund_rrp": [LEAVES_RRP, PAY, SPEND],
    "fund_repo": [FUND_CALLS, PAY, SPEND],
    "fund_shares": [PAY, SPEND],
    "hedge_fund_rrp": [LEAVES_RRP, FUND_LENDS, LEND, PAY, SPEND],
    "hedge_fund_bills": [FUND_LENDS, LEND, PAY, SPEND],
    "hedge_fund_bank": [LEND, PAY, SPEND],
    "hedge_fund_srf": [FACILITY, LEND, PAY, SPEND],
    "srf_for_bank_repo": [FACILITY],
    "srf_for_fund_repo": [FACILITY, FUND_CALLS, {"rrp": 100, "reserves": -100, "deposits": -100}],
    "fed_from_saver": [PAY, {"fed_securities": 100, "reserves": 100, "deposits": 100}, SPEND],
    "fed_from_bank": [BANK_PAYS, {"fed_securities": 100, "bank_securities": -100, "reserves": 100}, SPEND],
    "official_pool": [LEAVES_POOL, PAY, SPEND],
    "foreign_deposits": [PAY, SPEND],
    "hoard": [PAY],
}


def post(postings: Iterable[Posting]) -> dict[str, float]:
    """Accounts after the postings; each balance sheet must balance after every one of them."""
    books: dict[str, float] = defaultdict(float)
    for posting in postings:
        for account, amount in posting.items():
            books[account] += amount
        assert sum(books[k] for k in FED_ASSETS) == sum(books[k] for k in FED_LIABILITIES), posting
        assert sum(books[k] for k in BANK_ASSETS) == sum(books[k] for k in BANK_LIABILITIES), posting
    fed = sum(books[k] for k in FED_ASSETS)
    return {
        "money": books["deposits"],
        "reserves": books["reserves"],
        "on_rrp": books["rrp"],
        "fed_assets": fed,
        "dollar_liquidity": fed - books["tga"] - books["rrp"] - books["pool"],
    }
