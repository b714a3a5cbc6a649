"""Sums and products put together directly are those of sympy."""

from __future__ import annotations

import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.symbols import Parameter, Variable, absolute
from model.textmodel.linear import negative, product, total

A, B, C = Variable("a"), Variable("b"), Variable("N")
SYMBOLS = [A, B, C, A(-1), Parameter("k"), Parameter("a2")]
NUMBERS = [sp.Integer(n) for n in range(-3, 4)] + [sp.Float(x) for x in (0.5, -0.5, 2.0, 1.0, -1.0, 0.0, 1e300, 0.1)] + [sp.Rational(1, 3)]
OTHERS = [
    sp.exp(A),
    sp.exp(B),
    sp.log(A),
    absolute(B) ** 2,
    1 / (A + B),
    (A + 1) ** -2,
    sp.sqrt(A),
    B**2,
    1 / C,
    A + B,
    2 * A + 1,
    absolute(A),
    0.5 * A * (B + 1),
    3 * A * B,
    A * B,
    -C,
    (A + 1) * 2.0,
    (A + 1) * A,
]
terms = st.sampled_from([*SYMBOLS, *NUMBERS, *OTHERS])


@settings(deadline=None)
@given(st.lists(st.one_of(terms, terms.map(negative)), min_size=1, max_size=6))
def test_sums(parts: list[sp.Expr]) -> None:
    expected = sp.Add(*parts)
    assert total(parts) == expected
    assert total(parts).args == expected.args


@settings(deadline=None)
@given(st.lists(terms, min_size=1, max_size=5))
def test_products(parts: list[sp.Expr]) -> None:
    expected = sp.Mul(*parts)
    found = product(parts)
    coefficients = (found.as_coeff_Mul(), expected.as_coeff_Mul())
    assert coefficients[0][1] == coefficients[1][1]
    assert abs(coefficients[0][0] - coefficients[1][0]) <= 1e-15 * abs(coefficients[1][0])


@given(terms)
def test_negatives(part: sp.Expr) -> None:
    assert negative(part) == sp.Mul(-1, part)
    assert negative(part).args == sp.Mul(-1, part).args
