"""An ordinary period: Newton's method by full steps on each block, and every equation within rounding at the end.

Most periods of most models are. What is done is fixed step by step, so that machine code (:mod:`model.driver`) and the
functions here give the same bits, and so that the numbers do not depend on the starting guess: a block that is linear
in its tears is solved from zero; another one is solved from the previous period, its tears then lose their last bits
and one more step restores them. A period that does not go this way is left to :mod:`model.period`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model.newton import Stage

Floats = NDArray[np.float64]

ROUNDING = 2.220446049250313e-16
DUST = 4 * ROUNDING
"""Share of what it was computed from below which a tear is zero; scaled residual below which nothing is left to gain."""
FINE = 32 * ROUNDING
"""Scaled residual below which a torn solution needs no finishing."""
STALLED = 1e-13
"""Scaled residual that counts as solved where steps no longer halve it."""
MENDABLE = 1e-9
"""Scaled residual that moving all unknowns along with the tears can mend."""
SETTLED = 1e-9
"""Relative step below which a search that no longer improves has met rounding."""
CLOSE = 1e-7
"""Relative step after which the next one would change nothing that counts."""
NEAR = 3e-5
"""Relative step after which one more with the same factors is enough."""
RUSHED = 12
"""Full steps that are tried."""
SPLITTER = 2.0**17 + 1.0
"""Multiplying by it and subtracting leaves the leading 36 bits (Veltkamp's splitting)."""
SHARE = 1e-12
"""Distance from a limit, relative to the pull towards it, that may be rounding."""
SINGULAR = 1e-13
"""Pivot of a matrix with rows and columns of size one below which it counts as singular."""
ON_STACK = 4096
"""Doubles of work space up to which a function keeps it on the stack, where the compiler can turn it into registers."""
LARGEST_TORN = 64
"""Tears of a block up to which its solution is written out in machine code."""


@dataclass(frozen=True)
class BlockPlan:
    """A simultaneous block as the ordinary solution sees it.

    Parameters
    ----------
    name
        Prefix of its kernels' names.
    tears, chain
        Columns of the torn unknowns, and of the others in the order in which they are assigned.
    starts, sources
        Partial derivatives by row: where each row starts, and what each multiplies (tears first, then rows of the chain).
    linear
        Whether no partial derivative depends on the block's unknowns.
    """

    name: str
    tears: tuple[int, ...]
    chain: tuple[int, ...]
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    linear: bool

    @property
    def count(self) -> int:
        """Number of tears."""
        return len(self.tears)

    @property
    def rows(self) -> int:
        """Rows of total derivatives: the chain's, then the residuals'."""
        return len(self.starts) - 1

    @property
    def entries(self) -> int:
        """Number of partial derivatives."""
        return len(self.sources)

    @property
    def lanes(self) -> int:
        """Numbers that are worked on together."""
        return min(self.count, 2) if self.count <= 2 else 4

    @property
    def pieces(self) -> int:
        """Groups of lanes in a row of total derivatives."""
        return -(-self.count // self.lanes)

    @property
    def wide(self) -> int:
        """Width of a row of total derivatives."""
        return self.pieces * self.lanes

    def support(self) -> list[set[int]]:
        """Which groups of lanes of each row can differ from zero."""
        found: list[set[int]] = []
        for i in range(self.rows):
            row: set[int] = set()
            for source in self.sources[self.starts[i] : self.starts[i + 1]]:
                row |= {source // self.lanes} if source < self.count else found[source - self.count]
            found.append(row)
        return found


@dataclass(frozen=True)
class Plan:
    """What a period consists of: names of kernels that assign, and blocks.

    Parameters
    ----------
    conditions
        Column of each complementarity condition's variable.
    """

    steps: tuple[str | BlockPlan, ...]
    width: int
    equations: int
    hidden: int
    conditions: tuple[int, ...]

    @cached_property
    def outputs(self) -> int:
        """Numbers that the certificate's kernel writes."""
        return 2 * (self.equations + self.hidden) + 3 * len(self.conditions)

    @cached_property
    def work(self) -> int:
        """Doubles of work space that a period needs at most."""
        blocks = [s for s in self.steps if isinstance(s, BlockPlan)]
        return max([self.outputs, *(b.entries + b.rows * b.wide for b in blocks)])


def scaled(residuals: Floats, scales: Floats) -> Floats:
    """|residual| / scale, 0 where both are 0, infinite where either is not a number."""
    with np.errstate(all="ignore"):
        ratio = np.asarray(np.abs(residuals) / scales)
    broken = ~np.isfinite(ratio)
    if broken.any():
        ratio[broken] = np.inf
        ratio[residuals == 0.0] = 0.0
    return ratio


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
    count = len(stage.program.equations)
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
