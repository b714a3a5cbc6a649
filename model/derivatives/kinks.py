"""Kinks are places where an expression has two slopes; a derivative exactly there is one-sided.

Every ``min``, ``max``, ``|x|``, comparison and strict complementarity condition has a gap that is zero at its kink. A kink is active in a
period where its gap is zero but for rounding. A derivative by an input that moves an active gap holds for changes to one side only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.compiler.program import Floats, Program
from model.compiler.rules import Node
from model.compiler.stores import Store, children
from model.derivatives.sensitivities import Direction, Sensitivities

ACTIVE = 1e-10
"""Gap, relative to the sizes of its terms, that is zero but for rounding."""
MOVED = 1e-9
"""Movement of a gap per relative change of an input, relative to the sizes of its terms, that counts."""
COMPARED = ("lt", "le", "gt", "ge", "min", "max")


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
    """

    equation: str
    period: int
    number: int

    def __str__(self) -> str:
        return f"{self.equation} in period {self.period}"


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
        self.gaps = tuple(_kinks(program))
        self.pattern = program.pattern_of([program.everything(gap) for _, gap, _ in self.gaps])
        stores = [Store(node, i) for i, node in enumerate(n for _, gap, size in self.gaps for n in (gap, size))]
        self.active: tuple[Kink, ...] = tuple(self._active(stores)) if stores else ()

    def _active(self, stores: list[Store]) -> Iterator[Kink]:
        from model.compiler.kernels import KernelModule

        program = self.of.program
        kernel = KernelModule(program.tape, program.width, {"gaps": stores}, "python")["gaps"]
        out = np.empty(len(stores))
        for period, stage in enumerate(self.of.stages, start=1):
            kernel(stage.row_address, stage.parameter_address, out.ctypes.data)
            gap, size = np.abs(out[0::2]), out[1::2]
            for k in np.flatnonzero(gap <= ACTIVE * size):
                yield Kink(program.equations[self.gaps[k][0]].name, period, int(k))

    def slopes(self, kink: Kink) -> tuple[Floats, float]:
        """The gap's own derivatives, shape (periods + 1, columns and parameters), and the sizes of its terms."""
        of, pattern = self.of, self.pattern
        stage = of.stages[kink.period - 1]
        entries = np.empty(len(pattern.rows))
        pattern.kernel(stage.row_address, stage.parameter_address, entries.ctypes.data)
        found = np.zeros((of.periods + 1, of.wide))
        size = 0.0
        for k in np.flatnonzero(pattern.rows == kink.number):
            column, when = int(pattern.columns[k]), kink.period + int(pattern.offsets[k])
            if 0 <= when <= of.periods:
                found[when, column] += entries[k]
            value = stage.table[stage.number + pattern.offsets[k], column] if column < of.width else stage.parameters[column - of.width]
            size = max(size, abs(float(entries[k] * value)))
        return found, size

    def moved_by(self, direction: Direction, moved: Floats | None = None) -> tuple[Kink, ...]:
        """The active kinks whose gap a change of inputs moves: along it derivatives are one-sided.

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
            slopes, size = self.slopes(kink)
            terms = slopes * change
            if abs(float(terms.sum())) > MOVED * max(size, 1e-12):
                found.append(kink)
        return tuple(found)


def _kinks(program: Program) -> Iterator[tuple[int, Node, Node]]:
    """Equation, gap and size of every kink that depends on more than parameters."""
    tape = program.tape
    for e, residual in enumerate(program.residuals):
        seen: set[Node] = set()
        stack = [residual]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            op = tape.ops[node]
            stack.extend(children(op))
            gap = size = None
            if op[0] in COMPARED:
                gap, size = tape.add([op[1], tape.neg(op[2])]), tape.add([tape.magnitude(op[1]), tape.magnitude(op[2])])
            elif op[0] == "abs":
                gap, size = op[1], tape.magnitude(op[1])
            elif op[0] == "hypot":
                gap, size = node, tape.add([tape.magnitude(op[1]), tape.magnitude(op[2])])
            elif op[0] in ("softplus", "logistic"):
                gap = tape.add([tape.unary("abs", op[1]), tape.unary("abs", op[2])])
                size = tape.add([tape.magnitude(op[1]), tape.magnitude(op[2])])
            if gap is not None and size is not None and tape.loads(gap):
                yield e, gap, size


__all__ = ["Kink", "Kinks"]
