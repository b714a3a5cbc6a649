"""The exact Jacobian of a period, and what follows from it by the implicit function theorem.

``Linearisation`` holds one period's derivatives F_x (now) and F_s (earlier rows); solves with F_xᵀ carry gradients from rows
back to the rows that they were computed from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.compiler.program import Floats, Integers, Program
from model.periods.newton import Stage

SMALL = 30
"""Equations up to which the matrices of many periods are inverted in one call."""
DENSE = 80
"""Equations up to which a dense factorisation is quicker than a sparse one."""
FURTHEST = 3
"""Periods that a system with dense factorisations may look back."""


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


class _Layout:
    """Where a program's pattern has the entries of F_x, in order of the equations.

    Parameters
    ----------
    program
        The compiled system.

    Raises
    ------
    numpy.linalg.LinAlgError
        An equation has no unknown of its own period.
    """

    def __init__(self, program: Program) -> None:
        pattern, place = program.pattern, places(program)
        inside = np.flatnonzero((pattern.rows < program.equation_count) & (pattern.offsets == 0))
        self.inside = inside[np.lexsort((place[pattern.columns[inside]], pattern.rows[inside]))]
        self.rows, self.columns = pattern.rows[self.inside], place[pattern.columns[self.inside]]
        self.starts = np.searchsorted(self.rows, np.arange(program.equation_count + 1))
        if np.any(np.diff(self.starts) == 0):
            raise np.linalg.LinAlgError("an equation without an unknown")


class _Dense:
    """Gradients with full matrices, for small systems that look back a few periods at most.

    Parameters
    ----------
    program
        The compiled system.
    """

    def __init__(self, program: Program) -> None:
        pattern, self.size = program.pattern, len(program.unknowns)
        self.reach = int(-pattern.offsets.min(initial=0))
        self.hidden = program.hidden_count
        self.shape = program.equation_count + self.hidden, (self.reach + 1) * self.size
        self.places = pattern.rows * self.shape[1] + places(program)[pattern.columns] - pattern.offsets * self.size

    @classmethod
    def of(cls, program: Program) -> _Dense | None:
        """Where a small system's entries stand; None for others."""
        offsets = program.pattern.offsets
        small = program.equation_count <= DENSE and offsets.min(initial=0) >= -FURTHEST and offsets.max(initial=0) <= 0
        return cls(program) if small else None

    def gradients(self, steps: Sequence[Linearisation], horizons: Sequence[int]) -> Floats:
        """What :func:`hidden_gradients` returns."""
        n, hidden = self.size, self.hidden
        whole = np.zeros((len(steps), self.shape[0] * self.shape[1]))
        for row, step in zip(whole, steps, strict=True):
            row[self.places] = step.entries
        matrices = whole.reshape(len(steps), *self.shape)
        own = matrices[:, :n, :n].transpose(0, 2, 1).copy()
        sizes = np.abs(own).max(axis=1)
        sizes[sizes == 0.0] = 1.0
        own /= sizes[:, None, :]
        inverses = np.linalg.inv(own) if n <= SMALL else None
        adjoint = np.zeros((len(steps) + 1, n, len(horizons) * hidden))
        for j in range(len(steps), 0, -1):
            step, back = matrices[j - 1], range(min(self.reach, j) + 1)
            for q, horizon in enumerate(horizons):
                if horizon == j - 1:
                    for k in back:
                        adjoint[j - k, :, q * hidden : (q + 1) * hidden] += step[n:, k * n : (k + 1) * n].T
            found = np.linalg.solve(own[j - 1], adjoint[j]) if inverses is None else inverses[j - 1] @ adjoint[j]
            found /= sizes[j - 1][:, None]
            for k in back[1:]:
                adjoint[j - k] -= step[:n, k * n : (k + 1) * n].T @ found
        return np.asarray(adjoint[0].T)


class TransposedSolves:
    """Solves with the transposed F_x of several periods, rows brought to one size first.

    Parameters
    ----------
    steps
        The periods' derivatives.

    Raises
    ------
    numpy.linalg.LinAlgError
        F_x is singular in some period.
    """

    def __init__(self, steps: Sequence[Linearisation]) -> None:
        program = steps[0].program
        layout, self.count = program.once("layout", lambda: _Layout(program)), program.equation_count
        self.rows, self.columns, self.starts = layout.rows, layout.columns, layout.starts
        values = np.array([step.entries[layout.inside] for step in steps])
        self.sizes = np.maximum.reduceat(np.abs(values), self.starts[:-1], axis=1)
        self.sizes[self.sizes == 0.0] = 1.0
        self.values = values / self.sizes[:, self.rows]

    def solve(self, step: int, right: Floats) -> Floats:
        """λ in F_xᵀ λ = right; right has one row an unknown (canonical order), one column a problem.

        Raises
        ------
        numpy.linalg.LinAlgError, RuntimeError
            F_x is singular.
        """
        if self.count <= DENSE:
            matrix = np.zeros((self.count, self.count))
            matrix[self.columns, self.rows] = self.values[step]
            found = np.linalg.solve(matrix, right)
        else:
            from scipy.sparse import csc_array
            from scipy.sparse.linalg import splu

            found = splu(csc_array((self.values[step], self.columns, self.starts), shape=(self.count, self.count))).solve(right)
        return np.asarray(found / self.sizes[step][:, None])


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
    dense = program.once("dense", lambda: _Dense.of(program)) if standing is None else None
    if dense is not None:
        return dense.gradients(steps, horizons)
    solves = TransposedSolves(steps)
    size, hidden = len(program.unknowns), program.hidden_count
    reach = 0 if standing is None else len(standing)
    spread = _Spread(program, standing) if standing is not None else program.once("spread", lambda: _Spread(program))
    adjoint = [np.zeros((size, len(horizons) * hidden)) for _ in range(len(steps) + 1)]
    for j in range(len(steps), 0, -1):
        for q, horizon in enumerate(horizons):
            if horizon == j - 1:
                for offset in spread.offsets(j + reach):
                    gradient = spread.own(offset, j - offset, steps[j - 1].entries)
                    adjoint[max(j - offset, 0)][:, q * hidden : (q + 1) * hidden] += gradient
        multipliers = solves.solve(j - 1, adjoint[j])
        for offset in spread.offsets(j + reach, 1):
            spread.carry(offset, j - offset, steps[j - 1].entries, multipliers, adjoint[max(j - offset, 0)])
    return np.asarray(adjoint[0].T)


class _Spread:
    """Which of the pattern's entries reach which unknown of which row; rows before the state count where they repeat it."""

    def __init__(self, program: Program, standing: NDArray[np.bool_] | None = None) -> None:
        self.pattern, self.standing = program.pattern, standing
        self.count, self.hidden, self.size = program.equation_count, program.hidden_count, len(program.unknowns)
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
