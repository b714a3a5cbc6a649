"""Period after period: ordinary ones in machine code, the others one by one, each followed by what its hidden identities need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from model.compiler.advance import Advance, Traces
from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.periods.diagnosis import Diagnosis
from model.periods.inputs import Inputs
from model.periods.newton import Options, Stage
from model.periods.path import CONSISTENT
from model.periods.period import PeriodFailure, solve_period
from model.solving.outlook import NEAR
from model.solving.repairs import opening_gaps
from model.solving.rounding import NOTICED, remove_rounding

REPORTED = 16
"""Periods between two calls of the progress function."""
Progress = Callable[[int, int], None]


@dataclass
class March:
    """How far a run got and what it found.

    Parameters
    ----------
    program, inputs, options
        What is run.
    solved
        Number of solved periods.
    failure
        Why it ended early, or None.
    corrected
        Periods whose lagged values were changed to keep identities exact.
    """

    program: Program
    inputs: Inputs
    options: Options
    solved: int
    failure: Diagnosis | None = None
    corrected: list[int] = field(default_factory=list)

    @cached_property
    def quick(self) -> Advance | None:
        """The machine's loop, where there is one that may be used."""
        return None if self.options.bounds else self.program.advance

    @cached_property
    def outlook(self) -> tuple[Floats, Floats]:
        """Hidden identities in the first periods and the sizes of their terms, what is given being held as in period 1.

        Shape (periods, identities). Read once period 1 is solved, and before the row of any other period is changed.
        """
        if not self.program.hidden_count or not self.solved:
            return np.zeros((1, 0)), np.zeros((1, 0))
        found = near_gaps(self.quick, self.program, self.inputs, self.options)
        if found is not None:
            return found
        return opening_gaps(Stage(self.program, self.inputs.table, self.inputs.history + 1, self.inputs.parameter_rows[1]), self.options)

    @cached_property
    def consistent(self) -> bool:
        """Whether the first periods' gaps are those of rounding."""
        gaps, scales = self.outlook
        return bool((np.abs(gaps) <= CONSISTENT * scales).all())

    def judged(self, period: int) -> bool:
        """Whether the opening can be judged before a period is solved that the machine's loop did not pass."""
        if period == 1:
            found = near_gaps(self.quick, self.program, self.inputs, self.options)
            if found is None:
                return False
            self.outlook = found
        return True


def march(
    program: Program,
    inputs: Inputs,
    options: Options,
    traces: Traces,
    progress: Progress | None = None,
    lock: AbstractContextManager[object] | None = None,
) -> March:
    """Fill the table and the traces.

    The opening need not be judged before an identity is off: the machine's loop stops where one is for the first time, and goes on from
    there when the opening has been judged.

    Parameters
    ----------
    progress
        Called with (solved periods, periods) now and then.
    lock
        Held while a period is solved outside machine code, for what several threads share.
    """
    found = March(program, inputs, options, inputs.periods)
    quick, guard = found.quick, nullcontext() if lock is None else lock
    open_question = quick is not None and options.correct_hidden and program.hidden_count > 0
    noticed, most = (NOTICED if open_question else np.inf), np.inf
    period = 1
    while period <= inputs.periods:
        if quick is not None:
            left, row = inputs.periods - period + 1, inputs.history + period
            asked = left if progress is None else min(left, REPORTED - (period - 1) % REPORTED)
            done = quick.run(inputs.table, row, inputs.parameter_rows, period, traces, asked, noticed, most, options.tolerance)
            period += done
            if done and progress is not None:
                _report(progress, period - 1, inputs.periods)
            if done == asked:
                continue
        try:
            with guard:
                if open_question and found.judged(period):
                    open_question = False
                    noticed, most = (NOTICED if found.consistent else np.inf), CONSISTENT
                    continue
                _one(traces, period, found)
        except PeriodFailure as problem:
            found.failure, found.solved = problem.diagnosis(period, inputs.dates), period - 1
            break
        if progress is not None:
            _report(progress, period, inputs.periods)
        period += 1
    return found


def near_gaps(quick: Advance | None, program: Program, inputs: Inputs, options: Options) -> tuple[Floats, Floats] | None:
    """Hidden identities in the first periods and the sizes of their terms, in machine code; None where they are not ordinary."""
    if quick is None:
        return None
    near, first = len(NEAR), inputs.history + 1
    table = np.empty((first + near, program.width))
    table[:first] = inputs.table[:first]
    table[first:] = inputs.table[first]
    ahead = Traces.zeros(near, program.hidden_count, program.condition_count)
    done = quick.run(table, first, inputs.parameter_rows[1:], 0, ahead, near, np.inf, np.inf, options.tolerance, constant=True)
    return (ahead.gaps, ahead.scales) if done == near else None


def _one(traces: Traces, period: int, found: March) -> None:
    """One period outside the machine's loop."""
    program, inputs, options = found.program, found.inputs, found.options
    stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
    traces.steps[period] = solve_period(stage, options)
    if program.hidden_count and options.correct_hidden and found.consistent:
        steps = remove_rounding(stage, options)
        if steps is not None:
            found.corrected.append(period)
            traces.steps[period] += steps
            if period > 1:
                trace(traces, period - 1, Stage(program, inputs.table, stage.number - 1, inputs.parameter_rows[period - 1]))
    trace(traces, period, stage)


def trace(traces: Traces, period: int, stage: Stage) -> None:
    """Keep a row's residuals, gaps and limits."""
    count, hidden = stage.program.equation_count, stage.program.hidden_count
    out = stage.certify()
    traces.errors[period] = float(scaled(out[:count], out[count : 2 * count]).max(initial=0.0))
    traces.gaps[period], traces.scales[period] = out[2 * count : 2 * count + hidden], out[2 * count + hidden : 2 * (count + hidden)]
    traces.limits[period] = out[2 * (count + hidden) :].reshape(-1, 3)


def _report(progress: Progress, period: int, periods: int) -> None:
    if period % REPORTED == 0 or period == periods:
        progress(period, periods)


__all__ = ["March", "march", "trace"]
