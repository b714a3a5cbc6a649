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

SMALL = 40
"""Equations up to which the matrices of many periods are inverted in one call."""
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
        size, values, rows, columns = self._scaled
        count = len(size)
        if count <= DENSE:
            matrix = np.zeros((count, count))
            matrix[columns, rows] = values
            return size, lambda right: np.linalg.solve(matrix, right)
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        return size, splu(csc_array((values, (columns, rows)), shape=(count, count))).solve

    @cached_property
    def _scaled(self) -> tuple[Floats, Floats, Integers, Integers]:
        """Row sizes, and the entries of the row-scaled F_x with their rows and columns."""
        pattern, count = self.program.pattern, len(self.program.equations)
        place = places(self.program)
        inside = (pattern.rows < count) & (pattern.offsets == 0)
        rows, columns, values = pattern.rows[inside], place[pattern.columns[inside]], self.entries[inside]
        size = np.zeros(count)
        np.maximum.at(size, rows, np.abs(values))
        size[size == 0.0] = 1.0
        return size, values / size[rows], rows, columns

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


def invert_together(steps: Sequence[Linearisation]) -> None:
    """Factor the steps of a small system in one call; a larger one is left to be factored step by step.

    Raises
    ------
    numpy.linalg.LinAlgError
        F_x is singular in some step.
    """
    count = len(steps[0].program.equations)
    if count > SMALL:
        return
    matrices = np.zeros((len(steps), count, count))
    for matrix, step in zip(matrices, steps, strict=True):
        _, values, rows, columns = step._scaled
        matrix[columns, rows] = values
    for inverse, step in zip(np.linalg.inv(matrices), steps, strict=True):
        step.__dict__["_factors"] = step._scaled[0], inverse.__matmul__


def hidden_gradients(steps: Sequence[Linearisation], horizons: Sequence[int], standing: NDArray[np.bool_] | None = None) -> Floats:
    """Total derivatives of the hidden identities some periods ahead by the unknowns of the row before the first step.

    Parameters
    ----------
    steps
        Consecutive periods, the first one's previous row being the state.
    horizons
        Numbers of the steps (0 is the first) whose identities are meant.
    standing
        Shape (earlier rows, columns): where rows before the state repeat it and move with it; None where they stay.

    Returns
    -------
    Shape (horizons · identities, unknowns in canonical order).
    """
    program = steps[0].program
    invert_together(steps)
    size, hidden = len(program.unknowns), program.hidden_count
    reach = 0 if standing is None else len(standing)
    spread = _Spread(program, standing)
    adjoint = [np.zeros((size, len(horizons) * hidden)) for _ in range(len(steps) + 1)]
    for j in range(len(steps), 0, -1):
        for q, horizon in enumerate(horizons):
            if horizon == j - 1:
                for offset in spread.offsets(j + reach):
                    gradient = spread.own(offset, j - offset, steps[j - 1].entries)
                    adjoint[max(j - offset, 0)][:, q * hidden : (q + 1) * hidden] += gradient
        multipliers = steps[j - 1].solve_transposed(adjoint[j])
        for offset in spread.offsets(j + reach, 1):
            spread.carry(offset, j - offset, steps[j - 1].entries, multipliers, adjoint[max(j - offset, 0)])
    return np.asarray(adjoint[0].T)


class _Spread:
    """Which of the pattern's entries reach which unknown of which row; rows before the state count where they repeat it."""

    def __init__(self, program: Program, standing: NDArray[np.bool_] | None) -> None:
        self.pattern, self.standing = program.pattern, standing
        self.count, self.hidden, self.size = len(program.equations), program.hidden_count, len(program.unknowns)
        self.unknown = places(program)[self.pattern.columns]
        self.identity = self.pattern.rows >= self.count
        self.known: dict[tuple[int, int, bool], tuple[Integers, Integers, Integers]] = {}
        self.present = [int(k) for k in np.unique(-self.pattern.offsets)]

    def offsets(self, most: int, least: int = 0) -> list[int]:
        """How many periods back entries reach."""
        return [k for k in self.present if least <= k <= most]

    def chosen(self, offset: int, when: int, identity: bool) -> tuple[Integers, Integers, Integers]:
        """Entries so many periods back in order of the unknowns that they reach, those unknowns, and where each one's entries start."""
        earlier = min(when, 0)
        key = (offset, earlier, identity)
        if key not in self.known:
            inside = (self.identity == identity) & (self.pattern.offsets == -offset)
            if earlier < 0 and self.standing is not None:
                inside &= self.standing[-earlier - 1][self.pattern.columns]
            found = np.flatnonzero(inside)
            found = found[np.argsort(self.unknown[found], kind="stable")]
            self.known[key] = found, *np.unique(self.unknown[found], return_index=True)
        return self.known[key]

    def own(self, offset: int, when: int, entries: Floats) -> Floats:
        """The identities' own derivatives by a row, shape (unknowns, identities)."""
        chosen = self.chosen(offset, when, True)[0]
        place = self.unknown[chosen] * self.hidden + self.pattern.rows[chosen] - self.count
        return np.asarray(np.bincount(place, entries[chosen], self.size * self.hidden).reshape(self.size, self.hidden), dtype=np.float64)

    def carry(self, offset: int, when: int, entries: Floats, multipliers: Floats, target: Floats) -> None:
        """Subtract what the equations' multipliers say about a row."""
        chosen, reached, starts = self.chosen(offset, when, False)
        if len(chosen):
            parts = multipliers[self.pattern.rows[chosen]] * entries[chosen, None]
            target[reached] -= np.add.reduceat(parts, starts, axis=0)
