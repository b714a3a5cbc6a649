"""Starting points of many members: anchored parameters, opening states and what follows from them, computed on arrays.

The numbers are those of :func:`dollarflow.economy.starting_point` and :func:`dollarflow.completion.complete` for each member, to rounding.
What does not depend on anything that is drawn is taken from one such computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from dollarflow.completion import complete, static_equations
from dollarflow.economy import starting_point
from dollarflow.ensembles.formulas import Formulas, Number, dependent
from dollarflow.hypotheses import assumed, check_corridor, foresee_policy
from dollarflow.state import State
from model.language.clocks import Grid
from model.language.symbols import Variable
from model.language.system import System
from model.scenarios.scenario import Scenario
from model.scenarios.shocks import Drivers, apply

Floats = NDArray[np.float64]
Expressions = dict[str, sp.Expr]


@dataclass(frozen=True)
class Start:
    """Where members start, as far as drawn parameters decide it.

    Parameters
    ----------
    opened
        Values in period 0 at the middle of the drawn parameters, before what follows from them.
    opening
        The same, completed.
    base, drivers
        Everything given at the middle, before and after the scenario.
    anchored, followed
        Expressions of anchored states and parameters, and of opening values that follow, which depend on drawn parameters.
    states
        Which of the anchored are states.
    """

    opened: Mapping[str, float]
    opening: Mapping[str, float]
    base: Drivers
    drivers: Drivers
    anchored: Formulas
    followed: Formulas
    states: frozenset[str]

    @property
    def moving(self) -> frozenset[str]:
        """Names of anchored states and parameters that differ from member to member."""
        return frozenset(self.anchored.names)

    def members(self, drawn: Mapping[str, Floats]) -> tuple[dict[str, Number], dict[str, Number]]:
        """Opening values and parameters that differ from member to member, arrays of shape (members,), drawn parameters included."""
        numbers: dict[str, Number] = {**self.drivers.parameters, **drawn}
        found = self.anchored.evaluate({**numbers, **self.opened})
        openings = {name: value for name, value in found.items() if name in self.states}
        parameters = {**drawn, **{name: value for name, value in found.items() if name not in self.states}}
        if self.followed.names:
            given = {name: float(path[0]) for name, path in self.drivers.exogenous.items()}
            openings |= self.followed.evaluate({**numbers, **parameters, **self.opening, **given, **openings})
        return openings, parameters


def find_start(system: System, opening: State, grid: Grid, scenario: Scenario, middle: Mapping[str, float], clip: bool) -> Start:
    """The start of an ensemble's members.

    Parameters
    ----------
    system
        The system after the scenario's exogenised variables.
    opening, grid, scenario
        As for :func:`dollarflow.simulate`.
    middle
        A value for each drawn parameter.
    clip
        True where the caller chose another horizon than the scenario's own.

    Raises
    ------
    BadFile, DataError, AnchorError, InputError
        As for a single run.
    """
    opened, base = starting_point(system, opening, grid, {**middle, **dict(scenario.parameters)}, scenario)
    drivers = apply(scenario, system, grid.dates, base, opened, clip=clip)
    check_corridor(scenario, drivers, grid.dates)
    drivers = foresee_policy(scenario, drivers, grid)
    states, parameters = _anchors(opening, grid, scenario, middle)
    expressions = {**states, **parameters}
    moved = dependent(expressions, middle)
    known = {name: number for name, number in opened.items() if name in system.variables}
    numbers = {p.name: drivers.parameters[p.name] for p in system.parameters if p.name in drivers.parameters}
    paths = {name: series for name, series in drivers.exogenous.items() if name in set(system.given)}
    completed = complete(system, known, numbers, paths)
    following: Expressions = {}
    if len(completed) > len(known):
        values = {*known, *system.add_factors, *(n for n, p in paths.items() if np.isfinite(p[0]))}
        following = {e.left.base: e.total_right for e in static_equations(system, values) if isinstance(e.left, Variable)}
    followers = dependent(following, {*middle, *moved})
    factors = {name: np.zeros(len(grid.dates)) for name in system.add_factors}
    return Start(
        opened,
        completed,
        base,
        Drivers(drivers.parameters, {**factors, **drivers.exogenous}, drivers.parameter_paths),
        Formulas({name: e for name, e in expressions.items() if name in moved}),
        Formulas({name: e for name, e in following.items() if name in followers}),
        frozenset(name for name in moved if name in states),
    )


def _anchors(opening: State, grid: Grid, scenario: Scenario, middle: Mapping[str, float]) -> tuple[Expressions, Expressions]:
    """Expressions of the states and parameters that the opening determines; those that are given stay out."""
    if not opening.calibrated:
        return {}, {}
    from calibration.parameters import load_parameters, usual_set
    from calibration.replay import starting_values
    from calibration.state import opening_state
    from equations.anchors import PARAMETERS, STATES

    switches = dict(scenario.switch)
    start = {**opening_state(opening.date, float(grid.lengths[0]), {**middle, **dict(scenario.parameters)}), **opening.changes}
    numbers = {
        *load_parameters(str(switches.get("parameters", usual_set(opening.date)))),
        *(starting_values(grid.dates[0]) if switches.get("history", False) else {}),
        *opening.parameters,
        *assumed(scenario),
        *middle,
        *dict(scenario.parameters),
    }
    states = {a.target.base: a.expression for a in STATES if isinstance(a.target, Variable) and a.target.base not in start}
    return states, {a.target.name: a.expression for a in PARAMETERS if a.target.name not in numbers}
