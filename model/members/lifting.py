"""Lifting gives every variable of a sector-level system its axis, so that one equation holds for every member or link.

A variable of a cell runs over the cell's links, a sector's variable over its members, a total over the economy. In an equation that
runs over one axis a variable of another axis means: the economy's value (for everybody), the value of the link's debtor or creditor,
or the sum over a member's links. These are sparse matrices of zeros and ones; with one member a sector all of them are the number 1,
and the lifted system is the sector-level system.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from model.accounting.bundles import bought, issuers, kept, pool, share, sold_coupon, sold_face
from model.accounting.identities import total_revaluation
from model.language.accounts import (
    Cell,
    Valuation,
    coupon,
    face,
    interest,
    net_worth,
    primary,
    revaluation,
    secondary,
    total,
    transaction,
    value,
)
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.members.population import ECONOMY, Axis, Integers, Population, PopulationError

Floats = NDArray[np.float64]
CELL_VARIABLES = (value, face, coupon, transaction, revaluation, primary, secondary, interest, kept, bought, sold_face, sold_coupon, share)


@dataclass(frozen=True)
class View:
    """How an equation on one axis reads a variable on another.

    Parameters
    ----------
    rows, columns
        The ones of the matrix: entry i says that value ``columns[i]`` counts in equation ``rows[i]``.
    shape
        Equations by values.
    kind
        ``"same"``, ``"gather"`` (one value each) or ``"sum"``.
    """

    rows: Integers
    columns: Integers
    shape: tuple[int, int]
    kind: str

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The matrix of zeros and ones."""
        return sparse.csr_array((np.ones(len(self.rows)), (self.rows, self.columns)), shape=self.shape)

    def __call__(self, values: Floats) -> Floats:
        """What the equations see of the values."""
        if self.kind == "same":
            return values
        return values[self.columns] if self.kind == "gather" else np.asarray(self.matrix @ values)


@dataclass(frozen=True)
class Lifted:
    """A system in which sectors have members.

    Parameters
    ----------
    system
        The sector-level equations, written once.
    population
        Members and links.
    places
        Sector (members) or cell key (links) of the behavioural variables and of the parameters that differ; what is not named belongs
        to the economy. The chart's own variables need no entry.

    Raises
    ------
    PopulationError
        A variable that an equation cannot read: it runs over another sector's members or another cell's links.
    """

    system: System
    population: Population
    places: Mapping[str, str]

    @cached_property
    def cell_variables(self) -> dict[str, tuple[Callable[[Cell], Variable], Cell]]:
        """The variables of cells by name: how the name is made, and the cell."""
        return {make(cell).base: (make, cell) for cell in self.population.chart.cells() for make in CELL_VARIABLES}

    @cached_property
    def axes(self) -> dict[str, Axis]:
        """The axis of every variable and parameter of the system."""
        people, chart = self.population, self.population.chart
        found: dict[str, Axis] = {}
        for item in chart.instruments:
            found[total(item.name).base] = ECONOMY
            for cell in chart.cells(item.name):
                found |= {make(cell).base: people.axis(cell) for make in CELL_VARIABLES}
            for issuer in issuers(item):
                if item.valuation is Valuation.COUPON:
                    found |= {pool(item.name, issuer, what).base: people.members(issuer) for what in ("bought", "face", "coupon")}
                found[total_revaluation(item.name, issuer).base] = people.members(issuer)
        found |= {net_worth(sector.name).base: people.members(sector.name) for sector in chart.sectors}
        found |= {flow.key: people.flow_axis(flow) for flow in chart.flows}
        found |= {name: self._named(name, place) for name, place in self.places.items()}
        return {**dict.fromkeys(self.system.variables, ECONOMY), **{p.name: ECONOMY for p in self.system.parameters}, **found}

    def _named(self, name: str, place: str) -> Axis:
        people = self.population
        if place in people.by_key:
            return people.axis(people.by_key[place])
        if place not in {s.name for s in people.chart.sectors}:
            raise PopulationError(f"{name!r} is placed on {place!r}, which is neither a sector nor a cell")
        return people.members(place)

    def axis_of(self, equation: Equation) -> Axis:
        """The axis of an equation: its left side's, or the economy's where that is an expression."""
        return self.axes[equation.left.base] if isinstance(equation.left, Variable) else ECONOMY

    @cached_property
    def _views(self) -> dict[tuple[Axis, Axis], View]:
        return {}

    def view(self, reader: Axis, owner: Axis) -> View:
        """How an equation on ``reader`` reads a variable on ``owner``.

        Raises
        ------
        PopulationError
            There is no such reading.
        """
        if (reader, owner) not in self._views:
            self._views[reader, owner] = self._make_view(reader, owner)
        return self._views[reader, owner]

    def _make_view(self, reader: Axis, owner: Axis) -> View:
        people = self.population
        rows, columns = people.length(reader), people.length(owner)
        each = np.arange(rows)
        if reader == owner:
            return View(each, each, (rows, columns), "same")
        if owner == ECONOMY:
            return View(each, np.zeros(rows, dtype=np.int64), (rows, columns), "gather")
        if reader == ECONOMY:
            return View(np.zeros(columns, dtype=np.int64), np.arange(columns), (rows, columns), "sum")
        if reader.kind == "links" and owner.kind == "members" and owner.name in people.ends(reader):
            return View(each, people.ends(reader)[owner.name], (rows, columns), "gather")
        if reader.kind == "members" and owner.kind == "links" and reader.name in people.ends(owner):
            return View(people.ends(owner)[reader.name], np.arange(columns), (rows, columns), "sum")
        raise PopulationError(f"an equation of {reader} cannot read {owner}: they share no member")

    def check(self) -> None:
        """Every equation can read what it names; heterogeneous parameters are read one by one, never summed.

        Raises
        ------
        PopulationError
            The first that cannot, with the equation's name.
        """
        for equation in self.system.equations:
            reader = self.axis_of(equation)
            for symbol in sorted(equation.residual.free_symbols, key=str):
                name = symbol.base if isinstance(symbol, Variable) else symbol.name
                owner = self.axes.get(name, reader)
                try:
                    kind = self.view(reader, owner).kind
                except PopulationError as error:
                    raise PopulationError(f"equation {equation.name!r}, variable {name!r}: {error}") from None
                if isinstance(symbol, Parameter) and kind == "sum":
                    raise PopulationError(f"equation {equation.name!r} of {reader} would sum the parameter {name!r} over {owner}")
