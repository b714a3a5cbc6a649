"""Inputs of a simulation, checked and laid out as one contiguous table of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from model.compiler.program import Floats, Program
from model.language.names import nearest
from model.periods.newton import Options

PLAIN = {float, int}
"""Types of numbers that do not vary."""


class InputError(ValueError):
    """An input that is missing, unknown or of the wrong length; the message names it."""


@dataclass
class Inputs:
    """Everything a simulation starts from.

    Parameters
    ----------
    table
        Rows for the history (oldest first), the opening, each period, and as many more as leads reach.
    history
        The opening's row.
    periods
        How many periods to solve.
    parameter_rows
        Shape (periods + 1, parameters); one row repeated, and not to be written to, where none varies.
    dates
        One for each period from the opening on, or None.
    standing
        Shape (history, columns): where an earlier row (nearest first) repeats the opening because nothing else is given.
    """

    table: Floats
    history: int
    periods: int
    parameter_rows: Floats
    dates: tuple[date, ...] | None
    standing: NDArray[np.bool_]

    def set_opening(self, columns: NDArray[np.int64], values: Floats) -> None:
        """Change the opening's values in some columns, and the earlier ones that it stands in for."""
        self.table[self.history, columns] = values
        for k, standing in enumerate(self.standing, start=1):
            repeated = standing[columns]
            self.table[self.history - k, columns[repeated]] = values[repeated]

    def copy(self) -> Inputs:
        """The same inputs with a table of their own."""
        return replace(self, table=self.table.copy())


def _named(names: Sequence[str], limit: int = 8) -> str:
    shown = ", ".join(repr(n) for n in names[:limit])
    return shown + (f" and {len(names) - limit} more" if len(names) > limit else "")


def prepare(
    program: Program,
    opening: Mapping[str, float],
    parameters: Mapping[str, float],
    exogenous: Mapping[str, float | Floats],
    periods: int,
    dates: Sequence[date] | None,
    parameter_paths: Mapping[str, Floats],
    earlier: Sequence[Mapping[str, float]],
    options: Options,
) -> Inputs:
    """Check the inputs and lay them out.

    Raises
    ------
    InputError
        Naming what is missing, unknown, out of bounds or of the wrong length.
    """
    if periods < 0:
        raise InputError(f"periods must be 0 or more, not {periods}")
    if dates is not None and len(dates) != periods + 1:
        raise InputError(f"{periods} periods need {periods + 1} dates (the opening's first), not {len(dates)}")
    for name, _, _ in options.bounds:
        if name not in program.unknowns:
            raise InputError(f"bounds are given for {name!r}, which is not an unknown{nearest(name, program.unknowns)}")
    history = max(program.max_lag, 1) - 1
    table = _with_given(program, history, periods, exogenous)
    standing = _fill_opening(program, table, history, opening, earlier, options)
    rows = _parameter_rows(program, periods, parameters, parameter_paths)
    return Inputs(table, history, periods, rows, None if dates is None else tuple(dates), standing)


def _series(name: str, value: float | Floats, periods: int) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return np.full(periods + 1, float(array))
    if array.shape != (periods + 1,):
        raise InputError(f"{name!r} needs {periods + 1} values (period 0 first), not an array of shape {array.shape}")
    return array


def _with_given(program: Program, history: int, periods: int, exogenous: Mapping[str, float | Floats]) -> Floats:
    """Rows with what is given from outside; unknowns are not numbers yet."""
    names, given = program.given, program.given_names
    if not exogenous.keys() <= given:
        name = next(n for n in exogenous if n not in given)
        strange = f"is not a variable of the system{nearest(name, sorted(given))}"
        why = "is endogenous: exogenise it first" if name in program.index else strange
        raise InputError(f"exogenous {name!r} {why}")
    if not exogenous.keys() >= program.needed_names:
        raise InputError(f"no value is given for exogenous {_named(sorted(program.needed_names - exogenous.keys()))}")
    first = len(program.unknowns)
    constant, varying = np.full(program.width, np.nan), {}
    constant[first:] = 0.0
    for name, value in exogenous.items():
        if isinstance(value, (float, int)):
            constant[program.index[name]] = value
        else:
            varying[program.index[name]] = _series(name, value, periods)
    table = np.empty((history + 1 + periods + program.max_lead, program.width))
    table[:] = constant
    for column, series in varying.items():
        table[:history, column] = series[0]
        table[history : history + periods + 1, column] = series
        table[history + periods + 1 :, column] = series[-1]
    if not np.isfinite(constant[first:]).all() or not all(np.isfinite(series).all() for series in varying.values()):
        known = np.isfinite(table[history : history + periods + 1, first:])
        place = int(np.argmin(known.all(axis=0)))
        raise InputError(f"exogenous {names[place]!r} is not a finite number in period {int(np.argmin(known[:, place]))}")
    return table


def _fill_opening(
    program: Program, table: Floats, history: int, opening: Mapping[str, float], earlier: Sequence[Mapping[str, float]], options: Options
) -> NDArray[np.bool_]:
    standing, unknowns = np.zeros((history, program.width), dtype=np.bool_), len(program.unknowns)
    for k in range(history + 1):
        source = opening if k == 0 else earlier[k - 1] if k <= len(earlier) else {}
        names = tuple(source)
        places, given = program.once(("opening", names), partial(_columns, program, names))
        values = np.array([*source.values()], dtype=np.float64)
        if not k and given is not None:
            places, values = places[~given], values[~given]
        row = table[history - k]
        row[:unknowns] = table[history - k + 1, :unknowns] if k else np.nan
        row[places] = values
        if k:
            standing[k - 1, :unknowns] = standing[k - 2, :unknowns] if k > 1 else True
            standing[k - 1, places] = False
    if options.missing is not None:
        rows = table[: history + 1, :unknowns]
        np.copyto(rows, options.missing, where=np.isnan(rows))
        return standing
    known = np.isfinite(table[history, program.lagged_columns])
    if not known.all():
        missing = [program.columns[c] for c in program.lagged_columns[~known]]
        raise InputError(f"the opening gives no value for {_named(missing)}, which equations use with a lag")
    return standing


def _columns(program: Program, names: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
    """The columns of some variables, and which of them are given from outside, None where none is."""
    places = np.array([program.index.get(n, -1) for n in names], dtype=np.int64)
    if (places < 0).any():
        strange = next(n for n in names if n not in program.index)
        raise InputError(f"opening value {strange!r} is not a variable of the system{nearest(strange, program.columns)}")
    given = places >= len(program.unknowns)
    return places, given if given.any() else None


def _parameter_rows(program: Program, periods: int, parameters: Mapping[str, float], paths: Mapping[str, Floats]) -> Floats:
    known = program.parameter_names
    if not paths.keys() <= program.parameter_set:
        name = next(n for n in paths if n not in program.parameter_set)
        raise InputError(f"parameter {name!r} is not in the system{nearest(name, known)}")
    given: Mapping[str, float | Floats] = {**parameters, **paths} if paths else parameters
    if not given.keys() >= program.parameter_set:
        raise InputError(f"no value is given for parameter {_named([n for n in known if n not in given])}")
    values = [given[n] for n in known]
    if set(map(type, values)) <= PLAIN:
        rows = np.array([values], dtype=np.float64)
    else:
        varying = [place for place, value in enumerate(values) if not isinstance(value, (float, int))]
        rows = np.array([[value if isinstance(value, (float, int)) else 0.0 for value in values]])
        if varying:
            rows = np.repeat(rows, periods + 1, axis=0)
        for place in varying:
            rows[:, place] = _series(known[place], values[place], periods)
    lower, upper = program.parameter_limits
    if not ((rows >= lower) & (rows <= upper)).all():
        _refuse(program, rows)
    if len(rows) > 1:
        return rows
    repeated: Floats = np.ndarray((periods + 1, len(known)), dtype=np.float64, buffer=rows, strides=(0, 8))
    repeated.setflags(write=False)
    return repeated


def _refuse(program: Program, rows: Floats) -> None:
    """Name the first parameter that is out of its bounds or no number."""
    for i, (name, *bounds) in enumerate(program.description.parameters):
        series = rows[:, i]
        for bound, off, word in zip(bounds, (np.less, np.greater), ("below", "above"), strict=True):
            if bound is not None and bool(np.any(off(series, bound))):
                worst = float(series.min() if word == "below" else series.max())
                raise InputError(f"parameter {name!r} is {worst:g}, {word} its bound {bound:g}")
        if not np.all(np.isfinite(series)):
            raise InputError(f"parameter {name!r} is not a finite number")
