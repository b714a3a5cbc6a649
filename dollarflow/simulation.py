"""Simulations: a system, an opening and a scenario become an audited path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from numbers import Real
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.completion import complete
from dollarflow.economy import starting_point
from dollarflow.exhaustion import explained
from dollarflow.horizons import BASELINE, horizon
from dollarflow.hypotheses import check_corridor, foresee_policy
from dollarflow.results import Ledger, write_folder
from dollarflow.solved import Solved
from dollarflow.starts import DEFAULT
from dollarflow.state import Given, State
from model.language.clocks import Grid
from model.language.system import System, nearest
from model.periods.failure import SolveFailure
from model.periods.inputs import InputError
from model.periods.path import Path
from model.scenarios.scenario import Scenario
from model.scenarios.shocks import Drivers, apply, check_expectations, exogenise, out_of_limits, set_by_clock
from model.solving.solver import Options, solve

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, repr=False)
class Simulation(Solved):
    """A solved path that writes its result folder, shows itself in notebooks and gives labelled data."""

    def to_xarray(self) -> xr.Dataset:
        """Variables and cells by period and the list of payments, with units, see :func:`dollarflow.exporting.dataset`.

        Raises
        ------
        BadInput
            xarray is not installed.
        """
        from dollarflow.exporting import dataset, record_of_simulation

        return dataset(record_of_simulation(self))

    def _repr_html_(self) -> str:
        from dollarflow.displays import simulation_html

        return simulation_html(self)

    def write(self, folder: str | FilePath) -> FilePath:
        """Writes the result folder and returns its place.

        Raises
        ------
        Unwritable
            The place cannot or may not be written.
        """
        from dollarflow.provenance import manifest_content

        place = FilePath(folder)
        write_folder(place, Ledger(self.path, self.chart), manifest_content(self))
        return place


def simulate(
    system: System,
    opening: State,
    scenario: Scenario | None = None,
    *,
    periods: int | None = None,
    clock: str | None = None,
    parameters: Mapping[str, float] | None = None,
    exogenous: Given | None = None,
    overrides: Mapping[str, str] | None = None,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Simulation:
    """The audited path of a system from an opening under a scenario.

    Parameters
    ----------
    system
        A system with a chart of accounts.
    opening
        Its state in period 0, see :func:`dollarflow.opening_state`.
    scenario
        What departs from the baseline; None for nothing.
    periods, clock
        Length and clock; without them the scenario's horizon, then 52 weeks.
    parameters, exogenous
        Values over those of calibration and before those of the scenario: numbers, or arrays of length periods + 1.
    overrides
        The caller's settings as text, for the manifest.
    options, progress
        Passed to the solver.

    Raises
    ------
    BadFile
        The scenario does not fit the system or the horizon.
    InputError
        An unknown parameter or variable, or a value out of bounds.
    SolveFailure
        A period without solution.
    TypeError
        A name or a date in place of what it stands for.
    """
    given = prepared(system, opening, scenario, periods=periods, clock=clock, parameters=parameters, exogenous=exogenous)
    try:
        path = solve(
            given.system,
            given.opening,
            parameters=given.parameters,
            exogenous=given.exogenous,
            periods=len(given.grid.dates) - 1,
            dates=given.grid.dates,
            parameter_paths=given.parameter_paths,
            options=options,
            progress=progress,
        )
    except SolveFailure as failure:
        raise explained(failure, given.system) from None
    checks, violations = audit(path)
    opened, settings = MappingProxyType(dict(given.start)), MappingProxyType(dict(overrides or {}))
    assert system.chart is not None
    return Simulation(path, system.chart, given.scenario, given.grid.clock, opened, settings, checks, violations)


@dataclass(frozen=True)
class Prepared:
    """Everything that a simulation solves.

    Parameters
    ----------
    system, scenario, grid
        The system with what the scenario exogenises, the scenario, and the dates.
    start, opening
        Values in period 0 as the opening and its anchors give them, and completed by definitions.
    parameters, parameter_paths, exogenous
        Values by name; paths have length periods + 1.
    """

    system: System
    scenario: Scenario
    grid: Grid
    start: Mapping[str, float]
    opening: Mapping[str, float]
    parameters: Mapping[str, float]
    parameter_paths: Mapping[str, NDArray[np.float64]]
    exogenous: Mapping[str, NDArray[np.float64]]


def prepared(
    system: System,
    opening: State,
    scenario: Scenario | None = None,
    *,
    periods: int | None = None,
    clock: str | None = None,
    parameters: Mapping[str, float] | None = None,
    exogenous: Given | None = None,
) -> Prepared:
    """What :func:`simulate` solves for the same arguments; raises what it raises before solving."""
    _check_types(system, opening, scenario)
    if system.chart is None:
        raise InputError(
            f"system {system.name!r} has no chart of accounts, so it has no balance sheets to simulate; use model.solving.solver.solve"
        )
    asked = BASELINE if scenario is None else scenario
    grid = horizon(asked, opening.date, periods, clock)
    changed = exogenise(asked, system)
    own_dates = periods is None and clock is None and opening.date == (asked.horizon.start or DEFAULT)
    check_expectations(asked, changed, grid.dates if own_dates else ())
    _check_names(changed, parameters or {}, exogenous or {})
    start, base = starting_point(changed, opening, grid, {**(parameters or {}), **dict(asked.parameters)}, asked)
    arrays = {name: _array(name, value, len(grid.dates)) for name, value in (exogenous or {}).items()}
    base = Drivers(base.parameters, {**base.exogenous, **arrays}, base.parameter_paths)
    drivers = apply(asked, changed, grid.dates, base, start, clip=periods is not None or clock is not None)
    check_corridor(asked, drivers, grid.dates)
    drivers = foresee_policy(asked, drivers, grid)
    given = set(changed.given)
    numbers = {p.name: drivers.parameters[p.name] for p in changed.parameters if p.name in drivers.parameters}
    paths = {name: series for name, series in drivers.exogenous.items() if name in given}
    known = {name: number for name, number in start.items() if name in changed.variables}
    return Prepared(changed, asked, grid, start, complete(changed, known, numbers, paths), numbers, drivers.parameter_paths, paths)


def audit(path: Path) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Names of the checks and everything that they found on a path."""
    from model.accounting.audit import CHECKS

    names = tuple(check.__name__ for check in CHECKS)
    return names, tuple(violation for check in CHECKS for violation in check(path))


def _check_types(system: object, opening: object, scenario: object) -> None:
    wanted = (
        ("system", system, System, "dollar_system()"),
        ("opening", opening, State, f"opening_state({opening!r})" if isinstance(opening, str | date) else "opening_state('2025-10-29')"),
        ("scenario", scenario, Scenario | None, f"scenario({scenario!r})" if isinstance(scenario, str) else "scenario('qe')"),
    )
    for name, given, kind, mend in wanted:
        if not isinstance(given, kind):
            raise TypeError(f"{name} is {given!r}; pass dollarflow.{mend}")


def _check_names(system: System, parameters: Mapping[str, float], exogenous: Given) -> None:
    known = {p.name for p in system.parameters}
    for name in parameters:
        if name not in known:
            raise InputError(f"unknown parameter {name!r}{nearest(name, known)}")
        value = parameters[name]
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise InputError(f"parameter {name!r} is {value!r}; allowed: a finite number")
    for name in exogenous:
        fixed = set_by_clock(system, name)
        if fixed:
            raise InputError(fixed)
        if name not in system.given:
            raise InputError(f"{name!r} is not exogenous{nearest(name, system.given)}")
        values = np.asarray(exogenous[name], dtype=np.float64)
        wrong = out_of_limits(system, name, values[1:] if values.ndim else values[None])
        if wrong:
            raise InputError(f"{name} = {wrong}")


def _array(name: str, value: float | NDArray[np.float64] | Sequence[float], length: int) -> NDArray[np.float64]:
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return np.full(length, float(array))
    if array.shape != (length,):
        raise InputError(f"{name!r} needs {length} values, period 0 first, not {array.shape}")
    return array
