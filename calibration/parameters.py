"""Parameter values: read from TOML with unit, date, source and bounds, checked before use."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from calibration.tables import DataError

BASE = "parameters"
EARLY = "parameters_2019"
ABUNDANCE = date(2020, 3, 15)
"""Day of the Fed's announcement of purchases that ended the scarcity of 2018 to 2020."""


ParameterBasis = Literal["estimate", "published", "prior", "judgement", "definition"]
"""What a value rests on: data here, a publication's figure, the literature, judgement, or what a word means."""


class Value(BaseModel):
    """One parameter's value with what it rests on and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str
    date: str
    basis: ParameterBasis
    source: str
    lower: float
    upper: float
    assumption: bool = False

    @model_validator(mode="after")
    def check_bounds(self) -> Self:
        """The value lies within its bounds."""
        if not self.lower <= self.value <= self.upper:
            raise ValueError(f"value {self.value:g} is outside its bounds {self.lower:g} to {self.upper:g}")
        return self


def parameter_sets() -> tuple[str, ...]:
    """Names that :func:`load_parameters` knows: ``parameters`` and the sets that override it."""
    files = resources.files("calibration").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def read_set(name: str) -> dict[str, Value]:
    """The entries of one file.

    Raises
    ------
    DataError
        An unknown set, broken TOML, an unknown key, a missing unit or a value out of bounds; the message names the entry.
    """
    if name not in parameter_sets():
        raise DataError(f"no parameter set {name!r}; there are: {', '.join(parameter_sets())}")
    where = f"calibration/{name}.toml"
    text = resources.files("calibration").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where} is not valid TOML: {error}") from error
    return {key: check_entry(where, key, entry) for key, entry in entries.items()}


def check_entry(where: str, key: str, entry: object) -> Value:
    """One entry of a parameter file.

    Raises
    ------
    DataError
        What is wrong with the entry, and where.
    """
    try:
        return Value.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DataError(
            f"{where}, parameter {key!r}{', ' + field if field else ''}: {first['msg'].removeprefix('Value error, ')}"
        ) from error


@cache
def parameter_values(name: str = BASE) -> dict[str, Value]:
    """The base values with those of the set ``name`` in their place.

    Raises
    ------
    DataError
        As :func:`read_set`; also a set that names a parameter unknown to the base or changes its unit.
    """
    base = read_set(BASE)
    if name == BASE:
        return base
    for key, entry in read_set(name).items():
        if key not in base:
            raise DataError(f"calibration/{name}.toml: {key!r} is no parameter of calibration/{BASE}.toml")
        if entry.unit != base[key].unit:
            raise DataError(f"calibration/{name}.toml, parameter {key!r}: unit {entry.unit!r}, in the base {base[key].unit!r}")
        base[key] = entry
    return base


def usual_set(day: date) -> str:
    """The parameter set that fits the overnight market of a day: that of 2019 before March 2020, else the base.

    Examples
    --------
    >>> usual_set(date(2019, 6, 30)), usual_set(date(2025, 10, 29))
    ('parameters_2019', 'parameters')
    """
    return EARLY if day < ABUNDANCE else BASE


def load_parameters(name: str = BASE) -> dict[str, float]:
    """Parameter values by name, in the units of their declarations.

    Examples
    --------
    >>> load_parameters()["a_notes"], load_parameters("parameters_2019")["curve_threshold"]
    (0.18, 1650.0)
    """
    return {key: entry.value for key, entry in parameter_values(name).items()}
