"""An instrument's path that holds targets: Newton's method on exact derivatives, every step checked by solving the model again.

The instrument is u = u₀ + B·c with a few shapes B (free by period, steps, a constant). A step minimises, over c and bounds,
Σ (distance of y + J·dc from its band / tolerance)² + Σ (small weights · movement and bends of c)² with J exact
(:mod:`model.derivatives.sensitivities`): a bounded linear least-squares problem in which each band is a bounded slack. Where no path of the
instrument holds the targets the same sum gives the one that comes nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from model.compiler.program import Floats
from model.derivatives.sensitivities import Direction, Sensitivities
from model.periods.failure import SolveFailure
from model.periods.path import Path

ROUNDS = 25
HALVINGS = 8
MARGIN = 0.05
"""Part of a band, on either side, that is kept as a margin while searching."""
FAINT, STIFF = 1e-3, 1e-1
"""Weights of an instrument's movement, and of its bends where it is to be smooth, against a tolerance."""
SETTLED = 1e-3
"""Change of the sum, relative to it, that ends the search."""
Solve = Callable[[Mapping[str, Floats]], Path]


@dataclass(frozen=True)
class Aim:
    """A variable and the band it is to keep in some periods.

    Parameters
    ----------
    variable
        Any endogenous variable.
    periods
        Row numbers.
    low, high
        The band, in the variable's own unit; equal for a level, infinite where open.
    tolerance
        Distance that does not count.
    """

    variable: str
    periods: tuple[int, ...]
    low: float
    high: float
    tolerance: float

    def distance(self, path: Path) -> Floats:
        """How far the path is outside the band in each period, positive above it."""
        y = path[self.variable][list(self.periods)]
        return np.asarray(np.maximum(y - self.high, 0.0) + np.minimum(y - self.low, 0.0))


@dataclass(frozen=True)
class Instrument:
    """An exogenous variable that may be moved.

    Parameters
    ----------
    name
        An exogenous variable or an add-factor.
    shapes
        Shape (periods + 1, shapes): what one unit of each coefficient adds.
    lower, upper
        Bounds of the instrument's path where a shape moves it, numbers or arrays of shape (periods + 1,).
    smooth
        Whether neighbouring coefficients should be alike.
    """

    name: str
    shapes: Floats
    lower: float | Floats = -np.inf
    upper: float | Floats = np.inf
    smooth: bool = False


@dataclass(frozen=True)
class Held:
    """What a search found.

    Parameters
    ----------
    path
        The last path.
    instrument
        The instrument's path.
    worst
        Largest distance from a band, in tolerances.
    reached
        Whether every target is held.
    rounds
        How many times the model was solved.
    at_bound
        Periods in which the instrument is at a bound.
    slope
        Largest effect of one unit of any coefficient on any aim at the last path, in tolerances.
    """

    path: Path
    instrument: Floats
    worst: float
    reached: bool
    rounds: int
    at_bound: tuple[int, ...]
    slope: float


def hold(path: Path, instrument: Instrument, aims: tuple[Aim, ...], solve: Solve) -> Held:
    """The path of an instrument that holds the aims, or comes nearest.

    Parameters
    ----------
    path
        The path to depart from.
    instrument, aims
        What may move, and what is wanted.
    solve
        The model's path for given exogenous paths by name.
    """
    search = _Search(path, instrument, aims, solve)
    return search.run()


class _Search:
    def __init__(self, path: Path, instrument: Instrument, aims: tuple[Aim, ...], solve: Solve) -> None:
        self.path, self.instrument, self.aims, self.solve = path, instrument, aims, solve
        self.start = path[instrument.name].copy()
        self.lowest, self.highest = (np.broadcast_to(b, self.start.shape) for b in (instrument.lower, instrument.upper))
        count = instrument.shapes.shape[1]
        self.c = np.zeros(count)
        self.low = np.concatenate([np.full(len(a.periods), a.low) for a in aims])
        self.high = np.concatenate([np.full(len(a.periods), a.high) for a in aims])
        self.tolerance = np.concatenate([np.full(len(a.periods), a.tolerance) for a in aims])
        inner = np.where(np.isfinite(self.high - self.low), MARGIN * (self.high - self.low), self.tolerance)
        self.band = self.low + inner, self.high - inner
        bends = np.diff(np.eye(count), 2, axis=0) if instrument.smooth else np.zeros((0, count))
        self.roughness = np.vstack([STIFF * bends, FAINT * np.eye(count)])
        self.scale = 0.0
        self.rounds = 0

    def bounds(self) -> tuple[Floats, Floats]:
        """Bounds of the coefficients that keep the instrument's path within its own."""
        shapes = self.instrument.shapes
        lower, upper = np.full(len(self.c), -np.inf), np.full(len(self.c), np.inf)
        for k in range(len(self.c)):
            moved = np.flatnonzero(shapes[:, k])
            if len(moved):
                room = shapes[moved, k]
                lower[k] = ((self.lowest[moved] - self.start[moved]) / room).max()
                upper[k] = ((self.highest[moved] - self.start[moved]) / room).min()
        return np.minimum(lower, upper), upper

    def values(self, path: Path) -> Floats:
        return np.concatenate([path[a.variable][list(a.periods)] for a in self.aims])

    def merit(self, path: Path, c: Floats) -> float:
        y = self.values(path)
        off = np.maximum(y - self.band[1], 0.0) + np.minimum(y - self.band[0], 0.0)
        return float(np.sum((off / self.tolerance) ** 2) + np.sum((self.roughness @ c / self.scale) ** 2))

    def worst(self, path: Path) -> float:
        return max(float(np.abs(a.distance(path)).max(initial=0.0)) / a.tolerance for a in self.aims)

    def slopes(self) -> Floats:
        """Derivatives of the aims by the coefficients, in tolerances."""
        directions = [Direction(exogenous={self.instrument.name: shape}) for shape in self.instrument.shapes.T]
        moved = Sensitivities(self.path).tangent(*directions)
        rows = [moved[list(a.periods), self.path.index[a.variable]] for a in self.aims]
        return np.asarray(np.concatenate(rows) / self.tolerance[:, None])

    def step(self, slopes: Floats) -> Floats:
        from scipy.optimize import lsq_linear

        count, y = len(self.c), self.values(self.path)
        low, high = self.band
        banded = np.flatnonzero(high > low)
        slack = np.zeros((len(y), len(banded)))
        slack[banded, np.arange(len(banded))] = -1.0
        right = np.where(high > low, 0.0, low / self.tolerance) - y / self.tolerance
        centre = np.clip(y[banded], low[banded], high[banded]) / self.tolerance[banded]
        right[banded] += centre
        smooth = self.roughness
        lower, upper = self.bounds()
        lower = np.concatenate([(lower - self.c) / self.scale, low[banded] / self.tolerance[banded] - centre])
        upper = np.concatenate([(upper - self.c) / self.scale, high[banded] / self.tolerance[banded] - centre])
        upper = np.maximum(upper, lower + 1e-9)
        matrix = np.block([[slopes * self.scale, slack], [smooth, np.zeros((len(smooth), len(banded)))]])
        found = lsq_linear(matrix, np.concatenate([right, -smooth @ self.c / self.scale]), (lower, upper), tol=1e-12, max_iter=500)
        return np.asarray(found.x[:count] * self.scale)

    def attempt(self, c: Floats) -> Path | None:
        self.rounds += 1
        try:
            return self.solve({self.instrument.name: self.start + self.instrument.shapes @ c})
        except SolveFailure:
            return None

    def run(self) -> Held:
        lower, upper = self.bounds()
        first = np.clip(0.0, lower, upper)
        if np.any(first != 0.0):
            moved = self.attempt(first)
            if moved is not None:
                self.c, self.path = first, moved
        slopes = self.slopes()
        strength = float(np.abs(slopes).max(initial=0.0))
        if strength > 0.0:
            self.scale = max(self.worst(self.path), 1.0) / strength
            slopes = self.descend(slopes)
        u = self.start + self.instrument.shapes @ self.c
        moving = np.flatnonzero(self.instrument.shapes.any(axis=1))
        near = 1e-6 * max(1.0, float(np.abs(u).max()))
        bound = [int(t) for t in moving if min(u[t] - self.lowest[t], self.highest[t] - u[t]) <= near]
        worst = self.worst(self.path)
        return Held(self.path, u, worst, worst <= 1.0, self.rounds, tuple(bound), strength)

    def descend(self, slopes: Floats) -> Floats:
        now = self.merit(self.path, self.c)
        while self.rounds < ROUNDS:
            change, length, before = self.step(slopes), 1.0, now
            for _ in range(HALVINGS):
                trial = self.c + length * change
                path = self.attempt(trial)
                found = np.inf if path is None else self.merit(path, trial)
                if path is not None and found < now:
                    self.c, self.path, now = trial, path, found
                    break
                length *= 0.5
            if before - now <= SETTLED * before:
                break
            slopes = self.slopes()
        return slopes
