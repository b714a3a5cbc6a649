"""The bench that experiments run on: scenarios solved once, baselines shared, differences between two runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.economy import economy, opening_state
from dollarflow.scenarios import scenario
from dollarflow.session import START
from dollarflow.simulation import Simulation, simulate
from dollarflow.state import State
from model.language.system import System
from model.scenarios.scenario import Scenario, Shock

Floats = NDArray[np.float64]
When = int | str | date
SCALES = {"bn": 1.0, "bp": 1e4, "pp": 1e2, "%": 1e2, "1": 1.0, "bn/yr": 1.0}


@dataclass(frozen=True)
class Pair:
    """A changed run beside its baseline, on the same dates.

    Parameters
    ----------
    base, changed
        The two simulations.
    """

    base: Simulation
    changed: Simulation

    def __getitem__(self, name: str) -> Floats:
        """Changed less base by period, in the variable's own unit."""
        return self.changed[name] - self.base[name]

    def period(self, when: When) -> int:
        """The period that ends on or after a date; a number stays."""
        return when if isinstance(when, int) else self.base.path.period(when)

    def at(self, name: str, when: When = -1, unit: str = "bn") -> float:
        """The difference in one period (the last by default), in a unit."""
        return float(self[name][self.period(when)]) * SCALES[unit]

    def mean(self, name: str, start: When = 1, end: When | None = None, unit: str = "bn") -> float:
        """The mean difference from one period to another, both included."""
        return float(np.mean(self[name][self.window(start, end)])) * SCALES[unit]

    def total(self, name: str, start: When = 1, end: When | None = None) -> float:
        """The difference of a flow at annual rate, summed over time: bn."""
        chosen = self.window(start, end)
        return float(np.sum((self[name] * self.base["dt"])[chosen]))

    def largest(self, name: str, start: When = 1, end: When | None = None, unit: str = "bn") -> float:
        """The difference that is largest in size, with its sign."""
        values = self[name][self.window(start, end)]
        return float(values[int(np.argmax(np.abs(values)))]) * SCALES[unit]

    def window(self, start: When = 1, end: When | None = None) -> slice:
        """The periods from one to another, both included."""
        last = self.base.path.periods if end is None else self.period(end)
        return slice(self.period(start), last + 1)


def varied(
    item: Scenario,
    *,
    shocks: Iterable[Shock] = (),
    parameters: Mapping[str, float] | None = None,
    switch: Mapping[str, bool | str] | None = None,
) -> Scenario:
    """A scenario with more shocks, parameters or switches than its file has."""
    own = dict(item.parameters) | dict(parameters or {})
    switches = dict(item.switch) | dict(switch or {})
    return item.model_copy(update={"shock": (*item.shock, *shocks), "parameters": tuple(own.items()), "switch": tuple(switches.items())})


def step(variable: str, add: float, start: int | date = 1, end: int | date | None = None) -> Shock:
    """A lasting addition to an exogenous variable, a parameter or an add-factor."""
    return Shock(variable=variable, start=start, end=end, add=add)


def level(variable: str, value: float, start: int | date = 1, end: int | date | None = None) -> Shock:
    """A value that replaces the baseline's from a period on."""
    return Shock(variable=variable, start=start, end=end, set=value)


@dataclass
class Bench:
    """Solves scenarios and remembers them, so that experiments share baselines.

    Parameters
    ----------
    audited
        Counts of audits without and with findings.
    """

    audited: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _runs: dict[str, Simulation] = field(default_factory=dict)
    _systems: dict[tuple[tuple[str, Any], ...], System] = field(default_factory=dict)
    _openings: dict[str, State] = field(default_factory=dict)

    def run(
        self,
        item: str | Scenario = "baseline",
        *,
        start: str | None = None,
        periods: int | None = None,
        clock: str | None = None,
        parameters: Mapping[str, float] | None = None,
        exogenous: Mapping[str, float | Floats] | None = None,
        opening: State | None = None,
    ) -> Simulation:
        """A scenario's audited path; the same request is solved once.

        Parameters
        ----------
        item
            A scenario or the name of one in the library.
        start, periods, clock
            The horizon, where it is not the scenario's own.
        parameters, exogenous
            Values over calibration's and before the scenario's.
        opening
            A state other than the project's own for the start.

        Raises
        ------
        SolveFailure
            A period without solution.
        """
        chosen = scenario(item) if isinstance(item, str) else item
        key = json.dumps(
            [chosen.model_dump(mode="json"), start, periods, clock, _plain(parameters), _plain(exogenous), _key(opening)],
            sort_keys=True,
        )
        if key not in self._runs:
            day = start or (chosen.horizon.start or START).isoformat()
            state = self.opening(day) if opening is None else opening
            found = simulate(self.system(chosen), state, chosen, periods=periods, clock=clock, parameters=parameters, exogenous=exogenous)
            self.audited[found.sound] += 1
            self._runs[key] = found
        return self._runs[key]

    def pair(self, item: str | Scenario, base: str | Scenario | None = None, **request: Any) -> Pair:
        """A scenario beside its baseline on the same dates: the file's own baseline, or another; requests go to both."""
        chosen = scenario(item) if isinstance(item, str) else item
        given = base or chosen.baseline or "baseline"
        reference = scenario(given) if isinstance(given, str) else given
        reference = reference.model_copy(update={"horizon": chosen.horizon})
        return Pair(self.run(reference, **request), self.run(chosen, **request))

    def opening(self, day: str) -> State:
        """The balanced opening of a day."""
        if day not in self._openings:
            self._openings[day] = opening_state(day)
        return self._openings[day]

    def system(self, item: Scenario) -> System:
        """The economy under a scenario's switches."""
        if item.switch not in self._systems:
            self._systems[item.switch] = economy(item)
        return self._systems[item.switch]


def _plain(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in (given or {}).items()}


def _key(opening: State | None) -> Any:
    return opening and [hash(opening), _plain(opening.parameters), _plain(opening.exogenous)]
