"""Newton's method on the torn unknowns of a block, with the exact total Jacobian.

A block has converged when each of its equations holds relative to the sizes of its own terms; magnitudes never matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from model.compiler.plan import ROUNDING, RUSHED, SETTLED, scaled
from model.compiler.program import Block, Floats, Program

HALVINGS = 60
QUANTUM = 2.0**36
PATIENCE = 12
"""Steps without progress after which a start is given up."""


@dataclass(frozen=True)
class Options:
    """How hard to try, and what counts as solved.

    Parameters
    ----------
    tolerance
        Largest scaled residual |left − right| / Σ|terms| of a converged equation.
    stagnation
        Scaled residual accepted where finishing steps on all unknowns no longer reduce it: sums of cancelling large
        terms cannot be closer to zero than their rounding.
    iterations
        Newton steps from one starting point.
    missing
        Value of lagged variables that the opening does not give; None makes a missing one an error.
    raise_on_failure
        False returns the partial path with its failure instead of raising.
    correct_hidden
        Remove rounding error (only that) from hidden identities.
    repair
        Look for the smallest repair of an inconsistent opening, and certify the identities by solving from there too.
    bounds
        Lower and upper limits of unknowns during the search, by name.
    backend
        ``"llvm"``, ``"python"`` or ``""`` for the best one available.
    """

    tolerance: float = 1e-13
    stagnation: float = 1e-11
    iterations: int = 100
    missing: float | None = None
    raise_on_failure: bool = True
    correct_hidden: bool = True
    repair: bool = True
    bounds: tuple[tuple[str, float, float], ...] = ()
    backend: str = ""


@dataclass
class Trial:
    """What Newton's method did from one start: the best point, its scaled residual, and the last iterates."""

    x: Floats
    error: float
    iterations: int
    history: list[tuple[float, Floats]] = field(default_factory=list)


class Stage:
    """One period's row with everything kernels need to work on it.

    Parameters
    ----------
    program
        The compiled system.
    table
        Rows of values, contiguous.
    row
        Which row is the current one.
    parameters
        The current parameter row.
    """

    def __init__(self, program: Program, table: Floats, row: int, parameters: Floats) -> None:
        self.program, self.table, self.number, self.parameters = program, table, row, parameters
        self.row = table[row]
        self.row_address = self.row.ctypes.data
        self.parameter_address = parameters.ctypes.data

    def certify(self) -> Floats:
        """Everything that the certificate kernel writes."""
        p = self.program
        out = np.empty(2 * (p.equation_count + p.hidden_count) + 3 * p.condition_count)
        p.certificate(self.row_address, self.parameter_address, out.ctypes.data)
        return out


def quantised(x: Floats) -> Floats:
    """The numbers x with their last bits rounded away: what two searches for one solution have in common."""
    fraction, exponent = np.frexp(x)
    return np.asarray(np.ldexp(np.round(fraction * QUANTUM) / QUANTUM, exponent) + 0.0)


class Problem(Protocol):
    """Equations that Newton's method solves."""

    def place(self, x: Floats) -> None:
        """Put the unknowns into the row."""

    def residuals(self, x: Floats) -> tuple[Floats, Floats]:
        """Residuals and scales at x, not finite where anything on the way is not; x and what follows from it stay in the row."""

    def jacobian(self) -> Floats:
        """Derivatives of the residuals at what is in the row."""


class BlockProblem:
    """A block's residuals and total derivatives as functions of its tears."""

    def __init__(self, block: Block, stage: Stage) -> None:
        self.block, self.stage = block, stage
        self.count, self.rows, self.entries = (int(s) for s in block.sizes)
        self.out = np.empty(2 * self.count)
        self.work = np.zeros(self.entries + (self.count + self.rows) * self.count)
        self.table = self.work[self.entries :].reshape(self.count + self.rows, self.count)
        self.table[: self.count] = np.eye(self.count)
        self.eliminate = stage.program.eliminate

    def place(self, x: Floats) -> None:
        """Put the tears into the row."""
        self.stage.row[self.block.tears] = x

    def residuals(self, x: Floats) -> tuple[Floats, Floats]:
        """Residuals and scales at x; the chain's unknowns are left in the row."""
        self.place(x)
        self.block.values(self.stage.row_address, self.stage.parameter_address, self.out.ctypes.data)
        if not np.all(np.isfinite(self.stage.row[self.block.columns])):
            self.out[: self.count] = np.nan
        return self.out[: self.count].copy(), self.out[self.count :].copy()

    def jacobian(self) -> Floats:
        """Total derivatives of the residuals by the tears at the current row."""
        self.block.partials(self.stage.row_address, self.stage.parameter_address, self.work.ctypes.data)
        if self.eliminate is not None:
            self.eliminate(self.block.sizes.ctypes.data, self.block.structure.ctypes.data, self.work.ctypes.data)
        else:
            starts, where = self.block.structure[: self.rows + 1], self.block.structure[self.rows + 1 :]
            for i in range(self.rows):
                edges = slice(starts[i], starts[i + 1])
                total = np.zeros(self.count)
                for p, source in zip(self.work[edges], where[edges], strict=True):
                    total += p * self.table[source]
                self.table[self.count + i] = total
        return self.table[self.count + self.rows - self.count :].copy()


def step_from(jacobian: Floats, residual: Floats) -> Floats | None:
    """The Newton step −J⁻¹r with rows and columns brought to one size first; least squares where J is singular."""
    if not (np.all(np.isfinite(jacobian)) and np.all(np.isfinite(residual))):
        return None
    rows = np.abs(jacobian).max(axis=1)
    rows[rows == 0.0] = 1.0
    balanced = jacobian / rows[:, None]
    columns = np.abs(balanced).max(axis=0)
    columns[columns == 0.0] = 1.0
    balanced = balanced / columns[None, :]
    right = -residual / rows
    try:
        step = np.linalg.solve(balanced, right)
        if np.all(np.isfinite(step)) and np.abs(step).max(initial=0.0) <= 1e13 * max(1.0, float(np.abs(right).max(initial=0.0))):
            return np.asarray(step / columns)
    except np.linalg.LinAlgError:
        pass
    try:
        return np.asarray(np.linalg.lstsq(balanced, right, rcond=1e-12)[0] / columns)
    except np.linalg.LinAlgError:
        return None


def rush(problem: Problem, start: Floats, tolerance: float) -> Trial | None:
    """Newton by full steps while each of them at least halves the error; None where one does not before the end.

    Most periods of most models need no more; what it leaves is for :func:`search`.
    """
    x = start
    r, s = problem.residuals(x)
    error = float(scaled(r, s).max(initial=0.0))
    for steps in range(RUSHED):
        if error <= 4 * ROUNDING:
            return Trial(x, error, steps)
        dx = -r / problem.jacobian()[0] if len(r) == 1 else step_from(problem.jacobian(), r)
        if dx is None:
            return None
        size, move = np.abs(x), np.abs(dx)
        point = x + dx
        point[np.abs(point) <= 4 * ROUNDING * (size + move)] = 0.0
        r, s = problem.residuals(point)
        now = float(scaled(r, s).max(initial=0.0))
        if not now <= 0.5 * error:
            if error > tolerance and not (error <= SETTLED and bool(np.all(move <= SETTLED * size))):
                return None
            problem.residuals(x)
            return Trial(x, error, steps + 1)
        x, error = point, now
    return None


def search(problem: Problem, start: Floats, options: Options, lower: Floats, upper: Floats) -> Trial:
    """Damped Newton from one start: full steps where they help, halved where they do not or leave the domain."""
    x = np.clip(start, lower, upper)
    if not (np.isfinite(lower).any() or np.isfinite(upper).any()):
        quick = rush(problem, x, options.tolerance)
        if quick is not None:
            return quick
    r, s = problem.residuals(x)
    error = float(scaled(r, s).max(initial=0.0))
    trial = Trial(x, error, 0, [(error, x)])
    stalled = 0
    while trial.iterations < options.iterations:
        if trial.error <= 4 * ROUNDING:
            break
        problem.place(x)
        jacobian = problem.jacobian()
        dx = step_from(jacobian, r)
        if dx is None:
            break
        weights = s + np.abs(jacobian) @ np.abs(dx)
        weights[~(weights > 0.0)] = 1.0
        settled = bool(np.all(np.abs(dx) <= SETTLED * np.abs(x)))
        halvings = 2 if settled or trial.error <= options.tolerance else HALVINGS
        moved = _line_search(problem, x, dx, r, weights, lower, upper, halvings)
        trial.iterations += 1
        if moved is None:
            break
        x, r, s, shrunk = moved
        error = float(scaled(r, s).max(initial=0.0))
        trial.history = [*trial.history[-4:], (error, x)]
        stalled = stalled + 1 if error >= 0.5 * trial.error and (shrunk > 0.9 or settled or error <= options.tolerance) else 0
        if error < trial.error:
            trial.x, trial.error = x, error
        if ((settled or trial.error <= options.tolerance) and stalled > 0) or stalled >= PATIENCE:
            break
    problem.residuals(trial.x)
    return trial


def _line_search(
    problem: Problem, x: Floats, dx: Floats, residual: Floats, weights: Floats, lower: Floats, upper: Floats, halvings: int
) -> tuple[Floats, Floats, Floats, float] | None:
    """The longest step that shrinks the weighted residual, else the best one seen: point, residuals, scales, and by how much."""
    now = float(np.linalg.norm(residual / weights))
    length, best, shrunk = 1.0, None, np.inf
    for _ in range(halvings):
        defined = False
        point = np.clip(x + length * dx, lower, upper)
        dust = (np.abs(point) <= 4 * ROUNDING * (np.abs(x) + np.abs(dx))) & (point != 0.0)
        for candidate in [np.where(dust, 0.0, point), point] if bool(np.any(dust)) else [point]:
            r, s = problem.residuals(candidate)
            if np.all(np.isfinite(r)):
                defined = True
                ratio = float(np.linalg.norm(r / weights)) / now if now > 0.0 else 1.0
                if ratio <= 1.0 - 1e-4 * length:
                    return candidate, r, s, ratio
                if ratio < shrunk:
                    best, shrunk = candidate, ratio
        length *= 0.5 if defined else 0.1
    if best is None:
        return None
    return best, *problem.residuals(best), shrunk
