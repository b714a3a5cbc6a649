"""Roots of a system linearised at a solved period: how fast deviations die out or grow, and what carries them.

With F(x_t, x_{t-1}, …) = 0 and the exact derivatives A_k = ∂F/∂x_{t-k}, deviations follow A_0 d_t + A_1 d_{t-1} + … = 0.
Only variables that occur with a lag carry a deviation on, so the transition matrix is that of the states (variable, lag). A root's
participation of a state is the diagonal of the spectral projector that belongs to it (Perez-Arriaga, Verghese and Schweppe 1982):
it does not depend on units, and it is well defined where roots coincide. The weight of an equation bounds, to first order, how far the
root moves when each of the equation's terms changes by a small relative amount.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.compiler.compilation import compile_system
from model.compiler.program import Floats, Program
from model.derivatives.sensitivities import inputs_of
from model.periods.jacobian import linearise, places
from model.periods.newton import Stage
from model.periods.path import Path

Complex = NDArray[np.complex128]
COINCIDENT = 1e-7
"""Relative distance within which roots are reported together."""
SEPARATE = 1e-10
"""Overlap of unit left and right eigenvectors below which a root counts as defective."""
NEGLIGIBLE = 1e-9
"""Modulus below which a root is gone within a period."""


class StabilityError(ValueError):
    """A period at which a system cannot be linearised; the message says why."""


@dataclass(frozen=True)
class Root:
    """One root of the linearised system, or several that coincide.

    Parameters
    ----------
    value
        Factor by which its deviation is multiplied each period; one of a conjugate pair stands for both.
    count
        How many roots coincide here.
    states
        (variable, share): who carries the deviation, largest first; shares sum to 1 over all states.
    equations
        (equation, weight): largest first; weights sum to 1 over all equations.
    """

    value: complex
    count: int
    states: tuple[tuple[str, float], ...]
    equations: tuple[tuple[str, float], ...]

    @property
    def modulus(self) -> float:
        """|value|: above one the deviation grows."""
        return abs(self.value)

    @property
    def half_life(self) -> float:
        """Periods until half of a deviation is gone; infinite where it does not shrink."""
        return math.log(0.5) / math.log(self.modulus) if 0.0 < self.modulus < 1.0 else (0.0 if self.modulus == 0.0 else math.inf)

    @property
    def cycle(self) -> float:
        """Periods of one oscillation; infinite for a real positive root."""
        angle = abs(np.angle(self.value))
        return 2 * math.pi / float(angle) if angle > 0 else math.inf


@dataclass(frozen=True)
class Transition:
    """The law of motion of deviations at one period.

    Parameters
    ----------
    states
        (variable, lag): the value of a variable so many periods back that the next period needs.
    matrix
        Shape (states, states): next period's states from this one's.
    now
        Derivatives by the current unknowns, shape (equations, unknowns).
    past
        Derivatives by the states, shape (equations, states).
    equations, unknowns
        Names of the rows and columns of ``now``.
    """

    states: tuple[tuple[str, int], ...]
    matrix: Floats
    now: Floats
    past: Floats
    equations: tuple[str, ...]
    unknowns: tuple[str, ...]

    @cached_property
    def spectrum(self) -> tuple[Complex, Complex, Complex]:
        """Roots, largest modulus first (of a pair the one above the real axis first); left and right eigenvectors as columns."""
        if not len(self.matrix):
            none = np.zeros((0, 0), dtype=np.complex128)
            return np.zeros(0, dtype=np.complex128), none, none
        from scipy.linalg import eig

        decompose: Any = eig
        values, left, right = decompose(self.matrix, left=True, right=True)
        order = np.lexsort((-values.imag, -values.real.round(12), -np.abs(values).round(12)))
        return values[order], left[:, order], right[:, order]

    @property
    def eigenvalues(self) -> Complex:
        """All roots, largest modulus first."""
        return self.spectrum[0]


def transition(path: Path, when: int | date | str = -1, backend: str = "") -> Transition:
    """The linearised law of motion at a solved period of a path.

    Parameters
    ----------
    path
        A solved path without leads.
    when
        Period number or date; the last for −1.

    Raises
    ------
    StabilityError
        The opening, a system with leads, or derivatives that do not exist.
    """
    period = path.period(when)
    if not period:
        raise StabilityError("period 0 is the opening, which no equation determines; choose a later one")
    program = compile_system(path.system, backend)
    if program.max_lead:
        raise StabilityError(f"{path.system.name!r} has leads: its law of motion is not that of the states alone")
    inputs = inputs_of(path, program, ())
    stage = Stage(program, inputs.table, inputs.history + period, inputs.parameter_rows[period])
    entries = linearise(stage).entries
    count = program.equation_count
    pattern, place = program.pattern, places(program)
    if not np.all(np.isfinite(entries[pattern.rows < count])):
        broken = int(pattern.rows[(pattern.rows < count) & ~np.isfinite(entries)][0])
        raise StabilityError(f"equation {program.equation_names[broken]!r} has no finite derivative in period {period}")
    now = np.zeros((count, len(program.unknowns)))
    past: dict[tuple[int, int], Floats] = {}
    for row, column, offset, value in zip(pattern.rows, pattern.columns, pattern.offsets, entries, strict=True):
        if row < count and offset == 0:
            now[row, place[column]] += value
        elif row < count:
            past.setdefault((int(place[column]), int(-offset)), np.zeros(count))[row] += value
    return _reduced(program, now, past)


def _reduced(program: Program, now: Floats, past: dict[tuple[int, int], Floats]) -> Transition:
    deepest: dict[int, int] = {}
    for unknown, lag in past:
        deepest[unknown] = max(deepest.get(unknown, 0), lag)
    states = [(unknown, lag) for unknown in sorted(deepest) for lag in range(deepest[unknown])]
    number = {state: i for i, state in enumerate(states)}
    lagged = np.zeros((len(now), len(states)))
    for (unknown, lag), column in past.items():
        lagged[:, number[unknown, lag - 1]] = column
    size = np.abs(now).max(axis=1, initial=0.0)
    size[size == 0.0] = 1.0
    try:
        response = -np.linalg.solve(now / size[:, None], lagged / size[:, None])
    except np.linalg.LinAlgError:
        raise StabilityError("the current period's equations are singular, so that deviations have no law of motion") from None
    matrix = np.zeros((len(states), len(states)))
    for (unknown, lag), i in number.items():
        if lag == 0:
            matrix[i] = response[unknown]
        else:
            matrix[i, number[unknown, lag - 1]] = 1.0
    names = tuple((program.unknowns[u], lag) for u, lag in states)
    return Transition(names, matrix, now, lagged, program.equation_names, program.unknowns)


def clusters(values: Complex) -> list[list[int]]:
    """Positions of roots that coincide, conjugates once (the one above the real axis), in the order given."""
    found: list[list[int]] = []
    for i, value in enumerate(values.tolist()):
        if value.imag < -COINCIDENT * max(abs(value), NEGLIGIBLE):
            continue
        for group in found:
            if abs(values[group[0]] - value) <= COINCIDENT * max(1.0, abs(value)):
                group.append(i)
                break
        else:
            found.append([i])
    return found


def roots(law: Transition, least: float = 0.0, most: int | None = None) -> tuple[Root, ...]:
    """The roots of a law of motion, largest modulus first.

    Parameters
    ----------
    least
        Smallest modulus that is reported.
    most
        How many are reported; None for all.
    """
    groups = [g for g in clusters(law.eigenvalues) if abs(law.eigenvalues[g[0]]) >= max(least, NEGLIGIBLE)]
    return tuple(_root(law, group) for group in groups[:most])


def _root(law: Transition, group: Sequence[int]) -> Root:
    value = complex(np.mean(law.eigenvalues[list(group)]))
    if abs(value.imag) <= COINCIDENT * abs(value):
        value = complex(value.real, 0.0)
    right, left = _spaces(law, group)
    shares = np.abs(np.einsum("ic,ci->i", right, left))
    shares = shares / shares.sum()
    owners: dict[str, float] = {}
    for (name, _), share in zip(law.states, shares.tolist(), strict=True):
        owners[name] = owners.get(name, 0.0) + share
    position = {name: i for i, name in enumerate(law.unknowns)}
    newest = [i for i, (_, lag) in enumerate(law.states) if lag == 0]
    carried = np.zeros((len(law.unknowns), len(left)), dtype=np.complex128)
    carried[[position[law.states[i][0]] for i in newest]] = left[:, newest].T
    multipliers = np.abs(np.linalg.solve(law.now.T, carried))
    response = np.abs(np.linalg.solve(law.now, law.past @ right))
    weights = np.sum(multipliers * (np.abs(law.now) @ response + np.abs(law.past) @ np.abs(right)), axis=1)
    total = float(weights.sum())
    weights = weights / total if total > 0 else weights
    return Root(value, len(group), _largest(owners), _largest(dict(zip(law.equations, weights.tolist(), strict=True))))


def _largest(shares: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(((n, s) for n, s in shares.items() if s > 0.0), key=lambda item: (-item[1], item[0])))


def _spaces(law: Transition, group: Sequence[int]) -> tuple[Complex, Complex]:
    """Bases of the right and left invariant subspaces of some roots, biorthonormal: shapes (states, roots), (roots, states)."""
    values, left, right = law.spectrum
    if len(group) == 1:
        u, v = left[:, group[0]].conj(), right[:, group[0]]
        overlap = complex(u @ v)
        if abs(overlap) > SEPARATE:
            return v[:, None], u[None, :] / overlap
    from scipy.linalg import schur, solve_sylvester

    centre = complex(np.mean(values[list(group)]))
    distances = np.abs(values - centre)
    inside = float(distances[list(group)].max())
    outside = float(np.delete(distances, list(group)).min(initial=np.inf))
    radius = 0.5 * (inside + outside) if math.isfinite(outside) else math.inf
    decompose: Any = schur
    triangle, basis, found = decompose(law.matrix.astype(np.complex128), output="complex", sort=lambda x: abs(x - centre) < radius)
    mixing = solve_sylvester(triangle[:found, :found], -triangle[found:, found:], -triangle[:found, found:])
    rows = np.concatenate([np.eye(found), -mixing], axis=1) @ basis.conj().T
    return np.asarray(basis[:, :found]), np.asarray(rows)


__all__ = ["Root", "StabilityError", "Transition", "clusters", "roots", "transition"]
