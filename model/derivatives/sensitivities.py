"""Exact derivatives of a solved path by parameters, given variables and the opening: the implicit function theorem.

At a solution F(x_t, x_{t-1}, …, z_t, p_t) = 0 holds in every period, so that a small change moves the path by
F_x dx_t = -(F_lags dx_{t-k} + F_z dz_t + F_p dp_t). Forward this gives the effect of a few inputs on everything (tangents); transposed
and solved backwards it gives the effect of everything on one number (adjoint). Each period's F_x is factorised once, for all directions.
With leads all periods form one sparse system. Where an expression has a kink exactly at the solution, the derivative is that
of the side on which the kernel evaluates it (a strict complementarity condition with variable and slack both zero keeps its variable at
the limit); :mod:`model.derivatives.kinks` names those places, and the side for a given change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from model.compiler.compilation import compile_system
from model.compiler.program import Floats, Program
from model.derivatives.adjoint import sweep_of
from model.language.names import nearest
from model.periods.inputs import Inputs, prepare
from model.periods.jacobian import places
from model.periods.newton import Options, Stage
from model.periods.path import Path

Values = Mapping[str, float | Floats]
SINGULAR = "the Jacobian {} is singular: the path is not locally unique there"


class SensitivityError(ValueError):
    """A derivative that does not exist, or of something that is not there; the message names it."""


@dataclass(frozen=True)
class Direction:
    """A small change of a path's inputs.

    Parameters
    ----------
    parameters, exogenous
        Change by name: a number for all periods, or an array of length periods + 1 (period 0 first).
    opening
        Change of values in period 0 by name.
    """

    parameters: Values = field(default_factory=dict)
    exogenous: Values = field(default_factory=dict)
    opening: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Gradient:
    """The derivative of one number by every input.

    Parameters
    ----------
    parameters, exogenous
        By name, an array of length periods + 1: the effect of a change in that period alone.
    opening
        By name, the effect of a change of the value in period 0.
    """

    parameters: Mapping[str, Floats]
    exogenous: Mapping[str, Floats]
    opening: Mapping[str, float]

    def parameter(self, name: str) -> float:
        """The effect of a change of a parameter in all periods."""
        if name not in self.parameters:
            raise KeyError(f"no parameter is named {name!r}{nearest(name, self.parameters)}")
        return float(self.parameters[name].sum())

    def along(self, direction: Direction) -> float:
        """The effect of a small change of many inputs together."""
        total = sum(float(np.sum(self.parameters[n] * change)) for n, change in direction.parameters.items())
        total += sum(float(np.sum(self.exogenous[n] * change)) for n, change in direction.exogenous.items())
        return total + sum(self.opening[n] * change for n, change in direction.opening.items())


class Sensitivities:
    """The derivatives of a path; factorised on first use and kept for every direction.

    Parameters
    ----------
    path
        A solved path.
    earlier
        Values before the opening, as they were given to the solver.
    backend
        As for the solver.

    Raises
    ------
    SensitivityError
        A path that ends early.
    """

    def __init__(self, path: Path, earlier: Sequence[Mapping[str, float]] = (), backend: str = "") -> None:
        if path.failure is not None:
            raise SensitivityError(f"the path ends in period {path.periods}, so it has no derivatives: {path.failure.cause}")
        self.path, self.periods = path, path.periods
        self.program = compile_system(path.system, backend)
        self.inputs = inputs_of(path, self.program, earlier)
        self.count, self.width = self.program.equation_count, self.program.width
        self.wide = self.width + len(path.parameter_names)
        self.first = self.inputs.history
        self.rows = len(self.inputs.table)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Every solved period with its row."""
        table, rows = self.inputs.table, self.inputs.parameter_rows
        return tuple(Stage(self.program, table, self.first + t, rows[t]) for t in range(1, self.periods + 1))

    @cached_property
    def _parts(self) -> tuple[list[Any], list[Any]]:
        """For each period F_x, and the derivatives by the whole table (columns numbered row by row) with F_x left out."""
        from scipy.sparse import csr_array

        pattern = self.program.whole
        place = np.append(places(self.program), np.full(self.wide - self.width, -1))[pattern.columns]
        unknown = place >= 0
        own = unknown & (pattern.offsets == 0)
        entries = np.empty(len(pattern.rows))
        inside, outside = [], []
        for t, stage in enumerate(self.stages, start=1):
            pattern.kernel(stage.row_address, stage.parameter_address, entries.ctypes.data)
            self._check(entries, t)
            inside.append(csr_array((entries[own], (pattern.rows[own], place[own])), shape=(self.count, self.count)))
            when = np.where(pattern.columns < self.width, self.first + t + pattern.offsets, self.first + t)
            when = np.where(unknown, np.minimum(when, self.first + self.periods), when)
            columns = when[~own] * self.wide + pattern.columns[~own]
            outside.append(csr_array((entries[~own], (pattern.rows[~own], columns)), shape=(self.count, self.rows * self.wide)))
        return inside, outside

    @cached_property
    def _factors(self) -> list[Factor]:
        """One factor a period; with leads a single one for all."""
        inside, outside = self._parts
        if not self.program.max_lead:
            return [self._factor(matrix, t) for t, matrix in enumerate(inside, start=1)]
        from scipy.sparse import block_diag, coo_array, vstack

        columns = np.full(self.rows * self.wide, -1)
        solved = (self.first + np.arange(1, self.periods + 1))[:, None] * self.wide + self.program.unknown_columns[None, :]
        columns[solved.ravel()] = np.arange(solved.size)
        linked = coo_array(vstack(outside))
        chosen = columns[linked.col] >= 0
        order = (self.periods * self.count,) * 2
        links = coo_array((linked.data[chosen], (linked.row[chosen], columns[linked.col[chosen]])), shape=order)
        return [self._factor(block_diag(inside, format="csr") + links.tocsr(), 0)]

    def _factor(self, matrix: Any, period: int) -> Factor:
        try:
            return Factor(matrix)
        except RuntimeError as error:
            place = f"in period {period}" if period else "of all periods together"
            raise SensitivityError(SINGULAR.format(place)) from error

    @property
    def _solved(self) -> slice:
        return slice(self.first + 1, self.first + self.periods + 1)

    def tangent(self, *directions: Direction) -> Floats:
        """The effect of small changes on every variable.

        Returns
        -------
        Shape (periods + 1, columns of the path, directions).

        Raises
        ------
        SensitivityError
            An input that the path does not have.
        """
        change = np.zeros((self.rows, self.wide, len(directions)))
        for k, direction in enumerate(directions):
            self._seed(change[:, :, k], direction)
        flat, columns = change.reshape(self.rows * self.wide, -1), self.program.unknown_columns
        _, outside = self._parts
        if self.program.max_lead:
            right = np.concatenate([-(matrix @ flat) for matrix in outside])
            found = self._factors[0].solve(right).reshape(self.periods, self.count, -1)
            change[self._solved, columns] = found
        else:
            for t, (factor, matrix) in enumerate(zip(self._factors, outside, strict=True), start=1):
                change[self.first + t, columns] = factor.solve(-(matrix @ flat))
        return change[self.first : self.first + self.periods + 1, : self.width].copy()

    def adjoint(self, weights: Mapping[tuple[str, int], float] | Floats) -> Gradient:
        """The derivative of Σ weight·variable by every input.

        Parameters
        ----------
        weights
            By (variable, period), or an array of shape (periods + 1, columns of the path).
        """
        return self._gradient(self.pull_back(self._weights(weights)[:, :, None])[:, :, 0])

    def gradients(self, weights: Floats) -> tuple[Gradient, ...]:
        """As :meth:`adjoint` for several sums at once; weights of shape (periods + 1, columns of the path, sums)."""
        return tuple(self._gradient(pulled) for pulled in np.moveaxis(self.pull_back(weights), 2, 0))

    def pull_back(self, weights: Floats) -> Floats:
        """Total derivatives of several weighted sums by everything that was given, shape (rows, columns and parameters, sums).

        Weights have the shape (periods + 1, columns or columns and parameters, sums).
        """
        sums = weights.shape[2]
        if not self.program.max_lead and self.program.backend == "llvm":
            return self._swept(weights)
        pulled = np.zeros((self.rows, self.wide, sums))
        pulled[self.first : self.first + self.periods + 1, : weights.shape[1]] = weights
        flat, columns = pulled.reshape(self.rows * self.wide, sums), self.program.unknown_columns
        _, outside = self._parts
        if self.program.max_lead:
            found = self._factors[0].solve(pulled[self._solved, columns].reshape(-1, sums), transposed=True)
            for t, matrix in enumerate(outside):
                flat -= matrix.T @ found[t * self.count : (t + 1) * self.count]
        else:
            for t in range(self.periods, 0, -1):
                flat -= outside[t - 1].T @ self._factors[t - 1].solve(pulled[self.first + t, columns], transposed=True)
        return pulled

    def _swept(self, weights: Floats) -> Floats:
        """What :meth:`pull_back` gives, by machine code and without a factorisation of each period's F_x."""
        sweep = sweep_of(self.program)
        pulled = np.zeros((weights.shape[2], self.rows, self.wide))
        pulled[:, self.first : self.first + self.periods + 1, : weights.shape[1]] = np.moveaxis(weights, 2, 0)
        pattern = self.program.whole
        entries = np.empty(len(pattern.rows))
        for t in range(self.periods, 0, -1):
            stage, row = self.stages[t - 1], self.first + t
            pattern.kernel(stage.row_address, stage.parameter_address, entries.ctypes.data)
            self._check(entries, t)
            try:
                sweep.back(entries, [values[row - sweep.reach : row + 1] for values in pulled])
            except np.linalg.LinAlgError as error:
                raise SensitivityError(SINGULAR.format(f"in period {t}")) from error
        return np.moveaxis(pulled, 0, 2)

    def _check(self, entries: Floats, period: int) -> None:
        if not np.all(np.isfinite(entries)):
            name = self.program.equation_names[int(self.program.whole.rows[~np.isfinite(entries)][0])]
            raise SensitivityError(f"equation {name!r} has no finite derivative in period {period}")

    def _weights(self, given: Mapping[tuple[str, int], float] | Floats) -> Floats:
        shape = (self.periods + 1, self.width)
        if not isinstance(given, Mapping):
            array = np.asarray(given, dtype=np.float64)
            if array.shape != shape:
                raise SensitivityError(f"weights need the shape {shape}, not {array.shape}")
            return array
        array = np.zeros(shape)
        for (name, period), weight in given.items():
            if name not in self.program.index:
                raise SensitivityError(f"no variable is named {name!r}{nearest(name, self.program.columns)}")
            if not 0 <= period <= self.periods:
                raise SensitivityError(f"period {period} is outside 0 to {self.periods}")
            array[period, self.program.index[name]] += weight
        return array

    def _gradient(self, pulled: Floats) -> Gradient:
        """The sums over a table that repeats given values before the opening and after the end."""
        first, last, program = self.first, self.first + self.periods, self.program
        table = pulled[first : last + 1].copy()
        given = [program.index[n] for n in program.given]
        table[0, given] += pulled[:first, given].sum(axis=0)
        table[-1, given] += pulled[last + 1 :, given].sum(axis=0)
        for k, standing in enumerate(self.inputs.standing, start=1):
            table[0, : self.width] += np.where(standing, pulled[first - k, : self.width], 0.0)
        parameters = {name: table[:, self.width + i] for i, name in enumerate(self.path.parameter_names)}
        opened = np.isfinite(self.inputs.table[first])
        opening = {n: float(table[0, program.index[n]]) for n in program.unknowns if opened[program.index[n]]}
        return Gradient(parameters, {n: table[:, program.index[n]] for n in program.given}, opening)

    def _seed(self, change: Floats, direction: Direction) -> None:
        program, first, last = self.program, self.first, self.first + self.periods
        names = self.path.parameter_names
        for name, value in direction.parameters.items():
            if name not in names:
                raise SensitivityError(f"no parameter is named {name!r}{nearest(name, names)}")
            change[first : last + 1, self.width + names.index(name)] += value
        for name, value in direction.exogenous.items():
            if name not in program.given:
                raise SensitivityError(f"{name!r} is not exogenous{nearest(name, program.given)}")
            column = change[:, program.index[name]]
            column[first : last + 1] += value
            column[:first], column[last + 1 :] = column[first], column[last]
        for name, value in direction.opening.items():
            if name not in program.unknowns:
                raise SensitivityError(f"{name!r} is not a variable of the opening{nearest(name, program.unknowns)}")
            column = change[:, program.index[name]]
            column[first] += value
            for k, standing in enumerate(self.inputs.standing, start=1):
                if standing[program.index[name]]:
                    column[first - k] += value


class Factor:
    """A square matrix factorised for solves with it and with its transpose, with one step of refinement.

    Columns are kept apart (no supernodes): these matrices are so sparse that gathering columns into dense panels only costs time.
    """

    def __init__(self, matrix: Any) -> None:
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        size = abs(matrix).max(axis=1).toarray().ravel()
        size[size == 0.0] = 1.0
        self.size = size[:, None]
        self.matrix = csc_array(matrix.multiply(1.0 / self.size))
        self.factor: Any = splu(self.matrix, relax=1, panel_size=1)

    def solve(self, right: Floats, transposed: bool = False) -> Floats:
        """The solution of A x = right, or of Aᵀ x = right."""
        if transposed:
            x = self.factor.solve(right, trans="T")
            x = x + self.factor.solve(right - self.matrix.T @ x, trans="T")
            return np.asarray(x / self.size)
        right = right / self.size
        x = self.factor.solve(right)
        return np.asarray(x + self.factor.solve(right - self.matrix @ x))


def inputs_of(path: Path, program: Program, earlier: Sequence[Mapping[str, float]] = ()) -> Inputs:
    """The table that a path was solved in, filled with its solution."""
    row = dict(zip(path.columns, path.values[0].tolist(), strict=True))
    inputs = prepare(
        program,
        {n: row[n] for n in program.unknowns if np.isfinite(row[n])},
        {},
        {n: path[n].copy() for n in program.given},
        path.periods,
        path.dates,
        {n: path.parameter_rows[:, i].copy() for i, n in enumerate(path.parameter_names)},
        earlier,
        Options(),
    )
    last = inputs.history + path.periods
    inputs.table[inputs.history : last + 1] = path.values
    inputs.table[last + 1 :, program.unknown_columns] = path.values[-1, program.unknown_columns]
    return inputs
