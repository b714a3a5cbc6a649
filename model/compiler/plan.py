"""What an ordinary period consists of, the numbers that decide how it is solved, and the measure of a residual."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDING = 2.220446049250313e-16
DUST = 4 * ROUNDING
"""Share of what it was computed from below which a tear is zero; scaled residual below which nothing is left to gain."""
FINE = 32 * ROUNDING
"""Scaled residual below which a torn solution needs no finishing."""
STALLED = 1e-13
"""Scaled residual that counts as solved where steps no longer halve it."""
MENDABLE = 1e-9
"""Scaled residual that moving all unknowns along with the tears can mend."""
SETTLED = 1e-9
"""Relative step below which a search that no longer improves has met rounding."""
CLOSE = 1e-7
"""Relative step after which the next one would change nothing that counts."""
NEAR = 3e-5
"""Relative step after which one more with the same factors is enough."""
RUSHED = 12
"""Full steps that are tried."""
SPLITTER = 2.0**17 + 1.0
"""Multiplying by it and subtracting leaves the leading 36 bits (Veltkamp's splitting)."""
SHARE = 1e-12
"""Distance from a limit, relative to the pull towards it, that may be rounding."""
SINGULAR = 1e-13
"""Pivot of a matrix with rows and columns of size one below which it counts as singular."""
ON_STACK = 4096
"""Doubles of work space up to which a function keeps it on the stack, where the compiler can turn it into registers."""
LARGEST_TORN = 64
"""Tears of a block up to which its solution is written out in machine code."""


@dataclass(frozen=True)
class BlockPlan:
    """A simultaneous block as the ordinary solution sees it.

    Parameters
    ----------
    name
        Prefix of its kernels' names.
    tears, chain
        Columns of the torn unknowns, and of the others in the order in which they are assigned.
    starts, sources
        Partial derivatives by row: where each row starts, and what each multiplies (tears first, then rows of the chain).
    linear
        Whether no partial derivative depends on the block's unknowns.
    """

    name: str
    tears: tuple[int, ...]
    chain: tuple[int, ...]
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    linear: bool

    @property
    def count(self) -> int:
        """Number of tears."""
        return len(self.tears)

    @property
    def rows(self) -> int:
        """Rows of total derivatives: the chain's, then the residuals'."""
        return len(self.starts) - 1

    @property
    def entries(self) -> int:
        """Number of partial derivatives."""
        return len(self.sources)

    @property
    def lanes(self) -> int:
        """Numbers that are worked on together."""
        return min(self.count, 2) if self.count <= 2 else 4

    @property
    def pieces(self) -> int:
        """Groups of lanes in a row of total derivatives."""
        return -(-self.count // self.lanes)

    @property
    def wide(self) -> int:
        """Width of a row of total derivatives."""
        return self.pieces * self.lanes

    def support(self) -> list[set[int]]:
        """Which groups of lanes of each row can differ from zero."""
        found: list[set[int]] = []
        for i in range(self.rows):
            row: set[int] = set()
            for source in self.sources[self.starts[i] : self.starts[i + 1]]:
                row |= {source // self.lanes} if source < self.count else found[source - self.count]
            found.append(row)
        return found


@dataclass(frozen=True)
class Plan:
    """What a period consists of: names of kernels that assign, and blocks.

    Parameters
    ----------
    conditions
        Column of each complementarity condition's variable.
    """

    steps: tuple[str | BlockPlan, ...]
    width: int
    equations: int
    hidden: int
    conditions: tuple[int, ...]

    @cached_property
    def outputs(self) -> int:
        """Numbers that the certificate's kernel writes."""
        return 2 * (self.equations + self.hidden) + 3 * len(self.conditions)

    @cached_property
    def work(self) -> int:
        """Doubles of work space that a period needs at most."""
        blocks = [s for s in self.steps if isinstance(s, BlockPlan)]
        return max([self.outputs, *(b.entries + b.rows * b.wide for b in blocks)])


def scaled(residuals: Floats, scales: Floats) -> Floats:
    """|residual| / scale, 0 where both are 0, infinite where either is not a number."""
    with np.errstate(all="ignore"):
        ratio = np.asarray(np.abs(residuals) / scales)
    broken = ~np.isfinite(ratio)
    if broken.any():
        ratio[broken] = np.inf
        ratio[residuals == 0.0] = 0.0
    return ratio
