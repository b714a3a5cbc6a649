"""Sobol' sensitivity indices: which part of a quantity's variance each factor accounts for, alone and with all it interacts with.

First order: Saltelli et al. (2010), table 2 (b). Total: Jansen (1999), table 2 (f) there. Errors are standard deviations over bootstrap
samples of the base points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES = 500
BOOTSTRAP_SEED = 1
FEWEST = 4


@dataclass(frozen=True)
class Indices:
    """Indices of some factors, arrays of shape (factors,).

    Parameters
    ----------
    first, total
        First-order and total indices.
    first_error, total_error
        Their bootstrap standard errors.
    points
        Base points that they rest on.
    variance
        Variance of the quantity.
    """

    first: Floats
    total: Floats
    first_error: Floats
    total_error: Floats
    points: int
    variance: float


def sobol_indices(values: Floats, resamples: int = RESAMPLES, seed: int = BOOTSTRAP_SEED) -> Indices:
    """The indices of a quantity on a Saltelli design.

    Parameters
    ----------
    values
        Shape (base points, factors + 2): the quantity at A, at B, and at A with each factor of B. Base points with a value that is
        not finite are left out.
    resamples, seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        Fewer than four complete base points.
    """
    complete = values[np.isfinite(values).all(axis=1)]
    if len(complete) < FEWEST:
        raise ValueError(f"{len(complete)} complete base points are too few for indices; at least {FEWEST} are needed")
    first, total, variance = _estimates(complete[None])
    generator = np.random.default_rng(seed)
    samples = [_estimates(complete[generator.integers(0, len(complete), (1, len(complete)))]) for _ in range(resamples)]
    firsts, totals = (np.concatenate([s[k] for s in samples]) for k in (0, 1))
    with np.errstate(all="ignore"):
        return Indices(first[0], total[0], np.nanstd(firsts, axis=0), np.nanstd(totals, axis=0), len(complete), float(variance[0]))


def _estimates(values: Floats) -> tuple[Floats, Floats, Floats]:
    """First and total indices, shape (samples, factors), and variances (samples,), from shape (samples, points, factors + 2)."""
    both = values[:, :, :2]
    centre = both.mean(axis=(1, 2))
    variance = both.var(axis=(1, 2))
    at_a, at_b = values[:, :, 0] - centre[:, None], values[:, :, 1] - centre[:, None]
    exchanged = values[:, :, 2:] - centre[:, None, None]
    with np.errstate(all="ignore"):
        first = (at_b[:, :, None] * (exchanged - at_a[:, :, None])).mean(axis=1) / variance[:, None]
        total = 0.5 * ((at_a[:, :, None] - exchanged) ** 2).mean(axis=1) / variance[:, None]
    return first, total, variance
