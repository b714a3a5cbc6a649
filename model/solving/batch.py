"""Many paths of one system at once: openings, parameters and what is given may differ from member to member.

Every member's numbers are those of a single :func:`~model.solving.solver.solve`, whatever the batch it is part of and however many
threads share the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.compiler.advance import Advance, Traces
from model.compiler.compilation import compile_system
from model.compiler.plan import scaled
from model.compiler.program import Floats, Program
from model.derivatives.varying import COMMON, Varying, at, count_members
from model.language.names import nearest
from model.language.system import System
from model.periods.diagnosis import Diagnosis
from model.periods.inputs import InputError, Inputs, prepare
from model.periods.newton import Options
from model.periods.path import CONSISTENT
from model.solving.march import march
from model.solving.outlook import NEAR
from model.solving.programs import run_ahead
from model.solving.rounding import NOTICED

SOLVED, FAILED = 0, 1
CHUNK = 2**21
"""Bytes of tables that are solved in one go."""


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
    size = -(-members // max(4 * threads, 1))
    starts = range(0, members, size)
    work = [_Worker(program, base, varying, found, chosen, program.lock, range(a, min(a + size, members))) for a in starts]
    if threads < 2 or len(work) < 2:
        for part in work:
            part.run()
    else:
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(part.run) for part in work]:
                done.result()
    return found


@dataclass
class _Worker:
    """Some of the members, many at a time in machine code; those that it does not finish one after the other."""

    program: Program
    base: Inputs
    varying: Varying
    found: Batch
    options: Options
    lock: AbstractContextManager[object]
    members: range

    def __post_init__(self) -> None:
        self.places = np.array([self.program.index[name] for name in self.found.keep], dtype=np.int64)

    def run(self) -> None:
        """Solve them."""
        program, base = self.program, self.base
        quick = program.advance
        if quick is None or program.max_lead or self.options.bounds or not base.periods:
            self._singly(self.members)
            return
        rows = base.parameter_rows
        constant = not self.varying.over_time and bool(np.all(rows[1:] == rows[1]))
        size = max(1, min(len(self.members), CHUNK // base.table.nbytes))
        tables = np.repeat(base.table[None], size, axis=0)
        parameters = np.repeat(rows[None, 1:2] if constant else rows[None, 1:], size, axis=0)
        traces = Traces.zeros(base.periods, program.hidden_count, program.condition_count, size)
        for first in range(self.members.start, self.members.stop, size):
            chosen = range(first, min(first + size, self.members.stop))
            count = len(chosen)
            self.varying.fill_all(base, slice(first, chosen.stop), tables[:count], parameters[:count])
            known, noticed = self._openings(quick, tables[:count], parameters[:count])
            done = quick.sweep(
                tables[:count],
                base.history + 1,
                parameters[:count],
                traces,
                base.periods,
                noticed,
                CONSISTENT,
                self.options.tolerance,
                constant,
            )
            self._gather(chosen, tables, traces)
            self._singly([m for m, k, d in zip(chosen, known, done, strict=True) if not k or d < base.periods])

    def _openings(self, quick: Advance, tables: Floats, parameters: Floats) -> tuple[NDArray[np.bool_], Floats]:
        """Whether each opening can be judged in machine code, and from which hidden gap on a member needs its rounding removed."""
        hidden, history = self.program.hidden_count, self.base.history
        known, noticed = np.ones(len(tables), dtype=np.bool_), np.full(len(tables), np.inf)
        if not hidden:
            return known, noticed
        ahead = np.repeat(tables[:, history + 1 : history + 2], len(NEAR), axis=1)
        scratch = np.concatenate([tables[:, : history + 1], ahead], axis=1)
        traces = Traces.zeros(len(NEAR), hidden, self.program.condition_count, len(tables))
        done = quick.sweep(scratch, history + 1, parameters[:, :1].copy(), traces, len(NEAR), noticed, np.inf, self.options.tolerance, True)
        known = done == len(NEAR)
        consistent = np.all(scaled(traces.gaps, traces.scales) <= CONSISTENT, axis=(1, 2))
        if self.options.correct_hidden:
            noticed = np.where(consistent, NOTICED, np.inf)
        return known, noticed

    def _gather(self, chosen: range, tables: Floats, traces: Traces) -> None:
        """Keep what was asked for."""
        found, history, count = self.found, self.base.history, len(chosen)
        members = slice(chosen.start, chosen.stop)
        found.values[members] = tables[:count, history : history + self.base.periods + 1, self.places]
        found.certificates[members] = traces.errors[:count].max(axis=1, initial=0.0)
        found.hidden[members] = scaled(traces.gaps[:count], traces.scales[:count]).max(axis=(1, 2), initial=0.0)

    def _singly(self, members: Iterable[int]) -> None:
        """Members one after the other, whatever it takes."""
        program, base = self.program, self.base
        inputs: Inputs | None = None
        for member in members:
            if inputs is None:
                inputs = replace(base, table=base.table.copy(), parameter_rows=base.parameter_rows.copy())
                traces = Traces.zeros(base.periods + 1, program.hidden_count, program.condition_count)
            np.copyto(inputs.table, base.table)
            self.varying.fill(inputs, member)
            if program.max_lead:
                with self.lock:
                    self._ahead(inputs, member)
                continue
            found = march(program, inputs, self.options, traces, lock=self.lock)
            end = found.solved + 1
            values = inputs.table[base.history : base.history + end]
            self._keep(member, values, traces.errors[1:end], traces.gaps[1:end], traces.scales[1:end], found.failure)

    def _ahead(self, inputs: Inputs, member: int) -> None:
        """A member of a system with leads."""
        path = run_ahead(self.program, replace(inputs, table=inputs.table.copy()), self.options)
        self._keep(member, path.values, path.certificates[1:], path.hidden_gaps[1:], path.hidden_scales[1:], path.failure)

    def _keep(self, member: int, values: Floats, errors: Floats, gaps: Floats, scales: Floats, failure: Diagnosis | None) -> None:
        found = self.found
        found.values[member] = np.nan
        found.values[member, : len(values)] = values[:, self.places]
        found.certificates[member] = errors.max(initial=0.0)
        found.hidden[member] = scaled(gaps, scales).max(initial=0.0)
        if failure is not None:
            found.status[member] = FAILED
            found.failures[member] = failure


__all__ = ["Batch", "solve_batch"]
