"""Dimensional consistency: every equation's two sides, and every sum within them, carry one unit.

Rules: a number is pure, and a literal 0 fits any unit; terms of a sum, the two values of ``where``, the arguments of
``minimum``, ``maximum``, ``hypotenuse``, ``softplus`` and the sides of a comparison carry one unit; ``exp``, ``log``, ``tanh`` and
the ratio inside ``logistic`` take and give pure numbers; a quantity with a unit takes constant powers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from model.language.equation import Equation
from model.language.symbols import Parameter, Variable, absolute, hypotenuse, logistic, maximum, minimum, softplus, where
from model.language.system import System
from model.language.units import ONE, Unit

ANY = None
"""The unit of a literal 0: it fits every other."""

PURE = (sp.exp, sp.log, sp.tanh, sp.sin, sp.cos)
ALIKE = (minimum, maximum, hypotenuse, sp.Min, sp.Max)
KEPT = (absolute, sp.Abs)
LONGEST = 120


@dataclass(frozen=True, slots=True)
class DimensionFault:
    """One inconsistency.

    Parameters
    ----------
    equation
        Name of the equation or hidden identity.
    message
        The two things that do not fit, with their units.
    left, right
        Units of the two sides, as text; empty where a side has none because of the fault.
    """

    equation: str
    message: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"equation {self.equation!r}: {self.message}"


class DimensionError(ValueError):
    """A system with dimensional faults; the message lists them all.

    Parameters
    ----------
    system
        The system's name.
    faults
        Every fault found.
    """

    def __init__(self, system: str, faults: Sequence[DimensionFault]) -> None:
        self.faults = tuple(faults)
        count = f"{len(faults)} equation" + ("" if len(faults) == 1 else "s")
        lines = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(f"{count} of {system!r} with inconsistent units:\n{lines}")


class Mismatch(ValueError):
    """Two units that should be one; caught where the equation's name is known."""


class Measure:
    """The unit of an expression.

    Parameters
    ----------
    units
        Unit of each variable by name; a variable that is missing carries its symbol's own unit.
    """

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units
        self.known: dict[Any, Unit | None] = {}

    def of(self, expression: Any) -> Unit | None:
        """The expression's unit, or ANY for a literal 0.

        Raises
        ------
        Mismatch
            Where parts do not fit.
        """
        if expression not in self.known:
            self.known[expression] = self.fresh(expression)
        return self.known[expression]

    def fresh(self, expression: Any) -> Unit | None:
        """The unit, worked out."""
        if isinstance(expression, Variable):
            return self.units.get(expression.base, expression.unit)
        if isinstance(expression, Parameter):
            return expression.unit
        if expression.is_number:
            return ANY if expression == 0 else ONE
        if expression.is_Add:
            return self.alike(expression.args, "terms")
        if expression.is_Mul:
            return self.product(expression.args)
        if expression.is_Pow:
            return self.power(expression)
        return self.function(expression)

    def function(self, expression: Any) -> Unit | None:
        """The unit of a function of the list."""
        arguments = expression.args
        if isinstance(expression, PURE):
            self.pure(arguments[0], f"the argument of {expression.func.__name__}")
            return ONE
        if isinstance(expression, where):
            self.condition(arguments[0])
            return self.alike(arguments[1:], "values of where")
        if isinstance(expression, KEPT):
            return self.of(arguments[0])
        if isinstance(expression, ALIKE):
            return self.alike(arguments, f"arguments of {expression.func.__name__}")
        if isinstance(expression, softplus):
            return self.alike(arguments, "arguments of softplus")
        if isinstance(expression, logistic):
            self.alike(arguments, "arguments of logistic")
            return ONE
        if isinstance(expression, sp.Piecewise):
            for _, condition in arguments:
                self.condition(condition)
            return self.alike([value for value, _ in arguments], "values of Piecewise")
        raise Mismatch(f"{brief(expression)} has no dimensional rule; write it with the functions that equations may use")

    def alike(self, parts: Iterable[Any], what: str) -> Unit | None:
        """The one unit of several parts."""
        unit: Unit | None = ANY
        first: Any = None
        for part in sorted(parts, key=lambda p: not isinstance(p, Variable)):
            other = self.of(part)
            if other is ANY:
                continue
            if unit is ANY:
                unit, first = other, part
            elif other != unit:
                raise Mismatch(f"{what} {brief(first)} [{unit}] and {brief(part)} [{other}] have different units")
        return unit

    def product(self, factors: Iterable[Any]) -> Unit | None:
        """The product of the factors' units."""
        total = ONE
        for factor in factors:
            unit = self.of(factor)
            if unit is ANY:
                return ANY
            total = total * unit
        return total

    def power(self, expression: Any) -> Unit | None:
        """The power of a unit."""
        base, exponent = expression.as_base_exp() if expression.is_Pow else (expression, sp.Integer(1))
        self.pure(exponent, "an exponent")
        unit = self.of(base)
        if unit is ANY or unit == ONE:
            return unit
        if not exponent.is_number:
            raise Mismatch(
                f"{brief(base)} [{unit}] is raised to {brief(exponent)}, which is not a constant; divide it by a reference first"
            )
        return unit ** Fraction(float(exponent)).limit_denominator(1000)

    def pure(self, expression: Any, what: str) -> None:
        """Refuse anything but a pure number."""
        unit = self.of(expression)
        if unit is not ANY and unit != ONE:
            raise Mismatch(f"{what}, {brief(expression)}, has unit [{unit}] where a pure number is needed")

    def condition(self, condition: Any) -> None:
        """Refuse a comparison of different units."""
        if condition in (sp.true, sp.false):
            return
        if isinstance(condition, sp.And | sp.Or | sp.Not):
            for part in condition.args:
                self.condition(part)
        else:
            self.alike(condition.args, "sides of a comparison")


def brief(expression: Any) -> str:
    """The expression as text, shortened where it is long."""
    text = str(expression)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def declared_units(system: System) -> dict[str, Unit]:
    """Unit of each variable, where an equation or the list of exogenous variables declares it."""
    return {name: variable.unit for name, variable in system.variables.items()}


def fault_of(name: str, left: Any, right: Any, measure: Measure) -> DimensionFault | None:
    """The first fault of ``left = right``, or None."""
    units: list[Unit | None] = []
    messages: list[str] = []
    for side in (left, right):
        try:
            units.append(measure.of(side))
        except Mismatch as mismatch:
            messages.append(str(mismatch))
            units.append(ANY)
    broken = bool(messages)
    shown = [("" if broken else "any") if unit is ANY else str(unit) for unit in units]
    if broken:
        side = f" (left side {brief(left)} [{shown[0]}])" if shown[0] else ""
        return DimensionFault(name, "; ".join(messages) + side, *shown)
    if units[0] is ANY or units[1] is ANY or units[0] == units[1]:
        return None
    return DimensionFault(name, f"left side {brief(left)} has unit [{shown[0]}], right side {brief(right)} has unit [{shown[1]}]", *shown)


def dimension_faults(system: System) -> list[DimensionFault]:
    """Every equation and hidden identity whose units do not fit, in the system's order.

    Examples
    --------
    >>> from model.language.units import FLOW, USD
    >>> V, S = Variable("V", USD), Variable("S", FLOW)
    >>> wrong = System("leaky", (Equation("saving", V, V(-1) + S, kind="identity"),), (S,))
    >>> print(dimension_faults(wrong)[0])
    equation 'saving': terms S [USD bn / yr] and V(-1) [USD bn] have different units (left side V [USD bn])
    """
    measure = Measure(declared_units(system))
    faults = [fault_of(e.name, e.left, e.right, measure) for e in system.equations]
    faults += [fault_of(h.name, h.expression, sp.Integer(0), measure) for h in system.hidden]
    return [fault for fault in faults if fault is not None]


def check_dimensions(system: System) -> None:
    """Refuse a system with a dimensional fault.

    Raises
    ------
    DimensionError
        Lists every fault with the equation's name and the units that do not fit.
    """
    faults = dimension_faults(system)
    if faults:
        raise DimensionError(system.name, faults)


def unit_of(expression: Any, system: System) -> Unit | None:
    """The unit of an expression over a system's symbols; None for a literal 0.

    Raises
    ------
    Mismatch
        Where parts do not fit.
    """
    return Measure(declared_units(system)).of(expression)


def equation_units(equation: Equation, system: System) -> tuple[Unit | None, Unit | None]:
    """The units of an equation's two sides; None for a literal 0."""
    measure = Measure(declared_units(system))
    return measure.of(equation.left), measure.of(equation.right)
