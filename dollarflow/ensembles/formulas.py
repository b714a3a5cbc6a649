"""Expressions evaluated for many members at once: elementary operations on arrays, in the order in which machine code does them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from model.compiler.operations import OPERATIONS
from model.compiler.rules import Node
from model.compiler.stores import children
from model.compiler.tape import Tape
from model.language.symbols import Parameter, Variable

Floats = NDArray[np.float64]
Number = float | Floats


def symbol_name(symbol: Any) -> str:
    """The name under which a symbol's value is looked up: time does not count."""
    return symbol.base if isinstance(symbol, Variable) else str(symbol.name)


def names_in(expression: sp.Expr) -> frozenset[str]:
    """Names of everything that an expression reads."""
    return frozenset(symbol_name(s) for s in expression.free_symbols)


class Formulas:
    """Named expressions that share their common parts.

    Parameters
    ----------
    expressions
        By name, in the order in which they are to be evaluated; each may read the results of earlier ones. Variables are read at
        one moment: no lags.
    """

    def __init__(self, expressions: Mapping[str, sp.Expr]) -> None:
        symbols = {s for e in expressions.values() for s in e.free_symbols}
        variables = sorted({s.base for s in symbols if isinstance(s, Variable)})
        parameters = sorted({s.name for s in symbols if isinstance(s, Parameter)})
        self._variables, self._parameters = variables, parameters
        self._tape = Tape({n: i for i, n in enumerate(variables)}, {n: i for i, n in enumerate(parameters)})
        self._nodes = {name: self._tape.convert(e) for name, e in expressions.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the expressions, in their order."""
        return tuple(self._nodes)

    def evaluate(self, values: Mapping[str, Number]) -> dict[str, Number]:
        """Each expression's value, a number or an array of shape (members,); not finite where it has none.

        Raises
        ------
        KeyError
            A name without value.
        """
        known: dict[str, Number] = dict(values)
        done: dict[Node, Any] = {}
        found: dict[str, Number] = {}
        with np.errstate(all="ignore"):
            for name, node in self._nodes.items():
                found[name] = known[name] = self._value(node, known, done)
        return found

    def _value(self, node: Node, known: Mapping[str, Number], done: dict[Node, Any]) -> Any:
        stack = [node]
        while stack:
            top = stack[-1]
            if top not in done:
                op = self._tape.ops[top]
                missing = [c for c in children(op) if c not in done]
                if missing:
                    stack.extend(missing)
                    continue
                done[top] = self._step(op, known, done)
            stack.pop()
        return done[node]

    def _step(self, op: tuple[Any, ...], known: Mapping[str, Number], done: Mapping[Node, Any]) -> Any:
        kind = op[0]
        if kind in ("const", "bool"):
            return op[1]
        if kind == "load":
            return known[self._variables[op[1]]]
        if kind == "par":
            return known[self._parameters[op[1]]]
        arguments = [done[c] for c in op[1:]]
        if kind in ("add", "mul"):
            total = arguments[0]
            for following in arguments[1:]:
                total = total + following if kind == "add" else total * following
            return total
        return OPERATIONS[kind](*arguments)


def dependent(expressions: Mapping[str, sp.Expr], moved: Iterable[str]) -> frozenset[str]:
    """Names of the expressions that read, directly or through earlier ones, something that is moved."""
    reached = set(moved)
    found = set()
    for name, expression in expressions.items():
        if names_in(expression) & reached:
            reached.add(name)
            found.add(name)
    return frozenset(found)
