"""What a scenario does to a system and to what is given to it from outside.

A window of dates belongs to the periods that end in it. An exogenous flow per year or a switch is an average over its period, so a
window that covers part of a period counts there for its share of the days; rates, levels and parameters are those of the period's end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.language.names import nearest
from model.language.symbols import Parameter, Variable
from model.language.system import System, SystemError_
from model.language.units import FLOW, ONE, RATE
from model.scenarios.places import Places
from model.scenarios.scenario import Fixed, Scenario, Shock

Floats = NDArray[np.float64]
TRUE_BY_MEANING = ("identity", "definition")
"""Kinds of equations that hold whatever anybody decides."""
MOST_NAMES = 5


@dataclass(frozen=True)
class Drivers:
    """Everything that a simulation is given besides its opening.

    Parameters
    ----------
    parameters
        Values by name.
    exogenous
        Paths by name, arrays of length periods + 1 with period 0 first.
    parameter_paths
        Parameters that vary over time, arrays of the same length.
    """

    parameters: Mapping[str, float]
    exogenous: Mapping[str, Floats]
    parameter_paths: Mapping[str, Floats] = field(default_factory=dict)


def exogenise(scenario: Scenario, system: System) -> System:
    """The system in which the scenario's exogenised variables are given.

    Raises
    ------
    BadFile
        A variable or equation that the system does not have, a rate that is no decimal per year, or an identity or definition that would
        no longer hold.
    """
    for name, fixed in scenario.exogenise:
        reason = set_by_clock(system, name)
        if not reason and name in system.given:
            reason = f"{name!r} is given from outside already; change it with a [[shock]]"
        if reason:
            raise scenario.places.refuse(("exogenise", name), reason)
        try:
            smaller = system.exogenise(name, fixed.dropping)
        except SystemError_ as error:
            raise scenario.places.refuse(("exogenise", name), str(error)) from None
        numbers = [number for _, number in fixed.path or ()] + ([fixed.value] if isinstance(fixed.value, float) else [])
        _check_rate(name, system, np.array(numbers), scenario.places, ("exogenise", name))
        (dropped,) = set(system.by_name) - set(smaller.by_name)
        if system.equation(dropped).kind in TRUE_BY_MEANING:
            raise scenario.places.refuse(("exogenise", name), _true_by_meaning(system, name, dropped))
        system = smaller
    return system


def apply(
    scenario: Scenario,
    system: System,
    dates: Sequence[date],
    drivers: Drivers,
    opening: Mapping[str, float],
    *,
    clip: bool = False,
) -> Drivers:
    """The drivers of a scenario.

    Parameters
    ----------
    scenario
        What changes.
    system
        The system after :func:`exogenise`.
    dates
        periods + 1 dates, the opening's first.
    drivers
        The baseline's.
    opening
        Values in period 0, which exogenised variables start from.
    clip
        True where the caller chose another horizon than the scenario's own: windows may then reach beyond the end.

    Raises
    ------
    BadFile
        An unknown variable (with the nearest known one), a date outside the horizon, a value out of bounds, or two shocks on one
        variable at one time; with the line.
    """
    places = scenario.places
    bounds = {p.name: p for p in system.parameters}
    parameters = dict(drivers.parameters)
    for name, value in scenario.parameters:
        if name not in bounds:
            given = f"{name!r} is no parameter; it is given from outside, so change it with a [[shock]]"
            unknown = f"unknown parameter {name!r}{nearest(name, bounds)}"
            raise places.refuse(("parameters", name), given if name in system.given else unknown)
        _check_bounds(bounds[name], (value,), places, ("parameters", name))
        parameters[name] = value
    exogenous = {name: np.array(series, dtype=np.float64) for name, series in drivers.exogenous.items()}
    for name, fixed in scenario.exogenise:
        exogenous[name] = _fixed_path(name, fixed, dates, opening, places, clip)
    varying = {name: np.array(series, dtype=np.float64) for name, series in drivers.parameter_paths.items()}
    windows: dict[str, list[tuple[int, Floats]]] = {}
    bases: dict[str, Floats] = {}
    for number, shock in enumerate(scenario.shock):
        place = ("shock", number)
        _check_name(shock, system, places, (*place, "variable"))
        weights = _weights(shock, system, dates, places, place, clip)
        for earlier, taken in windows.get(shock.variable, []):
            both = np.flatnonzero((taken > 0) & (weights > 0))
            if len(both) and not (taken + weights <= 1 + 1e-12).all():
                first = places.line(("shock", earlier))
                raise places.refuse(place, f"overlaps the shock on {shock.variable!r} of line {first} on {dates[int(both[0])]}")
        windows.setdefault(shock.variable, []).append((number, weights))
        store = varying if shock.variable in bounds else exogenous
        usual = parameters.get(shock.variable, np.nan) if shock.variable in bounds else 0.0
        current = store.get(shock.variable, np.full(len(dates), usual))
        base = bases.setdefault(shock.variable, current)
        target = _target(shock, base, dates)
        changed = np.where(weights >= 1.0, target, np.where(weights > 0, current + weights * (target - base), current))
        if shock.variable in bounds:
            _check_bounds(bounds[shock.variable], changed[1:], places, place)
        else:
            _check_rate(shock.variable, system, changed[weights > 0], places, (*place, shock.action))
        store[shock.variable] = changed
    return Drivers(parameters, exogenous, varying)


def check_expectations(scenario: Scenario, system: System, dates: Sequence[date] = ()) -> None:
    """Refuses an expectation on an unknown variable, in another kind of unit, or on a date outside the horizon where dates are given."""
    for number, expectation in enumerate(scenario.expect):
        if expectation.variable not in system.variables:
            known = nearest(expectation.variable, system.variables)
            raise scenario.places.refuse(("expect", number, "variable"), f"unknown variable {expectation.variable!r}{known}")
        misfit = unfit(system, expectation.variable, expectation.unit)
        if misfit:
            raise scenario.places.refuse(("expect", number, "unit"), misfit)
        for key, day in (("date", expectation.date), ("from", expectation.start), ("to", expectation.end)):
            if dates and day is not None and not dates[0] <= day <= dates[-1]:
                place = ("expect", number, key)
                raise scenario.places.refuse(place, f"{key} {day} is outside the horizon, {dates[0]} to {dates[-1]}")


def steps(path: Sequence[tuple[date, float]], dates: Sequence[date]) -> Floats:
    """Dated values on a grid of dates: each holds from its date until the next; not-a-number before the first."""
    days = [day for day, _ in path]
    places = [bisect_right(days, day) - 1 for day in dates]
    return np.array([path[i][1] if i >= 0 else np.nan for i in places])


def _check_name(shock: Shock, system: System, places: Places, place: tuple[str | int, ...]) -> None:
    parameters = [p.name for p in system.parameters]
    fixed = set_by_clock(system, shock.variable)
    if fixed:
        raise places.refuse(place, fixed)
    if shock.variable in parameters or shock.variable in system.given:
        return
    if shock.variable in system.variables:
        factor = f"add__{shock.variable}"
        made_of = levers(system, shock.variable)
        way = f"shock its add-factor {factor!r}" if factor in system.add_factors else "shock what it depends on"
        if made_of:
            way = f"shock {' or '.join(repr(name) for name in made_of)}, of which it is made"
        raise places.refuse(place, f"{shock.variable!r} is solved for; {way} or list it under [exogenise]")
    known = (*system.given, *parameters)
    raise places.refuse(place, f"unknown variable {shock.variable!r}{nearest(shock.variable, known)}")


def _weights(shock: Shock, system: System, dates: Sequence[date], places: Places, place: tuple[str | int, ...], clip: bool) -> Floats:
    """For each period the share for which a shock's window covers it; never the opening."""
    last = len(dates) - 1
    if shock.path is not None:
        _check_path(shock.path, dates, places, (*place, "path"), clip)
        until = dates[min(shock.end, last)] if isinstance(shock.end, int) and shock.end >= 0 else shock.end
        late = [day for day, _ in shock.path if isinstance(until, date) and day > until]
        if late:
            raise places.refuse((*place, "path"), f"{late[0]} comes after the window's end, {until}, and would change nothing")
    if isinstance(shock.start, int) or isinstance(shock.end, int):
        first = shock.start if isinstance(shock.start, int) else 1
        final = shock.end if isinstance(shock.end, int) else last
        for key, period in (("from", first), ("to", final)):
            if not 1 <= period <= last and not (clip and key == "to" and period > last):
                raise places.refuse((*place, key), f"{key} period {period} is outside the horizon, periods 1 to {last}")
        return np.array([1.0 if first <= p <= final else 0.0 for p in range(last + 1)])
    for key, day in (("from", shock.start), ("to", shock.end)):
        if isinstance(day, date) and not dates[0] <= day <= dates[-1] and not (clip and key == "to" and day > dates[-1]):
            raise places.refuse((*place, key), f"{key} {day} is outside the horizon, {dates[0]} to {dates[-1]}")
    start = shock.start if shock.start is not None else shock.path[0][0] if shock.path else dates[0]
    end = shock.end if shock.end is not None else dates[-1]
    flow = shock.variable in system.variables and system.variables[shock.variable].unit in (FLOW, ONE) and shock.path is None
    weights = np.array([0.0, *(_share(a, b, start, end, flow) for a, b in _spans(dates))])
    if not weights.any():
        raise places.refuse(place, f"no period ends between {start} and {end}; lengthen the window or take a finer clock")
    return weights


def _check_path(
    path: Sequence[tuple[date, float]], dates: Sequence[date], places: Places, place: tuple[str | int, ...], clip: bool
) -> None:
    """Refuses dated values outside the horizon; where the caller chose it, one must lie inside."""
    for day, _ in path:
        if not dates[0] <= day <= dates[-1] and not (clip and day > dates[-1] and path[0][0] <= dates[-1]):
            raise places.refuse(place, f"{day} is outside the horizon, {dates[0]} to {dates[-1]}")


def _spans(dates: Sequence[date]) -> Iterator[tuple[date, date]]:
    return pairwise(dates)


def _share(before: date, ends: date, start: date, end: date, flow: bool) -> float:
    """The share of the days after ``before`` up to ``ends`` that lie from ``start`` to ``end``."""
    if not flow:
        return 1.0 if start <= ends <= end else 0.0
    first, last = max(before.toordinal() + 1, start.toordinal()), min(ends.toordinal(), end.toordinal())
    return max(last - first + 1, 0) / (ends - before).days


def _target(shock: Shock, base: Floats, dates: Sequence[date]) -> Floats:
    """The values that a shock asks for where its window covers a whole period."""
    if shock.set is not None:
        return np.full(len(base), shock.set)
    if shock.add is not None:
        return base + shock.add
    if shock.scale is not None:
        return base * shock.scale
    dated = steps(shock.path or (), dates)
    return np.where(np.isnan(dated), base, dated)


def _true_by_meaning(system: System, name: str, dropped: str) -> str:
    """Why an identity or definition cannot be dropped, and what may be given or dropped instead."""
    equation = system.equation(dropped)
    behind: list[str] = []
    waiting, seen = [equation], {dropped}
    while waiting:
        for symbol in sorted(waiting.pop(0).right.free_symbols, key=str):
            base = symbol.base if isinstance(symbol, Variable) and not symbol.time else ""
            for own in (e for e in system.equations if base and e.left == system.variables[base] and e.name not in seen):
                seen.add(own.name)
                if own.kind in TRUE_BY_MEANING:
                    waiting.append(own)
                else:
                    behind.append(own.name)
    message = f"{name!r} follows from the {equation.kind} {dropped!r}, which would no longer hold"
    words = ", ".join(behind[:MOST_NAMES])
    terms = {s.base for s in equation.right.free_symbols if isinstance(s, Variable) and not s.time} - set(system.given)
    free = [e.name for e in system.equations if isinstance(e.left, Variable) and e.left.base in terms and e.name in behind]
    if len(free) < len(terms) or not free:
        return f"{message}; give what decides it{f' ({words})' if words else ''}"
    return f'{message}; give what decides it ({words}), or say which of these it replaces, as dropping = "{free[-1]}"'


def _fixed_path(name: str, fixed: Fixed, dates: Sequence[date], opening: Mapping[str, float], places: Places, clip: bool) -> Floats:
    if name not in opening and (fixed.value == "hold" or fixed.path is not None):
        raise places.refuse(("exogenise", name), f"the opening has no value of {name!r} to start from")
    held = np.full(len(dates), opening.get(name, np.nan))
    if fixed.path is not None:
        _check_path(fixed.path, dates, places, ("exogenise", name), clip)
        found = steps(fixed.path, dates)
        held[1:] = np.where(np.isnan(found), held, found)[1:]
        return held
    if isinstance(fixed.value, float):
        held[1:] = fixed.value
        held[0] = opening.get(name, fixed.value)
    return held


def _check_bounds(parameter: Parameter, values: Sequence[float] | Floats, places: Places, place: tuple[str | int, ...]) -> None:
    low, high = parameter.lower, parameter.upper
    for value in values:
        if (low is not None and value < low) or (high is not None and value > high):
            raise places.refuse(place, f"{parameter.name} = {value:g} is out of bounds; allowed: {interval(low, high)}")


def set_by_clock(system: System, name: str) -> str:
    """Why the length of a period cannot be given a value; nothing for other variables."""
    if system.chart is None or name != system.chart.period.base:
        return ""
    return f"{name!r} is the length of a period, which the clock and the dates set; choose another clock"


def unfit(system: System, name: str, unit: str | None) -> str:
    """Why a variable cannot be measured in ``bn``, ``bp`` or ``pp``; nothing where it can, and for ``%`` and its own unit."""
    own = system.variables[name].unit
    if unit == "bn" and not own.usd:
        return f"{name!r} is no amount of dollars (its unit is {own}); allowed: bp, pp, or no unit"
    if unit in ("bp", "pp") and own.usd:
        return f"{name!r} is an amount, {own}; allowed: bn, or no unit"
    if unit in ("bp", "pp") and own not in (RATE, ONE):
        return f"{name!r} is no rate and no share (its unit is {own}); leave unit out"
    return ""


def interval(low: float | None, high: float | None) -> str:
    """Bounds in words."""
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"{low:g} or more" if low is not None else f"{high:g} or less" if high is not None else "any number"


def levers(system: System, name: str) -> tuple[str, ...]:
    """What is given from outside and makes up a rate that policy sets, such as the corridor and a gap; nothing for other variables."""
    equation = next((e for e in system.equations if isinstance(e.left, Variable) and e.left.base == name), None)
    if equation is None or equation.kind != "policy" or name not in system.variables or system.variables[name].unit != RATE:
        return ()
    found: list[str] = []
    parts = (s for s in equation.right.free_symbols if isinstance(s, Variable))
    for symbol in sorted(parts, key=lambda s: (s.name.endswith("_gap"), s.name)):
        own = (symbol.base,) if symbol.base in system.given else levers(system, symbol.base)
        if symbol.time or not own:
            return ()
        found += own
    return tuple(dict.fromkeys(found))


def limits_of(system: System, name: str) -> tuple[float | None, float | None]:
    """Lowest and highest value that a given variable may have; a rate without limits of its own lies between -1 and 1 a year."""
    rate = name in system.variables and system.variables[name].unit == RATE
    return system.limits.get(name, (-1.0, 1.0) if rate else (None, None))


def out_of_limits(system: System, name: str, values: Sequence[float] | Floats) -> str:
    """What is wrong with the first value that a given variable may not have, such as 3.9 for 3.9 %; nothing where none is."""
    low, high = limits_of(system, name)
    for value in np.asarray(values, dtype=np.float64).tolist():
        if (low is not None and value < low) or (high is not None and value > high):
            rate = system.variables[name].unit == RATE
            words = f"rates are decimals per year, {interval(low, high)} (0.039 is 3.9 %)" if rate else f"allowed: {interval(low, high)}"
            unit = "" if rate else f" {system.variables[name].unit}".replace(" 1", "", 1)
            return f"{value:g}: out of bounds; {words}{unit}"
    return ""


def _check_rate(name: str, system: System, values: Floats, places: Places, place: tuple[str | int, ...]) -> None:
    """A given variable keeps its limits."""
    wrong = out_of_limits(system, name, values)
    if wrong:
        raise places.refuse(place, f"{name} = {wrong.replace(': out', ' is out', 1)}")
