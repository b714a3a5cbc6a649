"""Displays of equations and shocks: corners as conditions, long parts under names, indices without nesting, one sign."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sympy as sp

from dollarflow import dollar_system
from model.language.equation import Equation, complementarity
from model.language.formulas import rows, text
from model.language.notation import Notation, latex
from model.language.symbols import Parameter, Variable, hypotenuse
from model.language.units import RATE, USD
from model.scenarios.scenario import Shock

X, Y, SIGMA = Variable("x", USD), Variable("y", USD), Parameter("sigma", USD)
PLAIN = Notation()


def test_a_corner_reads_as_one_whatever_solves_it() -> None:
    strict = complementarity("c", X, slack=Y - 3, width=sp.S.Zero, scale=sp.S.One)
    assert rows(strict, PLAIN) == [r"0 \le x &\perp y -3 \ge 0"]
    assert text(strict) == "0 <= x _|_ y - 3 >= 0"
    between = complementarity("c", X, slack=Y, width=sp.S.Zero, scale=sp.S.One, upper=sp.Integer(9))
    assert rows(between, PLAIN) == [r"0 \le x \le 9 &\perp y"]
    altered = replace(strict, right=X * Y)
    assert rows(altered, PLAIN) == [r"x &= x \cdot y"], "a right side of one's own is shown as it is"


@pytest.mark.parametrize("slack", [-2.0, 0.0, 0.5, 40.0])
def test_the_smoothed_form_is_what_is_solved(slack: float) -> None:
    """The product of both sides is scale times the squared width, at the root of the equation itself."""
    smooth = complementarity("c", X, slack=Y, width=SIGMA, scale=sp.Integer(3))
    assert rows(smooth, PLAIN)[1] == r"x \cdot y &= 3 \cdot \sigma^{2} \quad \text{smoothed, where } \sigma > 0"
    residual = (smooth.right - X).replace(hypotenuse, lambda a, b: sp.sqrt(a**2 + b**2))
    value = 0.7**2 * 3 / slack if slack > 0 else None
    if value is not None:
        assert abs(float(residual.subs({X: value, Y: slack, SIGMA: 0.7}))) < 1e-12


def test_roots_of_squares_are_opened_and_zeros_left_out() -> None:
    assert latex(hypotenuse(hypotenuse(X, Y - 1), sp.S.Zero), PLAIN) == r"\sqrt{{x}^{2} + \left(y - 1\right)^{2}}"


def test_no_index_stands_under_an_index() -> None:
    average = Variable("deposits_average", USD)(-1)
    assert latex(average, PLAIN) == r"\mathit{deposits}_{\mathrm{average},-1}"
    for equation in dollar_system().equations:
        shown = equation._repr_latex_()
        assert r"\_" not in shown, equation.name
        assert not re.search(r"_\{[^{}]*_\{", shown), equation.name


def test_without_a_chart_sectors_are_named() -> None:
    shown = dollar_system().equation("bills_private")._repr_latex_()
    assert r"\mathit{bills}_{\mathrm{treasury},\mathrm{private}}" in shown
    assert shown.count("&") > 2, "it runs over several lines"


def test_no_line_of_a_notebook_is_wide() -> None:
    """Parts of a row are at most a few terms: wide ones have names, which stand in rows of their own."""
    x1 = Parameter("part 1")
    wide = Equation("w", X, sp.sqrt(sum(Variable(f"variable_{k}", RATE) for k in range(12)) + Y), "wide")
    found = rows(wide, PLAIN, 72)
    assert len(found) == 2
    assert found[0] == f"x &= {latex(sp.sqrt(x1), PLAIN)}".replace(r"\mathit{part 1}", "x_{1}")


def test_a_shock_that_takes_away_is_written_with_one_sign() -> None:
    assert str(Shock(variable="tax_rate", add=-0.01)) == "tax_rate - 0.01"
    assert str(Shock(variable="tax_rate", add=0.01)) == "tax_rate + 0.01"
