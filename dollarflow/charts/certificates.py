"""Chart of the certificates: how exactly the equations and the hidden identities hold in every period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dollarflow.charts.chart import Chart, Kind, Panel
from dollarflow.charts.figures import Figures, Missing, number
from dollarflow.reports.measures import GAP, RESIDUAL
from dollarflow.reports.palette import BLUE, VERMILION

FLOOR = 1e-18
"""Smallest figure drawn on a logarithmic axis: below it is zero."""


def certificates(figures: Figures) -> Chart:
    """Largest scaled residual and largest gap of a hidden identity, by period."""
    entry = figures.manifest.get("certificates", {})
    residuals = [number(value) for value in entry.get("by_period", [])]
    if not residuals:
        raise Missing(f"manifest.json of {figures.folder} has no certificates")
    count = min(len(residuals), len(figures.dates))
    dates = figures.dates[:count]
    gaps = [np.abs([number(value) for value in hidden.get("by_period", [])][:count]) for hidden in figures.hidden.values()]
    gaps = [gap for gap in gaps if len(gap) == count]
    frame = pd.DataFrame({"residual": residuals[:count]}, index=dates)
    largest = pd.DataFrame({"gap": np.max(gaps, axis=0) if gaps else np.zeros(count)}, index=dates)
    return Chart(
        "certificates",
        "How exactly the equations hold",
        "As the solver stated them in the manifest: the residual is relative to an equation's own terms; a gap is what a balance sheet "
        "that was never imposed misses. Exact zeros are drawn at the lower edge.",
        (
            Panel(
                "Largest scaled residual",
                RESIDUAL,
                frame.iloc[1:].clip(lower=FLOOR),
                Kind.LOG,
                labels={"residual": "Residual"},
                colours={"residual": BLUE},
            ),
            Panel(
                "Largest gap of a hidden identity",
                GAP,
                largest.iloc[1:].clip(lower=FLOOR),
                Kind.LOG,
                labels={"gap": "Gap"},
                colours={"gap": VERMILION},
            ),
        ),
        ("manifest.json",),
    )
