"""The period loop: a system, an opening and what is given from outside become a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from model.compiler.program import Floats, Program, compile_system
from model.language.system import System
from model.periods.failure import SolveFailure
from model.periods.inputs import Inputs, prepare
from model.periods.newton import Options
from model.periods.path import Path
from model.solving.forward import run

__all__ = ["Options", "Path", "SolveFailure", "solve"]

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
        path = run_ahead(program, inputs, chosen, progress)
    else:
        path = run(program, inputs, chosen, progress)
    if path.failure is not None and chosen.raise_on_failure:
        raise SolveFailure(path.failure, path)
    return path


def run_ahead(program: Program, inputs: Inputs, options: Options, progress: Callable[[int, int], None] | None = None) -> Path:
    """A system with leads: by its foreseen paths where they are few, else (or where that fails and it is small) all periods stacked."""
    from model.solving.foresight import has_few_leads, run_foreseen
    from model.solving.stacked import run_stacked

    if has_few_leads(program):
        found = run_foreseen(program, inputs.copy(), options, progress)
        if found.failure is None or len(program.unknowns) * inputs.periods > STACKABLE:
            return found
    return run_stacked(program, inputs, options, progress)
