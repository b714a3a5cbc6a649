"""Time-indexed variables, parameters and the functions that equations may use.

``x = Variable("x", USD)`` is the value of x in the current period, ``x(-1)`` its lag and ``x(+1)`` its lead: time is
an attribute of the symbol, not a part of its name. Both kinds are sympy symbols, so equations are sympy expressions.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import sympy as sp

from model.language.units import ONE, Unit

KEPT = 2**17
"""Symbols that are remembered, those asked for last."""


class Variable(sp.Symbol):
    """A time-indexed quantity.

    Parameters
    ----------
    base
        The name, without time.
    unit
        The quantity's unit.
    time
        Offset in periods: 0 now, negative a lag, positive a lead.
    description
        One line of plain words; not part of the symbol's identity.

    Examples
    --------
    >>> x = Variable("x")
    >>> x(-1), x(-1)(+1) == x
    (x(-1), True)
    """

    __slots__ = ("base", "description", "time", "unit")
    base: str
    time: int
    unit: Unit
    description: str

    def __new__(cls, base: str, unit: Unit = ONE, description: str = "", time: int = 0) -> Variable:
        """A symbol named after its base and its time; the same object for the same arguments."""
        return _variable(base, unit, description, time)

    def __call__(self, offset: int) -> Variable:
        """The same variable ``offset`` periods later (negative: earlier)."""
        return Variable(self.base, self.unit, self.description, self.time + offset)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.base, self.unit, self.description, self.time), {}


@lru_cache(maxsize=KEPT)
def _variable(base: str, unit: Unit, description: str, time: int) -> Variable:
    """The one symbol of these arguments; a system asks for each of its variables many times."""
    name = base if time == 0 else f"{base}({time:+d})"
    symbol = cast(Variable, sp.Symbol.__xnew__(Variable, name, real=True))
    symbol.base, symbol.unit, symbol.description, symbol.time = base, unit, description, time
    return symbol


class Parameter(sp.Symbol):
    """A number that a scenario may set: same value at every offset.

    Parameters
    ----------
    name, unit, description
        As for :class:`Variable`.
    lower, upper
        Bounds that a value has to respect; ``None`` for none.
    """

    __slots__ = ("description", "lower", "unit", "upper")
    unit: Unit
    description: str
    lower: float | None
    upper: float | None

    def __new__(
        cls,
        name: str,
        unit: Unit = ONE,
        description: str = "",
        lower: float | None = None,
        upper: float | None = None,
    ) -> Parameter:
        """A symbol with its unit and bounds."""
        symbol = cast(Parameter, sp.Symbol.__xnew__(cls, name, real=True))
        symbol.unit, symbol.description, symbol.lower, symbol.upper = unit, description, lower, upper
        return symbol

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.unit, self.description, self.lower, self.upper), {}


class where(sp.Function):
    """``where(condition, a, b)``: a if the condition holds, else b; units of a and b are equal."""

    nargs = (3,)

    @classmethod
    def eval(cls, condition: Any, a: Any, b: Any) -> Any:
        """Choose a branch when the condition is a constant."""
        if condition in (True, sp.true):
            return a
        if condition in (False, sp.false):
            return b
        return None


class minimum(sp.Function):
    """``minimum(a, b)``: the smaller of two expressions of one unit."""

    nargs = (2,)

    @classmethod
    def eval(cls, a: Any, b: Any) -> Any:
        """Fold two numbers."""
        return min(a, b) if a.is_Number and b.is_Number else None


class maximum(sp.Function):
    """``maximum(a, b)``: the larger of two expressions of one unit."""

    nargs = (2,)

    @classmethod
    def eval(cls, a: Any, b: Any) -> Any:
        """Fold two numbers."""
        return max(a, b) if a.is_Number and b.is_Number else None


class absolute(sp.Function):
    """``absolute(a)``: the magnitude of a, in a's unit."""

    nargs = (1,)

    @classmethod
    def eval(cls, a: Any) -> Any:
        """Fold a number."""
        return abs(a) if a.is_Number else None


class softplus(sp.Function):
    """``softplus(x, width)`` = width·ln(1 + exp(x/width)); exactly max(x, 0) at width 0; x and width of one unit."""

    nargs = (2,)


class logistic(sp.Function):
    """``logistic(x, width)`` = 1/(1 + exp(−x/width)); the unit step (½ at 0) at width 0; the result is a pure number."""

    nargs = (2,)


class hypotenuse(sp.Function):
    """``hypotenuse(a, b)`` = √(a² + b²), with the derivative (1, 0) at the origin, one of those nearby: Fischer-Burmeister's kink."""

    nargs = (2,)


def lagged(expression: sp.Expr, periods: int = 1) -> sp.Expr:
    """The expression with every variable moved ``periods`` back.

    Examples
    --------
    >>> x, y = Variable("x"), Variable("y")
    >>> lagged(x + 2 * y(-1))
    x(-1) + 2*y(-2)
    """
    return expression.xreplace({s: s(-periods) for s in expression.free_symbols if isinstance(s, Variable)})
