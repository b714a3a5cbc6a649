"""The period loop: a system, an opening and what is given from outside become a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from model.diagnosis import SolveFailure
from model.hidden import NOTICED, check_opening, remove_rounding
from model.inputs import Inputs, prepare
from model.newton import Options, Stage
from model.path import CONSISTENT, Consistency, Path
from model.period import PeriodFailure, solve_period
from model.program import Floats, Program, compile_system
from model.record import Record
from model.system import System

__all__ = ["Options", "Path", "SolveFailure", "solve"]

REPORTED = 16
"""Periods between two calls of the progress function."""
STACKABLE = 4000
"""Unknowns of all periods up to which the stacked system is tried after the foreseen paths have failed."""


def solve(
    system: System,
    opening: Mapping[str, float],
    *,
    parameters: Mapping[str, float],
    exogenous: Mapping[str, float | Floats],
    periods: int,
    dates: Sequence[date] | None = None,
    parameter_paths: Mapping[str, Floats] | None = None,
    earlier: Sequence[Mapping[str, float]] = (),
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """The path of a system from an opening.

    Parameters
    ----------
    system
        Equations, exogenous variables and hidden identities.
    opening
        Values in period 0: every lagged variable, and any other (used as a first guess).
    parameters
        Values by name, constant over time.
    exogenous
        A number, or an array of length periods + 1 whose first entry belongs to period 0. Add-factors are 0 unless given.
    periods
        How many periods to solve.
    dates
        periods + 1 dates, the opening's first.
    parameter_paths
        Parameters that vary: arrays of length periods + 1.
    earlier
        Values in periods −1, −2, …; the opening's values stand in for what is not given.
    options
        Tolerances and effort.
    progress
        Called with (solved periods, periods) now and then.

    Raises
    ------
    StructureError
        Unknowns and equations do not match one to one.
    InputError
        An input is missing, unknown or of the wrong length.
    SolveFailure
        A period has no solution that could be found; it carries the diagnosis and the path so far.
    """
    chosen = Options() if options is None else options
    program = compile_system(system, chosen.backend)
    inputs = prepare(program, opening, parameters, exogenous, periods, dates, parameter_paths or {}, earlier, chosen)
    if program.max_lead:
        path = _run_ahead(program, inputs, chosen, progress)
    else:
        path = run(program, inputs, chosen, progress)
    if path.failure is not None and chosen.raise_on_failure:
        raise SolveFailure(path.failure, path)
    return path


def _run_ahead(program: Program, inputs: Inputs, options: Options, progress: Callable[[int, int], None] | None) -> Path:
    """A system with leads: by its foreseen paths where they are few, else (or where that fails and it is small) all periods stacked."""
    from model.foresight import has_few_leads, run_foreseen
    from model.stacked import run_stacked

    if has_few_leads(program):
        found = run_foreseen(program, inputs.copy(), options, progress)
        if found.failure is None or len(program.unknowns) * inputs.periods > STACKABLE:
            return found
    return run_stacked(program, inputs, options, progress)


def run(program: Program, inputs: Inputs, options: Options, progress: Callable[[int, int], None] | None = None) -> Path:
    """Solve period after period; an inconsistent opening is solved a second time, repaired, to certify its identities.

    After the first period, ordinary periods follow each other in machine code; the others are solved one by one.
    """
    record = Record(program, inputs)
    consistency, repaired = Consistency(), None
    quick = None if options.bounds else program.advance
    period = 1
    while period <= inputs.periods:
        if quick is not None and period > 1:
            asked = (
                inputs.periods - period + 1 if progress is None else min(inputs.periods - period + 1, REPORTED - (period - 1) % REPORTED)
            )
            noticed = NOTICED if options.correct_hidden and consistency.consistent else np.inf
            row = inputs.history + period
            done = quick.run(inputs.table, row, inputs.parameter_rows, period, record.traces, asked, noticed, CONSISTENT, options.tolerance)
            period += done
            if done and progress is not None:
                _report(progress, period - 1, inputs.periods)
            if done == asked:
                continue
        stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
        try:
            record.traces.steps[period] = solve_period(stage, options)
        except PeriodFailure as problem:
            record.fail(problem.diagnosis(period, inputs.dates), period - 1)
            break
        if program.hidden_count:
            if period == 1:
                consistency, repaired = check_opening(program, inputs, options)
            if options.correct_hidden and consistency.consistent:
                steps = remove_rounding(stage, options)
                if steps is not None:
                    record.corrected.append(period)
                    record.traces.steps[period] += steps
                    if period > 1:
                        record.store(period - 1, Stage(program, inputs.table, stage.number - 1, inputs.parameter_rows[period - 1]))
        record.store(period, stage)
        if progress is not None:
            _report(progress, period, inputs.periods)
        period += 1
    twin = None if repaired is None else run(program, repaired, options)
    return record.path(consistency, twin)


def _report(progress: Callable[[int, int], None], period: int, periods: int) -> None:
    if period % REPORTED == 0 or period == periods:
        progress(period, periods)
