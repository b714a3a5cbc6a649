"""Target files: what is to be held, by which instrument or rule, over which window; read from TOML and checked line by line.

A file has ``title``, ``story``, ``source``, ``baseline``, ``[horizon]``, and either ``[instrument]`` with ``[[target]]`` or ``[rule]`` with
``[[term]]`` and ``[[loss]]``. Anything else is refused with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

from model.scenarios.faults import keys, sentence
from model.scenarios.places import BadFile, Places, read_toml
from model.scenarios.scenario import Horizon, Number, Part, When, wanted

Unit = Literal["bn", "bp", "pp"]
SCALES: Mapping[str | None, float] = {"bn": 1.0, "bp": 1e-4, "pp": 1e-2, None: 1.0}


class Window(Part):
    """First and last date (or period), written ``from`` and ``to``; without them the window is open."""

    start: When | None = Field(default=None, validation_alias="from", serialization_alias="from")
    end: When | None = Field(default=None, validation_alias="to", serialization_alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> Window:
        if self.start is not None and self.end is not None:
            if type(self.start) is not type(self.end):
                raise ValueError("give from and to both as dates or both as periods")
            if self.start > self.end:  # type: ignore[operator]
                raise ValueError(f"from {self.start} comes after to {self.end}")
        return self


class InstrumentPart(Window):
    """The exogenous variable or add-factor that is moved.

    Parameters
    ----------
    variable
        ``qe_bills``, ``add__tga_target`` and the like.
    path
        ``free`` by period, ``smooth``, ``steps`` of ``every`` periods, or one ``constant``.
    lower, upper
        Bounds of its path.
    """

    variable: str
    path: Literal["free", "smooth", "steps", "constant"] = "smooth"
    every: Annotated[int, Field(ge=1)] = 4
    lower: Number | None = None
    upper: Number | None = None

    @model_validator(mode="after")
    def _bounds(self) -> InstrumentPart:
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError(f"lower {self.lower:g} is not below upper {self.upper:g}")
        return self


class TargetPart(Window):
    """A level (``value``) or a band (``low``, ``high``) of a variable, in ``unit``, kept within ``tolerance`` of the same unit."""

    variable: str
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Unit | None = None
    tolerance: Annotated[Number, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _level_or_band(self) -> TargetPart:
        if (self.value is None) == (self.low is None and self.high is None):
            raise ValueError("give value, or low or high or both")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        return self


class RulePart(Window):
    """A rule ``instrument = baseline + Σ coefficient·(variable(-lag) - reference)`` whose coefficients are sought."""

    instrument: str
    lower: Number | None = None
    upper: Number | None = None


class TermPart(Part):
    """One term of the rule; the coefficient is per ``unit`` of the variable."""

    variable: str
    reference: Number
    unit: Unit | None = None
    lag: Annotated[int, Field(ge=1, le=8)] = 1
    start: Number = 0.0
    lower: Number | None = None
    upper: Number | None = None


class LossPart(Window):
    """A quadratic loss: ``weight·mean((variable - value)/unit)²``, or of the distance from the baseline's path."""

    variable: str
    value: Annotated[float | Literal["baseline"], BeforeValidator(wanted("baseline"))]
    unit: Unit | None = None
    weight: Annotated[Number, Field(ge=0)] = 1.0


class Target(Part):
    """A question of policy: the path of an instrument, or the rule, that gives what is wanted."""

    name: str
    title: str
    story: str = ""
    source: str = ""
    baseline: str = "baseline"
    horizon: Horizon = Horizon()
    instrument: InstrumentPart | None = None
    target: Annotated[tuple[TargetPart, ...], Field(strict=False)] = ()
    rule: RulePart | None = None
    term: Annotated[tuple[TermPart, ...], Field(strict=False)] = ()
    loss: Annotated[tuple[LossPart, ...], Field(strict=False)] = ()
    _places: Places = PrivateAttr(default_factory=lambda: Places("target"))

    @model_validator(mode="after")
    def _whole(self) -> Target:
        if (self.instrument is None) == (self.rule is None):
            raise ValueError("give [instrument] with [[target]], or [rule] with [[term]] and [[loss]]")
        if self.instrument is not None and (not self.target or self.term or self.loss):
            raise ValueError("an [instrument] needs at least one [[target]], and no [[term]] or [[loss]]")
        if self.rule is not None and (not self.term or not self.loss or self.target):
            raise ValueError("a [rule] needs at least one [[term]] and one [[loss]], and no [[target]]")
        return self

    @property
    def places(self) -> Places:
        """Lines of the file, for messages."""
        return self._places


PARTS: dict[str, type[Part]] = {
    "horizon": Horizon,
    "instrument": InstrumentPart,
    "target": TargetPart,
    "rule": RulePart,
    "term": TermPart,
    "loss": LossPart,
}


def read_target(text: str, name: str, file: str = "") -> Target:
    """A target from TOML text.

    Raises
    ------
    BadFile
        Naming file, line, what is wrong and what is allowed.
    """
    content, places = read_toml(text, file or f"{name}.toml")
    if "name" in content:
        raise places.refuse(("name",), "unknown key 'name'; a target is named by its file")
    try:
        found = Target.model_validate({**content, "name": name})
    except ValidationError as error:
        raise _refusal(error, places) from None
    found._places = places
    return found


def _refusal(error: ValidationError, places: Places) -> BadFile:
    """The first fault of a file, by line, in one sentence."""
    faults = []
    for item in error.errors():
        place = tuple(p for p in item["loc"] if p not in ("date", "int"))
        part = PARTS.get(str(place[0]), Target) if len(place) > 1 else Target
        faults.append((places.line(place), sentence(item, place, keys(part, "name" if part is Target else ""))))
    line, message = min(faults)
    return BadFile(places.file, line, message)


__all__ = ["SCALES", "InstrumentPart", "LossPart", "Target", "TargetPart", "Window", "read_target"]
