"""The smallest repair of an inconsistent opening, and what is reported of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.periods.inputs import Inputs
from model.periods.newton import Options, Stage
from model.periods.path import CONSISTENT, Consistency, Repair
from model.periods.period import PeriodFailure, solve_period
from model.solving.outlook import FAR, NEAR, Outlook, look_ahead, measure

REFINING = 4
"""Steps that may go on after the gaps are closed, towards the least change that closes them."""
SETTLED_CHANGE = 1e-7
"""Movement of a repair, relative to its largest part, after which the next step would move it by no more than rounding."""


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
