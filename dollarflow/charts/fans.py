"""The fan chart of a backtest: 90 % bands of a window's forecast, the middle of the draws, and what was published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dollarflow.charts.chart import Chart, Panel
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, Measure
from dollarflow.reports.palette import BLACK, BLUE, LIGHT

if TYPE_CHECKING:
    from calibration.backtest.bands import Fan

TITLES = {
    "reserves": "Reserves",
    "on_rrp": "Overnight reverse repo",
    "sofr_iorb": "SOFR − IORB",
    "yield_10y": "Ten-year yield",
    "mmf_assets": "Assets of money funds",
}
UNITS: dict[str, tuple[Measure, float]] = {"bp": (BASIS_POINTS, 1e-4), "USD bn": (BILLIONS, 1.0)}
"""How a unit of the backtest is shown, and the factor to what the measure stores."""
LABELS = {"low": "5 % of draws below", "high": "5 % of draws above", "middle": "Median of the draws", "published": "Published"}
COLOURS = {"low": LIGHT, "high": LIGHT, "middle": BLUE, "published": BLACK}


def panel(fan: Fan) -> Panel:
    """The band of one variable with the published figures in it."""
    measure, factor = UNITS[fan.unit]
    held = f"{fan.coverage:.0%}".replace("%", " %")
    frame = pd.DataFrame(
        {name: factor * np.asarray(getattr(fan, name)) for name in ("low", "middle", "high", "published")},
        index=pd.DatetimeIndex(pd.to_datetime(list(fan.dates))),
    )
    title = f"{TITLES.get(fan.variable, fan.variable)}: the band holds {held} of {int(np.isfinite(fan.published).sum())} dates"
    return Panel(title, measure, frame, labels=LABELS, colours=COLOURS, dashed=("middle",), band=("low", "high"))


def fan_chart(fans: Sequence[Fan], draws: int) -> Chart:
    """The fans of one window, a panel each.

    Parameters
    ----------
    fans
        Bands of one window.
    draws
        How many forecasts they are made of.
    """
    window = fans[0].window
    note = (
        "Parameters and surprises are drawn with sizes measured before the window; nine tenths of the published figures should lie inside."
    )
    return Chart("fans", f"Backtest {window}: 90 % bands of {draws} draws", note, tuple(panel(fan) for fan in fans), ("fans.csv",))


def fan_file(fans: Sequence[Fan], draws: int, form: str) -> bytes:
    """The fan chart in ``pdf``, ``svg`` or ``png``; the same fans give the same bytes."""
    import matplotlib.style

    from dollarflow.figures.files import STYLE, figure_bytes
    from dollarflow.figures.panels import draw_chart

    with matplotlib.style.context(STYLE):
        return figure_bytes(draw_chart(fan_chart(fans, draws)), form)
