"""The stores of a program's kernels: assignments, residuals and scales, partial derivatives, the certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp

from model.compiler.description import BlockLayout, Integers
from model.compiler.plan import BlockPlan
from model.compiler.rules import Node
from model.compiler.stores import Store
from model.compiler.tape import Load, Tape
from model.language.equation import Complementarity, Equation
from model.language.structure import BlockShape, Shape
from model.language.system import System


class CompileError(ValueError):
    """A system that cannot be compiled; the message names the equation."""


class Builder:
    """Writes the stores of each kernel."""

    def __init__(self, tape: Tape, equations: tuple[Equation, ...], columns: list[int]) -> None:
        self.tape, self.equations, self.columns = tape, equations, columns
        self.number = {c: i for i, c in enumerate(columns)}
        self._sides: dict[int, tuple[Node, Node]] = {}
        self._residuals: dict[int, Node] = {}
        self._isolated: dict[int, dict[int, tuple[int, Node]]] = {}

    def convert(self, equation: Equation, expression: Any) -> Node:
        """The node of an expression; an error names the equation."""
        try:
            return self.tape.convert(expression)
        except ValueError as error:
            raise CompileError(f"equation {equation.name!r}: {error}") from error

    def sides(self, e: int) -> tuple[Node, Node]:
        """The nodes of the left side and of the right side with its add-factor."""
        if e not in self._sides:
            equation = self.equations[e]
            right, left = self.convert(equation, equation.right), self.convert(equation, equation.left)
            term = equation.add_factor
            self._sides[e] = left, right if term is None else self.tape.add([right, self.tape.convert(term)])
        return self._sides[e]

    def own(self, e: int) -> int | None:
        """The unknown's column where it stands alone on the left and not on the right."""
        left, right = self.sides(e)
        op = self.tape.ops[left]
        if op[0] != "load" or op[2] != 0 or op[1] not in self.number or (op[1], 0) in self.tape.loads(right):
            return None
        return int(op[1])

    def isolated(self, e: int) -> dict[int, tuple[int, Node]]:
        """Columns of unknowns that are a whole term of the residual and occur in no other, with sign and the other terms' sum."""
        if e not in self._isolated:
            terms = self.tape.terms(self.residual(e))
            occurrences = Counter(load for _, term in terms for load in self.tape.loads(term))
            found = self._isolated[e] = dict[int, tuple[int, Node]]()
            for i, (sign, term) in enumerate(terms):
                op = self.tape.ops[term]
                if op[0] == "load" and op[2] == 0 and op[1] in self.number and occurrences[op[1], 0] == 1:
                    others = terms[:i] + terms[i + 1 :]
                    found[op[1]] = (sign, self.tape.add([t if s > 0 else self.tape.neg(t) for s, t in others]))
        return self._isolated[e]

    def shape(self, e: int) -> Shape:
        """What the structure needs to know of equation e."""
        own = self.own(e)
        now = sorted(self.number[c] for c, offset in self.tape.loads(self.residual(e)) if offset == 0 and c in self.number)
        linear = tuple(sorted(self.number[c] for c in self.isolated(e)))
        return Shape(self.equations[e].name, tuple(now), None if own is None else self.number[own], linear)

    def value(self, e: int, unknown: int) -> Node:
        """The node that equation e assigns to the unknown."""
        column = self.columns[unknown]
        if self.own(e) == column:
            return self.sides(e)[1]
        sign, rest = self.isolated(e)[column]
        return self.tape.neg(rest) if sign > 0 else rest

    def residual(self, e: int) -> Node:
        """Left minus right."""
        if e not in self._residuals:
            self._residuals[e] = self.tape.difference(*self.sides(e))
        return self._residuals[e]

    def scale(self, e: int) -> Node:
        """The sum of the sizes of the additive terms of both sides."""
        equation = self.equations[e]
        size = self.tape.magnitude(self.residual(e))
        if isinstance(equation, Complementarity):
            parts = [equation.left, equation.lower, *([] if equation.upper is None else [equation.upper])]
            return self.tape.add([size, *(self.tape.magnitude(self.convert(equation, p)) for p in parts)])
        return size

    def steps(self, order: tuple[BlockShape, ...]) -> tuple[dict[str, Sequence[Store]], list[str | BlockLayout]]:
        """The kernels' stores by name, and the steps of a period: names of kernels, and blocks."""
        kernels: dict[str, Sequence[Store]] = {}
        layout: list[str | BlockLayout] = []
        run: list[Store] = []
        for number, block in enumerate(order):
            chain = [Store(self.value(e, u), self.columns[u], in_row=True) for e, u in block.chain]
            if not block.tears:
                run.extend(chain)
                continue
            if run:
                layout.append(f"run{number}")
                kernels[f"run{number}"], run = run, []
            name, count = f"block{number}", len(block.tears)
            outputs = [Store(self.residual(e), i) for i, e in enumerate(block.residuals)]
            scales = [Store(self.scale(e), count + i) for i, e in enumerate(block.residuals)]
            kernels[f"{name}.values"] = chain + outputs + scales
            kernels[f"{name}.partials"], arrays = self.partials(block)
            layout.append(BlockLayout(number, arrays, self.plan(name, block, kernels[f"{name}.partials"], arrays)))
        if run:
            layout.append("last")
            kernels["last"] = run
        return kernels, layout

    def partials(self, block: BlockShape) -> tuple[list[Store], tuple[Integers, ...]]:
        """The partial derivatives inside a block, row by row, and where the elimination finds what they multiply."""
        count = len(block.tears)
        tears = [self.columns[u] for u in block.tears]
        chained = [self.columns[u] for _, u in block.chain]
        place = {c: i for i, c in enumerate(tears)} | {c: count + i for i, c in enumerate(chained)}
        rows = [self.value(e, u) for e, u in block.chain] + [self.residual(e) for e in block.residuals]
        stores: list[Store] = []
        starts, where = [0], list[int]()
        for node in rows:
            entries: dict[Load, Node] = self.tape.derivatives(node)
            for column, offset in sorted(entries):
                if offset == 0 and column in place:
                    stores.append(Store(entries[column, offset], len(where)))
                    where.append(place[column])
            starts.append(len(where))
        members = sorted([e for e, _ in block.chain] + list(block.residuals))
        arrays = (tears, chained + tears, list(block.residuals), members, [count, len(rows), len(where)], starts + where)
        return stores, tuple(np.array(a, dtype=np.int64) for a in arrays)

    def plan(self, name: str, block: BlockShape, partials: Sequence[Store], arrays: tuple[Integers, ...]) -> BlockPlan:
        """The block as its ordinary solution sees it."""
        inside = set(arrays[1].tolist())
        linear = not any(offset == 0 and column in inside for s in partials for column, offset in self.tape.loads(s.node))
        starts, sources = np.split(arrays[5], [len(block.chain) + len(block.residuals) + 1])
        chain = tuple(self.columns[u] for _, u in block.chain)
        return BlockPlan(name, tuple(arrays[0].tolist()), chain, tuple(starts.tolist()), tuple(sources.tolist()), linear)

    def certificate(self, system: System, conditions: tuple[Complementarity, ...]) -> list[Store]:
        """Residuals of all equations, their scales, hidden gaps, their scales, then two gaps and a pull for each condition.

        Each residual is followed by its scale, which has most of its terms.
        """
        nodes = [self.residual(e) for e in range(len(self.equations))] + [self.scale(e) for e in range(len(self.equations))]
        gaps = [self.tape.convert(h.expression) for h in system.hidden]
        nodes += gaps + [self.tape.magnitude(g) for g in gaps]
        for c in conditions:
            nodes.append(self.convert(c, c.left - c.lower))
            nodes.append(self.convert(c, sp.oo if c.upper is None else c.upper - c.left))
            nodes.append(self.convert(c, c.scale * c.slack))
        count = len(self.equations)
        order = [i for e in range(count) for i in (e, count + e)] + list(range(2 * count, len(nodes)))
        return [Store(nodes[i], i) for i in order]


__all__ = ["Builder", "CompileError"]
