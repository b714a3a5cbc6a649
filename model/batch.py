"""Many paths of one system at once: openings, parameters and what is given may differ from member to member.

Every member's numbers are those of a single :func:`~model.solver.solve`, whatever the batch it is part of and however many threads share
the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.diagnosis import Diagnosis
from model.inputs import InputError
from model.newton import Options
from model.path import Path
from model.program import Floats
from model.solver import solve
from model.system import System, nearest

SOLVED, FAILED = 0, 1


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
        Each member's largest scaled residual over all equations, identities and periods.
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
    failures: Mapping[int, Diagnosis]

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
    found = Batch(
        tuple(keep),
        np.full((members, periods + 1, len(keep)), np.nan),
        np.zeros(members),
        np.zeros(members),
        np.zeros(members, dtype=np.int64),
        failures := {},
    )

    def one(member: int) -> None:
        path = solve(
            system,
            {n: at(v, member, 0) for n, v in openings.items()},
            parameters={n: at(v, member, 0) for n, v in parameters.items()},
            exogenous={n: at(v, member, 1) for n, v in exogenous.items()},
            periods=periods,
            dates=dates,
            parameter_paths={n: at(v, member, 1) for n, v in paths.items()},
            options=chosen,
        )
        _store(found, failures, member, path)

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        list(pool.map(one, range(members)))
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
    for group, common in ((openings, 0), (parameters, 0), (exogenous, 1), (paths, 1)):
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


def _store(found: Batch, failures: dict[int, Diagnosis], member: int, path: Path) -> None:
    places = [path.index[name] for name in found.keep]
    found.values[member, : path.periods + 1] = path.values[:, places]
    found.certificates[member] = path.certificates.max(initial=0.0)
    scales = np.where(path.hidden_scales > 0.0, path.hidden_scales, 1.0)
    found.hidden[member] = np.abs(path.hidden_gaps / scales)[1:].max(initial=0.0)
    if path.failure is not None:
        found.status[member] = FAILED
        failures[member] = path.failure


__all__ = ["Batch", "solve_batch"]
