"""The period loop: a program, an opening and what is given from outside become a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from model.compiler.program import Floats, Program
from model.periods.failure import SolveFailure
from model.periods.inputs import Inputs, prepare
from model.periods.newton import Options
from model.periods.path import Path
from model.solving.forward import run

STACKABLE = 4000
"""Unknowns of all periods up to which the stacked system is tried after the foreseen paths have failed."""


def solve_program(
    program: Program,
    opening: Mapping[str, float],
    *,
    parameters: Mapping[str, float],
    exogenous: Mapping[str, float | Floats],
    periods: int,
    dates: Sequence[date] | None = None,
    parameter_paths: Mapping[str, Floats] | None = None,
    earlier: Sequence[Mapping[str, float]] = (),
    options: Options,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """The path of a compiled system from an opening; see :func:`~model.solving.solver.solve` for what is given.

    Raises
    ------
    InputError
        An input is missing, unknown or of the wrong length.
    SolveFailure
        A period has no solution that could be found; it carries the diagnosis and the path so far.
    """
    inputs = prepare(program, opening, parameters, exogenous, periods, dates, parameter_paths or {}, earlier, options)
    if program.max_lead:
        path = run_ahead(program, inputs, options, progress)
    else:
        path = run(program, inputs, options, progress)
    if path.failure is not None and options.raise_on_failure:
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


__all__ = ["run_ahead", "solve_program"]
