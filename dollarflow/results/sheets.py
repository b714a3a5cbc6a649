"""A result file as it lies on disk: bytes, lines and fields, read without trusting any of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dollarflow.results.findings import Finding
from dollarflow.results.schema import COLUMNS, LEAD, PATH, line_of


@dataclass(frozen=True)
class Sheet:
    """One CSV file of a result folder.

    Parameters
    ----------
    name
        The file's name.
    content
        Its bytes.
    """

    name: str
    content: bytes

    @cached_property
    def text(self) -> str:
        """The file as text; bytes that are not UTF-8 become the replacement character."""
        return self.content.decode("utf-8", errors="replace")

    @cached_property
    def _split(self) -> list[str]:
        lines = self.text.split("\n")
        return lines[:-1] if lines and lines[-1] == "" else lines

    @property
    def header(self) -> tuple[str, ...]:
        """Column names."""
        return tuple(self._split[0].split(",")) if self._split else ()

    @property
    def lines(self) -> Sequence[str]:
        """Data lines, without line ends."""
        return self._split[1:]

    @cached_property
    def rows(self) -> list[list[str]]:
        """The fields of every data line."""
        return [line.split(",") for line in self.lines]

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """Fields by column; a row too short has empty fields."""
        width = len(self.header)
        if all(len(row) == width for row in self.rows):
            return {name: list(fields) for name, fields in zip(self.header, zip(*self.rows, strict=True), strict=True)} if self.rows else {}
        return {name: [row[j] if j < len(row) else "" for row in self.rows] for j, name in enumerate(self.header)}

    def form(self) -> Iterator[Finding]:
        """What is wrong with the file's form: bytes, header, number of fields."""
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = self.content[: error.start].count(b"\n") + 1
            yield Finding(self.name, line, "", f"byte {error.start} is not UTF-8 text")
        if not self._split:
            yield Finding(self.name, 0, "", "the file is empty")
            return
        expected = COLUMNS.get(self.name)
        if expected is not None and self.header != expected:
            yield Finding(self.name, 1, "", f"the header is {','.join(self.header)!r}, expected {','.join(expected)!r}")
        elif self.name == PATH and self.header[:2] != LEAD:
            yield Finding(self.name, 1, "", f"the header starts with {','.join(self.header[:2])!r}, expected 'period,date'")
        doubled = sorted({name for name in self.header if self.header.count(name) > 1}) if len(set(self.header)) < len(self.header) else []
        if doubled:
            yield Finding(self.name, 1, doubled[0], "the column stands twice in the header")
        if self.name == PATH and not self.lines:
            yield Finding(self.name, 1, "", "the file has no rows below its header; the opening is row 0")
        for i, row in enumerate(self.rows):
            if '"' in self.lines[i]:
                yield Finding(self.name, line_of(i), "", "a quotation mark stands in it; fields are written without")
            elif len(row) != len(self.header):
                yield Finding(self.name, line_of(i), "", f"{len(row)} fields, the header has {len(self.header)}")

    def numbers(self, column: str, empty: bool = False) -> tuple[NDArray[np.float64], list[Finding]]:
        """A column's numbers, not-a-number where a field is none, and a finding for each of those.

        Parameters
        ----------
        column
            Its name.
        empty
            True where an empty field is allowed.
        """
        fields = self.columns.get(column, [])
        try:
            found = np.array(fields, dtype=np.float64)
        except ValueError:
            found = np.array([_number(field) for field in fields], dtype=np.float64)
        off = [
            Finding(self.name, line_of(int(i)), column, f"{fields[i]!r} is not a number")
            for i in np.flatnonzero(~np.isfinite(found))
            if not (empty and fields[i] == "")
        ]
        found[~np.isfinite(found)] = np.nan
        return found, off


def _number(field: str) -> float:
    try:
        return float(field)
    except ValueError:
        return math.nan


def read_sheet(folder: Path, name: str) -> Sheet:
    """One file of a folder; raises ``OSError`` where it cannot be read."""
    return Sheet(name, (folder / name).read_bytes())
