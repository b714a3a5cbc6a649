"""Systems with few leads: the foreseen paths are the unknowns, and everything else is solved forward period by period.

Each lead x(+k) becomes a given path z. Solving forward with it gives x(z), and foresight is perfect where z(t) = x(t + k). That is solved
by Newton's method with the exact derivatives of the whole path by z (:mod:`model.derivatives.sensitivities`), from the path on which
everybody expects the present to last. Against the stacked system of all equations this needs a matrix of leads × periods instead of
equations × periods, and every period keeps the safeguards of the forward solver: limits, fallback starts, certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from model.compiler.compilation import compile_system
from model.compiler.program import Floats, Program
from model.derivatives.sensitivities import Direction, Sensitivities, SensitivityError
from model.language.symbols import Variable
from model.language.system import System
from model.periods.diagnosis import Diagnosis
from model.periods.inputs import Inputs
from model.periods.newton import Options, Stage
from model.periods.path import Consistency, Path
from model.solving.forward import run
from model.solving.record import Record

FEW = 20
"""Unknowns for each lead from which the foreseen paths are the smaller problem."""
ROUNDS = 40
HALVINGS = 12
AGREED = 4e-16
"""Distance between foreseen and realised paths, relative to their size, that is rounding."""
CLOSE = 1e-9
"""Distance from which rounds without improvement end the search."""

Lead = tuple[str, int]
Progress = Callable[[int, int], None]


def leads_of(program: Program) -> tuple[Lead, ...]:
    """Every unknown that is read ahead, with how far."""
    unknown = set(program.unknowns)
    found = {(s.base, s.time) for s in program.system.symbols if isinstance(s, Variable) and s.time > 0 and s.base in unknown}
    return tuple(sorted(found))


def has_few_leads(program: Program) -> bool:
    """Whether the foreseen paths are a much smaller problem than all equations of all periods."""
    return 0 < len(leads_of(program)) * FEW <= len(program.unknowns)


def foreseen_name(lead: Lead) -> str:
    """The given path that takes the place of a lead."""
    return f"foreseen{lead[1]}__{lead[0]}"


def _without_leads(system: System, leads: tuple[Lead, ...], given: bool) -> System:
    """The system with each lead replaced by a given path, or by the present value."""
    table = {}
    for lead in leads:
        variable = system.variables[lead[0]]
        table[variable(lead[1])] = Variable(foreseen_name(lead), variable.unit) if given else variable
    equations = tuple(replace(e, left=e.left.xreplace(table), right=e.right.xreplace(table)) for e in system.equations)
    extra = tuple(v for v in table.values()) if given else ()
    return replace(system, equations=equations, exogenous=(*system.exogenous, *extra))


class Foresight:
    """The forward system and its inputs, as a function of the foreseen paths."""

    def __init__(self, program: Program, inputs: Inputs, options: Options) -> None:
        self.program, self.inputs = program, inputs
        self.leads, self.options = leads_of(program), replace(options, raise_on_failure=False)
        self.periods = inputs.periods
        self.sources = np.array([program.index[name] for name, _ in self.leads])
        steps = np.arange(1, self.periods + 1)[:, None] + np.array([k for _, k in self.leads])[None, :]
        self.when = np.minimum(steps, self.periods)

    def read(self, path: Path) -> Floats:
        """What the leads turn out to be on a path, shape (periods, leads)."""
        columns = [path.index[name] for name, _ in self.leads]
        return np.asarray(path.values[self.when, columns])

    def forward(self, foreseen: Floats | None) -> Path:
        """The path under given foreseen paths; under the expectation that the present lasts for None."""
        program = compile_system(_without_leads(self.program.system, self.leads, foreseen is not None), self.options.backend)
        table = np.full((len(self.inputs.table), program.width), np.nan)
        standing = np.zeros((self.inputs.history, program.width), dtype=np.bool_)
        for name, column in self.program.index.items():
            table[:, program.index[name]] = self.inputs.table[:, column]
            standing[:, program.index[name]] = self.inputs.standing[:, column]
        if foreseen is not None:
            first = self.inputs.history + 1
            for k, lead in enumerate(self.leads):
                series = table[:, program.index[foreseen_name(lead)]]
                series[first : first + self.periods] = foreseen[:, k]
                series[:first], series[first + self.periods :] = foreseen[0, k], foreseen[-1, k]
        own = Inputs(table, self.inputs.history, self.periods, self.inputs.parameter_rows, self.inputs.dates, standing)
        return run(program, own, self.options)

    def step(self, path: Path, gap: Floats) -> Floats:
        """The change of the foreseen paths that closes the gaps ``foreseen - realised`` to first order."""
        earlier = [self._row(k) for k in range(1, self.inputs.history + 1)]
        slopes = Sensitivities(path, earlier, self.options.backend)
        size = gap.size
        directions = []
        for k, lead in enumerate(self.leads):
            for t in range(1, self.periods + 1):
                pulse = np.zeros(self.periods + 1)
                pulse[t] = 1.0
                directions.append((t - 1, k, Direction(exogenous={foreseen_name(lead): pulse})))
        columns = np.array([path.index[name] for name, _ in self.leads])
        matrix = np.eye(size)
        moved = slopes.tangent(*(d for _, _, d in directions))[self.when, columns].reshape(size, len(directions))
        places = [t * len(self.leads) + k for t, k, _ in directions]
        matrix[:, places] -= moved
        return np.asarray(np.linalg.solve(matrix, -gap.ravel())).reshape(gap.shape)

    def _row(self, back: int) -> dict[str, float]:
        row = self.inputs.table[self.inputs.history - back]
        return {n: float(row[c]) for n, c in self.program.index.items() if n in self.program.unknowns and np.isfinite(row[c])}


def run_foreseen(program: Program, inputs: Inputs, options: Options, progress: Progress | None = None) -> Path:
    """Solve a system with few leads; the path's failure says where no agreement was found."""
    problem = Foresight(program, inputs, options)
    path = problem.forward(None)
    if path.failure is not None:
        return _recorded(problem, path, 0, path.failure)
    foreseen = problem.read(path)
    path, rounds = problem.forward(foreseen), 1
    best = _distance(problem, path, foreseen)
    while rounds < ROUNDS and best > AGREED and path.failure is None:
        if progress is not None:
            progress(min(rounds, ROUNDS), ROUNDS)
        try:
            change = problem.step(path, foreseen - problem.read(path))
        except (SensitivityError, np.linalg.LinAlgError):
            break
        before, length = best, 1.0
        for _ in range(HALVINGS):
            trial = foreseen + length * change
            found = problem.forward(trial)
            rounds += 1
            now = np.inf if found.failure is not None else _distance(problem, found, trial)
            if now < best:
                foreseen, path, best = trial, found, now
                break
            if best <= CLOSE:
                break
            length *= 0.5
        if not best < 0.5 * before and (best <= CLOSE or best >= before):
            break
    return _recorded(problem, path, rounds, None)


def _distance(problem: Foresight, path: Path, foreseen: Floats) -> float:
    if path.failure is not None:
        return np.inf
    realised = problem.read(path)
    size = np.abs(realised).max(axis=0)
    return float((np.abs(foreseen - realised) / np.where(size > 0.0, size, 1.0)).max())


def _recorded(problem: Foresight, path: Path, rounds: int, failure: Diagnosis | None) -> Path:
    """The forward path as a path of the system with leads, certified by its own equations."""
    program, inputs, periods = problem.program, problem.inputs, problem.periods
    record = Record(program, inputs)
    if failure is not None:
        record.fail(failure, 0)
        return record.path(lambda: (Consistency(), None))
    columns = [path.index[name] for name in program.columns]
    first = inputs.history
    inputs.table[first : first + periods + 1] = path.values[:, columns]
    inputs.table[first + periods + 1 :, program.unknown_columns] = inputs.table[first + periods, program.unknown_columns]
    worst: list[tuple[float, int]] = []
    for period in range(1, periods + 1):
        record.store(period, Stage(program, inputs.table, first + period, inputs.parameter_rows[period]))
        worst.append((record.traces.errors[period], period))
    record.traces.steps[periods] = rounds
    error, period = max(worst, default=(0.0, 0))
    if not error <= max(problem.options.tolerance, problem.options.stagnation):
        record.fail(_disagreement(problem, error, period), 0)
    return record.path(lambda: (path.consistency, None))


def _disagreement(problem: Foresight, error: float, period: int) -> Diagnosis:
    names = tuple(name for name, _ in problem.leads)
    stage = Stage(problem.program, problem.inputs.table, problem.inputs.history + period, problem.inputs.parameter_rows[period])
    count = problem.program.equation_count
    out = stage.certify()
    with np.errstate(all="ignore"):
        place = int(np.nanargmax(np.abs(out[:count]) / out[count : 2 * count]))
    values = {name: float(stage.row[problem.program.index[name]]) for name in names}
    return Diagnosis(
        period=period,
        date=None if problem.inputs.dates is None else problem.inputs.dates[period],
        block=names,
        equation=problem.program.equation_names[place],
        residual=error,
        iterates=((error, values),),
        cause="what is foreseen and what happens do not come together",
        advice="lengthen the horizon, so that the path settles down before its end, or announce less at once",
    )


__all__ = ["Foresight", "has_few_leads", "run_foreseen"]
