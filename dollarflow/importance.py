"""What matters most for a variable: exact derivatives by every parameter and exogenous path, as elasticities and usual steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path as FilePath

import numpy as np

from dollarflow.attribution.runs import NoInputs, Run, check_reproduced, run_of_folder
from dollarflow.errors import BadInput
from model.derivatives.kinks import Kinks
from model.derivatives.sensitivities import Direction, Gradient, Sensitivities
from model.language.system import nearest
from model.language.units import FLOW, RATE, USD, Unit
from model.periods.path import Path
from model.scenarios.shocks import set_by_clock

BASIS_POINTS = 10
SHARE = 0.1
"""Usual step of an input without bounds, relative to its value."""
Bounds = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Influence:
    """What one input does to a variable.

    Parameters
    ----------
    name, kind
        A ``parameter`` in all periods, or an ``exogenous`` path from the first period on.
    value
        Its value, the mean over the periods where it varies.
    derivative
        Change of the variable per unit of the input.
    elasticity
        Relative change per relative change; not a number where either is zero.
    step, effect
        A usual step in words, and what it does to the variable to first order.
    one_sided
        Equations with a kink at the solution that the input moves: there the derivative holds to one side only.
    side
        That side: 1 for a rise of the input, -1 for a fall, None where kinks disagree and it holds on neither; 0 without kinks.
    """

    name: str
    kind: str
    value: float
    derivative: float
    elasticity: float
    step: str
    effect: float
    one_sided: tuple[str, ...] = ()
    side: int | None = 0


def usual_bounds() -> dict[str, tuple[float, float]]:
    """The range that calibration holds plausible for each parameter."""
    from calibration.parameters import parameter_values

    return {name: (item.lower, item.upper) for name, item in parameter_values().items()}


def path_of_folder(folder: FilePath) -> Path:
    """A result folder solved again from its own inputs.

    Raises
    ------
    BadInput
        Its inputs are not known, or do not give its figures.
    """
    run: Run = run_of_folder(folder)
    try:
        path = run.inputs.path()
        check_reproduced(run, {name: path[name] for name in path.columns})
    except NoInputs as error:
        raise BadInput(str(error)) from None
    return path


def influences(path: Path, variable: str, when: int | date | str | None = None, bounds: Bounds | None = None) -> tuple[Influence, ...]:
    """Every input's influence on a variable in one period (the last for None), the largest effect of a usual step first.

    A usual step is the width of the calibration's bounds for a parameter, 10 basis points for an exogenous rate, and 10 % for all else.
    Anchored parameters are inputs like others and stay put when another one moves.

    Raises
    ------
    BadInput
        An unknown variable, or a date outside the path.
    """
    if variable not in path.index:
        raise BadInput(f"no variable is named {variable!r}{nearest(variable, path.columns)}")
    if variable not in path.system.unknowns:
        raise BadInput(f"{variable!r} is given from outside: nothing moves it")
    try:
        period = path.periods if when is None else path.period(when)
    except (ValueError, IndexError) as error:
        reason = str(error) if _is_date(when) else f"{when!r} is not a date; write {path.dates[-1] if path.dates else '2025-12-31'}"
        raise BadInput(reason) from None
    if not period:
        raise BadInput("the opening is given: nothing moves it; choose a later date")
    slopes = Sensitivities(path)
    gradient = slopes.adjoint({(variable, period): 1.0})
    level = float(path[variable][period])
    known = usual_bounds() if bounds is None else bounds
    found = [_of_parameter(path, gradient, name, level, known) for name in path.parameter_names]
    system = path.system
    moved = [name for name in system.given if name not in system.add_factors and not set_by_clock(system, name)]
    found += [_of_path(path, gradient, name, level) for name in moved]
    return tuple(sorted(found, key=lambda item: (-abs(item.effect), item.name)))


def _is_date(when: int | date | str | None) -> bool:
    """False for a text that is no date."""
    try:
        return not isinstance(when, str) or bool(date.fromisoformat(when))
    except ValueError:
        return False


def with_kinks(path: Path, items: tuple[Influence, ...]) -> tuple[Influence, ...]:
    """The same influences with the kinks that each one moves."""
    slopes = Sensitivities(path)
    kinks = Kinks(slopes)
    lasting = np.array([0.0, *np.ones(path.periods)])
    directions = [Direction(parameters={i.name: 1.0}) if i.kind == "parameter" else Direction(exogenous={i.name: lasting}) for i in items]
    moved = slopes.tangent(*directions)
    found = []
    for k, (item, direction) in enumerate(zip(items, directions, strict=True)):
        names = tuple(dict.fromkeys(kink.equation for kink in kinks.moved_by(direction, moved[:, :, k])))
        found.append(replace(item, one_sided=names, side=kinks.side(direction, moved[:, :, k]) if names else 0))
    return tuple(found)


def change(amount: float, unit: Unit) -> str:
    """A change of a variable in words: basis points, billions, or a number.

    Examples
    --------
    >>> change(0.0012, RATE), change(-12.345, USD)
    ('+12 bp', '-12.35 bn')
    """
    if unit == RATE:
        return f"{1e4 * amount:+,.4g} bp"
    return f"{amount:+,.4g} bn" if unit == USD else f"{amount:+,.4g} bn/yr" if unit == FLOW else f"{amount:+.4g}"


def _elasticity(derivative: float, value: float, level: float) -> float:
    return derivative * value / level if value and level else float("nan")


def _of_parameter(path: Path, gradient: Gradient, name: str, level: float, bounds: Bounds) -> Influence:
    value, slope = float(path[name][1:].mean()), gradient.parameter(name)
    if name in bounds:
        width = bounds[name][1] - bounds[name][0]
        return Influence(name, "parameter", value, slope, _elasticity(slope, value, level), f"bounds' width {width:g}", slope * width)
    return Influence(name, "parameter", value, slope, _elasticity(slope, value, level), f"{SHARE:.0%}", slope * abs(value) * SHARE)


def _of_path(path: Path, gradient: Gradient, name: str, level: float) -> Influence:
    series = path[name][1:]
    slopes = gradient.exogenous[name][1:]
    slope, value = float(slopes.sum()), float(series.mean())
    together = float(slopes @ series)
    elasticity = together / level if together and level else float("nan")
    if path.system.variables[name].unit == RATE:
        return Influence(name, "exogenous", value, slope, elasticity, f"{BASIS_POINTS} bp", slope * BASIS_POINTS * 1e-4)
    return Influence(name, "exogenous", value, slope, elasticity, f"{SHARE:.0%}", SHARE * together)


__all__ = ["Influence", "change", "influences", "path_of_folder", "usual_bounds", "with_kinks"]
