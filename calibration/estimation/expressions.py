"""Curves as sympy expressions, evaluated on arrays: the derivatives that a fit needs are exact and symbolic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Sigmoid(sp.Function):  # type: ignore[misc]  # sympy is untyped
    """``Sigmoid(x)`` = 1 / (1 + exp(-x))."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative: S (1 - S)."""
        return self * (1 - self)


class Soft(sp.Function):  # type: ignore[misc]  # sympy is untyped
    """``Soft(x)`` = ln(1 + exp(x)), the smooth positive part."""

    nargs = (1,)

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative: the sigmoid."""
        return Sigmoid(self.args[0])


def evaluate(expression: sp.Expr, values: Mapping[str, Any]) -> Any:
    """An expression's value with numbers or arrays in place of its symbols.

    Raises
    ------
    TypeError
        A node that curves do not use.
    KeyError
        A symbol without a value.
    """
    if isinstance(expression, sp.Symbol):
        return values[expression.name]
    if expression.is_Number:
        return float(expression)
    parts = [evaluate(part, values) for part in expression.args]
    if isinstance(expression, sp.Add):
        return sum(parts[1:], parts[0])
    if isinstance(expression, sp.Mul):
        product = parts[0]
        for part in parts[1:]:
            product = product * part
        return product
    if isinstance(expression, sp.Pow):
        return parts[0] ** parts[1]
    if isinstance(expression, sp.exp):
        return np.exp(np.minimum(parts[0], 500.0))
    if isinstance(expression, sp.log):
        return np.log(parts[0])
    if isinstance(expression, Soft):
        return np.logaddexp(0.0, parts[0])
    if isinstance(expression, Sigmoid):
        return 0.5 * (1.0 + np.tanh(np.asarray(parts[0]) / 2))
    raise TypeError(f"a curve does not use {type(expression).__name__}")
