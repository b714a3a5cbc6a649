"""Many paths of one system at once: openings, parameters and what is given may differ from member to member.

Every member's numbers are those of a single :func:`~model.solver.solve`, whatever the batch it is part of and however many threads share
the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from model.advance import Traces
from model.diagnosis import Diagnosis
from model.inputs import InputError, Inputs, prepare
from model.march import march, only_measured
from model.newton import Options
from model.ordinary import scaled
from model.program import Floats, Integers, Program, compile_system
from model.solver import run_ahead
from model.system import System, nearest

SOLVED, FAILED = 0, 1
COMMON = (0, 0, 1, 1)
"""Dimensions of what all members share: openings, parameters, what is given, parameters that vary over time."""


@dataclass(frozen=True)
class Batch:
    """The chosen variables of every member.

    Parameters
    ----------
    keep
        Names of the variables.
    values
        Shape (members, periods + 1, variables); NaN after a failure.
    certificates
        Each member's largest scaled residual over all equations and periods.
    hidden
        Each member's largest hidden gap relative to the sizes of its terms.
    status
        0 solved, 1 failed.
    failures
        The diagnosis of each member that failed.
    """

    keep: tuple[str, ...]
    values: Floats
    certificates: Floats
    hidden: Floats
    status: NDArray[np.int64]
    failures: dict[int, Diagnosis]

    @property
    def members(self) -> int:
        """Number of paths."""
        return len(self.values)


def solve_batch(
    system: System,
    openings: Mapping[str, float | Floats],
    *,
    parameters: Mapping[str, float | Floats],
    exogenous: Mapping[str, float | Floats],
    periods: int,
    dates: Sequence[date] | None = None,
    keep: Sequence[str],
    options: Options | None = None,
    threads: int = 1,
    parameter_paths: Mapping[str, Floats] | None = None,
) -> Batch:
    """The paths of all members.

    Parameters
    ----------
    openings
        Values in period 0: a number, or an array of shape (members,).
    parameters
        A number, or an array of shape (members,).
    exogenous
        A number, an array of shape (periods + 1,), or one of shape (members, periods + 1).
    periods
        How many periods to solve.
    dates
        periods + 1 dates, the opening's first.
    keep
        The variables that are returned.
    threads
        Members that are solved at the same time.
    parameter_paths
        Parameters that vary over time: shape (periods + 1,) or (members, periods + 1).

    Raises
    ------
    InputError
        An input is missing, unknown or of the wrong shape; two inputs disagree on the number of members.
    """
    chosen = replace(Options() if options is None else options, raise_on_failure=False)
    unknown = [name for name in keep if name not in system.variables]
    if unknown:
        raise InputError(f"{unknown[0]!r} is not a variable of the system{nearest(unknown[0], system.variable_names)}")
    paths = parameter_paths or {}
    members = count_members(openings, parameters, exogenous, paths, periods)
    program = compile_system(system, chosen.backend)
    given = openings, parameters, exogenous, paths
    first = [{n: at(v, 0, common) for n, v in group.items()} for group, common in zip(given, COMMON, strict=True)]
    base = prepare(program, first[0], first[1], first[2], periods, dates, first[3], (), chosen)  # type: ignore[arg-type]
    found = Batch(
        tuple(keep),
        np.full((members, periods + 1, len(keep)), np.nan),
        np.zeros(members),
        np.zeros(members),
        np.zeros(members, dtype=np.int64),
        {},
    )
    varying = Varying(program, base, openings, parameters, exogenous, paths, chosen)
    lock = Lock()
    size = -(-members // max(4 * threads, 1))
    starts = range(0, members, size)
    work = [_Worker(program, base, varying, found, chosen, lock, range(a, min(a + size, members))) for a in starts]
    if threads < 2 or len(work) < 2:
        for part in work:
            part.run()
    else:
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(part.run) for part in work]:
                done.result()
    return found


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


@dataclass
class _Worker:
    """Some of the members, one after the other in one table."""

    program: Program
    base: Inputs
    varying: Varying
    found: Batch
    options: Options
    lock: AbstractContextManager[object]
    members: range

    def run(self) -> None:
        """Solve them."""
        program, base = self.program, self.base
        inputs = replace(base, table=base.table.copy(), parameter_rows=base.parameter_rows.copy())
        traces = Traces.zeros(base.periods + 1, program.hidden_count, len(program.conditions))
        places = np.array([program.index[name] for name in self.found.keep], dtype=np.int64)
        for member in self.members:
            np.copyto(inputs.table, base.table)
            self.varying.fill(inputs, member)
            if program.max_lead:
                with self.lock:
                    self._ahead(inputs, member, places)
                continue
            found = march(program, inputs, self.options, traces, only_measured, lock=self.lock)
            end = found.solved + 1
            rows = inputs.table[base.history : base.history + end]
            self._keep(member, rows[:, places], traces.errors[1:end], traces.gaps[1:end], traces.scales[1:end], found.failure)

    def _ahead(self, inputs: Inputs, member: int, places: Integers) -> None:
        """A member of a system with leads."""
        path = run_ahead(self.program, replace(inputs, table=inputs.table.copy()), self.options)
        self._keep(member, path.values[:, places], path.certificates[1:], path.hidden_gaps[1:], path.hidden_scales[1:], path.failure)

    def _keep(self, member: int, values: Floats, errors: Floats, gaps: Floats, scales: Floats, failure: Diagnosis | None) -> None:
        found = self.found
        found.values[member, : len(values)] = values
        found.certificates[member] = errors.max(initial=0.0)
        found.hidden[member] = scaled(gaps, scales).max(initial=0.0)
        if failure is not None:
            found.status[member] = FAILED
            found.failures[member] = failure


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
        given, unknowns = set(program.system.given), set(program.unknowns)
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
        names = [p.name for p in program.system.parameters]
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


__all__ = ["Batch", "solve_batch"]
