"""Units as exponents of the two base dimensions, USD billions and years.

A stock is ``USD``, a flow per year ``USD / YEAR``, a rate ``1 / YEAR``, a ratio ``ONE``. Units multiply, divide
and take rational powers; two quantities may be added only when their units are equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property


@dataclass(frozen=True)
class Unit:
    """A product of powers of USD billions and years.

    Parameters
    ----------
    usd, year
        Exponents of the two base dimensions.

    Examples
    --------
    >>> str(USD / YEAR)
    'USD bn / yr'
    >>> (USD * RATE) == USD / YEAR
    True
    """

    usd: Fraction = Fraction(0)
    year: Fraction = Fraction(0)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.usd, self.year))

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.usd + other.usd, self.year + other.year)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(self.usd - other.usd, self.year - other.year)

    def __pow__(self, power: int | Fraction) -> Unit:
        exponent = Fraction(power)
        return Unit(self.usd * exponent, self.year * exponent)

    def __str__(self) -> str:
        above: list[str] = []
        below: list[str] = []
        for symbol, exponent in (("USD bn", self.usd), ("yr", self.year)):
            if exponent:
                size = abs(exponent)
                text = symbol if size == 1 else f"{symbol}^{size}"
                (above if exponent > 0 else below).append(text)
        if not above and not below:
            return "1"
        head = " ".join(above) or "1"
        return f"{head} / {' '.join(below)}" if below else head


ONE = Unit()
USD = Unit(usd=Fraction(1))
YEAR = Unit(year=Fraction(1))
RATE = ONE / YEAR
FLOW = USD / YEAR
