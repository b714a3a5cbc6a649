"""Sparse links with given margins: partners drawn by size, weights by gravity, fitted so that every borrower's sum is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
ROUNDS = 60


@dataclass(frozen=True)
class Weights:
    """Partners of each member of one side, and the share of each in that member's total.

    Parameters
    ----------
    one, other
        Member numbers, sorted by ``one``, then ``other``; shape (links,).
    share
        Sums to one over the links of each member of the first side.
    """

    one: Integers
    other: Integers
    share: Floats


def draw_links(rng: np.random.Generator, amounts: Floats, sizes: Floats, partners: int, dispersion: float, complete: bool) -> Weights:
    """Links between members with ``amounts`` and partners with ``sizes``.

    Each member draws partners without replacement with chances by size (Gumbel keys), and gravity weights size·exp(dispersion·z). Rounds
    of proportional fitting (RAS) bring the partners' sums near their share by size; the last step makes every member's shares sum to one.

    Parameters
    ----------
    amounts
        What each member of the first side places, shape (members,).
    sizes
        Sizes of the other side, shape (others,).
    partners
        Number of partners of a member, at most as many as there are.
    complete
        Everybody is linked with everybody in proportion to size.
    """
    members, others = len(amounts), len(sizes)
    if complete or members == 1 or others == 1 or partners >= others:
        one, other = np.repeat(np.arange(members), others), np.tile(np.arange(others), members)
        raw = np.tile(sizes, members)
    else:
        keys = np.log(sizes)[None, :] + rng.gumbel(size=(members, others))
        chosen = np.sort(np.argpartition(-keys, partners - 1, axis=1)[:, :partners], axis=1)
        one, other = np.repeat(np.arange(members), partners), chosen.ravel()
        raw = sizes[other].copy()
    if not complete and dispersion > 0 and others > 1:
        raw = raw * np.exp(dispersion * rng.standard_normal(len(raw)))
    weight = _normalised(raw, one, members)
    if not complete:
        target = sizes / sizes.sum() * amounts.sum()
        for _ in range(ROUNDS):
            sums = np.bincount(other, weight * amounts[one], minlength=others)
            ratio = np.divide(target, sums, out=np.ones(others), where=sums > 0)
            weight = _normalised(weight * np.sqrt(ratio[other]), one, members)
    return Weights(one.astype(np.int64), other.astype(np.int64), weight)


def _normalised(raw: Floats, one: Integers, members: int) -> Floats:
    return np.asarray(raw / np.bincount(one, raw, minlength=members)[one])
