"""Gaps that are inherited: whether an identity that does not hold in an opening stays as far off as it was, period after period.

In a model whose stocks accumulate flows that balance, an identity's gap is a constant of motion: what the opening lacks is lacking ever
after, and nothing is added. That is a property of the equations, which is tested where the declared opening lies: from
openings moved off it in several directions, so that the gap is different in each, it must not change from the first period on. Because
some of them are too large and some too small, an opening between them has none, unless the gap jumps: where the declared opening's own
is not about half way between those of opposite moves, nothing is said.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.compiler.advance import Traces
from model.compiler.program import Floats, Program
from model.periods.inputs import Inputs
from model.periods.newton import Options, Stage
from model.periods.ordinary import solve_ordinary
from model.periods.path import CONSISTENT
from model.solving.outlook import measure

MOVED = 1e-3
"""How far the tried openings are moved, relative to each value."""
SHOWN = 1e-6
"""Gap, relative to its terms, that the moves have to open in both directions."""
STRAIGHT = 0.5
"""How far the declared opening's gap may be from the middle of those of opposite moves, relative to half their distance."""
DIRECTIONS = 2
TRIED = 3
"""Periods for which the gaps are followed."""


def carried(program: Program, inputs: Inputs, options: Options) -> NDArray[np.bool_]:
    """Of each hidden identity, whether a gap of the opening is carried on unchanged, shape (identities,).

    The last answer is remembered: other paths from the same opening ask the same question.

    Parameters
    ----------
    inputs
        What is given and parameters are held as they are in period 1.
    """
    first = inputs.history + 1
    if options.bounds or not inputs.periods:
        return np.zeros(program.hidden_count, dtype=np.bool_)
    rows, parameters = inputs.table[:first], inputs.parameter_rows[1]
    ahead = np.full(program.width, np.nan)
    ahead[len(program.unknowns) :] = inputs.table[first, len(program.unknowns) :]
    asked = options.tolerance, rows.tobytes(), ahead.tobytes(), parameters.tobytes()
    known: tuple[object, NDArray[np.bool_]] | None = program.memory.get("carried")
    if known is None or known[0] != asked:
        known = program.memory["carried"] = asked, carried_from(program, rows, ahead, parameters, options.tolerance, True)
    return known[1]


def carried_from(
    program: Program, rows: Floats, ahead: Floats, parameters: Floats, tolerance: float, straight: bool = False
) -> NDArray[np.bool_]:
    """Of each hidden identity, whether a gap in some rows is carried on unchanged by the periods after them, shape (identities,).

    False as well where that cannot be told, because moved rows are not followed by ordinary periods.

    Parameters
    ----------
    rows
        As many as equations look back, shape (rows, columns).
    ahead
        A row with what is given in every period after them.
    parameters
        Those of every period after them.
    straight
        Whether a gap that jumps between the moved rows counts as one of which nothing can be told; gaps of rounding size never do.
    """
    first = len(rows)
    moves = program.once(("moves", first, straight), lambda: _moves(program, first, straight))
    tables = np.empty((len(moves), first + TRIED, program.width))
    np.multiply(rows, moves, out=tables[:, :first])
    tables[:, first:] = ahead
    found = _followed(program, tables, first, parameters, tolerance)
    if found is None:
        return np.zeros(program.hidden_count, dtype=np.bool_)
    gaps, scales = found
    kept = (np.abs(gaps[:, 1:] - gaps[:, :1]) <= CONSISTENT * scales[:, 1:]).all(axis=(0, 1))
    opened = gaps[:, 0] / np.where(scales[:, 0] > 0.0, scales[:, 0], 1.0)
    shown = kept & (opened.max(axis=0) > SHOWN) & (opened.min(axis=0) < -SHOWN)
    if straight:
        up, down, declared = gaps[:DIRECTIONS, 0], gaps[DIRECTIONS:-1, 0], gaps[-1, 0]
        shown &= (np.abs(up + down - 2.0 * declared) <= STRAIGHT * np.abs(up - down)).all(axis=0)
    return np.asarray(shown)


def _followed(program: Program, tables: Floats, first: int, parameters: Floats, tolerance: float) -> tuple[Floats, Floats] | None:
    """The hidden identities and the sizes of their terms in the rows from the first on, shape (tables, rows, identities)."""
    if program.advance is None:
        measured = []
        for table in tables:
            for row in range(first, first + TRIED):
                stage = Stage(program, table, row, parameters)
                if solve_ordinary(stage, tolerance) is None:
                    return None
                measured.append(measure(stage))
        shape = len(tables), TRIED, program.hidden_count
        return np.array([gaps for gaps, _ in measured]).reshape(shape), np.array([sizes for _, sizes in measured]).reshape(shape)
    traces = Traces.zeros(TRIED, program.hidden_count, program.condition_count, len(tables))
    many = np.empty((len(tables), 1, len(parameters)))
    many[:] = parameters
    never = np.full(len(tables), np.inf)
    done = program.advance.sweep(tables, first, many, traces, TRIED, never, np.inf, tolerance, True)
    return None if (done < TRIED).any() else (traces.gaps, traces.scales)


def _moves(program: Program, rows: int, straight: bool) -> Floats:
    """Factors for the rows before period 1, shape (moves, rows, columns).

    Directions without a pattern, their opposites and, where asked for, rows that stay.
    """
    count = np.arange(DIRECTIONS * rows * program.width, dtype=np.float64).reshape(DIRECTIONS, rows, program.width)
    waves = np.sin(1.0 + count * count)
    waves[:, :, len(program.unknowns) :] = 0.0
    return np.concatenate([1.0 + MOVED * waves, 1.0 - MOVED * waves, *([np.ones_like(waves[:1])] if straight else [])])


__all__ = ["carried", "carried_from"]
