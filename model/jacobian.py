"""The exact Jacobian of a period, and what follows from it by the implicit function theorem.

``Linearisation`` holds one period's derivatives F_x (now) and F_s (earlier rows); solves with F_xᵀ carry a gradient from a
row back to the rows that it was computed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.newton import Stage
from model.program import Floats, Integers, Program

DENSE = 80
"""Equations up to which a dense factorisation is quicker than a sparse one."""


@dataclass(frozen=True)
class Linearisation:
    """The system's derivatives at one solved row.

    Parameters
    ----------
    program
        The compiled system.
    entries
        Values of the pattern's entries.
    """

    program: Program
    entries: Floats

    @cached_property
    def _factors(self) -> tuple[Floats, Any]:
        """Row sizes, and a function that solves with the transposed, row-scaled F_x."""
        pattern, count = self.program.pattern, len(self.program.equations)
        place = places(self.program)
        inside = (pattern.rows < count) & (pattern.offsets == 0)
        rows, columns, values = pattern.rows[inside], place[pattern.columns[inside]], self.entries[inside]
        size = np.zeros(count)
        np.maximum.at(size, rows, np.abs(values))
        size[size == 0.0] = 1.0
        values = values / size[rows]
        if count <= DENSE:
            matrix = np.zeros((count, count))
            matrix[columns, rows] = values
            return size, lambda right: np.linalg.solve(matrix, right)
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        return size, splu(csc_array((values, (columns, rows)), shape=(count, count))).solve

    def solve_transposed(self, right: Floats) -> Floats:
        """λ in F_xᵀ λ = right; right has one row an unknown (canonical order), one column a problem.

        Raises
        ------
        numpy.linalg.LinAlgError, RuntimeError
            F_x is singular.
        """
        size, solve = self._factors
        return np.asarray(solve(right)) / size[:, None]


def places(program: Program) -> Integers:
    """Canonical number of the unknown in each column, −1 for given ones."""
    place = np.full(program.width, -1, dtype=np.int64)
    place[program.unknown_columns] = np.arange(len(program.unknown_columns))
    return place


def linearise(stage: Stage) -> Linearisation:
    """The derivatives at the stage's row."""
    pattern = stage.program.pattern
    entries = np.empty(len(pattern.rows))
    pattern.kernel(stage.row_address, stage.parameter_address, entries.ctypes.data)
    return Linearisation(stage.program, entries)


def hidden_gradients(steps: Sequence[Linearisation], standing: NDArray[np.bool_] | None = None) -> Floats:
    """Total derivatives of the last step's hidden identities by the unknowns of the row before the first step.

    Parameters
    ----------
    steps
        Consecutive periods, the first one's previous row being the state.
    standing
        Shape (earlier rows, columns): where rows before the state repeat it and move with it; None where they stay.

    Returns
    -------
    Shape (identities, unknowns in canonical order).
    """
    program = steps[0].program
    pattern, count, hidden = program.pattern, len(program.equations), program.hidden_count
    unknown = places(program)[pattern.columns]
    own, equations = pattern.rows >= count, pattern.rows < count
    last, reach = len(steps), 0 if standing is None else len(standing)
    adjoint = [np.zeros((len(program.unknowns), hidden)) for _ in range(last + 1)]

    def row_of(when: int, chosen: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
        """The adjoint of a row, and the entries that reach it; rows before the state count as the state where they repeat it."""
        if when >= 0 or standing is None:
            return adjoint[max(when, 0)], chosen
        return adjoint[0], chosen & standing[-when - 1][pattern.columns]

    for offset in range(last + reach + 1):
        target, chosen = row_of(last - offset, own & (pattern.offsets == -offset))
        np.add.at(target, (unknown[chosen], pattern.rows[chosen] - count), steps[-1].entries[chosen])
    for j in range(last, 0, -1):
        multipliers = steps[j - 1].solve_transposed(adjoint[j])
        for offset in range(1, j + reach + 1):
            target, chosen = row_of(j - offset, equations & (pattern.offsets == -offset))
            np.subtract.at(target, unknown[chosen], multipliers[pattern.rows[chosen]] * steps[j - 1].entries[chosen, None])
    return np.asarray(adjoint[0].T)
