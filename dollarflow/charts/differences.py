"""Charts of what two runs differ by: rates, sources of M2 and holders of the debt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dollarflow.charts.chart import Chart, Panel
from dollarflow.charts.figures import TREASURIES, Figures
from dollarflow.charts.money import m2_by_financier
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS
from dollarflow.reports.palette import BLACK

RATES = ("sofr", "effr", "bill_rate", "yield_notes", "yield_bonds")
FILES = ("path.csv", "holdings.csv", "manifest.json")


def rates(base: Figures, changed: Figures) -> Chart:
    """Rates, changed less base."""
    frame = changed.series(*RATES) - base.series(*RATES)
    panel = Panel("Rates, changed less base", BASIS_POINTS, frame)
    return Chart("difference_rates", "Rates", "The changed run less the base.", (panel,))


def money(base: Figures, changed: Figures) -> Chart:
    """Sources of M2 by financier since the opening, changed less base: they add up to the difference in M2."""
    frame = (m2_by_financier(changed) - m2_by_financier(base)).cumsum()
    opening = float(changed.path["m2"].iloc[0] - base.path["m2"].iloc[0])
    if opening:
        frame["opening"] = opening
    frame["m2"] = frame.sum(axis=1)
    note = "Which balance sheets created more or less of the money; the parts add up to the difference in M2."
    panel = Panel("M2 by financier since the opening, changed less base", BILLIONS, frame, colours={"m2": BLACK}, dashed=("m2",))
    return Chart("difference_m2", "M2 decomposed by financier", note, (panel,), FILES)


def holders(base: Figures, changed: Figures) -> Chart:
    """Treasuries at face by holder, changed less base: they add up to the difference in the debt."""
    one, other = (run.held("holder", instruments=TREASURIES, face=True) for run in (changed, base))
    frame = one.sub(other, fill_value=0.0)
    frame["debt"] = frame.sum(axis=1)
    note = "Who holds more or less of the debt, at face; the parts add up to the difference in the debt."
    panel = Panel("Treasuries by holder, changed less base", BILLIONS, frame, colours={"debt": BLACK}, dashed=("debt",))
    return Chart("difference_holders", "Holders of the debt", note, (panel,), FILES)


DIFFERENCES: Mapping[str, Callable[[Figures, Figures], Chart]] = {
    "difference_rates": rates,
    "difference_m2": money,
    "difference_holders": holders,
}
"""Charts of two runs, base first."""
