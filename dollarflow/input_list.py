"""Everything that a caller may set: exogenous variables, add-factors and parameters, with values, bounds and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dollarflow.economy import economy, opening_state, starting_point
from dollarflow.errors import BadInput
from dollarflow.horizons import horizon
from dollarflow.scenarios import scenario
from dollarflow.session import START
from model.language.system import nearest
from model.scenarios.shocks import interval, levers, limits_of, set_by_clock


@dataclass(frozen=True)
class Input:
    """One name that ``--set``, ``--exogenous`` or a scenario file may give a value.

    Parameters
    ----------
    name, kind, unit, description
        ``kind`` is ``parameter``, ``exogenous`` or ``add-factor``.
    value
        The baseline's; of a path, the first period's.
    least, most
        What the baseline's path spans; equal to the value where it is constant.
    lower, upper
        Bounds; None for none.
    source, assumption
        Of parameters: where the value comes from, and whether it is set rather than taken from a publication.
    """

    name: str
    kind: str
    unit: str
    description: str
    value: float
    least: float
    most: float
    lower: float | None
    upper: float | None
    source: str | None = None
    assumption: bool | None = None

    @property
    def bounds(self) -> str:
        """Bounds in words."""
        return interval(self.lower, self.upper)

    @property
    def remark(self) -> str:
        """Source of a parameter, or the span of a path that varies."""
        if self.kind == "parameter":
            return f"{'assumption; ' if self.assumption else ''}{self.source}"
        return f"path from {written(self.least)} to {written(self.most)}" if self.least < self.most else ""

    def as_dict(self) -> dict[str, Any]:
        """The fields by name, as JSON holds them."""
        return asdict(self)


def every_input() -> tuple[Input, ...]:
    """Exogenous variables, then parameters, then add-factors, each by name, with the baseline's values."""
    from calibration.parameters import parameter_values

    base = scenario("baseline")
    system, opening = economy(base), opening_state(base.horizon.start or START)
    _, drivers = starting_point(system, opening, horizon(base, opening.date), scenario=base)
    exogenous: list[Input] = []
    factors: list[Input] = []
    for name in system.given:
        if set_by_clock(system, name):
            continue
        variable = system.variables[name]
        path = drivers.exogenous[name][1:].tolist() if name in drivers.exogenous else [0.0]
        kind = "add-factor" if name in system.add_factors else "exogenous"
        figures = (path[0], min(path), max(path), *limits_of(system, name))
        (factors if kind == "add-factor" else exogenous).append(Input(name, kind, str(variable.unit), variable.description, *figures))
    sources = parameter_values()
    parameters = []
    for parameter in system.parameters:
        known, value = sources.get(parameter.name), drivers.parameters[parameter.name]
        path = drivers.parameter_paths[parameter.name][1:].tolist() if parameter.name in drivers.parameter_paths else [value]
        source = "follows from the opening" if known is None else f"{known.source} ({known.date})"
        parameters.append(
            Input(
                parameter.name,
                "parameter",
                str(parameter.unit),
                parameter.description,
                *(path[0], min(path), max(path), parameter.lower, parameter.upper),
                source=source,
                assumption=known is not None and known.assumption,
            )
        )
    return (*exogenous, *parameters, *factors)


def chosen(names: Sequence[str]) -> tuple[Input, ...]:
    """The inputs of those names; all where none is named.

    Raises
    ------
    BadInput
        A name that is solved for or unknown, with what to set instead or the nearest known one.
    """
    found = {item.name: item for item in every_input()}
    if not names:
        return tuple(found.values())
    for name in names:
        if name not in found:
            system = economy(scenario("baseline"))
            fixed, made_of = set_by_clock(system, name), levers(system, name)
            if fixed:
                raise BadInput(fixed)
            if made_of:
                raise BadInput(f"{name!r} is solved for; its inputs are {' and '.join(made_of)}")
            if name in system.variables:
                raise BadInput(f"{name!r} is solved for, no input; dollarflow equations {name} shows from what")
            raise BadInput(f"no input is named {name!r}{nearest(name, found)}; dollarflow inputs without a name lists all")
    return tuple(dict.fromkeys(found[name] for name in names))


def table(items: Sequence[Input]) -> str:
    """A line an input: name, kind, value, unit, bounds, description, source."""
    head = ("name", "kind", "value", "unit", "bounds", "description")
    rows = [head, *((item.name, item.kind, written(item.value), item.unit, item.bounds, _described(item)) for item in items)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head) - 1)]
    return "\n".join("  ".join((*(f"{field:<{width}}" for field, width in zip(row, widths, strict=False)), row[-1])) for row in rows)


def written(value: float) -> str:
    """A number to six digits, large ones with separators instead of an exponent."""
    return f"{value:,.0f}" if 1e5 <= abs(value) < 1e15 else f"{value:.6g}"


def _described(item: Input) -> str:
    return f"{item.description} [{item.remark}]" if item.remark else item.description
