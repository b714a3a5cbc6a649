"""Published series: what a publisher's file says, before any conversion."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from calibration.sources.findings import Finding, SourceError, fail

MISSING = frozenset({"", ".", "ND", "NC", "NA", "N/A", "n.a.", "n.a", "null", "None", "*"})
NUMBER = re.compile(r"[-+]?\$?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?\$?\.[0-9]+([eE][-+]?[0-9]+)?")
"""A published number: commas stand between groups of three digits, never for a decimal point."""
SHOWN = 3


@dataclass(frozen=True)
class Published:
    """One series as published: dates increase, a missing observation is None and never a number.

    Parameters
    ----------
    publisher, series
        Publisher by the catalogue's name, and its own identifier of the series.
    dates
        Period of each observation, as its last day unless the publisher dates by first days (the catalogue says so).
    values
        Observations in ``unit``.
    unit
        The unit that the file states, in the words of :mod:`calibration.sources.units`; empty where it states none.
    title
        The publisher's description.
    origin
        File that it came from.
    vintage
        Day on which the publisher's figures stood like this; None when unknown.
    """

    publisher: str
    series: str
    dates: tuple[date, ...]
    values: tuple[float | None, ...]
    unit: str = ""
    title: str = ""
    origin: str = ""
    vintage: date | None = None

    def __post_init__(self) -> None:
        if len(self.dates) != len(self.values):
            raise ValueError(f"{self.series}: {len(self.dates)} dates, {len(self.values)} values")
        if any(late <= early for early, late in pairwise(self.dates)):
            raise fail("duplicated date", self.series, "dates must increase")

    @property
    def key(self) -> tuple[str, str]:
        """Publisher and identifier."""
        return self.publisher, self.series

    @property
    def observations(self) -> dict[date, float]:
        """The observations that are there."""
        return {day: value for day, value in zip(self.dates, self.values, strict=True) if value is not None}

    @property
    def missing(self) -> tuple[date, ...]:
        """The dates that the publisher lists without a value."""
        return tuple(day for day, value in zip(self.dates, self.values, strict=True) if value is None)

    def stamped(self, vintage: date | None) -> Published:
        """The same series with a vintage, unless the file stated one."""
        return self if self.vintage is not None else replace(self, vintage=vintage)


def number(text: str | float | None, where: str) -> float | None:
    """A published value: a number, or None for a documented mark of a missing one.

    Raises
    ------
    SourceError
        Anything else (``unreadable value``).

    Examples
    --------
    >>> number(" 1,234.5 ", "a file"), number(".", "a file")
    (1234.5, None)
    """
    if text is None:
        return None
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        value = float(text)
    else:
        stripped = str(text).strip()
        if stripped in MISSING:
            return None
        if not NUMBER.fullmatch(stripped):
            text = "neither a number, with commas between thousands only, nor a mark for a missing value"
            raise fail("unreadable value", where, f"{stripped!r} is {text}")
        value = float(stripped.replace(",", "").replace("$", ""))
    if value != value or value in (float("inf"), float("-inf")):
        raise fail("unreadable value", where, f"{text!r} is not finite")
    return value


def collect(
    publisher: str,
    series: str,
    pairs: Iterable[tuple[date, float | None]],
    *,
    unit: str = "",
    title: str = "",
    origin: str = "",
    vintage: date | None = None,
) -> Published:
    """The series of dated values in any order.

    Raises
    ------
    SourceError
        Two values on one date (``duplicated date``), even where they agree.
    """
    found: dict[date, float | None] = {}
    twice: list[date] = []
    for day, value in pairs:
        if day in found:
            twice.append(day)
        found[day] = value
    if twice:
        days = ", ".join(day.isoformat() for day in sorted(set(twice))[:SHOWN])
        raise SourceError([Finding("duplicated date", series, f"{len(twice)} more than one on {days} in {origin or 'the file'}")])
    dates = tuple(sorted(found))
    return Published(publisher, series, dates, tuple(found[day] for day in dates), unit, title, origin, vintage)
