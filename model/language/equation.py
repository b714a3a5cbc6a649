"""Equations: small named objects with a left side, an expression, a label, a number and a source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import sympy as sp

from model.language.symbols import Variable, hypotenuse, logistic, minimum, where
from model.language.units import Unit

Kind = Literal["behaviour", "definition", "identity", "market", "policy", "complementarity"]
ADD_FACTOR = "add__"
NOTEBOOK = 72
"""Characters of an expression's text that a line of a notebook holds."""


@dataclass(frozen=True)
class Equation:
    """``left = right``.

    Parameters
    ----------
    name
        Unique in its system; also the key for ``replace`` and ``without``.
    left, right
        sympy expressions over :class:`~model.language.symbols.Variable` and :class:`~model.language.symbols.Parameter`. A
        behavioural or policy equation has a single current variable on the left and carries an add-factor
        ``add__<name>``, an exogenous variable that is 0 unless a scenario sets it.
    label
        One line of economics in plain words.
    number, source
        The mechanism's number in the documentation and the publication it rests on.
    kind
        What the equation is; identities and definitions take no add-factor.
    """

    name: str
    left: sp.Expr
    right: sp.Expr
    label: str = ""
    number: str = ""
    source: str = ""
    kind: Kind = "behaviour"

    @property
    def add_factor(self) -> Variable | None:
        """The exogenous term that a scenario may add to the right side, or None."""
        if self.kind in ("behaviour", "policy") and isinstance(self.left, Variable):
            return Variable(ADD_FACTOR + self.name, self.left.unit, f"add-factor of {self.name}")
        return None

    @property
    def total_right(self) -> sp.Expr:
        """The right side with its add-factor."""
        term = self.add_factor
        return self.right if term is None else self.right + term

    @cached_property
    def right_symbols(self) -> frozenset[sp.Symbol]:
        """Every symbol of the right side with its add-factor."""
        term = self.add_factor
        return frozenset(self.right.free_symbols if term is None else {*self.right.free_symbols, term})

    @property
    def residual(self) -> sp.Expr:
        """Left minus right: zero at a solution."""
        return self.left - self.total_right

    @property
    def condition(self) -> Complementarity | None:
        """The complementarity condition that the equation states, or None."""
        return None

    def _repr_latex_(self) -> str:
        from model.language.formulas import rows
        from model.language.notation import Notation

        found = " \\\\ ".join(rows(self, Notation(), NOTEBOOK))
        if found.count("&") == 1:
            return f"$\\displaystyle {found.replace('&', '')}$"
        return f"$\\displaystyle \\begin{{aligned}}{found}\\end{{aligned}}$"


@dataclass(frozen=True)
class Complementarity(Equation):
    """``lower ≤ variable ≤ upper``, with ``slack`` deciding where.

    The variable is at ``lower`` when slack > 0, at ``upper`` when slack < 0, in between when slack = 0.

    ``left`` is the variable. With smoothing width σ > 0 the condition is the logistic
    ``variable = lower + (upper − lower)·Λ(−slack/σ)`` where ``upper`` is given, and Fischer-Burmeister's smoothed
    function otherwise; at σ = 0 it is solved strictly (Fischer-Burmeister). Build it with :func:`complementarity`.
    """

    lower: sp.Expr = sp.S.Zero
    upper: sp.Expr | None = None
    slack: sp.Expr = sp.S.Zero
    scale: sp.Expr = sp.S.One
    width: sp.Expr = sp.S.Zero
    natural: bool = False

    @property
    def condition(self) -> Complementarity | None:
        """Itself, unless somebody gave the equation another right side than that of the condition."""
        if not isinstance(self.left, Variable):
            return None
        given = {"slack": self.slack, "width": self.width, "scale": self.scale, "lower": self.lower, "upper": self.upper}
        built = complementarity(self.name, self.left, natural=self.natural, **given)
        return self if built.right == self.right else None


def complementarity(
    name: str,
    variable: Variable,
    *,
    slack: sp.Expr,
    width: sp.Expr,
    scale: sp.Expr,
    natural: bool = False,
    lower: sp.Expr = sp.S.Zero,
    upper: sp.Expr | None = None,
    label: str = "",
    number: str = "",
    source: str = "",
) -> Complementarity:
    """A complementarity condition as an equation that holds at a solution, smooth or strict.

    Parameters
    ----------
    slack
        The condition's other side (a spread, a gap to a ceiling).
    width
        Smoothing σ in the slack's unit; a parameter expression, 0 = strict.
    scale
        Converts slack into the variable's unit (variable-unit per slack-unit), so that the strict residual compares like with like.
    natural
        Where there is no upper limit: solve the strict condition as min(variable − lower, slack) = 0, which stays well
        scaled when both are of very different size; the width is not used.
    """

    def fischer_burmeister(a: sp.Expr, b: sp.Expr, spread: sp.Expr) -> sp.Expr:
        """Zero where a, b ≥ 0 and one of them is 0; where both are, its derivative is that of a: the variable stays at its limit."""
        return a + b - hypotenuse(hypotenuse(b, a), spread)

    gap = variable - lower
    if natural and upper is None:
        residual = minimum(gap, scale * slack)
    elif upper is None:
        residual = fischer_burmeister(gap, scale * slack, scale * width * sp.sqrt(2))
    else:
        strict = fischer_burmeister(gap, -fischer_burmeister(upper - variable, -scale * slack, sp.Integer(0) * scale), 0)
        smooth = gap - (upper - lower) * logistic(-slack, width)
        residual = where(sp.Gt(width, 0), smooth, strict)
    return Complementarity(
        name=name,
        left=variable,
        right=variable - residual,
        label=label,
        number=number,
        source=source,
        kind="complementarity",
        lower=lower,
        upper=upper,
        slack=slack,
        scale=scale,
        width=width,
        natural=natural,
    )


@dataclass(frozen=True)
class Hidden:
    """An expression that must be zero in every period and is never solved for: the redundant equation."""

    name: str
    expression: sp.Expr
    label: str = ""


def unit_of_left(equation: Equation) -> Unit | None:
    """The unit that the left side declares, where it is a single variable."""
    return equation.left.unit if isinstance(equation.left, Variable) else None
