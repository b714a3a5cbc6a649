"""Sums and products in sympy's canonical form, put together directly where no terms or powers have to be gathered.

The result equals ``sympy.Add(*parts)`` and ``sympy.Mul(*parts)``; the shortcut only spares the deductions about signs and
finiteness that sympy makes for each new number, most of the time that a large linear model takes to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cmp_to_key

import sympy as sp

from model.language.symbols import absolute, maximum, minimum, where

ORDER = cmp_to_key(sp.Basic.compare)
PLAIN = (sp.Symbol, where, minimum, maximum, absolute, sp.log, sp.tanh)


def negative(part: sp.Expr) -> sp.Expr:
    """Minus the part."""
    if part.is_Number or part.is_Add or (part.is_Mul and len(part.args) == 2 and part.args[1].is_Add):
        return sp.Mul(sp.S.NegativeOne, part)
    if not part.is_Mul:
        return sp.Mul._from_args((sp.S.NegativeOne, part))
    if part.args[0].is_Number:
        return scaled(-part.args[0], part.args[1:])
    return sp.Mul._from_args((sp.S.NegativeOne, *part.args))


def scaled(coefficient: sp.Expr, factors: tuple[sp.Expr, ...]) -> sp.Expr:
    """A number times factors that are in order already."""
    if coefficient != sp.S.One:
        return sp.Mul._from_args((coefficient, *factors))
    return factors[0] if len(factors) == 1 else sp.Mul._from_args(factors)


def base(part: sp.Expr) -> sp.Expr | None:
    """What the part is a whole power of, where powers of one base are all that a product has to gather."""
    if isinstance(part, PLAIN) or part.is_Add:
        return part
    if part.is_Pow and part.exp.is_Integer and (isinstance(part.base, PLAIN) or part.base.is_Add):
        return part.base
    return None


def product(parts: Sequence[sp.Expr]) -> sp.Expr:
    """The parts' product."""
    factors = [p for p in parts if not p.is_Number]
    bases = {base(f) for f in factors}
    if None in bases or len(bases) < len(factors) or not factors or (len(factors) == 1 and factors[0].is_Add):
        return sp.Mul(*parts)
    coefficient = sp.S.One
    for part in parts:
        if part.is_Number:
            coefficient *= part
    if coefficient == 0 or not coefficient.is_finite:
        return sp.Mul(*parts)
    return scaled(coefficient, tuple(sorted(factors, key=ORDER)))


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
