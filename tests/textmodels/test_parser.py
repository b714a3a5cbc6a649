"""The expression parser: Python's own arithmetic as oracle, round trips, and garbage that must end in the one error type."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import mpmath  # type: ignore[import-untyped]
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.language.symbols import Variable, absolute, maximum, minimum, where
from model.textmodel import TextModelError, parse, parse_text_model, show
from model.textmodel.meaning import Builder, Figure
from model.textmodel.syntax import (
    Call,
    Comparison,
    Junction,
    Name,
    Negation,
    Negative,
    Node,
    Number,
    Power,
    Series,
    names,
)
from model.textmodel.tokens import Line

VALUES = {"a": 1.25, "b": -0.5, "c1": 3.0, "N": 0.75, "S": 2.0, "lambda": 0.3, "beta_2": -2.0}
numbers = st.one_of(st.integers(0, 50).map(Number), st.floats(0.0078125, 64.0, allow_subnormal=False).map(Number))
variables = st.sampled_from(sorted(VALUES)).map(Name)


def timed(name: Name) -> st.SearchStrategy[Node]:
    return st.sampled_from((0, -1, -2, 1)).map(lambda offset: Name(name.name, offset))


def larger(inner: st.SearchStrategy[Any], level: int = 0) -> st.SearchStrategy[Any]:
    sums = st.builds(Series, inner, st.lists(st.tuples(st.sampled_from("+-"), inner), min_size=1, max_size=3).map(tuple))
    products = st.builds(Series, inner, st.lists(st.tuples(st.sampled_from("*/"), inner), min_size=1, max_size=3).map(tuple))
    comparison = st.builds(Comparison, st.sampled_from(("<", "<=", ">", ">=", "==")), inner, inner)
    pairs = st.tuples(comparison, comparison)
    condition = st.one_of(comparison, st.builds(Negation, comparison), st.builds(Junction, st.sampled_from(("and", "or")), pairs))
    nested = st.builds(Junction, st.sampled_from(("and", "or")), st.tuples(condition, st.builds(Negation, condition), condition))
    return st.one_of(
        sums,
        products,
        st.builds(Negative, inner),
        st.builds(Power, inner, inner),
        st.builds(lambda f, a: Call(f, (a,)), st.sampled_from(("exp", "log", "sqrt", "abs", "tanh")), inner),
        st.builds(lambda f, a: Call(f, tuple(a)), st.sampled_from(("min", "max")), st.lists(inner, min_size=2, max_size=4)),
        st.builds(lambda k, a, b: Call("where", (k, a, b)), st.one_of(condition, nested), inner, inner),
    )


trees = st.recursive(st.one_of(numbers, variables), larger, max_leaves=12)
timed_trees = st.recursive(st.one_of(numbers, variables.flatmap(timed)), larger, max_leaves=12)


@settings(deadline=None)
@given(timed_trees)
def test_what_is_printed_is_parsed_back(tree: Node) -> None:
    assert parse(show(tree)) == tree


@settings(deadline=None)
@given(timed_trees)
def test_positions_point_at_names(tree: Node) -> None:
    text = show(tree)
    for name in names(parse(text)):
        assert text[name.at - 1 :].startswith(name.name)


BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}
ORDER = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq}


class Undefined(ArithmeticError):
    """No real value."""


def by_python(text: str, real: Any, functions: Any) -> Any:
    """The value of the text by Python's own grammar, in the arithmetic of a number type."""

    def real_only(value: Any) -> Any:
        if isinstance(value, complex | mpmath.mpc) or not mpmath.isfinite(value):
            raise Undefined
        return value

    def value(node: ast.AST) -> Any:
        match node:
            case ast.Constant():
                return real(node.value)
            case ast.Name():
                return real(VALUES["lambda" if node.id == "lambda_" else node.id])
            case ast.BinOp():
                return real_only(BINARY[type(node.op)](value(node.left), value(node.right)))
            case ast.UnaryOp(op=ast.Not()):
                return not value(node.operand)
            case ast.UnaryOp():
                return -value(node.operand)
            case ast.Compare():
                return ORDER[type(node.ops[0])](value(node.left), value(node.comparators[0]))
            case ast.BoolOp():
                truths = [value(v) for v in node.values]
                return all(truths) if isinstance(node.op, ast.And) else any(truths)
            case ast.Call(func=ast.Name(id="where")):
                condition, a, b = (value(v) for v in node.args)
                return a if condition else b
            case ast.Call(func=ast.Name(id="abs" | "min" | "max" as name)):
                plain: dict[str, Callable[..., Any]] = {"abs": abs, "min": min, "max": max}
                return plain[name](*(value(v) for v in node.args))
            case ast.Call(func=ast.Name(id=name)):
                return real_only(getattr(functions, name)(*(value(v) for v in node.args)))
        raise AssertionError(ast.dump(node))

    try:
        return value(ast.parse(text.replace("lambda", "lambda_"), mode="eval").body)
    except (ValueError, ZeroDivisionError, OverflowError, ArithmeticError):
        return None


@settings(deadline=None)
@given(trees)
@example(parse("-a**2"))
@example(parse("2**-b**2"))
@example(parse("a - b - c1/N/S*2"))
@example(parse("--a*-b"))
@example(parse("where(not a < b and c1 == 3 or N > S, 1, 2)"))
def test_values_are_those_of_the_same_text_in_python(tree: Node) -> None:
    text = show(tree)
    expected = by_python(text, float, math)
    try:
        value = Figure(Line("t.txt", 1, text), lambda n: VALUES[n.name]).of(parse(text))
    except TextModelError:
        assert expected is None
        return
    assert expected is None or value == pytest.approx(expected, rel=1e-12, abs=1e-300)


@settings(deadline=None)
@given(trees)
@example(parse("(a**2)**0.5 + sqrt(b**2*c1) + (b**2)**1.5"))
@example(parse("exp(2*log(a)) - 2*(a + b)*(a - 0.5)/a"))
def test_expression_has_the_value_of_the_same_text_in_python(tree: Node) -> None:
    """The sympy expression at 50 digits against Python's grammar at 50 digits, wherever double precision resolves the value."""
    text = show(tree)
    try:
        expression = Builder({n: Variable(n) for n in VALUES}).of(tree, Line("t.txt", 1, text))
    except TextModelError:
        return
    rough = by_python(text, float, math)
    with mpmath.workdps(50):
        exact = by_python(text, mpmath.mpf, mpmath)
    if rough is None or exact is None or abs(rough - exact) > 1e-11 * abs(exact):
        return
    point = {Variable(n): sp.Float(v, 50) for n, v in VALUES.items()}
    table: dict[Any, Any] = {absolute: sp.Abs, minimum: sp.Min, maximum: sp.Max, where: lambda k, a, b: a if k == sp.true else b}

    def value(e: Any) -> Any:
        if e in point:
            return point[e]
        if not e.args:
            return e if e.is_Boolean else sp.Float(e, 50)
        return table.get(e.func, e.func)(*(value(a) for a in e.args))

    assert abs(value(expression) - sp.Float(exact, 50)) <= 1e-8 * abs(sp.Float(exact, 50))


CHARACTERS = st.text(st.one_of(st.sampled_from("abxY019.eE+-*/()<>=,:#[] \t\n"), st.characters()), max_size=60)
PIECES = """[equations] [parameters] [initial] [shock] [identity] [model] [exogenous] Y C a = = from to 1 5 : ( ) (-1) (+1) + - * / **
exp( where( min( , < and not 0.5 1e3 # if lambda __import__ 0"""
WORDS = st.lists(st.sampled_from([*PIECES.split(), "\n", "\n", "\n"]), max_size=40).map(" ".join)


def fault(read: Callable[[], object]) -> TextModelError | None:
    """The error that reading ends in, or None; any other exception passes through."""
    try:
        read()
    except TextModelError as error:
        return error
    return None


@settings(deadline=None)
@given(st.one_of(CHARACTERS, WORDS))
@example("[equations]\nY = __import__('os')")
@example("[equations]\nY = Y.__class__")
@example("[equations]\nY = 1" + "0" * 5000)
@example("[equations]\nY = 10**10**10**10")
@example("[equations]\nY = " + "-" * 5000 + "1")
@example("[equations]\nY = " + "(" * 100_000)
@example("[equations]\nY = " + "1+" * 20_000 + "1")
@example("[equations]\nY = " + "2**" * 5000 + "1")
@example("[equations]\nY = where(1 == 1, 2, 3)")
@example("[equations]\nY = 0**-1*Y(-1)")
@example("[equations]\nY = (-8)**(1/3)")
@example("[equations]\nY = 0**Y(-1)\nZ = sqrt(-2*Y)**2 + (Y**2)**0.5")
@example("[equations]\n²=1")
@example("[equations]\nY = ²")
@example("[shock]\nfrom ²: Y = 1\n[equations]\nY=1")
@example("[shock]\nfrom 99999999999999999999999: a = 1\n[equations]\nY=a\n[parameters]\na=1")
@example("\ufeff[equations]\nY = 1\x00")
@example("[equations]\r\nY = 1\rZ = 2")
def test_garbage_ends_in_the_one_error_type(text: str) -> None:
    error = fault(lambda: parse_text_model(text, "g.txt"))
    if error is not None:
        assert str(error).startswith("g.txt")
        assert error.line == 0 or 1 <= error.column <= len(error.source) + 1


@settings(deadline=None)
@given(st.text(st.sampled_from("abxY019.eE+-*/()<>= ,"), max_size=40))
def test_garbage_expressions_end_in_the_one_error_type(text: str) -> None:
    error = fault(lambda: parse(text))
    assert error is None or error.line == 1


def test_textbook_letters_are_plain_names() -> None:
    """Names that mean something to sympy or to Python mean nothing here."""
    model = parse_text_model(
        "[equations]\nI = E + N*S - pi/Q(-1)\nlambda = beta + gamma\nin = is\n[exogenous]\n"
        + "\n".join(f"{n} = 2" for n in ("E", "N", "S", "pi", "Q", "beta", "gamma", "is"))
    )
    assert {str(s) for s in model.system.equations[0].right.free_symbols} == {"E", "N", "S", "pi", "Q(-1)"}
    assert model.order == ("I", "lambda", "in")


def test_unicode_names() -> None:
    model = parse_text_model("[equations]\nα_1 = 0.5*α_1(-1) + Größe\n[exogenous]\nGröße = 2\n")
    assert model.order == ("α_1",)
