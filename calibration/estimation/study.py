"""What a relation's estimation reports: the fit, the sample, held-out days, other samples, and the model's own values beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from calibration.estimation.fitting import Fit


@dataclass(frozen=True)
class Reported:
    """How an estimate is reported in the model's units.

    Parameters
    ----------
    parameter
        The model's parameter, or a name of its own where the model has none.
    unit
        Unit of the reported value.
    factor
        Reported value over fitted value.
    """

    parameter: str
    unit: str
    factor: float = 1.0


@dataclass(frozen=True)
class HeldOut:
    """A day kept out of the sample, with what the fit says of it; in units of the explained variable."""

    date: date
    observed: float
    predicted: float


@dataclass(frozen=True)
class Study:
    """One relation's estimation.

    Parameters
    ----------
    name, explains, unit
        The relation; what it explains and in which unit.
    fit
        The estimate.
    first, last
        Sample, both included.
    source
        Series used.
    reported
        Unknown to reported parameter.
    note
        What the reader must know: restrictions, what is not identified.
    held_out
        Days outside the sample.
    others
        Fits on other samples, by label.
    profiles
        Twice the fall of the log posterior at the estimate less and plus two standard errors, by unknown: 4 where the curve is quadratic.
    """

    name: str
    explains: str
    unit: str
    fit: Fit
    first: date
    last: date
    source: str
    reported: Mapping[str, Reported]
    note: str
    held_out: tuple[HeldOut, ...] = ()
    others: Mapping[str, Fit] = field(default_factory=dict)
    profiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def model_values(self) -> dict[str, float]:
        """Estimates by model parameter, in the model's units."""
        return {item.parameter: item.factor * self.fit.values[name] for name, item in self.reported.items()}
