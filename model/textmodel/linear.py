"""Sums and products in sympy's canonical form, put together directly where they are linear in symbols.

The result equals ``sympy.Add(*parts)`` and ``sympy.Mul(*parts)``; the shortcut only spares the deductions about signs and
finiteness that sympy makes for each new number, most of the time that a large linear model takes to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key

import sympy as sp

ORDER = cmp_to_key(sp.Basic.compare)


def negative(part: sp.Expr) -> sp.Expr:
    """Minus the part."""
    if isinstance(part, sp.Symbol):
        return sp.Mul._from_args((sp.S.NegativeOne, part))
    if part.is_Mul and part.args[0].is_Number and not any(a.is_Add for a in part.args):
        return scaled(-part.args[0], part.args[1:])
    return sp.Mul(sp.S.NegativeOne, part)


def scaled(coefficient: sp.Expr, factors: tuple[sp.Expr, ...]) -> sp.Expr:
    """A number times factors that are in order already."""
    if coefficient != sp.S.One:
        return sp.Mul._from_args((coefficient, *factors))
    return factors[0] if len(factors) == 1 else sp.Mul._from_args(factors)


def product(parts: Sequence[sp.Expr]) -> sp.Expr:
    """The parts' product."""
    symbols = [p for p in parts if isinstance(p, sp.Symbol)]
    numbers = [p for p in parts if p.is_Number]
    if len(symbols) + len(numbers) < len(parts) or not symbols or len(set(symbols)) < len(symbols):
        return sp.Mul(*parts)
    coefficient = sp.S.One
    for number in numbers:
        coefficient *= number
    if coefficient == 0 or not coefficient.is_finite:
        return sp.Mul(*parts)
    return scaled(coefficient, tuple(sorted(symbols, key=ORDER)))


def total(parts: Sequence[sp.Expr]) -> sp.Expr:
    """The parts' sum."""
    constant, terms = sp.S.Zero, []
    seen: set[tuple[sp.Expr, ...]] = set()
    for part in parts:
        if part.is_Number:
            constant += part
            continue
        factors = (part,) if not part.is_Mul else part.args[1:] if part.args[0].is_Number else part.args
        if part.is_Add or factors in seen or any(f.is_Add for f in factors if len(factors) == 1):
            return sp.Add(*parts)
        seen.add(factors)
        terms.append(part)
    if not terms or not constant.is_finite:
        return sp.Add(*parts)
    terms.sort(key=ORDER)
    if constant != 0:
        terms.insert(0, constant)
    return terms[0] if len(terms) == 1 else sp.Add._from_args(tuple(terms))
