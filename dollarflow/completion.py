"""The opening completed: what follows from its stocks and rates by equations without lags, such as M2 or hedge funds' leverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.language.units import RATE
from model.periods.failure import SolveFailure
from model.solving.solver import Options, solve

EXPLICIT = ("definition", "identity", "behaviour", "policy")


def static_equations(system: System, known: set[str]) -> tuple[Equation, ...]:
    """Equations that give one more variable each from what is known at one moment, in an order in which they can be evaluated."""
    waiting = {}
    sums = []
    for equation in system.equations:
        left = equation.left
        if equation.kind not in EXPLICIT or not isinstance(left, Variable) or left.time:
            continue
        needed = {s for s in equation.right_symbols if isinstance(s, Variable)}
        if any(s.time or s.base == left.base for s in needed):
            continue
        if left.base not in known:
            waiting[left.base] = (equation, {s.base for s in needed})
        elif equation.kind == "definition":
            sums.append(equation)
    found: list[Equation] = []
    have = set(known)
    while True:
        ready = [waiting.pop(name)[0] for name, (_, needed) in list(waiting.items()) if needed <= have]
        ready = ready or [part for e in sums if (part := missing_part(e, have)) is not None]
        if not ready:
            return tuple(found)
        found += ready
        have |= {e.left.base for e in ready if isinstance(e.left, Variable)}


def missing_part(equation: Equation, known: set[str]) -> Equation | None:
    """A known rate's definition as a sum, turned into that of the one rate in it that is not known: a premium from a yield."""
    missing = [s for s in equation.right.free_symbols if isinstance(s, Variable) and s.base not in known]
    if len(missing) != 1 or missing[0].unit != RATE or missing[0] not in equation.right.as_ordered_terms():
        return None
    rest = equation.right - missing[0]
    return None if missing[0] in rest.free_symbols else replace(equation, left=missing[0], right=equation.left - rest)


def complete(
    system: System, opening: Mapping[str, float], parameters: Mapping[str, float], exogenous: Mapping[str, NDArray[np.float64]]
) -> dict[str, float]:
    """The opening with every variable that equations without lags determine from it; what is there already stays.

    Parameters
    ----------
    system
        The system that will be solved.
    opening
        Values in period 0.
    parameters
        Values by name.
    exogenous
        Paths whose first entries belong to period 0.
    """
    given = {name: float(path[0]) for name, path in exogenous.items() if np.isfinite(path[0])}
    factors = dict.fromkeys(system.add_factors, 0.0)
    values = {**{name: number for name, number in opening.items() if name in system.variables}, **factors, **given}
    equations = static_equations(system, set(values))
    if not equations:
        return dict(opening)
    symbols = {s for e in equations for s in e.right_symbols}
    lefts = {e.left.base for e in equations if isinstance(e.left, Variable)}
    inputs = tuple(sorted({s for s in symbols if isinstance(s, Variable) and s.base not in lefts}, key=lambda s: s.name))
    small = System("opening", equations, inputs)
    wanted = {s.name for s in symbols if isinstance(s, Parameter)}
    try:
        path = solve(
            small,
            {},
            parameters={name: number for name, number in parameters.items() if name in wanted},
            exogenous={name: values.get(name, 0.0) for name in small.given},
            periods=1,
            options=Options(missing=0.0),
        )
    except SolveFailure:
        return dict(opening)
    return {**opening, **{name: float(path[name][1]) for name in sorted(lefts)}}
