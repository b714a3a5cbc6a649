"""What sectors, instruments, variables and sources of money are called in charts and tables."""

from __future__ import annotations

import re

SECTORS = {
    "fed": "Fed",
    "treasury": "Treasury",
    "banks": "Banks",
    "mmf": "Money funds",
    "hedge_funds": "Hedge funds",
    "foreign_official": "Foreign official",
    "rest_of_world": "Rest of world",
    "private": "Domestic private",
}
INSTRUMENTS = {
    "currency": "Currency",
    "reserves": "Reserves",
    "tga": "TGA",
    "on_rrp": "ON RRP",
    "foreign_repo_pool": "Foreign repo pool",
    "fed_other_deposits": "Other Fed deposits",
    "srf": "SRF",
    "discount_window": "Discount window",
    "bills": "Bills",
    "notes": "Notes",
    "bonds": "Bonds",
    "agency": "Agency securities",
    "deposits": "Deposits",
    "mmf_shares": "Money fund shares",
    "repo_triparty": "Repo, tri-party",
    "repo_dvp": "Repo, DVP",
    "loans": "Loans",
    "other": "Other paper",
    "bank_equity": "Bank equity",
    "hedge_fund_equity": "Hedge fund equity",
    "fed_equity": "Fed equity",
    "external_other": "Other external claims",
}
VARIABLES = {
    "sofr": "SOFR",
    "effr": "EFFR",
    "iorb": "IORB",
    "on_rrp_rate": "ON RRP rate",
    "srf_rate": "SRF rate",
    "rate_lower": "Lower bound",
    "rate_upper": "Upper bound",
    "bill_rate": "Bills",
    "yield_notes": "Notes",
    "yield_bonds": "Bonds",
    "deposit_rate": "Deposits",
    "debt": "Federal debt",
    "m2": "M2",
    "money": "Money",
    "gdp": "GDP",
    "dollar_liquidity": "Dollar liquidity",
    "hf_leverage": "Leverage",
    "hf_book": "Book of Treasuries",
    "hf_capacity": "Largest book that limits allow",
    "basis": "Futures basis",
    "term_premium": "Term premium",
    "fed_interest_income": "Interest income",
    "fed_interest_expense": "Interest expense",
    "fed_net_income": "Net income",
    "fed_remittance": "Remittances",
    "deferred_asset": "Deferred asset",
    "fed_assets": "Total assets",
    "fed_unrealised": "Market less book value",
    "issuance": "Net issuance",
    "total": "Total",
}
FINANCIERS = {
    "money_funds": "Money funds (ON RRP)",
    "other_depositors_at_the_fed": "Other depositors at the Fed",
    "income_and_equity": "Income and equity",
    "retail_money_funds": "Retail money funds",
    "deposits_outside_m2": "Deposits outside M2",
}
KINDS = {
    "interest": "Interest",
    "coupon": "Coupons",
    "dividend": "Dividends",
    "tax": "Taxes",
    "transfer": "Transfers",
    "spending": "Federal spending",
    "imports": "Imports",
    "exports": "Exports",
    "remittance": "Fed remittances",
    "variation_margin": "Variation margin",
    "mmf_income": "Money fund income",
    "fee": "Fees",
    "opex": "Running costs",
    "other_means": "Other means of financing",
}
IDENTIFIER = re.compile(r"\b(?:[a-z][a-z0-9]*(?:_+[a-z0-9]+)+|sofr|effr|iorb|srf|tga|m2|gdp)\b")
"""Names of variables inside words: those with an underscore, and abbreviations."""
SPOKEN = {
    "sofr_iorb": "SOFR less IORB",
    "yield_bonds": "bond yield",
    "yield_notes": "note yield",
    "on rrp": "ON RRP",
    "sofr": "SOFR",
    "effr": "EFFR",
    "iorb": "IORB",
    "srf": "SRF",
    "tga": "TGA",
    "gdp": "GDP",
    "m2": "M2",
    "dvp": "DVP",
    "fed": "Fed",
    "hf": "hedge fund",
    "mmf": "money fund",
}
"""Names of variables, and words of names, as people say them."""
WORDS = re.compile(rf"\b(?:{'|'.join(SPOKEN)})\b")
LEGENDS = (SECTORS, INSTRUMENTS, VARIABLES, FINANCIERS, KINDS)


def within(text: str) -> str:
    """A label inside a line: a small letter at its head unless it starts with an abbreviation.

    Examples
    --------
    >>> within("Repo, DVP"), within("ON RRP")
    ('repo, DVP', 'ON RRP')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def label(name: str) -> str:
    """What a name of the model is called; unknown ones lose their underscores.

    Examples
    --------
    >>> label("mmf"), label("hf_leverage"), label("something_else")
    ('Money funds', 'Leverage', 'Something else')
    """
    for legend in LEGENDS:
        if name in legend:
            return legend[name]
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def line_label(text: str) -> str:
    """A line of a matrix with its instrument's usual name.

    Examples
    --------
    >>> line_label("interest, on_rrp"), line_label("change in repo_dvp"), line_label("saving")
    ('interest, ON RRP', 'change in repo, DVP', 'saving')
    """
    head, space, last = text.rpartition(" ")
    return f"{head}{space}{within(INSTRUMENTS[last])}" if last in INSTRUMENTS else text.replace("_", " ")


def reading(text: str) -> str:
    """Names of variables within words as people say them.

    Examples
    --------
    >>> reading("fed_net_income"), reading("hf_book, three weeks"), reading("bill_rate less on_rrp_rate"), reading("sofr_iorb")
    ('Fed net income', 'hedge fund book, three weeks', 'bill rate less ON RRP rate', 'SOFR less IORB')
    """
    return IDENTIFIER.sub(lambda found: _spoken(found.group()), text)


def _spoken(name: str) -> str:
    words = SPOKEN.get(name, " ".join(name.replace("_", " ").split()))
    return WORDS.sub(lambda found: SPOKEN[found.group()], words)
