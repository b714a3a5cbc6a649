"""An opening with a caller's values over calibration's: what follows from them is computed anew, and balance sheets must still close."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from dollarflow.completion import static_equations
from dollarflow.errors import BadInput
from dollarflow.inputs import check_opened
from dollarflow.state import State
from model.language.accounts import Cell, Valuation
from model.language.equation import Equation
from model.language.symbols import Variable
from model.language.system import System, nearest
from model.language.units import RATE
from model.periods.path import CONSISTENT

SHEET = "balance_sheet__"
BOOK = "fed_book__"
ROUNDED = 1.0
"""Gap of a balance sheet, USD bn, below which its figures were probably rounded."""


def derived_equations(system: System, state: State) -> tuple[Equation, ...]:
    """Identities and definitions that give totals, net worths and the like from cells and rates of one moment, in order."""
    stocks = set() if system.chart is None else {f"{c.key}{part}" for c in system.chart.cells() for part in ("", "__face", "__coupon")}
    following = {
        e.left.base
        for e in system.equations
        if e.kind in ("identity", "definition") and isinstance(e.left, Variable) and not any(s.time for s in _variables(e.right))
    }
    known = set(system.given) | (set(state.values) - (following - stocks))
    found = static_equations(system, known)
    given = set(state.values) - known - {e.left.name for e in found}
    if given:  # defined by what the opening does not give, such as a yield by its premium
        found = static_equations(system, known | given)
    return tuple(e for e in found if e.kind in ("identity", "definition"))


def derived_names(system: System, state: State) -> dict[str, tuple[str, ...]]:
    """Names that are no inputs of an opening, each with the names that it follows from; none for those that no period looks back to."""
    used = set(state.values) | {s.base for e in system.equations for s in _variables(e.total_right) if s.time < 0}
    parts: dict[str, tuple[str, ...]] = {name: () for name in system.variables if name not in used}
    for equation in derived_equations(system, state):
        names = sorted(s.base for s in _variables(equation.right))
        leaves = [leaf for name in names for leaf in parts.get(name, (name,))]
        if leaves:
            parts[equation.left.name] = tuple(dict.fromkeys(leaves))
    return parts if system.chart is None else {**parts, system.chart.period.base: ("the clock (--clock)",)}


def closed(system: System, state: State, base: Mapping[str, float], where: str = "--opening") -> State:
    """The opening with everything that follows from the caller's values.

    A coupon cell's new value scales its face and coupon; a new face, coupon or yield values it anew. The Fed's book follows its
    face. Totals, net worths and definitions are sums of the cells.

    Parameters
    ----------
    system
        What will be solved.
    state
        Calibration's opening with the caller's changes.
    base
        Calibration's values for the run's period length and amortisation, see :func:`dollarflow.economy.opening_values`.
    where
        What a message names as the place of the changes.

    Raises
    ------
    BadInput
        A negative holding, a rate that is no decimal per year, or a balance sheet of banks, hedge funds, money funds or of the Fed at
        book that no longer closes.
    """
    changes = dict(state.changes)
    if system.chart is not None:
        for cell in system.chart.cells():
            if system.chart.instrument(cell.instrument).valuation is Valuation.COUPON:
                changes |= _bundle(cell, changes, {**base, **changes}, base, where)
    values = {**base, **changes}
    moved = set(changes)
    for equation in derived_equations(system, state):
        name, needed = equation.left.name, {s.base for s in _variables(equation.right)}
        if name in base and not needed & moved:
            continue
        if not needed <= set(values) or any(not isinstance(s, Variable) for s in equation.right.free_symbols):
            continue
        values[name] = _number(equation.right, values)
        if name in base:
            changes[name] = values[name]
            moved.add(name)
    _check_signs(system, values, state.changes, where)
    _check_sheets(system, values, state.changes, where)
    return replace(state, values={**base, **changes}, changes=changes, closed=True)


def checked(system: System, state: State, usual: Mapping[str, float], base: Mapping[str, float]) -> State:
    """A calibrated opening whose values are calibration's but for its changes, with everything that follows from these.

    Parameters
    ----------
    system, state
        What will be solved, and the opening as the caller gave it.
    usual, base
        Calibration's values of the day on a weekly clock, and for the run's period length and amortisation.

    Raises
    ------
    BadInput
        A value that is neither calibration's nor a change, a missing value, an unknown name among the changes, or what
        :func:`closed` refuses.
    """
    where, way = f"the opening of {state.date}", "give other values with with_changes()"
    missing = [name for name in usual if name not in state.values]
    if missing:
        raise BadInput(f"{where} has no value of {missing[0]!r}, one of {len(missing)} missing; {way}")
    for name, value in state.values.items():
        if name in state.changes:
            if value != state.changes[name]:
                raise BadInput(f"{where}: {name!r} is {value:g} among its values and {state.changes[name]:g} among its changes; {way}")
        elif value not in (usual.get(name), base.get(name)):
            known = f"calibration has {usual[name]:g}" if name in usual else f"calibration has no such value{nearest(name, usual)}"
            raise BadInput(f"{where}: {name!r} is {value:g}, {known}; {way}")
    if not state.changes or state.closed:
        return state
    derived = derived_names(system, State(state.date, usual, calibrated=True))
    for name in state.changes:
        check_opened(name, system.variables, derived, where)
    return closed(system, state, base, where)


def _bundle(
    cell: Cell, changes: Mapping[str, float], values: Mapping[str, float], base: Mapping[str, float], where: str
) -> dict[str, float]:
    """What a caller's value, face or coupon of a coupon cell, or its yield, implies for the others."""
    key, face, coupon, yields = cell.key, f"{cell.key}__face", f"{cell.key}__coupon", f"yield_{cell.instrument}"
    found: dict[str, float] = {}
    if key in changes and (face in changes or coupon in changes):
        raise BadInput(f"{where} {key}: give its value, or its face and coupon, not both")
    if key in changes:
        if not base[key]:
            raise BadInput(f"{where} {key}: it is 0 in calibration's opening, so give {face} and {coupon}")
        usual = _worth(cell, values) if yields in changes else base[key]
        found = {name: base[name] * changes[key] / usual for name in (face, coupon)}
    elif changes.keys() & {face, coupon, yields}:
        found = {key: _worth(cell, values)}
    book = f"{BOOK}{cell.instrument}"
    new = {**changes, **found}
    if cell.holder == "fed" and face in new and book in base and book not in changes:
        found[book] = base[book] * new[face] / base[face] if base[face] else new[face]
    return found


def _worth(cell: Cell, values: Mapping[str, float]) -> float:
    """The value of a cell's face and coupon at the yield of its class."""
    from calibration.opening import prices

    rate, decay = values[f"yield_{cell.instrument}"], values[f"a_{cell.instrument}"]
    on_coupon, on_face = prices(values["dt"], {"": rate}, {"": decay})[""]
    return on_coupon * values[f"{cell.key}__coupon"] + on_face * values[f"{cell.key}__face"]


def _check_signs(system: System, values: Mapping[str, float], given: Mapping[str, float], where: str) -> None:
    for name, value in given.items():
        if system.variables[name].unit == RATE and abs(value) > 1:
            raise BadInput(f"{where} {name}={value:g}: out of bounds; rates are decimals per year, -1 to 1 (0.039 is 3.9 %)")
    for cell in () if system.chart is None else system.chart.cells():
        if system.chart is not None and system.chart.instrument(cell.instrument).valuation is not Valuation.BOOK:
            for name in (cell.key, f"{cell.key}__face", f"{cell.key}__coupon"):
                if values.get(name, 0.0) < 0:
                    raise BadInput(f"{where} {name}={values[name]:g}: no holding is negative; allowed: 0 or more")


def _check_sheets(system: System, values: Mapping[str, float], given: Mapping[str, float], where: str) -> None:
    for hidden in system.hidden:
        if not hidden.name.startswith(SHEET):
            continue
        needed = sorted({s.base for s in _variables(hidden.expression)})
        if any(name not in values for name in needed):
            continue
        gap = _number(hidden.expression, values)
        scale = math.fsum(abs(values[name]) for name in needed)
        if abs(gap) > CONSISTENT * scale:
            side = "assets exceed liabilities" if gap > 0 else "liabilities exceed assets"
            sheet = hidden.name.removeprefix(SHEET).replace("_", " ")
            own = [name for name in given if "__" in name or name.startswith("yield_")]
            raise BadInput(
                f"{where}: the balance sheet of {sheet} does not close: {side} by {abs(gap):.12g} bn"
                f" after {', '.join(own) or 'the changes'}; set the other side too{_rounded(abs(gap))}"
            )


def _rounded(gap: float) -> str:
    """Where exact figures are, for a gap that rounded ones make."""
    if gap >= ROUNDED:
        return ""
    return "; sheets close to rounding of sums (1e-12 of them): period 0 of a run's holdings.csv has every cell in full"


def _variables(expression: sp.Expr) -> set[Variable]:
    return {s for s in expression.free_symbols if isinstance(s, Variable)}


def _number(expression: sp.Expr, values: Mapping[str, float]) -> float:
    return float(expression.xreplace({s: sp.Float(values[s.base], 17) for s in _variables(expression)}))
