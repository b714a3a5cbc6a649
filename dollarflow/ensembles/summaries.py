"""Summaries of chunks that can be merged: order statistics at evenly spaced ranks, and central moments.

A chunk's summary has its members' sorted values at ``ranks`` evenly spaced ranks, the smallest and the largest among them. The merged
distribution is the mixture of the chunks' piecewise linear ones; its ranks are off by at most ``1/(ranks - 1)``, by nothing where a
chunk has no more members than ranks. Moments merge exactly but for rounding (Chan, Golub and LeVeque 1983; Pébay 2008), always in the
order of the chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOMENTS = ("mean", "sum of squares", "sum of cubes", "sum of fourth powers")


def order_statistics(values: Floats, ranks: int) -> Floats:
    """Sorted values at evenly spaced ranks: from shape (members, …) to (ranks, …).

    Between two members values are interpolated linearly. No more members than ranks are kept as they are, followed by NaN.
    """
    if len(values) <= ranks:
        missing = np.full((ranks - len(values), *values.shape[1:]), np.nan)
        return np.concatenate([np.sort(values, axis=0), missing])
    ordered = np.sort(values, axis=0)
    place = np.linspace(0.0, len(values) - 1.0, ranks)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, len(values) - 1)
    weight = (place - low).reshape(-1, *([1] * (values.ndim - 1)))
    return np.where(weight > 0, ordered[low] * (1 - weight) + ordered[high] * weight, ordered[low])


def central_sums(values: Floats) -> Floats:
    """The mean and the sums of squared, cubed and fourth powers of distances from it: from (members, …) to (4, …)."""
    if not len(values):
        return np.zeros((len(MOMENTS), *values.shape[1:]))
    mean = values.mean(axis=0)
    off = values - mean
    return np.stack([mean, (off**2).sum(axis=0), (off**3).sum(axis=0), (off**4).sum(axis=0)])


@dataclass(frozen=True)
class Moments:
    """Count and central sums of some members, mergeable; arrays of one shape."""

    count: int
    sums: Floats

    def merged(self, other: Moments) -> Moments:
        """The moments of both together."""
        if not other.count:
            return self
        if not self.count:
            return other
        a, b, n = self.count, other.count, self.count + other.count
        mean, two, three, four = self.sums
        mean_b, two_b, three_b, four_b = other.sums
        d = mean_b - mean
        fourth = four + four_b + d**4 * a * b * (a * a - a * b + b * b) / n**3
        fourth = fourth + 6 * d**2 * (a * a * two_b + b * b * two) / n**2 + 4 * d * (a * three_b - b * three) / n
        third = three + three_b + d**3 * a * b * (a - b) / n**2 + 3 * d * (a * two_b - b * two) / n
        return Moments(n, np.stack([mean + d * b / n, two + two_b + d**2 * a * b / n, third, fourth]))

    @property
    def mean(self) -> Floats:
        """The mean."""
        return np.asarray(self.sums[0])

    @property
    def sd(self) -> Floats:
        """The standard deviation, with n - 1."""
        return np.asarray(np.sqrt(self.sums[1] / max(self.count - 1, 1)))

    @property
    def skewness(self) -> Floats:
        """The third standardised moment; NaN where nothing varies."""
        with np.errstate(all="ignore"):
            return np.asarray(np.sqrt(self.count) * self.sums[2] / self.sums[1] ** 1.5)

    @property
    def kurtosis(self) -> Floats:
        """The fourth standardised moment less 3; NaN where nothing varies."""
        with np.errstate(all="ignore"):
            return np.asarray(self.count * self.sums[3] / self.sums[1] ** 2 - 3.0)


def merged_moments(counts: Sequence[int], sums: Floats) -> Moments:
    """The moments of all chunks; ``sums`` has shape (chunks, 4, …)."""
    total = Moments(0, np.zeros_like(sums[0]))
    for count, own in zip(counts, sums, strict=True):
        total = total.merged(Moments(int(count), own))
    return total


def merged_quantiles(counts: Sequence[int], ranks: Floats, levels: Sequence[float]) -> Floats:
    """Quantiles of all chunks together: from order statistics (chunks, ranks, …) to (levels, …); NaN without members.

    Where every chunk's members are all there, the quantiles are those of the pooled sample; else those of the mixture of the chunks'
    piecewise linear distributions.
    """
    sizes = np.asarray(counts, dtype=np.int64)
    ranks, sizes = ranks[sizes > 0], sizes[sizes > 0]
    shape = (len(levels), *ranks.shape[2:])
    if not len(ranks):
        return np.full(shape, np.nan)
    flat = ranks.reshape(len(ranks), ranks.shape[1], -1)
    if (sizes <= ranks.shape[1]).all():
        pooled = np.concatenate([own[:size] for own, size in zip(flat, sizes, strict=True)])
        return np.asarray(np.quantile(pooled, levels, axis=0)).reshape(shape)
    points = [own[: min(size, ranks.shape[1])] for own, size in zip(flat, sizes.tolist(), strict=True)]
    found = np.empty((len(levels), flat.shape[2]))
    for j in range(flat.shape[2]):
        ordered = np.sort(np.concatenate([own[:, j] for own in points]))
        share = np.zeros(len(ordered))
        for own, size in zip(points, sizes.tolist(), strict=True):
            share += size * np.interp(ordered, own[:, j], np.linspace(0.0, 1.0, len(own)))
        found[:, j] = np.interp(levels, share / sizes.sum(), ordered)
    return found.reshape(shape)
