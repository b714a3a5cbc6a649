"""Derivative rules: for each operation of a tape, the node of its slope by each argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

Node = int
CORNER = 1e-10
"""Length of ``hypot``, relative to the sizes of its legs' terms, that is zero but for rounding."""
Rule = Callable[..., Node]


class Operations(Protocol):
    """What rules write with; a tape has all of it."""

    zero: Node
    one: Node

    def const(self, value: float) -> Node:
        """A number."""

    def neg(self, a: Node) -> Node:
        """The opposite."""

    def add(self, terms: Sequence[Node]) -> Node:
        """The sum."""

    def mul(self, factors: Sequence[Node]) -> Node:
        """The product."""

    def div(self, a: Node, b: Node) -> Node:
        """The quotient."""

    def binary(self, name: str, a: Node, b: Node) -> Node:
        """A function or comparison of two arguments."""

    def select(self, condition: Node, a: Node, b: Node) -> Node:
        """One of two by a condition."""

    def unary(self, name: str, a: Node) -> Node:
        """A function of one argument."""

    def magnitude(self, node: Node) -> Node:
        """The sum of the sizes of the additive terms."""

    def leads(self, node: Node) -> bool:
        """Whether the oldest term of a sum has a positive sign."""


def _width_slope(t: Operations, n: Node, x: Node, w: Node) -> Node:
    ratio = t.div(x, w)
    slope = t.add([t.div(n, w), t.neg(t.mul([ratio, t.binary("logistic", x, w)]))])
    return t.select(t.binary("gt", w, t.zero), slope, t.zero)


def _step_slope(t: Operations, n: Node, x: Node, w: Node) -> Node:
    slope = t.div(t.mul([n, t.add([t.one, t.neg(n)])]), w)
    return t.select(t.binary("gt", w, t.zero), slope, t.zero)


def _step_width(t: Operations, n: Node, x: Node, w: Node) -> Node:
    slope = t.neg(t.div(t.mul([_step_slope(t, n, x, w), x]), w))
    return t.select(t.binary("gt", w, t.zero), slope, t.zero)


def _above(t: Operations, x: Node) -> Node:
    """Whether x is on the side of positive values; 0 is on that of the leading term's."""
    return t.binary("ge" if t.leads(x) else "gt", x, t.zero)


def _rise(t: Operations, n: Node, x: Node, w: Node) -> Node:
    """At width 0 the slope is that of max(x, 0)."""
    step = t.select(_above(t, x), t.one, t.zero)
    return t.select(t.binary("gt", w, t.zero), t.binary("logistic", x, w), step)


def _leg(t: Operations, n: Node, a: Node, b: Node, number: int) -> Node:
    """At the corner, where both legs are zero but for rounding, the longer leg has slope 1 and the other 0; of equals the first."""
    corner = t.binary("le", n, t.mul([t.const(CORNER), t.add([t.magnitude(a), t.magnitude(b)])]))
    slopes = (t.one, t.zero) if number == 0 else (t.zero, t.one)
    chosen = t.select(t.binary("ge", t.unary("abs", a), t.unary("abs", b)), *slopes)
    return t.select(corner, chosen, t.div((a, b)[number], n))


RULES: dict[str, tuple[Rule, ...]] = {
    "neg": (lambda t, n, a: t.neg(t.one),),
    "div": (lambda t, n, a, b: t.div(t.one, b), lambda t, n, a, b: t.neg(t.div(n, b))),
    "exp": (lambda t, n, a: n,),
    "log": (lambda t, n, a: t.div(t.one, a),),
    "sqrt": (lambda t, n, a: t.div(t.const(0.5), n),),
    "tanh": (lambda t, n, a: t.add([t.one, t.neg(t.mul([n, n]))]),),
    "sin": (lambda t, n, a: t.unary("cos", a),),
    "cos": (lambda t, n, a: t.neg(t.unary("sin", a)),),
    "abs": (lambda t, n, a: t.select(_above(t, a), t.one, t.const(-1.0)),),
    "pow": (
        lambda t, n, a, b: t.mul([b, t.binary("pow", a, t.add([b, t.const(-1.0)]))]),
        lambda t, n, a, b: t.mul([n, t.unary("log", a)]),
    ),
    "softplus": (_rise, _width_slope),
    "logistic": (_step_slope, _step_width),
    "hypot": (lambda t, n, a, b: _leg(t, n, a, b, 0), lambda t, n, a, b: _leg(t, n, a, b, 1)),
}
