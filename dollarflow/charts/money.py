"""Charts of money: sources of M2 by financier, what M2 consists of, and the cash that is parked at the Fed."""

from __future__ import annotations

import pandas as pd

from dollarflow.charts.chart import Chart, Kind, Panel
from dollarflow.charts.figures import Figures, Missing
from dollarflow.charts.spans import a_span, by_calendar
from dollarflow.reports.measures import BILLIONS, TRILLIONS
from dollarflow.reports.palette import BLACK, GREEN, LIGHT, ORANGE
from equations.money_creation import FINANCIERS

PREFIX = "money_by__"


def by_financier(figures: Figures) -> pd.DataFrame:
    """Money created in each period by whose balance sheet it is on, USD bn; zero in the opening. Columns sum to the change of money.

    Raises
    ------
    Missing
        The result has no sources of money.
    """
    names = [PREFIX + source for sources in FINANCIERS.values() for source in sources]
    lacking = [name for name in names if name not in figures.path.columns]
    if lacking:
        raise Missing(f"path.csv of {figures.folder} has no column {lacking[0]}, so its money has no known sources")
    flows = figures.path[names].fillna(0.0)
    return pd.DataFrame({who: flows[[PREFIX + s for s in sources]].sum(axis=1) for who, sources in FINANCIERS.items()})


def parts_of_m2(figures: Figures) -> pd.DataFrame:
    """Currency, residents' deposits and retail money funds, USD bn: they sum to M2."""
    currency = figures.held("holder", instruments=("currency",), issuer="fed")
    deposits = figures.held("holder", instruments=("deposits",), holder="private")
    funds = figures.held("issuer", instruments=("mmf_shares",))
    return pd.DataFrame(
        {
            "currency": currency[[name for name in ("rest_of_world", "private") if name in currency.columns]].sum(axis=1),
            "deposits": deposits["private"],
            "retail_money_funds": funds["mmf"] * figures.parameter("retail_fund_share"),
        }
    )


def m2_by_financier(figures: Figures) -> pd.DataFrame:
    """What M2 changed by in each period, by financier, USD bn; zero in the opening. Columns sum to the change of M2."""
    table = by_financier(figures)
    deposits = figures.held("holder", instruments=("deposits",), issuer="banks")
    table["retail_money_funds"] = parts_of_m2(figures)["retail_money_funds"].diff().fillna(0.0)
    table["deposits_outside_m2"] = -deposits.drop(columns="private").sum(axis=1).diff().fillna(0.0)
    return table


def m2(figures: Figures) -> Chart:
    """Sources of M2 by financier, and its uses: who holds it in which form."""
    flows = m2_by_financier(figures)
    bars = by_calendar(flows)
    bars["m2"] = bars.sum(axis=1)
    total = flows.cumsum()
    total["m2"] = total.sum(axis=1)
    uses = parts_of_m2(figures)
    labels, shades = {"m2": "Change of M2"}, {"m2": BLACK}
    return Chart(
        "m2",
        "Sources and uses of M2",
        "A source is the balance sheet whose purchases, loans or payments put deposits into the public's hands. M2 here is currency "
        "outside banks, residents' deposits and retail money funds; deposits of others count against it.",
        (
            Panel("Sources of M2 by financier", a_span(flows), bars, Kind.BARS, lines=("m2",), labels=labels, colours=shades),
            Panel("Sources since the opening", BILLIONS, total, labels=labels, colours=shades, dashed=("m2",)),
            Panel(
                "Uses: what M2 consists of",
                TRILLIONS,
                uses,
                Kind.STACK,
                labels={"deposits": "Residents' deposits"},
                colours={"currency": LIGHT, "deposits": GREEN, "retail_money_funds": ORANGE},
                zero=True,
            ),
        ),
        ("path.csv", "holdings.csv", "manifest.json"),
        "Bars and uses are changed less base: which balance sheets put more or less money into the public's hands, and in what form it is "
        "held. M2 here is currency outside banks, residents' deposits and retail money funds.",
    )


def liquidity(figures: Figures) -> Chart:
    """Reserves of banks, and the cash of others at the Fed."""
    owed = figures.held("instrument", instruments=("reserves", "tga", "on_rrp", "foreign_repo_pool"), issuer="fed")
    return Chart(
        "liquidity",
        "Reserves, TGA, ON RRP and foreign repo pool",
        "What others than banks keep at the Fed is not in banks' reserves: when the Treasury's account fills, reserves fall.",
        (
            Panel("Reserves of banks", TRILLIONS, owed[["reserves"]]),
            Panel("Cash of others at the Fed", BILLIONS, owed[["tga", "on_rrp", "foreign_repo_pool"]], zero=True),
        ),
        ("holdings.csv",),
    )
