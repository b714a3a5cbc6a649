"""The hidden equation as a dynamic: its rounding error is removed, a gap of the declared opening never is.

A hidden identity h(x_t) = 0 follows from the equations when the lagged values s = x_{t−1} allow it. Its error obeys a
law of motion of its own and may grow like (1 + r)^t. Seen over a few periods ahead (with what is given held as it is now), the
gaps are functions of s; with their gradients G, by adjoint solves with the exact Jacobian, the smallest relative
change of s that closes them is Δs = −W Gᵀ (G W Gᵀ)⁺ gaps, W = diag(s²). Several periods are needed because errors that
grow at different speeds may cancel in one of them.

The rule looks at one row only, so that a path restarted from a stored row repeats the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.periods.inputs import Inputs
from model.periods.jacobian import Linearisation, hidden_gradients, linearise
from model.periods.newton import Options, Stage
from model.periods.path import CONSISTENT, Consistency, Repair
from model.periods.period import PeriodFailure, solve_period

NEAR = (0, 1, 2)
"""Periods ahead whose gaps say whether an opening is consistent and a correction good."""
FAR = (0, 1, 2, 8, 24, 64)
"""Periods ahead whose gaps tell errors that grow at nearly the same speed apart."""
NOTICED = 5e-13
"""Relative gap from which rounding error is removed."""
ROUNDING_SIZE = 1e-11
"""Largest relative change of a lagged value that counts as rounding."""
SENSITIVE = 1e-6
"""A gap depends on the opening where moving a lagged value by its own size moves it by this share of its terms."""
NEGLIGIBLE = 1e-3
"""Lagged values with less than this share of the largest effect on a gap are left alone."""
RESOLVED = 1e-5
"""Directions in which the gaps respond less than this, relative to the strongest, cannot be told from rounding."""
REFINING = 4
"""Steps that may go on after the gaps are closed, towards the least change that closes them."""
SETTLED_CHANGE = 1e-7
"""Movement of a repair, relative to its largest part, after which the next step would move it by no more than rounding."""
NEW = 1e-10
"""Singular value, of rows brought to one size, above which a horizon shows something that nearer ones do not."""
GROWING = 1.0001
"""Factor over the near horizons above which an error counts as growing."""
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
        state = np.nan_to_num(first.table[first.number - 1, first.program.unknown_columns])
        if gradients is None or not np.all(np.isfinite(gradients)):
            return False
        effect, sizes = _effects(gradients, state, self.scales.ravel())
        last = first.program.hidden_count
        if bool(np.all(sizes[-last:] <= GROWING * sizes[:last])):
            return True
        effect = effect[sizes > 0.0] / sizes[sizes > 0.0, None]
        return len(effect) > last and bool(np.linalg.matrix_rank(effect, tol=NEW) <= np.linalg.matrix_rank(effect[:-last], tol=NEW))

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
        moved = np.nan_to_num(row[columns] - base[columns])
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


def remove_rounding(stage: Stage, options: Options) -> int | None:
    """Correct the previous row until the hidden identities hold to rounding; Newton steps, or None where nothing was changed.

    Only gaps of rounding size are touched, others keep their value. A correction that does not halve the gap is undone.
    """
    steps: int | None = None
    for _ in range(20):
        now = scaled(*measure(stage))
        if not bool(np.any((now <= CONSISTENT) & (now > NOTICED))):
            break
        taken = _correct(stage, options, NEAR, complete=True)
        if taken is None:
            taken = _correct(stage, options, FAR)
        if taken is None:
            taken = _correct(stage, options, NEAR)
        if taken is None:
            break
        steps = taken + (steps or 0)
    return steps


def _correct(stage: Stage, options: Options, horizons: tuple[int, ...], complete: bool = False) -> int | None:
    """Change the previous row by the least that closes rounding-sized gaps; Newton steps, or None where that does not help.

    ``complete`` refuses horizons that may leave something out of sight.
    """
    outlook = look_ahead(stage, options, horizons)
    if outlook is None or (complete and not outlook.complete):
        return None
    columns, before = stage.program.unknown_columns, stage.table[stage.number - 1]
    small = outlook.relative <= 10 * CONSISTENT
    change = outlook.smallest_change(small)
    old, row = before[columns].copy(), stage.row.copy()
    if not np.any(change) or bool(np.any(np.abs(change) > ROUNDING_SIZE * np.abs(old))):
        return None
    moved = change != 0.0
    before[columns[moved]] += change[moved]
    better = None
    try:
        taken = solve_period(stage, options)
        better = look_ahead(stage, options)
    except PeriodFailure:
        taken = 0
    if better is None or not float(better.relative[small].max(initial=0.0)) <= 0.5 * float(outlook.relative[small].max(initial=0.0)):
        before[columns] = old
        stage.row[:] = row
        return None
    return taken


def opening_gaps(stage: Stage, options: Options) -> tuple[Floats, Floats]:
    """Gaps of the first periods and the sizes of their terms, period 1 being solved in the stage's table."""
    outlook = look_ahead(stage, options)
    return measure(stage) if outlook is None else (outlook.gaps, outlook.scales)


def repair_opening(program: Program, inputs: Inputs, found: Consistency, options: Options) -> tuple[Consistency, Inputs | None]:
    """The report on an inconsistent opening with its repairs, and the repaired inputs where a repair exists.

    Parameters
    ----------
    inputs
        With period 1 solved in the table; nothing in it changes.
    found
        The opening's gaps.
    """
    outlook = look_ahead(Stage(program, inputs.table, inputs.history + 1, inputs.parameter_rows[1]), options)
    if outlook is None:
        return found, None
    off = outlook.relative > CONSISTENT
    chosen = np.ones_like(off)
    opening, error = _repair(program, inputs, outlook, chosen, options)
    if error > CONSISTENT and off.sum() > 1:
        alone = (np.diag(off) | ~off)[off]
        chosen[off] = [_repair(program, inputs, outlook, one, options)[1] <= CONSISTENT for one in alone]
        if bool(np.any(chosen & off)):
            opening, error = _repair(program, inputs, outlook, chosen, options)
    return report(program, inputs, found, opening, error, chosen)


def _repair(program: Program, inputs: Inputs, outlook: Outlook, chosen: NDArray[np.bool_], options: Options) -> tuple[Floats, float]:
    """The better of the repairs that look far and near ahead; see :func:`_repair_over`."""
    far = _repair_over(program, inputs, outlook, chosen, options, FAR)
    return far if far[1] <= CONSISTENT else min(far, _repair_over(program, inputs, outlook, chosen, options, NEAR), key=lambda r: r[1])


def _repair_over(
    program: Program, inputs: Inputs, outlook: Outlook, chosen: NDArray[np.bool_], options: Options, horizons: tuple[int, ...]
) -> tuple[Floats, float]:
    """The opening's unknowns changed as little as closes the chosen identities' gaps, and the relative gap that is left."""
    columns = program.unknown_columns
    copy = inputs.copy()
    opening = copy.table[copy.history]
    best, error = opening[columns].copy(), float(outlook.relative[chosen].max())
    for count, following in enumerate(_repairing(program, copy, chosen, options, horizons)):
        now = float(following.relative[chosen].max())
        if not (now < error or (now <= CONSISTENT and count < REFINING)):
            break
        best, error = opening[columns].copy(), now
    return best, error


def found_gaps(program: Program, gaps: Floats, scales: Floats) -> Consistency:
    """Each identity's gap in the first period in which it is open, or in period 1; gaps have shape (periods, identities).

    Where no period is solved, none is open.
    """
    names = program.hidden_names
    if not np.size(gaps):
        return Consistency(dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0))
    gaps, scales = np.atleast_2d(gaps), np.atleast_2d(scales)
    first = np.argmax(scaled(gaps, scales) > CONSISTENT, axis=0)
    at = (first, np.arange(program.hidden_count))
    return Consistency(dict(zip(names, gaps[at].tolist(), strict=True)), dict(zip(names, scales[at].tolist(), strict=True)))


def report(
    program: Program, inputs: Inputs, found: Consistency, opening: Floats, error: float, mended: NDArray[np.bool_]
) -> tuple[Consistency, Inputs | None]:
    """The report with its repairs, and the repaired inputs.

    Parameters
    ----------
    opening, error
        Values of the unknowns in period 0 after the repair, and the relative gap that it leaves.
    mended
        Identities that the repair closes; the other open ones do not follow from the equations.
    """
    columns = program.unknown_columns
    declared = inputs.table[inputs.history, columns]
    changed = [(n, float(d), float(b)) for n, d, b in zip(program.unknowns, declared, opening, strict=True) if b != d and np.isfinite(b)]
    works = error <= CONSISTENT and bool(changed)
    names = program.hidden_names
    unexplained = tuple(n for n, m in zip(names, mended, strict=True) if found.relative[n] > CONSISTENT and not (works and m))
    if not works:
        return Consistency(found.gaps, found.scales, (), unexplained), None
    copy = inputs.copy()
    copy.table[copy.history + 1 :, columns] = np.nan
    copy.set_opening(columns, opening)
    return Consistency(found.gaps, found.scales, tuple(Repair(*c) for c in changed), unexplained), copy


def _repairing(
    program: Program, inputs: Inputs, chosen: NDArray[np.bool_], options: Options, horizons: tuple[int, ...]
) -> Iterator[Outlook]:
    """Gauss-Newton on the opening, each step counted from the declared one: the outlooks that follow."""
    columns = program.unknown_columns
    trial = Stage(program, inputs.table, inputs.history + 1, inputs.parameter_rows[1])
    declared = inputs.table[inputs.history].copy()
    following = look_ahead(trial, options, horizons)
    before = np.zeros(len(columns))
    for _ in range(30):
        if following is None:
            return
        change = following.smallest_change(chosen, declared, inputs.standing)
        moved = float(np.abs(change - before).max(initial=0.0))
        closed = float(following.relative[chosen].max(initial=0.0)) <= CONSISTENT
        if not np.any(change) or (closed and moved <= SETTLED_CHANGE * float(np.abs(change).max())):
            return
        before = change
        inputs.set_opening(columns, np.where(change != 0.0, declared[columns] + change, declared[columns]))
        try:
            solve_period(trial, options)
        except PeriodFailure:
            return
        following = look_ahead(trial, options, horizons)
        if following is not None:
            yield following
