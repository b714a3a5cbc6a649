"""What an ensemble varies by default: estimated parameters, those on which data are silent, ordinary weekly surprises."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dollarflow.ensembles.distributions import NORMAL, TRIANGULAR, Distribution
from dollarflow.ensembles.variation import AR1, IID, Factor, Process, Variation
from dollarflow.errors import BadInput
from model.language.clocks import LENGTHS
from model.language.system import System

WEEKS_A_YEAR = 52.0
BELOW = {"basis_minimum": ("basis_opening", 0.8)}
"""Parameters that have to stay below a part of another one: trades stop at a basis that is smaller than the opening's."""


@dataclass(frozen=True)
class Estimate:
    """A parameter's estimate with its standard error, or the range on which data are silent."""

    parameter: str
    error: float = math.nan
    low: float = math.nan
    high: float = math.nan
    source: str = ""


def estimates() -> tuple[Estimate, ...]:
    """The committed estimates of relations whose coefficients are told apart, and the silent ranges.

    Where only combinations of coefficients are identified, drawing them independently would move what they explain far more than the
    data allow; those relations are left out.
    """
    from calibration.estimates import committed

    table = tomllib.loads(committed())
    found = []
    for name, section in table.items():
        if name != "silent" and section.get("identified", True):
            for parameter, entry in section.get("parameter", {}).items():
                found.append(Estimate(parameter, error=float(entry["error"]), source=f"standard error, {name}, {section['sample']}"))
    for parameter, entry in table.get("silent", {}).items():
        found.append(Estimate(parameter, low=float(entry["low"]), high=float(entry["high"]), source=f"range: {entry['reason']}"))
    return tuple(found)


def usual_ranges() -> dict[str, tuple[float, float]]:
    """The range that calibration holds plausible for each parameter."""
    from calibration.parameters import parameter_values

    return {name: (item.lower, item.upper) for name, item in parameter_values().items()}


def default_variation(system: System, values: Mapping[str, float], fixed: Collection[str], clock: str) -> Variation:
    """The usual variation of a run.

    Parameters
    ----------
    system
        The system after the scenario's exogenised variables.
    values
        Each parameter's value in the run; distributions are centred there, so that the middle of the ensemble is the run itself.
    fixed
        Parameters that the scenario sets or that policy changed on a date; they are not drawn, and neither are those that the opening
        determines.
    clock
        The run's clock: weekly surprises are scaled to its periods.

    Raises
    ------
    BadInput
        A system with none of these parameters and equations.
    """
    from equations.anchors import ANCHORED_PARAMETERS

    known, ranges = {p.name for p in system.parameters} - ANCHORED_PARAMETERS, usual_ranges()
    factors: list[Factor] = []
    for item in estimates():
        name = item.parameter
        if name not in known or name in fixed or name not in values or name in [f.name for f in factors]:
            continue
        low, high = ranges.get(name, (-math.inf, math.inf))
        if math.isnan(item.error):
            other, part = BELOW.get(name, ("", 0.0))
            high = min(item.high, part * values[other]) if other in values else item.high
            middle = min(max(values[name], item.low), high)
            factors.append(Factor(name, Distribution(TRIANGULAR, low=item.low, mode=middle, high=high), item.source))
        elif item.error > 0:
            factors.append(Factor(name, Distribution(NORMAL, values[name], item.error, low, high), item.source))
    processes = default_processes(system, clock)
    if not factors and not processes:
        raise BadInput("nothing varies by default in this system; say what does with --vary FILE.toml")
    return Variation(tuple(factors), processes)


def default_processes(system: System, clock: str) -> tuple[Process, ...]:
    """Ordinary weekly surprises as shocks on a clock's periods.

    A surprise that the equation carries on accumulates, so that its variance grows with the period; a persistent one keeps its
    stationary variance.
    """
    from calibration.weekly_shocks import weekly_shocks

    weeks = WEEKS_A_YEAR * LENGTHS[clock]
    found = []
    for shock in weekly_shocks():
        variable = f"add__{shock.equation}"
        also = tuple((f"add__{name}", share) for name, share in shock.also if f"add__{name}" in system.add_factors)
        if variable not in system.add_factors:
            continue
        if shock.persistence:
            persistence = shock.persistence**weeks
            sd = shock.sd * math.sqrt((1 - persistence**2) / (1 - shock.persistence**2))
            found.append(Process(variable, AR1, sd, persistence, also=also, source=shock.source))
        else:
            factor = math.sqrt(weeks) if shock.carried else 1 / math.sqrt(max(weeks, 1.0))
            found.append(Process(variable, IID, shock.sd * factor, also=also, source=shock.source))
    return tuple(found)
