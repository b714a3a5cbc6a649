"""The tables of a result as typed columns with units, read from a folder or from a simulation in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.provenance import manifest_content
from dollarflow.results.ledger import Ledger
from dollarflow.results.reader import Result, UnreadableResult
from dollarflow.results.schema import CELL, COLUMNS, HOLDINGS, LEAD, PATH, TABLES, line_of
from dollarflow.results.sheets import Sheet

if TYPE_CHECKING:
    from dollarflow.solved import Solved

TEXTS = (*CELL, "date", "kind", "payer", "payee")
"""Columns of text in every table but path.csv, where only the date is one."""
DIGITS = 10
"""Digits that no period's number has."""
AMOUNTS = {"value": "USD bn", "face": "USD bn", "coupon": "USD bn / yr", "amount": "USD bn"}
"""Units of the long tables' figures."""
ABOUT = ("format", "scenario", "clock", "versions", "hashes")
"""Entries of the manifest that every export carries."""


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    name
        As in the result folder.
    values
        Shape (rows,): int64 for periods, texts (object) for names and dates, float64 for figures, not-a-number where the
        folder has an empty field.
    unit
        ``USD bn``, ``1 / yr`` and the like, ``1`` for pure numbers; empty for periods, names, dates, and where it is not known.
    """

    name: str
    values: NDArray[Any]
    unit: str = ""

    @property
    def figures(self) -> bool:
        """True for a column of numbers other than the period."""
        return self.values.dtype == np.float64


@dataclass(frozen=True)
class Frame:
    """One table: its name without ``.csv`` and its columns, in the folder's order."""

    name: str
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def __len__(self) -> int:
        return len(self.columns[0].values)


@dataclass(frozen=True)
class Record:
    """A result as tables.

    Parameters
    ----------
    frames
        ``path``, ``holdings``, ``transactions``, ``revaluations`` and ``payments``, by name.
    about
        Scenario, clock, versions and hashes, from the manifest.
    """

    frames: Mapping[str, Frame]
    about: Mapping[str, Any]

    @cached_property
    def path(self) -> Frame:
        """The table with a column a variable."""
        return self.frames["path"]

    @property
    def title(self) -> str:
        """The scenario's title."""
        return str(self.about["scenario"]["title"])


def frame_of(sheet: Sheet, units: Mapping[str, str]) -> Frame:
    """A result file as typed columns; every figure reads to the double that was written.

    Raises
    ------
    UnreadableResult
        A field that is no number where one belongs.
    """
    columns = []
    for name in COLUMNS.get(sheet.name, sheet.header):
        fields = sheet.columns.get(name, [])
        if name == "period":
            for number, field in enumerate(fields):
                if not (field.isascii() and field.isdecimal() and len(field) < DIGITS):
                    raise UnreadableResult(f"{sheet.name} line {line_of(number)}, column period: {field!r} is not the number of a period")
            columns.append(Column(name, np.array([int(field) for field in fields], dtype=np.int64)))
        elif name in TEXTS if sheet.name != PATH else name in LEAD:
            columns.append(Column(name, np.array(fields, dtype=object)))
        else:
            numbers, off = sheet.numbers(name, empty=sheet.name in (PATH, HOLDINGS))
            if off:
                raise UnreadableResult(f"{off[0].file} line {off[0].line}, column {name}: {off[0].message}")
            columns.append(Column(name, numbers, units.get(name, "") if sheet.name == PATH else AMOUNTS[name]))
    return Frame(sheet.name.removesuffix(".csv"), tuple(columns))


def record_of_folder(result: Result) -> Record:
    """A result folder as tables.

    Raises
    ------
    UnreadableResult
        A file that is missing or garbled.
    """
    units = result.units
    frames = [frame_of(result.sheet(name), units) for name in TABLES]
    about = {key: result.manifest[key] for key in ABOUT if key in result.manifest}
    return Record({frame.name: frame for frame in frames}, about)


def record_of_simulation(run: Solved) -> Record:
    """A simulation in memory as the same tables as its result folder has."""
    content = manifest_content(run)
    units = {name: str(variable.unit) for name, variable in run.path.system.variables.items()}
    ledger = Ledger(run.path, run.chart)
    frames = [frame_of(Sheet(table.name, table.content), units) for table in ledger.tables]
    return Record({frame.name: frame for frame in frames}, {key: content[key] for key in ABOUT})


def altered(result: Result) -> list[str]:
    """Names of the result's tables whose bytes are not those that the manifest was written with."""
    from dollarflow.results.digests import file_digest

    digests = result.manifest.get("digests", {})
    found = []
    for name in TABLES:
        recorded = digests.get(name, {}) if isinstance(digests, Mapping) else {}
        if not isinstance(recorded, Mapping) or recorded.get("sha256") != file_digest(result.sheet(name).content):
            found.append(name)
    return found


def check_numbers(result: Result) -> None:
    """Refuses a result one of whose altered tables has a field that should be a number and is none.

    Raises
    ------
    UnreadableResult
        With file, line and column.
    """
    for name in altered(result):
        try:
            frame_of(result.sheet(name), result.units)
        except UnreadableResult as error:
            raise UnreadableResult(f"{result.folder}: {error}; run dollarflow audit {result.folder}") from None


def warning(folder: Path, result: Result) -> str:
    """One line about tables that were altered after they were written; empty where none was."""
    names = altered(result)
    if not names:
        return ""
    verb = "is" if len(names) == 1 else "are"
    return f"dollarflow: warning: {', '.join(names)} of {folder} {verb} not as written; dollarflow audit {folder} says where"
