"""Charts of rates: the corridor of overnight rates, the facility's use, and yields."""

from __future__ import annotations

import pandas as pd

from dollarflow.charts.chart import Chart, Panel
from dollarflow.charts.figures import Figures
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, PERCENT
from dollarflow.reports.palette import BLACK, GREEN, VERMILION

SET = ("rate_lower", "on_rrp_rate", "iorb", "srf_rate", "rate_upper")
"""Rates that the Fed sets: they hold until they are changed."""
CORRIDOR = ("rate_lower", "on_rrp_rate", "iorb", "effr", "sofr", "srf_rate", "rate_upper")


def corridor(figures: Figures) -> Chart:
    """Overnight rates within the bounds that the Fed sets, and how far SOFR and the funds rate are from IORB."""
    frame = figures.series(*CORRIDOR)
    spreads = pd.DataFrame({"sofr": frame["sofr"] - frame["iorb"], "effr": frame["effr"] - frame["iorb"]})
    names = {"sofr": "SOFR − IORB", "effr": "EFFR − IORB"}
    return Chart(
        "corridor",
        "The corridor of overnight rates",
        "Shaded: from the lower to the upper bound of the funds rate. SOFR above the upper bound means that cash for repo is scarce.",
        (
            Panel(
                "Overnight rates",
                PERCENT,
                frame,
                dashed=("on_rrp_rate", "srf_rate"),
                steps=SET,
                band=("rate_lower", "rate_upper"),
            ),
            Panel("Spreads over the rate on reserves", BASIS_POINTS, spreads, labels=names),
        ),
    )


def facility(figures: Figures) -> Chart:
    """SOFR less the upper bound beside the standing repo facility's take-up."""
    frame = figures.series("sofr", "rate_upper")
    spread = pd.DataFrame({"spread": frame["sofr"] - frame["rate_upper"]})
    use = figures.held("holder", instruments=("srf",), holder="fed", issuer="banks")
    use = pd.DataFrame({"srf": use["fed"]})
    names, shades = {"spread": "SOFR − upper bound", "srf": "Take-up"}, {"spread": VERMILION, "srf": BLACK}
    return Chart(
        "facility",
        "SOFR less the upper bound, and use of the standing repo facility",
        "Near or above zero cash is tight, and dealers borrow from the Fed. Banks and dealers only; foreign officials' leg is left out. "
        "The first points are the opening.",
        (
            Panel(
                "SOFR less the upper bound", BASIS_POINTS, spread, labels={"spread": "SOFR − upper bound"}, colours={"spread": VERMILION}
            ),
            Panel("Standing repo facility, end of period", BILLIONS, use, labels=names, colours=shades, zero=True),
        ),
        ("path.csv", "holdings.csv"),
    )


def yields(figures: Figures) -> Chart:
    """Yields of bills, notes and bonds, and the premium in bonds."""
    frame = figures.series("bill_rate", "yield_notes", "yield_bonds")
    premium = figures.series("term_premium")
    return Chart(
        "yields",
        "Treasury yields",
        "Bonds are the class of about eight years' duration. The premium is what bonds yield beyond expected short rates.",
        (
            Panel("Yields", PERCENT, frame),
            Panel("Term premium of bonds", BASIS_POINTS, premium, colours={"term_premium": GREEN}),
        ),
    )
