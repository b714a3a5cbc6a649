"""Period after period: ordinary ones in machine code, the others one by one, each followed by what its hidden identities need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np

from model.compiler.advance import Advance, Traces
from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.periods.diagnosis import Diagnosis
from model.periods.inputs import Inputs
from model.periods.newton import Options, Stage
from model.periods.path import CONSISTENT
from model.periods.period import PeriodFailure, solve_period
from model.solving.hidden import NEAR, NOTICED, opening_gaps, remove_rounding

REPORTED = 16
"""Periods between two calls of the progress function."""
Progress = Callable[[int, int], None]


@dataclass
class March:
    """How far a run got and what it found.

    Parameters
    ----------
    solved
        Number of solved periods.
    failure
        Why it ended early, or None.
    gaps, scales
        Hidden identities and the sizes of their terms in the first periods, shape (periods, identities).
    consistent
        Whether the gaps are those of rounding.
    corrected
        Periods whose lagged values were changed to keep identities exact.
    """

    solved: int
    failure: Diagnosis | None = None
    gaps: Floats = field(default_factory=lambda: np.zeros((1, 0)))
    scales: Floats = field(default_factory=lambda: np.zeros((1, 0)))
    consistent: bool = True
    corrected: list[int] = field(default_factory=list)


def march(
    program: Program,
    inputs: Inputs,
    options: Options,
    traces: Traces,
    progress: Progress | None = None,
    lock: AbstractContextManager[object] | None = None,
) -> March:
    """Fill the table and the traces.

    Parameters
    ----------
    progress
        Called with (solved periods, periods) now and then.
    lock
        Held while a period is solved outside machine code, for what several threads share.
    """
    found = March(inputs.periods)
    quick = None if options.bounds else program.advance
    guard = nullcontext() if lock is None else lock
    period = 1
    while period <= inputs.periods:
        if quick is not None and period == 1 and _first(quick, program, inputs, options, traces, found):
            period = 2
            if progress is not None:
                _report(progress, 1, inputs.periods)
            continue
        if quick is not None and period > 1:
            left = inputs.periods - period + 1
            asked = left if progress is None else min(left, REPORTED - (period - 1) % REPORTED)
            noticed = NOTICED if options.correct_hidden and found.consistent else np.inf
            row = inputs.history + period
            done = quick.run(inputs.table, row, inputs.parameter_rows, period, traces, asked, noticed, CONSISTENT, options.tolerance)
            period += done
            if done and progress is not None:
                _report(progress, period - 1, inputs.periods)
            if done == asked:
                continue
        try:
            with guard:
                _one(program, inputs, options, traces, period, found)
        except PeriodFailure as problem:
            found.failure, found.solved = problem.diagnosis(period, inputs.dates), period - 1
            break
        if progress is not None:
            _report(progress, period, inputs.periods)
        period += 1
    return found


def _first(quick: Advance, program: Program, inputs: Inputs, options: Options, traces: Traces, found: March) -> bool:
    """Whether period 1 could be solved, and the opening's gaps measured, in machine code: the next ones are ordinary too."""
    near, first = len(NEAR) if program.hidden_count else 1, inputs.history + 1
    table = np.empty((first + near, program.width))
    table[:first] = inputs.table[:first]
    table[first:] = inputs.table[first]
    ahead = Traces.zeros(near, program.hidden_count, len(program.conditions))
    if quick.run(table, first, inputs.parameter_rows[1:], 0, ahead, near, np.inf, np.inf, options.tolerance, constant=True) < near:
        return False
    sizes, scales = np.abs(ahead.gaps), ahead.scales
    consistent = bool((sizes <= CONSISTENT * scales).all())
    if consistent and options.correct_hidden and not (sizes[0] <= NOTICED * scales[0]).all():
        return False
    inputs.table[first] = table[first]
    traces.keep(1, ahead)
    found.gaps, found.scales, found.consistent = ahead.gaps, ahead.scales, consistent
    return True


def _one(program: Program, inputs: Inputs, options: Options, traces: Traces, period: int, found: March) -> None:
    """One period outside the machine's loop."""
    stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
    traces.steps[period] = solve_period(stage, options)
    if program.hidden_count:
        if period == 1:
            found.gaps, found.scales = opening_gaps(stage, options)
            found.consistent = bool((scaled(found.gaps, found.scales) <= CONSISTENT).all())
        if options.correct_hidden and found.consistent:
            steps = remove_rounding(stage, options)
            if steps is not None:
                found.corrected.append(period)
                traces.steps[period] += steps
                if period > 1:
                    trace(traces, period - 1, Stage(program, inputs.table, stage.number - 1, inputs.parameter_rows[period - 1]))
    trace(traces, period, stage)


def trace(traces: Traces, period: int, stage: Stage) -> None:
    """Keep a row's residuals, gaps and limits."""
    count, hidden = len(stage.program.equations), stage.program.hidden_count
    out = stage.certify()
    traces.errors[period] = float(scaled(out[:count], out[count : 2 * count]).max(initial=0.0))
    traces.gaps[period], traces.scales[period] = out[2 * count : 2 * count + hidden], out[2 * count + hidden : 2 * (count + hidden)]
    traces.limits[period] = out[2 * (count + hidden) :].reshape(-1, 3)


def _report(progress: Progress, period: int, periods: int) -> None:
    if period % REPORTED == 0 or period == periods:
        progress(period, periods)


__all__ = ["March", "march", "trace"]
