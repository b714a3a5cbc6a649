"""Where the application meets the economy and its numbers: the system, its openings, its dated inputs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from dollarflow.errors import BadInput
from dollarflow.hypotheses import HYPOTHESES, OTHER_SWITCHES, assumed
from dollarflow.state import State
from model.language.clocks import Grid
from model.language.system import System, nearest
from model.scenarios.shocks import Drivers

if TYPE_CHECKING:
    from model.scenarios.scenario import Scenario

INPUT_SWITCHES: dict[str, type] = {
    "calendar": bool,
    "events": bool,
    "history": bool,
    "parameters": str,
    **dict.fromkeys((*HYPOTHESES, *OTHER_SWITCHES), bool),
}
"""Switches of the inputs: calendar, dated policy, published fiscal flows, parameter set, rival hypotheses. Others are the system's."""
WORDS: dict[type, str] = {bool: "true or false", str: "the name of a parameter set"}


def opening_state(day: date | str) -> State:
    """The balanced opening of a day: every balance sheet in USD bn, rates in decimals per year.

    Parameters
    ----------
    day
        A date, or its ISO text, that calibration has balance sheets for.

    Raises
    ------
    BadInput
        A text that is no date.
    DataError
        No balance sheets of that day; the message lists those that exist.

    Examples
    --------
    >>> round(opening_state("2025-10-29")["reserves"], 1)
    2827.9
    """
    from calibration.state import opening_state as values

    try:
        when = date.fromisoformat(day) if isinstance(day, str) else day.date() if isinstance(day, datetime) else day
    except ValueError:
        raise BadInput(f"{day!r} is not a date; write 2025-10-29") from None
    if not isinstance(when, date):
        raise BadInput(f"{day!r} is not a date; write 2025-10-29")
    return State(when, values(when), calibrated=True)


def _check_own(opening: State) -> None:
    """Refuses changes of an opening of one's own that its values do not have."""
    for name, value in opening.changes.items():
        if opening.values.get(name) != value:
            own = f"{opening.values[name]:g}" if name in opening.values else "nothing"
            raise BadInput(f"the opening of {opening.date}: {name!r} is {value!r} among its changes, {own} among its values")


def opening_values(day: date, length: float, parameters: Mapping[str, float]) -> dict[str, float]:
    """Calibration's values of a day, with the period length ``dt`` and the amortisation that coupon securities are valued for."""
    from calibration.parameters import load_parameters
    from calibration.state import AMORTISATION
    from calibration.state import opening_state as values

    used = {name: parameters.get(name, load_parameters()[name]) for name in AMORTISATION}
    return {**values(day, length, used), "dt": length, **used}


def economy(scenario: Scenario) -> System:
    """The dollar system with the scenario's switches.

    Raises
    ------
    BadFile
        A switch that the system does not have.
    """
    import inspect

    from equations.dollar_system import dollar_system

    variants = tuple(inspect.signature(dollar_system).parameters)
    for name, value in scenario.switch:
        known = (*INPUT_SWITCHES, *variants)
        if name not in known:
            raise scenario.places.refuse(("switch", name), f"unknown switch {name!r}{nearest(name, known)}; known: {', '.join(known)}")
        if name in INPUT_SWITCHES and not isinstance(value, INPUT_SWITCHES[name]):
            raise scenario.places.refuse(("switch", name), f"{name} is {value!r}; allowed: {WORDS[INPUT_SWITCHES[name]]}")
    chosen: dict[str, Any] = {name: value for name, value in scenario.switch if name in variants}
    return dollar_system(**chosen)


def time_grid(start: date, clock: str, periods: int | None = None, end: date | None = None) -> Grid:
    """The dates of a run; the daily clock steps over US holidays.

    Raises
    ------
    BadInput
        A negative number of periods, an unknown clock, or dates out of order.
    """
    from calibration.business_days import time_grid as grid

    try:
        return grid(start, clock, periods=periods, end=end)
    except ValueError as error:
        raise BadInput(str(error)) from None


def starting_point(
    system: System, opening: State, grid: Grid, parameters: Mapping[str, float] | None = None, scenario: Scenario | None = None
) -> tuple[dict[str, float], Drivers]:
    """Values in period 0 and everything given from outside, before any scenario.

    For the project's own balance sheets: coupons valued for the clock's period length, calibration's parameters and dated paths, and
    the parameters and states that the opening determines. An opening of one's own brings its parameters and paths with it.

    Parameters
    ----------
    system
        What will be solved.
    opening
        The state as the caller gave it.
    grid
        The dates.
    parameters
        Values over calibration's, from which the anchored ones are computed.
    scenario
        Its switches say which parameter set is used and whether calendar effects and dated policy are on.

    Raises
    ------
    BadInput
        An opening of the project's own whose values are not calibration's, apart from its changes; see
        :meth:`dollarflow.State.with_changes`.
    """
    switches = {} if scenario is None else dict(scenario.switch)
    count = len(grid.dates)
    own = {name: np.broadcast_to(np.asarray(series, dtype=np.float64), (count,)).copy() for name, series in opening.exogenous.items()}
    years = {} if system.chart is None else {system.chart.period.base: grid.lengths}
    if not opening.calibrated:
        _check_own(opening)
        return dict(opening.values), Drivers({**opening.parameters, **(parameters or {})}, {**years, **own})
    from calibration.baseline import baseline_inputs
    from dollarflow.own_opening import checked

    values = {**opening.parameters, **assumed(scenario), **(parameters or {})}
    opening = checked(system, opening, opening_state(opening.date).values, opening_values(opening.date, float(grid.lengths[0]), values))
    base = baseline_inputs(
        opening.date,
        grid,
        parameters=str(switches["parameters"]) if "parameters" in switches else None,
        calendar=bool(switches.get("calendar", True)),
        events=bool(switches.get("events", True)),
        history=bool(switches.get("history", False)),
        changed=values,
        opening=opening.changes,
    )
    return dict(base.opening), Drivers(base.parameters, {**base.exogenous, **own}, base.parameter_paths)
