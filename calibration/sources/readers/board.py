"""The Federal Reserve Board: Data Download files (H.4.1, H.8, H.15, Z.1 and others) and the Z.1 release's own tables.

A Data Download CSV (federalreserve.gov/datadownload, layout *series in columns*) starts with rows of quoted text:
``Series Description``, ``Unit:`` (``Currency``, ``Percent:_Per_Year``), ``Multiplier:`` (``1000000``, ``1e+06``), ``Currency:`` (``USD``,
``NA``), ``Unique Identifier:`` (``H41/H41/RESPPMA_N.WW``; some files write a blank after the colon) and ``Time Period``, which repeats the
last part of each identifier. Observations follow: days as ``2016-02-03``, months as ``2016-02``, quarters as ``1947Q2``, years as
``1962``. ``ND``, ``NC`` and ``NA`` (no data, not calculable, not available) and empty cells are missing values; ``-9999`` is their stand-in
in the XML form and is not accepted as a number. The end of an identifier is the frequency: ``.B`` business days, ``.WW`` weeks as of
Wednesday, ``.WF`` weeks ending Friday, ``.M``, ``.Q``, ``.A``.

The Z.1 release's tables (``csv/l210.csv`` in ``z1_csv_files.zip``) have a header ``date,LM153061105.Q,…``, quarters as ``1945:Q4``,
millions of dollars, and ``ND`` for quarters before a series was quarterly. A table can list one series in two columns.
"""

from __future__ import annotations

import csv
import io
import re

from calibration.sources.findings import fail
from calibration.sources.periods import parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import refuse_markup, rows_of
from calibration.sources.units import UnitError, from_multiplier

PUBLISHER = "Federal Reserve Board"
HEADER = ("Series Description", "Unit:", "Multiplier:", "Currency:", "Unique Identifier:", "Time Period")
DESCRIPTION, UNIT, MULTIPLIER, CURRENCY, UNIQUE, PERIOD = range(len(HEADER))
STAND_INS = frozenset({-9999.0, -999999.0})
Z1_SERIES = re.compile(r"[A-Z]{2}\d{9}\.[QA]")
Z1_UNIT = "USD mn"


def recognises_download(text: str) -> bool:
    """Whether a body is a Data Download CSV."""
    return text.lstrip("\ufeff").lstrip('"').startswith("Series Description")


def recognises_z1(text: str) -> bool:
    """Whether a body is a table of the Z.1 release."""
    cells = text.lstrip("\ufeff").split("\n", 1)[0].strip().split(",")
    return cells[0] == "date" and len(cells) > 1 and all(Z1_SERIES.fullmatch(cell) for cell in cells[1:])


def read_download(text: str, origin: str) -> tuple[Published, ...]:
    """Every series of a Data Download CSV, by unique identifier.

    Raises
    ------
    SourceError
        A header row that is absent or renamed (``changed columns``), an identifier that disagrees with the column's name (``column
        swapped``), an undocumented unit (``unit``), a stand-in for a missing value, a row of another width.
    """
    refuse_markup(text, origin)
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    for place, name in enumerate(HEADER):
        found = lines[place][0].strip() if place < len(lines) and lines[place] else ""
        if found != name:
            check = "truncated body" if place >= len(lines) else "changed columns"
            raise fail(check, origin, f"line {place + 1} starts with {found!r}; documented: {name!r}")
    head = lines[: len(HEADER)]
    width = len(head[PERIOD])
    for place, row in enumerate(head):
        if len(row) != width:
            raise fail("changed columns", origin, f"line {place + 1} has {len(row)} cells, 'Time Period' has {width}")
    for unique, short in zip(head[UNIQUE][1:], head[PERIOD][1:], strict=True):
        if unique.strip().split("/")[-1] != short.strip():
            raise fail("column swapped", origin, f"the column named {short.strip()!r} is identified as {unique.strip()!r}")
    rows = rows_of(lines, len(HEADER), width, origin)
    dates = [parse(row[0], f"{origin}, line {line}") for line, row in rows]
    series = []
    for column in range(1, width):
        name = head[UNIQUE][column].strip()
        values = []
        for line, row in rows:
            value = number(row[column], f"{origin}, line {line}, {name}")
            if value in STAND_INS:
                raise fail("unreadable value", origin, f"line {line}, {name}: {value:g} stands for a missing value in another format")
            values.append(value)
        pairs = zip(dates, values, strict=True)
        unit = unit_of(head[UNIT][column], head[MULTIPLIER][column], head[CURRENCY][column], f"{origin}, {name}")
        series.append(collect(PUBLISHER, name, pairs, unit=unit, title=head[DESCRIPTION][column].strip(), origin=origin))
    return tuple(series)


def unit_of(unit: str, multiplier: str, currency: str, where: str) -> str:
    """The unit that three header cells state.

    Raises
    ------
    SourceError
        A combination that is not documented (``unit``).
    """
    times = number(multiplier, where)
    try:
        return from_multiplier(unit.strip(), 1.0 if times is None else times, currency.strip())
    except UnitError as error:
        raise fail("unit", where, str(error)) from None


def read_z1(text: str, origin: str) -> tuple[Published, ...]:
    """Every series of a table of the Z.1 release, identified as ``Z1/Z1/<series>``.

    Raises
    ------
    SourceError
        A series that two columns give different values (``conflict``), a row of another width.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    header = [name.strip() for name in lines[0]]
    rows = rows_of(lines, 1, len(header), origin)
    dates = [parse(row[0], f"{origin}, line {line}") for line, row in rows]
    found: dict[str, Published] = {}
    for column, name in enumerate(header[1:], start=1):
        pairs = [(day, number(row[column], f"{origin}, line {line}, {name}")) for day, (line, row) in zip(dates, rows, strict=True)]
        series = collect(PUBLISHER, f"Z1/Z1/{name}", pairs, unit=Z1_UNIT, origin=origin)
        if name in found and found[name].values != series.values:
            raise fail("conflict", origin, f"two columns {name} with different values")
        found[name] = series
    return tuple(found.values())
