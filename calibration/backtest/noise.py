"""Random paths: a part that persists or accumulates and a part that is gone the next week, with sizes measured on published weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Floats = NDArray[np.float64]
LONGEST = 26
FEWEST = 12
LARGEST_ROOT = 0.995


class TooShort(ValueError):
    """A sample too short to measure a process on."""


@dataclass(frozen=True)
class Noise:
    """A process x = a + w with a = persistence·a(-1) + innovation, w white; zero in the opening.

    Parameters
    ----------
    persistence
        A week; 1 lets innovations accumulate.
    innovation, white
        Standard deviations, in the unit of what it is of.
    basis
        Sample or judgement that the sizes are from.
    """

    persistence: float
    innovation: float
    white: float
    basis: str

    def draw(self, generator: np.random.Generator, length: int) -> Floats:
        """A path of shape (length,) that is zero in the first entry."""
        shocks = generator.standard_normal((2, length - 1))
        path = np.zeros(length)
        for t in range(1, length):
            path[t] = self.persistence * path[t - 1] + self.innovation * shocks[0, t - 1]
        path[1:] += self.white * shocks[1]
        return path

    def deviation(self, weeks: int) -> float:
        """Standard deviation after some weeks."""
        roots = self.persistence ** (2 * np.arange(weeks))
        return float(np.sqrt(self.innovation**2 * roots.sum() + self.white**2))


def wandering(levels: Sequence[float] | Floats, basis: str) -> Noise:
    """A random walk with white noise round it, from the mean squared changes of a series over one week and more.

    E (x(t+h) - x(t))² is 2 w² + h s²: a straight line in the distance h, fitted to h = 1 … 26 with both parts not negative. A steady
    drift is taken out first.

    Raises
    ------
    TooShort
        Fewer than twelve figures.
    """
    values = np.asarray(levels, dtype=np.float64)
    if len(values) < FEWEST:
        raise TooShort(f"{len(values)} figures; a process is measured on {FEWEST} at least")
    values = values - np.linspace(values[0], values[-1], len(values))
    distances = np.arange(1, min(LONGEST, len(values) // 2) + 1)
    squares = np.array([np.mean((values[h:] - values[:-h]) ** 2) for h in distances])
    twice_white, step = nnls(np.column_stack([np.ones(len(distances)), distances]), squares)[0].tolist()
    return Noise(1.0, float(np.sqrt(step)), float(np.sqrt(twice_white / 2)), basis)


def lasting(residuals: Sequence[float] | Floats, basis: str) -> Noise:
    """An autoregression of order one without a constant, by least squares on weekly residuals.

    Raises
    ------
    TooShort
        Fewer than twelve figures.
    """
    values = np.asarray(residuals, dtype=np.float64)
    if len(values) < FEWEST:
        raise TooShort(f"{len(values)} figures; a process is measured on {FEWEST} at least")
    values = values - values.mean()
    root = float(np.clip(values[1:] @ values[:-1] / (values[:-1] @ values[:-1]), 0.0, LARGEST_ROOT))
    return Noise(root, float(np.std(values[1:] - root * values[:-1])), 0.0, basis)
