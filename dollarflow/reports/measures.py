"""How figures are written and axes are scaled: per cent, basis points, billions, trillions, years and pure numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "−"
MANY = 10_000.0
"""Amount in USD bn from which figures are written in trillions."""


@dataclass(frozen=True)
class Measure:
    """What a figure is measured in, as stored and as shown.

    Parameters
    ----------
    name
        Short name.
    axis
        What stands at an axis.
    scale
        Shown figure per stored one: a rate of 0.04 is shown as 4 %.
    decimals
        Of a figure in running text.
    suffix
        What follows a figure in running text.
    """

    name: str
    axis: str
    scale: float
    decimals: int
    suffix: str

    def text(self, stored: float, *, signed: bool = False) -> str:
        """A stored figure as economists write it; empty where it is not finite.

        Examples
        --------
        >>> PERCENT.text(0.0427), BASIS_POINTS.text(-0.0012, signed=True), BILLIONS.text(2827.9), BILLIONS.text(30100.0)
        ('4.27 %', '−12.0 bp', '2,828 bn', '30.10 tn')
        """
        if not math.isfinite(stored):
            return ""
        shown, decimals, suffix = stored * self.scale, self.decimals, self.suffix
        if self.name.startswith("bn"):
            size = abs(stored)
            if size >= MANY:
                shown, decimals, suffix = shown / 1000.0, 2, suffix.replace("bn", "tn")
            else:
                decimals = 0 if round(size, 1) >= 1000.0 else 1
        return written(shown, decimals, signed=signed) + suffix


PERCENT = Measure("percent", "per cent a year", 100.0, 2, " %")
SHARE = Measure("share", "per cent", 100.0, 1, " %")
BASIS_POINTS = Measure("bp", "basis points", 1e4, 1, " bp")
BILLIONS = Measure("bn", "USD billion", 1.0, 1, " bn")
TRILLIONS = Measure("bn_in_tn", "USD trillion", 1e-3, 2, " bn")
BILLIONS_A_YEAR = Measure("bn_a_year", "USD billion a year", 1.0, 1, " bn/yr")
BILLIONS_PER = {
    span: Measure("bn", f"USD billion a {span}", 1.0, 1, " bn") for span in ("day", "week", "month", "quarter", "year", "period")
}
"""Of flows summed over a span of the calendar."""
RATIO = Measure("ratio", "ratio", 1.0, 2, "")
RESIDUAL = Measure("residual", "relative residual", 1.0, 1, "")
GAP = Measure("gap", "USD billion", 1.0, 1, " bn")
MEASURES = (PERCENT, SHARE, BASIS_POINTS, BILLIONS, TRILLIONS, BILLIONS_A_YEAR, RATIO, RESIDUAL, GAP, *BILLIONS_PER.values())


def written(number: float, decimals: int, *, signed: bool = False) -> str:
    """A figure with commas between thousands and a true minus; a zero has no sign.

    Examples
    --------
    >>> written(-1234.56, 1), written(0.04, 0, signed=True), written(3.0, 1, signed=True)
    ('−1,234.6', '0', '+3.0')
    """
    text = f"{abs(number):,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return (MINUS if number < 0 else "+" if signed else "") + text


def scientific(number: float) -> str:
    """A small number with its power of ten: ``6.5·10⁻¹⁶``; ``0`` for zero.

    Examples
    --------
    >>> scientific(6.5e-16), scientific(0.0)
    ('6.5·10⁻¹⁶', '0')
    """
    if number == 0:
        return "0"
    if not math.isfinite(number):
        return "not a number"
    digits, _, power = f"{number:.1e}".partition("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits.replace('-', MINUS)}·10{raised}"
