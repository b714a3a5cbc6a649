"""Flows of a span of periods as links: who paid, for what, and who received."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dollarflow.charts.figures import Figures
from dollarflow.charts.spans import Span
from dollarflow.reports.palette import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PURPLE, SKY, VERMILION

PAID = {
    "tax": "Taxes",
    "spending": "Federal outlays",
    "transfer": "Federal outlays",
    "other_means": "Federal outlays",
    "imports": "Trade",
    "exports": "Trade",
}
INCOME, OTHER = "Interest and income", "Other payments"
PURPOSES = {
    "bills": "Treasuries",
    "notes": "Treasuries",
    "bonds": "Treasuries",
    "repo_triparty": "Repo and Fed facilities",
    "repo_dvp": "Repo and Fed facilities",
    "on_rrp": "Repo and Fed facilities",
    "foreign_repo_pool": "Repo and Fed facilities",
    "srf": "Repo and Fed facilities",
    "discount_window": "Repo and Fed facilities",
    "reserves": "Deposits, reserves and cash",
    "deposits": "Deposits, reserves and cash",
    "currency": "Deposits, reserves and cash",
    "tga": "Deposits, reserves and cash",
    "fed_other_deposits": "Deposits, reserves and cash",
}
CLAIMS = "Loans, shares and other claims"
COLOURS = {
    "Taxes": GREY,
    "Federal outlays": VERMILION,
    INCOME: ORANGE,
    "Trade": PURPLE,
    OTHER: LIGHT,
    "Treasuries": BLUE,
    "Repo and Fed facilities": SKY,
    "Deposits, reserves and cash": GREEN,
    CLAIMS: BLACK,
}
"""Purposes in their order from top to bottom, with their colours."""


@dataclass(frozen=True)
class Flows:
    """Payments and acquisitions of claims by purpose, USD bn.

    Parameters
    ----------
    title
        The span in words.
    links
        Columns ``payer``, ``purpose``, ``payee``, ``value`` (never negative).
    """

    title: str
    links: pd.DataFrame

    def paid(self) -> pd.DataFrame:
        """Payer, purpose, value."""
        return summed(self.links, ["payer", "purpose"], "value")

    def received(self) -> pd.DataFrame:
        """Purpose, payee, value."""
        return summed(self.links, ["purpose", "payee"], "value")


def summed(table: pd.DataFrame, by: list[str], column: str) -> pd.DataFrame:
    """A column's sums over rows that agree in ``by``, in the order of their first appearance."""
    return table.groupby(by, sort=False)[column].sum().reset_index()


def flows(figures: Figures, span: Span) -> Flows:
    """Who paid whom for what over a span.

    A claim acquired is paid for by its holder and received by its issuer; transactions of a cell are netted over the span.
    """
    paid = figures.payments
    paid = paid[(paid["period"] >= span.first) & (paid["period"] <= span.last)]
    payments = pd.DataFrame(
        {
            "payer": paid["payer"],
            "purpose": [_purpose(kind, payer) for kind, payer in zip(paid["kind"], paid["payer"], strict=True)],
            "payee": paid["payee"],
            "value": paid["amount"],
        }
    )
    traded = figures.transactions
    traded = traded[(traded["period"] >= span.first) & (traded["period"] <= span.last)]
    net = summed(traded, ["instrument", "issuer", "holder"], "amount")
    bought = net["amount"] >= 0
    claims = pd.DataFrame(
        {
            "payer": net["holder"].where(bought, net["issuer"]),
            "purpose": [PURPOSES.get(name, CLAIMS) for name in net["instrument"]],
            "payee": net["issuer"].where(bought, net["holder"]),
            "value": net["amount"].abs(),
        }
    )
    links = pd.concat([payments, claims], ignore_index=True)
    links = summed(links, ["payer", "purpose", "payee"], "value")
    days = figures.result.dates
    start = days[span.first - 1] if span.first else days[0]
    return Flows(f"after {start} to {days[span.last]}", links[links["value"] > 0].reset_index(drop=True))


def _purpose(kind: str, payer: str) -> str:
    if kind == "transfer" and payer != "treasury":
        return OTHER
    if kind in PAID:
        return PAID[kind]
    return OTHER if kind == "variation_margin" else INCOME
