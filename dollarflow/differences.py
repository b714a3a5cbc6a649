"""Differences of headline variables between two runs, as rows of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dollarflow.summary import GROUPS, written
from model.language.units import FLOW, ONE, RATE, USD, Unit

if TYPE_CHECKING:
    from dollarflow.comparison import Comparison

UNITS = {str(unit): unit for unit in (USD, FLOW, RATE, ONE)}


def differing(comparison: Comparison, period: int) -> list[tuple[str, str, str, str]]:
    """What differs, a row a headline variable: its label and, in its unit, the difference in a period, on average and the largest."""
    rows = []
    for name, label in (item for group in GROUPS.values() for item in group):
        if name in comparison.frame:
            series = comparison.frame[name]
            after = series.iloc[1:].dropna().to_numpy(dtype=float)
            if abs(after).max(initial=0.0) > 0.0:
                figures = float(series.iloc[period]), float(after.mean()), float(after[abs(after).argmax()])
                unit = unit_of(comparison, name)
                one, mean, largest = (moved(figure, unit, name) for figure in figures)
                rows.append((label, one, mean, largest))
    return rows


def unit_of(comparison: Comparison, name: str) -> Unit:
    """A variable's unit, from the system or from what a folder says."""
    system = comparison.changed.system or comparison.base.system
    if system is not None and name in system.variables:
        return system.variables[name].unit
    return UNITS.get(comparison.changed.units.get(name, ""), ONE)


def moved(number: float, unit: Unit, name: str) -> str:
    """A difference with its sign: rates in basis points, the rest as in the summary; without a sign where it rounds to nothing."""
    text = f"{number * 1e4:+.1f} bp" if unit == RATE else ("+" if number > 0 else "") + written(float(number), unit, name)
    return text if any(digit in text for digit in "123456789") else text.lstrip("+-")
