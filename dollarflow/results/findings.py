"""What an audit of a result folder found: the file, the line, the column and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is off in a result folder.

    Parameters
    ----------
    file
        Name of the file.
    line
        Line in it, the header being 1; 0 where the finding concerns no single line.
    column
        Column, or the place in the manifest; empty where it concerns no single column.
    message
        What is off, with both figures.
    """

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f" line {self.line}"
        if self.column:
            place += f", column {self.column}" if self.file.endswith(".csv") else f", {self.column}"
        return f"{place}: {self.message}"
