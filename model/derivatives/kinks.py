"""Kinks are places where an expression has two slopes; a derivative exactly there is one-sided.

Every ``min``, ``max``, ``|x|``, comparison and strict complementarity condition has a gap that is zero at its kink. A kink is active in a
period where its gap is zero but for rounding. A derivative by an input that moves an active gap holds for changes to one side only.

The sides are those on which the kernels differentiate the path: ``min`` and ``max`` take the first of equals; ``max(x, 0)``,
``max(-x, 0)``, ``min(x, 0)``, ``|x|`` and ``softplus`` of width 0 are together on the side x ≥ 0 of their kink; and a strict
complementarity condition whose variable and slack are both zero keeps the variable at its limit. Where several kinks are active at
once an input may move some to the side taken and some to the other: then its derivative holds on neither, see :meth:`Kinks.side`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.compiler.program import Floats, Program
from model.compiler.rules import CORNER, Node
from model.compiler.stores import Store, children
from model.derivatives.sensitivities import Direction, Sensitivities

ACTIVE = CORNER
"""Gap, relative to the sizes of its terms, that is zero but for rounding."""
MOVED = 1e-9
"""Movement of a gap per relative change of an input, relative to the sizes of its terms, that counts."""
COMPARED = ("lt", "le", "gt", "ge", "min", "max")
CLOSED = ("lt", "ge")
"""Comparisons that at a gap of zero take the side of positive gaps."""


@dataclass(frozen=True)
class Kink:
    """An active kink.

    Parameters
    ----------
    equation
        Name of the equation that has it.
    period
        Where it is active.
    number
        Its number among the program's kinks.
    upward
        Whether the path's derivatives are those of growing gaps.
    """

    equation: str
    period: int
    number: int
    upward: bool = True

    def __str__(self) -> str:
        return f"{self.equation} in period {self.period}"


@dataclass(frozen=True)
class _Bend:
    """A kink of an equation: the operation, what is zero there, the size of its terms, the legs that move it, and the side of a zero."""

    equation: int
    operation: str
    gap: Node
    size: Node
    legs: tuple[Node, ...]
    closed: bool


class Kinks:
    """The active kinks of a path, and which inputs move them.

    Parameters
    ----------
    sensitivities
        The path's derivatives.
    """

    def __init__(self, sensitivities: Sensitivities) -> None:
        self.of = sensitivities
        program = sensitivities.program
        self.bends = tuple(_kinks(program))
        self.rows = [(k, leg) for k, bend in enumerate(self.bends) for leg in bend.legs]
        self.pattern = program.pattern_of([program.everything(leg) for _, leg in self.rows])
        self.entries: dict[int, Floats] = {}
        stores = [Store(node, i) for i, node in enumerate(n for bend in self.bends for n in (bend.gap, bend.size))]
        self.active: tuple[Kink, ...] = tuple(self._active(stores)) if stores else ()

    def _active(self, stores: list[Store]) -> Iterator[Kink]:
        from model.compiler.kernels import build_kernels

        program = self.of.program
        kernel = build_kernels(program.tape, program.width, {"gaps": stores}, "python")["gaps"]
        out = np.empty(len(stores))
        for period, stage in enumerate(self.of.stages, start=1):
            kernel(stage.row_address, stage.parameter_address, out.ctypes.data)
            gap, size = out[0::2], out[1::2]
            for k in np.flatnonzero(np.abs(gap) <= ACTIVE * size):
                bend = self.bends[k]
                upward = bend.operation == "hypot" or bool(gap[k] >= 0.0 if bend.closed else gap[k] > 0.0)
                yield Kink(program.equation_names[bend.equation], period, int(k), upward)

    def slopes(self, kink: Kink) -> list[tuple[Floats, float]]:
        """For each leg its own derivatives, shape (periods + 1, columns and parameters), and the sizes of its terms."""
        of, pattern = self.of, self.pattern
        stage = of.stages[kink.period - 1]
        if kink.period not in self.entries:
            entries = self.entries[kink.period] = np.empty(len(pattern.rows))
            pattern.kernel(stage.row_address, stage.parameter_address, entries.ctypes.data)
        entries = self.entries[kink.period]
        found = []
        for row in (r for r, (number, _) in enumerate(self.rows) if number == kink.number):
            table, size = np.zeros((of.periods + 1, of.wide)), 0.0
            for k in np.flatnonzero(pattern.rows == row):
                column, when = int(pattern.columns[k]), kink.period + int(pattern.offsets[k])
                if 0 <= when <= of.periods:
                    table[when, column] += entries[k]
                here = stage.table[stage.number + pattern.offsets[k], column] if column < of.width else stage.parameters[column - of.width]
                size = max(size, abs(float(entries[k] * here)))
            found.append((table, size))
        return found

    def sides(self, direction: Direction, moved: Floats | None = None) -> tuple[tuple[Kink, int], ...]:
        """The active kinks that a change of inputs moves, each with the side of the change on which derivatives hold: 1 or -1.

        ``moved`` is the direction's tangent, shape (periods + 1, columns), where it is known.
        """
        if not self.active:
            return ()
        tangent = self.of.tangent(direction)[:, :, 0] if moved is None else moved
        names = self.of.path.parameter_names
        change = np.zeros((self.of.periods + 1, self.of.wide))
        change[:, : self.of.width] = tangent
        for name, value in direction.parameters.items():
            change[:, self.of.width + names.index(name)] += value
        found = []
        for kink in self.active:
            steps = [(float((slopes * change).sum()), size) for slopes, size in self.slopes(kink)]
            counted = [step for step, size in steps if abs(step) > MOVED * max(size, 1e-12)]
            if counted:
                rises = max(counted, key=abs) > 0.0
                found.append((kink, 1 if rises == kink.upward else -1))
        return tuple(found)

    def side(self, direction: Direction, moved: Floats | None = None) -> int | None:
        """The side of a change on which derivatives along it hold: 0 both, 1 the change itself, -1 its opposite, None neither."""
        signs = {sign for _, sign in self.sides(direction, moved)}
        return None if len(signs) > 1 else signs.pop() if signs else 0

    def moved_by(self, direction: Direction, moved: Floats | None = None) -> tuple[Kink, ...]:
        """The active kinks whose gap a change of inputs moves: along it derivatives are one-sided."""
        return tuple(kink for kink, _ in self.sides(direction, moved))


def _kinks(program: Program) -> Iterator[_Bend]:
    """Every kink that depends on more than parameters; a smoothed one counts once, with the legs of its strict part."""
    tape = program.tape
    for e, residual in enumerate(program.residuals):
        seen: set[Node] = set()
        parts: set[Node] = set()
        stack = [residual]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            op = tape.ops[node]
            stack.extend(children(op))
            if op[0] in COMPARED:
                gap, size = tape.add([op[1], tape.neg(op[2])]), tape.add([tape.magnitude(op[1]), tape.magnitude(op[2])])
                legs: tuple[Node, ...] = (gap,)
            elif op[0] == "abs":
                gap, size, legs = op[1], tape.magnitude(op[1]), (op[1],)
            elif op[0] == "hypot" and node not in parts:
                gap, size, legs = node, tape.add([tape.magnitude(op[1]), tape.magnitude(op[2])]), (op[1], op[2])
                if tape.ops[op[1]][0] == "hypot" and not tape.loads(op[2]):
                    parts.add(op[1])
                    legs = tape.ops[op[1]][1:]
            elif op[0] in ("softplus", "logistic"):
                gap = tape.add([op[1], tape.unary("abs", op[2])])
                gap = tape.select(tape.binary("lt", op[1], tape.zero), tape.add([op[1], tape.neg(tape.unary("abs", op[2]))]), gap)
                size, legs = tape.add([tape.magnitude(op[1]), tape.magnitude(op[2])]), (op[1],)
            else:
                continue
            if tape.loads(gap):
                chosen = tape.rises_at_tie(op) if op[0] in ("min", "max") else op[0] in CLOSED
                closed = tape.leads(op[1]) if op[0] in ("abs", "softplus") else chosen
                yield _Bend(e, op[0], gap, size, legs, closed)


__all__ = ["Kink", "Kinks"]
