"""One period: the blocks in order, each assigned or solved, with more starts and a full-space search where one is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from model.diagnosis import Diagnosis, likely
from model.newton import ROUNDING, BlockProblem, Options, Stage, Trial, scaled, search, step_from
from model.program import Block, Floats


@dataclass
class PeriodFailure(Exception):
    """A block that no start solves."""

    block: tuple[str, ...]
    equation: str
    residual: float
    iterates: tuple[tuple[float, dict[str, float]], ...]
    cause: str
    advice: str

    def diagnosis(self, period: int, dates: tuple[date, ...] | None) -> Diagnosis:
        """The failure with its place on the path."""
        day = None if dates is None else dates[period]
        return Diagnosis(period, day, self.block, self.equation, self.residual, self.iterates, self.cause, self.advice)


def solve_period(stage: Stage, options: Options) -> int:
    """Fill the stage's row; the number of Newton steps.

    Raises
    ------
    PeriodFailure
        A block has no solution that any start finds.
    """
    program = stage.program
    guess = stage.table[stage.number - 1, program.unknown_columns]
    stage.row[program.unknown_columns] = np.where(np.isfinite(guess), guess, 0.0)
    steps = 0
    for step in program.steps:
        if isinstance(step, Block):
            steps += solve_block(step, stage, options)
        else:
            step(stage.row_address, stage.parameter_address, 0)
    broken = ~np.isfinite(stage.row[program.unknown_columns])
    if broken.any():
        raise _undefined(stage, int(np.flatnonzero(broken)[0]))
    return steps


def starts(stage: Stage, block: Block) -> Iterator[Floats]:
    """Starting points for the tears: the previous period, then simple and perturbed ones, always the same."""
    before = stage.table[stage.number - 1, block.tears]
    known = np.isfinite(before)
    yield np.where(known, before, 0.0)
    if not known.all():
        yield np.where(known, before, 1.0)
    yield np.ones(len(before))
    yield np.zeros(len(before))
    size = np.where(known & (before != 0.0), np.abs(np.where(known, before, 0.0)), 1.0)
    base = np.where(known, before, 1.0)
    for k in range(1, 7):
        yield base + size * 0.25 * k * np.sin(1.0 + k * np.arange(1, len(before) + 1))
    for scale in (0.01, 100.0, 1e4):
        yield np.full(len(before), scale)


def solve_block(block: Block, stage: Stage, options: Options) -> int:
    """Solve one simultaneous block in place; the number of Newton steps."""
    program = stage.program
    eliminate = program.modules[0]["eliminate"] if program.backend == "llvm" else None
    problem = BlockProblem(block, stage, eliminate)
    lower, upper = _bounds(stage, block.tears, options)
    steps = 0
    best: Trial | None = None
    for start in starts(stage, block):
        trial = search(problem, start, options, lower, upper)
        steps += trial.iterations
        if trial.error <= options.tolerance:
            return steps
        if trial.error <= 1e-4:
            steps += polish(problem, options)
            trial.error = float(_block_errors(problem).max())
            if trial.error <= max(options.tolerance, 64 * ROUNDING):
                return steps
            trial.x = stage.row[block.tears].copy()
        if best is None or trial.error < best.error:
            best = trial
        for column in block.columns:
            before = stage.table[stage.number - 1, column]
            stage.row[column] = before if np.isfinite(before) else 0.0
    assert best is not None
    problem.residuals(best.x)
    raise _stuck(problem, best, options)


def _bounds(stage: Stage, columns: Floats | np.ndarray[tuple[int, ...], np.dtype[np.int64]], options: Options) -> tuple[Floats, Floats]:
    lower, upper = np.full(len(columns), -np.inf), np.full(len(columns), np.inf)
    for name, low, high in options.bounds:
        place = np.flatnonzero(columns == stage.program.index[name])
        lower[place], upper[place] = low, high
    return lower, upper


def _block_errors(problem: BlockProblem) -> Floats:
    stage, members = problem.stage, problem.block.members
    out = stage.certify()
    count = len(stage.program.equations)
    return scaled(out[:count][members], out[count : 2 * count][members])


def polish(problem: BlockProblem, options: Options) -> int:
    """Newton steps on all of a block's unknowns at once: every equation is brought to rounding of its own terms."""
    stage, block = problem.stage, problem.block
    pattern = stage.program.pattern
    count = len(stage.program.equations)
    place_of_row = np.full(count + stage.program.hidden_count, -1)
    place_of_row[block.members] = np.arange(len(block.members))
    place_of_column = np.full(stage.program.width, -1)
    place_of_column[block.columns] = np.arange(len(block.columns))
    inside = (place_of_row[pattern.rows] >= 0) & (place_of_column[pattern.columns] >= 0) & (pattern.offsets == 0)
    rows, columns = place_of_row[pattern.rows[inside]], place_of_column[pattern.columns[inside]]
    entries = np.empty(len(pattern.rows))
    steps = 0
    best_row, best_error = stage.row[block.columns].copy(), float(_block_errors(problem).max())
    while steps < 8 and best_error > options.tolerance / 8:
        pattern.kernel(stage.row_address, stage.parameter_address, entries.ctypes.data)
        jacobian = np.zeros((len(block.members), len(block.columns)))
        jacobian[rows, columns] = entries[inside]
        residual = stage.certify()[:count][block.members]
        dx = step_from(jacobian, residual)
        steps += 1
        if dx is None:
            break
        point = best_row + dx
        stage.row[block.columns] = np.where(np.abs(point) <= 4 * ROUNDING * (np.abs(best_row) + np.abs(dx)), 0.0, point)
        error = float(_block_errors(problem).max())
        if not error < best_error:
            stage.row[block.columns] = best_row
            break
        best_row, best_error = stage.row[block.columns].copy(), error
    return steps


def _stuck(problem: BlockProblem, best: Trial, options: Options) -> PeriodFailure:
    program, block = problem.stage.program, problem.block
    errors = _block_errors(problem)
    worst = int(np.argmax(errors))
    name = program.equations[int(block.members[worst])].name
    tears = [program.columns[c] for c in block.tears]
    iterates = tuple((e, dict(zip(tears, x.tolist(), strict=True))) for e, x in best.history)
    cause, advice = likely(
        float(errors[worst]),
        tuple(e for e, _ in best.history),
        best.iterations,
        options.iterations,
        name if not np.isfinite(errors[worst]) else "",
    )
    return PeriodFailure(tuple(program.columns[c] for c in block.columns), name, float(errors[worst]), iterates, cause, advice)


def _undefined(stage: Stage, place: int) -> PeriodFailure:
    """The first equation, in the order of solution, whose unknown has no finite value."""
    program = stage.program
    for shape in program.shapes:
        for e, u in shape.chain:
            if not np.isfinite(stage.row[program.unknown_columns[u]]):
                name = program.equations[e].name
                cause, advice = likely(np.inf, (), 0, 1, name)
                return PeriodFailure((program.unknowns[u],), name, np.inf, (), cause, advice)
    name = program.unknowns[place]
    return PeriodFailure((name,), name, np.inf, (), *likely(np.inf, (), 0, 1, name))
