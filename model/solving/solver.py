"""A system, an opening and what is given from outside become a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from model.compiler.compilation import compile_system
from model.compiler.program import Floats
from model.language.system import System
from model.periods.failure import SolveFailure
from model.periods.newton import Options
from model.periods.path import Path
from model.solving.programs import solve_program

__all__ = ["Options", "Path", "SolveFailure", "solve"]


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
    return solve_program(
        compile_system(system, chosen.backend),
        opening,
        parameters=parameters,
        exogenous=exogenous,
        periods=periods,
        dates=dates,
        parameter_paths=parameter_paths,
        earlier=earlier,
        options=chosen,
        progress=progress,
    )
