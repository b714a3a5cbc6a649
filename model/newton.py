"""Newton's method on the torn unknowns of a block, with the exact total Jacobian.

A block has converged when each of its equations holds relative to the sizes of its own terms; magnitudes never matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from model.program import Block, Floats, Program

ROUNDING = 2.220446049250313e-16
PERTURBATIONS = 6


@dataclass(frozen=True)
class Options:
    """How hard to try, and what counts as solved.

    Parameters
    ----------
    tolerance
        Largest scaled residual |left − right| / Σ|terms| of a converged equation.
    iterations
        Newton steps from one starting point.
    missing
        Value of lagged variables that the opening does not give; None makes a missing one an error.
    raise_on_failure
        False returns the partial path with its failure instead of raising.
    correct_hidden
        Remove rounding error (only that) from hidden identities.
    bounds
        Lower and upper limits of unknowns during the search, by name.
    backend
        ``"llvm"``, ``"python"`` or ``""`` for the best one available.
    """

    tolerance: float = 1e-13
    iterations: int = 60
    missing: float | None = None
    raise_on_failure: bool = True
    correct_hidden: bool = True
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
        out = np.empty(2 * len(p.equations) + 2 * p.hidden_count + 3 * len(p.conditions))
        p.certificate(self.row_address, self.parameter_address, out.ctypes.data)
        return out


def scaled(residuals: Floats, scales: Floats) -> Floats:
    """|residual| / scale, 0 where both are 0, infinite where either is not a number."""
    size = np.abs(residuals)
    with np.errstate(all="ignore"):
        ratio = np.where(size == 0.0, 0.0, size / scales)
    ratio[~np.isfinite(ratio)] = np.inf
    ratio[~np.isfinite(residuals)] = np.inf
    return np.asarray(ratio, dtype=np.float64)


class BlockProblem:
    """A block's residuals and total derivatives as functions of its tears."""

    def __init__(self, block: Block, stage: Stage, eliminate: object) -> None:
        self.block, self.stage = block, stage
        self.count, self.rows, self.entries = (int(s) for s in block.sizes)
        self.out = np.empty(2 * self.count)
        self.work = np.zeros(self.entries + (self.count + self.rows) * self.count)
        self.table = self.work[self.entries :].reshape(self.count + self.rows, self.count)
        self.table[: self.count] = np.eye(self.count)
        self.eliminate = eliminate

    def residuals(self, x: Floats) -> tuple[Floats, Floats]:
        """Residuals and scales at x; the chain's unknowns are left in the row."""
        self.stage.row[self.block.tears] = x
        self.block.values(self.stage.row_address, self.stage.parameter_address, self.out.ctypes.data)
        return self.out[: self.count].copy(), self.out[self.count :].copy()

    def jacobian(self) -> Floats:
        """Total derivatives of the residuals by the tears at the current row."""
        self.block.partials(self.stage.row_address, self.stage.parameter_address, self.work.ctypes.data)
        if callable(self.eliminate):
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


def search(problem: BlockProblem, start: Floats, options: Options, lower: Floats, upper: Floats) -> Trial:
    """Damped Newton from one start: full steps where they help, halved where they do not or leave the domain."""
    x = np.clip(start, lower, upper)
    r, s = problem.residuals(x)
    error = float(scaled(r, s).max(initial=0.0))
    trial = Trial(x, error, 0, [(error, x)])
    stalled = 0
    while trial.iterations < options.iterations:
        if trial.error <= 4 * ROUNDING:
            break
        problem.stage.row[problem.block.tears] = x
        jacobian = problem.jacobian()
        dx = step_from(jacobian, r)
        if dx is None:
            break
        weights = s + np.abs(jacobian) @ np.abs(dx)
        weights[~(weights > 0.0)] = 1.0
        now = float(np.linalg.norm(r / weights))
        moved = _line_search(problem, x, dx, weights, now, lower, upper)
        trial.iterations += 1
        if moved is None:
            break
        x, r, s = moved
        error = float(scaled(r, s).max(initial=0.0))
        trial.history = [*trial.history[-4:], (error, x)]
        stalled = stalled + 1 if error >= 0.5 * trial.error else 0
        if error < trial.error:
            trial.x, trial.error = x, error
        if trial.error <= options.tolerance and (trial.error <= 4 * ROUNDING or stalled > 0):
            break
        if stalled >= 12:
            break
    problem.residuals(trial.x)
    return trial


def _line_search(
    problem: BlockProblem, x: Floats, dx: Floats, weights: Floats, now: float, lower: Floats, upper: Floats
) -> tuple[Floats, Floats, Floats] | None:
    length, best = 1.0, None
    for _ in range(40):
        point = np.clip(x + length * dx, lower, upper)
        dust = np.abs(point) <= 4 * ROUNDING * (np.abs(x) + np.abs(dx))
        for candidate in [np.where(dust, 0.0, point), point] if bool(np.any(dust & (point != 0.0))) else [point]:
            r, s = problem.residuals(candidate)
            if np.all(np.isfinite(r)) and np.all(np.isfinite(problem.stage.row[problem.block.columns])):
                size = float(np.linalg.norm(r / weights))
                if size <= (1.0 - 1e-4 * length) * now:
                    return candidate, r, s
                if best is None or size < best[0]:
                    best = (size, (candidate, r, s))
        length *= 0.5
    return None if best is None else best[1]
