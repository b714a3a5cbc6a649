"""The opening of a simulation: a date, values in period 0 and where they come from; immutable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Given = Mapping[str, float | NDArray[np.float64]]


@dataclass(frozen=True)
class State:
    """Values in period 0 by variable name: stocks in USD bn, rates in decimals per year.

    Parameters
    ----------
    date
        The day of the stocks.
    values
        By variable name.
    parameters, exogenous
        What belongs to this opening alone, over the calibration's values; a model of one's own brings all of its parameters and
        exogenous paths here.
    calibrated
        True for the project's own balance sheets, which are valued anew for each clock's period length.
    changes
        Values that the caller set over those of calibration, see :meth:`with_changes`.
    closed
        True where totals, net worths and whatever else follows from the changes are among them.
    """

    date: date
    values: Mapping[str, float]
    parameters: Mapping[str, float] = field(default_factory=dict)
    exogenous: Given = field(default_factory=dict)
    calibrated: bool = False
    changes: Mapping[str, float] = field(default_factory=dict)
    closed: bool = False

    def __post_init__(self) -> None:
        for name in ("values", "parameters", "exogenous", "changes"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def with_changes(self, changes: Mapping[str, float]) -> State:
        """The opening with other values of cells and rates; what follows from them is worked out, and checked, by the run.

        Parameters
        ----------
        changes
            By variable name: USD bn, rates in decimals per year. Balance sheets must still close, so both sides of a change are given.

        Raises
        ------
        BadInput
            A value that is no finite number.
        """
        from dollarflow.errors import BadInput

        for name, value in changes.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise BadInput(f"opening value {name!r} is {value!r}; allowed: a finite number")
        own = {name: float(value) for name, value in changes.items()}
        return replace(self, values={**self.values, **own}, changes={**self.changes, **own}, closed=False)

    def __hash__(self) -> int:
        return hash((self.date, tuple(sorted(self.values.items()))))

    def __repr__(self) -> str:
        changed = f", {len(self.changes):,} changed" if self.changes else ""
        return f"State({self.date}: {len(self.values):,} values, {self._origin}{changed})"

    @property
    def _origin(self) -> str:
        return "calibrated balance sheets" if self.calibrated else "a model of one's own"

    def _repr_html_(self) -> str:
        from model.language.displays import SHOWN, more, table

        names = sorted(self.values, key=lambda name: "__" in name)
        rows = [(name, float(self.values[name]), "changed" if name in self.changes else "") for name in names[: 2 * SHOWN]]
        caption = f"State of {self.date}: {len(self.values):,} values ({self._origin}); USD bn, decimals per year"
        return table(("variable", "value", ""), rows, caption) + more(len(names) - len(rows), "values")
