"""Equations of the appendix: each fits the line, long ones with their parts named below."""

from __future__ import annotations

from model.accounting.typeset import equation_note
from model.language.equation import Equation
from model.language.formulas import rows
from model.language.notation import Notation, escape
from model.language.system import System

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


def display(equation: Equation, notation: Notation) -> str:
    """An equation as one display; named parts follow it."""
    return "\\fitted{" + " \\\\[2pt]\n".join(rows(equation, notation)) + "}"


def stated(equation: Equation, notation: Notation) -> str:
    """An equation under what it says in words, with number, unit, kind and source."""
    name = escape(equation.name.replace("__", " ").replace("_", " "))
    said = equation_note(equation)
    return f"\\noindent\\textbf{{{name}}}. {escape(said[:1].upper() + said[1:])}\n{display(equation, notation)}\n"


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
        "length of a period in years; $x_1$, $x_2$, \\ldots{} name parts of the equation above them and of no other. "
        "$l \\le x \\perp s \\ge 0$ says that $x = l$ or $s = 0$; $l \\le x \\le u \\perp s$ that $x = l$ where $s > 0$, $x = u$ where "
        "$s < 0$, and in between where $s = 0$."
    )
    parts = [r"\section{Equations}", said]
    order = [*GROUPS, *sorted(letter for letter in groups if letter and letter not in GROUPS), ""]
    for letter in (letter for letter in order if letter in groups):
        title = f"{GROUPS.get(letter, 'Equations')} ({letter})" if letter else OTHERS
        parts.append(f"\\subsection{{{escape(title)}}}")
        ordered = sorted(groups[letter], key=lambda found: found.number)
        parts.append("\n\\pagebreak[1]".join(stated(equation, notation) for equation in ordered))
    return "\n".join(parts)
