"""Charts of the Fed: assets at book and liabilities, income with the deferred asset."""

from __future__ import annotations

import pandas as pd

from dollarflow.charts.chart import Chart, Kind, Panel
from dollarflow.charts.figures import Figures
from dollarflow.reports.measures import BILLIONS, BILLIONS_A_YEAR, TRILLIONS
from dollarflow.reports.palette import BLACK, BLUE, GREEN, ORANGE, VERMILION

OWED = ("currency", "reserves", "tga", "on_rrp", "foreign_repo_pool", "fed_other_deposits")


def assets_at_book(figures: Figures) -> pd.DataFrame:
    """The Fed's assets by instrument, notes and bonds at book, USD bn: they sum to its total assets."""
    held = figures.held("instrument", holder="fed")
    book = figures.series("fed_book__notes", "fed_book__bonds")
    return held.assign(notes=book["fed_book__notes"], bonds=book["fed_book__bonds"])


def fed_balance_sheet(figures: Figures) -> Chart:
    """Assets of the Fed at book value, and what it owes."""
    assets = assets_at_book(figures)
    owed = figures.held("instrument", instruments=OWED, issuer="fed")
    owed["fed_assets"] = assets.sum(axis=1)
    return Chart(
        "fed_balance_sheet",
        "The Fed's balance sheet",
        "Notes and bonds at book value. Where liabilities exceed the dashed line, past losses (the deferred asset) exceed capital.",
        (
            Panel("Assets at book value", TRILLIONS, assets, Kind.STACK, zero=True),
            Panel(
                "Liabilities, and total assets",
                TRILLIONS,
                owed,
                Kind.STACK,
                lines=("fed_assets",),
                dashed=("fed_assets",),
                colours={"fed_assets": BLACK},
                zero=True,
            ),
        ),
        ("holdings.csv", "path.csv"),
        "Changed less base, notes and bonds at book value; the dashed line is the difference in total assets.",
    )


def fed_income(figures: Figures) -> Chart:
    """What the Fed earns, pays and remits, the deferred asset, and the unrealised loss."""
    income = figures.series("fed_interest_income", "fed_interest_expense", "fed_net_income", "fed_remittance").iloc[1:]
    shades = dict(zip(income.columns, (GREEN, VERMILION, BLACK, BLUE), strict=True))
    return Chart(
        "fed_income",
        "The Fed's income and the deferred asset",
        "Annual rates. Losses are kept as a deferred asset, and nothing is remitted to the Treasury until later income has paid it off.",
        (
            Panel("Income", BILLIONS_A_YEAR, income, colours=shades, dashed=("fed_remittance",)),
            Panel("Deferred asset", BILLIONS, figures.series("deferred_asset"), colours={"deferred_asset": ORANGE}, zero=True),
            Panel("Treasuries, market less book value", BILLIONS, figures.series("fed_unrealised"), colours={"fed_unrealised": BLUE}),
        ),
    )
