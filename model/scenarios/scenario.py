"""Scenarios: small named departures from a baseline, read from TOML and immutable.

A file holds ``title``, ``story``, ``source``, ``baseline``, ``[horizon]``, ``[parameters]``, ``[[shock]]``, ``[switch]``, ``[exogenise]``
and ``[[expect]]``; anything else is refused with its line. What a scenario does to a system's inputs is in :mod:`model.scenarios.shocks`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from model.scenarios.faults import keys, sentence
from model.scenarios.places import BadFile, Places, read_toml

Clock = Literal["weekly", "monthly", "quarterly", "daily"]
CLOCKS: tuple[str, ...] = get_args(Clock)
ACTIONS = ("set", "add", "scale", "path")
LARGEST = 1e15
"""Size of the largest number that may be given: billions of dollars, decimals and counts stay far below it."""


def _date(given: Any) -> Any:
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise ValueError(f"{given!r} is not a date; write 2025-12-31") from None
    if type(given) is not date:
        raise ValueError(f"{given!r} is not a date; write 2025-12-31")
    return given


def _when(given: Any) -> Any:
    return given if isinstance(given, int) and not isinstance(given, bool) else _date(given)


def _dated(given: Any) -> Any:
    """Dated values, written as a table (date = value) or as a list of [date, value] pairs, in order of date."""
    pairs = list(given.items()) if isinstance(given, Mapping) else given
    if not isinstance(pairs, list) or not pairs or not all(isinstance(p, list | tuple) and len(p) == 2 for p in pairs):
        raise ValueError('write dated values as { "2025-12-10" = 0.0375, … } or [["2025-12-10", 0.0375], …]')
    found = [(_date(day), value) for day, value in pairs]
    days = [day for day, _ in found]
    if len(set(days)) < len(days):
        raise ValueError(f"{next(d for d in days if days.count(d) > 1)} has two values")
    return tuple(sorted(found))


def _number(given: Any) -> Any:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ValueError(f"{given!r} is not a finite number")
    if abs(given) > LARGEST:
        raise ValueError(f"{given!r} is out of bounds; allowed: {-LARGEST:g} to {LARGEST:g}")
    return float(given)


def wanted(word: str) -> Any:
    """A check that lets a finite number or one word pass."""

    def check(given: Any) -> Any:
        if given == word:
            return given
        if isinstance(given, str):
            raise ValueError(f'{given!r} is neither a number nor "{word}"')
        return _number(given)

    return check


def _items(given: Any) -> Any:
    """Names with their values, from a table or from pairs of them; each name once."""
    if isinstance(given, Mapping):
        return tuple(given.items())
    if not isinstance(given, tuple) or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in given):
        raise ValueError(f"is {given!r}; write a table, a line NAME = VALUE for each name")
    names = [name for name, _ in given]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} is given twice")
    return given


Number = Annotated[float, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_date)]
When = Annotated[date | int, BeforeValidator(_when)]
Dated = Annotated[tuple[tuple[date, Number], ...], BeforeValidator(_dated)]


class Part(BaseModel):
    """A frozen part of a scenario file in which every key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Horizon(Part):
    """The scenario's own start, length and clock; the caller may choose others."""

    start: Day | None = None
    periods: Annotated[int, Field(ge=0)] | None = None
    end: Day | None = None
    clock: Clock | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Horizon:
        if self.periods is not None and self.end is not None:
            raise ValueError("give periods or end, not both")
        return self

    def over(self, base: Horizon) -> Horizon:
        """The horizon with another's values where it leaves them out; its own length, periods or end, replaces the other's."""
        length = base if self.periods is None and self.end is None else self
        return Horizon(start=self.start or base.start, periods=length.periods, end=length.end, clock=self.clock or base.clock)


class Shock(Part):
    """One change of an exogenous variable, a parameter or an add-factor over a window.

    Parameters
    ----------
    variable
        What changes; ``add__<equation>`` is an equation's add-factor.
    start, end
        First and last date (or period), written ``from`` and ``to``; without them the window is open.
    set, add, scale
        The new value, what is added, or what the baseline is multiplied by.
    path
        Dated values; each holds from its date until the next.
    """

    variable: str
    start: When | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: When | None = Field(default=None, validation_alias="to", serialization_alias="to")
    set: Number | None = None
    add: Number | None = None
    scale: Number | None = None
    path: Dated | None = None

    @model_validator(mode="after")
    def _one_action(self) -> Shock:
        given = [name for name in ACTIONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(ACTIONS)}; here {' and '.join(given) if given else 'none'}")
        if self.start is not None and self.end is not None:
            if type(self.start) is not type(self.end):
                raise ValueError("give from and to both as dates or both as periods")
            if self.start > self.end:  # type: ignore[operator]
                raise ValueError(f"from {self.start} comes after to {self.end}")
        return self

    @property
    def action(self) -> str:
        """Which of set, add, scale and path is given."""
        return next(name for name in ACTIONS if getattr(self, name) is not None)

    def __str__(self) -> str:
        words = {"set": "= ", "add": "+ ", "scale": "× "}
        if self.add is not None and self.add < 0:
            figure = f"- {-self.add:g}"
        else:
            figure = "a dated path" if self.path is not None else f"{words[self.action]}{getattr(self, self.action):g}"
        since = "" if self.start is None else f" from {self.start}"
        until = "" if self.end is None else f" to {self.end}"
        return f"{self.variable} {figure}{since}{until}"


class Fixed(Part):
    """The given path of a variable that is otherwise solved for.

    Parameters
    ----------
    value
        A number, or ``"hold"`` for the opening's value.
    path
        Dated values instead.
    dropping
        Name of the equation that goes; without it, the one that has the variable alone on its left.
    """

    value: Annotated[float | Literal["hold"] | None, BeforeValidator(wanted("hold"))] = None
    path: Dated | None = None
    dropping: str | None = None

    @model_validator(mode="after")
    def _one_path(self) -> Fixed:
        if (self.value is None) == (self.path is None):
            raise ValueError('give value (a number or "hold") or path')
        return self


def _fixed(given: Any) -> Any:
    if not isinstance(given, Mapping):
        return _items(given)
    return tuple((name, {"value": item} if not isinstance(item, Mapping) else item) for name, item in given.items())


class Expectation(Part):
    """What the scenario is expected to do to a variable, as a difference from its baseline.

    Parameters
    ----------
    variable
        Any variable of the system.
    date, start, end
        A date, or a window (``from``, ``to``) whose mean counts; without any, the last period.
    sign
        ``"+"``, ``"-"`` or ``"0"``.
    low, high
        Bounds in ``unit``.
    unit
        ``bn``, ``bp`` (of a decimal rate), ``pp`` or ``%`` (of the baseline); without it the variable's own.
    source
        The benchmark.
    """

    variable: str
    date: Day | None = None
    start: Day | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: Day | None = Field(default=None, validation_alias="to", serialization_alias="to")
    sign: Literal["+", "-", "0"] | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Literal["bn", "bp", "pp", "%"] | None = None
    source: str = ""

    @model_validator(mode="after")
    def _sensible(self) -> Expectation:
        if self.sign is None and self.low is None and self.high is None:
            raise ValueError("give sign, low or high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.date is not None and (self.start is not None or self.end is not None):
            raise ValueError("give date or a window (from, to), not both")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"from {self.start} comes after to {self.end}")
        return self

    def __str__(self) -> str:
        when = f" on {self.date}" if self.date else f" from {self.start} to {self.end}" if self.start or self.end else " at the end"
        size = {"+": "up", "-": "down", "0": "unchanged", None: ""}[self.sign]
        unit = f" {self.unit}" if self.unit else ""
        low, high = ("" if x is None else f"{x:g}" for x in (self.low, self.high))
        band = f"{low} to {high}{unit}" if low and high else f"at least {low}{unit}" if low else f"at most {high}{unit}" if high else ""
        return f"{self.variable} {' '.join(part for part in (size, band) if part)}{when}"


class Scenario(Part):
    """A named departure from a baseline.

    Parameters
    ----------
    name
        File name without its ending; not a key of the file.
    title, story, source
        What it is, in words, and where it comes from.
    baseline
        Name of the scenario that differences are taken from; empty for none.
    horizon
        Start, length, clock.
    parameters
        Values for the whole run.
    shock
        Changes over windows.
    switch
        Which variant of a mechanism is on.
    exogenise
        Variables that follow a given path instead of their equation.
    expect
        Expected signs and sizes.
    """

    name: str
    title: str
    story: str = ""
    source: str = ""
    baseline: str = ""
    horizon: Horizon = Horizon()
    parameters: Annotated[tuple[tuple[str, Number], ...], BeforeValidator(_items)] = ()
    shock: Annotated[tuple[Shock, ...], Field(strict=False)] = ()
    switch: Annotated[tuple[tuple[str, bool | str | int | float], ...], BeforeValidator(_items)] = ()
    exogenise: Annotated[tuple[tuple[str, Fixed], ...], BeforeValidator(_fixed)] = ()
    expect: Annotated[tuple[Expectation, ...], Field(strict=False)] = ()
    _places: Places = PrivateAttr(default_factory=lambda: Places("scenario"))

    @property
    def places(self) -> Places:
        """Lines of the scenario's file, for messages."""
        return self._places

    def _repr_html_(self) -> str:
        """Title, story, source, what changes and what is expected."""
        from model.language.displays import table

        own = self.horizon
        span = [str(own.start or ""), f"{own.periods} periods" if own.periods is not None else "", f"to {own.end}" if own.end else ""]
        facts = [
            ("story", " ".join(self.story.split())),
            ("source", self.source),
            ("baseline", self.baseline or ""),
            ("horizon", ", ".join(part for part in (*span, own.clock or "") if part)),
            ("parameters", ", ".join(f"{name} = {value:g}" for name, value in self.parameters)),
            ("switches", ", ".join(f"{name} = {value}" for name, value in self.switch)),
            ("given", ", ".join(name for name, _ in self.exogenise)),
            *(("shock", str(shock)) for shock in self.shock),
            *(("expected", str(expectation)) for expectation in self.expect),
        ]
        return table(("", ""), [fact for fact in facts if fact[1]], f"Scenario: {self.title} ({self.name})")


def read_scenario(text: str, name: str, file: str = "") -> Scenario:
    """A scenario from TOML text.

    Parameters
    ----------
    text
        The file's content.
    name
        The scenario's name.
    file
        The file's name, for messages.

    Raises
    ------
    BadFile
        Naming file, line, what is wrong and what is allowed.
    """
    content, places = read_toml(text, file or f"{name}.toml")
    if "name" in content:
        raise places.refuse(("name",), f"unknown key 'name'; known: {', '.join(_known(Scenario))}")
    try:
        scenario = Scenario.model_validate({**content, "name": name})
    except ValidationError as error:
        raise _refusal(error, places) from None
    scenario._places = places
    return scenario


def _known(part: type[BaseModel]) -> list[str]:
    return keys(part, "name" if part is Scenario else "")


PARTS: dict[str, type[BaseModel]] = {"horizon": Horizon, "shock": Shock, "exogenise": Fixed, "expect": Expectation}


def _refusal(error: ValidationError, places: Places) -> BadFile:
    """The first fault of a file, by line, in one sentence."""
    faults = []
    for item in error.errors():
        place = _place(item["loc"], places)
        part = PARTS.get(str(place[0]), Scenario) if place else Scenario
        message = sentence(item, place, _known(part if len(place) > 1 else Scenario))
        faults.append((places.line(place), message, place))
    line, message, place = min(faults, key=lambda fault: fault[0])
    return BadFile(places.file, line, message)


def _place(location: tuple[int | str, ...], places: Places) -> tuple[int | str, ...]:
    """Where a fault stands in the file: positions inside pair lists become the keys that the file has."""
    if location and location[0] in ("parameters", "switch", "exogenise") and len(location) > 1 and isinstance(location[1], int):
        keys = [spot[1] for spot in places.lines if len(spot) > 1 and spot[0] == location[0]]
        ordered = list(dict.fromkeys(keys))
        if location[1] < len(ordered):
            return (location[0], ordered[location[1]], *(p for p in location[2:] if isinstance(p, str) and p in _known(Fixed)))
    return tuple(p for p in location if p not in ("date", "int") or location[0] == "expect")
