"""Quantile fans: bands of a variable over time, as data and as a plain figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.result import Ensemble
from dollarflow.errors import BadInput

Floats = NDArray[np.float64]
COVERAGES = (0.5, 0.9)
SHADES = ("#9ecae1", "#4292c6")
LINE = "#08306b"
MOST = 6
COLUMNS = 2


@dataclass(frozen=True)
class Fan:
    """Bands of a variable.

    Parameters
    ----------
    variable, unit
        What it is of.
    dates
        The opening's, then the end of each period.
    middle
        Medians, shape (periods + 1,).
    bands
        For each coverage (such as 0.9), low and high quantiles, shape (periods + 1, 2); the widest first.
    members
        Number of members that it rests on.
    """

    variable: str
    unit: str
    dates: tuple[date, ...]
    middle: Floats
    bands: tuple[tuple[float, Floats], ...]
    members: int


def fan(ensemble: Ensemble, variable: str, coverages: Sequence[float] = COVERAGES) -> Fan:
    """The fan of a variable.

    Raises
    ------
    BadInput
        A variable that was not kept, or a coverage outside 0 to 1.
    """
    widest = sorted(coverages, reverse=True)
    levels = [0.5, *(level for c in widest for level in (0.5 - c / 2, 0.5 + c / 2))]
    table = np.asarray(ensemble.quantiles(variable, levels))
    bands = tuple((c, table[:, 1 + 2 * k : 3 + 2 * k]) for k, c in enumerate(widest))
    unit = dict(zip(ensemble.variables, ensemble.attributes["units"], strict=True))[variable]
    return Fan(variable, unit, ensemble.dates, table[:, 0], bands, ensemble.solved)


def check_figure(place: Path) -> str:
    """The form of a figure file, by its ending.

    Raises
    ------
    BadInput
        Another ending than those of :data:`dollarflow.figures.files.FORMATS`, or no folder to write into.
    """
    from dollarflow.figures.files import FORMATS

    form = place.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise BadInput(f"--figure {place}: write a file that ends in .{', .'.join(FORMATS)}")
    if not place.parent.is_dir():
        raise BadInput(f"--figure {place}: there is no folder {place.parent}")
    return form


def draw_fans(ensemble: Ensemble, place: Path, variables: Sequence[str] | None = None) -> bytes:
    """Fans of some variables, six at most, as the content of a figure file; the same ensemble gives the same bytes.

    Raises
    ------
    BadInput
        A file type that is none of pdf, png and svg, a variable that was not kept, or nothing solved.
    """
    from matplotlib import style
    from matplotlib.figure import Figure

    from dollarflow.figures.files import STYLE, figure_bytes

    form = check_figure(place)
    if not ensemble.solved:
        raise BadInput(f"{ensemble.place} has no member with a path, so there is nothing to draw")
    chosen = [fan(ensemble, name) for name in (variables or ensemble.variables)[:MOST]]
    with style.context([STYLE, {"date.converter": "concise"}]):
        when = np.array(chosen[0].dates, dtype="datetime64[D]")
        rows = -(-len(chosen) // COLUMNS)
        figure = Figure(figsize=(6.8, 2.1 * rows), layout="constrained")
        for number, item in enumerate(chosen, 1):
            axes = figure.add_subplot(rows, min(COLUMNS, len(chosen)), number)
            factor, unit = scale_of(item)
            for (coverage, band), shade in zip(item.bands, SHADES, strict=False):
                axes.fill_between(when, band[:, 0] * factor, band[:, 1] * factor, color=shade, linewidth=0, label=f"{100 * coverage:.0f} %")
            axes.plot(when, item.middle * factor, color=LINE, label="median")
            axes.set_title(f"{title_of(item.variable)}, {unit}")
        handles, names = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=len(names), title=f"{chosen[0].members:,} members")
        return figure_bytes(figure, form)


def title_of(variable: str) -> str:
    """What a chart of a variable is called."""
    from dollarflow.charts.names import label
    from dollarflow.summary import GROUPS

    words = {name: text for group in GROUPS.values() for name, text in group}.get(variable) or label(variable)
    return words[:1].upper() + words[1:].partition(" (")[0]


def scale_of(item: Fan) -> tuple[float, str]:
    """By what a fan's values are multiplied for drawing, and the unit that they then have."""
    from dollarflow.summary import SPREADS
    from model.language.units import RATE, USD

    if item.unit == str(RATE):
        return (1e4, "bp") if item.variable in SPREADS else (100.0, "%")
    if item.unit == str(USD):
        return (1e-3, "USD tn") if float(np.nanmax(np.abs(item.middle))) >= 1e4 else (1.0, "USD bn")
    return 1.0, item.unit
