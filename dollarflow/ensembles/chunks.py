"""A chunk of members solved: values, certificates, diagnoses of those that fail, and a full audit of one of them."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.members import Members
from model.solving.batch import solve_batch

Floats = NDArray[np.float64]
SOLVED, UNSOLVED, REFUSED, WAITING = 0, 1, 2, 255
"""Status of a member: solved, a period without solution, inputs that no run would take, not computed yet."""
AUDIT_EVERY = 1000
"""Members of which one is solved a second time by itself and audited."""
NOT_AUDITED = -1


@dataclass(frozen=True)
class Chunk:
    """What a chunk of members came to; arrays over its members.

    Parameters
    ----------
    first, last
        Its members are ``first`` to ``last - 1``.
    values
        Shape (members, periods + 1, variables); NaN from the period that failed on.
    drawn
        Parameters, shape (members, parameters).
    certificates, hidden
        Largest scaled residual, and largest relative gap of hidden identities, of each path.
    status, failed_period
        See :data:`SOLVED`; -1 where no period failed.
    diagnoses
        Why members failed, by place, and what the audit found.
    audit, difference
        Violations found in an audited member (-1 where not audited), and the largest difference between its values and those of a
        run by itself, relative to the largest value of each variable.
    """

    first: int
    last: int
    values: Floats
    drawn: Floats
    certificates: Floats
    hidden: Floats
    status: NDArray[np.uint8]
    failed_period: NDArray[np.int32]
    diagnoses: dict[int, str]
    audit: NDArray[np.int32]
    difference: Floats


def solve_chunk(members: Members, first: int, last: int, keep: Sequence[str], threads: int = 1) -> Chunk:
    """Members ``first`` to ``last - 1`` solved.

    Parameters
    ----------
    members
        The ensemble.
    keep
        Variables whose paths are returned.
    threads
        Members solved at the same time.
    """
    count, periods = last - first, members.grid.periods
    given = members.inputs(first, last)
    values = np.full((count, periods + 1, len(keep)), np.nan)
    certificates, hidden = np.full(count, np.nan), np.full(count, np.nan)
    status = np.full(count, REFUSED, dtype=np.uint8)
    failed = np.full(count, -1, dtype=np.int32)
    diagnoses = dict(given.refused)
    failed[list(given.refused)] = 0
    if len(given.places):
        found = solve_batch(
            members.solved,
            given.openings,
            parameters=given.parameters,
            exogenous=given.exogenous,
            parameter_paths=given.parameter_paths,
            periods=periods,
            dates=members.dates,
            keep=keep,
            threads=threads,
        )
        repeated = np.zeros(len(given.places), dtype=np.int64) if found.members == 1 else np.arange(found.members)
        values[given.places] = found.values[repeated]
        for column, name in enumerate(keep):
            if name in given.opened:
                values[given.places, 0, column] = given.opened[name]
        certificates[given.places] = found.certificates[repeated]
        hidden[given.places] = found.hidden[repeated]
        status[given.places] = np.where(found.status[repeated] == SOLVED, SOLVED, UNSOLVED)
        for place, source in zip(given.places.tolist(), repeated.tolist(), strict=True):
            problem = found.failures.get(source)
            if problem is not None:
                failed[place], diagnoses[place] = problem.period, str(problem)
    audit, difference = np.full(count, NOT_AUDITED, dtype=np.int32), np.full(count, np.nan)
    chosen = audited(first, last, status) if members.system.chart is not None else None
    if chosen is not None:
        violations, difference[chosen] = check_member(members, first + chosen, keep, values[chosen])
        audit[chosen] = len(violations)
        if violations:
            diagnoses[chosen] = f"the audit found {len(violations)}, first: {violations[0]}"
    return Chunk(first, last, values, given.drawn, certificates, hidden, status, failed, diagnoses, audit, difference)


def audited(first: int, last: int, status: NDArray[np.uint8]) -> int | None:
    """The place of the member of a chunk that is audited: the first that solved, in chunks that begin another thousand members."""
    begins = -(-first // AUDIT_EVERY) * AUDIT_EVERY < last
    solved = np.flatnonzero(status == SOLVED)
    return int(solved[0]) if begins and len(solved) else None


def check_member(members: Members, number: int, keep: Sequence[str], values: Floats) -> tuple[list[str], float]:
    """A member solved by itself: what its audit finds, and how far it is from the batch, relative to each variable's largest value."""
    from dollarflow.simulation import simulate

    drawn = members.drawn(number, number + 1)[0]
    alone = simulate(
        members.system,
        members.opening,
        members.scenario,
        periods=members.periods,
        clock=members.clock,
        parameters=dict(zip(members.variation.names, drawn.tolist(), strict=True)),
        exogenous={name: path[0] for name, path in members.given(number, number + 1).items()},
    )
    other = np.stack([alone[name] for name in keep], axis=1) if keep else np.empty((len(values), 0))
    scale = np.nanmax(np.abs(other), axis=0, initial=0.0)
    with np.errstate(all="ignore"):
        apart = np.abs(values - other) / np.where(scale > 0, scale, 1.0)
    return [str(violation) for violation in alone.violations], float(np.nanmax(apart, initial=0.0))


@lru_cache(maxsize=2)
def unpacked(packed: bytes) -> Members:
    """The members that a worker was sent; kept, so that a worker prepares them once."""
    found: Members = pickle.loads(packed)
    return found


def solve_packed(packed: bytes, first: int, last: int, keep: tuple[str, ...]) -> Chunk:
    """A chunk on a worker of a cluster."""
    return solve_chunk(unpacked(packed), first, last, keep)
