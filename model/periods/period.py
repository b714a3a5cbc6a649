"""One period: the blocks in order, each assigned or solved, with more starts and a full-space search where one is not enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np

from model.compiler.plan import FINE, ROUNDING, scaled
from model.compiler.program import Block, Floats, Integers
from model.language.structure import BlockShape
from model.periods.bridge import cross, lengthen
from model.periods.continuation import follow
from model.periods.diagnosis import Diagnosis, exploding, likely, undetermined
from model.periods.fullspace import FullProblem, finish, polish
from model.periods.newton import BlockProblem, Options, Stage, Trial, quantised, search, step_from
from model.periods.ordinary import factored, solve_ordinary

FULL_STARTS = 8
RESTORING = 3
LARGE = 120
"""Unknowns of a block above which only the torn ones are searched."""
ROUNDING_SHARE = 1e-10
"""Distance from a limit, relative to the pull towards it, that may be rounding."""
ENORMOUS = 1e100
"""Size of a number in the period before from which a failure is that of a path that explodes."""
NEARLY = 1e-4
"""Scaled residual from which Newton's method on all unknowns is tried to finish."""


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
    if not options.bounds:
        taken = solve_ordinary(stage, options.tolerance)
        if taken is not None:
            return taken
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
    problem = BlockProblem(block, stage)
    full = FullProblem(block, stage)
    lower, upper = _bounds(stage, block.tears, options)
    steps = 0
    best: Trial | None = None
    with np.errstate(all="ignore"):
        for start in starts(stage, block):
            trial = search(problem, start, options, lower, upper)
            steps, error = steps + trial.iterations, trial.error
            if options.tolerance < error <= NEARLY:
                error = finish(problem, full, error)
            if options.tolerance < error <= NEARLY:
                taken, error = polish(full)
                steps += taken
            if error <= max(options.tolerance, options.stagnation):
                return steps + _conclude(problem, full, error, options)
            if best is None or trial.error < best.error:
                best = trial
            _reset(stage, block)
        for bridge in (cross, lengthen):
            taken, error = bridge(problem, full, options, lower, upper)
            steps += taken
            if error <= options.tolerance:
                return steps + _conclude(problem, full, error, options)
            _reset(stage, block)
        for start in islice(starts(stage, block), FULL_STARTS):
            taken, error = _search_all(problem, full, start, options)
            steps += taken
            if error <= options.tolerance:
                return steps + _conclude(problem, full, error, options)
            _reset(stage, block)
        assert best is not None
        problem.residuals(best.x)
        raise _stuck(full, best, options)


def _conclude(problem: BlockProblem, full: FullProblem, error: float, options: Options) -> int:
    """Bring a solution to bits that do not depend on how it was found, and limited variables exactly to their limits.

    The tears lose their last bits and Newton's method restores them, so that any start that leads to a solution leads to
    the same numbers. Returns the steps taken.
    """
    found = problem.stage.row[problem.block.columns].copy()
    _check_determined(problem, full)
    steps = 0
    if not options.bounds:
        x = quantised(problem.stage.row[problem.block.tears])
        r, _ = problem.residuals(x)
        best: tuple[float, Floats] | None = None
        while steps < RESTORING:
            dx = step_from(problem.jacobian(), r)
            if dx is None:
                break
            steps += 1
            size, x = np.abs(x) + np.abs(dx), x + dx
            x[np.abs(x) <= 4 * ROUNDING * size] = 0.0
            r, s = problem.residuals(x)
            now = float(scaled(r, s).max())
            if best is None or now < best[0]:
                best = (now, x)
            if now <= FINE:
                break
        now = np.inf
        if best is not None and best[0] <= NEARLY:
            now = best[0]
            problem.residuals(best[1])
            if now > FINE:
                now = finish(problem, full, now)
        if now <= max(options.tolerance, error):
            error = now
        else:
            full.place(found)
    _settle(full, error)
    return steps


def _settle(full: FullProblem, error: float) -> None:
    """Put limited variables that are at a limit but for rounding exactly there, where the equations allow it."""
    program, row = full.stage.program, full.stage.row
    if not program.condition_count:
        return
    inside = np.flatnonzero(np.isin(program.condition_columns, full.block.columns))
    if not len(inside):
        return
    out = full.stage.certify()[2 * (program.equation_count + program.hidden_count) :].reshape(-1, 3)
    for k in inside:
        below, above, pull = out[k]
        column = program.condition_columns[k]
        if pull > 0.0 and 0.0 < abs(below) <= ROUNDING_SHARE * pull:
            limit = row[column] - below
        elif pull < 0.0 and 0.0 < abs(above) <= -ROUNDING_SHARE * pull:
            limit = row[column] + above
        else:
            continue
        before, row[column] = row[column], limit
        if not float(full.errors().max()) <= max(error, FINE):
            row[column] = before


def _search_all(torn: BlockProblem, full: FullProblem, start: Floats, options: Options) -> tuple[int, float]:
    """The homotopy's arc of the torn unknowns; in smaller blocks Newton and the arc on all; steps and the error that remains."""
    stage, columns = torn.stage, torn.block.columns
    lower, upper = _bounds(stage, columns, options)
    before = stage.row[columns].copy()
    torn.residuals(start)
    point = np.where(np.isfinite(stage.row[columns]), stage.row[columns], before)

    def finished(problem: BlockProblem | FullProblem, at: Floats | None, low: Floats, high: Floats) -> tuple[int, float]:
        if at is None:
            return 0, np.inf
        trial = search(problem, at, options, low, high)
        taken, error = polish(full) if FINE < trial.error <= NEARLY else (0, trial.error)
        return trial.iterations + taken, error

    followed, steps = follow(torn, start)
    taken, error = finished(torn, followed, *_bounds(stage, torn.block.tears, options))
    if error <= options.tolerance or len(columns) > LARGE:
        return steps + taken, error
    more, error = finished(full, point, lower, upper)
    if error <= options.tolerance:
        return steps + taken + more, error
    followed, arc = follow(full, point)
    last, error = finished(full, followed, lower, upper)
    return steps + taken + more + arc + last, error


def _reset(stage: Stage, block: Block) -> None:
    before = stage.table[stage.number - 1, block.columns]
    stage.row[block.columns] = np.where(np.isfinite(before), before, 0.0)


def _bounds(stage: Stage, columns: Integers, options: Options) -> tuple[Floats, Floats]:
    lower, upper = np.full(len(columns), -np.inf), np.full(len(columns), np.inf)
    for name, low, high in options.bounds:
        place = np.flatnonzero(columns == stage.program.index[name])
        lower[place], upper[place] = low, high
    return lower, upper


def _stuck(full: FullProblem, best: Trial, options: Options) -> PeriodFailure:
    program, block, row = full.stage.program, full.block, full.stage.row
    errors = full.errors()
    worst = int(np.argmax(errors))
    name = program.equation_names[int(block.members[worst])]
    undefined = ""
    if not np.isfinite(errors[worst]):
        earlier = _without_value(full.stage, program.shapes[: block.number])
        if earlier is not None:
            return earlier
        chain = program.shapes[block.number].chain
        undefined = next((program.equation_names[e] for e, u in chain if not np.isfinite(row[program.unknown_columns[u]])), name)
        name = undefined
    tears = [program.columns[c] for c in block.tears]
    iterates = tuple((e, dict(zip(tears, x.tolist(), strict=True))) for e, x in best.history)
    history = tuple(e for e, _ in best.history)
    cause, advice = _explosion(full.stage) or likely(float(errors[worst]), history, best.iterations, options.iterations, undefined)
    return PeriodFailure(tuple(program.columns[c] for c in block.columns), name, float(errors[worst]), iterates, cause, advice)


def _undefined(stage: Stage, place: int) -> PeriodFailure:
    """The first equation, in the order of solution, whose unknown has no finite value."""
    name = stage.program.unknowns[place]
    found = _without_value(stage, stage.program.shapes)
    return found or PeriodFailure((name,), name, np.inf, (), *(_explosion(stage) or likely(np.inf, (), 0, 1, name)))


def _without_value(stage: Stage, shapes: Sequence[BlockShape]) -> PeriodFailure | None:
    """The failure of the first equation in these blocks whose unknown has no finite value, if there is one."""
    program = stage.program
    for shape in shapes:
        for e, u in shape.chain:
            if not np.isfinite(stage.row[program.unknown_columns[u]]):
                name = program.equation_names[e]
                cause, advice = _explosion(stage) or likely(np.inf, (), 0, 1, name)
                return PeriodFailure((program.unknowns[u],), name, np.inf, (), cause, advice)
    return None


def _explosion(stage: Stage) -> tuple[str, str] | None:
    """Cause and advice where the previous period already holds an enormous number."""
    program = stage.program
    before = np.abs(stage.table[stage.number - 1, program.unknown_columns])
    before[~np.isfinite(before)] = 0.0
    largest = int(np.argmax(before))
    if before[largest] < ENORMOUS:
        return None
    return exploding(program.unknowns[largest], float(before[largest]))


def _check_determined(problem: BlockProblem, full: FullProblem) -> None:
    """Refuse a linear block that holds along a whole direction.

    Raises
    ------
    PeriodFailure
        The block's equations do not determine its unknowns.
    """
    block, program = problem.block, full.stage.program
    if not block.linear:
        return
    matrix = problem.jacobian()
    if factored(matrix) is not None:
        return
    direction = np.linalg.svd(matrix)[2][-1]
    along = np.concatenate([problem.table[problem.count : problem.rows] @ direction, direction])
    if not float(np.abs(matrix @ direction).max()) <= 8 * ROUNDING * float(np.abs(matrix).max()) * len(direction):
        return
    names = tuple(program.columns[c] for c in block.columns)
    moving = [n for n, a in zip(names, along, strict=True) if abs(a) > 1e-9 * np.abs(along).max()]
    name = program.equation_names[int(block.residuals[0])]
    raise PeriodFailure(names, name, 0.0, (), *undetermined(sorted(moving)))
