"""What a syntax tree means: a sympy expression over a system's symbols, or a number.

Both readings use the same closed list of functions. Constants are folded in double precision as they arise, so that
no expression holds a symbolic number and a division by zero is reported where it stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from model.language.symbols import Parameter, Variable, absolute, maximum, minimum, where
from model.textmodel.linear import negative, product, total
from model.textmodel.syntax import Call, Comparison, Junction, Name, Negation, Negative, Node, Number, Power, Series
from model.textmodel.tokens import Line

Relation = Callable[[float, float], bool]
EXACT = 2**53
RELATIONS: dict[str, Any] = {"<": sp.StrictLessThan, "<=": sp.LessThan, ">": sp.StrictGreaterThan, ">=": sp.GreaterThan, "==": sp.Equality}
FIGURES: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "tanh": math.tanh,
    "min": min,
    "max": max,
}


def fold(line: Line, at: int, compute: Callable[[], float]) -> float:
    """The value of a constant operation, or an error at the operator."""
    try:
        value = compute()
    except ZeroDivisionError:
        raise line.error("a division by zero", "the divisor has to differ from zero", at) from None
    except OverflowError:
        raise line.error("a constant too large for double precision", "numbers are below 1.8e308", at) from None
    except ValueError:
        allowed = "log takes positive numbers, sqrt numbers from 0, a negative base whole powers, 0 positive powers"
        raise line.error("a constant outside the function's domain", allowed, at) from None
    if math.isinf(value):
        raise line.error("a constant too large for double precision", "numbers are below 1.8e308", at)
    return value


def power(base: float, exponent: float) -> float:
    """``base**exponent`` in double precision; exact for whole numbers that fit."""
    return math.pow(base, exponent)


def compare(operator: str, a: float, b: float) -> bool:
    """One comparison of two numbers."""
    table: dict[str, bool] = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b}
    return table[operator]


class Figure:
    """The value of trees under known numbers.

    Parameters
    ----------
    line
        Where the tree stands; errors point into it.
    value
        Gives the number of a name; raises where there is none.
    """

    def __init__(self, line: Line, value: Callable[[Name], float]) -> None:
        self.line, self.value = line, value

    def of(self, node: Node) -> float:
        """The number that the tree evaluates to."""
        match node:
            case Number():
                return float(node.value)
            case Name():
                return self.value(node)
            case Negative():
                return -self.of(node.operand)
            case Series():
                total = self.of(node.first)
                for operator, operand in node.rest:
                    total = self.step(operator, total, self.of(operand), node.at)
                return total
            case Power():
                base, exponent = self.of(node.base), self.of(node.exponent)
                return fold(self.line, node.at, lambda: power(base, exponent))
            case Call(function="where"):
                condition, a, b = node.arguments
                return self.of(a) if self.holds(condition) else self.of(b)
            case Call():
                arguments = [self.of(a) for a in node.arguments]
                return fold(self.line, node.at, lambda: FIGURES[node.function](*arguments))
            case _:
                return float(self.holds(node))

    def step(self, operator: str, a: float, b: float, at: int) -> float:
        """One operation of a sum or a product."""
        compute: dict[str, Callable[[], float]] = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}
        return fold(self.line, at, compute[operator])

    def holds(self, node: Node) -> bool:
        """The truth of a condition."""
        match node:
            case Comparison():
                return compare(node.operator, self.of(node.left), self.of(node.right))
            case Junction():
                truths = [self.holds(o) for o in node.operands]
                return all(truths) if node.word == "and" else any(truths)
            case Negation():
                return not self.holds(node.operand)
            case _:
                return self.of(node) != 0


class Builder:
    """sympy expressions of trees.

    Parameters
    ----------
    symbols
        Parameter or variable of each name.
    """

    def __init__(self, symbols: Mapping[str, Variable | Parameter]) -> None:
        self.symbols = symbols
        self.timed: dict[tuple[str, int], sp.Expr] = {}

    def of(self, node: Node, line: Line) -> sp.Expr:
        """The tree as an expression over the symbols."""
        match node:
            case Number():
                return sp.Integer(node.value) if isinstance(node.value, int) else sp.Float(node.value)
            case Name():
                return self.symbol(node)
            case Negative():
                return negative(self.of(node.operand, line))
            case Series():
                return self.series(node, line)
            case Power():
                return self.power(node, line)
            case Call():
                return self.call(node, line)
            case _:
                return self.condition(node, line)

    def symbol(self, node: Name) -> sp.Expr:
        """The symbol of a name at its offset."""
        key = (node.name, node.offset)
        if key not in self.timed:
            symbol = self.symbols[node.name]
            self.timed[key] = symbol(node.offset) if isinstance(symbol, Variable) and node.offset else symbol
        return self.timed[key]

    def series(self, node: Series, line: Line) -> sp.Expr:
        """A sum or a product."""
        parts = [self.of(node.first, line)]
        for operator, operand in node.rest:
            part = self.of(operand, line)
            if operator == "-":
                part = negative(part)
            elif operator == "/":
                if part == 0:
                    raise line.error("a division by zero", "the divisor has to differ from zero", node.at)
                part = sp.Pow(part, sp.S.NegativeOne, evaluate=not part.is_Add)
            parts.append(part)
        return self.finite(total(parts) if node.additive else product(parts), line, node.at)

    def power(self, node: Power, line: Line) -> sp.Expr:
        """A power; half powers of symbols stay powers."""
        base, exponent = self.of(node.base, line), self.of(node.exponent, line)
        if exponent.is_Float and float(2 * exponent).is_integer() and abs(exponent) < EXACT:
            exponent = sp.Rational(int(2 * exponent), 2)
        if base.is_Number and exponent.is_Number:
            return self.constant(fold(line, node.at, lambda: power(float(base), float(exponent))))
        plain = exponent.is_Integer or base.is_Symbol
        return self.finite(sp.Pow(base, exponent) if plain else sp.Pow(base, exponent, evaluate=False), line, node.at)

    def call(self, node: Call, line: Line) -> sp.Expr:
        """A function of the list."""
        if node.function == "where":
            condition, a, b = node.arguments
            return where(self.condition(condition, line), self.of(a, line), self.of(b, line))
        arguments = [self.of(a, line) for a in node.arguments]
        if all(a.is_Number for a in arguments):
            return self.constant(fold(line, node.at, lambda: FIGURES[node.function](*(float(a) for a in arguments))))
        first = arguments[0]
        match node.function:
            case "exp":
                return sp.exp(first, evaluate=False)
            case "log":
                return sp.log(first, evaluate=False)
            case "tanh":
                return sp.tanh(first, evaluate=False)
            case "sqrt":
                return sp.Pow(first, sp.Rational(1, 2), evaluate=False)
            case "abs":
                return absolute(first)
        pick = minimum if node.function == "min" else maximum
        for other in arguments[1:]:
            first = pick(first, other)
        return first

    def condition(self, node: Node, line: Line) -> Any:
        """A sympy condition; one between constants is decided."""
        match node:
            case Comparison():
                left, right = self.of(node.left, line), self.of(node.right, line)
                if left.is_Number and right.is_Number:
                    return sp.true if compare(node.operator, float(left), float(right)) else sp.false
                return RELATIONS[node.operator](left, right, evaluate=False)
            case Junction():
                parts = [self.condition(o, line) for o in node.operands]
                return sp.And(*parts) if node.word == "and" else sp.Or(*parts)
            case Negation():
                return sp.Not(self.condition(node.operand, line))
            case _:
                raise line.error("a number where a condition is needed", "conditions compare two expressions with < <= > >= ==", 1)

    def constant(self, value: float) -> sp.Expr:
        """A number as sympy holds it: whole where it is whole."""
        return sp.Integer(int(value)) if float(value).is_integer() and abs(value) < EXACT else sp.Float(value)

    def finite(self, expression: sp.Expr, line: Line, at: int) -> sp.Expr:
        """The expression itself, unless it is a number that double precision cannot hold."""
        if not expression.args and expression.is_number:
            fold(line, at, lambda: float(expression))
        return expression
