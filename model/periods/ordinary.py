"""An ordinary period: Newton's method by full steps on each block, and every equation within rounding at the end.

Most periods of most models are. What is done is fixed step by step, so that machine code (:mod:`model.compiler.driver`) and the
functions here give the same bits, and so that the numbers do not depend on the starting guess: a block that is linear
in its tears is solved from zero; another one is solved from the previous period, its tears then lose their last bits
and one more step restores them. A period that does not go this way is left to :mod:`model.periods.period`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.compiler.plan import (
    CLOSE,
    DUST,
    FINE,
    MENDABLE,
    NEAR,
    RUSHED,
    SETTLED,
    SHARE,
    SINGULAR,
    SPLITTER,
    STALLED,
    BlockPlan,
    Floats,
    Plan,
    scaled,
)
from model.periods.newton import Stage


def solve_ordinary(stage: Stage, tolerance: float) -> int | None:
    """Fill the stage's row; the number of Newton steps, or None where the period is not ordinary."""
    program = stage.program
    plan = program.plan
    if plan is None:
        return None
    if program.advance is not None:
        return program.advance.one(stage, tolerance)
    with np.errstate(all="ignore"):
        return _interpreted(stage, plan, tolerance)


def _interpreted(stage: Stage, plan: Plan, tolerance: float) -> int | None:
    steps = 0
    for step, kernels in zip(plan.steps, stage.program.steps, strict=True):
        if isinstance(step, BlockPlan):
            block = _Block(step, stage, kernels.values, kernels.partials)  # type: ignore[union-attr]
            if not (block.solve_linear() if step.linear else block.solve_newton()) or not block.finish():
                return None
            steps += block.steps
        else:
            kernels(stage.row_address, stage.parameter_address, 0)  # type: ignore[operator]
    worst = _worst(stage, out := stage.certify())
    if not worst <= tolerance:
        return None
    _settle(stage, plan, out, worst)
    return steps


def _worst(stage: Stage, out: Floats) -> float:
    count = stage.program.equation_count
    return float(scaled(out[:count], out[count : 2 * count]).max(initial=0.0))


def _settle(stage: Stage, plan: Plan, out: Floats, worst: float) -> None:
    """Put each limited variable that is at a limit but for rounding exactly there, unless the equations object."""
    row = stage.row
    for column, (below, above, pull) in zip(plan.conditions, out[2 * (plan.equations + plan.hidden) :].reshape(-1, 3), strict=True):
        before = row[column]
        if pull > 0.0 and 0.0 < abs(below) <= SHARE * abs(pull):
            row[column] = before - below
        elif pull < 0.0 and 0.0 < abs(above) <= SHARE * abs(pull):
            row[column] = before + above
        else:
            continue
        if not _worst(stage, stage.certify()) <= max(worst, FINE):
            row[column] = before


class _Block:
    """One block's ordinary solution, operation by operation as in machine code."""

    def __init__(self, plan: BlockPlan, stage: Stage, values: object, partials: object) -> None:
        self.plan, self.stage = plan, stage
        self.kernels = values, partials
        self.tears = np.array(plan.tears, dtype=np.int64)
        self.x = np.zeros(plan.count)
        self.out, self.partial = np.empty(2 * plan.count), np.empty(plan.entries)
        self.table = np.zeros((plan.rows, plan.wide))
        self.factors: Factors | None = None
        self.steps, self.error = 0, np.inf
        support = plan.support()
        self.live = np.repeat([[q in s for q in range(plan.pieces)] for s in support], plan.lanes, axis=1)

    def values(self, x: Floats) -> float:
        """The largest scaled residual at new tears."""
        self.x = self.stage.row[self.tears] = x
        self.kernels[0](self.stage.row_address, self.stage.parameter_address, self.out.ctypes.data)  # type: ignore[operator]
        n = self.plan.count
        return float(scaled(self.out[:n], self.out[n:]).max())

    def factor(self) -> bool:
        """Total derivatives at the row, factored."""
        plan, n = self.plan, self.plan.count
        self.kernels[1](self.stage.row_address, self.stage.parameter_address, self.partial.ctypes.data)  # type: ignore[operator]
        unit = np.eye(n, plan.wide)
        for i in range(plan.rows):
            total: Floats | None = None
            for e in range(plan.starts[i], plan.starts[i + 1]):
                source = plan.sources[e]
                row = unit[source] if source < n else self.table[source - n]
                part = self.partial[e] * row
                total = part if total is None else total + part
            self.table[i] = 0.0 if total is None else np.where(self.live[i], total, 0.0)
        self.factors = factored(self.table[plan.rows - n :, :n])
        return self.factors is not None

    def step(self) -> Floats:
        """The tears after a step by the factors there are, and its moves; numbers that are only dust become zero."""
        assert self.factors is not None
        self.dx = self.factors.step(self.out[: self.plan.count])
        self.steps += 1
        point = self.x + self.dx
        return np.where(np.abs(point) <= DUST * (np.abs(self.x) + np.abs(self.dx)), 0.0, point)

    def solve_linear(self) -> bool:
        """From zero, and once more to refine."""
        self.values(np.zeros(self.plan.count))
        if not self.factor():
            return False
        self.error = self.values(self.step())
        if self.error > DUST:
            self.error = self.values(self.step())
        return True

    def solve_newton(self) -> bool:
        """From the previous period, then from rounded tears."""
        before = self.stage.table[self.stage.number - 1, self.tears]
        error = self.values(np.where(np.isfinite(before), before, 0.0))
        if not error < np.inf or not self._search(error):
            return False
        spread = self.x * SPLITTER
        self.values(spread - (spread - self.x))
        if not self.factor():
            return False
        self.error = self.values(self.step())
        return True

    def _search(self, error: float) -> bool:
        for _ in range(RUSHED):
            if error <= DUST:
                return True
            if not self.factor():
                return False
            old = self.x
            point = self.step()
            size, move, far = np.abs(old), np.abs(self.dx), np.abs(point)
            now = self.values(point)
            if not now <= 0.5 * error:
                self.x = self.stage.row[self.tears] = old
                return error <= STALLED or (error <= MENDABLE and bool(np.all(move <= SETTLED * size)))
            error = now
            if np.all(move <= CLOSE * far):
                return True
            if np.all(move <= NEAR * far):
                self.x = self.stage.row[self.tears] = self.step()
                return True
        return False

    def finish(self) -> bool:
        """Where recomputed values are not fine enough: the block's unknowns moved along with the tears to first order."""
        if not self.error <= MENDABLE:
            return False
        if self.error > FINE:
            self.step()
            plan, row = self.plan, self.stage.row
            dx = np.zeros(plan.wide)
            dx[: plan.count] = self.dx
            along = lane_sum(self.table[: len(plan.chain)] * dx, plan.lanes)
            row[np.array(plan.chain, dtype=np.int64)] += along
            row[self.tears] += self.dx
        return True


def lane_sum(products: Floats, lanes: int) -> Floats:
    """Row sums in the order of machine code: groups of lanes first, then across the lanes."""
    groups = products.reshape(len(products), -1, lanes)
    total = groups[:, 0]
    for k in range(1, groups.shape[1]):
        total = total + groups[:, k]
    while total.shape[1] > 1:
        total = total[:, 0::2] + total[:, 1::2]
    return np.asarray(total[:, 0])


@dataclass(frozen=True)
class Factors:
    """A matrix as the product of triangular ones, rows and columns brought to one size first.

    Parameters
    ----------
    upper
        What elimination leaves, by row.
    lower
        Multipliers by pivot.
    order
        The row that was exchanged at each pivot.
    rows, pivots, columns
        Reciprocals of row sizes, pivots and column sizes.
    """

    upper: Floats
    lower: Floats
    order: tuple[int, ...]
    rows: Floats
    pivots: Floats
    columns: Floats

    def step(self, residuals: Floats) -> Floats:
        """The Newton step −J⁻¹r."""
        n = len(residuals)
        if n == 1:
            return np.asarray(-residuals / self.upper[0])
        y = -residuals * self.rows
        for k in range(n):
            p = self.order[k]
            y[k], y[p] = y[p], y[k]
            y[k + 1 :] = y[k + 1 :] - self.lower[k, k + 1 :] * y[k]
        for k in range(n - 1, -1, -1):
            y[k] = y[k] * self.pivots[k]
            y[:k] = y[:k] - self.upper[:k, k] * y[k]
        return np.asarray(y * self.columns)


def factored(matrix: Floats) -> Factors | None:
    """The factors of a square matrix, or None where it is singular."""
    n = len(matrix)
    if n == 1:
        return None if matrix[0, 0] == 0.0 else Factors(matrix.copy(), matrix, (0,), matrix, matrix, matrix)
    rows = np.fmax.reduce(np.abs(matrix), axis=1)
    rows = 1.0 / np.where(rows == 0.0, 1.0, rows)
    upper = matrix * rows[:, None]
    columns = np.fmax.reduce(np.abs(upper), axis=0)
    columns = 1.0 / np.where(columns == 0.0, 1.0, columns)
    upper = upper * columns
    lower, pivots, order = np.zeros((n, n)), np.zeros(n), []
    for k in range(n):
        p = k + int(np.argmax(np.abs(upper[k:, k])))
        if not abs(upper[p, k]) > SINGULAR:
            return None
        order.append(p)
        upper[[k, p]] = upper[[p, k]]
        pivots[k] = 1.0 / upper[k, k]
        lower[k, k + 1 :] = upper[k + 1 :, k] * pivots[k]
        upper[k + 1 :] = upper[k + 1 :] - lower[k, k + 1 :, None] * upper[k]
    return Factors(upper, lower, tuple(order), rows, pivots, columns)


__all__ = ["BlockPlan", "Factors", "Plan", "factored", "scaled", "solve_ordinary"]
