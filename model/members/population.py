"""Populations and networks: how many members each sector has, and which members hold claims on which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from model.language.accounts import Cell, Chart, Flow, Sector

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """What a vector of values runs over: the whole economy (one value), the members of a sector, or the links of a cell."""

    kind: Literal["economy", "members", "links"]
    name: str = ""

    def __str__(self) -> str:
        return "the economy" if self.kind == "economy" else f"{self.kind} of {self.name}"


ECONOMY = Axis("economy")


class PopulationError(ValueError):
    """A population, a network or an equation that does not fit the chart of accounts; the message names the offender."""


@dataclass(frozen=True)
class Links:
    """The claims of one cell between the members of two sectors.

    Parameters
    ----------
    issuer, holder
        Member numbers of debtor and creditor, shape (links,); no pair occurs twice.
    """

    issuer: Integers
    holder: Integers

    def __post_init__(self) -> None:
        for array in (self.issuer, self.holder):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.issuer)


@dataclass(frozen=True)
class Population:
    """Members of each sector and the links between them.

    Parameters
    ----------
    chart
        The declarations.
    counts
        Number of members by sector; one where none is given.
    network
        Links by cell key, for every cell between two sectors with several members.

    Raises
    ------
    PopulationError
        An unknown sector, a count below one, links that are missing, out of range or repeated.
    """

    chart: Chart
    counts: Mapping[str, int]
    network: Mapping[str, Links]

    def __post_init__(self) -> None:
        known = {s.name for s in self.chart.sectors}
        for sector, count in self.counts.items():
            if sector not in known:
                raise PopulationError(f"the population names the unknown sector {sector!r}; known: {sorted(known)}")
            if count < 1:
                raise PopulationError(f"sector {sector!r} has {count} members; at least 1 is needed")
        for cell in self.chart.cells():
            if self.axis(cell).kind == "links":
                self._check_links(cell)

    def _check_links(self, cell: Cell) -> None:
        if cell.key not in self.network:
            raise PopulationError(f"both sides of {cell.key!r} have several members: give its links")
        links = self.network[cell.key]
        for side, sector, numbers in (("issuer", cell.issuer, links.issuer), ("holder", cell.holder, links.holder)):
            if len(numbers) and not (numbers.min() >= 0 and numbers.max() < self.size(sector)):
                raise PopulationError(f"links of {cell.key!r}: {side} numbers must lie in 0 to {self.size(sector) - 1}")
        pairs = links.issuer * np.int64(self.size(cell.holder)) + links.holder
        if len(np.unique(pairs)) != len(pairs):
            raise PopulationError(f"links of {cell.key!r} name the same pair twice")

    def size(self, sector: str) -> int:
        """Number of members of a sector."""
        return self.counts.get(sector, 1)

    def members(self, sector: str) -> Axis:
        """The axis of a sector's members; the economy's where there is one member."""
        return ECONOMY if self.size(sector) == 1 else Axis("members", sector)

    def axis(self, cell: Cell) -> Axis:
        """The axis of a cell: its links, or the members of its only side that has several."""
        return self._between(cell.key, cell.issuer, cell.holder)

    def flow_axis(self, flow: Flow) -> Axis:
        """The axis of a declared payment between sectors of which at most one has several members.

        Raises
        ------
        PopulationError
            Both sides have several members.
        """
        found = self._between(flow.key, flow.payer, flow.payee)
        if found.kind == "links":
            raise PopulationError(f"payment {flow.key!r} runs between two sectors with several members: only cells have links")
        return found

    def _between(self, key: str, one: str, other: str) -> Axis:
        if self.size(one) > 1 and self.size(other) > 1:
            return Axis("links", key)
        return self.members(one) if self.size(one) > 1 else self.members(other)

    def length(self, axis: Axis) -> int:
        """Number of values on an axis."""
        if axis.kind == "economy":
            return 1
        return self.size(axis.name) if axis.kind == "members" else len(self.network[axis.name])

    @cached_property
    def by_key(self) -> dict[str, Cell]:
        """Every cell by its key."""
        return {cell.key: cell for cell in self.chart.cells()}

    def ends(self, axis: Axis) -> dict[str, Integers]:
        """For links: the member numbers of each of the two sectors."""
        cell, links = self.by_key[axis.name], self.network[axis.name]
        return {cell.issuer: links.issuer, cell.holder: links.holder}

    def side(self, cell: Cell, which: Literal["issuer", "holder"]) -> Integers:
        """Member numbers of the issuer or the holder of each of a cell's values."""
        axis, sector = self.axis(cell), getattr(cell, which)
        if axis.kind == "links":
            return self.ends(axis)[sector]
        return np.arange(self.size(sector)) if axis == self.members(sector) else np.zeros(self.length(axis), dtype=np.int64)

    def name(self, sector: str, member: int) -> str:
        """A member's name: the sector's, with a number from 1 where there are several.

        Examples
        --------
        >>> Population(Chart((Sector("banks", "B"),), ()), {"banks": 2}, {}).name("banks", 1)
        'banks_2'
        """
        return sector if self.size(sector) == 1 else f"{sector}_{member + 1}"

    @property
    def institutions(self) -> int:
        """Members of all sectors that have several."""
        return sum(n for n in self.counts.values() if n > 1)


__all__ = ["ECONOMY", "Axis", "Links", "Population", "PopulationError", "Sector"]
