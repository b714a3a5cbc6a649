"""Charts of the debt: who holds it, what it consists of, who bought the net issue and whose money was created meanwhile."""

from __future__ import annotations

import pandas as pd

from dollarflow.charts.chart import Chart, Kind, Panel
from dollarflow.charts.figures import TREASURIES, Figures
from dollarflow.charts.money import by_financier
from dollarflow.charts.names import SECTORS
from dollarflow.charts.spans import a_span, by_calendar
from dollarflow.reports.measures import BILLIONS, SHARE, TRILLIONS
from dollarflow.reports.palette import BLACK, LIGHT, VERMILION

HOLDINGS, TRANSACTIONS, PATH = "holdings.csv", "transactions.csv", "path.csv"


def holders(figures: Figures) -> Chart:
    """Treasuries at face by holder; they add up to the debt."""
    face = figures.held("holder", instruments=TREASURIES, face=True)
    shares = face.div(face.sum(axis=1), axis=0)
    return Chart(
        "holders",
        "Who holds the debt",
        "Marketable debt at face. Money funds hold bills, their floating-rate and short notes included.",
        (
            Panel("Holdings of Treasuries at face", TRILLIONS, face, Kind.STACK, zero=True),
            Panel("Shares of the debt", SHARE, shares, Kind.LINES, zero=True),
        ),
        (HOLDINGS,),
        "Marketable debt at face: what each holds more or less than in the base, which adds up to the difference in the debt, and shares.",
    )


def classes(figures: Figures) -> Chart:
    """The debt at face by class, bills' share of it, and the debt relative to GDP."""
    face = figures.held("instrument", instruments=TREASURIES, face=True)
    gdp = figures.series("gdp")["gdp"]
    shares = pd.DataFrame({"bills": face["bills"] / face.sum(axis=1), "debt": face.sum(axis=1) / gdp})
    return Chart(
        "classes",
        "What the debt consists of",
        "At face. Bills include the short notes that money funds hold. GDP is at an annual rate.",
        (
            Panel("Debt by class", TRILLIONS, face, Kind.STACK, zero=True),
            Panel("Bills in the debt", SHARE, shares[["bills"]]),
            Panel("Debt relative to GDP", SHARE, shares[["debt"]], colours={"debt": BLACK}),
        ),
        (HOLDINGS, PATH),
        "At face: what there is more or less of than in the base, by class, and two ratios. Bills include the short notes of money funds.",
    )


def buyers(figures: Figures) -> Chart:
    """Net purchases of Treasuries by holder; they add up to the net issue."""
    bought = figures.traded("holder", instruments=TREASURIES)
    bars = by_calendar(bought)
    bars["issuance"] = bars.sum(axis=1)
    total = bought.cumsum()
    total["issuance"] = total.sum(axis=1)
    kept: dict[str, str] = {"issuance": "Net issue"}
    shades = {"issuance": BLACK}
    return Chart(
        "buyers",
        "Who bought the net issue",
        "Acquisitions less sales and redemptions, at the prices of the day; below zero a holder sold or let mature more than he bought.",
        (
            Panel("Net purchases by holder", a_span(bought), bars, Kind.BARS, lines=("issuance",), labels=kept, colours=shades),
            Panel("Net purchases since the opening", BILLIONS, total, labels=kept, colours=shades, dashed=("issuance",)),
        ),
        (TRANSACTIONS,),
        "Bars show how much more or less than in the base each holder bought, at the prices of the day; lines show both runs.",
    )


def financing(figures: Figures) -> Chart:
    """Money created meanwhile by whose balance sheet it came from, beside the net issue."""
    created = by_financier(figures)
    issue = figures.traded("issuer", instruments=TREASURIES).sum(axis=1)
    bars = by_calendar(created)
    bars["money"], bars["issuance"] = bars.sum(axis=1), by_calendar(issue.to_frame("issuance"))["issuance"]
    total = created.cumsum()
    totals = pd.DataFrame({"issuance": issue.cumsum(), "money": total.sum(axis=1)})
    names = {"issuance": "Net issue of debt", "money": "Money created, total"}
    shades = {"issuance": VERMILION, "money": BLACK}
    return Chart(
        "financing",
        "With whose money the debt was bought",
        "Money is deposits of non-banks and currency outside banks. Where the issue exceeds the money created, existing money paid for it.",
        (
            Panel(
                "Money created, by whose balance sheet",
                a_span(created),
                bars,
                Kind.BARS,
                lines=("money", "issuance"),
                labels=names,
                colours=shades,
                dashed=("issuance",),
            ),
            Panel("Since the opening", BILLIONS, totals, labels=names, colours=shades, dashed=("issuance",)),
        ),
        (PATH, TRANSACTIONS),
        "Bars show how much more or less money than in the base came from each balance sheet, beside how much more or less was issued.",
    )


def backing(figures: Figures) -> Chart:
    """The net issue by who bought it, beside the money that was created meanwhile by whose balance sheet; both bars add up to the issue."""
    bought = figures.traded("holder", instruments=TREASURIES).sum()
    created = by_financier(figures).sum().rename({"money_funds": "mmf"})
    created["others"] = created.pop("other_depositors_at_the_fed") + created.pop("income_and_equity")
    created["existing"] = bought.sum() - created.sum()
    bars = pd.DataFrame({"Bought by": bought, "Paid with money created by": created}).T
    order = [name for name in (*SECTORS, "others", "existing") if name in bars.columns]
    return Chart(
        "backing",
        "Who bought the debt, and who created the money",
        "Both bars add up to the net issue since the opening. Money is deposits of non-banks and currency outside banks; what was not "
        "created meanwhile is existing money. Below zero a holder sold, or a balance sheet took money out of the public's hands.",
        (
            Panel(
                "Net issue of Treasuries since the opening",
                BILLIONS,
                bars[order].fillna(0.0),
                Kind.BARS,
                labels={"others": "Bank income and others", "existing": "Existing money"},
                colours={"others": BLACK, "existing": LIGHT},
            ),
        ),
        (PATH, TRANSACTIONS),
        "Both bars add up to how much more or less than in the base was issued since the opening. Below zero a holder bought less, or a "
        "balance sheet created less money.",
    )
