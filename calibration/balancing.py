"""Closing of published figures on the accounting identities by constrained weighted least squares.

Published figures never close exactly. With x the stocks, M x = y the figures (standard deviations s) and A x = b the
identities, the balanced stocks minimise sum(((M x - y) / s)**2) subject to A x = b; figures with s = 0 join the
identities. The problem is solved on the null space of A, so the identities hold to rounding whatever the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Balance:
    """The result of a constrained least-squares adjustment.

    Parameters
    ----------
    solution
        Balanced unknowns, shape (n,).
    misfit
        Sum of squared scaled residuals.
    """

    solution: Vector
    misfit: float


def balance(design: Vector, values: Vector, std: Vector, constraints: Vector, right: Vector, names: Sequence[str]) -> Balance:
    """The stocks nearest to the figures that satisfy the identities exactly.

    Parameters
    ----------
    design, values, std
        Figures: M of shape (m, n), y and s of shape (m,), every s > 0.
    constraints, right
        Identities: A of shape (k, n), b of shape (k,).
    names
        Names of the n unknowns, for messages.

    Raises
    ------
    ValueError
        Contradictory identities, or an unknown that neither figure nor identity determines; the message names it.
    """
    scale = np.maximum(np.abs(constraints).max(axis=1), 1e-300)
    a, b = constraints / scale[:, None], right / scale
    u, sizes, vt = np.linalg.svd(a)
    rank = int((sizes > 1e-10 * sizes[0]).sum())
    particular = vt[:rank].T @ ((u[:, :rank].T @ b) / sizes[:rank])
    gap = float(np.abs(a @ particular - b).max() / max(1.0, float(np.abs(b).max())))
    if gap > 1e-9:
        worst = int(np.argmax(np.abs(a @ particular - b)))
        raise ValueError(
            f"the exact figures contradict each other: row {worst} is off by {gap:.3g} (relative); give one of them a deviation"
        )
    free = vt[rank:].T
    reduced = (design / std[:, None]) @ free
    target = (values - design @ particular) / std
    weights, _, found, _ = np.linalg.lstsq(reduced, target, rcond=1e-12)
    if found < free.shape[1]:
        _, _, directions = np.linalg.svd(reduced)
        loose = free @ directions[-1]
        raise ValueError(f"no figure determines {names[int(np.argmax(np.abs(loose)))]!r}")
    solution = particular + free @ weights
    residual = (design @ solution - values) / std
    return Balance(solution, float(residual @ residual))


def contradictions(constraints: Vector, right: Vector, names: Sequence[str]) -> tuple[tuple[float, tuple[str, ...]], ...]:
    """Sets of exact rows that cannot hold together, with the gap that each leaves; empty where all can hold.

    Parameters
    ----------
    constraints, right
        A of shape (k, n) and b of shape (k,): rows that must hold exactly.
    names
        Names of the k rows.

    Returns
    -------
    gap, rows
        For each dependency among the rows, how far b is from it, in the unit of b, and the rows that take part, largest part first.
    """
    scale = np.maximum(np.abs(constraints).max(axis=1), 1e-300)
    a, b = constraints / scale[:, None], right / scale
    u, sizes, _ = np.linalg.svd(a)
    rank = int((sizes > 1e-10 * sizes[0]).sum())
    spare = u[:, rank:]
    off = spare.T @ b
    if not off.size or float(np.abs(off).max()) <= 1e-9 * max(1.0, float(np.abs(b).max())):
        return ()
    # One direction carries the whole gap: the projection of b on what the rows cannot reach.
    direction = spare @ off / np.linalg.norm(off)
    order = np.argsort(-np.abs(direction))
    rows = tuple(names[int(place)] for place in order if abs(direction[place]) >= 0.05)
    return ((float(np.linalg.norm(off)) / float(np.abs(direction).max()), rows),)
