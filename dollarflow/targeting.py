"""Targets met: from a target file to the instrument's path or rule, the simulation that it gives, and what it means in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path as FilePath
from types import MappingProxyType

import numpy as np

from dollarflow.attribution.runs import OPTIONS
from dollarflow.economy import economy, opening_state
from dollarflow.errors import BadInput
from dollarflow.files import own_name
from dollarflow.horizons import horizon
from dollarflow.hypotheses import check_corridor, corridor_bounds
from dollarflow.lengths import check_length
from dollarflow.scenarios import scenario
from dollarflow.session import START
from dollarflow.simulation import Simulation, audit, simulate
from dollarflow.target_files import SCALES, InstrumentPart, Target, Window, read_target
from model.compiler.program import Floats
from model.derivatives.feedback import Loss, Ruled, Term, best_rule, coefficient, planned, with_rule
from model.derivatives.targeting import Aim, Held, Instrument, hold
from model.language.system import System, nearest
from model.periods.inputs import InputError
from model.periods.path import Path
from model.scenarios.places import BadFile
from model.scenarios.shocks import Drivers, limits_of, out_of_limits, set_by_clock, unfit
from model.solving.solver import solve

ENDING = ".toml"
TOLERANCES = {"bn": 0.5, "bp": 0.05, "pp": 0.0005}
"""Distance from a target, in its unit, that does not count unless the file says otherwise."""


@dataclass(frozen=True)
class Targeted:
    """What came of a target.

    Parameters
    ----------
    target
        What was asked.
    base, simulation
        The baseline, and the audited path with the instrument moved.
    instrument
        Its name and path.
    reached
        Whether every target is held, or the rule's search ended at a minimum.
    diagnosis
        Why not, in words; empty where it is.
    lines
        The result in words.
    coefficients
        A rule's coefficients, per unit of its terms.
    """

    target: Target
    base: Simulation
    simulation: Simulation
    instrument: tuple[str, Floats]
    reached: bool
    diagnosis: str
    lines: tuple[str, ...]
    coefficients: tuple[float, ...] = ()


def target_names() -> tuple[str, ...]:
    """Targets that come with the program."""
    folder = resources.files("dollarflow").joinpath("library", "targets")
    return tuple(sorted(item.name.removesuffix(ENDING) for item in folder.iterdir() if item.name.endswith(ENDING)))


def find_target(name: str) -> Target:
    """A target of the library by name, or one's own by the path of its file.

    Raises
    ------
    BadInput, BadFile
        No such target, or a file that cannot be used.
    """
    if not name.endswith(ENDING):
        if name not in target_names():
            known = ", ".join(target_names())
            raise BadInput(f"no target is named {name!r}{nearest(name, target_names())}; known: {known}; or the path of a .toml file")
        text = resources.files("dollarflow").joinpath("library", "targets", name + ENDING).read_text(encoding="utf-8")
        return read_target(text, name, f"library/targets/{name}{ENDING}")
    file = FilePath(name)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"cannot read the target file {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"cannot read the target file {file}: byte {error.start} is not UTF-8 text") from None
    return read_target(text, own_name(file), str(file))


def target(asked: Target | str) -> Targeted:
    """The instrument's path that holds a target, or the rule that minimises a loss.

    Raises
    ------
    BadFile, BadInput
        Something in the file cannot be used; the message has the line.
    SolveFailure
        The baseline has no solution.
    """
    item = find_target(asked) if isinstance(asked, str) else asked
    try:
        known = scenario(item.baseline)
    except BadInput as error:
        raise item.places.refuse(("baseline",), str(error)) from None
    known = known.model_copy(update={"horizon": item.horizon.over(known.horizon)})
    start = known.horizon.start or START
    try:
        dates = horizon(known, start).dates
        count = len(dates) - 1
        check_length(count, f"[horizon] {count} periods, {dates[0]} to {dates[-1]}")
    except BadInput as error:
        raise item.places.refuse(("horizon",), str(error)) from None
    own = item.horizon.periods is not None or item.horizon.end is not None
    base = simulate(economy(known), opening_state(start), known, periods=count if own else None, options=OPTIONS)
    return _held(item, base) if item.instrument is not None else _ruled(item, base)


def _solved(base: Path, given: Mapping[str, Floats], system: System | None = None, parameters: Mapping[str, float] | None = None) -> Path:
    """The base path's inputs solved again with other exogenous paths, perhaps in another system with more parameters."""
    chosen = base.system if system is None else system
    row = base.values[0]
    exogenous = {n: base[n] for n in chosen.given if n in base.index} | dict(given)
    unknowns = set(chosen.unknowns)
    opening = {n: float(row[c]) for n, c in base.index.items() if n in unknowns and np.isfinite(row[c])}
    extra = {n: np.full(base.periods + 1, v) for n, v in (parameters or {}).items()}
    return solve(
        chosen,
        opening,
        parameters={},
        exogenous=exogenous,
        periods=base.periods,
        dates=base.dates,
        parameter_paths={n: base[n] for n in base.parameter_names} | extra,
        options=OPTIONS,
    )


def _window(item: Target, part: Window, base: Path, place: tuple[str | int, ...]) -> tuple[int, ...]:
    """The periods that a window covers, period 0 apart."""
    dates = base.dates or ()
    last = base.periods
    if isinstance(part.start, int) or isinstance(part.end, int):
        first = part.start if isinstance(part.start, int) else 1
        final = part.end if isinstance(part.end, int) else last
        for key, period in (("from", first), ("to", final)):
            if not 1 <= period <= last:
                raise item.places.refuse((*place, key), f"{key} period {period} is outside the horizon, periods 1 to {last}")
        return tuple(range(first, final + 1))
    for key, day in (("from", part.start), ("to", part.end)):
        if isinstance(day, date) and not dates[0] <= day <= dates[-1]:
            raise item.places.refuse((*place, key), f"{key} {day} is outside the horizon, {dates[0]} to {dates[-1]}")
    first_day, last_day = part.start or dates[0], part.end or dates[-1]
    found = tuple(t for t in range(1, last + 1) if first_day <= dates[t] <= last_day)
    if not found:
        raise item.places.refuse(place, f"no period ends between {first_day} and {last_day}")
    return found


def _check_instrument(item: Target, name: str, base: Path, place: tuple[str | int, ...]) -> None:
    system = base.system
    fixed = set_by_clock(system, name)
    if fixed:
        raise item.places.refuse(place, fixed)
    if name in system.given:
        return
    if name in system.unknowns:
        factor = f"add__{name}"
        way = f"move its add-factor {factor!r}" if factor in system.add_factors else "move what it depends on"
        raise item.places.refuse(place, f"{name!r} is solved for; {way}")
    raise item.places.refuse(place, f"unknown variable {name!r}{nearest(name, system.given)}")


def _check_variable(item: Target, name: str, unit: str | None, base: Path, place: tuple[str | int, ...]) -> None:
    if name in base.system.unknowns:
        misfit = unfit(base.system, name, unit)
        if misfit:
            raise item.places.refuse((*place[:-1], "unit"), misfit)
        return
    if name in base.index:
        raise item.places.refuse(place, f"{name!r} is given from outside; aim at something that is solved for")
    raise item.places.refuse(place, f"unknown variable {name!r}{nearest(name, base.system.unknowns)}")


def _shapes(periods: tuple[int, ...], rows: int, path: str, every: int) -> Floats:
    size = {"constant": len(periods), "steps": every}.get(path, 1)
    shapes = np.zeros((rows, -(-len(periods) // size)))
    for k, t in enumerate(periods):
        shapes[t, k // size] = 1.0
    return shapes


def _held(item: Target, base: Simulation) -> Targeted:
    part, path = item.instrument, base.path
    assert part is not None
    _check_instrument(item, part.variable, path, ("instrument", "variable"))
    moved = _window(item, part, path, ("instrument",))
    aims = []
    for k, aim in enumerate(item.target):
        _check_variable(item, aim.variable, aim.unit, path, ("target", k, "variable"))
        scale = SCALES[aim.unit]
        level = aim.value
        low = level if level is not None else -np.inf if aim.low is None else aim.low
        high = level if level is not None else np.inf if aim.high is None else aim.high
        usual = 1e-6 * max(1.0, float(np.abs(path[aim.variable][1:]).max()))
        tolerance = aim.tolerance * scale if aim.tolerance else TOLERANCES[aim.unit] * scale if aim.unit else usual
        aims.append(Aim(aim.variable, _window(item, aim, path, ("target", k)), low * scale, high * scale, tolerance))
    shapes = _shapes(moved, path.periods + 1, part.path, part.every)
    instrument = Instrument(part.variable, shapes, *_bounds(item, base), smooth=part.path == "smooth")
    found = hold(path, instrument, tuple(aims), lambda given: _solved(path, given))
    done = _simulation(item, base, found.path)
    return Targeted(
        item,
        base,
        done,
        (part.variable, found.instrument),
        found.reached,
        "" if found.reached else _why(item, found, tuple(aims), moved),
        tuple(_told(item, base, done, part.variable, moved, found)),
    )


def _limits(item: Target, system: System) -> tuple[float | None, float | None]:
    """Bounds of the instrument: the file's within those that any run accepts."""
    key, part = ("instrument", item.instrument) if item.instrument is not None else ("rule", item.rule)
    assert part is not None
    name = part.variable if isinstance(part, InstrumentPart) else part.instrument
    for side in ("lower", "upper"):
        own = getattr(part, side)
        wrong = "" if own is None else out_of_limits(system, name, [own])
        if wrong:
            raise item.places.refuse((key, side), f"{side} of {name} = {wrong}")
    low, high = limits_of(system, name)
    return low if part.lower is None else part.lower, high if part.upper is None else part.upper


def _bounds(item: Target, base: Simulation) -> tuple[Floats, Floats]:
    """Bounds of the instrument by period: its limits, and the order of administered rates."""
    assert item.instrument is not None
    path = base.path
    low, high = _limits(item, path.system)
    lower, upper = corridor_bounds(base.scenario, {n: path[n] for n in path.system.given if n in path}, item.instrument.variable)
    return (
        np.broadcast_to(np.maximum(lower, -np.inf if low is None else low), (path.periods + 1,)),
        np.broadcast_to(np.minimum(upper, np.inf if high is None else high), (path.periods + 1,)),
    )


def _simulation(item: Target, base: Simulation, path: Path) -> Simulation:
    checks, violations = audit(path)
    overrides = {**base.overrides, "target": item.name}
    return replace(base, path=path, overrides=MappingProxyType(overrides), checks=checks, violations=violations)


def _why(item: Target, found: Held, aims: tuple[Aim, ...], moved: tuple[int, ...]) -> str:
    """Which target is furthest off, where, and what keeps the instrument from holding it."""
    dates = found.path.dates or ()
    worst = max(range(len(aims)), key=lambda k: float(np.abs(aims[k].distance(found.path)).max()) / aims[k].tolerance)
    aim, unit = aims[worst], item.target[worst].unit
    distance = aim.distance(found.path)
    k = int(np.argmax(np.abs(distance)))
    day = dates[aim.periods[k]]
    off = f"{aim.variable} is {distance[k] / SCALES[unit]:+.4g} {unit or ''}".rstrip() + f" outside its target on {day}, the worst date"
    name = item.instrument.variable if item.instrument else ""
    if found.slope == 0.0:
        return f"{off}: {name} moves none of the targets, whatever its path"
    if found.at_bound:
        share = f"{len(found.at_bound)} of {len(moved)} periods"
        first = found.at_bound[0]
        bound = f"{found.instrument[first]:.4g}"
        way = "widen its bounds where a run allows it, or move it earlier"
        return f"{off}: {name} is at a bound in {share} (first {dates[first]}, {bound}); {way}"
    if aim.periods[k] < moved[0]:
        return f"{off}: {name} moves only from {dates[moved[0]]} on; begin earlier"
    return f"{off}: no path of {name} of this form comes nearer; free its form, or allow a wider band"


def _told(item: Target, base: Simulation, done: Simulation, name: str, moved: tuple[int, ...], found: Held) -> list[str]:
    before, after = base[name], found.instrument
    lines = [f"{item.title}", f"{name}: the path that holds the target" if found.reached else f"{name}: the path that comes nearest"]
    lines.append(f"  {'date':12s}{'baseline':>14s}{'now':>14s}" + "".join(f"{a.variable[:14]:>16s}" for a in item.target))
    shown = sorted({*moved[:: max(1, len(moved) // 12)], moved[-1]})
    for t in shown:
        figures = "".join(f"{done[a.variable][t] / SCALES[a.unit]:16.4f}" for a in item.target)
        lines.append(f"  {base.dates[t].isoformat():12s}{before[t]:14.5g}{after[t]:14.5g}{figures}")
    length = np.array([base["dt"][t] for t in moved]) if "dt" in base.path else np.ones(len(moved))
    mean = float(np.sum((after - before)[list(moved)] * length) / length.sum())
    lines.append(f"mean change of {name}: {mean:+.5g}; the model was solved {found.rounds} times")
    for aim in item.target:
        unit = f" {aim.unit}" if aim.unit else ""
        window = list(_window(item, aim, base.path, ("target",)))
        was, now = (run[aim.variable][window] / SCALES[aim.unit] for run in (base, done))
        lines.append(
            f"{aim.variable}: {now.min():.4g} to {now.max():.4g}{unit} in its window (baseline {was.min():.4g} to {was.max():.4g})"
        )
    return lines


def _ruled(item: Target, base: Simulation) -> Targeted:
    part, path = item.rule, base.path
    assert part is not None
    _check_instrument(item, part.instrument, path, ("rule", "instrument"))
    for k, term in enumerate(item.term):
        _check_variable(item, term.variable, term.unit, path, ("term", k, "variable"))
    terms = tuple(_term(item, k) for k in range(len(item.term)))
    losses = tuple(_loss(item, path, k) for k in range(len(item.loss)))
    active = np.zeros(path.periods + 1)
    active[list(_window(item, part, path, ("rule",)))] = 1.0
    system = with_rule(path.system, part.instrument, terms, bounds=_limits(item, path.system))
    factor = part.instrument in path.system.add_factors
    plan = {planned(part.instrument): path[part.instrument] if not factor else np.zeros(path.periods + 1), "rule_on": active}
    filled = _known_opening(path, tuple(t.variable for t in terms))

    def attempt(c: Floats) -> Path:
        return _solved(filled, plan, system, {coefficient(k): float(v) for k, v in enumerate(c)})

    found = best_rule(terms, losses, attempt)
    moved = found.path[f"rule__{part.instrument.removeprefix('add__')}"] if factor else found.path[part.instrument]
    series = path[part.instrument] + moved if factor else np.where(active > 0, moved, path[part.instrument])
    series[0] = path[part.instrument][0]
    given = {n: path[n] for n in path.system.given if n in path} | {part.instrument: series}
    try:
        check_corridor(base.scenario, Drivers({}, given), base.dates)
    except (BadFile, InputError) as error:
        raise item.places.refuse(("rule",), f"the best rule for {part.instrument}: {error}; give it lower and upper") from None
    done = _simulation(item, base, _solved(path, {part.instrument: series}))
    scaled = tuple(float(c) * SCALES[t.unit] for c, t in zip(found.coefficients, item.term, strict=True))
    reason = "" if found.settled else f"the search for coefficients did not settle within {found.evaluations} solutions of the model"
    return Targeted(item, base, done, (part.instrument, series), found.settled, reason, tuple(_rule_told(item, found, scaled)), scaled)


def _known_opening(path: Path, names: tuple[str, ...]) -> Path:
    """The path with period 1's values where a rule looks back to an opening that has none."""
    values = path.values.copy()
    for name in names:
        if not np.isfinite(values[0, path.index[name]]):
            values[0, path.index[name]] = values[1, path.index[name]]
    return replace(path, values=values)


def _term(item: Target, k: int) -> Term:
    part = item.term[k]
    scale = SCALES[part.unit]
    if part.lower is not None and part.upper is not None and part.lower >= part.upper:
        raise item.places.refuse(("term", k, "lower"), f"lower {part.lower:g} is not below upper {part.upper:g}")
    low, high = (-np.inf if part.lower is None else part.lower), (np.inf if part.upper is None else part.upper)
    return Term(part.variable, part.reference * scale, part.lag, part.start / scale, low / scale, high / scale)


def _loss(item: Target, path: Path, k: int) -> Loss:
    part = item.loss[k]
    if part.variable not in path.index:
        raise item.places.refuse(("loss", k, "variable"), f"unknown variable {part.variable!r}{nearest(part.variable, path.index)}")
    misfit = unfit(path.system, part.variable, part.unit)
    if misfit:
        raise item.places.refuse(("loss", k, "unit"), misfit)
    periods = _window(item, part, path, ("loss", k))
    scale = SCALES[part.unit]
    wanted = path[part.variable][list(periods)] if isinstance(part.value, str) else np.full(len(periods), part.value * scale)
    return Loss(part.variable, periods, wanted, float(np.sqrt(part.weight / len(periods))) / scale)


def _rule_told(item: Target, found: Ruled, scaled: tuple[float, ...]) -> list[str]:
    assert item.rule is not None
    lines = [item.title, f"{item.rule.instrument} = plan"]
    for c, term in zip(scaled, item.term, strict=True):
        lag = f"({-term.lag})"
        lines.append(f"  {c:+.5g} · ({term.variable}{lag} - {term.reference:g}){' per ' + term.unit if term.unit else ''}")
    lines.append(f"loss {found.loss:.6g}, without the rule {found.before:.6g}; the model was solved {found.evaluations} times")
    return lines


__all__ = ["Targeted", "find_target", "target", "target_names"]
