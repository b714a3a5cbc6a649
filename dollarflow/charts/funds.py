"""Charts of what hedge funds hold and owe, and of repo beside the debt."""

from __future__ import annotations

import pandas as pd

from dollarflow.charts.chart import Chart, Kind, Panel
from dollarflow.charts.figures import Figures
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, RATIO, SHARE, TRILLIONS
from dollarflow.reports.palette import BLACK, BLUE, GREY, ORANGE, VERMILION

REPO = ("repo_triparty", "repo_dvp")


def hedge_funds(figures: Figures) -> Chart:
    """Assets of hedge funds with the repo that carries them, leverage, and the futures basis."""
    assets = figures.held("instrument", instruments=("notes", "bonds", "deposits"), holder="hedge_funds")
    repo = figures.held("instrument", instruments=("repo_dvp",), issuer="hedge_funds")
    sheet = pd.concat([assets, repo], axis=1)
    return Chart(
        "hedge_funds",
        "Relative-value hedge funds",
        "Assets are stacked; what repo does not carry is their equity. The basis is the rate implied in futures less the cost of repo.",
        (
            Panel(
                "Assets, and the repo that carries them",
                BILLIONS,
                sheet,
                Kind.STACK,
                lines=("repo_dvp",),
                labels={"repo_dvp": "Repo owed"},
                colours={"repo_dvp": BLACK, "deposits": ORANGE},
                zero=True,
            ),
            Panel("Leverage: book of Treasuries over equity", RATIO, figures.series("hf_leverage"), colours={"hf_leverage": VERMILION}),
            Panel("Futures basis", BASIS_POINTS, figures.series("basis"), colours={"basis": BLUE}),
        ),
        ("path.csv", "holdings.csv"),
        "The first panel is changed less base: what the funds hold and owe more or less. The basis is the rate implied in futures less "
        "the cost of repo.",
    )


def repo(figures: Figures) -> Chart:
    """Volume of repo by segment, and how it grew beside the debt."""
    volume = figures.held("instrument", instruments=REPO)
    debt = figures.series("debt")["debt"]
    total = volume.sum(axis=1)
    growth = pd.DataFrame({"debt": debt - debt.iloc[0], "repo": total - total.iloc[0]})
    share = pd.DataFrame({"repo": total / debt})
    return Chart(
        "repo",
        "Repo volume and the debt",
        "Levered buyers carry Treasuries with repo, so that repo grows with the debt. Debt is marketable debt at face.",
        (
            Panel("Repo outstanding", TRILLIONS, volume, Kind.STACK, zero=True),
            Panel("Change since the opening", BILLIONS, growth, labels={"repo": "Repo"}, colours={"debt": GREY, "repo": VERMILION}),
            Panel("Repo as a share of the debt", SHARE, share, labels={"repo": "Repo over debt"}, colours={"repo": BLUE}),
        ),
        ("path.csv", "holdings.csv"),
        "Levered buyers carry Treasuries with repo. The first panel is changed less base. Debt is marketable debt at face.",
    )
