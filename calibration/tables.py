"""The project's data files: rows checked on reading, errors that name file, row and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from datetime import date as Date
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

Confidence = Literal["high", "medium", "low"]
Basis = Literal["published", "derived", "assumption"]


class DataError(ValueError):
    """A data or parameter file that cannot be used; the message says where and what is allowed."""


class Row(BaseModel):
    """A row of a data file: immutable, with no unknown columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Observation(Row):
    """A figure about the opening balance sheets.

    ``parts`` is a signed sum of stocks by the chart's names. With ``base`` empty the sum is observed to be ``value``
    (USD bn); with a ``base`` it is observed to be ``value`` times the sum named there. ``std_usd_bn`` is the standard
    deviation of that statement in USD bn; 0 makes it exact.
    """

    date: date
    figure: str
    value: float
    unit: Literal["USD bn", "1", "1/yr"]
    parts: str
    base: str
    std_usd_bn: float
    confidence: Confidence
    basis: Basis
    timing: str
    source: str


class Level(Row):
    """A rate, income or fiscal figure of an opening date, by the model's variable name."""

    date: date
    variable: str
    value: float
    unit: str
    confidence: Confidence
    basis: Basis
    timing: str
    source: str


class Step(Row):
    """A dated step of a policy variable, in force from ``date`` on."""

    date: date
    variable: str
    value: float
    unit: str
    source: str


class Constant(Row):
    """A figure of the calendar: part of a year's receipts, weight of a settlement, agencies' cash."""

    name: str
    value: float
    unit: str
    source: str


class Rate(Row):
    """A daily or weekly figure of the money market."""

    date: date
    series: str
    value: float


class Published(Row):
    """A quarterly, yearly or otherwise dated figure of a publication, or derived from several."""

    date: date
    series: str
    value: float
    unit: Literal["USD bn", "USD bn/yr", "percent", "index"]
    basis: Basis
    source: str


class Series(Row):
    """Unit, source and frequency of a series of the money-market history."""

    series: str
    unit: str
    frequency: Literal["daily", "weekly"]
    source: str


R = TypeVar("R", bound=Row)


def lines(name: str, holding: str = "") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of ``data/<name>`` that hold a text, each with its line number and its fields as text."""
    header, *rows = resources.files("calibration").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    found = {number: row for number, row in enumerate(rows, start=2) if row and holding in row}
    names = next(csv.reader([header]))
    for number, fields in zip(found, csv.reader(found.values()), strict=True):
        yield number, dict(zip_longest(names, fields))


def read(name: str, kind: type[R], holding: str = "") -> tuple[R, ...]:
    """The rows of ``data/<name>`` that hold a text, all of them without one, checked.

    Raises
    ------
    DataError
        A row that does not fit; the message names file, line, column and what was expected.
    """
    rows = []
    for number, line in lines(name, holding):
        try:
            rows.append(kind.model_validate(line))
        except ValidationError as error:
            first = error.errors()[0]
            column = ".".join(str(part) for part in first["loc"])
            raise DataError(
                f"calibration/data/{name}, line {number}, column {column!r}: {first['msg']} (got {first['input']!r})"
            ) from error
    return tuple(rows)


@cache
def observations() -> tuple[Observation, ...]:
    """Every figure about the opening balance sheets."""
    return read("observations.csv", Observation)


@cache
def levels() -> tuple[Level, ...]:
    """Every rate, income and fiscal figure of the opening dates."""
    return read("levels.csv", Level)


@cache
def steps() -> tuple[Step, ...]:
    """Every dated policy step."""
    return read("policy.csv", Step)


@cache
def calendar_figures() -> dict[str, float]:
    """The calendar's figures by name."""
    return {item.name: item.value for item in read("calendar.csv", Constant)}


@cache
def rate_history(series: str) -> tuple[Rate, ...]:
    """The money market's daily rates or weekly stocks of one series; empty for an unknown one."""
    return read("rates.csv", Rate, f",{series},")


@cache
def rate_series() -> tuple[Series, ...]:
    """What each series of the history is."""
    return read("rates_series.csv", Series)


@cache
def published_rows(holding: str = "") -> tuple[Published, ...]:
    """The dated figures of the publications whose row holds a text; every one without it."""
    return read("published.csv", Published, holding)


class Dated(Protocol):
    """A row with a date, a series and a value."""

    @property
    def date(self) -> Date:
        """The day."""

    @property
    def series(self) -> str:
        """Its series."""

    @property
    def value(self) -> float:
        """Its figure."""


D = TypeVar("D", bound=Dated)


def series_of(rows: Sequence[D], series: str) -> tuple[D, ...]:
    """The rows of one series, oldest first.

    Raises
    ------
    DataError
        An unknown series; the message lists the known ones.
    """
    found = tuple(sorted((row for row in rows if row.series == series), key=lambda row: row.date))
    if not found:
        raise DataError(f"no series {series!r}; there are: {', '.join(sorted({row.series for row in rows}))}")
    return found


def figure_of(rows: Sequence[Dated], day: date | str) -> float:
    """The figure of a day among the rows of one series.

    Raises
    ------
    DataError
        No figure of that day.
    """
    when = date.fromisoformat(day) if isinstance(day, str) else day
    for row in rows:
        if row.date == when:
            return row.value
    raise DataError(f"no figure of {rows[0].series!r} on {when.isoformat()}; it has {rows[0].date} to {rows[-1].date}")
