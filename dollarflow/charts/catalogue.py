"""Every chart by name: one function each, which the page, the printed figure and the tests share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dollarflow.charts import certificates, debt, fed, funds, money, rates
from dollarflow.charts.chart import Chart, against
from dollarflow.charts.figures import Figures, Missing
from dollarflow.errors import BadInput
from model.language.system import nearest

CHARTS: Mapping[str, Callable[[Figures], Chart]] = {
    "corridor": rates.corridor,
    "facility": rates.facility,
    "repo": funds.repo,
    "yields": rates.yields,
    "holders": debt.holders,
    "classes": debt.classes,
    "buyers": debt.buyers,
    "financing": debt.financing,
    "backing": debt.backing,
    "fed_balance_sheet": fed.fed_balance_sheet,
    "fed_income": fed.fed_income,
    "m2": money.m2,
    "liquidity": money.liquidity,
    "hedge_funds": funds.hedge_funds,
    "certificates": certificates.certificates,
}


def chart(name: str, changed: Figures, base: Figures | None = None) -> Chart:
    """A chart of a run, or of two: the base's lines dotted beside the changed run's, stacks and bars as differences.

    Raises
    ------
    BadInput
        No chart has that name; the message has the nearest.
    Missing
        The result lacks figures that the chart needs.
    """
    if name not in CHARTS:
        raise BadInput(f"no chart is named {name!r}{nearest(name, CHARTS)}; dollarflow figure --list shows all")
    drawn = CHARTS[name](changed)
    if any(panel.frame.empty for panel in drawn.panels):
        raise Missing(f"{changed.folder} has no period beyond the opening")
    return drawn if base is None else against(drawn, CHARTS[name](base))
