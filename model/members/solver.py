"""The period loop of a lifted system: chains are assigned, what is simultaneous is solved by a sparse Newton that reuses its factors."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import splu

from model.members.lifting import Floats, Lifted
from model.members.path import Effort, MemberPath
from model.members.program import Core, Group, MemberProgram, compile_lifted
from model.members.table import Table

TOLERANCE = 1e-15
"""Largest residual, relative to the sizes of its terms, at which no further step is tried."""
SOLVED = 1e-13
"""The same where a step with old factors brings nothing more."""
LOOSE = 1e-11
"""The same where a step with fresh factors brings nothing more; a period that ends above it has failed."""
CONTRACTION = 0.1
"""A step that reduces the residual less than this asks for fresh factors."""
STEPS, HALVINGS = 60, 12


class MemberFailure(RuntimeError):
    """A period without a solution that could be found; carries the path so far and names the worst equation."""

    def __init__(self, message: str, path: MemberPath) -> None:
        super().__init__(message)
        self.path = path


@dataclass
class Factors:
    """Sparse LU factors of a core, kept between steps and periods.

    Parameters
    ----------
    core
        What is solved.
    """

    core: Core
    seconds: float = 0.0
    count: int = 0
    filled: int = 0
    _solve: Callable[[Floats], Floats] | None = field(default=None, repr=False)

    @property
    def ready(self) -> bool:
        """Whether there are factors."""
        return self._solve is not None

    def drop(self) -> None:
        """Forgets the factors."""
        self._solve = None

    def factorise(self, jacobian: sparse.csc_array) -> bool:
        """LU of the Jacobian with its rows scaled to one, in the order of the chain, which fills little; False where it is singular."""
        begun = time.process_time()
        size = np.zeros(jacobian.shape[0])
        np.maximum.at(size, jacobian.indices, np.abs(jacobian.data))
        size[size == 0.0] = 1.0
        scaled = sparse.csc_array((jacobian.data / size[jacobian.indices], jacobian.indices, jacobian.indptr), shape=jacobian.shape)
        try:
            found = splu(scaled, permc_spec="NATURAL", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        except RuntimeError:
            self.seconds += time.process_time() - begun
            return False
        self._solve = lambda right: np.asarray(found.solve(right / size))
        self.filled, self.count = int(found.nnz), self.count + 1
        self.seconds += time.process_time() - begun
        return True

    def solve(self, right: Floats) -> Floats:
        """The step for a right side."""
        assert self._solve is not None
        begun = time.process_time()
        step = self._solve(right)
        self.seconds += time.process_time() - begun
        return step


def sweep(groups: tuple[Group, ...], table: Table) -> None:
    """Assigns chained groups in their order."""
    for group in groups:
        assert group.value is not None
        table.assign(group.unknown, table.evaluate(group.value, group.axis, group.length)[0])


def _norm(core: Core, table: Table) -> tuple[float, Floats]:
    residuals, sizes = core.residuals(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(residuals == 0.0, 0.0, np.abs(residuals) / sizes)
    worst = float(np.max(relative)) if relative.size else 0.0
    return (worst if np.isfinite(worst) else np.inf), residuals


def solve_core(core: Core, table: Table, factors: Factors) -> tuple[int, float]:
    """Newton on the torn unknowns with the whole core's sparse Jacobian; factors are reused while they contract.

    Returns
    -------
    steps, residual
        Newton steps and the largest relative residual at the end.
    """
    sweep(core.chain, table)
    norm, residuals = _norm(core, table)
    inside = core.size - core.torn_size
    for step in range(STEPS):
        if norm <= TOLERANCE:
            return step, norm
        fresh = not factors.ready
        if fresh and not factors.factorise(core.jacobian(table)):
            return step, norm
        move = factors.solve(np.concatenate([np.zeros(inside), residuals]))
        before = {g.unknown: table.row(g.unknown).copy() for g in core.torn}
        best, length = norm, 1.0
        for _ in range(HALVINGS if fresh else 1):
            for group in core.torn:
                first = core.start[group.unknown]
                table.assign(group.unknown, before[group.unknown] - length * move[first : first + group.length])
            sweep(core.chain, table)
            norm, residuals = _norm(core, table)
            if norm < best or not fresh:
                break
            length /= 2
        if norm >= best:
            if best <= (LOOSE if fresh else SOLVED):
                restore(core, table, before)
                return step + 1, best
            if fresh:
                return step + 1, norm
            restore(core, table, before)
            norm, residuals = _norm(core, table)
            factors.drop()
        elif norm > CONTRACTION * best and norm > TOLERANCE:
            factors.drop()
    return STEPS, norm


def restore(core: Core, table: Table, before: Mapping[str, Floats]) -> None:
    """Puts the torn unknowns back."""
    for name, vector in before.items():
        table.assign(name, vector)
    sweep(core.chain, table)


def solve_members(
    lifted: Lifted,
    opening: Mapping[str, float | Floats],
    *,
    parameters: Mapping[str, float | Floats],
    exogenous: Mapping[str, float | Floats],
    periods: int,
    whole: bool = False,
    program: MemberProgram | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MemberPath:
    """The path of a lifted system from an opening.

    Parameters
    ----------
    lifted
        Equations, population and network.
    opening
        Period 0 by variable: a vector over the variable's axis, or a number for every member. USD bn, decimals per year.
    parameters
        A number, or a vector over the parameter's axis, by name.
    exogenous
        A number, shape (periods + 1,), or shape (periods + 1, members), by name.
    periods
        How many periods to solve.
    whole
        Put every equation into one Jacobian, not only those that have to be solved together.
    program
        The compiled system, where it is at hand.
    progress
        Called with (solved periods, periods).

    Raises
    ------
    PopulationError, StructureError
        As :func:`model.members.program.compile_lifted`.
    InputError
        An input is missing, unknown or of the wrong length.
    MemberFailure
        A period has no solution that could be found.
    """
    compiled = compile_lifted(lifted) if program is None else program
    if whole:
        compiled = compiled.whole
    table = Table(lifted, compiled.columns, compiled.parameter_names, opening, exogenous, parameters, periods)
    factors = {id(core): Factors(core) for core in compiled.cores}
    certificates, worst = np.zeros(periods + 1), [""] * (periods + 1)
    gaps = {name: np.zeros((periods + 1, lifted.population.length(axis))) for name, axis, _, _ in compiled.hidden}
    scales = {name: np.zeros_like(gap) for name, gap in gaps.items()}
    steps = np.zeros(periods + 1, dtype=np.int64)
    seconds = np.zeros(periods + 1)

    def path(last: int) -> MemberPath:
        effort = Effort(
            compiled.equations,
            compiled.entries,
            tuple(core.size for core in compiled.cores),
            tuple(core.torn_size for core in compiled.cores),
            tuple(core.entries for core in compiled.cores),
            sum(f.filled for f in factors.values()),
            sum(f.count for f in factors.values()),
            sum(f.seconds for f in factors.values()),
            steps[: last + 1],
            seconds[: last + 1],
        )
        return MemberPath(
            lifted,
            {name: values[: last + 1] for name, values in table.values.items()},
            certificates[: last + 1],
            tuple(worst[: last + 1]),
            {name: gap[: last + 1] for name, gap in gaps.items()},
            {name: scale[: last + 1] for name, scale in scales.items()},
            effort,
        )

    for period in range(1, periods + 1):
        begun = time.process_time()
        table.advance(period)
        for part in compiled.steps:
            if isinstance(part, Group):
                sweep((part,), table)
                continue
            count, residual = solve_core(part, table, factors[id(part)])
            steps[period] += count
            if residual > LOOSE:
                names = ", ".join(g.name for g in part.torn)
                raise MemberFailure(
                    f"period {period} has no solution that could be found: {names} are off by {residual:.2e} after {count} steps; "
                    "try smaller shocks, a lower speed of margin calls or a smaller price impact",
                    path(period - 1),
                )
        certificates[period], worst[period] = certify(compiled, table)
        for name, axis, gap, scale in compiled.hidden:
            length = lifted.population.length(axis)
            gaps[name][period] = table.evaluate(gap, axis, length)[0]
            scales[name][period] = table.evaluate(scale, axis, length)[0]
        seconds[period] = time.process_time() - begun
        if progress is not None:
            progress(period, periods)
    return path(periods)


def certify(program: MemberProgram, table: Table) -> tuple[float, str]:
    """The largest residual over all equations, members and links relative to the sizes of its terms, and the equation's name."""
    largest, name = 0.0, ""
    for part in program.certificates:
        gaps = table.evaluate(part.residuals, part.axis, part.length)
        sizes = table.evaluate(part.sizes, part.axis, part.length)
        for equation, gap, size in zip(part.names, gaps, sizes, strict=True):
            with np.errstate(invalid="ignore", divide="ignore"):
                relative = np.where(gap == 0.0, 0.0, np.abs(gap) / size)
            worst = float(np.max(relative)) if relative.size else 0.0
            if not worst <= largest:
                largest, name = worst, equation
    return largest, name
