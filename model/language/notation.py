"""Notation: how symbols are written in text and in LaTeX, with the chart's sector letters as indices."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from model.language.accounts import Chart
from model.language.symbols import Parameter, Variable, hypotenuse

LOWER = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho")
GREEK = frozenset((*LOWER, "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"))
SPECIAL = {c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
MATH = {
    "<": "<",
    ">": ">",
    "|": "|",
    "−": "-",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "≈": r"\approx",
    "·": r"\cdot",
    "×": r"\times",
    "→": r"\to",
    "⟂": r"\perp",
    "∂": r"\partial",
    "√": r"\surd",
    "∞": r"\infty",
    "²": "^2",
    "³": "^3",
    "½": r"\tfrac12",
    "₀": "_0",
    "₁": "_1",
    "₂": "_2",
    "₃": "_3",
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "ζ": r"\zeta",
    "η": r"\eta",
    "θ": r"\theta",
    "κ": r"\kappa",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ν": r"\nu",
    "ξ": r"\xi",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "φ": r"\varphi",
    "χ": r"\chi",
    "ψ": r"\psi",
    "ω": r"\omega",
    "Γ": r"\Gamma",
    "Δ": r"\Delta",
    "Λ": r"\Lambda",
    "Π": r"\Pi",
    "Σ": r"\Sigma",
    "Φ": r"\Phi",
    "Ψ": r"\Psi",
    "Ω": r"\Omega",
}
BEFORE, AFTER = ("int", "rv"), ("tr", "face", "coupon")
"""Marks before and after the words of a cell's name."""
PUNCTUATION = {"–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"\ldots{}", "§": r"\S{}", "\u00a0": "~"}


def escape(text: str) -> str:
    r"""Plain text as LaTeX that every pdflatex sets; a character that it does not know becomes its nearest ASCII form or ``?``.

    Examples
    --------
    >>> escape("R&D at 5 % ≥ σ")
    'R\\&D at 5 \\% $\\ge$ $\\sigma$'
    """
    parts = []
    for character in text:
        if character in SPECIAL:
            parts.append(SPECIAL[character])
        elif character in MATH:
            parts.append(f"${MATH[character]}$")
        elif character in PUNCTUATION:
            parts.append(PUNCTUATION[character])
        elif ord(character) < 0x180 and (character.isprintable() or character == "\n"):
            parts.append(character)
        else:
            parts.append(unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?")
    return "".join(parts)


def identifier(name: str, lag: int = 0) -> str:
    r"""A plain name in maths: Greek where its first word is, the other words and a lag as an index.

    Examples
    --------
    >>> identifier("deposits_average", -1), identifier("x", -1)
    ('\\mathit{deposits}_{\\mathrm{average},-1}', '{x}_{-1}')
    """
    head, _, rest = name.strip("_").partition("_")
    if head in GREEK:
        letter = f"\\{head}"
    else:
        letter = head if len(head) == 1 else f"\\mathit{{{escape(head)}}}"
    index = f"\\mathrm{{{escape(' '.join(rest.replace('_', ' ').split())).replace(' ', '~')}}}" if rest else ""
    if not lag:
        return f"{letter}_{{{index}}}" if rest else letter
    return f"{letter}_{{{index},{lag:+d}}}" if rest else f"{{{letter}}}_{{{lag:+d}}}"


@dataclass(frozen=True)
class Parts:
    """A variable's name taken apart.

    Parameters
    ----------
    head
        What it is: an instrument, a kind of payment, or the whole name.
    mark
        What of it: ``tr``, ``rv``, ``int``, ``face`` and the like, or empty.
    sectors
        Names of the sectors that it belongs to.
    """

    head: str
    mark: str = ""
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notation:
    """How the symbols of a system are written.

    Parameters
    ----------
    chart
        Gives sector letters; None for a system without accounts.
    """

    chart: Chart | None = None

    @cached_property
    def letters(self) -> dict[str, str]:
        """Sector letters by name."""
        return {} if self.chart is None else {s.name: s.letter for s in self.chart.sectors}

    @cached_property
    def instruments(self) -> frozenset[str]:
        """Names of the instruments."""
        return frozenset() if self.chart is None else frozenset(i.name for i in self.chart.instruments)

    def letter(self, sector: str) -> str:
        """A sector's letter; its name in words where there is no chart to give one."""
        return self.letters.get(sector) or escape(sector.replace("_", " ")).replace(" ", "~")

    def parts(self, base: str) -> Parts:
        """A variable's name taken apart by the chart's naming rules; by its double underscores where there is no chart."""
        words = base.split("__")
        if self.chart is None:
            return unlettered([word for word in words if word], base)
        if words[0] in ("saving", "gain", "net_worth") and len(words) == 2 and words[1] in self.letters:
            return Parts(words[0], "", (words[1],))
        if words[0] == "pay" and len(words) >= 4:
            kind, *middle = base.removeprefix("pay__").split("__")
            sectors = tuple(w for w in middle if w in self.letters)
            return Parts(kind, next((w for w in middle if w in self.instruments), ""), sectors)
        mark = ""
        if words[0] in ("int", "rv") and len(words) > 1 and words[1] in self.instruments:
            mark, words = words[0], words[1:]
        if words[0] not in self.instruments:
            return Parts(base)
        rest = words[1:]
        sectors = tuple(w for w in rest if w in self.letters)
        marks = [w for w in rest if w not in self.letters]
        return Parts(words[0], mark or ", ".join(marks), sectors)

    def text(self, symbol: sp.Symbol, said: str = "") -> str:
        """A symbol in a text table: ``bills[T,P]``, ``Δbills[T,P]``, ``tax[P,T]``; without the name where ``said`` has it."""
        if not isinstance(symbol, Variable):
            return str(symbol)
        found = self.parts(symbol.base)
        known = found.head in self.instruments and said.endswith(found.head)
        if known or (symbol.base.startswith("pay__") and said.startswith(found.head.replace("_", " "))):
            return f"[{','.join(self.letters[s] for s in found.sectors)}]" if found.sectors else "Σ"
        if found.head == symbol.base:
            return str(symbol.name)
        index = ",".join(self.letters[s] for s in found.sectors)
        body = f"Δ{found.head}" if found.mark == "tr" else f"{found.head}{'.' + found.mark if found.mark else ''}"
        when = f"({symbol.time:+d})" if symbol.time else ""
        return f"{body}{f'[{index}]' if index else ''}{when}"

    def latex(self, symbol: sp.Symbol) -> str:
        """A symbol in LaTeX maths, without dollar signs."""
        if isinstance(symbol, Variable):
            return self.variable(symbol)
        return identifier(str(symbol.name))

    def variable(self, symbol: Variable) -> str:
        """A variable in LaTeX maths; a lag is an index −1."""
        found = self.parts(symbol.base)
        if found.head == symbol.base and symbol.base not in self.instruments:
            return identifier(symbol.base, symbol.time)
        names = {"saving": "S", "gain": "G", "net_worth": "W"}
        core = names.get(found.head, f"\\mathit{{{escape(found.head.replace('_', ' ')).replace(' ', '~')}}}")
        prefix = r"\Delta " if found.mark == "tr" else ""
        above = "" if found.mark in ("", "tr") else f"^{{\\mathrm{{{escape(found.mark.replace('_', ' ')).replace(' ', '~')}}}}}"
        below = ",".join([*(f"\\mathrm{{{self.letter(s)}}}" for s in found.sectors), *([f"{symbol.time:+d}"] if symbol.time else [])])
        return f"{prefix}{core}{above}{f'_{{{below}}}' if below else ''}"


def unlettered(words: list[str], base: str) -> Parts:
    """A name's parts where no chart says which words are sectors: all between the first and a mark at the end."""
    if len(words) < 2:
        return Parts(base)
    if words[0] == "pay":
        return Parts(words[1], "", tuple(words[2:]))
    mark = ""
    if words[0] in BEFORE and len(words) > 2:
        mark, words = words[0], words[1:]
    if words[-1] in AFTER:
        mark, words = words[-1], words[:-1]
    return Parts(words[0], mark, tuple(words[1:]))


class Printer(LatexPrinter):  # type: ignore[misc]
    """sympy's LaTeX printer with this project's symbols and functions."""

    def __init__(self, notation: Notation) -> None:
        super().__init__({"fold_short_frac": False, "mul_symbol": "dot"})
        self.notation = notation

    def _print_Variable(self, expr: Variable, **_: Any) -> str:
        return self.notation.variable(expr)

    def _print_Parameter(self, expr: Parameter, **_: Any) -> str:
        return self.notation.latex(expr)

    def _named(self, name: str, expr: Any, exponent: Any) -> str:
        body = f"\\operatorname{{{name}}}\\left({', '.join(self._print(a) for a in expr.args)}\\right)"
        return body if exponent is None else f"{{{body}}}^{{{exponent}}}"

    def _print_minimum(self, expr: Any, exp: Any = None) -> str:
        return self._named("min", expr, exp)

    def _print_maximum(self, expr: Any, exp: Any = None) -> str:
        return self._named("max", expr, exp)

    def _print_softplus(self, expr: Any, exp: Any = None) -> str:
        return self._named("softplus", expr, exp)

    def _print_logistic(self, expr: Any, exp: Any = None) -> str:
        return self._named(r"\Lambda", expr, exp)

    def _print_absolute(self, expr: Any, exp: Any = None) -> str:
        body = f"\\left|{self._print(expr.args[0])}\\right|"
        return body if exp is None else f"{{{body}}}^{{{exp}}}"

    def _print_hypotenuse(self, expr: Any, exp: Any = None) -> str:
        body = f"\\sqrt{{{' + '.join(self._squared(leg) for leg in legs(expr))}}}"
        return body if exp is None else f"{{{body}}}^{{{exp}}}"

    def _squared(self, leg: Any) -> str:
        text = self._print(leg)
        return f"{{{text}}}^{{2}}" if leg.is_Symbol else f"\\left({text}\\right)^{{2}}"

    def _print_where(self, expr: Any, exp: Any = None) -> str:
        condition, a, b = (self._print(arg) for arg in expr.args)
        body = f"\\begin{{cases}} {a} & \\text{{if }} {condition} \\\\ {b} & \\text{{otherwise}} \\end{{cases}}"
        return body if exp is None else f"{{\\left({body}\\right)}}^{{{exp}}}"


def legs(expression: sp.Expr) -> list[sp.Expr]:
    """What is squared under a root of squares, roots within it opened and zeros left out."""
    found: list[sp.Expr] = []
    for leg in expression.args:
        found += legs(leg) if isinstance(leg, hypotenuse) else [] if leg == 0 else [leg]
    return found or [sp.S.Zero]


def latex(expression: sp.Expr, notation: Notation) -> str:
    """An expression in LaTeX maths, without dollar signs."""
    return str(Printer(notation).doprint(expression))
