"""Units: the factors between those of publishers and those of the figures, each written out once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from calibration.sources.names import suggestion

# Amounts, rates per year and flows at an annual rate, each with its power of ten. A conversion exists within one of these groups only.
AMOUNTS = {"USD": 0, "USD thousand": 3, "USD mn": 6, "USD bn": 9, "USD tn": 12}
RATES = {"1/yr": 0, "percent": -2, "basis points": -4}
ANNUAL = {"USD mn/yr": 6, "USD bn/yr": 9}
PLAIN = ("index", "contracts", "years", "1")
GROUPS = (AMOUNTS, RATES, ANNUAL)
UNITS = (*AMOUNTS, *RATES, *ANNUAL, *PLAIN)


class UnitError(ValueError):
    """A conversion that does not exist; the message says which do."""


def known(unit: str) -> str:
    """The unit itself.

    Raises
    ------
    UnitError
        An unknown unit, with the nearest known.
    """
    if unit not in UNITS:
        raise UnitError(f"no unit {unit!r}; {suggestion(unit, UNITS)} (known: {', '.join(UNITS)})")
    return unit


def power(given: str, wanted: str) -> int:
    """The power of ten that a value in ``given`` is multiplied by to be in ``wanted``: every factor is one.

    Raises
    ------
    UnitError
        An unknown unit, or two units of different kinds.
    """
    if known(given) == known(wanted):
        return 0
    for group in GROUPS:
        if given in group and wanted in group:
            return group[given] - group[wanted]
    raise UnitError(f"no conversion from {given!r} to {wanted!r}: they are of different kinds")


def factor(given: str, wanted: str) -> float:
    """What a value in ``given`` is multiplied by to be in ``wanted``.

    Raises
    ------
    UnitError
        An unknown unit, or two units of different kinds.

    Examples
    --------
    >>> factor("USD mn", "USD bn"), factor("percent", "1/yr")
    (0.001, 0.01)
    """
    return float(Decimal(1).scaleb(power(given, wanted)))


def convert(values: Sequence[float | None], given: str, wanted: str) -> tuple[float | None, ...]:
    """Values in another unit, missing ones still missing.

    The decimal point is moved, so that a published decimal stays the double nearest to it: 4.40 percent is 0.044 per year.

    Raises
    ------
    UnitError
        An unknown unit, or two units of different kinds.

    Examples
    --------
    >>> convert([4.4, None], "percent", "1/yr")
    (0.044, None)
    """
    places = power(given, wanted)
    if places == 0:
        return tuple(values)
    return tuple(None if value is None else float(Decimal(repr(value)).scaleb(places)) for value in values)


def from_multiplier(unit: str, multiplier: float, currency: str) -> str:
    """The unit of a Federal Reserve Board download, from its rows ``Unit:``, ``Multiplier:`` and ``Currency:``.

    Raises
    ------
    UnitError
        A combination that is not documented.

    Examples
    --------
    >>> from_multiplier("Currency", 1000000.0, "USD")
    'USD mn'
    """
    if unit.startswith("Percent"):
        return "percent"
    if unit.startswith("Currency") and currency in ("USD", "NA", ""):
        for name, size in AMOUNTS.items():
            if 10.0**size == multiplier:
                return name
    if unit.startswith("Index") and multiplier == 1:
        return "index"
    raise UnitError(f"unit {unit!r} with multiplier {multiplier:g} and currency {currency!r} is none of those documented")
