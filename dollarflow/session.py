"""A request of the command line turned into a simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dollarflow import inputs
from dollarflow.economy import economy, opening_state, opening_values, starting_point
from dollarflow.errors import BadInput
from dollarflow.horizons import horizon
from dollarflow.lengths import check_length
from dollarflow.own_opening import closed, derived_names
from dollarflow.results.digests import file_digest
from dollarflow.simulation import Simulation, simulate
from model.scenarios.scenario import Scenario
from model.scenarios.shocks import exogenise

START = date(2025, 10, 29)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Request:
    """What a caller asks for.

    Parameters
    ----------
    scenario
        The scenario.
    start, periods, clock
        The horizon, where it is not the scenario's own.
    assignments
        ``NAME=VALUE`` texts.
    exogenous, opening
        Files of dated paths and of opening values.
    """

    scenario: Scenario
    start: str | None = None
    periods: int | None = None
    clock: str | None = None
    assignments: tuple[str, ...] = ()
    exogenous: Path | None = None
    opening: Path | None = None


def beside(scenario: Scenario) -> Request:
    """The request for a scenario's baseline on the scenario's own dates.

    Raises
    ------
    BadInput
        A scenario that names no baseline.
    """
    from dollarflow.scenarios import scenario as find

    if not scenario.baseline:
        raise BadInput(f"scenario {scenario.name!r} has no baseline to differ from")
    own, base = scenario.horizon, find(scenario.baseline)
    return Request(base.model_copy(update={"horizon": own.over(base.horizon)}))


def day_of(request: Request) -> date:
    """The opening's date: the caller's, the scenario's, or the calibration's latest."""
    if request.start is None:
        return request.scenario.horizon.start or START
    try:
        return date.fromisoformat(request.start)
    except ValueError:
        raise BadInput(f"--start {request.start!r} is not a date; write {START.isoformat()}") from None


def solve_request(request: Request, progress: Callable[[int, int], None] | None = None) -> Simulation:
    """The simulation that a request asks for.

    Raises
    ------
    BadInput, BadFile, DataError, InputError
        Something in the request cannot be used.
    SolveFailure
        A period without solution.
    """
    scenario = request.scenario
    paths = inputs.read_paths(request.exogenous) if request.exogenous else {}
    values = inputs.settings(request.assignments)
    system = economy(scenario)
    opening = opening_state(day_of(request))
    if request.opening is not None:
        asked = opening.date if request.start is not None else None
        opening = inputs.read_opening(request.opening, opening, system.variables, derived_names(system, opening))
        if asked is not None and opening.date != asked:
            raise BadInput(f"--opening {request.opening}: its date {opening.date} is not --start {asked}; leave out one of them")
    if request.periods is not None:
        check_length(request.periods, f"--periods {request.periods}")
    grid = horizon(scenario, opening.date, request.periods, request.clock)
    if not grid.periods and request.periods is None and scenario.horizon.end is not None:
        raise BadInput(f"{scenario.name} ends on {scenario.horizon.end}, before its first {grid.clock} date; choose a finer --clock")
    check_length(grid.periods, f"{grid.periods} {grid.clock} periods, {grid.dates[0]} to {grid.dates[-1]}")
    if request.opening is not None:
        opening = closed(system, opening, opening_values(opening.date, float(grid.lengths[0]), {**values, **dict(scenario.parameters)}))
    changed = exogenise(scenario, system)
    parameters, constants = inputs.split(changed, values)
    overrides = {f"set {name}": repr(value) for name, value in sorted(values.items())}
    given: dict[str, float | Floats] = dict(constants)
    if paths:
        from dollarflow.forecasts.members import changed_by, planned_paths
        from dollarflow.forecasts.plans import plan_of

        where = f"--exogenous {request.exogenous}:"
        plan = plan_of(paths, where, values)
        for name, path in plan.own.items():
            inputs.check_given(changed, name, [value for _, value in path], where)
        start, base = starting_point(changed, opening, grid, parameters, scenario)
        if plan.plain:
            fixed = {name: np.full(len(grid.dates), value) for name, value in constants.items()}
            base = replace(base, exogenous={**base.exogenous, **fixed})
            given |= changed_by(planned_paths(changed, start, base, grid, plan, where), base, grid)
        given |= inputs.on_grid({name: list(path) for name, path in plan.own.items()}, grid.dates, base.exogenous, where)
        overrides["exogenous"] = file_digest(Path(request.exogenous or "").read_bytes())
    if request.opening is not None:
        overrides["opening"] = file_digest(request.opening.read_bytes())
    return simulate(
        system,
        opening,
        scenario,
        periods=request.periods,
        clock=request.clock,
        parameters=parameters,
        exogenous=given,
        overrides=overrides,
        progress=progress,
    )
