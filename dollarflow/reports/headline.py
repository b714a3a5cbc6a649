"""Headline tables: the main variables at the opening, the quarter points and the end, and what two runs differ by."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dollarflow.charts.figures import Figures
from dollarflow.cumulated import debt_growth, in_words
from dollarflow.observed import NEEDED, outside
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, BILLIONS_A_YEAR, MINUS, PERCENT, RATIO, Measure, written
from dollarflow.summary import FIMA, GROUPS, SPREADS, columns

MEASURES: dict[str, Measure] = {"hf_leverage": RATIO, "deficit_average": BILLIONS_A_YEAR, "fed_net_income": BILLIONS_A_YEAR}
"""Of variables whose group does not tell."""
RATES = ("rates", "spreads")
UNUSED, USED = 0.05, 1.0
"""Take-up in USD bn below which the facility is not used at all, and from which a period counts as one of use."""


@dataclass(frozen=True)
class Line:
    """A line of a headline table; a group's name has no figures.

    Parameters
    ----------
    label
        What the line shows.
    figures
        As economists write them.
    """

    label: str
    figures: tuple[str, ...] = ()


def measure_of(name: str, group: str) -> Measure:
    """What a headline variable is measured in."""
    if name in SPREADS or name == "sofr_iorb":
        return BASIS_POINTS
    return MEASURES.get(name) or (PERCENT if group in RATES else BILLIONS)


def typeset(text: str) -> str:
    """A label with a true minus.

    Examples
    --------
    >>> typeset("SOFR - IORB")
    'SOFR − IORB'
    """
    return text.replace(" - ", f" {MINUS} ")


def headline(figures: Figures) -> tuple[list[str], list[Line]]:
    """Dates, and a line a variable with its figures on those dates."""
    shown = columns(figures.periods)
    lines: list[Line] = []
    for group, names in GROUPS.items():
        present = [(name, text) for name, text in names if name in figures.path]
        if present:
            lines.append(Line(group[:1].upper() + group[1:]))
        for name, text in present:
            measure = measure_of(name, group)
            series = figures.path[name]
            lines.append(Line(typeset(text), tuple(measure.text(float(series.iloc[p]), signed=measure is BASIS_POINTS) for p in shown)))
    return [figures.result.dates[p] for p in shown], lines


def differences(base: Figures, changed: Figures) -> list[Line]:
    """What the changed run's headline variables differ by: at the end of both, the difference at the end, on average, at most."""
    lines: list[Line] = []
    for group, names in GROUPS.items():
        present = [(name, text) for name, text in names if name in base.path and name in changed.path]
        if present:
            lines.append(Line(group[:1].upper() + group[1:]))
        for name, text in present:
            measure = measure_of(name, group)
            difference = (changed.path[name] - base.path[name]).iloc[1:]
            moved = BASIS_POINTS if measure is PERCENT else measure
            ends = (measure.text(float(run.path[name].iloc[-1])) for run in (base, changed))
            values = difference.to_numpy(dtype=float)
            known = values[np.isfinite(values)]
            largest = known[np.abs(known).argmax()] if len(known) else math.nan
            numbers = (values[-1], known.mean(), largest) if len(known) else (math.nan,) * 3
            lines.append(Line(typeset(text), (*ends, *(moved.text(float(number), signed=True) for number in numbers))))
    return lines


def facts(figures: Figures) -> list[str]:
    """Sentences on growth of money and debt, use of the facility, and SOFR above the upper bound."""
    path, said = figures.path, []
    if {"m2", "debt"} <= set(path.columns):
        money, debt = (float(path[name].iloc[-1] - path[name].iloc[0]) for name in ("m2", "debt"))
        ratio = f"; {written(money / debt, 2)} of M2 for each dollar of debt" if debt else ""
        said.append(f"M2 {written(money, 0, signed=True)} bn, federal debt {written(debt, 0, signed=True)} bn{ratio}.")
    told = in_words(debt_growth(path.__getitem__, path.columns.__contains__))
    if told:
        said.append(f"{told[:1].upper()}{told[1:].replace(' -', f' {MINUS}')}.")
    if "srf" in path.columns and figures.periods:
        use = path["srf"].iloc[1:]
        count = int((use > USED).sum())
        peak = figures.result.dates[1 + int(use.to_numpy().argmax())]
        facility = f"Standing repo facility after the opening{', FIMA included' if FIMA in path.columns else ''}"
        said.append(
            f"{facility}: not used."
            if use.max() < UNUSED
            else f"{facility}: {BILLIONS.text(float(use.mean()))} on average, "
            f"{BILLIONS.text(float(use.max()))} at its peak ({peak}), above {USED:.0f} bn in {count} of {len(use)} periods."
        )
    if {"sofr", "rate_upper"} <= set(path.columns) and figures.periods:
        spread = (path["sofr"] - path["rate_upper"]).iloc[1:]
        above = int((spread > 0).sum())
        said.append(
            f"SOFR less the upper bound after the opening: {BASIS_POINTS.text(float(spread.mean()), signed=True)} on average, "
            f"{BASIS_POINTS.text(float(spread.max()), signed=True)} at most; above it in {above} of {len(spread)} periods."
        )
    return said + [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in unobserved(figures)]


def unobserved(figures: Figures) -> list[str]:
    """Rates of the folder's path that leave the range ever observed, a sentence each."""
    series = {name: figures.path[name].to_numpy(dtype=float) for name in NEEDED if name in figures.path.columns}
    return outside(series, figures.result.dates, figures.manifest["parameters"])
