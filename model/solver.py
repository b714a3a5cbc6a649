"""The period loop: a system, an opening and what is given from outside become a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from model.diagnosis import Diagnosis, SolveFailure
from model.hidden import check_opening, remove_rounding
from model.inputs import Inputs, prepare
from model.newton import Options, Stage, scaled
from model.path import CONSISTENT, Consistency, Path, Statistics
from model.period import PeriodFailure, solve_period
from model.program import Floats, Program, compile_system
from model.system import System

UNEXPLAINED = 1e-9
"""Relative gap that rounding cannot explain."""

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
    """Solve period after period; an inconsistent opening is solved a second time, repaired, to certify its identities."""
    record = _Record(program, inputs)
    consistency, repaired = Consistency(), None
    for period in range(1, inputs.periods + 1):
        stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
        try:
            record.steps[period] = solve_period(stage, options)
        except PeriodFailure as problem:
            record.fail(problem.diagnosis(period, inputs.dates), period - 1)
            break
        if program.hidden_count:
            if period == 1:
                consistency, repaired = check_opening(program, inputs, options)
            if options.correct_hidden:
                steps = remove_rounding(stage, options)
                if steps is not None:
                    record.corrected.append(period)
                    record.steps[period] += steps
                    if period > 1:
                        record.store(period - 1, Stage(program, inputs.table, stage.number - 1, inputs.parameter_rows[period - 1]))
        record.store(period, stage)
        if progress is not None and (period % 16 == 0 or period == inputs.periods):
            progress(period, inputs.periods)
    twin = None if repaired is None else run(program, repaired, options)
    return record.path(judge(record, consistency, twin))


class _Record:
    """What a run keeps of every period."""

    def __init__(self, program: Program, inputs: Inputs) -> None:
        rows, hidden = inputs.periods + 1, program.hidden_count
        self.program, self.inputs, self.solved = program, inputs, inputs.periods
        self.equations = np.zeros(rows)
        self.gaps, self.scales = np.zeros((rows, hidden)), np.zeros((rows, hidden))
        self.regimes: list[dict[str, str]] = [{} for _ in range(rows)]
        self.steps = np.zeros(rows, dtype=np.int64)
        self.corrected: list[int] = []
        self.failure: Diagnosis | None = None

    def fail(self, failure: Diagnosis, solved: int) -> None:
        self.failure, self.solved = failure, solved

    def store(self, period: int, stage: Stage) -> None:
        """Keep a row's certificates and regimes."""
        count, hidden = len(self.program.equations), self.program.hidden_count
        out = stage.certify()
        self.equations[period] = float(scaled(out[:count], out[count : 2 * count]).max(initial=0.0))
        self.gaps[period], self.scales[period] = out[2 * count : 2 * count + hidden], out[2 * count + hidden : 2 * (count + hidden)]
        self.regimes[period] = _regimes(self.program, out[2 * (count + hidden) :])

    @property
    def relative(self) -> Floats:
        """Hidden gaps relative to the sizes of their terms, shape (periods + 1, identities)."""
        return scaled(self.gaps, self.scales)

    def path(self, judged: tuple[Consistency, Floats]) -> Path:
        """The path, with identities judged as given."""
        consistency, identities = judged
        program, inputs, end = self.program, self.inputs, self.solved + 1
        simultaneous = [s for s in program.shapes if s.tears]
        statistics = Statistics(
            equations=len(program.equations),
            blocks=len(program.shapes),
            simultaneous=len(simultaneous),
            largest=max((s.size for s in simultaneous), default=1),
            torn=sum(len(s.tears) for s in simultaneous),
            iterations=int(self.steps.sum()),
            most=int(self.steps.max()),
        )
        return Path(
            system=program.system,
            columns=program.columns,
            values=inputs.table[inputs.history : inputs.history + end].copy(),
            parameter_names=tuple(p.name for p in program.system.parameters),
            parameter_rows=inputs.parameter_rows[:end].copy(),
            dates=None if inputs.dates is None else inputs.dates[:end],
            certificates=np.maximum(self.equations, identities.max(axis=1, initial=0.0))[:end],
            hidden_gaps=self.gaps[:end],
            hidden_scales=self.scales[:end],
            regimes=tuple(self.regimes[:end]),
            consistency=consistency,
            statistics=statistics,
            failure=self.failure,
        )


def judge(record: _Record, consistency: Consistency, twin: Path | None) -> tuple[Consistency, Floats]:
    """How far each identity is, in each period, from what the declared opening implies.

    From a consistent opening that is its relative gap. From an inconsistent one the gap is propagated by the equations,
    and what certifies it is the same run from the repaired opening, where the identity must hold.
    """
    relative = record.relative
    names = [h.name for h in record.program.system.hidden]
    unexplained = set(consistency.unexplained)
    for k, name in enumerate(names):
        declared_off = consistency.relative.get(name, 0.0) > CONSISTENT
        if declared_off and twin is not None:
            rows = min(len(twin.values), len(relative))
            proof = scaled(twin.hidden_gaps[:, k], twin.hidden_scales[:, k])[:rows]
            if float(proof.max(initial=0.0)) <= UNEXPLAINED:
                relative[:rows, k] = np.minimum(relative[:rows, k], proof)
            else:
                unexplained.add(name)
        elif not declared_off and float(relative[1 : record.solved + 1, k].max(initial=0.0)) > UNEXPLAINED:
            unexplained.add(name)
    ordered = tuple(n for n in names if n in unexplained)
    return Consistency(consistency.gaps, consistency.scales, consistency.repairs, ordered, tuple(record.corrected)), relative


def _regimes(program: Program, out: Floats) -> dict[str, str]:
    """Where each complementarity condition stands: the smaller side decides."""
    found: dict[str, str] = {}
    for condition, (below, above, pull) in zip(program.conditions, out.reshape(-1, 3), strict=True):
        found[condition.name] = "lower" if below <= pull else "upper" if above <= -pull else "interior"
    return found


