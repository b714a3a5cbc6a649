"""Systems with leads: all periods are solved together by one sparse Newton iteration.

After the last period x(T + k) = x(T), so that the horizon has to reach beyond what is announced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.compiler.plan import ROUNDING, scaled
from model.compiler.program import Floats, Program
from model.periods.diagnosis import Diagnosis, likely
from model.periods.inputs import Inputs
from model.periods.jacobian import places
from model.periods.newton import Options, Stage, quantised
from model.periods.path import Consistency, Path
from model.periods.period import PeriodFailure, solve_period
from model.solving.outlook import NEAR, least_change, measure
from model.solving.record import Record
from model.solving.repairs import found_gaps, report


class StackedProblem:
    """Residuals and sparse Jacobian of all periods as functions of all unknowns."""

    def __init__(self, program: Program, inputs: Inputs) -> None:
        self.program, self.inputs = program, inputs
        self.count, self.periods = program.equation_count, inputs.periods
        first = inputs.history + 1
        self.rows = slice(first, first + self.periods)
        self.stages = [Stage(program, inputs.table, first + t, inputs.parameter_rows[t + 1]) for t in range(self.periods)]
        pattern = program.pattern
        place = self.place = places(program)
        chosen = pattern.rows < self.count
        self.entry = np.flatnonzero(chosen)
        when = np.arange(self.periods)[:, None] + pattern.offsets[chosen][None, :]
        self.inside = when >= 0
        periods = np.arange(self.periods)[:, None]
        self.row_index = (periods * self.count + pattern.rows[chosen][None, :])[self.inside]
        self.column_index = (np.minimum(when, self.periods - 1) * self.count + place[pattern.columns[chosen]][None, :])[self.inside]

    def fill(self, x: Floats) -> None:
        """Put the unknowns into the table; rows after the last period repeat it."""
        table, columns = self.inputs.table, self.program.unknown_columns
        table[self.rows, columns] = x.reshape(self.periods, self.count)
        table[self.rows.stop :, columns] = table[self.rows.stop - 1, columns]

    def residuals(self, x: Floats) -> tuple[Floats, Floats]:
        """Residuals and scales of every equation in every period."""
        self.fill(x)
        out = np.array([stage.certify()[: 2 * self.count] for stage in self.stages])
        return out[:, : self.count].ravel(), out[:, self.count :].ravel()

    def jacobian(self) -> tuple[Floats, int]:
        """Values of the stacked Jacobian's entries at the table's state, and the matrix's order."""
        pattern = self.program.pattern
        entries = np.empty((self.periods, len(pattern.rows)))
        for t, stage in enumerate(self.stages):
            pattern.kernel(stage.row_address, stage.parameter_address, entries[t].ctypes.data)
        return entries[:, self.entry][self.inside], self.periods * self.count

    def gaps(self) -> tuple[Floats, Floats]:
        """Hidden identities' values and scales in the first periods, shape (periods, identities)."""
        measured = [measure(stage) for stage in self.stages[: len(NEAR)]]
        return np.array([m[0] for m in measured]), np.array([m[1] for m in measured])

    def gradients(self) -> Floats | None:
        """Derivatives of those values by the opening's unknowns, through all periods; None where the Jacobian is singular."""
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        pattern, hidden = self.program.pattern, self.program.hidden_count
        values, order = self.jacobian()
        first = min(len(NEAR), self.periods)
        outer, own = np.zeros((order, first * hidden)), np.zeros((first * hidden, self.count))
        through: list[tuple[int, int, float]] = []
        for t in range(max(first, -int(pattern.offsets.min(initial=0)))):
            if t >= self.periods:
                break
            entries = np.empty(len(pattern.rows))
            pattern.kernel(self.stages[t].row_address, self.stages[t].parameter_address, entries.ctypes.data)
            for row, name, offset, value in zip(pattern.rows, pattern.columns, pattern.offsets, entries, strict=True):
                when, column = min(t + int(offset), self.periods - 1), int(self.place[name])
                start = when == -1 or (when < -1 and bool(self.inputs.standing[-when - 2, name]))
                if row < self.count:
                    if start:
                        through.append((t * self.count + int(row), column, float(value)))
                elif t < first:
                    k = t * hidden + int(row) - self.count
                    if start:
                        own[k, column] += value
                    elif when >= 0:
                        outer[when * self.count + column, k] += value
        try:
            adjoint = splu(csc_array((values, (self.column_index, self.row_index)), shape=(order, order))).solve(outer)
        except RuntimeError:
            return None
        for row, column, slope in through:
            own[:, column] -= adjoint[row] * slope
        return own

    def step(self, residual: Floats) -> tuple[Floats, Floats] | None:
        """The Newton step, and the sizes Σ|J·dx| of the terms it moves; None where the Jacobian is singular or undefined."""
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        values, order = self.jacobian()
        if not np.all(np.isfinite(values)):
            return None
        size = np.zeros(order)
        np.maximum.at(size, self.row_index, np.abs(values))
        size[size == 0.0] = 1.0
        matrix = csc_array((values / size[self.row_index], (self.row_index, self.column_index)), shape=(order, order))
        try:
            dx = np.asarray(splu(matrix).solve(-residual / size))
        except RuntimeError:
            return None
        if not np.all(np.isfinite(dx)):
            return None
        return dx, np.asarray(abs(matrix) @ np.abs(dx)) * size


def run_stacked(program: Program, inputs: Inputs, options: Options, progress: Callable[[int, int], None] | None = None) -> Path:
    """Solve all periods of a system with leads together."""
    record = Record(program, inputs)
    problem = StackedProblem(program, inputs)
    consistency, repaired = Consistency(), None
    if inputs.periods:
        steps, error = _solve(problem, options)
        record.traces.steps[inputs.periods] = steps
        for period, stage in enumerate(problem.stages, start=1):
            record.store(period, stage)
        if not error <= options.tolerance:
            record.fail(_diagnose(problem, options, steps), 0)
        elif program.hidden_count:
            consistency, repaired = check_stacked_opening(problem, options)
        if progress is not None:
            progress(inputs.periods, inputs.periods)
    return record.path(lambda: (consistency, None if repaired is None else run_stacked(program, repaired, options)))


def check_stacked_opening(problem: StackedProblem, options: Options) -> tuple[Consistency, Inputs | None]:
    """What the first periods say about the opening, and the repaired inputs where it is inconsistent and a repair exists."""
    program, inputs = problem.program, problem.inputs
    gaps, scales = problem.gaps()
    found = found_gaps(program, gaps, scales)
    if found.consistent:
        return found, None
    copy = inputs.copy()
    trial, columns = StackedProblem(program, copy), program.unknown_columns
    opening, declared = copy.table[copy.history], inputs.table[inputs.history, columns].copy()
    x = copy.table[trial.rows, columns].ravel().copy()
    best, error = declared, float(scaled(gaps, scales).max(initial=0.0))
    for _ in range(10):
        gradients = trial.gradients()
        if gradients is None:
            break
        moved = np.nan_to_num(opening[columns] - declared)
        change = least_change(program, inputs.table[inputs.history], gradients, -gaps.ravel(), scales.ravel(), moved)
        copy.set_opening(columns, np.where(change != 0.0, declared + change, declared))
        x, residual, _ = _newton(trial, x, options)
        trial.fill(x)
        gaps, scales = trial.gaps()
        now = float(scaled(gaps, scales).max(initial=0.0))
        if residual > options.tolerance or not now < error:
            break
        best, error = opening[columns].copy(), now
    return report(program, inputs, found, best, error, np.ones(program.hidden_count, dtype=np.bool_))


def _starts(problem: StackedProblem, options: Options) -> Iterator[Floats]:
    """The opening repeated, improved by solving forward with the leads held; then the opening alone, ones, zeros."""
    inputs, columns = problem.inputs, problem.program.unknown_columns
    opening = inputs.table[inputs.history, columns].copy()
    opening[~np.isfinite(opening)] = 0.0
    constant = np.tile(opening, problem.periods)
    problem.fill(constant)
    try:
        for stage in problem.stages:
            solve_period(stage, options)
        yield inputs.table[problem.rows, columns].ravel().copy()
    except PeriodFailure:
        pass
    yield constant
    yield np.ones_like(constant)
    yield np.zeros_like(constant)


def _solve(problem: StackedProblem, options: Options) -> tuple[int, float]:
    """Leave the best point in the table; Newton steps taken and the largest scaled residual."""
    total, best, best_x = 0, np.inf, None
    for start in _starts(problem, options):
        x, error, steps = _newton(problem, start, options)
        total += steps
        if best_x is None or error < best:
            best, best_x = error, x
        if best <= options.tolerance:
            x, error, steps = _newton(problem, quantised(x), options, 1)
            total += steps
            if error <= options.tolerance:
                best, best_x = error, x
            break
    assert best_x is not None
    problem.fill(best_x)
    return total, best


def _newton(problem: StackedProblem, start: Floats, options: Options, least: int = 0) -> tuple[Floats, float, int]:
    x, steps, stalled = start, 0, 0
    r, s = problem.residuals(x)
    error = float(scaled(r, s).max())
    best = (x, error)
    while steps < options.iterations and (error > 4 * ROUNDING or steps < least) and stalled < 10:
        problem.fill(x)
        found = problem.step(r) if np.all(np.isfinite(r)) else None
        if found is None:
            break
        dx, terms = found
        weights = s + terms
        weights[~(weights > 0.0)] = 1.0
        now = float(np.linalg.norm(r / weights))
        steps += 1
        moved, length = None, 1.0
        for _ in range(30):
            point = x + length * dx
            point[np.abs(point) <= 4 * ROUNDING * (np.abs(x) + np.abs(dx))] = 0.0
            r_new, s_new = problem.residuals(point)
            if np.all(np.isfinite(r_new)):
                size = float(np.linalg.norm(r_new / weights))
                if moved is None or size < moved[0]:
                    moved = (size, point, r_new, s_new)
                if size <= (1.0 - 1e-4 * length) * now or best[1] <= options.tolerance:
                    break
            length *= 0.5
        if moved is None:
            break
        _, x, r, s = moved
        error = float(scaled(r, s).max())
        stalled = stalled + 1 if error >= 0.5 * best[1] else 0
        if error < best[1]:
            best = (x, error)
        if best[1] <= options.tolerance and stalled:
            break
    return best[0], best[1], steps


def _diagnose(problem: StackedProblem, options: Options, steps: int) -> Diagnosis:
    program = problem.program
    out = np.array([stage.certify()[: 2 * problem.count] for stage in problem.stages])
    errors = np.array([scaled(row[: problem.count], row[problem.count :]) for row in out])
    period, e = (int(i) for i in np.unravel_index(int(np.argmax(errors)), errors.shape))
    name = program.equation_names[e]
    residual = float(errors[period, e])
    cause, advice = likely(residual, (), steps, options.iterations, name if not np.isfinite(residual) else "")
    dates = problem.inputs.dates
    values = dict(zip(program.unknowns, problem.stages[period].row[program.unknown_columns].tolist(), strict=True))
    return Diagnosis(
        period=period + 1,
        date=None if dates is None else dates[period + 1],
        block=program.unknowns,
        equation=name,
        residual=residual,
        iterates=((residual, values),),
        cause=cause,
        advice=f"{advice}; with leads, also lengthen the horizon and check that the path settles down",
    )
