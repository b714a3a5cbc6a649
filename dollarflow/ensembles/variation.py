"""What varies over the members of an ensemble: parameters with their distributions and shock processes, checked against a system."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.distributions import Distribution
from model.language.system import System
from model.scenarios.shocks import interval

Floats = NDArray[np.float64]
AR1, IID, LEVEL = "ar1", "iid", "level"
PROCESSES = (AR1, IID, LEVEL)


@dataclass(frozen=True)
class Factor:
    """A parameter and its distribution; ``source`` says where the distribution is from."""

    name: str
    distribution: Distribution
    source: str = ""


@dataclass(frozen=True)
class Process:
    """A shock process on exogenous variables or add-factors, zero in the opening.

    Parameters
    ----------
    variable
        What it is added to.
    kind
        ``iid``: each period's innovation alone. ``ar1``: x = persistence·x(-1) + innovation. ``level``: one number, held.
    sd
        Standard deviation of an innovation (of the number), in the variable's unit.
    persistence
        Of an AR(1), a period.
    start, end
        Dates between which there are innovations; None for the whole run.
    also
        Other variables that move with it, and by how much of it.
    source
        Where its size is from.
    """

    variable: str
    kind: str
    sd: float
    persistence: float = 0.0
    start: date | None = None
    end: date | None = None
    also: tuple[tuple[str, float], ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind not in PROCESSES:
            raise ValueError(f"process is {self.kind!r}; allowed: {', '.join(PROCESSES)}")
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"sd {self.sd:g} is not a finite number above 0")
        if not -1.0 < self.persistence <= 1.0:
            raise ValueError(f"persistence {self.persistence:g} is outside -1 (excluded) to 1")
        if self.persistence and self.kind != AR1:
            raise ValueError(f"persistence goes with process ar1, not {self.kind}")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"from {self.start} comes after to {self.end}")
        if self.variable in dict(self.also):
            raise ValueError(f"also names {self.variable!r} itself, which moves by 1 of it already")

    @property
    def name(self) -> str:
        """The variable's name; a variable has one process."""
        return self.variable

    def paths(self, innovations: Floats, dates: tuple[date, ...]) -> Floats:
        """What is added to the variable: shape (members, periods + 1), zero in the opening, from innovations (members, periods)."""
        inside = np.array([(self.start is None or d >= self.start) and (self.end is None or d <= self.end) for d in dates[1:]])
        found = np.zeros((len(innovations), len(dates)))
        if self.kind == LEVEL:
            found[:, 1:] = self.sd * innovations[:, :1] * inside
            return found
        found[:, 1:] = self.sd * innovations * inside
        if self.kind == AR1:
            for period in range(1, len(dates)):
                found[:, period] += self.persistence * found[:, period - 1]
        return found


@dataclass(frozen=True)
class Variation:
    """Everything that is drawn.

    Parameters
    ----------
    factors, processes
        Parameters and shock processes.
    correlations
        Pairs of parameters and the correlation of the normal scores that their quantiles are taken at (a Gaussian copula).
    """

    factors: tuple[Factor, ...] = ()
    processes: tuple[Process, ...] = ()
    correlations: tuple[tuple[str, str, float], ...] = ()
    _root: Floats | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for kind, names in (("parameter", self.names), ("shock on", tuple(p.name for p in self.processes))):
            twice = [name for name in names if names.count(name) > 1]
            if twice:
                raise ValueError(f"{kind} {twice[0]!r} is given twice")
        pairs = [frozenset(pair[:2]) for pair in self.correlations]
        for pair in pairs:
            if pairs.count(pair) > 1:
                raise ValueError(f"the correlation of {' and '.join(sorted(pair))} is given twice")
        if self.correlations:
            object.__setattr__(self, "_root", self._correlation_root())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drawn parameters."""
        return tuple(f.name for f in self.factors)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of everything drawn: parameters, then shocked variables."""
        return (*self.names, *(p.name for p in self.processes))

    @property
    def shocked(self) -> tuple[str, ...]:
        """Every variable that a process moves."""
        return tuple(dict.fromkeys(name for p in self.processes for name in (p.variable, *(n for n, _ in p.also))))

    def parameters(self, uniforms: Floats) -> Floats:
        """Parameter values at points of the unit cube; both of shape (members, parameters)."""
        from scipy.special import ndtr, ndtri

        if self._root is not None:
            small = 2.0**-53
            uniforms = np.asarray(ndtr(ndtri(np.clip(uniforms, small, 1 - small)) @ self._root.T))
        columns = [f.distribution.quantile(uniforms[:, j]) for j, f in enumerate(self.factors)]
        return np.stack(columns, axis=1) if columns else np.empty((len(uniforms), 0))

    def medians(self) -> dict[str, float]:
        """The middle of each parameter's distribution."""
        return {f.name: float(f.distribution.quantile(np.array(0.5))) for f in self.factors}

    def shocks(self, innovations: Floats, dates: tuple[date, ...]) -> dict[str, Floats]:
        """What is added to each shocked variable, shape (members, periods + 1)."""
        found: dict[str, Floats] = {}
        for j, process in enumerate(self.processes):
            path = process.paths(innovations[:, j], dates)
            for name, share in ((process.variable, 1.0), *process.also):
                found[name] = found[name] + share * path if name in found else share * path
        return found

    def content(self) -> dict[str, Any]:
        """Everything that decides the numbers, as JSON."""
        return {
            "parameters": [{"name": f.name, **_plain(vars(f.distribution))} for f in self.factors],
            "shocks": [
                {
                    "variable": p.variable,
                    "process": p.kind,
                    "sd": p.sd,
                    "persistence": p.persistence,
                    "from": None if p.start is None else p.start.isoformat(),
                    "to": None if p.end is None else p.end.isoformat(),
                    "also": dict(p.also),
                }
                for p in self.processes
            ],
            "correlations": [list(c) for c in self.correlations],
        }

    def _correlation_root(self) -> Floats:
        matrix = np.eye(len(self.factors))
        for a, b, value in self.correlations:
            if not -1 < value < 1:
                raise ValueError(f"the correlation of {a} and {b} is {value:g}; allowed: between -1 and 1")
            i, j = self.names.index(a), self.names.index(b)
            matrix[i, j] = matrix[j, i] = value
        try:
            return np.asarray(np.linalg.cholesky(matrix))
        except np.linalg.LinAlgError:
            raise ValueError("the correlations contradict each other: their matrix is not positive definite") from None


def check_window(process: Process, dates: Sequence[date], clip: bool) -> None:
    """Refuses a window outside the horizon, or one in which no period ends.

    Parameters
    ----------
    process
        A shock process.
    dates
        The opening's date, then the end of each period.
    clip
        True where the caller chose another horizon than the scenario's own: a window may then reach beyond the end.

    Raises
    ------
    ValueError
        The date, and what is allowed.
    """
    for key, day in (("from", process.start), ("to", process.end)):
        if day is not None and not dates[0] <= day <= dates[-1] and not (clip and key == "to" and day > dates[-1]):
            raise ValueError(f"{key} {day} is outside the horizon, {dates[0]} to {dates[-1]}")
    first, last = process.start or dates[0], process.end or dates[-1]
    if len(dates) > 1 and not any(first <= day <= last for day in dates[1:]):
        raise ValueError(f"no period ends between {first} and {last}; lengthen the window or take a finer clock")


def check_variation(variation: Variation, system: System, fixed: Mapping[str, float]) -> None:
    """Refuses what the system cannot vary.

    Parameters
    ----------
    variation
        What is asked.
    system
        The system after the scenario's exogenised variables.
    fixed
        Parameters that the scenario sets for the whole run.

    Raises
    ------
    BadInput
        An unknown name (with the nearest), a variable that is solved for, a parameter that the scenario sets, or a range outside the
        parameter's bounds.
    """
    from dollarflow import inputs
    from dollarflow.errors import BadInput
    from model.language.system import nearest

    bounds = {p.name: p for p in system.parameters}
    for factor in variation.factors:
        if factor.name not in bounds:
            hint = "; it is exogenous: give it under [[shock]]" if factor.name in system.given else nearest(factor.name, bounds)
            raise BadInput(f"[[parameter]] {factor.name}: no parameter has that name{hint}")
        if factor.name in fixed:
            raise BadInput(
                f"[[parameter]] {factor.name}: the scenario sets it to {fixed[factor.name]:g}, so drawing it would change nothing"
            )
        low, high = bounds[factor.name].lower, bounds[factor.name].upper
        own = factor.distribution
        below = low is not None and math.isfinite(own.low) and own.low < low
        if below or (high is not None and math.isfinite(own.high) and own.high > high):
            raise BadInput(f"[[parameter]] {factor.name}: {own} reaches out of bounds; allowed: {interval(low, high)}")
    for process in variation.processes:
        for name in (process.variable, *(n for n, _ in process.also)):
            inputs.check_given(system, name, [], "[[shock]]")


def _plain(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures without those that are not numbers or infinite."""
    return {k: v for k, v in figures.items() if not isinstance(v, float) or math.isfinite(v)}
