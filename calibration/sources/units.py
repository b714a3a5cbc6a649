"""Units: the factors between those of publishers and those of the figures, each written out once."""

from __future__ import annotations

from collections.abc import Sequence

from calibration.sources.names import suggestion

# Amounts in dollars; rates per year; flows at an annual rate. A conversion exists within one of these groups only.
AMOUNTS = {"USD": 1.0, "USD thousand": 1e3, "USD mn": 1e6, "USD bn": 1e9, "USD tn": 1e12}
RATES = {"1/yr": 1.0, "percent": 1e-2, "basis points": 1e-4}
ANNUAL = {"USD mn/yr": 1e6, "USD bn/yr": 1e9}
PLAIN = ("index", "contracts", "years", "1")
GROUPS = (AMOUNTS, RATES, ANNUAL)
UNITS = (*AMOUNTS, *RATES, *ANNUAL, *PLAIN)
POWERS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


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
    if known(given) == known(wanted):
        return 1.0
    for group in GROUPS:
        if given in group and wanted in group:
            return group[given] / group[wanted]
    raise UnitError(f"no conversion from {given!r} to {wanted!r}: they are of different kinds")


def convert(values: Sequence[float | None], given: str, wanted: str) -> tuple[float | None, ...]:
    """Values in another unit, missing ones still missing.

    Going to a larger unit divides, so that a published decimal stays the nearest double: 4.15 percent is 0.0415 per year.

    Raises
    ------
    UnitError
        An unknown unit, or two units of different kinds.
    """
    times = factor(given, wanted)
    if times < 1.0:
        parts = factor(wanted, given)
        return tuple(None if value is None else value / parts for value in values)
    return tuple(None if value is None else value * times for value in values)


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
            if size == multiplier:
                return name
    if unit.startswith("Index") and multiplier == 1:
        return "index"
    raise UnitError(f"unit {unit!r} with multiplier {multiplier:g} and currency {currency!r} is none of those documented")
