"""Observations in use: a caller's newer figures over the compiled ones, for everything that is balanced or estimated inside a context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from calibration.history import history

Floats = NDArray[np.float64]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Stated:
    """A figure of a publication that takes the place of a compiled one: its value in the compiled unit, and where it is from."""

    value: float
    source: str


@dataclass(frozen=True, eq=False)
class Newer:
    """Observations that take the place of the compiled ones, day by day, in the compiled series' units.

    Parameters
    ----------
    histories
        Daily and weekly series by the names of ``rates.csv``.
    quarters
        Quarterly series by the names that estimation has for them.
    figures
        Quarter-end figures by the names of ``quarters.csv``, from which openings are balanced.
    until
        The last day whose balance sheets may stand in for what a quarter-end lacks, if there is one so early; None for any day.
    """

    histories: Mapping[str, Mapping[date, float]] = field(default_factory=dict)
    quarters: Mapping[str, Mapping[date, float]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[date, Stated]] = field(default_factory=dict)
    until: date | None = None


COMPILED = Newer()
IN_USE: ContextVar[Newer] = ContextVar("observations in use", default=COMPILED)


@contextmanager
def observations(newer: Newer) -> Iterator[None]:
    """Samples and openings made inside use these observations over the compiled ones."""
    token = IN_USE.set(newer)
    try:
        yield
    finally:
        IN_USE.reset(token)


def cached_in_use(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose answers are kept, apart for each set of observations in use."""
    kept: dict[tuple[object, ...], R] = {}

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (IN_USE.get(), args, *sorted(kwargs.items()))
        if key not in kept:
            kept[key] = function(*args, **kwargs)
        return kept[key]

    return call


@cached_in_use
def series(name: str) -> tuple[tuple[date, ...], Floats]:
    """A daily or weekly series in use: dates and values, oldest first."""
    newer = IN_USE.get()
    if name not in newer.histories:
        return history(name)
    found = dict(sorted({**dict(zip(*history(name), strict=True)), **newer.histories[name]}.items()))
    return tuple(found), np.array(list(found.values()), dtype=np.float64)


@cached_in_use
def moved(name: str, day: date) -> float:
    """What a newer daily or weekly figure differs from the compiled one of the day; 0 where either has none."""
    newer = IN_USE.get().histories.get(name, {})
    if day not in newer:
        return 0.0
    days, values = history(name)
    return newer[day] - float(values[days.index(day)]) if day in days else 0.0
