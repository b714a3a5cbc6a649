"""Members: what each draw means for opening, parameters and paths, exactly as ``dollarflow run --set … --exogenous …`` would take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.designs import Design
from dollarflow.ensembles.formulas import Number
from dollarflow.ensembles.starting import Start, find_start
from dollarflow.ensembles.variation import Variation, check_variation, check_window
from dollarflow.errors import BadInput
from dollarflow.horizons import horizon
from dollarflow.hypotheses import ANNOUNCED_PATH, RATES, check_corridor, foresee_policy
from dollarflow.state import State
from model.compiler.compilation import compile_system
from model.language.clocks import Grid
from model.language.system import System
from model.periods.inputs import InputError
from model.scenarios.places import BadFile
from model.scenarios.scenario import Scenario
from model.scenarios.shocks import Drivers, apply, exogenise, interval
from model.solving.solver import Options, solve

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Inputs:
    """What the solver is given for some members.

    Parameters
    ----------
    drawn
        Drawn parameters, shape (members, parameters).
    openings, parameters, exogenous, parameter_paths
        Numbers or arrays for :func:`model.solving.batch.solve_batch`, of the members that can be solved.
    opened
        What the opening really has of variables whose opening value is a first guess; not-a-number for nothing.
    places
        Which members those are.
    refused
        Why the others cannot be solved, by place.
    """

    drawn: Floats
    openings: Mapping[str, Number]
    opened: Mapping[str, Number]
    parameters: Mapping[str, Number]
    exogenous: Mapping[str, Number]
    parameter_paths: Mapping[str, Floats]
    places: NDArray[np.int64]
    refused: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Members:
    """Every member of an ensemble, described; immutable and small enough to be sent to a worker.

    Parameters
    ----------
    system
        The system before the scenario's exogenised variables.
    opening, scenario
        As for :func:`dollarflow.simulate`.
    periods, clock
        Length and clock where they are not the scenario's.
    variation, design
        What is drawn, and how.

    Raises
    ------
    BadInput, BadFile
        A variation that does not fit the system or the scenario.
    """

    system: System
    opening: State
    scenario: Scenario
    periods: int | None
    clock: str | None
    variation: Variation
    design: Design

    def __post_init__(self) -> None:
        check_variation(self.variation, self.solved, dict(self.scenario.parameters))
        for process in self.variation.processes:
            try:
                check_window(process, self.dates, self.clip)
            except ValueError as error:
                raise BadInput(f"[[shock]] {process.variable}: {error}") from None

    def __reduce__(self) -> tuple[Any, ...]:
        state = self.opening
        packed = (
            state.date,
            dict(state.values),
            dict(state.parameters),
            dict(state.exogenous),
            state.calibrated,
            dict(state.changes),
            state.closed,
        )
        return _unpack, (self.system, packed, self.scenario, self.periods, self.clock, self.variation, self.design)

    @cached_property
    def solved(self) -> System:
        """The system that is solved."""
        return exogenise(self.scenario, self.system)

    @cached_property
    def grid(self) -> Grid:
        """The dates of the run."""
        return horizon(self.scenario, self.opening.date, self.periods, self.clock)

    @property
    def clip(self) -> bool:
        """True where the caller chose another horizon than the scenario's own."""
        return self.periods is not None or self.clock is not None

    @cached_property
    def start(self) -> Start:
        """Where members start; computed on first use."""
        return find_start(self.solved, self.opening, self.grid, self.scenario, self.variation.medians(), self.clip)

    @cached_property
    def guesses(self) -> dict[str, float]:
        """Where the first period's search begins for variables that no equation reads with a lag: their values at the middle of the draws.

        Solutions do not depend on it. Nothing where the middle has no solution or is out of bounds.
        """
        start = self.start
        known, given = {p.name for p in self.solved.parameters}, set(self.solved.given)
        try:
            path = solve(
                self.solved,
                {n: v for n, v in start.opening.items() if n in self.solved.variables},
                parameters={n: v for n, v in start.drivers.parameters.items() if n in known},
                exogenous={n: v[:2] for n, v in start.drivers.exogenous.items() if n in given},
                periods=1,
                parameter_paths={n: v[:2] for n, v in start.drivers.parameter_paths.items()},
                options=Options(raise_on_failure=False),
            )
        except InputError:
            return {}
        if path.periods < 1:
            return {}
        lags = compile_system(self.solved).lags
        return {name: float(path[name][1]) for name in self.solved.unknowns if name not in lags and np.isfinite(path[name][1])}

    @property
    def dates(self) -> tuple[date, ...]:
        """The opening's date, then the end of each period."""
        return self.grid.dates

    def drawn(self, first: int, last: int) -> Floats:
        """Parameters of members ``first`` to ``last - 1``, shape (members, parameters)."""
        return self.variation.parameters(self.design.uniforms(first, last))

    @property
    def replayed(self) -> bool:
        """True where published flows, which depend on parameters, are given."""
        return bool(dict(self.scenario.switch).get("history")) and self.opening.calibrated

    def given(self, first: int, last: int) -> dict[str, Floats]:
        """Paths of the shocked variables before the scenario, baseline included, shape (members, periods + 1)."""
        shocks = self.variation.shocks(self.design.innovations(first, last, self.grid.periods), self.dates)
        none = np.zeros(len(self.dates))
        if not (self.replayed and shocks):
            return {name: self.start.base.exogenous.get(name, none) + path for name, path in shocks.items()}
        drawn = self.drawn(first, last)
        openings, parameters = self.start.members({name: drawn[:, j] for j, name in enumerate(self.variation.names)})
        for k in range(last - first):
            base = self._base(k, openings, parameters)[1].exogenous
            for name, path in shocks.items():
                path[k] += base.get(name, none)
        return shocks

    def inputs(self, first: int, last: int) -> Inputs:
        """What the solver is given for members ``first`` to ``last - 1``."""
        drawn = self.drawn(first, last)
        count = last - first
        by_name = {name: drawn[:, j] for j, name in enumerate(self.variation.names)}
        openings, parameters = self.start.members(by_name)
        refused = self._out_of_bounds(parameters, count)
        shocked = self.given(first, last)
        exogenous: dict[str, Number] = {**self.start.drivers.exogenous, **shocked}
        paths: dict[str, Floats] = dict(self.start.drivers.parameter_paths)
        if self.single:
            self._one_by_one(openings, parameters, shocked, exogenous, paths, refused, count)
        for name, value in openings.items():
            broken = np.broadcast_to(~np.isfinite(value), count)
            for k in np.flatnonzero(broken).tolist():
                refused.setdefault(k, f"the opening has no finite value of {name!r} at these parameters")
        places = np.array([k for k in range(count) if k not in refused], dtype=np.int64)
        known = {p.name for p in self.solved.parameters}
        given = set(self.solved.given)
        start = self.start
        common_opening = {n: v for n, v in start.opening.items() if n in self.solved.variables}
        opening = _chosen({**common_opening, **{n: v for n, v in openings.items() if n in self.solved.variables}}, places, 0)
        return Inputs(
            drawn,
            {**opening, **self.guesses},
            {name: opening.get(name, np.nan) for name in self.guesses},
            _chosen({n: v for n, v in {**start.drivers.parameters, **parameters}.items() if n in known}, places, 0),
            _chosen({n: v for n, v in exogenous.items() if n in given}, places, 1),
            {n: np.asarray(v) for n, v in _chosen(paths, places, 1).items()},
            places,
            refused,
        )

    @cached_property
    def single(self) -> bool:
        """True where the scenario has to be applied member by member: it acts on something that differs between members."""
        switches, start = dict(self.scenario.switch), self.start
        moving = {*self.variation.names, *start.moving, *self.variation.shocked}
        acted = {shock.variable for shock in self.scenario.shock} | {name for name, _ in self.scenario.exogenise}
        held = {*start.states, *start.followed.names} & acted
        rates = set(self.variation.shocked) & set(RATES)
        return bool(acted & moving or held or rates or self.replayed or switches.get(ANNOUNCED_PATH) is True)

    def _one_by_one(
        self,
        openings: Mapping[str, Number],
        parameters: Mapping[str, Number],
        shocked: Mapping[str, Floats],
        exogenous: dict[str, Number],
        paths: dict[str, Floats],
        refused: dict[int, str],
        count: int,
    ) -> None:
        """Apply the scenario to each member and put the paths that then differ into ``exogenous`` and ``paths``."""
        usual = self.start.drivers
        found: dict[int, Drivers] = {}
        for k in range(count):
            if k in refused:
                continue
            try:
                found[k] = self._drivers(k, openings, parameters, {name: path[k] for name, path in shocked.items()})
            except (BadFile, InputError) as error:
                refused[k] = str(error)
        for kind, target in (("exogenous", exogenous), ("parameter_paths", paths)):
            common: Mapping[str, Floats] = getattr(usual, kind)
            names = sorted({name for d in found.values() for name in getattr(d, kind)})
            for name in names:
                rows = {k: getattr(d, kind)[name] for k, d in found.items()}
                if name in shocked or name not in common or any(not np.array_equal(row, common[name]) for row in rows.values()):
                    table = np.tile(common.get(name, np.zeros(len(self.dates))), (count, 1))
                    for k, row in rows.items():
                        table[k] = row
                    target[name] = table

    def _drivers(self, k: int, openings: Mapping[str, Number], parameters: Mapping[str, Number], shocked: Mapping[str, Floats]) -> Drivers:
        """Everything given to one member."""
        state, base = self._base(k, openings, parameters)
        base = replace(base, exogenous={**base.exogenous, **shocked})
        drivers = apply(self.scenario, self.solved, self.dates, base, state, clip=self.clip)
        check_corridor(self.scenario, drivers, self.dates)
        return foresee_policy(self.scenario, drivers, self.grid)

    def _base(self, k: int, openings: Mapping[str, Number], parameters: Mapping[str, Number]) -> tuple[dict[str, float], Drivers]:
        """A member's opening before what follows from it, and what is given to it before its shocks and the scenario."""
        start = self.start
        state = {**start.opened, **{n: _at(v, k) for n, v in openings.items() if n in start.opened}}
        numbers = {**start.base.parameters, **{n: _at(v, k) for n, v in parameters.items()}}
        base = replace(start.base, parameters=numbers)
        return state, self._replayed(base, state, numbers) if self.replayed else base

    def _replayed(self, base: Drivers, state: Mapping[str, float], numbers: Mapping[str, float]) -> Drivers:
        """The drivers with the published flows at a member's parameters."""
        from calibration.replay import replay

        past = replay(self.grid, state, numbers, base.exogenous)
        held = {*self.variation.names, *dict(self.scenario.parameters)}
        paths = {**base.parameter_paths, **{n: p for n, p in past.parameters.items() if n not in held}}
        return replace(base, exogenous={**base.exogenous, **past.exogenous}, parameter_paths=paths)

    def _out_of_bounds(self, parameters: Mapping[str, Number], count: int) -> dict[int, str]:
        """Members with a parameter that is not finite or out of its declared bounds, and which one it is."""
        found: dict[int, str] = {}
        for item in self.solved.parameters:
            if item.name not in parameters:
                continue
            value = np.broadcast_to(np.asarray(parameters[item.name], dtype=np.float64), count)
            low = -np.inf if item.lower is None else item.lower
            high = np.inf if item.upper is None else item.upper
            for k in np.flatnonzero(~(np.isfinite(value) & (value >= low) & (value <= high))).tolist():
                found.setdefault(k, f"parameter {item.name!r} is {value[k]:g}; allowed: {interval(item.lower, item.upper)}")
        return found


def _unpack(system: System, packed: tuple[Any, ...], *rest: Any) -> Members:
    return Members(system, State(*packed), *rest)


def _at(value: Number, k: int) -> float:
    return float(value if np.ndim(value) == 0 else np.asarray(value)[k])


def _chosen(values: Mapping[str, Number], places: NDArray[np.int64], common: int) -> dict[str, Number]:
    """The values of some members; what all members share stays as it is."""
    return {n: (np.asarray(v)[places] if np.ndim(v) > common else v) for n, v in values.items()}
