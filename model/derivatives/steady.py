"""Steady states and balanced growth, solved for directly: every amount of money grows by one factor, every rate and ratio stands still.

The factor of a variable follows from its unit: G to the power of its exponent of USD. With x_{t-k} = x_t G^(-k e) the equations and
the hidden identities are one static system in x_t. It may have many solutions (a portfolio that no equation pins down) and one equation
too many (a hidden identity), so each Newton step is the least relative change that solves the linearised equations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.compiler.program import Floats, Integers, Program
from model.language.symbols import Variable
from model.language.units import YEAR
from model.periods.jacobian import linearise, places
from model.periods.newton import Stage

TINY = 1e-7
"""Size of an equation's terms below which its residual is absolute."""
STEPS = 300
SOLVED = 1e-11
FREE = 1e-9
"""Singular value, relative to the largest, below which a direction is free."""
HALVINGS = 12
MEMORY = 8
"""Steps among which the worst is the mark that a new one has to beat: kinks are crossed against a passing rise."""
SMALL = 1e-2
"""Share of the median of the values of one unit below which a value counts as nothing."""
STALLED = 40
"""Steps in a row without a new best point after which the search ends."""


class NoSteadyState(ValueError):
    """No steady state was found; the message says which equation stayed open.

    Parameters
    ----------
    text
        The message.
    nearest
        Values at the point where the equations come closest.
    open
        (equation, residual over the size of its terms) there, largest first.
    """

    def __init__(self, text: str, nearest: Mapping[str, float], open: tuple[tuple[str, float], ...]) -> None:
        super().__init__(text)
        self.nearest, self.open = nearest, open


@dataclass(frozen=True)
class SteadyState:
    """A steady state or one period of balanced growth.

    Parameters
    ----------
    values
        Every variable, unknown and given, in the reference period.
    growth
        Growth of amounts of money per period.
    residual
        Largest scaled residual over equations and hidden identities.
    steps
        Newton steps taken.
    free
        For each free direction, (variable, relative change) with the largest first: moving along it is another steady state.
    """

    values: Mapping[str, float]
    growth: float
    residual: float
    steps: int
    free: tuple[tuple[tuple[str, float], ...], ...]

    def __getitem__(self, name: str) -> float:
        return self.values[name]


class _Static:
    """The static system behind a growth factor, evaluated on a table whose other rows follow from the current one."""

    def __init__(self, program: Program, start: Floats, parameters: Floats, growth: float, factors: Mapping[str, float]) -> None:
        self.program, self.lags = program, max(program.max_lag, 1)
        self.table = np.zeros((self.lags + 1 + program.max_lead, program.width))
        self.stage = Stage(program, self.table, self.lags, np.ascontiguousarray(parameters))
        exponent = [float(program.system.variables[n].unit.usd) if n in program.system.variables else 0.0 for n in program.columns]
        log = np.log1p(growth) * np.array(exponent)
        for name, factor in factors.items():
            log[program.index[name]] = np.log(factor)
        offsets = np.arange(-self.lags, program.max_lead + 1)
        self.factors = np.exp(offsets[:, None] * log[None, :])
        self.current = start.copy()
        self.columns = program.unknown_columns

    @cached_property
    def clocks(self) -> tuple[Integers, Integers]:
        """Equations that count time, and their unknowns: x = x(-1) + something given."""
        program, place = self.program, {n: i for i, n in enumerate(self.program.unknowns)}
        given = set(program.given)
        found = [
            (e, place[equation.left.base])
            for e, equation in enumerate(program.equations)
            if isinstance(equation.left, Variable)
            and equation.left.unit == YEAR
            and all(isinstance(a, Variable) and (a == equation.left(-1) or a.base in given) for a in equation.right.free_symbols)
        ]
        return np.array([e for e, _ in found], dtype=np.int64), np.array([u for _, u in found], dtype=np.int64)

    def floors(self, x: Floats) -> Floats:
        """The size below which a change of an unknown counts as absolute, by its unit; shape (unknowns,)."""
        variables = self.program.system.variables
        units = [str(variables[n].unit) for n in self.program.unknowns]
        usual = {
            u: SMALL * float(np.median([abs(v) for v, w in zip(x, units, strict=True) if w == u and v != 0.0] or [1.0])) for u in units
        }
        return np.array([usual[u] for u in units])

    def weighted(self, x: Floats) -> tuple[Floats, Floats]:
        """Residuals of equations and hidden identities over the sizes of their terms, and those sizes; clocks stand still."""
        self.current[self.columns] = x
        self.table[:] = self.current * self.factors
        out, count, hidden = self.stage.certify(), self.program.equation_count, self.program.hidden_count
        residual = np.concatenate([out[:count], out[2 * count : 2 * count + hidden]])
        scale = np.concatenate([out[count : 2 * count], out[2 * count + hidden : 2 * (count + hidden)]])
        scale = np.maximum(scale, TINY)
        residual[self.clocks[0]] = 0.0
        return np.asarray(residual / scale), scale

    @cached_property
    def _where(self) -> tuple[Integers, Integers, Floats]:
        pattern = self.program.pattern
        place = places(self.program)[pattern.columns]
        return pattern.rows, place, self.factors[pattern.offsets + self.lags, pattern.columns]

    def jacobian(self) -> Floats:
        """Derivatives of all residuals by the unknowns, shape (equations + identities, unknowns)."""
        rows, place, factor = self._where
        entries = linearise(self.stage).entries
        matrix = np.zeros((self.program.equation_count + self.program.hidden_count, len(self.columns)))
        np.add.at(matrix, (rows, place), entries * factor)
        matrix[self.clocks[0]] = 0.0
        matrix[self.clocks] = 1.0
        return matrix


def steady_state(
    program: Program,
    start: Floats,
    parameters: Floats,
    growth: float = 0.0,
    factors: Mapping[str, float] | None = None,
) -> SteadyState:
    """The steady state nearest to a starting point.

    Parameters
    ----------
    program
        The compiled system.
    start
        A row: first guess of the unknowns and values of what is given, shape (columns,).
    parameters
        Shape (parameters,).
    growth
        Growth of every amount of money per period, 0 for a stationary state.
    factors
        Factors per period of single variables, where a unit does not tell.

    Raises
    ------
    NoSteadyState
        Newton's method does not end at a solution.
    """
    problem = _Static(program, start, parameters, growth, factors or {})
    x = np.where(np.isfinite(start[problem.columns]), start[problem.columns], 0.0)
    floor = problem.floors(x)
    r, weight = problem.weighted(x)
    best, found, waited, steps = float(np.abs(r).max(initial=0.0)), x, 0, 0
    merits = [float(np.linalg.norm(r))]
    while best > SOLVED and steps < STEPS and waited < STALLED:
        problem.weighted(x)
        size = np.maximum(np.abs(x), floor)
        matrix = problem.jacobian() * size / weight[:, None]
        if not np.all(np.isfinite(matrix)):
            break
        move = np.linalg.lstsq(matrix, -r, rcond=FREE)[0] * size
        steps += 1
        length, chosen = 1.0, None
        for _ in range(HALVINGS):
            trial, scales = problem.weighted(x + length * move)
            merit = float(np.linalg.norm(trial))
            if np.isfinite(merit) and (chosen is None or merit < chosen[0]):
                chosen = (merit, x + length * move, trial, scales)
            if merit < max(merits[-MEMORY:]):
                break
            length /= 2
        if chosen is None:
            break
        merit, x, r, weight = chosen
        merits.append(merit)
        error = float(np.abs(r).max(initial=0.0))
        waited = 0 if error < 0.9 * best else waited + 1
        if error < best:
            best, found = error, x
    r, _ = problem.weighted(found)
    values = dict(zip(program.columns, problem.current.tolist(), strict=True))
    if not best <= SOLVED:
        names = program.equation_names + program.hidden_names
        order = [int(i) for i in np.argsort(-np.abs(r), kind="stable")]
        still = tuple((names[i], float(r[i])) for i in order if abs(r[i]) > SOLVED)
        where = f"{still[0][0]!r} stays open by {best:.2g} of its terms"
        text = f"no steady state with growth {growth:.4g} a period was found in {steps} steps: {where}"
        raise NoSteadyState(text, values, still)
    return SteadyState(values, growth, best, steps, _free(program, problem, found))


def _free(program: Program, problem: _Static, x: Floats) -> tuple[tuple[tuple[str, float], ...], ...]:
    _, weight = problem.weighted(x)
    size = np.maximum(np.abs(x), problem.floors(x))
    _, values, right = np.linalg.svd(problem.jacobian() * size / weight[:, None])
    rank = int(np.sum(values > FREE * values[0])) if len(values) else 0
    directions = []
    for row in right[rank:]:
        change = row / row[int(np.argmax(np.abs(row)))]
        order = np.argsort(-np.abs(change), kind="stable")
        directions.append(tuple((program.unknowns[i], float(change[i])) for i in order if abs(change[i]) > 1e-6))
    return tuple(directions)


__all__ = ["NoSteadyState", "SteadyState", "steady_state"]
