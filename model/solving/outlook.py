"""The hidden equation as a dynamic: its gaps over the next periods as functions of the previous row.

A hidden identity h(x_t) = 0 follows from the equations when the lagged values s = x_{t−1} allow it. Its error obeys a
law of motion of its own and may grow like (1 + r)^t. Seen over a few periods ahead (with what is given held as it is now), the
gaps are functions of s; with their gradients G, by adjoint solves with the exact Jacobian, the smallest relative
change of s that closes them is Δs = −W Gᵀ (G W Gᵀ)⁺ gaps, W = diag(s²). Several periods are needed because errors that
grow at different speeds may cancel in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.periods.jacobian import Linearisation, hidden_gradients, linearise
from model.periods.newton import Options, Stage
from model.periods.period import PeriodFailure, solve_period

NEAR = (0, 1, 2)
"""Periods ahead whose gaps say whether an opening is consistent and a correction good."""
FAR = (0, 1, 2, 8, 24, 64)
"""Periods ahead whose gaps tell errors that grow at nearly the same speed apart."""
SENSITIVE = 1e-6
"""A gap depends on the opening where moving a lagged value by its own size moves it by this share of its terms."""
NEGLIGIBLE = 1e-3
"""Lagged values with less than this share of the largest effect on a gap are left alone."""
RESOLVED = 1e-5
"""Directions in which the gaps respond less than this, relative to the strongest, cannot be told from rounding."""
NEW = 1e-10
"""Singular value, of rows brought to one size, above which a horizon shows something that nearer ones do not."""
GROWING = 1.00005
"""Factor from a period to the next above which an error counts as growing."""
UNMET = 1e-3
"""Share of the gaps that changing stocks alone may leave to the next step."""


def measure(stage: Stage) -> tuple[Floats, Floats]:
    """Values of the hidden identities, and the sizes of their terms."""
    count, hidden = stage.program.equation_count, stage.program.hidden_count
    out = stage.certify()
    return out[2 * count : 2 * count + hidden], out[2 * count + hidden : 2 * count + 2 * hidden]


@dataclass(frozen=True)
class Outlook:
    """Hidden gaps in this period and the next ones, what is given being held constant.

    Parameters
    ----------
    horizons
        How many periods ahead the gaps lie, 0 being this period.
    gaps, scales
        Shape (horizons, identities).
    stages
        All periods up to the last horizon, in a table of their own.
    """

    horizons: tuple[int, ...]
    gaps: Floats
    scales: Floats
    stages: tuple[Stage, ...]

    @property
    def relative(self) -> Floats:
        """Largest relative gap of each identity in the near periods."""
        return np.asarray(scaled(self.gaps, self.scales)[: len(NEAR)].max(axis=0))

    def gradients(self, standing: NDArray[np.bool_] | None = None) -> Floats | None:
        """Derivatives of the gaps by the previous row's unknowns, shape (horizons · identities, unknowns)."""
        return self._alone if standing is None or not standing.any() else self._with(standing)

    @cached_property
    def _alone(self) -> Floats | None:
        """The derivatives where no earlier row moves with the previous one."""
        return self._with(None)

    def _with(self, standing: NDArray[np.bool_] | None) -> Floats | None:
        try:
            return hidden_gradients(self._steps, self.horizons, standing)
        except (np.linalg.LinAlgError, RuntimeError):
            return None

    @cached_property
    def _steps(self) -> list[Linearisation]:
        return [linearise(stage) for stage in self.stages]

    @property
    def complete(self) -> bool:
        """Whether no growing error can be out of sight: nothing grows, or the last horizon says nothing new."""
        gradients = self.gradients()
        first = self.stages[0]
        state = first.table[first.number - 1, first.program.unknown_columns]
        state[~np.isfinite(state)] = 0.0
        if gradients is None or not np.all(np.isfinite(gradients)):
            return False
        effect, sizes = _effects(gradients, state, self.scales.ravel())
        last = first.program.hidden_count
        if bool(np.all(sizes[-last:] <= GROWING ** self.horizons[-1] * sizes[:last])):
            return True
        felt, nearer = sizes > 0.0, int(np.count_nonzero(sizes[:-last]))
        effect = effect[felt] / sizes[felt, None]
        known = nearer if nearer < 2 else np.linalg.matrix_rank(effect[:nearer], tol=NEW)
        return nearer > 0 and bool(np.linalg.matrix_rank(effect, tol=NEW) <= known)

    def smallest_change(
        self, chosen: NDArray[np.bool_], declared: Floats | None = None, standing: NDArray[np.bool_] | None = None
    ) -> Floats:
        """The least change of the previous row that closes the chosen identities' gaps.

        The others keep theirs. Counted from a declared row, where there is one, and then the other gaps are free.
        """
        first, gradients = self.stages[0], self.gradients(standing)
        if gradients is None:
            return np.zeros(len(first.program.unknowns))
        kept = np.tile(chosen | (declared is None), len(self.horizons))
        target = np.where(chosen, -self.gaps, 0.0).ravel()
        row, columns = first.table[first.number - 1], first.program.unknown_columns
        base = row if declared is None else declared
        moved = None if declared is None else np.nan_to_num(row[columns] - declared[columns])
        return least_change(first.program, base, gradients[kept], target[kept], self.scales.ravel()[kept], moved)


def least_change(program: Program, row: Floats, gradients: Floats, target: Floats, scales: Floats, moved: Floats | None = None) -> Floats:
    """The least relative change of a row's unknowns (canonical order) that moves the gaps by ``target``, to first order.

    Stocks are changed where that is enough, any value where it is not; nothing where the gaps do not depend on the row.

    Parameters
    ----------
    row
        The values from which the change is counted, and to which it is relative.
    gradients
        Derivatives of the gaps by the row's unknowns, shape (gaps, unknowns).
    target, scales
        What each gap has to change by, and the sizes of its terms.
    moved
        How far the point to which gaps and gradients belong is from the row.
    """
    state = np.abs(row[program.unknown_columns])
    state[~np.isfinite(state)] = 0.0
    effect, largest = _effects(gradients, state, scales)
    if not np.all(np.isfinite(effect)):
        return np.zeros(len(state))
    target = target / np.where(scales > 0.0, scales, 1.0)
    largest[largest == 0.0] = 1.0
    effect, target = effect / largest[:, None], target / largest
    effect[:, np.abs(effect).max(axis=0, initial=0.0) < NEGLIGIBLE] = 0.0
    if moved is not None:
        target = target + effect @ np.divide(moved, state, out=np.zeros(len(state)), where=state > 0.0)
    relative = np.linalg.lstsq(effect * program.accumulated, target, rcond=RESOLVED)[0] * program.accumulated
    if float(np.linalg.norm(effect @ relative - target)) > UNMET * float(np.linalg.norm(target)):
        relative = np.linalg.lstsq(effect, target, rcond=RESOLVED)[0]
    return np.asarray(relative * state)


def _effects(gradients: Floats, state: Floats, scales: Floats) -> tuple[Floats, Floats]:
    """What moving each value by its own size does to each gap, relative to the gap's terms, and the largest for each gap.

    Both are zero for gaps that do not depend on the row, whose derivatives are rounding.
    """
    effect = gradients * state / np.where(scales > 0.0, scales, 1.0)[:, None]
    largest = np.abs(effect).max(axis=1, initial=0.0)
    effect[largest < SENSITIVE] = 0.0
    largest[largest < SENSITIVE] = 0.0
    return effect, largest


def look_ahead(stage: Stage, options: Options, horizons: tuple[int, ...] = NEAR) -> Outlook | None:
    """The hidden gaps from this period on, or None where a period ahead has no solution."""
    program = stage.program
    first, count = max(program.max_lag, 1), horizons[-1] + 1
    table = np.empty((first + count, program.width))
    table[: first + 1] = stage.table[stage.number - first : stage.number + 1]
    table[first + 1 :] = stage.row
    stages = tuple(Stage(program, table, first + k, stage.parameters) for k in range(count))
    try:
        _solve_ahead(stages[1:], options)
    except PeriodFailure:
        return None
    measured = [measure(stages[k]) for k in horizons]
    return Outlook(horizons, np.array([m[0] for m in measured]), np.array([m[1] for m in measured]), stages)


def _solve_ahead(stages: Sequence[Stage], options: Options) -> None:
    """Solve consecutive periods of one table, whose parameters are all the same, as many as possible in machine code."""
    done = 0
    while done < len(stages):
        first = stages[done]
        quick = None if options.bounds else first.program.advance
        if quick is not None:
            done += quick.ahead(first, len(stages) - done, options.tolerance)
        if done < len(stages):
            solve_period(stages[done], options)
            done += 1
