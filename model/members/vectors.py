"""A tape evaluated on whole vectors: one numpy operation for all members of a sector or all links of a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.compiler.operations import OPERATIONS
from model.compiler.rules import Node
from model.compiler.stores import children
from model.compiler.tape import Tape

Floats = NDArray[np.float64]
Load = tuple[int, int]
SIZE = "size"


class VectorKernel:
    """Evaluates some nodes of a tape for all members at once.

    Parameters
    ----------
    tape
        Where the nodes live; its columns are variables, its parameters parameters.
    nodes
        What to evaluate.
    sizes
        Evaluate the size of a load as the sum of the sizes of what was summed, not as the size of the sum: for scales of residuals.
    """

    def __init__(self, tape: Tape, nodes: Sequence[Node], *, sizes: bool = False) -> None:
        self.nodes = tuple(nodes)
        self.steps: list[tuple[str, tuple[Any, ...]]] = []
        self.loads: list[Load] = []
        seen: set[Node] = set()

        def is_size(op: tuple[Any, ...]) -> bool:
            return sizes and op[0] == "abs" and tape.ops[op[1]][0] == "load"

        stack = list(self.nodes)
        while stack:
            top = stack.pop()
            if top not in seen:
                seen.add(top)
                stack.extend(() if is_size(tape.ops[top]) else children(tape.ops[top]))
        place = {node: i for i, node in enumerate(sorted(seen))}
        self.out = [place[node] for node in self.nodes]
        for node in place:
            op = tape.ops[node]
            if is_size(op):
                self.steps.append((SIZE, tape.ops[op[1]][1:]))
            elif op[0] in ("const", "bool", "par", "load"):
                self.steps.append((op[0], tuple(op[1:])))
            else:
                self.steps.append((op[0], tuple(place[a] for a in op[1:])))
        self.loads = sorted({arguments for kind, arguments in self.steps if kind in ("load", SIZE)})

    def __call__(
        self,
        load: Callable[[int, int], Floats],
        size: Callable[[int, int], Floats],
        parameters: Mapping[int, Any],
        length: int,
    ) -> list[Floats]:
        """The nodes' values, each of shape (length,).

        Parameters
        ----------
        load, size
            Vectors of a column at an offset as the equations read it, and of the sums of sizes.
        parameters
            A number or a vector by parameter position.
        """
        values: list[Any] = []
        with np.errstate(all="ignore"):
            for kind, arguments in self.steps:
                if kind == "load":
                    result: Any = load(*arguments)
                elif kind == "add" or kind == "mul":
                    combine = np.add if kind == "add" else np.multiply
                    result = values[arguments[0]]
                    for term in arguments[1:]:
                        result = combine(result, values[term])
                elif kind == SIZE:
                    result = size(*arguments)
                elif kind == "const" or kind == "bool":
                    result = arguments[0]
                elif kind == "par":
                    result = parameters[arguments[0]]
                else:
                    result = OPERATIONS[kind](*[values[a] for a in arguments])
                values.append(result)
        return [_full(values[i], length) for i in self.out]


def _full(value: Any, length: int) -> Floats:
    """A value as a vector of doubles."""
    if isinstance(value, np.ndarray) and value.shape == (length,) and value.dtype == np.float64:
        return value
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (length,))
