"""The last resort of a block: Newton's homotopy F(x) = (1 − t)·F(x₀), followed along its arc from t = 0 to t = 1.

Where damped Newton is caught by a fold, the arc turns round it: t may fall for a while before it reaches 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.compiler.program import Floats
from model.periods.newton import Problem

STEPS = 400
SHORTEST = 1e-6
LONGEST = 0.5


@dataclass
class _Arc:
    """A point (x, t) on the arc in scaled unknowns, and the direction of travel."""

    x: Floats
    t: float
    direction: Floats


def follow(problem: Problem, start: Floats) -> tuple[Floats | None, int]:
    """A point near a solution, or None where the arc breaks off; and the number of Jacobians that it took."""
    unit = np.maximum(np.abs(start), 1.0)
    first = problem.residuals(start)[0]
    slopes = problem.jacobian()
    if not (np.all(np.isfinite(first)) and np.all(np.isfinite(slopes))):
        return None, 1
    rows = np.abs(slopes * unit).max(axis=1)
    rows[rows == 0.0] = 1.0
    origin = first / rows

    def value(x: Floats, t: float) -> Floats:
        return np.asarray(problem.residuals(x)[0] / rows - (1.0 - t) * origin)

    def extended(x: Floats) -> Floats:
        problem.residuals(x)
        return np.column_stack([problem.jacobian() * unit / rows[:, None], origin])

    arc = _Arc(start, 0.0, np.append(np.zeros(len(start)), 1.0))
    length, count = 0.05, 0
    for _ in range(STEPS):
        matrix = extended(arc.x)
        count += 1
        tangent = _tangent(matrix, arc.direction)
        if tangent is None:
            return None, count
        moved = False
        while length >= SHORTEST:
            reach = length
            if arc.t + length * tangent[-1] > 1.0:
                reach = (1.0 - arc.t) / tangent[-1]
            x, t = arc.x + reach * tangent[:-1] * unit, arc.t + reach * tangent[-1]
            found, used = _correct(value, extended, x, t, tangent, unit)
            count += used
            if found is not None:
                moved, arc = True, _Arc(found[0], found[1], tangent)
                length = min(LONGEST, length * (2.0 if used <= 3 else 1.0))
                break
            length *= 0.4
        if not moved:
            return None, count
        if arc.t >= 1.0 - 1e-9:
            return arc.x, count
        if not np.all(np.abs(arc.x) < 1e12 * unit):
            return None, count
    return None, count


def _tangent(matrix: Floats, direction: Floats) -> Floats | None:
    """The unit vector along the arc that goes on in the same sense."""
    if not np.all(np.isfinite(matrix)):
        return None
    try:
        vector = np.linalg.solve(np.vstack([matrix, direction]), np.append(np.zeros(len(matrix)), 1.0))
    except np.linalg.LinAlgError:
        return None
    size = float(np.linalg.norm(vector))
    return None if not np.isfinite(size) or size == 0.0 else np.asarray(vector / size)


def _correct(
    value: Callable[[Floats, float], Floats], extended: Callable[[Floats], Floats], x: Floats, t: float, tangent: Floats, unit: Floats
) -> tuple[tuple[Floats, float] | None, int]:
    """Newton steps back to the arc, across the tangent."""
    before = np.inf
    for used in range(1, 9):
        r = value(x, t)
        size = float(np.linalg.norm(r)) if np.all(np.isfinite(r)) else np.inf
        if size <= 1e-7:
            return (x, t), used - 1
        if not size < before:
            return None, used
        before = size
        matrix = extended(x)
        if not np.all(np.isfinite(matrix)):
            return None, used
        try:
            step = np.linalg.solve(np.vstack([matrix, tangent]), np.append(-r, 0.0))
        except np.linalg.LinAlgError:
            return None, used
        x, t = x + step[:-1] * unit, t + float(step[-1])
    return None, 8
