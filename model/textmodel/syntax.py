"""Syntax trees of expressions: what a line says before names have a meaning.

Sums and products are flat (``a - b + c`` is one node of three terms), so that a line of ten thousand terms is as
shallow as a line of two. Two trees are equal when they say the same, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Node: TypeAlias = "Number | Name | Negative | Series | Power | Call | Comparison | Junction | Negation"


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; whole numbers below 2**53 are ``int``."""

    value: int | float
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name at a time offset: ``x``, ``x(-1)``, ``x(+1)``."""

    name: str
    offset: int = 0
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """``-a``."""

    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Series:
    """A sum or a product: ``first`` and then each ``(operator, operand)``; operators are all of ``+ -`` or all of ``* /``."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    at: int = field(default=0, compare=False)

    @property
    def additive(self) -> bool:
        """True for a sum, False for a product."""
        return self.rest[0][0] in "+-"


@dataclass(frozen=True, slots=True)
class Power:
    """``base ** exponent``."""

    base: Node
    exponent: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right`` with one of ``< <= > >= ==``."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by one word, ``and`` or ``or``."""

    word: str
    operands: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negation:
    """``not condition``."""

    operand: Node
    at: int = field(default=0, compare=False)


CONDITIONS = (Comparison, Junction, Negation)
LEVELS = {"or": 1, "and": 2, "not": 3, "compare": 4, "sum": 5, "product": 6, "sign": 7, "power": 8, "atom": 9}


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Negative() | Negation():
            return (node.operand,)
        case Series():
            return (node.first, *(operand for _, operand in node.rest))
        case Power():
            return (node.base, node.exponent)
        case Call():
            return node.arguments
        case Comparison():
            return (node.left, node.right)
        case Junction():
            return node.operands
        case _:
            return ()


def names(node: Node) -> Iterator[Name]:
    """Every name in the tree, from left to right."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Name):
            yield top
        stack.extend(reversed(children(top)))


def level(node: Node) -> int:
    """How tightly the node binds."""
    match node:
        case Series():
            return LEVELS["sum" if node.additive else "product"]
        case Negative():
            return LEVELS["sign"]
        case Power():
            return LEVELS["power"]
        case Comparison():
            return LEVELS["compare"]
        case Junction():
            return LEVELS[node.word]
        case Negation():
            return LEVELS["not"]
        case _:
            return LEVELS["atom"]


def show(node: Node) -> str:
    """The tree as text that parses to the same tree, with no more brackets than needed.

    Examples
    --------
    >>> show(Series(Name("Y", -1), (("*", Series(Number(1), (("-", Name("theta")),))),)))
    'Y(-1)*(1 - theta)'
    """

    def inside(child: Node, least: int) -> str:
        text = show(child)
        return text if level(child) >= least else f"({text})"

    match node:
        case Number():
            return repr(node.value)
        case Name():
            return node.name if node.offset == 0 else f"{node.name}({node.offset:+d})"
        case Negative():
            return "-" + inside(node.operand, LEVELS["sign"])
        case Series():
            above = level(node) + 1
            gap = " " if node.additive else ""
            return inside(node.first, above) + "".join(f"{gap}{op}{gap}{inside(operand, above)}" for op, operand in node.rest)
        case Power():
            return f"{inside(node.base, LEVELS['atom'])}**{inside(node.exponent, LEVELS['sign'])}"
        case Call():
            return f"{node.function}({', '.join(show(a) for a in node.arguments)})"
        case Comparison():
            return f"{inside(node.left, LEVELS['sum'])} {node.operator} {inside(node.right, LEVELS['sum'])}"
        case Junction():
            return f" {node.word} ".join(inside(o, level(node) + 1) for o in node.operands)
        case Negation():
            return f"not {inside(node.operand, LEVELS['not'])}"
