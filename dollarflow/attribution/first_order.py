"""Which input made the difference between two runs, to first order: the base path's exact derivatives times what each input changed by.

With g the derivative of a variable on a date by everything that was given (:mod:`model.derivatives.sensitivities`: one adjoint a date
for any number of inputs), input i contributes the sum of g over its periods times its change. What is left of the simulated
difference is the remainder: curvature and interaction, of second order for small changes, and every regime that changed on the way.
Parameters that the opening determines (anchored ones) are inputs of their own here: where they follow from another parameter that was
changed, that one's contribution is with the anchors held and theirs stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dollarflow.attribution.blocks import lagged
from dollarflow.attribution.runs import Inputs, NoInputs, Run, check_reproduced
from model.compiler.program import Floats
from model.derivatives.kinks import Kinks
from model.derivatives.sensitivities import Direction, Gradient, Sensitivities
from model.periods.failure import SolveFailure
from model.periods.path import Path

if TYPE_CHECKING:
    import pandas as pd

OPENING = " (opening)"
REMAINDER, TOTAL = "remainder", "total"
TOGETHER = 26
"""Dates or inputs whose derivatives are carried at once: what bounds memory."""
SIDES = {1: "holds for this change only, not for its opposite", -1: "holds for the opposite change only", None: "holds on neither side"}


@dataclass(frozen=True)
class FirstOrder:
    """The difference between two runs of one system, linear in what changed.

    Parameters
    ----------
    path, other
        The base and the changed run, solved again.
    changes
        What each changed input changed by; an opening value's name ends in ``(opening)``.
    """

    path: Path
    other: Path
    changes: Mapping[str, Direction]

    @cached_property
    def slopes(self) -> Sensitivities:
        """The base path's derivatives."""
        return Sensitivities(self.path)

    def contributions(self, variable: str, periods: tuple[int, ...] | None = None) -> pd.DataFrame:
        """What each input adds to a variable's difference, ``remainder`` and ``total``, by date; in the variable's unit.

        Columns are sorted by the size of the last row; all but the last one sum to it. ``periods`` are row numbers, None for all.
        """
        import pandas as pd

        rows = tuple(range(self.path.periods + 1)) if periods is None else periods
        table = np.zeros((len(rows), len(self.changes)))
        for first in range(0, len(rows), TOGETHER):
            some = rows[first : first + TOGETHER]
            for k, gradient in enumerate(self._gradients(variable, some)):
                table[first + k] = [gradient.along(change) for change in self.changes.values()]
        dates = [self.path.dates[t] for t in rows] if self.path.dates else list(rows)
        index = pd.DatetimeIndex(dates, name="date") if self.path.dates else pd.Index(dates, name="period")
        order = np.argsort(-np.abs(table[-1]), kind="stable")
        frame = pd.DataFrame(table[:, order], index=index, columns=[list(self.changes)[i] for i in order])
        total = (self.other[variable] - self.path[variable])[list(rows)]
        frame[REMAINDER] = total - table.sum(axis=1)
        frame[TOTAL] = total
        return frame

    def _gradients(self, variable: str, periods: tuple[int, ...]) -> tuple[Gradient, ...]:
        weights = np.zeros((self.path.periods + 1, len(self.path.columns), len(periods)))
        weights[list(periods), self.path.index[variable], np.arange(len(periods))] = 1.0
        return self.slopes.gradients(weights)

    @cached_property
    def one_sided(self) -> dict[str, str]:
        """Inputs whose derivatives hold to one side only because they move a kink of the base path, with the side and where it is."""
        kinks = Kinks(self.slopes)
        if not kinks.active:
            return {}
        found = {}
        names = list(self.changes)
        for first in range(0, len(names), TOGETHER):
            some = [self.changes[name] for name in names[first : first + TOGETHER]]
            moved = self.slopes.tangent(*some)
            for k, direction in enumerate(some):
                places = dict.fromkeys(str(kink) for kink in kinks.moved_by(direction, moved[:, :, k]))
                if places:
                    found[names[first + k]] = f"{SIDES[kinks.side(direction, moved[:, :, k])]}: {', '.join(list(places)[:3])}"
        return found

    @cached_property
    def crossed(self) -> dict[str, int]:
        """Complementarity conditions that stand elsewhere in the changed run, with the first period in which they do."""
        found: dict[str, int] = {}
        for t, (before, after) in enumerate(zip(self.path.regimes, self.other.regimes, strict=True)):
            for name in before:
                if before[name] != after.get(name) and name not in found:
                    found[name] = t
        return found


def first_order(base: Run, changed: Run) -> FirstOrder:
    """The changed inputs of two runs that solve the same equations.

    Raises
    ------
    NoInputs
        A run that cannot be solved again, or runs of different equations.
    """
    first, second = base.inputs, changed.inputs
    if first.system != second.system:
        names = sorted({e.name for e in first.system.equations} ^ {e.name for e in second.system.equations})
        which = f" ({', '.join(names[:4])})" if names else ""
        raise NoInputs(f"{base.label} and {changed.label} solve different equations{which}, which are no input to differentiate by")
    paths = []
    for run, inputs in ((base, first), (changed, second)):
        try:
            path = inputs.path()
        except SolveFailure as failure:
            raise NoInputs(f"{run.label}: its inputs have no solution: {failure}") from None
        check_reproduced(run, {name: path[name] for name in path.columns})
        paths.append(path)
    return FirstOrder(paths[0], paths[1], dict(changes(first, second)))


def changes(base: Inputs, changed: Inputs) -> Iterator[tuple[str, Direction]]:
    """What each input of a system differs by between two runs, by name."""
    system = base.system
    for parameter in system.parameters:
        step = _step(base.parameters[parameter.name], changed.parameters[parameter.name])
        if step.any():
            yield parameter.name, Direction(parameters={parameter.name: step})
    for name in system.given:
        step = _step(base.exogenous[name], changed.exogenous[name])
        if step.any():
            yield name, Direction(exogenous={name: step})
    for name in sorted(lagged(base)):
        difference = changed.opening[name] - base.opening[name]
        if difference:
            yield name + OPENING, Direction(opening={name: difference})


def _step(before: Floats, after: Floats) -> Floats:
    return np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)


__all__ = ["OPENING", "REMAINDER", "TOTAL", "FirstOrder", "changes", "first_order"]
