"""Rounding error is removed from hidden identities; a gap of the declared opening never is.

The rule looks at one row only, so that a path restarted from a stored row repeats the same bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.compiler.plan import scaled
from model.periods.newton import Options, Stage
from model.periods.path import CONSISTENT
from model.periods.period import PeriodFailure, solve_period
from model.solving.inherited import carried_from
from model.solving.outlook import FAR, NEAR, look_ahead, measure

NOW = (0,)
"""This period, whose gap is all there is to close where it is carried on unchanged."""
NOTICED = 5e-13
"""Relative gap from which rounding error is removed."""
ROUNDING_SIZE = 1e-11
"""Largest relative change of a lagged value that counts as rounding."""


def remove_rounding(stage: Stage, options: Options) -> int | None:
    """Correct the previous row until the hidden identities hold to rounding; Newton steps, or None where nothing was changed.

    Only gaps of rounding size are touched, others keep their value. A correction that does not halve the gap is undone.
    """
    steps: int | None = None
    for _ in range(20):
        now = scaled(*measure(stage))
        off = (now <= CONSISTENT) & (now > NOTICED)
        if not bool(off.any()):
            break
        taken = _correct(stage, options, NOW) if bool(_carried_here(stage, options)[off].all()) else None
        if taken is None:
            taken = _correct(stage, options, NEAR, complete=True)
        if taken is None:
            taken = _correct(stage, options, FAR)
        if taken is None:
            taken = _correct(stage, options, NEAR)
        if taken is None:
            break
        steps = taken + (steps or 0)
    return steps


def _carried_here(stage: Stage, options: Options) -> NDArray[np.bool_]:
    """Of each identity, whether the equations carry its gap on unchanged from here."""
    program, first = stage.program, max(stage.program.max_lag, 1)
    return carried_from(program, stage.table[stage.number - first : stage.number], stage.row, stage.parameters, options.tolerance)


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
