"""The dimensional check against units worked out by hand, and its messages."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.dimensions import DimensionError, Mismatch, check_dimensions, dimension_faults, equation_units, unit_of
from model.language.equation import Equation, Hidden, complementarity
from model.language.symbols import Parameter, Variable, absolute, hypotenuse, logistic, maximum, minimum, softplus, where
from model.language.system import System
from model.language.units import FLOW, ONE, RATE, USD, YEAR, Unit

V, W = Variable("V", USD), Variable("W", USD)
S = Variable("S", FLOW)
R = Variable("R", RATE)
Q = Variable("Q", ONE)
DT = Variable("dt", YEAR)
K = Parameter("k", ONE)
B = Parameter("b", RATE)


def identity(name: str, left: Any, right: Any) -> Equation:
    return Equation(name, left, right, kind="identity")


def system(*equations: Equation, hidden: tuple[Hidden, ...] = ()) -> System:
    return System("test", equations, (S, R, Q, DT, W), hidden)


FITTING = {
    "accumulation": V(-1) + S * DT,
    "interest": V(-1) * (1 + R(-1) * DT),
    "decay": V(-1) * sp.exp(-B * DT) + W,
    "zero fits any unit": where(sp.Gt(V(-1), 0), W, 0),
    "minimum": minimum(V(-1), maximum(W, 0)),
    "root of a square": sp.sqrt(V(-1) * W),
    "power of a ratio": W * (V(-1) / W) ** K,
    "logarithm of a ratio": W * sp.log(V(-1) / W),
    "softplus": softplus(V(-1) - W, 0.1 * W),
    "logistic": W * logistic(R - B, B),
    "hypotenuse": hypotenuse(V(-1), W),
    "absolute": absolute(-W) + sp.Abs(W),
    "conditions": where(sp.And(sp.Gt(R, B), sp.Le(V(-1), W)) | sp.Eq(Q, 1), V(-1), W),
    "constants": W * (sp.Rational(1, 3) + 2.5 * Q - sp.pi),
    "cubic": W**3 / V(-1) ** 2,
    "zero coefficient": 0 * S + W,
    "a plain zero": sp.Integer(0),
    "flow by a rate": S / B,
}


@pytest.mark.parametrize("name", FITTING)
def test_fits(name: str) -> None:
    assert dimension_faults(system(identity("e", V, FITTING[name]))) == []


FAULTS = {
    "flow added to stock": (
        V(-1) + S,
        "terms S [USD bn / yr] and V(-1) [USD bn] have different units (left side V [USD bn])",
    ),
    "flow for a stock": (S, "left side V has unit [USD bn], right side S has unit [USD bn / yr]"),
    "number added": (W + 1, "terms W [USD bn] and 1 [1] have different units (left side V [USD bn])"),
    "exponential": (W * sp.exp(R), "the argument of exp, R, has unit [1 / yr] where a pure number is needed (left side V [USD bn])"),
    "logarithm": (W * sp.log(V(-1)), "the argument of log, V(-1), has unit [USD bn] where a pure number is needed (left side V [USD bn])"),
    "tanh": (W * sp.tanh(DT), "the argument of tanh, dt, has unit [yr] where a pure number is needed (left side V [USD bn])"),
    "exponent with a unit": (W**R, "an exponent, R, has unit [1 / yr] where a pure number is needed (left side V [USD bn])"),
    "variable power": (
        W**K,
        "W [USD bn] is raised to k, which is not a constant; divide it by a reference first (left side V [USD bn])",
    ),
    "where": (
        where(sp.Gt(Q, 1), W, S),
        "values of where W [USD bn] and S [USD bn / yr] have different units (left side V [USD bn])",
    ),
    "condition": (
        where(sp.Gt(R, Q), W, 0),
        "sides of a comparison R [1 / yr] and Q [1] have different units (left side V [USD bn])",
    ),
    "minimum": (minimum(W, S), "arguments of minimum W [USD bn] and S [USD bn / yr] have different units (left side V [USD bn])"),
    "hypotenuse": (
        hypotenuse(W, R),
        "arguments of hypotenuse W [USD bn] and R [1 / yr] have different units (left side V [USD bn])",
    ),
    "softplus": (softplus(W, R), "arguments of softplus W [USD bn] and R [1 / yr] have different units (left side V [USD bn])"),
    "logistic": (W * logistic(R, Q), "arguments of logistic R [1 / yr] and Q [1] have different units (left side V [USD bn])"),
    "unknown function": (
        W * sp.gamma(Q),
        "gamma(Q) has no dimensional rule; write it with the functions that equations may use (left side V [USD bn])",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    right, message = FAULTS[name]
    faults = dimension_faults(system(identity("saving", V, right)))
    assert [str(f) for f in faults] == [f"equation 'saving': {message}"]


def test_all_faults_are_collected() -> None:
    wrong = system(identity("one", V, S), identity("two", Variable("X", RATE), R * DT), identity("three", Variable("Z"), Q))
    with pytest.raises(DimensionError) as caught:
        check_dimensions(wrong)
    assert str(caught.value) == (
        "2 equations of 'test' with inconsistent units:\n"
        "  - equation 'one': left side V has unit [USD bn], right side S has unit [USD bn / yr]\n"
        "  - equation 'two': left side X has unit [1 / yr], right side R*dt has unit [1]"
    )
    assert [(f.equation, f.left, f.right) for f in caught.value.faults] == [("one", "USD bn", "USD bn / yr"), ("two", "1 / yr", "1")]


def test_hidden_identities_are_checked() -> None:
    fault = dimension_faults(system(identity("e", V, W), hidden=(Hidden("balance", V - S),)))
    assert [f.equation for f in fault] == ["balance"]


def test_complementarity_compares_like_with_like() -> None:
    width, scale = Parameter("sigma", RATE), Parameter("depth", USD / RATE)
    right = complementarity("limit", V, slack=R - B, width=width, scale=scale)
    assert dimension_faults(system(right)) == []
    bounded = complementarity("limit", V, slack=R - B, width=width, scale=scale, upper=W)
    assert dimension_faults(system(bounded)) == []
    wrong = complementarity("limit", V, slack=R - B, width=width, scale=sp.Integer(1))
    assert len(dimension_faults(system(wrong))) == 1


def test_units_of_expressions() -> None:
    e = identity("e", S, R * V(-1))
    assert equation_units(e, system(e)) == (FLOW, FLOW)
    assert unit_of(V / S, system(e)) == YEAR
    assert unit_of(sp.Integer(0), system(e)) is None
    with pytest.raises(Mismatch):
        unit_of(V + S, system(e))


exponents = st.fractions(-3, 3, max_denominator=4)
units = st.builds(Unit, exponents, exponents)


@settings(deadline=None)
@given(units, units, units)
def test_units_form_a_group(a: Unit, b: Unit, c: Unit) -> None:
    assert (a * b) * c == a * (b * c)
    assert a * b == b * a
    assert a / a == ONE
    assert (a / b) * b == a
    assert (a * b) ** Fraction(2, 3) == a ** Fraction(2, 3) * b ** Fraction(2, 3)


@settings(deadline=None)
@given(st.lists(st.tuples(units, st.integers(-3, 3)), min_size=1, max_size=6))
def test_unit_of_a_product_of_powers(factors: list[tuple[Unit, int]]) -> None:
    """Exponents add up, as in any textbook of physics."""
    symbols = [Variable(f"dimension_{i}_{u.usd}_{u.year}", u) for i, (u, _) in enumerate(factors)]
    expression = sp.Mul(*(s**n for s, (_, n) in zip(symbols, factors, strict=True)))
    expected = Unit(sum((u.usd * n for u, n in factors), Fraction(0)), sum((u.year * n for u, n in factors), Fraction(0)))
    assert unit_of(expression, system()) == expected


def test_a_unit_reads_well() -> None:
    assert [str(u) for u in (ONE, USD, FLOW, RATE, USD**2 / YEAR**3, USD ** Fraction(1, 2))] == [
        "1",
        "USD bn",
        "USD bn / yr",
        "1 / yr",
        "USD bn^2 / yr^3",
        "USD bn^1/2",
    ]
