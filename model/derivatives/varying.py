"""What differs from member to member of a batch, checked and ready to be put into tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.compiler.program import Floats, Program
from model.periods.inputs import InputError, Inputs
from model.periods.newton import Options

COMMON = (0, 0, 1, 1)
"""Dimensions of what all members share: openings, parameters, what is given, parameters that vary over time."""


def at(value: float | Floats, member: int, dimensions: int) -> float | Floats:
    """A member's share of an input whose common form has so many dimensions."""
    array = np.asarray(value, dtype=np.float64)
    return array[member] if array.ndim > dimensions else float(array) if array.ndim == 0 else array


def count_members(
    openings: Mapping[str, float | Floats],
    parameters: Mapping[str, float | Floats],
    exogenous: Mapping[str, float | Floats],
    paths: Mapping[str, Floats],
    periods: int,
) -> int:
    """How many members the inputs describe; 1 where none varies.

    Raises
    ------
    InputError
        Two inputs disagree, or one has a wrong shape.
    """
    first, members = "", 1
    for group, common in zip((openings, parameters, exogenous, paths), COMMON, strict=True):
        for name, value in group.items():
            shape = np.shape(value)
            if len(shape) > common + 1 or (common and shape and shape[-1] != periods + 1):
                allowed = f"(members, {periods + 1}) or ({periods + 1},)" if common else "(members,)"
                raise InputError(f"{name!r} has the shape {shape}; allowed: a number, or {allowed}")
            if len(shape) == common + 1:
                if first and shape[0] != members:
                    raise InputError(f"{name!r} is given for {shape[0]} members, {first!r} for {members}")
                first, members = name, shape[0]
    return members


class Varying:
    """What differs from member to member, ready to be put into a table.

    Raises
    ------
    InputError
        A member's value is missing, not a finite number, or out of its bounds.
    """

    def __init__(
        self,
        program: Program,
        base: Inputs,
        openings: Mapping[str, float | Floats],
        parameters: Mapping[str, float | Floats],
        exogenous: Mapping[str, float | Floats],
        paths: Mapping[str, Floats],
        options: Options,
    ) -> None:
        given, unknowns = set(program.given), set(program.unknowns)
        vary = {n: np.asarray(v, dtype=np.float64) for n, v in openings.items() if np.ndim(v) and n in unknowns}
        for name, array in vary.items():
            if options.missing is not None:
                vary[name] = np.where(np.isnan(array), options.missing, array)
            elif name in program.lags:
                _finite(f"the opening's {name!r}", array)
        self.columns = np.array([program.index[n] for n in vary], dtype=np.int64)
        self.openings = np.array(list(vary.values())).T if vary else np.zeros((0, 0))
        self.series = [(program.index[n], np.asarray(v)) for n, v in exogenous.items() if np.ndim(v) == 2 and n in given]
        for column, array in self.series:
            _finite(f"exogenous {program.columns[column]!r}", array)
        names = program.parameter_names
        several = {
            n: np.asarray(v, dtype=np.float64)[:, None] for n, v in parameters.items() if np.ndim(v) and n in names and n not in paths
        }
        several |= {n: np.asarray(v, dtype=np.float64) for n, v in paths.items() if np.ndim(v) == 2}
        self.parameters = [(names.index(n), v) for n, v in several.items()]
        for place, array in self.parameters:
            parameter = program.system.parameters[place]
            _finite(f"parameter {parameter.name!r}", array)
            for bound, worst, word in ((parameter.lower, array.min(axis=1), "below"), (parameter.upper, array.max(axis=1), "above")):
                off = np.zeros(0, dtype=np.int64)
                if bound is not None:
                    off = np.flatnonzero(worst < bound if word == "below" else worst > bound)
                if len(off):
                    raise InputError(f"parameter {parameter.name!r} is {worst[off[0]]:g} in member {off[0]}, {word} its bound {bound:g}")

    @property
    def over_time(self) -> bool:
        """Whether a parameter's path over time differs from member to member."""
        return any(array.shape[1] > 1 for _, array in self.parameters)

    def fill_all(self, base: Inputs, members: slice, tables: Floats, parameters: Floats) -> None:
        """The values of several members over those of the first.

        Parameters
        ----------
        tables, parameters
            Shapes (members, rows, columns) and (members, periods + 1 or 1, parameters).
        """
        history, periods = base.history, base.periods
        tables[:, : history + 1] = base.table[: history + 1]
        if len(self.columns):
            values = self.openings[members]
            tables[:, history, self.columns] = values
            for k, standing in enumerate(base.standing, start=1):
                repeated = standing[self.columns]
                tables[:, history - k, self.columns[repeated]] = values[:, repeated]
        for column, array in self.series:
            tables[:, :history, column] = array[members, :1]
            tables[:, history : history + periods + 1, column] = array[members]
            tables[:, history + periods + 1 :, column] = array[members, -1:]
        for place, array in self.parameters:
            parameters[:, :, place] = array[members] if array.shape[1] == 1 else array[members, 1:]

    def fill(self, inputs: Inputs, member: int) -> None:
        """One member's values over those of the first."""
        history, periods = inputs.history, inputs.periods
        if len(self.columns):
            inputs.set_opening(self.columns, self.openings[member])
        for column, array in self.series:
            series = array[member]
            inputs.table[:history, column] = series[0]
            inputs.table[history : history + periods + 1, column] = series
            inputs.table[history + periods + 1 :, column] = series[-1]
        for place, array in self.parameters:
            inputs.parameter_rows[:, place] = array[member]


def _finite(what: str, array: Floats) -> None:
    broken = np.flatnonzero(~np.isfinite(array).reshape(len(array), -1).all(axis=1))
    if len(broken):
        raise InputError(f"{what} is not a finite number in member {broken[0]}")


__all__ = ["COMMON", "Varying", "at", "count_members"]
