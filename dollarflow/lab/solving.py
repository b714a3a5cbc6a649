"""Solved scenarios for the page: one at a time, remembered by content, with the reason where there is no solution."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dollarflow.errors import kinds
from dollarflow.lab.knobs import INPUTS, KNOBS
from dollarflow.lab.settings import OWN, Setting, carried_scenario, turned
from dollarflow.lab.toml_text import scenario_text
from model.periods.failure import SolveFailure

if TYPE_CHECKING:
    from dollarflow.simulation import Simulation
    from dollarflow.state import State
    from model.language.system import System
    from model.scenarios.scenario import Scenario

Floats = NDArray[np.float64]
OWN_LINE = re.compile(rf"^{OWN}(:\d+)?:? ")
SWITCH = re.compile(r"allow that with (\[switch\] \w+ = \w+)")
REMEMBERED, SYSTEMS = 24, 8
READ = ("rmp", "tga_target")
_LOCK = threading.RLock()
_SYSTEMS: OrderedDict[str, System] = OrderedDict()
_SOLVED: OrderedDict[tuple[str, str, bool], Simulation] = OrderedDict()


class Refused(Exception):
    """A request that cannot be answered; the message says why and what is allowed."""

    @classmethod
    def because(cls, error: Exception) -> Refused:
        """The refusal behind an error: lines of a text that nobody has seen are left out, and a switch is in files only."""
        return cls(SWITCH.sub(r"a scenario file with \1, loaded under Files, allows that", OWN_LINE.sub(f"{OWN} ", str(error), count=1)))


@dataclass(frozen=True)
class Answer:
    """A setting's run beside the run that it is compared with.

    Parameters
    ----------
    run, base
        The simulations.
    bases
        Where each knob stands untouched.
    """

    run: Simulation
    base: Simulation
    bases: Mapping[str, float]


def system_for(scenario: Scenario) -> System:
    """The economy with a scenario's switches.

    Raises
    ------
    BadFile
        A switch that the system does not have.
    """
    from dollarflow.economy import economy

    key = repr(sorted(scenario.switch))
    if key not in _SYSTEMS:
        while len(_SYSTEMS) >= SYSTEMS:
            _SYSTEMS.popitem(last=False)
        _SYSTEMS[key] = economy(scenario)
    return _SYSTEMS[key]


@lru_cache(maxsize=8)
def opening_of(day: str) -> State:
    """The opening of a day."""
    from dollarflow.economy import opening_state

    return opening_state(day)


def solved(scenario: Scenario, *, clip: bool = False) -> Simulation:
    """The audited simulation of a scenario with its own horizon, as ``dollarflow run`` gives it.

    Parameters
    ----------
    scenario
        With start, periods and clock.
    clip
        True where shocks may reach beyond the end.

    Raises
    ------
    Refused
        A scenario that does not fit, or without solution.
    """
    from dollarflow.simulation import simulate

    key = (scenario_text(scenario), scenario.name, clip)
    with _LOCK:
        found = _SOLVED.get(key)
        if found is None:
            own = scenario.horizon
            try:
                found = simulate(system_for(scenario), opening_of(str(own.start)), scenario, periods=own.periods if clip else None)
            except SolveFailure as failure:
                raise Refused(f"This scenario has no solution. {failure}") from None
            except kinds() as error:
                raise Refused.because(error) from None
            _SOLVED[key] = found
        _SOLVED.move_to_end(key)
        while len(_SOLVED) > REMEMBERED:
            _SOLVED.popitem(last=False)
        return found


def untouched(setting: Setting) -> Simulation:
    """The run of what is carried, without any knob.

    Raises
    ------
    Refused
        See :func:`solved`.
    """
    return solved(rest_of(setting))


def bases_of(setting: Setting) -> dict[str, float]:
    """Where each knob stands untouched.

    Raises
    ------
    Refused
        The untouched run has no solution.
    """
    run = untouched(setting)
    path = run.path
    figures = {name: path[name] for name in (*INPUTS, *READ) if name in path}
    figures |= {name: path.parameter_rows[:, j] for j, name in enumerate(path.parameter_names) if name in INPUTS}
    zero = np.zeros(path.periods + 1)
    figures |= {name: zero for name in INPUTS if name not in figures}
    return {knob.name: knob.base(figures, setting.first) for knob in KNOBS}


def scenario_of(setting: Setting) -> tuple[Scenario, dict[str, float]]:
    """The scenario that a setting asks for, and where its knobs stand untouched.

    Raises
    ------
    Refused
        Something in it cannot be used.
    """
    bases = bases_of(setting)
    try:
        return turned(setting, bases), bases
    except kinds() as error:
        raise Refused.because(error) from None


def compared(setting: Setting, pinned: Setting | None = None) -> Answer:
    """The setting's run, and the pinned one's or else the run of the baseline that the scenario names.

    Raises
    ------
    Refused
        One of them cannot be solved.
    """
    asked, bases = scenario_of(setting)
    run = solved(asked)
    if pinned is not None:
        return Answer(run, solved(scenario_of(pinned)[0]), bases)
    return Answer(run, named_baseline(setting), bases)


def named_baseline(setting: Setting) -> Simulation:
    """The run of the library's scenario that the carried one names as its baseline, on the same dates; else the untouched run."""
    from dollarflow.scenarios import names
    from dollarflow.scenarios import scenario as find

    rest = rest_of(setting)
    if not setting.carried or rest.baseline not in names():
        return untouched(setting)
    return solved(find(rest.baseline).model_copy(update={"horizon": rest.horizon}), clip=True)


def rest_of(setting: Setting) -> Scenario:
    """What a setting carries beside its knobs; what is wrong with it becomes a refusal."""
    try:
        return carried_scenario(setting)
    except kinds() as error:
        raise Refused.because(error) from None
