"""Designs: which points of the unit cube the members are, and their innovations; member k's depend on the seed and on k alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dollarflow.errors import BadInput

Floats = NDArray[np.float64]
SOBOL, RANDOM, SALTELLI = "sobol", "random", "saltelli"
DESIGNS = (SOBOL, RANDOM, SALTELLI)
MOST_DRAWS = 10_000_000
LARGEST_SEED = 2**63 - 1
KEY = 0x646F6C6C6172  # "dollar": apart from other uses of the same seed
SIDES = {"A": 1, "B": 2}


@dataclass(frozen=True)
class Design:
    """How members are drawn.

    Parameters
    ----------
    kind
        ``sobol``: parameters are points of a scrambled Sobol' sequence, innovations are pseudo-random. ``random``: both are
        pseudo-random. ``saltelli``: pairs of Sobol' points with one factor after the other exchanged, for sensitivity indices; a
        shock process is one factor, all of its innovations together.
    draws
        Members asked for; base points for ``saltelli``.
    seed
        0 to 2⁶³ - 1.
    parameters, processes
        Numbers of drawn parameters and of shock processes.

    Raises
    ------
    BadInput
        An unknown kind, or draws or a seed out of range.

    Notes
    -----
    Pseudo-random numbers come from the counter-based generator Philox (Salmon, Moraes, Dror and Shaw 2011) with the member's number
    as counter; the exchange design is that of Saltelli et al. (2010).
    """

    kind: str
    draws: int
    seed: int
    parameters: int
    processes: int = 0

    def __post_init__(self) -> None:
        if self.kind not in DESIGNS:
            raise BadInput(f"--design {self.kind}: allowed are {', '.join(DESIGNS)}")
        if not 1 <= self.draws <= MOST_DRAWS:
            raise BadInput(f"--draws {self.draws}: an ensemble has 1 to {MOST_DRAWS:,} draws")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise BadInput(f"--seed {self.seed}: a seed is a whole number from 0 to {LARGEST_SEED}")

    @property
    def factors(self) -> int:
        """Number of things that are drawn: parameters, then shock processes."""
        return self.parameters + self.processes

    @property
    def stride(self) -> int:
        """Members of one base point."""
        return self.factors + 2 if self.kind == SALTELLI else 1

    @property
    def members(self) -> int:
        """How many paths are solved."""
        return self.draws * self.stride

    def uniforms(self, first: int, last: int) -> Floats:
        """Points of the unit cube of members ``first`` to ``last - 1``, shape (members, parameters)."""
        count = last - first
        if not self.parameters or not count:
            return np.empty((count, self.parameters))
        if self.kind == SOBOL:
            return _sobol(self.parameters, self.seed, first, last)
        if self.kind == RANDOM:
            return np.array([_generator(self.seed, k, 0).random(self.parameters) for k in range(first, last)])
        rows, which = self._places(first, last)
        both: Floats = _sobol(2 * self.parameters, self.seed, int(rows[0]), int(rows[-1]) + 1)[rows - rows[0]]
        found, other = both[:, : self.parameters].copy(), both[:, self.parameters :]
        found[which == 1] = other[which == 1]
        swapped = np.flatnonzero((which >= 2) & (which < 2 + self.parameters))
        found[swapped, which[swapped] - 2] = other[swapped, which[swapped] - 2]
        return found

    def innovations(self, first: int, last: int, periods: int) -> Floats:
        """Standard normal innovations, shape (members, processes, periods)."""
        count, shape = last - first, (self.processes, periods)
        if not self.processes or not count:
            return np.empty((count, *shape))
        if self.kind != SALTELLI:
            found = np.empty((count, *shape))
            for place, member in enumerate(range(first, last)):
                stream = _generator(self.seed, member, 0)
                if self.kind == RANDOM:
                    stream.random(self.parameters)
                found[place] = stream.standard_normal(shape)
            return found
        rows, which = self._places(first, last)
        sides = {
            side: {row: _generator(self.seed, row, number).standard_normal(shape) for row in np.unique(rows).tolist()}
            for side, number in SIDES.items()
        }
        found = np.array([sides["B" if w == 1 else "A"][row] for row, w in zip(rows.tolist(), which.tolist(), strict=True)])
        for place in np.flatnonzero(which >= 2 + self.parameters).tolist():
            process = int(which[place]) - 2 - self.parameters
            found[place, process] = sides["B"][int(rows[place])][process]
        return found

    def _places(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Base point of each member, and which of its members it is: A, B, then A with one factor of B."""
        members = np.arange(first, last, dtype=np.int64)
        return members // self.stride, members % self.stride


def _generator(seed: int, number: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=np.array([seed, KEY], dtype=np.uint64), counter=[0, 0, stream, number]))


def _sobol(dimensions: int, seed: int, first: int, last: int) -> Floats:
    """Points ``first`` to ``last - 1`` of a scrambled Sobol' sequence, shape (points, dimensions)."""
    from scipy.stats import qmc

    if dimensions > qmc.Sobol.MAXDIM:
        raise BadInput(f"a Sobol' sequence has at most {qmc.Sobol.MAXDIM} dimensions, not {dimensions}; use --design random")
    engine = qmc.Sobol(dimensions, scramble=True, rng=seed)
    start = engine.random(1)  # one point alone never warns of a count that is no power of two
    if first == 0:
        return np.vstack([start, engine.random(last - 1)]) if last > 1 else start
    if first > 1:
        engine.fast_forward(first - 1)
    return np.asarray(engine.random(last - first))
