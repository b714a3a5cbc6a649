"""All of a block's equations as functions of all of its unknowns, untorn: to finish what tearing leaves, and to start anew."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from model.compiler.plan import ROUNDING, scaled
from model.compiler.program import Block, Floats, Integers
from model.periods.newton import BlockProblem, Stage, step_from


class FullProblem:
    """A block's equations by its unknowns, in the order of ``block.members`` and ``block.columns``."""

    def __init__(self, block: Block, stage: Stage) -> None:
        self.block, self.stage = block, stage

    @cached_property
    def _entries(self) -> tuple[Integers, Integers, Integers]:
        """Which of the pattern's entries belong to the block, and their rows and columns in it."""
        block, program = self.block, self.stage.program
        pattern = program.pattern
        row = np.full(program.equation_count + program.hidden_count, -1, dtype=np.int64)
        row[block.members] = np.arange(len(block.members))
        column = np.full(program.width, -1, dtype=np.int64)
        column[block.columns] = np.arange(len(block.columns))
        inside = np.flatnonzero((row[pattern.rows] >= 0) & (column[pattern.columns] >= 0) & (pattern.offsets == 0))
        return inside, row[pattern.rows[inside]], column[pattern.columns[inside]]

    def place(self, x: Floats) -> None:
        """Put the unknowns into the row."""
        self.stage.row[self.block.columns] = x

    def measure(self) -> tuple[Floats, Floats]:
        """Residuals and scales at what is in the row."""
        count = self.stage.program.equation_count
        out = self.stage.certify()
        return out[:count][self.block.members], out[count : 2 * count][self.block.members]

    def residuals(self, x: Floats) -> tuple[Floats, Floats]:
        """Residuals and scales at x, which stays in the row."""
        self.place(x)
        return self.measure()

    def jacobian(self) -> Floats:
        """Derivatives of the residuals at what is in the row."""
        pattern = self.stage.program.pattern
        values = np.empty(len(pattern.rows))
        pattern.kernel(self.stage.row_address, self.stage.parameter_address, values.ctypes.data)
        inside, rows, columns = self._entries
        matrix = np.zeros((len(self.block.members), len(self.block.columns)))
        matrix[rows, columns] = values[inside]
        return matrix

    def errors(self) -> Floats:
        """Scaled residuals at what is in the row."""
        return scaled(*self.measure())


def finish(torn: BlockProblem, full: FullProblem, error: float) -> float:
    """Move the chain's unknowns along with the tears to first order instead of recomputing them.

    Recomputed, they carry the rounding of the tears, enlarged by steep equations, into sums that should cancel. The
    row must hold a torn solution with the given error; the error of what it holds in the end is returned.
    """
    columns = torn.block.columns
    best = torn.stage.row[columns].copy()
    step = step_from(torn.jacobian(), torn.out[: torn.count])
    if step is None:
        return error
    along = (torn.table[torn.count : torn.rows] * step).sum(axis=1)
    full.place(best + np.concatenate([along, step]))
    now = float(full.errors().max())
    if now < error:
        return now
    full.place(best)
    return error


def polish(problem: FullProblem) -> tuple[int, float]:
    """Undamped steps while they help: every equation is brought to rounding of its own terms; exact zeros stay zero.

    Returns
    -------
    Steps taken, and the largest scaled residual at the point that stays in the row.
    """
    columns = problem.block.columns
    best, error = problem.stage.row[columns].copy(), float(problem.errors().max())
    steps = 0
    while steps < 8 and error > 8 * ROUNDING:
        step = step_from(problem.jacobian(), problem.measure()[0])
        steps += 1
        if step is None:
            break
        problem.place(np.where(best == 0.0, 0.0, best + step))
        now = float(problem.errors().max())
        if not now < error:
            problem.place(best)
            break
        best, error = problem.stage.row[columns].copy(), now
    return steps, error
