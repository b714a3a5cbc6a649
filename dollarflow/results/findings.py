"""What an audit of a result folder found: the file, the line, the column and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PLACES = 8
"""Places that a group of findings names; the rest is counted."""


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
    cause
        What findings of the same origin share, in words; empty where the message itself is all there is.
    """

    file: str
    line: int
    column: str
    message: str
    cause: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f" line {self.line}"
        if self.column:
            place += f", column {self.column}" if self.file.endswith(".csv") else f", {self.column}"
        return f"{place}: {self.message}"


def grouped(findings: Iterable[Finding]) -> list[tuple[Finding, ...]]:
    """Findings of one cause together, in the order in which causes first appear."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.cause or finding.message, []).append(finding)
    return [tuple(group) for group in groups.values()]


def told(group: tuple[Finding, ...], places: int | None = PLACES) -> Iterator[str]:
    """A group in lines: a lone finding as it is, several as their cause, then places and a count of the rest."""
    if len(group) == 1:
        yield str(group[0])
        return
    yield f"{group[0].cause or group[0].message}: {len(group)} places"
    yield from (f"  {finding}" for finding in group[:places])
    if places is not None and len(group) > places:
        yield f"  and {len(group) - places} more (--verbose shows all)"
