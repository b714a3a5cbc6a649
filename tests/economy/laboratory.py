"""Runs of the economy for tests: a prepared experiment, its variations, and cached paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import baseline_inputs
from calibration.business_days import time_grid
from equations.accounts import CHART
from equations.dollar_system import dollar_system
from model.language.accounts import Cell
from model.language.clocks import LENGTHS
from model.language.system import System
from model.periods.path import Path
from model.solving.solver import Options, solve

Floats = NDArray[np.float64]
Change = float | Floats | Callable[[Floats], Floats]
OPTIONS = Options(tolerance=1e-11)
DAY = "2025-10-29"
CELLS: tuple[Cell, ...] = tuple(CHART.cells())


@lru_cache(maxsize=1)
def economy() -> System:
    """The dollar system."""
    return dollar_system()


@dataclass(frozen=True)
class Experiment:
    """Everything that a run needs; each method gives a varied copy."""

    system: System
    opening: Mapping[str, float]
    parameters: Mapping[str, float]
    exogenous: Mapping[str, Floats]
    paths: Mapping[str, Floats]
    dates: tuple[date, ...]
    earlier: tuple[Mapping[str, float], ...] = field(default=())

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.dates) - 1

    def given(self, **changes: Change) -> Experiment:
        """With other values of exogenous variables; a function receives the baseline path, add-factors start from zero."""
        table = dict(self.exogenous)
        for name, change in changes.items():
            before = table.get(name, np.zeros(self.periods + 1))
            value = change(before.copy()) if callable(change) else change
            table[name] = np.broadcast_to(np.asarray(value, dtype=np.float64), before.shape).copy()
        return replace(self, exogenous=table)

    def pulse(self, name: str, amount: float, first: int, last: int | None = None) -> Experiment:
        """With ``amount`` added to an exogenous variable from period ``first`` to ``last`` (both included; to the end without it)."""

        def add(before: Floats) -> Floats:
            before[first : None if last is None else last + 1] += amount
            return before

        return self.given(**{name: add})

    def changed(self, **values: float) -> Experiment:
        """With other parameter values; a dated path of the parameter is dropped."""
        paths = {n: p for n, p in self.paths.items() if n not in values}
        return replace(self, parameters={**self.parameters, **values}, paths=paths)

    def opened(self, **values: float) -> Experiment:
        """With other opening values."""
        return replace(self, opening={**self.opening, **values})

    def run(self, options: Options = OPTIONS) -> Path:
        """Solve."""
        known = {p.name for p in self.system.parameters}
        return solve(
            self.system,
            self.opening,
            parameters={n: v for n, v in self.parameters.items() if n in known},
            exogenous={n: v for n, v in self.exogenous.items() if n in self.system.given},
            periods=self.periods,
            dates=self.dates,
            parameter_paths={n: v for n, v in self.paths.items() if n in known},
            earlier=self.earlier,
            options=options,
        )


@lru_cache(maxsize=32)
def experiment(
    periods: int = 52, clock: str = "weekly", day: str = DAY, calendar: bool = True, events: bool = True, system: System | None = None
) -> Experiment:
    """The baseline of an opening on a clock."""
    chosen = economy() if system is None else system
    grid = time_grid(date.fromisoformat(day), clock, periods=periods)
    inputs = baseline_inputs(day, grid, calendar=calendar, events=events)
    names, given = set(chosen.variables), set(chosen.given)
    opening = {n: v for n, v in inputs.opening.items() if n in names and n not in given}
    return Experiment(
        chosen,
        opening,
        dict(inputs.parameters),
        {n: np.asarray(v, dtype=np.float64) for n, v in inputs.exogenous.items()},
        {n: np.asarray(v, dtype=np.float64) for n, v in inputs.parameter_paths.items()},
        grid.dates,
    )


@lru_cache(maxsize=16)
def baseline(periods: int = 52, clock: str = "weekly", day: str = DAY, calendar: bool = True, events: bool = True) -> Path:
    """The baseline path."""
    return experiment(periods, clock, day, calendar, events).run()


def quiet(periods: int = 52) -> Experiment:
    """A year from the end of 2025 without calendar effects and dated events: what a shock does is the shock's alone."""
    return experiment(periods, "weekly", "2025-12-31", False, False)


@lru_cache(maxsize=4)
def quiet_path(periods: int = 52) -> Path:
    """The path of :func:`quiet`."""
    return quiet(periods).run()


def one_year(clock: str) -> int:
    """Periods in a year of a clock."""
    return round(1 / LENGTHS[clock])


def effect(shocked: Path, base: Path, name: str) -> Floats:
    """Shocked less base, by period."""
    return np.asarray(shocked[name] - base[name])
