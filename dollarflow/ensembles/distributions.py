"""Distributions of one number: normal, lognormal, uniform, triangular, cut off at bounds, by their quantile functions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
NORMAL, LOGNORMAL, UNIFORM, TRIANGULAR = "normal", "lognormal", "uniform", "triangular"
KINDS = (NORMAL, LOGNORMAL, UNIFORM, TRIANGULAR)
SMALLEST = 2.0**-53
"""Distance from 0 and 1 at which uniform numbers are cut off, so that no quantile is infinite."""


@dataclass(frozen=True)
class Distribution:
    """The distribution of one number.

    Parameters
    ----------
    kind
        ``normal``, ``lognormal``, ``uniform`` or ``triangular``.
    mean, sd
        Of a normal or lognormal number before it is cut off, in the number's own unit.
    low, high
        Bounds; a normal or lognormal number is conditioned on lying between them.
    mode
        Of a triangular number.

    Raises
    ------
    ValueError
        Figures that make no distribution; the message says which.
    """

    kind: str
    mean: float = math.nan
    sd: float = math.nan
    low: float = -math.inf
    high: float = math.inf
    mode: float = math.nan

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"distribution is {self.kind!r}; allowed: {', '.join(KINDS)}")
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        if self.kind in (NORMAL, LOGNORMAL):
            if not math.isfinite(self.mean) or not (math.isfinite(self.sd) and self.sd > 0):
                raise ValueError(f"a {self.kind} number needs a finite mean and an sd above 0")
            if self.kind == LOGNORMAL and not self.mean > 0:
                raise ValueError(f"a lognormal number needs a mean above 0, not {self.mean:g}")
            if self.kind == LOGNORMAL and not self.high > 0:
                raise ValueError(f"a lognormal number is positive; high is {self.high:g}")
        elif not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"a {self.kind} number needs low and high")
        if self.kind == TRIANGULAR and not self.low <= self.mode <= self.high:
            raise ValueError(f"mode {self.mode:g} is outside {self.low:g} to {self.high:g}")

    def quantile(self, u: Floats) -> Floats:
        """The values below which the number lies with probabilities ``u``; any shape, inside the bounds.

        Examples
        --------
        >>> Distribution("triangular", low=0.0, mode=1.0, high=2.0).quantile(np.array([0.5])).tolist()
        [1.0]
        """
        u = np.clip(np.asarray(u, dtype=np.float64), SMALLEST, 1.0 - SMALLEST)
        if self.kind == UNIFORM:
            found = self.low + (self.high - self.low) * u
        elif self.kind == TRIANGULAR:
            found = self._triangular(u)
        elif self.kind == NORMAL:
            found = _cut_normal(u, self.mean, self.sd, self.low, self.high)
        else:
            spread = math.sqrt(math.log1p((self.sd / self.mean) ** 2))
            low = math.log(self.low) if self.low > 0 else -math.inf
            high = math.log(self.high) if math.isfinite(self.high) else math.inf
            found = np.exp(_cut_normal(u, math.log(self.mean) - spread**2 / 2, spread, low, high))
        return np.clip(found, self.low, self.high)

    def _triangular(self, u: Floats) -> Floats:
        width = self.high - self.low
        turn = (self.mode - self.low) / width
        rising = self.low + np.sqrt(u * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1.0 - u) * width * (self.high - self.mode))
        return np.where(u < turn, rising, falling)

    def __str__(self) -> str:
        within = f" within {self.low:g} to {self.high:g}" if math.isfinite(self.low) or math.isfinite(self.high) else ""
        if self.kind in (NORMAL, LOGNORMAL):
            return f"{self.kind}, mean {self.mean:g}, sd {self.sd:g}{within}"
        return f"{self.kind}, {self.low:g} to {self.high:g}" + (f", mode {self.mode:g}" if self.kind == TRIANGULAR else "")


def _cut_normal(u: Floats, mean: float, sd: float, low: float, high: float) -> Floats:
    """Quantiles of a normal number between two bounds, computed in the tail that keeps digits."""
    a, b = (low - mean) / sd, (high - mean) / sd
    if a > 0:
        return mean - sd * ndtri(ndtr(-a) + u * (ndtr(-b) - ndtr(-a)))
    return mean + sd * ndtri(ndtr(a) + u * (ndtr(b) - ndtr(a)))
