"""A path of a generated economy: every variable's vector by period, certificates, hidden gaps and effort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.language.names import nearest
from model.members.lifting import Floats, Lifted


@dataclass(frozen=True)
class Effort:
    """Sizes and work of a run.

    Parameters
    ----------
    equations, entries
        Number of equations, and of their structurally nonzero derivatives by current unknowns.
    core_sizes, torn_sizes, core_entries
        For each simultaneous core: equations, torn unknowns, entries of its Jacobian.
    filled, factorisations, factor_seconds
        Entries of the last sparse factors, how often they were computed, processor seconds spent on factors and their solves.
    steps, seconds
        Newton steps and processor seconds by period, shape (periods + 1,).
    """

    equations: int
    entries: int
    core_sizes: tuple[int, ...]
    torn_sizes: tuple[int, ...]
    core_entries: tuple[int, ...]
    filled: int
    factorisations: int
    factor_seconds: float
    steps: NDArray[np.int64]
    seconds: Floats


@dataclass(frozen=True)
class MemberPath:
    """A simulation of a lifted system.

    Parameters
    ----------
    lifted
        What was solved.
    values
        By variable, shape (periods + 1, members or links); row 0 is the opening, NaN where it gives no value.
    certificates, worst
        Largest relative residual of each period, and the equation that has it.
    hidden_gaps, hidden_scales
        Hidden identities by name, shape (periods + 1, members), and the sizes of their terms.
    effort
        Sizes and work.
    """

    lifted: Lifted
    values: Mapping[str, Floats]
    certificates: Floats
    worst: tuple[str, ...]
    hidden_gaps: Mapping[str, Floats]
    hidden_scales: Mapping[str, Floats]
    effort: Effort

    @property
    def periods(self) -> int:
        """Number of solved periods."""
        return len(self.certificates) - 1

    def __getitem__(self, name: str) -> Floats:
        """A variable's vectors by period, shape (periods + 1, members or links)."""
        if name not in self.values:
            raise KeyError(f"no variable is named {name!r}{nearest(name, self.values)}")
        return self.values[name]

    def aggregate(self, name: str) -> Floats:
        """The sum of a variable over members or links by period, shape (periods + 1,): only for stocks and flows."""
        return np.asarray(self[name].sum(axis=1))

    @property
    def hidden_gap(self) -> float:
        """The largest hidden gap of any period relative to the sizes of its terms."""
        worst = 0.0
        for name, gap in self.hidden_gaps.items():
            scale = np.maximum.accumulate(self.hidden_scales[name], axis=0)
            worst = max(worst, float(np.max(np.divide(np.abs(gap), scale, out=np.zeros_like(gap), where=scale > 0), initial=0.0)))
        return worst
