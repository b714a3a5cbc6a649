"""Kernels against mpmath: values, exact derivatives, and the same bits from machine code and interpreter."""

from __future__ import annotations

import itertools
import sys

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from model.compiler.kernels import Store, build_kernels
from model.compiler.tape import ExpressionError, Tape
from model.language.symbols import Parameter, Variable, absolute, hypotenuse, logistic, maximum, minimum, softplus, where

X, Y, Z = Variable("x"), Variable("y"), Variable("z")
P = Parameter("p")
LEAVES = [X, Y, Z, X(-1), P, sp.Rational(1, 3), sp.Integer(2), sp.Float(0.7)]
FUNCTIONS = {
    "softplus": lambda x, w: w * mpmath.log1p(mpmath.exp(x / w)) if w > 0 else max(x, mpmath.mpf(0)),
    "logistic": lambda x, w: 1 / (1 + mpmath.exp(-x / w)) if w > 0 else mpmath.mpf(1 if x > 0 else 0),
    "hypotenuse": mpmath.hypot,
    "minimum": min,
    "maximum": max,
    "absolute": abs,
    "where": lambda c, a, b: a if c else b,
}


def expressions() -> st.SearchStrategy[sp.Expr]:
    def combine(inner: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
        two = st.tuples(inner, inner)
        return st.one_of(
            two.map(lambda t: t[0] + t[1]),
            two.map(lambda t: t[0] * t[1]),
            two.map(lambda t: t[0] / (2 + t[1] ** 2)),
            two.map(lambda t: maximum(t[0], t[1])),
            two.map(lambda t: minimum(t[0], t[1])),
            two.map(lambda t: hypotenuse(t[0], 1 + t[1] ** 2)),
            two.map(lambda t: where(sp.Gt(t[0], sp.Rational(1, 10)), t[0], t[1] + 1)),
            inner.map(sp.tanh),
            inner.map(absolute),
            inner.map(lambda e: sp.exp(sp.tanh(e))),
            inner.map(lambda e: sp.log(1 + e**2)),
            inner.map(lambda e: sp.sqrt(1 + e**2)),
            inner.map(lambda e: (1 + e**2) ** sp.Float(0.3)),
            inner.map(lambda e: softplus(e, sp.Float(0.25))),
            inner.map(lambda e: logistic(e, sp.Float(0.25))),
        )

    return st.recursive(st.sampled_from(LEAVES), combine, max_leaves=8)


def run(stores: list[Store], tape: Tape, backend: str, table: np.ndarray, parameters: np.ndarray) -> np.ndarray:
    out = np.zeros(len(stores))
    module = build_kernels(tape, 3, {"f": stores}, backend)
    module["f"](table[1].ctypes.data, parameters.ctypes.data, out.ctypes.data)
    return out


def oracle(expression: sp.Expr, values: dict[sp.Symbol, float]) -> mpmath.mpf:
    symbols = sorted(expression.free_symbols, key=str)
    plain = sp.symbols(f"v0:{len(symbols)}", real=True)
    replaced = expression.xreplace(dict(zip(symbols, plain, strict=True)))
    return mpmath.mpf(sp.lambdify(plain, replaced, modules=[FUNCTIONS, "mpmath"])(*(mpmath.mpf(values[s]) for s in symbols)))


UNDERFLOW = 4 * sys.float_info.min
"""What products of numbers near the smallest double may lose: nothing smaller has all its digits."""


@settings(max_examples=60, deadline=None)
@given(expressions(), st.lists(st.floats(-3, 3), min_size=5, max_size=5))
def test_values_and_derivatives_agree_with_mpmath(expression: sp.Expr, point: list[float]) -> None:
    tape = Tape({"x": 0, "y": 1, "z": 2}, {"p": 0})
    node = tape.convert(expression)
    derivatives = sorted(tape.derivatives(node).items())
    stores = [Store(node, 0), Store(tape.magnitude(node), 1)] + [Store(d, i + 2) for i, (_, d) in enumerate(derivatives)]
    table = np.array([[point[3], 0.0, 0.0], point[:3]])
    parameters = np.array([point[4]])
    llvm, python = (run(stores, tape, b, table, parameters) for b in ("llvm", "python"))
    assert llvm.tobytes() == python.tobytes()
    with mpmath.workdps(40):
        values = {X: point[0], Y: point[1], Z: point[2], X(-1): point[3], P: point[4]}
        exact = oracle(expression, values)
        assert abs(llvm[0] - exact) <= 1e-14 * (llvm[1] + abs(exact)) * 20 + UNDERFLOW
        names = {(0, 0): X, (1, 0): Y, (2, 0): Z, (0, -1): X(-1)}
        h = mpmath.mpf(10) ** -12
        for i, (load, _) in enumerate(derivatives):
            up, down = (oracle(expression, values | {names[load]: mpmath.mpf(values[names[load]]) + s * h}) for s in (1, -1))
            slope, left, right = (up - down) / (2 * h), (exact - down) / h, (up - exact) / h
            if abs(left - right) <= 1e-6 * (1 + abs(slope)):
                assert llvm[i + 2] == pytest.approx(float(slope), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("backend", ["llvm", "python"])
def test_kinks_and_limits_have_their_declared_values(backend: str) -> None:
    tape = Tape({"x": 0, "y": 1, "z": 2}, {"p": 0})
    cases = [
        (hypotenuse(X, Y), 0.0),
        (softplus(Z, P), 5.0),
        (softplus(-Z, P), 0.0),
        (logistic(Z, P), 1.0),
        (logistic(X, P), 0.5),
        (logistic(-Z, P), 0.0),
        (softplus(X, sp.Float(0.5)), 0.5 * float(np.log(2.0))),
        (where(sp.And(sp.Gt(Z, 1), sp.Not(sp.Lt(X, 0))), sp.Integer(3), 1 / X), 3.0),
    ]
    table, parameters = np.array([[0.0] * 3, [0.0, 0.0, 5.0]]), np.zeros(1)
    out = run([Store(tape.convert(e), i) for i, (e, _) in enumerate(cases)], tape, backend, table, parameters)
    assert out.tolist() == pytest.approx([value for _, value in cases], rel=1e-15)
    legs = tape.derivatives(tape.convert(hypotenuse(X, Y)))
    assert run([Store(legs[0, 0], 0), Store(legs[1, 0], 1)], tape, backend, table, parameters).tolist() == [1.0, 0.0]
    rise = tape.derivatives(tape.convert(softplus(X, P)))
    assert run([Store(rise[0, 0], 0)], tape, backend, table, parameters)[0] == 1.0


@pytest.mark.parametrize("width", [0.25, 1e-3, 7e4])
def test_far_from_its_kink_a_smooth_function_has_the_same_bits_on_both_back_ends(width: float) -> None:
    tape = Tape({"x": 0, "y": 1, "z": 2}, {"p": 0})
    smooth = softplus(X, sp.Float(width)), logistic(X, sp.Float(width))
    stores = [Store(tape.convert(e), i) for i, e in enumerate(smooth)]
    for ratio in (-800.0, -700.0, -40.0, -37.9, 30.0, 36.0, 37.9, 38.0, 38.1, 40.0, 700.0, 1e300):
        table = np.array([[0.0] * 3, [ratio * width, 0.0, 0.0]])
        llvm, python = (run(stores, tape, b, table, np.zeros(1)) for b in ("llvm", "python"))
        assert llvm.tobytes() == python.tobytes(), ratio


@pytest.mark.parametrize("large", [-1, 10**6])
@pytest.mark.parametrize("length", [20, 10_000])
def test_quick_and_careful_code_have_the_bits_of_the_interpreter(large: int, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOLLARFLOW_CACHE", "off")
    for name, value in {"LARGE": large, "LENGTH": length, "LENGTH_LARGE": length}.items():
        monkeypatch.setattr(f"model.compiler.machine.{name}", value)
    condition = sp.And(sp.Or(sp.Gt(X, 0), sp.Le(Y, X)), sp.Not(sp.Eq(Y, Z)))
    tried = [
        *(-X - Y, Y - X, -X + Y - Z, -X, 1 - X, X / 3, -X * Y, -(X + Y) * Z, (X - Y) ** 3),
        *(maximum(X, 0), maximum(0, X), minimum(X, 0), minimum(1, X), maximum(X, Y), minimum(X, Y), maximum(-X, X + Y + Z) - minimum(X, P)),
        *(absolute(X), absolute(P), absolute(X - Y), absolute(X(-1) * Y), hypotenuse(X, Y), where(condition, X, Y)),
        *(softplus(X, sp.Float(0.25)), logistic(Y, sp.Float(0.25)), softplus(X, P), sp.sqrt(absolute(X)) - sp.Float(0.7)),
    ]
    tape = Tape({"x": 0, "y": 1, "z": 2}, {"p": 0})
    nodes = [tape.convert(e) for e in tried]
    nodes += [d for node in list(nodes) for _, d in sorted(tape.derivatives(node).items())] + [tape.magnitude(node) for node in nodes]
    stores = [Store(node, i) for i, node in enumerate(nodes)]
    modules = [build_kernels(tape, 3, {"f": stores}, backend) for backend in ("llvm", "python")]
    outs = np.zeros((2, len(stores)))
    points = [0.0, -0.0, 0.3, -0.7, 1.0, 1e300, 5e-324, float("inf"), float("nan")]
    for x, y in itertools.product(points, points):
        table, parameters = np.array([[-0.7, 0.1, 0.0], [x, y, 0.25]]), np.array([x])
        for module, out in zip(modules, outs, strict=True):
            module["f"](table[1].ctypes.data, parameters.ctypes.data, out.ctypes.data)
        known = ~np.isnan(outs)
        assert np.array_equal(*known)
        assert outs[0, known[0]].tobytes() == outs[1, known[0]].tobytes()


def test_a_branch_that_is_not_taken_cannot_spoil_a_derivative() -> None:
    tape = Tape({"x": 0, "y": 1, "z": 2}, {"p": 0})
    node = tape.convert(where(sp.Gt(X, 0), sp.log(X), X))
    out = run([Store(tape.derivatives(node)[0, 0], 0)], tape, "llvm", np.zeros((2, 3)), np.zeros(1))
    assert out[0] == 1.0


def test_equal_terms_cancel_in_a_difference() -> None:
    tape = Tape({"x": 0, "y": 1, "z": 2}, {"p": 0})
    assert tape.difference(tape.convert(X), tape.convert(X - Y)) == tape.convert(Y)


def test_an_unknown_function_is_refused_by_name() -> None:
    with pytest.raises(ExpressionError, match="besselj"):
        Tape({"x": 0}, {}).convert(sp.besselj(0, X))
