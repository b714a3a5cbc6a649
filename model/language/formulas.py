"""Equations as rows of an aligned display: long sums run over several lines, parts that are too long have names, corners stand as such."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import sympy as sp

from model.language.notation import Notation, Printer
from model.language.symbols import Parameter, logistic

if TYPE_CHECKING:
    from model.language.equation import Complementarity, Equation

ROOM = 100
"""Characters of an expression's text that a line holds at a readable size."""
LEAST = 12
"""Characters from which a part is worth a name."""
MOST = 12
"""Most named parts of one equation."""
PART = "part"

Named = list[tuple[Parameter, sp.Expr]]


class Symbols(Printer):
    """The printer of equations; named parts are set as ``x`` with a number."""

    def _print_Parameter(self, expr: Parameter, **words: object) -> str:
        head, _, number = str(expr.name).partition(" ")
        return f"x_{{{number}}}" if head == PART else super()._print_Parameter(expr, **words)


@lru_cache(maxsize=65536)
def length(expression: sp.Expr) -> int:
    """Characters of an expression's text."""
    return len(str(expression))


def width(expression: sp.Expr) -> int:
    """Characters of the widest piece that cannot be broken over lines: of a sum its widest term."""
    return max(length(term) for term in sp.Add.make_args(expression))


def shortened(expression: sp.Expr, room: int = ROOM, first: int = 1) -> tuple[sp.Expr, Named]:
    """An expression that fits a line of ``room`` characters, and the parts that were named to make it so, in order of appearance.

    Parameters
    ----------
    expression, room
        What to fit, and into how many characters.
    first
        Number of the first named part.
    """
    named: Named = []
    while width(expression) > room and len(named) < MOST:
        wide = max(sp.Add.make_args(expression), key=length)
        inner = [part for part in sp.preorder_traversal(wide) if part is not wide and part.args and isinstance(part, sp.Expr)]
        fitting = [part for part in inner if width(part) <= room and length(part) > LEAST]
        if not fitting:
            break
        part = max(fitting, key=lambda found: (length(found), str(found)))
        symbol = Parameter(f"{PART} {first + len(named)}")
        named.append((symbol, part))
        expression = expression.xreplace({part: symbol})
    return expression, named


def lines_of(expression: sp.Expr, printer: Printer, room: int = ROOM) -> str:
    """An expression in LaTeX, a long sum over several lines."""
    lines, left = [""], room
    for place, term in enumerate(expression.as_ordered_terms()):
        text = str(printer.doprint(term))
        signed = text if place == 0 or text.startswith("-") else f"+ {text}"
        if length(term) > left and lines[-1]:
            lines.append("")
            left = room
        lines[-1] += f" {signed}"
        left -= length(term) + 3
    return " \\\\\n  &\\quad ".join(line.strip() for line in lines)


def rows(equation: Equation, notation: Notation, room: int = ROOM) -> list[str]:
    """The equation and its named parts as rows of ``aligned``, each with one ``&``; a corner as a complementarity condition.

    ``0 <= x`` beside ``s >= 0`` with the sign of orthogonality says that one of both is zero; with an upper limit ``x`` is at the lower
    one where ``s > 0`` and at the upper one where ``s < 0``.
    """
    printer = Symbols(notation)
    condition = equation.condition
    if condition is not None:
        return corner(condition, printer, room)
    short, named = shortened(equation.right, room)
    return [f"{printer.doprint(equation.left)} &= {lines_of(short, printer, room)}", *parts(named, printer, room)]


def parts(named: Named, printer: Printer, room: int) -> list[str]:
    """A row for each named part."""
    return [f"{printer.doprint(symbol)} &= {lines_of(part, printer, room)}" for symbol, part in named]


def corner(equation: Complementarity, printer: Printer, room: int) -> list[str]:
    """A complementarity condition, its smoothed form where it has one, and the parts that both name."""
    variable, smooth = equation.left, equation.width != 0
    named: Named = []

    def part(expression: sp.Expr, always: bool) -> sp.Expr:
        """The expression in a form that fits, under a name where it is said twice."""
        if always and length(expression) > LEAST:
            symbol = Parameter(f"{PART} {len(named) + 1}")
            named.append((symbol, sp.S.Zero))
            short, own = shortened(expression, room, len(named) + 1)
            named[named.index((symbol, sp.S.Zero))] = (symbol, short)
            named.extend(own)
            return symbol
        short, own = shortened(expression, room, len(named) + 1)
        named.extend(own)
        return short

    slack = part(equation.slack, smooth)
    lower, middle = printer.doprint(equation.lower), printer.doprint(variable)
    if equation.upper is None:
        found = [f"{lower} \\le {middle} &\\perp {lines_of(slack, printer, room)} \\ge 0"]
        smoothed = f"{printer.doprint((variable - equation.lower) * slack)} &= {printer.doprint(equation.scale * equation.width**2)}"
    else:
        upper = part(equation.upper, True)
        found = [f"{lower} \\le {middle} \\le {printer.doprint(upper)} &\\perp {lines_of(slack, printer, room)}"]
        between = equation.lower + (upper - equation.lower) * logistic(-slack, equation.width)
        smoothed = f"{middle} &= {printer.doprint(between)}"
    if smooth:
        found.append(f"{smoothed} \\quad \\text{{smoothed, where }} {printer.doprint(equation.width)} > 0")
    return [*found, *parts(named, printer, room)]


def text(equation: Equation) -> str:
    """The equation in plain text; a corner as ``0 <= x _|_ slack >= 0``."""
    condition = equation.condition
    if condition is None:
        return f"{equation.left} = {equation.right}"
    smoothed = "" if condition.width == 0 else f" (smoothed by {condition.width})"
    if condition.upper is None:
        return f"{condition.lower} <= {condition.left} _|_ {condition.slack} >= 0{smoothed}"
    return f"{condition.lower} <= {condition.left} <= {condition.upper} _|_ {condition.slack}{smoothed}"
