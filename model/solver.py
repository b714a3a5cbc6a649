"""The period loop: a system, an opening and what is given from outside become a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from model.diagnosis import Diagnosis, SolveFailure
from model.inputs import Inputs, prepare
from model.newton import Options, Stage, scaled
from model.path import Consistency, Path, Statistics
from model.period import PeriodFailure, solve_period
from model.program import Floats, Program, compile_system
from model.system import System

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
    program = compile_system(system, chosen.backend)
    inputs = prepare(program, opening, parameters, exogenous, periods, dates, parameter_paths or {}, earlier, chosen)
    path = run(program, inputs, chosen, progress)
    if path.failure is not None and chosen.raise_on_failure:
        raise SolveFailure(path.failure, path)
    return path


def run(program: Program, inputs: Inputs, options: Options, progress: Callable[[int, int], None] | None = None) -> Path:
    """Solve period after period."""
    count, hidden = len(program.equations), program.hidden_count
    certificates = np.zeros(inputs.periods + 1)
    gaps, scales = np.zeros((inputs.periods + 1, hidden)), np.zeros((inputs.periods + 1, hidden))
    regimes: list[dict[str, str]] = [{}]
    total = most = 0
    failure: Diagnosis | None = None
    solved = inputs.periods
    for period in range(1, inputs.periods + 1):
        stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
        try:
            steps = solve_period(stage, options)
        except PeriodFailure as problem:
            failure = problem.diagnosis(period, inputs.dates)
            solved = period - 1
            break
        total, most = total + steps, max(most, steps)
        out = stage.certify()
        certificates[period] = float(scaled(out[:count], out[count : 2 * count]).max(initial=0.0))
        gaps[period], scales[period] = out[2 * count : 2 * count + hidden], out[2 * count + hidden : 2 * count + 2 * hidden]
        certificates[period] = max(certificates[period], float(scaled(gaps[period], scales[period]).max(initial=0.0)))
        regimes.append(_regimes(program, out[2 * (count + hidden) :]))
        if progress is not None and (period % 16 == 0 or period == inputs.periods):
            progress(period, inputs.periods)
    simultaneous = [s for s in program.shapes if s.tears]
    statistics = Statistics(
        count,
        len(program.shapes),
        len(simultaneous),
        max((s.size for s in program.shapes), default=0),
        sum(len(s.tears) for s in simultaneous),
        total,
        most,
    )
    rows = slice(inputs.history, inputs.history + solved + 1)
    return Path(
        system=program.system,
        columns=program.columns,
        values=inputs.table[rows].copy(),
        parameter_names=tuple(p.name for p in program.system.parameters),
        parameter_rows=inputs.parameter_rows[: solved + 1].copy(),
        dates=None if inputs.dates is None else inputs.dates[: solved + 1],
        certificates=certificates[: solved + 1],
        hidden_gaps=gaps[: solved + 1],
        hidden_scales=scales[: solved + 1],
        regimes=tuple(regimes),
        consistency=Consistency(),
        statistics=statistics,
        failure=failure,
    )


def _regimes(program: Program, out: Floats) -> dict[str, str]:
    """Where each complementarity condition stands: the smaller side decides."""
    found: dict[str, str] = {}
    for condition, (below, above, pull) in zip(program.conditions, out.reshape(-1, 3), strict=True):
        found[condition.name] = "lower" if below <= pull else "upper" if above <= -pull else "interior"
    return found


