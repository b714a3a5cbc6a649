"""Bridges from the last period: what a block is given, or the period's length, grows to its present value, and the solution follows.

Where a shock is so large that Newton's method is caught on the way from yesterday's solution, it is let in by parts. Where little
is new and the period is long, it begins almost without length, when yesterday's stocks are nearly today's. Only the last point,
with everything in full, is kept: time does not pass on a bridge.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.compiler.program import Floats
from model.language.names import LENGTH
from model.periods.fullspace import FullProblem, finish, polish
from model.periods.newton import BlockProblem, Options, search

FIRST = 0.25
SHORT = 0.02
"""Share of a period's length with which it begins."""
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
    stage = problem.stage
    outside = np.ones(len(stage.row), dtype=bool)
    outside[problem.block.columns] = False
    present = stage.row[outside].copy()
    last = stage.table[stage.number - 1][outside]
    last = np.where(np.isfinite(last), last, present)

    def let_in(part: float) -> None:
        stage.row[outside] = present if part == 1.0 else last + part * (present - last)

    return _walk(problem, full, options, lower, upper, let_in, FIRST)


def lengthen(problem: BlockProblem, full: FullProblem, options: Options, lower: Floats, upper: Floats) -> tuple[int, float]:
    """Solve a block by letting the period grow from almost no length; see :func:`cross`. Nothing is done where there is no length."""
    stage = problem.stage
    column = stage.program.index.get(LENGTH)
    if column is None or column in problem.block.columns:
        return 0, np.inf
    length = float(stage.row[column])

    def grow(part: float) -> None:
        stage.row[column] = length if part == 1.0 else part * length

    return _walk(problem, full, options, lower, upper, grow, SHORT)


def _walk(
    problem: BlockProblem, full: FullProblem, options: Options, lower: Floats, upper: Floats, put: Callable[[float], None], first: float
) -> tuple[int, float]:
    """Newton's method at parts from ``first`` to 1, each from the last one's solution; a step that fails is halved."""
    stage, block = problem.stage, problem.block
    before = stage.table[stage.number - 1, block.tears]
    x = np.where(np.isfinite(before), before, 0.0)
    part, length, steps = 0.0, first, 0
    for _ in range(CROSSINGS):
        ahead = min(1.0, part + length)
        put(ahead)
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
    put(1.0)
    return steps, np.inf
