"""A tape is an expression as a list of elementary operations, each used once.

Equations (sympy) become nodes of one shared tape; equal sub-expressions become one node. A node knows its exact
derivatives (forward mode, sparse) and its magnitude, the sum of the sizes of its additive terms, to which a residual
is compared. Nothing depends on hash order: nodes are numbered in the order in which they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import sympy as sp

from model.compiler.rules import RULES, Node
from model.language.symbols import Parameter, Variable, absolute, hypotenuse, logistic, maximum, minimum, softplus, where

Op = tuple[Any, ...]
Load = tuple[int, int]
Derivatives = Callable[[Node], dict[Load, Node]]

_UNARY = {sp.exp: "exp", sp.log: "log", sp.tanh: "tanh", sp.sin: "sin", sp.cos: "cos", sp.Abs: "abs", absolute: "abs"}
_COMPARE = {
    sp.StrictLessThan: "lt",
    sp.LessThan: "le",
    sp.StrictGreaterThan: "gt",
    sp.GreaterThan: "ge",
    sp.Equality: "eq",
    sp.Unequality: "ne",
}
_BINARY = {minimum: "min", maximum: "max", softplus: "softplus", logistic: "logistic", hypotenuse: "hypot"}
_LARGEST_INTEGER_POWER = 32


class ExpressionError(ValueError):
    """An expression that uses something equations cannot contain."""


class Tape:
    """Operations with common sub-expressions shared.

    Parameters
    ----------
    columns
        Column of each variable in a row.
    parameters
        Position of each parameter.
    """

    def __init__(self, columns: dict[str, int], parameters: dict[str, int]) -> None:
        self.columns = columns
        self.parameters = parameters
        self.ops: list[Op] = []
        self._index: dict[Op, Node] = {}
        self._converted: dict[Any, Node] = {}
        self._derivatives: dict[Node, dict[Load, Node]] = {}
        self._slopes: dict[Node, dict[Load, Node]] = {}
        self._magnitudes: dict[Node, Node] = {}
        self._plain: dict[Node, bool] = {}
        self._loads: dict[Node, frozenset[Load]] = {}
        self.zero = self.const(0.0)
        self.one = self.const(1.0)

    def _node(self, *op: Any) -> Node:
        found = self._index.get(op)
        if found is None:
            found = self._index[op] = len(self.ops)
            self.ops.append(op)
        return found

    def value_of(self, node: Node) -> float | None:
        """The number, where the node is a constant."""
        op = self.ops[node]
        return float(op[1]) if op[0] == "const" else None

    def const(self, value: float) -> Node:
        """A number."""
        return self._node("const", float(value) + 0.0)

    def load(self, column: int, offset: int) -> Node:
        """A variable's value ``offset`` rows from the current one."""
        return self._node("load", column, offset)

    def neg(self, a: Node) -> Node:
        """The opposite, −a."""
        op = self.ops[a]
        if op[0] == "const":
            return self.const(-op[1])
        return op[1] if op[0] == "neg" else self._node("neg", a)

    def add(self, terms: Sequence[Node]) -> Node:
        """The sum, from left to right."""
        kept = [t for t in terms if t != self.zero]
        if all(self.ops[t][0] == "const" for t in kept):
            return self.const(sum(self.ops[t][1] for t in kept))
        return kept[0] if len(kept) == 1 else self._node("add", *kept)

    def mul(self, factors: Sequence[Node]) -> Node:
        """The product, from left to right."""
        if self.zero in factors:
            return self.zero
        sign = 1.0
        kept: list[Node] = []
        for factor in factors:
            op = self.ops[factor]
            if op[0] == "const" and op[1] in (1.0, -1.0):
                sign *= op[1]
            elif op[0] == "neg":
                sign, kept = -sign, [*kept, op[1]]
            else:
                kept.append(factor)
        product = self.one if not kept else kept[0] if len(kept) == 1 else self._node("mul", *kept)
        return product if sign > 0 else self.neg(product)

    def div(self, a: Node, b: Node) -> Node:
        """The quotient a / b."""
        if b == self.one or a == self.zero:
            return a
        if self.ops[a][0] == "neg":
            return self.neg(self.div(self.ops[a][1], b))
        return self._node("div", a, b)

    def power(self, a: Node, n: int) -> Node:
        """The power of a to a positive whole power, by repeated squaring."""
        if n == 1:
            return a
        half = self.power(a, n // 2)
        square = self.mul([half, half])
        return square if n % 2 == 0 else self.mul([square, a])

    def unary(self, name: str, a: Node) -> Node:
        """A function of one argument."""
        if name == "abs":
            value = self.value_of(a)
            if value is not None:
                return self.const(abs(value))
            if self.ops[a][0] == "abs":
                return a
            if self.ops[a][0] == "neg":
                return self.unary("abs", self.ops[a][1])
        return self._node(name, a)

    def binary(self, name: str, a: Node, b: Node) -> Node:
        """A function or comparison of two arguments."""
        return self._node(name, a, b)

    def select(self, condition: Node, a: Node, b: Node) -> Node:
        """The choice of a where the condition holds, else b."""
        return a if a == b else self._node("select", condition, a, b)

    # -- from sympy ------------------------------------------------------------------------------------------------

    def convert(self, expression: Any) -> Node:
        """The node of a sympy expression.

        Raises
        ------
        ExpressionError
            A function or symbol that equations cannot contain.
        """
        known = self._converted.get(expression)
        if known is None:
            known = self._converted[expression] = self._convert(expression)
        return known

    def _convert(self, e: Any) -> Node:
        if isinstance(e, Variable):
            return self.load(self.columns[e.base], e.time)
        if isinstance(e, Parameter):
            return self._node("par", self.parameters[e.name])
        if e.is_Number or e.is_NumberSymbol:
            return self.const(float(e))
        if e.is_Add:
            return self.add([self.convert(a) for a in e.args])
        if e.is_Mul:
            return self._convert_product(e)
        if isinstance(e, sp.Pow):
            return self._convert_power(e.base, e.exp)
        kind = type(e)
        if kind in _UNARY:
            return self.unary(_UNARY[kind], self.convert(e.args[0]))
        if kind in _COMPARE:
            return self.binary(_COMPARE[kind], self.convert(e.args[0]), self.convert(e.args[1]))
        if kind in _BINARY:
            return self.binary(_BINARY[kind], self.convert(e.args[0]), self.convert(e.args[1]))
        if kind is where:
            return self.select(*(self.convert(a) for a in e.args))
        return self._convert_rare(e)

    def _convert_rare(self, e: Any) -> Node:
        if e in (sp.true, sp.false):
            return self._node("bool", bool(e))
        fold: dict[Any, str] = {sp.And: "and", sp.Or: "or", sp.Max: "max", sp.Min: "min"}
        if type(e) in fold:
            parts = [self.convert(a) for a in sorted(e.args, key=sp.default_sort_key)]
            return reduce(lambda a, b: self.binary(fold[type(e)], a, b), parts)
        if type(e) is sp.Not:
            return self._node("not", self.convert(e.args[0]))
        if type(e) is sp.Piecewise:
            result = self.const(float("nan"))
            for value, condition in reversed(e.args):
                chosen = self.convert(value)
                result = chosen if condition == sp.true else self.select(self.convert(condition), chosen, result)
            return result
        raise ExpressionError(f"an equation cannot contain {e} ({type(e).__name__})")

    def _convert_product(self, e: Any) -> Node:
        above: list[Node] = []
        below: list[Node] = []
        for factor in e.args:
            if factor.is_Rational:
                if factor.p != 1:
                    above.append(self.const(float(factor.p)))
                if factor.q != 1:
                    below.append(self.const(float(factor.q)))
            elif isinstance(factor, sp.Pow) and factor.exp.is_Number and factor.exp.is_negative:
                below.append(self._convert_power(factor.base, -factor.exp))
            else:
                above.append(self.convert(factor))
        top = self.mul(above)
        return self.div(top, self.mul(below)) if below else top

    def _convert_power(self, base: Any, exponent: Any) -> Node:
        a = self.convert(base)
        if exponent.is_Number and exponent.is_negative:
            return self.div(self.one, self._convert_power(base, -exponent))
        if exponent.is_Integer and exponent <= _LARGEST_INTEGER_POWER:
            return self.power(a, int(exponent))
        if exponent == sp.Rational(1, 2):
            return self.unary("sqrt", a)
        return self.binary("pow", a, self.convert(exponent))

    def terms(self, node: Node, sign: int = 1) -> list[tuple[int, Node]]:
        """The additive terms of a node with their signs."""
        op = self.ops[node]
        if op[0] == "neg":
            return self.terms(op[1], -sign)
        if op[0] == "add":
            return [pair for term in op[1:] for pair in self.terms(term, sign)]
        return [] if node == self.zero else [(sign, node)]

    def difference(self, a: Node, b: Node) -> Node:
        """The difference a − b as one sum in which equal terms cancel."""
        counts: dict[Node, int] = {}
        for sign, term in self.terms(a) + self.terms(b, -1):
            counts[term] = counts.get(term, 0) + sign
        signed = [(term, n) for term, n in counts.items() if n]
        return self.add([term if n == 1 else self.mul([self.const(n), term]) for term, n in signed])

    def loads(self, node: Node) -> frozenset[Load]:
        """Every (column, offset) that a node reads."""
        known = self._loads.get(node)
        if known is None:
            op = self.ops[node]
            if op[0] == "load":
                known = frozenset([(op[1], op[2])])
            elif op[0] in ("const", "par", "bool"):
                known = frozenset()
            else:
                known = frozenset().union(*(self.loads(c) for c in op[1:]))
            self._loads[node] = known
        return known

    # -- derivatives -----------------------------------------------------------------------------------------------

    def derivatives(self, node: Node) -> dict[Load, Node]:
        """Exact partial derivatives by the loads on which the node depends, structural zeros left out."""
        known = self._derivatives.get(node)
        if known is None:
            op = self.ops[node]
            known = {(op[1], op[2]): self.one} if op[0] == "load" else self._totals(op, node, self.derivatives)
            self._derivatives[node] = known
        return known

    def slopes(self, node: Node) -> dict[Load, Node]:
        """Exact partial derivatives by the parameters on which the node depends, keyed (position, 0)."""
        known = self._slopes.get(node)
        if known is None:
            op = self.ops[node]
            known = {(op[1], 0): self.one} if op[0] == "par" else self._totals(op, node, self.slopes)
            self._slopes[node] = known
        return known

    def _totals(self, op: Op, node: Node, of: Derivatives) -> dict[Load, Node]:
        sums = {load: self.add(part) for load, part in self._differentiate(op, node, of).items()}
        return {load: total for load, total in sums.items() if total != self.zero}

    def _differentiate(self, op: Op, node: Node, of: Derivatives) -> dict[Load, list[Node]]:
        name, result = op[0], dict[Load, list[Node]]()

        def chain(argument: Node, factor: Callable[[], Node]) -> None:
            inner = of(argument)
            if inner:
                outer = factor()
                for load, d in inner.items():
                    result.setdefault(load, []).append(d if outer == self.one else self.mul([outer, d]))

        if name == "add":
            for term in op[1:]:
                chain(term, lambda: self.one)
        elif name == "mul":
            for i, factor in enumerate(op[1:]):
                others = [f for j, f in enumerate(op[1:]) if j != i]
                chain(factor, lambda others=others: self.mul(others))  # type: ignore[misc]
        elif name in ("select", "min", "max"):
            return self._differentiate_choice(op, of)
        elif name in RULES:
            for argument, rule in zip(op[1:], RULES[name], strict=True):
                chain(argument, lambda rule=rule: rule(self, node, *op[1:]))  # type: ignore[misc]
        return result

    def _differentiate_choice(self, op: Op, of: Derivatives) -> dict[Load, list[Node]]:
        condition, a, b = self._choice(op)
        da, db = of(a), of(b)
        loads = list(da) + [load for load in db if load not in da]
        return {load: [self.select(condition, da.get(load, self.zero), db.get(load, self.zero))] for load in loads}

    def _choice(self, op: Op) -> tuple[Node, Node, Node]:
        if op[0] == "select":
            return op[1], op[2], op[3]
        name = ("lt" if self.rises_at_tie(op) else "le") if op[0] == "min" else ("ge" if self.rises_at_tie(op) else "gt")
        return self.binary(name, op[1], op[2]), op[1], op[2]

    def rises_at_tie(self, op: Op) -> bool:
        """Whether ``min`` and ``max`` have at equal arguments the derivative of a growing difference of first and second.

        They take the first of equals; of an expression and a number the side on which the expression, its leading sign
        made positive, exceeds the number: max(x, 0), max(-x, 0), min(x, 0) and |x| are then on one side together.
        """
        if self.value_of(op[2]) is not None:
            return self.leads(op[1])
        if self.value_of(op[1]) is not None:
            return not self.leads(op[2])
        return bool(op[0] == "max")

    def leads(self, node: Node) -> bool:
        """Whether the oldest term of a sum has a positive sign."""
        op = self.ops[node]
        if op[0] == "neg":
            return not self.leads(op[1])
        if op[0] != "add":
            return True
        signs: dict[Node, bool] = {
            self.ops[t][1] if self.ops[t][0] == "neg" else t: self.ops[t][0] != "neg" for t in op[1:] if self.value_of(t) is None
        }
        return not signs or signs[min(signs)]

    # -- magnitudes ------------------------------------------------------------------------------------------------

    def magnitude(self, node: Node) -> Node:
        """The sum of the sizes of the additive terms, products multiplied out: what rounding errors are relative to."""
        known = self._magnitudes.get(node)
        if known is None:
            known = self._magnitudes[node] = self._size(node)
        return known

    def _is_plain(self, node: Node) -> bool:
        known = self._plain.get(node)
        if known is None:
            op = self.ops[node]
            known = op[0] in ("const", "load", "par") or (op[0] in ("mul", "div", "neg", "abs") and all(map(self._is_plain, op[1:])))
            self._plain[node] = known
        return known

    def _size(self, node: Node) -> Node:
        op = self.ops[node]
        name = op[0]
        if self._is_plain(node):
            return self.unary("abs", node)
        if name == "add":
            return self.add([self.magnitude(t) for t in op[1:]])
        if name == "mul":
            return self.mul([self.magnitude(t) for t in op[1:]])
        if name == "div":
            quotient = self.div(self.magnitude(op[1]), self.unary("abs", op[2]))
            if self._is_plain(op[2]):
                return quotient
            return self.mul([quotient, self.div(self.magnitude(op[2]), self.unary("abs", op[2]))])
        if name in ("neg", "abs"):
            return self.magnitude(op[1])
        if name in ("min", "max"):
            return self.binary("max", self.magnitude(op[1]), self.magnitude(op[2]))
        if name == "select":
            return self.select(op[1], self.magnitude(op[2]), self.magnitude(op[3]))
        if name == "hypot":
            return self.add([self.magnitude(op[1]), self.magnitude(op[2])])
        terms = [self.unary("abs", node)]
        for argument, rule in zip(op[1:], RULES.get(name, ()), strict=False):
            if not self._is_plain(argument) or name in ("exp", "log"):
                slope = self.unary("abs", rule(self, node, *op[1:]))
                terms.append(self.mul([slope, self.magnitude(argument)]))
        return self.add(terms)
