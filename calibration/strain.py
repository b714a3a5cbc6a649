"""Strain: figures that balancing moves far beyond their deviations, and those whose removal cures the misfit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.balancing import Vector, balance
from calibration.tables import Observation

LIMIT = 3.0
"""Deviations: one of eighty independent errors exceeds them once in five openings, so a larger move points to a wrong figure."""
CURED = 0.5
ALIKE, MARGIN = 1.1, 1.0
SHOWN = 5


@dataclass(frozen=True)
class Suspect:
    """A figure without which the others agree.

    Parameters
    ----------
    figure, source
        Its name and publication.
    off
        What the other figures put it higher by, USD bn.
    misfit, left
        Sum of squared scaled adjustments with it and without it.
    """

    figure: str
    source: str
    off: float
    misfit: float
    left: float

    def __str__(self) -> str:
        return f"{self.figure!r} (the others put it {abs(self.off):,.1f} bn {'higher' if self.off > 0 else 'lower'})"


def suspects(found: Sequence[Observation], design: Vector, values: Vector, closing: Vector, bounds: Vector) -> tuple[Suspect, ...]:
    """The figures whose removal, one at a time, lowers the misfit most, by half at least; those of a caller's files first.

    Figures that stand in one identity cure a misfit alike, and then all of them are given.

    Parameters
    ----------
    found
        The figures of a day; those without a deviation hold exactly.
    design, values
        Their rows over the n unknowns, shape (m, n), and values, shape (m,).
    closing, bounds
        The identities, shape (k, n), and their right sides, shape (k,).
    """
    std = np.array([item.std_usd_bn for item in found])
    misfit, _ = solved(std, design, values, closing, bounds)
    tried = []
    for place, item in enumerate(found):
        kept = np.arange(len(found)) != place
        try:
            left, solution = solved(std[kept], design[kept], values[kept], closing, bounds)
        except ValueError:
            continue
        tried.append(Suspect(item.figure, item.source, float(design[place] @ solution - values[place]), misfit, left))
    least = min((item.left for item in tried), default=misfit)
    best = [item for item in tried if item.left <= min(CURED * misfit, ALIKE * least + MARGIN)]
    return tuple(sorted(best, key=lambda item: ("files of the caller" not in item.source, item.left)))


def solved(std: Vector, design: Vector, values: Vector, closing: Vector, bounds: Vector) -> tuple[float, Vector]:
    """The misfit and the unknowns of figures balanced on the identities, exact ones among these."""
    exact = std == 0.0
    constraints, right = np.vstack([closing, design[exact]]), np.concatenate([bounds, values[exact]])
    names = [f"unknown {place}" for place in range(design.shape[1])]
    result = balance(design[~exact], values[~exact], std[~exact], constraints, right, names)
    return result.misfit, result.solution


def in_words(found: Sequence[Suspect]) -> str:
    """Which figures could be wrong, in a sentence."""
    if not found:
        return "no single figure makes half of the misfit: widen the deviations of its rows"
    names = ", ".join(map(str, found[:SHOWN]))
    which = names if len(found) == 1 else f"one of {names}"
    return f"without {which} the misfit falls from {found[0].misfit:,.1f} to {min(item.left for item in found):,.1f}"
