"""Entries: the rows of the catalogue, and what makes them consistent with each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from calibration.sources.timing import QUARTERLY_FROM, TIMINGS, Stamp
from calibration.sources.units import UNITS, factor

FREQUENCIES = ("every day", "daily", "weekly", "monthly", "quarterly", "event")
ADJUSTMENTS = ("SA", "NSA", "SAAR")
TERM = re.compile(r"(?:(\d+(?:\.\d+)?) )?([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Publisher:
    """A publisher: its full name, address, terms of use, how its figures are revised, and where its key is."""

    name: str
    title: str
    address: str
    licence: str
    vintage: str
    key_name: str = ""
    key_variable: str = ""


@dataclass(frozen=True)
class Entry:
    """A series of a publisher.

    Parameters
    ----------
    name
        Name used here; publishers' copies of one series share it, the preferred one first.
    publisher, series
        Publisher and its identifier.
    unit, frequency, adjustment, timing
        As published; ``timing`` is one of :data:`calibration.sources.timing.TIMINGS`.
    stamp
        Whether the publisher dates a period by its first or last day.
    low, high
        Range in ``unit`` in which the series lies since 2006; values outside are refused.
    first, last
        Days outside which the series is of something else; None where open.
    licence, vintage
        Terms of use and how figures are revised, from the publisher's.
    note
        Anything that a user must know.
    """

    name: str
    publisher: str
    series: str
    unit: str
    frequency: str
    adjustment: str
    timing: str
    stamp: Stamp
    low: float
    high: float
    first: date | None
    last: date | None
    licence: str
    vintage: str
    note: str

    @property
    def key(self) -> tuple[str, str]:
        """Publisher and identifier."""
        return self.publisher, self.series

    @property
    def copy(self) -> tuple[str, str]:
        """Which copy of the series this belongs to: consecutive identifiers of a publisher are one copy, others are each their own."""
        return self.publisher, "" if self.first or self.last else self.series


@dataclass(frozen=True)
class Term:
    """A weighted series of a sum."""

    weight: float
    name: str


@dataclass(frozen=True)
class Target:
    """A figure of ``calibration/data`` and how it is made.

    Parameters
    ----------
    figure
        Name of the quarterly figure.
    terms
        Weighted sum of series, all of one unit and timing; empty for a figure that no reader provides.
    unit
        Unit of the figure.
    take
        What is taken of a quarter, as in :data:`calibration.sources.timing.QUARTERLY_FROM`.
    gives
        Unit of the weighted sum where the weights change it.
    history
        Name of the series in ``calibration/data/rates.csv``, where it is the same.
    note
        Remark, or the publication of a figure without terms.
    """

    figure: str
    terms: tuple[Term, ...]
    unit: str
    take: str
    gives: str
    history: str
    note: str


@dataclass(frozen=True)
class Identity:
    """A sum of series that is zero within a tolerance, both in ``unit``."""

    name: str
    terms: tuple[Term, ...]
    unit: str
    tolerance: float


def terms_of(text: str) -> tuple[Term, ...]:
    """The terms of a signed sum, as ``notes + bonds`` or ``0.2 long - 0.2 short``.

    Raises
    ------
    ValueError
        Anything else.

    Examples
    --------
    >>> [(term.weight, term.name) for term in terms_of("0.2 a - b")]
    [(0.2, 'a'), (-1.0, 'b')]
    """
    if not text.strip():
        return ()
    pieces = re.split(r" ([+-]) ", text.strip())
    signs = ["+", *pieces[1::2]]
    terms = []
    for sign, piece in zip(signs, pieces[::2], strict=True):
        found = TERM.fullmatch(piece.strip())
        if not found:
            raise ValueError(f"{piece!r} in {text!r} is no series with or without a weight")
        weight = float(found[1]) if found[1] else 1.0
        terms.append(Term(-weight if sign == "-" else weight, found[2]))
    return tuple(terms)


def problems(entries: Iterable[Entry], targets: Iterable[Target], identities: Iterable[Identity]) -> list[str]:
    """What is inconsistent in the catalogue: unknown words, repeated series, sums over several units or timings."""
    found = []
    by_name: dict[str, Entry] = {}
    seen = set()
    for item in entries:
        words = ((item.unit, UNITS), (item.frequency, FREQUENCIES), (item.adjustment, ADJUSTMENTS), (item.timing, TIMINGS))
        found += [f"{item.key}: {word!r} is not one of {', '.join(known)}" for word, known in words if word not in known]
        found += [f"{item.key}: twice"] if item.key in seen else []
        found += [f"{item.key}: low {item.low} above high {item.high}"] if item.low >= item.high else []
        seen.add(item.key)
        first = by_name.setdefault(item.name, item)
        if first.timing != item.timing:
            found.append(f"{item.key}: {item.timing}, but {first.key} is {first.timing}")
    for figure in targets:
        unknown = [term.name for term in figure.terms if term.name not in by_name]
        if unknown:
            found.append(f"{figure.figure}: no series {', '.join(unknown)}")
            continue
        timings = {by_name[term.name].timing for term in figure.terms}
        if figure.terms and (len(timings) != 1 or (timings.pop(), figure.take) not in QUARTERLY_FROM):
            found.append(f"{figure.figure}: {figure.take!r} of {', '.join(sorted({by_name[t.name].timing for t in figure.terms}))}")
        if figure.terms and not figure.gives:
            for term in figure.terms:
                factor(by_name[term.name].unit, figure.unit)
    for identity in identities:
        for term in identity.terms:
            if term.name not in by_name:
                found.append(f"{identity.name}: no series {term.name}")
            else:
                factor(by_name[term.name].unit, identity.unit)
    return found
