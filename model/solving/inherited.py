"""Gaps that are inherited: whether an identity that does not hold in an opening stays as far off as it was, period after period.

In a model whose stocks accumulate flows that balance, an identity's gap is a constant of motion: what the opening lacks is lacking ever
after, and nothing is added. That is a property of the equations, which is tested where the declared opening lies: from
openings moved off it in several directions, so that the gap is different in each, it must not change from the first period on. Because
some of them are too large and some too small, an opening between them has none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.compiler.advance import Advance, Traces
from model.compiler.program import Floats, Program
from model.periods.inputs import Inputs
from model.periods.newton import Options
from model.periods.path import CONSISTENT
from model.solving.hidden import NEAR

MOVED = 1e-3
"""How far the tried openings are moved, relative to each value."""
SHOWN = 1e-6
"""Gap, relative to its terms, that the moves have to open in both directions."""
DIRECTIONS = 2


def carried(program: Program, inputs: Inputs, options: Options) -> NDArray[np.bool_]:
    """Of each hidden identity, whether a gap of the opening is carried on unchanged, shape (identities,).

    False as well where that cannot be tried: without machine code, or where a moved opening is not followed by ordinary periods. The
    last answer is remembered: other paths from the same opening ask the same question.

    Parameters
    ----------
    inputs
        With period 1 solved in the table; what is given and parameters are held as they are there.
    """
    first = inputs.history + 1
    if program.advance is None or options.bounds or not inputs.periods:
        return np.zeros(program.hidden_count, dtype=np.bool_)
    rows, parameters = inputs.table[:first], inputs.parameter_rows[1:2]
    given = inputs.table[first, len(program.unknowns) :]
    asked = options.tolerance, rows.tobytes(), given.tobytes(), parameters.tobytes()
    known: tuple[object, NDArray[np.bool_]] | None = program.memory.get("carried")
    if known is None or known[0] != asked:
        ahead = np.full(program.width, np.nan)
        ahead[len(program.unknowns) :] = given
        known = program.memory["carried"] = asked, _tried(program, program.advance, rows, ahead, parameters, options.tolerance)
    return known[1]


def _tried(program: Program, quick: Advance, rows: Floats, ahead: Floats, parameters: Floats, tolerance: float) -> NDArray[np.bool_]:
    """What moved openings show; ``ahead`` is a row with what is given."""
    near, first, hidden = len(NEAR), len(rows), program.hidden_count
    moves = _moves(program, first)
    tables = np.empty((len(moves), first + near, program.width))
    tables[:, :first] = rows * moves
    tables[:, first:] = ahead
    traces = Traces.zeros(near, hidden, program.condition_count, len(moves))
    never = np.full(len(moves), np.inf)
    many = np.repeat(parameters[None], len(moves), axis=0)
    if (quick.sweep(tables, first, many, traces, near, never, np.inf, tolerance, True) < near).any():
        return np.zeros(hidden, dtype=np.bool_)
    gaps, scales = traces.gaps, traces.scales
    kept = (np.abs(gaps[:, 1:] - gaps[:, :1]) <= CONSISTENT * scales[:, 1:]).all(axis=(0, 1))
    opened, least = gaps[:, 0], SHOWN * scales[:, 0]
    return np.asarray(kept & (opened > least).any(axis=0) & (opened < -least).any(axis=0))


def _moves(program: Program, rows: int) -> Floats:
    """Factors for the rows before period 1: directions without a pattern, each one and its opposite, shape (moves, rows, columns)."""
    count = np.arange(DIRECTIONS * rows * program.width, dtype=np.float64).reshape(DIRECTIONS, rows, program.width)
    waves = np.sin(1.0 + count * count)
    waves[:, :, len(program.unknowns) :] = 0.0
    return np.concatenate([1.0 + MOVED * waves, 1.0 - MOVED * waves])


__all__ = ["carried"]
