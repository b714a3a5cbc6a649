"""A request for an ensemble turned into its members."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dollarflow import inputs
from dollarflow.economy import economy, opening_state
from dollarflow.ensembles.defaults import default_variation, usual_ranges
from dollarflow.ensembles.designs import SALTELLI, SOBOL, Design
from dollarflow.ensembles.members import Members
from dollarflow.ensembles.starting import find_start
from dollarflow.ensembles.variation import Variation
from dollarflow.ensembles.variation_files import read_variation
from dollarflow.errors import BadInput
from dollarflow.horizons import horizon
from dollarflow.lengths import check_length
from dollarflow.session import Request, day_of
from dollarflow.state import State
from model.language.system import System
from model.scenarios.scenario import Scenario
from model.scenarios.shocks import exogenise


@dataclass(frozen=True)
class Asked:
    """What a caller asks of an ensemble.

    Parameters
    ----------
    scenario
        The scenario.
    draws, design, seed
        See :class:`dollarflow.ensembles.designs.Design`.
    start, periods, clock
        The horizon, where it is not the scenario's own.
    vary
        A file that says what varies; None for the default.
    """

    scenario: Scenario
    draws: int
    design: str = SOBOL
    seed: int = 1
    start: str | None = None
    periods: int | None = None
    clock: str | None = None
    vary: Path | None = None


def find_members(asked: Asked) -> Members:
    """The members that a request describes, on the dollar system.

    Raises
    ------
    BadInput, BadFile, DataError
        Something in the request cannot be used.
    """
    opening = opening_state(day_of(Request(asked.scenario, start=asked.start)))
    if asked.periods is not None:
        check_length(asked.periods, f"--periods {asked.periods}")
    system = economy(asked.scenario)
    variation = find_variation(system, opening, asked)
    return make_members(
        system,
        opening,
        asked.scenario,
        variation=variation,
        draws=asked.draws,
        design=asked.design,
        seed=asked.seed,
        periods=asked.periods,
        clock=asked.clock,
    )


def make_members(
    system: System,
    opening: State,
    scenario: Scenario,
    *,
    variation: Variation,
    draws: int,
    design: str = SOBOL,
    seed: int = 1,
    periods: int | None = None,
    clock: str | None = None,
) -> Members:
    """The members of an ensemble of any system with a chart of accounts.

    Parameters
    ----------
    system, opening, scenario, periods, clock
        As for :func:`dollarflow.simulate`.
    variation
        What varies.
    draws, design, seed
        See :class:`dollarflow.ensembles.designs.Design`.

    Raises
    ------
    BadInput
        A variation or a design that cannot be used.
    """
    if design == SALTELLI and variation.correlations:
        raise BadInput("--design saltelli: indices of correlated parameters are not defined; leave out [[correlation]]")
    chosen = Design(design, draws, seed, len(variation.factors), len(variation.processes))
    return Members(system, opening, scenario, periods, clock, variation, chosen)


def find_variation(system: System, opening: State, asked: Asked) -> Variation:
    """What the caller's file varies, or the default."""
    solved = exogenise(asked.scenario, system)
    grid = horizon(asked.scenario, opening.date, asked.periods, asked.clock)
    check_length(grid.periods, f"{grid.periods} {grid.clock} periods, {grid.dates[0]} to {grid.dates[-1]}")
    start = find_start(solved, opening, grid, asked.scenario, {}, asked.periods is not None or asked.clock is not None)
    values = dict(start.drivers.parameters)
    if asked.vary is None:
        fixed = {*dict(asked.scenario.parameters), *start.base.parameter_paths}
        return default_variation(solved, values, fixed, grid.clock)
    text = inputs.read_text(asked.vary, "file of what varies")
    return read_variation(text, str(asked.vary), solved, values, usual_ranges())
