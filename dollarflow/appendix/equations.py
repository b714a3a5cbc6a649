"""Equations of the appendix: each fits the line, long ones with their parts named below."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from model.accounting.typeset import equation_note
from model.language.equation import Equation
from model.language.notation import Notation, Printer, escape
from model.language.symbols import Parameter
from model.language.system import System

ROOM = 100
"""Characters of an expression's text that a line holds at a readable size."""
LEAST = 12
"""Characters from which a part is worth a name."""
MOST = 12
"""Most named parts of one equation."""
PART = "part"
GROUPS = {
    "T": "The Treasury",
    "F": "The Fed",
    "B": "Banks and money",
    "R": "The overnight market",
    "M": "Money funds",
    "H": "Hedge funds",
    "O": "Foreign officials and the rest of the world",
    "Y": "Yields and the demand for coupons",
    "J": "Bids at issue, money creation and marginal buyers",
    "K": "Dollar liquidity",
    "L": "Income and trade",
}
"""Headings of equations by the letter of their number, in the order of the sections."""
OTHERS = "Amortisation, prices and other definitions"


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


def shortened(expression: sp.Expr) -> tuple[sp.Expr, list[tuple[Parameter, sp.Expr]]]:
    """An expression that fits the line, and the parts that were named to make it so, in order of appearance."""
    named: list[tuple[Parameter, sp.Expr]] = []
    while width(expression) > ROOM and len(named) < MOST:
        wide = max(sp.Add.make_args(expression), key=length)
        inner = [part for part in sp.preorder_traversal(wide) if part is not wide and part.args and isinstance(part, sp.Expr)]
        fitting = [part for part in inner if width(part) <= ROOM and length(part) > LEAST]
        if not fitting:
            break
        part = max(fitting, key=lambda found: (length(found), str(found)))
        symbol = Parameter(f"{PART} {len(named) + 1}")
        named.append((symbol, part))
        expression = expression.xreplace({part: symbol})
    return expression, named


def lines_of(expression: sp.Expr, printer: Printer) -> str:
    """An expression in LaTeX, a long sum over several lines."""
    lines, room = [""], ROOM
    for place, term in enumerate(expression.as_ordered_terms()):
        text = str(printer.doprint(term))
        signed = text if place == 0 or text.startswith("-") else f"+ {text}"
        if length(term) > room and lines[-1]:
            lines.append("")
            room = ROOM
        lines[-1] += f" {signed}"
        room -= length(term) + 3
    return " \\\\\n  &\\quad ".join(line.strip() for line in lines)


def display(equation: Equation, notation: Notation) -> str:
    """An equation as one display; named parts follow it."""
    printer = Symbols(notation)
    short, named = shortened(equation.right)
    rows = [f"{printer.doprint(equation.left)} &= {lines_of(short, printer)}"]
    rows += [f"{printer.doprint(symbol)} &= {lines_of(part, printer)}" for symbol, part in named]
    return "\\fitted{" + " \\\\[2pt]\n".join(rows) + "}"


def stated(equation: Equation, notation: Notation) -> str:
    """An equation under what it says in words, with number, unit, kind and source."""
    name = escape(equation.name.replace("__", " ").replace("_", " "))
    return f"\\pagebreak[1]\\noindent\\textbf{{{name}}}. {escape(equation_note(equation))}\n{display(equation, notation)}\n"


def equations(system: System, *, identities: bool = False) -> str:
    """Equations by the letter of their number; identities only where they are asked for."""
    notation = Notation(system.chart)
    chosen = [e for e in system.equations if identities or e.kind != "identity"]
    groups: dict[str, list[Equation]] = {}
    for equation in chosen:
        letter = equation.number.strip("()")[:1]
        groups.setdefault(letter if letter.isalpha() else "", []).append(equation)
    count = len(system.equations) - len(chosen)
    left_out = (
        f"The other {count} are accounting identities, derived from the chart of accounts: each cell's accumulation and interest, each "
        "instrument's total, each sector's budget. "
    )
    said = (
        f"{len(chosen)} equations of {len(system.equations)}. {left_out if count else ''}A lag is an index $-1$; $\\mathit{{dt}}$ is the "
        "length of a period in years; $x_1$, $x_2$, \\ldots{} name parts of the equation above them and of no other."
    )
    parts = [r"\section{Equations}", said]
    order = [*GROUPS, *sorted(letter for letter in groups if letter and letter not in GROUPS), ""]
    for letter in (letter for letter in order if letter in groups):
        title = f"{GROUPS.get(letter, 'Equations')} ({letter})" if letter else OTHERS
        parts.append(f"\\subsection{{{escape(title)}}}")
        parts += [stated(equation, notation) for equation in sorted(groups[letter], key=lambda found: found.number)]
    return "\n".join(parts)
