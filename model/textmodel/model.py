"""A text model as it was read: its numbers, its shocks and, when somebody asks, its equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.language.later import Later

if TYPE_CHECKING:
    from model.compiler.program import Program
    from model.language.system import System

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shock:
    """``name`` takes ``value`` from period ``first`` to ``last`` (None: to the end)."""

    name: str
    value: float
    first: int
    last: int | None


@dataclass(frozen=True)
class TextModel:
    """A model read from text.

    Parameters
    ----------
    name
        What [model] calls it, or the file's stem.
    notes
        Everything that [model] says.
    order
        The variables in the order of [equations].
    opening
        Value of every variable in period 0 and before; 0 where [initial] does not list it.
    parameters, exogenous
        Base values by name.
    shocks
        In file order; where two overlap the later line holds.
    origin
        Its system, see :attr:`system`.
    key
        What its program's description is kept under; empty for a text that was not read from a file, or where nothing is kept.
    numbers
        All that is kept beside the description, as it was read: what somebody changes later is his own.
    programs
        Those made so far, by backend.

    Notes
    -----
    The last three belong to the model that was read; what ``dataclasses.replace`` or a copy makes of it begins without them.
    """

    name: str
    notes: Mapping[str, str]
    order: tuple[str, ...]
    opening: Mapping[str, float]
    parameters: Mapping[str, float]
    exogenous: Mapping[str, float]
    shocks: tuple[Shock, ...]
    origin: Later[System] = field(repr=False)
    key: str = field(default="", init=False, compare=False, repr=False)
    numbers: bytes = field(default=b"", init=False, compare=False, repr=False)
    programs: dict[str, Program] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "key": "", "numbers": b"", "programs": {}}

    @property
    def system(self) -> System:
        """Its equations, exogenous variables and identities."""
        return self.origin.value

    def paths(self, periods: int, shock: bool = True) -> tuple[dict[str, float | Floats], dict[str, Floats]]:
        """Paths of exogenous variables and of shocked parameters, each of length ``periods + 1``; index 0 is the opening.

        A number stands for an exogenous variable that stays the same.
        """
        exogenous: dict[str, float | Floats] = {}
        for name, value in self.exogenous.items():
            first = self.opening.get(name, value)
            exogenous[name] = value if first == value else np.array([first] + [value] * periods)
        parameters: dict[str, Floats] = {}
        for change in self.shocks if shock else ():
            if change.name in exogenous:
                known = exogenous[change.name]
                path = exogenous[change.name] = known if isinstance(known, np.ndarray) else np.full(periods + 1, known)
            else:
                path = parameters.setdefault(change.name, np.full(periods + 1, self.parameters[change.name]))
            path[change.first : None if change.last is None else change.last + 1] = change.value
        return exogenous, parameters


__all__ = ["Shock", "TextModel"]
