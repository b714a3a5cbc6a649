"""Files that say what an ensemble varies: TOML with ``[[parameter]]``, ``[[shock]]`` and ``[[correlation]]`` tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from dollarflow.ensembles.distributions import LOGNORMAL, NORMAL, TRIANGULAR, Distribution
from dollarflow.ensembles.variation import AR1, Factor, Process, Variation
from model.language.symbols import Parameter
from model.language.system import System, nearest
from model.scenarios.faults import keys, sentence
from model.scenarios.places import BadFile, Places, read_toml
from model.scenarios.scenario import Day, Number, Part


class ParameterPart(Part):
    """One drawn parameter; without ``mean``, ``mode``, ``low`` and ``high`` the model's own value and bounds stand in."""

    name: str
    distribution: Literal["normal", "lognormal", "uniform", "triangular"]
    mean: Number | None = None
    sd: Number | None = None
    low: Number | None = None
    high: Number | None = None
    mode: Number | None = None
    source: str = ""


class ShockPart(Part):
    """One shock process; ``also`` names variables that move with it, with their share."""

    variable: str
    process: Literal["iid", "ar1", "level"]
    sd: Number
    persistence: Number | None = None
    start: Day | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: Day | None = Field(default=None, validation_alias="to", serialization_alias="to")
    also: Annotated[
        tuple[tuple[str, Number], ...], BeforeValidator(lambda given: tuple(given.items()) if isinstance(given, Mapping) else given)
    ] = ()
    source: str = ""


class CorrelationPart(Part):
    """The correlation of two drawn parameters."""

    between: Annotated[tuple[str, str], Field(strict=False)]
    value: Number


class VariationFile(Part):
    """The whole file."""

    title: str = ""
    source: str = ""
    parameter: Annotated[tuple[ParameterPart, ...], Field(strict=False)] = ()
    shock: Annotated[tuple[ShockPart, ...], Field(strict=False)] = ()
    correlation: Annotated[tuple[CorrelationPart, ...], Field(strict=False)] = ()


PARTS: dict[str, type[Part]] = {"parameter": ParameterPart, "shock": ShockPart, "correlation": CorrelationPart}


def read_variation(
    text: str, file: str, system: System, values: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
) -> Variation:
    """What a file varies.

    Parameters
    ----------
    text, file
        The file's content, and its name for messages.
    system
        The system of the run.
    values
        Each parameter's value in the run, where a distribution leaves out its middle.
    ranges
        The range that calibration holds plausible for a parameter, where a distribution leaves out its bounds.

    Raises
    ------
    BadFile
        Naming file, line, what is wrong and what is allowed.
    """
    content, places = read_toml(text, file)
    try:
        found = VariationFile.model_validate(content)
    except ValidationError as error:
        raise _refusal(error, places) from None
    if not found.parameter and not found.shock:
        raise BadFile(file, 0, "nothing varies: give [[parameter]] or [[shock]] tables")
    bounds = {p.name: p for p in system.parameters}
    factors = tuple(_factor(part, i, bounds, values, ranges, places, system) for i, part in enumerate(found.parameter))
    processes = tuple(_process(part, i, places, system) for i, part in enumerate(found.shock))
    correlations = []
    names = [f.name for f in factors]
    for i, part in enumerate(found.correlation):
        for name in part.between:
            if name not in names:
                raise places.refuse(("correlation", i, "between"), f"{name!r} is no [[parameter]] of this file{nearest(name, names)}")
        if part.between[0] == part.between[1]:
            raise places.refuse(("correlation", i, "between"), f"{part.between[0]!r} stands twice; name two parameters")
        correlations.append((*part.between, part.value))
    try:
        return Variation(factors, processes, tuple(correlations))
    except ValueError as error:
        raise BadFile(file, 0, str(error)) from None


def _factor(
    part: ParameterPart,
    number: int,
    bounds: Mapping[str, Parameter],
    values: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
    places: Places,
    system: System,
) -> Factor:
    place = ("parameter", number)
    name = part.name
    if name not in bounds:
        hint = (
            f"{name!r} is exogenous: give it under [[shock]]"
            if name in system.given
            else f"no parameter is named {name!r}{nearest(name, bounds)}"
        )
        raise places.refuse((*place, "name"), hint)
    low, high = ranges.get(name, (-float("inf"), float("inf")))
    middle = values.get(name)
    given: dict[str, float] = {"low": low if part.low is None else part.low, "high": high if part.high is None else part.high}
    wanted = {NORMAL: "mean", LOGNORMAL: "mean", TRIANGULAR: "mode"}.get(part.distribution)
    for key in ("mean", "mode"):
        own = getattr(part, key)
        if key != wanted and own is not None:
            raise places.refuse((*place, key), f"a {part.distribution} number has no {key}")
        if key == wanted:
            if own is None and middle is None:
                raise places.refuse(place, f"{name}: give {key}; the model's value follows from the opening")
            given[key] = float(own if own is not None else middle or 0.0)
    if part.distribution in (NORMAL, LOGNORMAL):
        if part.sd is None:
            raise places.refuse(place, f"{name}: a {part.distribution} number needs sd")
        given["sd"] = part.sd
    elif part.sd is not None:
        raise places.refuse((*place, "sd"), f"a {part.distribution} number has no sd; give low and high")
    try:
        return Factor(name, Distribution(part.distribution, **given), part.source)
    except ValueError as error:
        raise places.refuse(place, f"{name}: {error}") from None


def _process(part: ShockPart, number: int, places: Places, system: System) -> Process:
    place = ("shock", number)
    for name in (part.variable, *(n for n, _ in part.also)):
        if name not in system.given:
            factor = f"; shock its add-factor 'add__{name}'" if f"add__{name}" in system.add_factors else ""
            what = (
                f"{name!r} is solved for{factor}"
                if name in system.unknowns
                else f"no exogenous variable is named {name!r}{nearest(name, system.given)}"
            )
            raise places.refuse((*place, "variable" if name == part.variable else "also"), what)
    if part.process == AR1 and part.persistence is None:
        raise places.refuse(place, f"{part.variable}: process ar1 needs persistence")
    try:
        return Process(part.variable, part.process, part.sd, part.persistence or 0.0, part.start, part.end, part.also, part.source)
    except ValueError as error:
        raise places.refuse(place, f"{part.variable}: {error}") from None


def _refusal(error: ValidationError, places: Places) -> BadFile:
    """The first fault of the file, by line, in one sentence."""
    faults = []
    for item in error.errors():
        place = item["loc"]
        part = PARTS.get(str(place[0]), VariationFile) if len(place) > 1 else VariationFile
        faults.append((places.line(place), sentence(item, place, keys(part))))
    line, message = min(faults)
    return BadFile(places.file, line, message)
