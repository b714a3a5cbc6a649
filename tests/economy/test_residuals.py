"""T43: the equations as sympy reads them hold on the solved path, evaluated in forty digits without the compiled kernels."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath  # type: ignore[import-untyped]
import pytest
import sympy as sp

from model.language.equation import Complementarity
from model.language.symbols import Parameter, Variable
from model.periods.path import Path
from tests.economy.laboratory import economy

DIGITS = 40


def softplus(x: Any, width: Any) -> Any:
    """Smooth positive part; the positive part itself at width zero."""
    return max(x, mpmath.mpf(0)) if width == 0 else width * mpmath.log1p(mpmath.exp(x / width))


def logistic(x: Any, width: Any) -> Any:
    """Smooth step; one half at zero at width zero."""
    if width == 0:
        return mpmath.mpf(1) if x > 0 else mpmath.mpf(0) if x < 0 else mpmath.mpf("0.5")
    return 1 / (1 + mpmath.exp(-x / width))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": lambda condition, a, b: a() if condition() else b(),
    "minimum": min,
    "maximum": max,
    "absolute": abs,
    "softplus": softplus,
    "logistic": logistic,
    "hypotenuse": lambda a, b: mpmath.sqrt(a * a + b * b),
    "exp": mpmath.exp,
    "log": mpmath.log,
}


def evaluate(expression: sp.Basic, values: dict[Any, Any]) -> Any:
    """An expression's value by walking its tree; branches that are not taken are not evaluated."""
    if isinstance(expression, Variable | Parameter):
        return values[expression]
    if expression.is_Rational:
        return mpmath.mpf(int(expression.p)) / int(expression.q)
    if expression.is_Float:
        return mpmath.mpf(float(expression))
    name = type(expression).__name__
    if name == "where":
        condition, a, b = expression.args
        return evaluate(a if evaluate(condition, values) else b, values)
    parts = [evaluate(a, values) for a in expression.args]
    if expression.is_Add:
        return mpmath.fsum(parts)
    if expression.is_Mul:
        return mpmath.fprod(parts)
    if expression.is_Pow:
        return mpmath.power(parts[0], parts[1])
    if name in ("StrictGreaterThan", "StrictLessThan", "GreaterThan", "LessThan"):
        a, b = parts
        return {"StrictGreaterThan": a > b, "StrictLessThan": a < b, "GreaterThan": a >= b, "LessThan": a <= b}[name]
    return FUNCTIONS[name](*parts)


@lru_cache(maxsize=1)
def symbols() -> tuple[Any, ...]:
    """Every symbol of the system."""
    return tuple(sorted(economy().symbols, key=str))


def values_at(path: Path, period: int) -> dict[Any, Any]:
    """Symbols and their values; add-factors are zero."""
    found: dict[Any, Any] = {}
    for symbol in symbols():
        if isinstance(symbol, Variable):
            row = max(period + symbol.time, 0)
            found[symbol] = mpmath.mpf(float(path[symbol.base][row]))
        else:
            found[symbol] = mpmath.mpf(float(path.parameter_rows[period, path.parameter_names.index(symbol.name)]))
    return found


def size(expression: sp.Basic, values: dict[Any, Any]) -> Any:
    """An expression's value with every sum taken over the sizes of its terms: what rounding is relative to."""
    if expression.is_Add:
        return mpmath.fsum(size(t, values) for t in expression.args)
    if expression.is_Mul:
        return mpmath.fprod(size(t, values) for t in expression.args)
    return abs(evaluate(expression, values))


@pytest.mark.parametrize("period", [1, 9, 35])
def test_t43_every_equation_holds_where_sympy_evaluates_it(year: Path, period: int) -> None:
    with mpmath.workdps(DIGITS):
        values = values_at(year, period)
        worst, where = 0.0, ""
        for equation in economy().equations:
            if equation.kind == "complementarity":
                continue
            left, right = sp.sympify(equation.left), sp.sympify(equation.total_right)
            gap = abs(evaluate(left, values) - evaluate(right, values))
            scale = size(left, values) + size(right, values)
            relative = float(gap / scale) if scale else float(gap)
            if relative > worst:
                worst, where = relative, equation.name
    assert worst < 1e-9, (where, worst)


WIDTHS = {"hf_forced_sale": None, "ceiling": "ceiling_width", "unpaid": None, "hf_default": None}


@pytest.mark.parametrize("period", [1, 9, 35])
def test_t43_complementarity_is_a_hyperbola_and_a_corner_where_it_is_strict(year: Path, period: int) -> None:
    """Smoothed by w, a condition x ≥ 0 ⟂ slack ≥ 0 reads x·slack = w² with both positive; the ON RRP's is a logistic share of its room."""
    conditions = {e.name: e for e in economy().equations if isinstance(e, Complementarity)}
    assert set(conditions) == {*WIDTHS, "on_rrp_parking"}
    with mpmath.workdps(DIGITS):
        values = values_at(year, period)
        for name, width in WIDTHS.items():
            condition = conditions[name]
            gap = evaluate(condition.left, values) - evaluate(condition.lower, values)
            slack = evaluate(condition.slack, values)
            spread = float(year[width][period]) if width else 0.0
            assert float(gap) > -1e-9, name
            assert float(slack) > -1e-6, name
            assert float(gap * slack) == pytest.approx(spread**2, rel=1e-6, abs=1e-6 * (1.0 + float(abs(slack)))), name
        parking = conditions["on_rrp_parking"]
        assert parking.upper is not None
        share = 1 / (1 + mpmath.exp(evaluate(parking.slack, values) / float(year["floor_width"][period])))
        parked = evaluate(parking.left, values)
        assert float(parked) == pytest.approx(float(evaluate(parking.upper, values) * share), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("period", [1, 9, 35])
def test_t43_identities_hold_to_the_last_digits(year: Path, period: int) -> None:
    """Accounting, evaluated exactly: what is left is the rounding of doubles."""
    with mpmath.workdps(DIGITS):
        values = values_at(year, period)
        for equation in economy().equations:
            if equation.kind == "identity":
                gap = abs(evaluate(sp.sympify(equation.left), values) - evaluate(sp.sympify(equation.right), values))
                scale = size(sp.sympify(equation.left), values) + size(sp.sympify(equation.right), values)
                assert float(gap) <= 1e-11 * float(scale) + 1e-10, equation.name
        for hidden in economy().hidden:
            assert abs(float(evaluate(hidden.expression, values))) < 1e-9 * 30000.0, hidden.name


def test_t43_the_evaluator_notices_a_wrong_number(year: Path) -> None:
    with mpmath.workdps(DIGITS):
        values = values_at(year, 9)
        target = economy().equation("sofr")
        values[target.left] += mpmath.mpf(10) ** -7
        assert abs(evaluate(sp.sympify(target.residual), values)) > 1e-8
