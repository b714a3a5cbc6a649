"""Sizes, links and behaviour of generated institutions: read from TOML, checked before use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from calibration.parameters import Value, check_entry
from calibration.tables import DataError

WHERE = "calibration/institutions/sizes.toml"
COUNTS = ("lenders_per_fund", "dealers_per_mmf", "deposit_banks")
"""Numbers of partners."""


@cache
def size_entries() -> dict[str, Value]:
    """Every entry with its unit, source and bounds.

    Raises
    ------
    DataError
        Broken TOML or an entry that is not well formed.
    """
    text = resources.files("calibration").joinpath("institutions", "sizes.toml").read_text(encoding="utf-8")
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{WHERE} is not valid TOML: {error}") from error
    return {name: check_entry(WHERE, name, entry) for name, entry in entries.items()}


def size_parameters(changed: Mapping[str, float] | None = None) -> dict[str, float]:
    """The values, with those of ``changed`` in their place.

    Raises
    ------
    DataError
        An unknown name, or a value outside its bounds; the message names what is allowed.
    """
    entries = size_entries()
    values = {name: entry.value for name, entry in entries.items()}
    for name, value in (changed or {}).items():
        if name not in entries:
            raise DataError(f"unknown parameter {name!r}; known: {', '.join(sorted(entries))}")
        low, high = entries[name].lower, entries[name].upper
        if not low <= value <= high:
            raise DataError(f"parameter {name!r} is {value:g}; allowed: {low:g} to {high:g}")
        if name in COUNTS and value != int(value):
            raise DataError(f"parameter {name!r} is {value:g}; allowed: whole numbers from {low:g} to {high:g}")
        values[name] = float(value)
    return values
