"""Which mechanism made the difference between two runs: blocks of changed inputs are switched and the model is solved again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dollarflow.attribution.blocks import changed_inputs, mixed
from dollarflow.attribution.runs import Inputs, NoInputs, Run, check_reproduced
from dollarflow.attribution.shapley import Coalition, coalitions, shapley
from model.periods.failure import SolveFailure

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
MOST = 5
"""Number of changed mechanisms up to which every order is averaged."""


@dataclass(frozen=True)
class Mechanisms:
    """The solutions in which some mechanisms have the changed run's inputs and the others the base's.

    Parameters
    ----------
    groups
        Changed inputs by mechanism.
    solved
        Every variable's path by the set of mechanisms that are switched.
    dates
        Of the periods.
    """

    groups: Mapping[str, tuple[str, ...]]
    solved: Mapping[Coalition, Mapping[str, Floats]]
    inputs: Inputs

    @property
    def exact(self) -> bool:
        """True where every order was averaged; False where one order and its reverse were."""
        return len(self.groups) <= MOST

    def contributions(self, name: str) -> pd.DataFrame:
        """What each mechanism adds to the difference in a variable, by date; they sum to ``total``."""
        import pandas as pd

        players = list(self.groups)
        if self.exact:
            found = shapley(players, {on: paths[name] for on, paths in self.solved.items()})
        else:
            found = {p: (self._step(players, p, name) + self._step(players[::-1], p, name)) / 2 for p in players}
        table = pd.DataFrame(found, index=pd.DatetimeIndex(list(self.inputs.dates), name="date"), columns=players)
        table["total"] = self.solved[frozenset(players)][name] - self.solved[frozenset()][name]
        return table

    def _step(self, order: list[str], player: str, name: str) -> Floats:
        before = frozenset(order[: order.index(player)])
        return np.asarray(self.solved[before | {player}][name] - self.solved[before][name])


def switch_mechanisms(base: Run, changed: Run) -> Mechanisms:
    """Solves the model for every set of changed mechanisms (up to five; beyond, along one order and its reverse).

    Raises
    ------
    NoInputs
        A run that cannot be solved again, or a mixture without solution.
    """
    first, second = base.inputs, changed.inputs
    groups = changed_inputs(first, second)
    players = list(groups)
    if len(players) <= MOST:
        wanted = coalitions(players)
    else:
        wanted = tuple({frozenset(order[:k]) for order in (players, players[::-1]) for k in range(len(players) + 1)})
    solved: dict[Coalition, Mapping[str, Floats]] = {}
    for on in wanted:
        try:
            solved[on] = mixed(first, second, groups, on).solve()
        except SolveFailure as failure:
            names = " and ".join(sorted(on)) or "nothing"
            raise NoInputs(f"with {names} of {changed.label} in {base.label} the model has no solution: {failure}") from None
    check_reproduced(base, solved[frozenset()])
    check_reproduced(changed, solved[frozenset(players)])
    return Mechanisms(groups, solved, first)
