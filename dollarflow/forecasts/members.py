"""The members of a forecast: the central path with a plan's policies, and paths under drawn parameters and surprises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dollarflow import inputs
from dollarflow.economy import economy, starting_point
from dollarflow.errors import BadInput, Failed
from dollarflow.forecasts.plans import Plan, corrections, purchases
from dollarflow.forecasts.uncertainty import uncertainty
from dollarflow.horizons import BASELINE
from dollarflow.state import State
from model.language.clocks import Grid
from model.language.system import System
from model.periods.failure import SolveFailure
from model.periods.path import Path
from model.scenarios.shocks import Drivers
from model.solving.solver import Options, solve

Floats = NDArray[np.float64]
PASSES = 3
TOLERANCE = 1e-11
VARIABLES = ("sofr_iorb", "reserves", "on_rrp", "tga", "srf", "fed_net_income", "sofr", "effr", "yield_bonds", "mmf_shares")
"""What bands are made of."""


@dataclass(frozen=True)
class Members:
    """A forecast's paths.

    Parameters
    ----------
    dates
        The opening's first, weekly.
    lengths
        Length of each period in years.
    central
        The path without surprises, by variable, shape (weeks + 1,).
    draws
        Values by variable, shape (draws, weeks + 1).
    curves
        The curve that each draw used.
    failed
        Draws without solution, drawn again.
    given
        The exogenous paths of the central path that the plan changed, for use with ``dollarflow run``.
    """

    dates: tuple[date, ...]
    lengths: tuple[float, ...]
    central: Mapping[str, Floats]
    draws: Mapping[str, Floats]
    curves: tuple[str, ...]
    failed: int
    given: Mapping[str, Floats]


def forecast_members(
    opening: State, grid: Grid, plan: Plan, draws: int, seed: int, where: str, progress: Callable[[int, int], None] | None = None
) -> Members:
    """The central path of a plan and its drawn paths.

    Parameters
    ----------
    opening
        The opening, calibration's own or with a caller's values.
    grid
        Weekly dates.
    plan
        The caller's paths.
    draws, seed
        Number of drawn paths and the seed of the generator.
    where
        What a message names as the place of the plan.
    progress
        Called with (done, draws).

    Raises
    ------
    BadInput
        A name that is not given from outside, or a value out of bounds.
    Failed
        The central path, or every second draw, has no solution.
    """
    from calibration.backtest.surprises import drawn

    system = economy(BASELINE)
    start, base = starting_point(system, opening, grid)
    planned = planned_paths(system, start, base, grid, plan, where)
    try:
        central = solved(system, start, base.parameters, planned, base.parameter_paths, grid)
    except SolveFailure as failure:
        raise Failed(f"dollarflow: the central path has no solution: {failure}") from None
    unknown = uncertainty(opening.date)
    generator = np.random.default_rng(seed)
    rows: list[list[Floats]] = []
    curves: list[str] = []
    tries = 0
    while len(rows) < draws and tries < 2 * draws:
        tries += 1
        label, changed = unknown.parameters(base.parameters, generator)
        surprise = drawn(unknown.noises, generator, len(grid.dates))
        first, other = starting_point(system, opening, grid, changed)
        paths = {name: series for name, series in other.parameter_paths.items() if name not in changed}
        exogenous, paths = surprise.over(planned, paths, other.parameters, start["mmf_shares"])
        try:
            path = solved(system, first, other.parameters, exogenous, paths, grid)
        except SolveFailure:
            continue
        rows.append([path[name] for name in VARIABLES])
        curves.append(label)
        if progress is not None:
            progress(len(rows), draws)
    if len(rows) < draws:
        raise Failed(
            f"dollarflow: {tries - len(rows)} of {tries} draws have no solution; the plan is at the edge of what the model can solve"
        )
    values = {name: np.array([row[place] for row in rows]) for place, name in enumerate(VARIABLES)}
    return Members(
        tuple(grid.dates),
        tuple(grid.lengths),
        {name: central[name] for name in VARIABLES},
        values,
        tuple(curves),
        tries - len(rows),
        changed_by(planned, base, grid),
    )


def planned_paths(system: System, start: Mapping[str, float], base: Drivers, grid: Grid, plan: Plan, where: str) -> dict[str, Floats]:
    """Every exogenous path of a plan, with the additions that give its deficits and cash.

    Parameters
    ----------
    system, start, base, grid
        What is solved, its opening values, its usual inputs and its dates.
    plan
        The caller's paths.
    where
        What a message names as the place of the plan.

    Raises
    ------
    BadInput
        A name that is not given from outside, or a value out of bounds.
    Failed
        Deficits or cash without solution.
    """
    for name, dated in plan.own.items():
        inputs.check_given(system, name, [value for _, value in dated], where)
    planned = {**base.exogenous, **inputs.on_grid({k: list(v) for k, v in plan.own.items()}, grid.dates, base.exogenous, where)}
    planned |= purchases(plan, grid.dates, planned)
    check_corridor(planned, grid.dates, where)
    return fitted(system, start, base, grid, plan, planned)


def changed_by(planned: Mapping[str, Floats], base: Drivers, grid: Grid) -> dict[str, Floats]:
    """The paths of a plan that differ from the usual ones."""
    usual = {name: base.exogenous.get(name, np.zeros(len(grid.dates))) for name in planned}
    return {name: series for name, series in planned.items() if not np.array_equal(series, usual[name])}


def check_corridor(given: Mapping[str, Floats], dates: Sequence[date], where: str) -> None:
    """Refuse a target range whose lower bound is not below its upper one.

    Raises
    ------
    BadInput
        With the first such date.
    """
    for day, low, high in zip(dates, given["rate_lower"].tolist(), given["rate_upper"].tolist(), strict=True):
        if low >= high:
            raise BadInput(f"{where} {day}: rate_lower {low:g} is not below rate_upper {high:g}; give both")


def fitted(
    system: System, start: Mapping[str, float], base: Drivers, grid: Grid, plan: Plan, planned: dict[str, Floats]
) -> dict[str, Floats]:
    """The exogenous paths with additions to transfers and to the cash target that give the plan's deficits and cash.

    Interest and the target follow the path, so that a few passes are made.
    """
    added: dict[str, Floats] = {}
    for _ in range(PASSES if {"deficit", "tga"} & set(plan.plain) else 0):
        try:
            path = solved(system, start, base.parameters, {**planned, **added}, base.parameter_paths, grid)
        except SolveFailure as failure:
            raise Failed(f"dollarflow: the plan's deficits or cash have no solution: {failure}") from None
        more = corrections(plan, grid.dates, path, base.parameters["tax_rate"])
        added = {name: added.get(name, np.zeros(len(series))) + series for name, series in more.items()}
    return {**planned, **{name: planned.get(name, np.zeros(len(series))) + series for name, series in added.items()}}


def solved(
    system: System,
    start: Mapping[str, float],
    parameters: Mapping[str, float],
    exogenous: Mapping[str, Floats],
    paths: Mapping[str, Floats],
    grid: Grid,
) -> Path:
    """One path of the system."""
    numbers = {p.name: parameters[p.name] for p in system.parameters if p.name in parameters}
    given = {name: series for name, series in exogenous.items() if name in system.given}
    known = {name: value for name, value in start.items() if name in system.variables}
    return solve(
        system,
        known,
        parameters=numbers,
        exogenous=given,
        periods=len(grid.dates) - 1,
        dates=grid.dates,
        parameter_paths=paths,
        options=Options(tolerance=TOLERANCE),
    )
