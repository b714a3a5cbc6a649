"""A bridge from the last period: what a block is given moves from its previous to its present value, and the solution follows.

Where a shock is so large that Newton's method is caught on the way from yesterday's solution, it is let in by parts. Only the
last point, with the shock in full, is kept: time does not pass on the bridge.
"""

from __future__ import annotations

import numpy as np

from model.compiler.program import Floats
from model.periods.fullspace import FullProblem, finish, polish
from model.periods.newton import BlockProblem, Options, search

FIRST = 0.25
SHORTEST = 1e-4
CROSSINGS = 80
NEARLY = 1e-4
"""Scaled residual from which Newton's method on all unknowns finishes."""


def cross(problem: BlockProblem, full: FullProblem, options: Options, lower: Floats, upper: Floats) -> tuple[int, float]:
    """Solve a block by letting in by parts what has changed since the last period.

    Returns
    -------
    Newton steps taken, and the error of what is in the row at the end; the row's other values are as before.
    """
    stage, block = problem.stage, problem.block
    outside = np.ones(len(stage.row), dtype=bool)
    outside[block.columns] = False
    present = stage.row[outside].copy()
    last = stage.table[stage.number - 1][outside]
    last = np.where(np.isfinite(last), last, present)
    before = stage.table[stage.number - 1, block.tears]
    x = np.where(np.isfinite(before), before, 0.0)
    part, length, steps, error = 0.0, FIRST, 0, np.inf
    for _ in range(CROSSINGS):
        ahead = min(1.0, part + length)
        stage.row[outside] = present if ahead == 1.0 else last + ahead * (present - last)
        trial = search(problem, x, options, lower, upper)
        steps, error = steps + trial.iterations, trial.error
        if options.tolerance < error <= NEARLY:
            error = finish(problem, full, error)
        if options.tolerance < error <= NEARLY:
            taken, error = polish(full)
            steps += taken
        if error <= options.tolerance:
            if ahead == 1.0:
                return steps, error
            part, x, length = ahead, stage.row[block.tears].copy(), 2.0 * length
        else:
            length *= 0.5
            if length < SHORTEST:
                break
    stage.row[outside] = present
    return steps, np.inf
