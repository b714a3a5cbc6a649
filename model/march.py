"""Period after period: ordinary ones in machine code, the others one by one, each followed by what its hidden identities need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import numpy as np

from model.advance import Traces
from model.diagnosis import Diagnosis
from model.hidden import NOTICED, found_gaps, look_ahead, measure, remove_rounding
from model.inputs import Inputs
from model.newton import Options, Stage
from model.ordinary import scaled
from model.path import CONSISTENT, Consistency
from model.period import PeriodFailure, solve_period
from model.program import Program

REPORTED = 16
"""Periods between two calls of the progress function."""
Check = Callable[[Program, Inputs, Options], tuple[Consistency, Inputs | None]]
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
    consistency, repaired
        What the check of the opening says, and the inputs with the opening repaired.
    corrected
        Periods whose lagged values were changed to keep identities exact.
    """

    solved: int
    failure: Diagnosis | None = None
    consistency: Consistency = field(default_factory=Consistency)
    repaired: Inputs | None = None
    corrected: list[int] = field(default_factory=list)


def march(
    program: Program,
    inputs: Inputs,
    options: Options,
    traces: Traces,
    check: Check,
    progress: Progress | None = None,
    lock: AbstractContextManager[object] | None = None,
) -> March:
    """Fill the table and the traces.

    Parameters
    ----------
    check
        Looks at the opening once the first period is solved.
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
        if quick is not None and period > 1:
            left = inputs.periods - period + 1
            asked = left if progress is None else min(left, REPORTED - (period - 1) % REPORTED)
            noticed = NOTICED if options.correct_hidden and found.consistency.consistent else np.inf
            row = inputs.history + period
            done = quick.run(inputs.table, row, inputs.parameter_rows, period, traces, asked, noticed, CONSISTENT, options.tolerance)
            period += done
            if done and progress is not None:
                _report(progress, period - 1, inputs.periods)
            if done == asked:
                continue
        try:
            with guard:
                _one(program, inputs, options, traces, check, period, found)
        except PeriodFailure as problem:
            found.failure, found.solved = problem.diagnosis(period, inputs.dates), period - 1
            break
        if progress is not None:
            _report(progress, period, inputs.periods)
        period += 1
    return found


def _one(program: Program, inputs: Inputs, options: Options, traces: Traces, check: Check, period: int, found: March) -> None:
    """One period outside the machine's loop."""
    stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
    traces.steps[period] = solve_period(stage, options)
    if program.hidden_count:
        if period == 1:
            found.consistency, found.repaired = check(program, inputs, options)
        if options.correct_hidden and found.consistency.consistent:
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


def only_measured(program: Program, inputs: Inputs, options: Options) -> tuple[Consistency, Inputs | None]:
    """The check of an opening that says whether it is consistent and looks for no repair."""
    stage = Stage(program, inputs.table, inputs.history + 1, inputs.parameter_rows[1])
    outlook = look_ahead(stage, options)
    return found_gaps(program, *(measure(stage) if outlook is None else (outlook.gaps, outlook.scales))), None


def _report(progress: Progress, period: int, periods: int) -> None:
    if period % REPORTED == 0 or period == periods:
        progress(period, periods)


__all__ = ["March", "march", "only_measured", "trace"]
