"""The table of a run: every variable's vector in every period, and how equations on each axis read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.language.names import nearest
from model.members.lifting import Floats, Lifted, View
from model.members.population import ECONOMY, Axis, PopulationError
from model.members.vectors import VectorKernel
from model.periods.inputs import InputError


class Table:
    """Values by period, with the views of the current one remembered.

    Parameters
    ----------
    lifted
        The system.
    columns, parameter_names
        Variables and parameters in the order of the tape.
    opening
        Period 0: a vector, or a number for every member, by variable.
    exogenous
        Given variables: a number, shape (periods + 1,), or shape (periods + 1, members).
    parameters
        A number, or a vector over the parameter's axis, by name.
    periods
        How many periods there will be.

    Raises
    ------
    InputError
        A value that is missing, unknown or of the wrong length.
    """

    def __init__(
        self,
        lifted: Lifted,
        columns: Sequence[str],
        parameter_names: Sequence[str],
        opening: Mapping[str, float | Floats],
        exogenous: Mapping[str, float | Floats],
        parameters: Mapping[str, float | Floats],
        periods: int,
    ) -> None:
        self.lifted, self.columns, self.periods, self.period = lifted, tuple(columns), periods, 0
        system = lifted.system
        self.values: dict[str, Floats] = {}
        axes = lifted.axes
        for factor, equation in ((e.add_factor.base, e) for e in system.equations if e.add_factor is not None):
            axes.setdefault(factor, lifted.axis_of(equation))
        given = set(system.given)
        self._unknown = [name for name in self.columns if name not in given]
        for name in exogenous:
            if name not in given:
                raise InputError(f"{name!r} is not exogenous{nearest(name, given)}")
        for name in self.columns:
            length = lifted.population.length(axes[name])
            self.values[name] = np.full((periods + 1, length), np.nan)
            if name in given:
                path = exogenous.get(name, 0.0 if name in system.add_factors else None)
                if path is None:
                    raise InputError(f"the exogenous variable {name!r} has no value")
                array = np.asarray(path, dtype=np.float64)
                try:
                    self.values[name][:] = array[:, None] if array.ndim == 1 else array
                except ValueError:
                    shape = (periods + 1, length)
                    raise InputError(f"the path of {name!r} has shape {array.shape}; a number, {shape[:1]} or {shape} is needed") from None
            elif name in opening:
                start = np.asarray(opening[name], dtype=np.float64)
                if start.shape not in ((), (length,)):
                    raise InputError(f"the opening of {name!r} has shape {start.shape}; {(length,)} is needed for {axes[name]}")
                self.values[name][0] = start
        self._lagged = {s.base for e in (*system.equations,) for s in e.residual.free_symbols if getattr(s, "time", 0) < 0}
        for name in sorted(self._lagged):
            if not np.all(np.isfinite(self.values[name][0])):
                raise InputError(f"the opening gives no value for {name!r}, which an equation reads with a lag")
        self._parameters = self._read_parameters(parameters, parameter_names)
        self._number = {name: i for i, name in enumerate(self.columns)}
        self._seen: dict[Axis, dict[tuple[int, int], Floats]] = {}
        self._readers: dict[Axis, dict[int, View]] = {}
        self._bound: dict[Axis, dict[int, Any]] = {}

    def _read_parameters(self, given: Mapping[str, float | Floats], names: Sequence[str]) -> list[tuple[Axis, Any]]:
        found: list[tuple[Axis, Any]] = []
        for name in names:
            if name not in given:
                raise InputError(f"parameter {name!r} has no value")
            axis, number = self.lifted.axes[name], np.asarray(given[name], dtype=np.float64)
            length = self.lifted.population.length(axis)
            if number.shape not in ((), (length,)):
                raise InputError(f"parameter {name!r} has shape {number.shape}; one number or {(length,)} is needed for {axis}")
            found.append((axis, number if number.ndim else float(number)))
        return found

    def advance(self, period: int) -> None:
        """Moves to a period; the period before is its first guess where nothing is known yet."""
        self.period = period
        self._seen.clear()
        for name in self._unknown:
            self.values[name][period] = np.nan_to_num(self.values[name][period - 1])

    def row(self, name: str, offset: int = 0) -> Floats:
        """A variable's vector, ``offset`` periods from the current one; before the opening it is the opening's."""
        return np.asarray(self.values[name][max(self.period + offset, 0)])

    def assign(self, name: str, vector: Floats) -> None:
        """Sets a variable's vector in the current period."""
        self.values[name][self.period] = vector
        key = (self._number[name], 0)
        for seen in self._seen.values():
            seen.pop(key, None)

    def evaluate(self, kernel: VectorKernel, axis: Axis, length: int) -> list[Floats]:
        """A kernel's values at the current period, as the equations of an axis read their variables."""
        seen, readers = self._seen.setdefault(axis, {}), self._readers.setdefault(axis, {})

        def read(column: int) -> View:
            if column not in readers:
                readers[column] = self.lifted.view(axis, self.lifted.axes[self.columns[column]])
            return readers[column]

        def load(column: int, offset: int) -> Floats:
            key = (column, offset)
            if key not in seen:
                seen[key] = read(column)(self.row(self.columns[column], offset))
            return seen[key]

        def size(column: int, offset: int) -> Floats:
            return read(column)(np.abs(self.row(self.columns[column], offset)))

        return kernel(load, size, self._bind(axis), length)

    def _bind(self, axis: Axis) -> dict[int, Any]:
        if axis not in self._bound:
            self._bound[axis] = {}
            for number, (owner, held) in enumerate(self._parameters):
                if isinstance(held, float):
                    self._bound[axis][number] = held
                elif owner == axis or axis != ECONOMY:
                    try:
                        self._bound[axis][number] = self.lifted.view(axis, owner)(held)
                    except PopulationError:
                        continue
        return self._bound[axis]
