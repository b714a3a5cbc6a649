"""How parameters and their units are written: powers of ten, true minus signs, units as fractions, and limits that are none."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dollarflow.reports.measures import MINUS

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
UNLIMITED: dict[str, tuple[float, str]] = {"srf_cap": (1e6, "no cap")}
"""Parameters for which a value from some size on means that there is no limit, and how that is said."""


def quantity(number: float) -> str:
    """A number with six digits at most; powers of ten where it is small or large.

    Examples
    --------
    >>> quantity(1.4e-06), quantity(-0.05), quantity(18147.7), quantity(1e6)
    ('1.4·10⁻⁶', '−0.05', '18,147.7', '1,000,000')
    """
    if not math.isfinite(number):
        return ""
    size = abs(number)
    if size and not 1e-4 <= size < 1e9:
        digits, _, exponent = f"{size:.6g}".partition("e") if "e" in f"{size:.6g}" else f"{size:.5e}".partition("e")
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
        text = f"{'' if digits == '1' else f'{digits}·'}10{str(int(exponent)).translate(RAISED)}"
    else:
        decimals = max(0, 5 - math.floor(math.log10(size))) if size else 0
        text = f"{round(size, decimals):,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{MINUS if number < 0 else ''}{text}"


def unit_text(unit: str) -> str:
    """A unit as a fraction.

    Examples
    --------
    >>> unit_text("1 / USD bn yr"), unit_text("yr^2"), unit_text("USD bn / yr"), unit_text("1"), unit_text("")
    ('1/(USD bn·yr)', 'yr²', 'USD bn/yr', 'pure number', '')
    """
    if unit == "1":
        return "pure number"
    above, slash, below = (_product(part) for part in unit.partition(" / "))
    return f"{above}/{f'({below})' if '·' in below else below}" if slash.strip() else above


def _product(text: str) -> str:
    factors = []
    for factor in text.replace("USD bn", "USD_bn").split():
        base, _, exponent = factor.partition("^")
        factors.append(base.replace("_", " ") + exponent.strip("()").translate(RAISED))
    return "·".join(factors)


def value_of(name: str, number: float) -> str:
    """A parameter's value; in words where it says that there is no limit.

    Examples
    --------
    >>> value_of("srf_cap", 1e6), value_of("on_rrp_scale", 1e6)
    ('no cap', '1,000,000')
    """
    least, words = UNLIMITED.get(name, (math.inf, ""))
    return words if number >= least else quantity(number)


def course(name: str, values: Sequence[float], dates: Sequence[object]) -> str:
    """A parameter's path: its value, both values where it changes once and from when, or its span.

    Parameters
    ----------
    name, values
        The parameter, and its values by period, the opening first.
    dates
        One for each value.

    Examples
    --------
    >>> course("srf_cap", [500.0, 500.0, 1e6], ["2025-12-03", "2025-12-10", "2025-12-17"])
    '500, no cap from 2025-12-17'
    """
    if len(set(values)) == 1:
        return value_of(name, values[0])
    steps = [place for place in range(1, len(values)) if values[place] != values[place - 1]]
    if len(steps) == 1 and len(values) == len(dates):
        return f"{value_of(name, values[0])}, {value_of(name, values[-1])} from {dates[steps[0]]}"
    return f"{value_of(name, min(values))} to {value_of(name, max(values))}"
