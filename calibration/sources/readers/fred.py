"""FRED: observations of the Federal Reserve Bank of St. Louis.

Three documented formats.

* ``fred/series/observations`` with ``file_type=json`` (fred.stlouisfed.org/docs/api/fred/series_observations.html): an object with
  ``realtime_start``, ``realtime_end``, ``units`` (``lin`` for levels), ``output_type`` (1), ``count``, ``offset``, ``limit`` and
  ``observations``, a list of ``realtime_start``, ``realtime_end``, ``date`` and ``value``; values are strings and ``.`` marks a
  missing one. The answer does not say which series it is of: the address does.
* ``fred/series`` with ``file_type=json``: ``seriess``, a list of ``id``, ``title``, ``units``, ``frequency_short``,
  ``seasonal_adjustment_short``, ``last_updated`` (``2025-11-06 15:35:03-06``, Central time).
* ``fredgraph.csv?id=A,B``: header ``observation_date,A,B`` (``DATE`` before 2024), one row a period, missing values empty or ``.``; of
  several series every date of any is a row.

FRED dates months, quarters and years by their *first* day and weeks by the day on which they end. A refusal is an object with
``error_code`` and ``error_message``.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from calibration.sources.findings import SourceError, fail
from calibration.sources.periods import parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import field, items, json_object, rows_of
from calibration.sources.units import UNITS

PUBLISHER = "FRED"
DATE_COLUMNS = ("observation_date", "DATE", "date")
IDENTIFIER = re.compile(r"[A-Z0-9_]{2,40}")
LEVELS = "lin"

# FRED's words for units, as its series pages print them, in those of calibration.sources.units.
WORDS = {
    "Percent": "percent",
    "Percent per Annum": "percent",
    "Millions of Dollars": "USD mn",
    "Millions of U.S. Dollars": "USD mn",
    "Millions of US Dollars": "USD mn",
    "Billions of Dollars": "USD bn",
    "Billions of U.S. Dollars": "USD bn",
    "Billions of US Dollars": "USD bn",
    "Index": "index",
}


@dataclass(frozen=True)
class Description:
    """What FRED says about a series: identifier, title, unit in its own words, frequency, adjustment and last update."""

    series: str
    title: str
    units: str
    frequency: str
    adjustment: str
    updated: str

    @property
    def unit(self) -> str:
        """The unit in the words of this project, empty when FRED's words are not known."""
        if self.units in UNITS:
            return self.units
        if self.units.startswith("Index"):
            return "index"
        return WORDS.get(self.units, "")


def recognises_observations(text: str) -> bool:
    """Whether a body is an answer of ``fred/series/observations``."""
    head = text[:2000]
    return head.lstrip().startswith("{") and '"observations"' in text and '"realtime_start"' in head


def recognises_graph(text: str) -> bool:
    """Whether a body is a ``fredgraph.csv``."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().replace('"', "")
    columns = first.split(",")
    return columns[0] in DATE_COLUMNS and len(columns) > 1 and all(IDENTIFIER.fullmatch(item) for item in columns[1:])


def recognises_description(text: str) -> bool:
    """Whether a body is an answer of ``fred/series``."""
    return text.lstrip().startswith("{") and '"seriess"' in text[:400]


def read_observations(text: str, origin: str, series: str = "") -> tuple[Published, ...]:
    """The series of an answer of ``fred/series/observations``.

    Parameters
    ----------
    text, origin
        Body and the file or address that it came from.
    series
        Identifier; when empty, the first word of ``origin``'s file name, as ``SOFR`` in ``SOFR.json`` or ``SOFR_2025.json``.

    Raises
    ------
    SourceError
        A refusal, a transformed or paged answer, several vintages in one answer, or a changed field.
    """
    answer = json_object(text, origin)
    if "error_code" in answer:
        raise fail("wrong content", origin, f"FRED refused: {answer.get('error_code')} {answer.get('error_message', '')}".rstrip())
    units = answer.get("units", LEVELS)
    if units != LEVELS or answer.get("output_type", 1) != 1:
        raise fail("transformed", origin, f"units={units!r}, output_type={answer.get('output_type')!r}; ask for units=lin, output_type=1")
    found = items(answer, "observations", origin)
    count = answer.get("count", len(found))
    if count != len(found):
        raise fail("missing pages", origin, f"{len(found)} of {count} observations; ask for limit=100000 or add the other pages")
    name = series or identifier(origin)
    pairs, vintages = [], set()
    for place, item in enumerate(found):
        where = f"{origin}, observation {place + 1}"
        day = parse(str(field(item, "date", where)), where)
        pairs.append((day, number(field(item, "value", where), where)))
        vintages.add(str(item.get("realtime_end", answer.get("realtime_end", ""))))
    if len(vintages) > 1:
        raise fail("transformed", origin, f"{len(vintages)} vintages in one answer; ask for one realtime_start = realtime_end")
    return (collect(PUBLISHER, name, pairs, origin=origin, vintage=vintage_of(vintages)),)


def vintage_of(stamps: set[str]) -> date | None:
    """The one vintage of an answer; none when FRED says 'until further notice' (9999-12-31)."""
    stamp = next(iter(stamps), "")
    return None if not stamp or stamp.startswith("9999") else parse(stamp, "realtime_end")


def identifier(origin: str) -> str:
    """The series named by a file's name.

    Raises
    ------
    SourceError
        A name that starts with no identifier.
    """
    stem = re.split(r"[/\\]", origin)[-1].split(".")[0]
    head = re.split(r"[-_ (]", stem)[0]
    if not IDENTIFIER.fullmatch(head):
        raise fail("not in the catalogue", origin, "FRED's JSON does not say which series it is: name the file after it, as SOFR.json")
    return head


def read_graph(text: str, origin: str) -> tuple[Published, ...]:
    """Every series of a ``fredgraph.csv``.

    Raises
    ------
    SourceError
        A changed header, a row of another width (``truncated body`` when it is the last), a value that cannot be read.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    header = [name.strip() for name in lines[0]] if lines else []
    if not header or header[0] not in DATE_COLUMNS:
        raise fail("changed columns", origin, f"first column {header[:1]}; documented: observation_date")
    rows = rows_of(lines, 1, len(header), origin)
    dates = [parse(row[0], f"{origin}, line {line}") for line, row in rows]
    # A graph of several series lists every date of any of them: an empty cell is no listed observation there.
    several = len(header) > len(("date", "series"))
    series = []
    for column, name in enumerate(header[1:], start=1):
        cells = [(day, line, row[column]) for day, (line, row) in zip(dates, rows, strict=True) if row[column] or not several]
        pairs = [(day, number(cell, f"{origin}, line {line}, {name}")) for day, line, cell in cells]
        series.append(collect(PUBLISHER, name, pairs, origin=origin))
    return tuple(series)


def read_description(text: str, origin: str) -> Description:
    """What ``fred/series`` says about a series, its unit among it.

    Raises
    ------
    SourceError
        A refusal or a changed field.
    """
    answer = json_object(text, origin)
    if "error_code" in answer:
        raise fail("wrong content", origin, f"FRED refused: {answer.get('error_code')} {answer.get('error_message', '')}".rstrip())
    found = items(answer, "seriess", origin)
    if len(found) != 1:
        raise SourceError(fail("changed columns", origin, f"{len(found)} series described, one expected").findings)
    names = ("id", "title", "units", "frequency_short", "seasonal_adjustment_short", "last_updated")
    return Description(*(str(field(found[0], name, origin)) for name in names))
