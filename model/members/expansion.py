"""A small generated economy written out: every member a sector of its own, every link a cell, every equation a scalar one.

The result is an ordinary system with an ordinary chart of accounts, so that the solver, the audit and the graphs of the sector-level
model apply to it unchanged: they are the oracle of the vectorised ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import sympy as sp

from model.accounting.bundles import issuers, pool
from model.accounting.identities import total_revaluation
from model.language.accounts import Cell, Chart, Flow, Instrument, Sector, net_worth
from model.language.equation import Equation, Hidden
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.members.lifting import Floats, Lifted
from model.members.population import ECONOMY, Axis


@dataclass(frozen=True)
class Expansion:
    """The names of members' and links' variables, and the system that they form.

    Parameters
    ----------
    lifted
        The system with members.
    """

    lifted: Lifted

    def cells(self, cell: Cell) -> tuple[Cell, ...]:
        """The cells between members that a cell between sectors stands for."""
        people = self.lifted.population
        pairs = zip(people.side(cell, "issuer").tolist(), people.side(cell, "holder").tolist(), strict=True)
        return tuple(Cell(cell.instrument, people.name(cell.issuer, i), people.name(cell.holder, h)) for i, h in pairs)

    def labels(self, axis: Axis) -> tuple[str, ...]:
        """What distinguishes the names on an axis."""
        people = self.lifted.population
        if axis == ECONOMY:
            return ("",)
        if axis.kind == "members":
            return tuple(f"__{people.name(axis.name, i)}" for i in range(people.size(axis.name)))
        return tuple(f"__{c.issuer}__{c.holder}" for c in self.cells(people.by_key[axis.name]))

    @cached_property
    def _special(self) -> dict[str, tuple[str, ...]]:
        """Names of the chart's variables that belong to sectors, issuers and payments."""
        people = self.lifted.population
        found: dict[str, tuple[str, ...]] = {}

        def of(sector: str) -> tuple[str, ...]:
            return tuple(people.name(sector, i) for i in range(people.size(sector)))

        for sector in people.chart.sectors:
            found[net_worth(sector.name).base] = tuple(net_worth(name).base for name in of(sector.name))
        for item in people.chart.instruments:
            for issuer in issuers(item):
                found[total_revaluation(item.name, issuer).base] = tuple(total_revaluation(item.name, name).base for name in of(issuer))
                for what in ("bought", "face", "coupon"):
                    found[pool(item.name, issuer, what).base] = tuple(pool(item.name, name, what).base for name in of(issuer))
        return found | {flow.key: tuple(f.key for f in self.flows(flow)) for flow in people.chart.flows}

    def flows(self, flow: Flow) -> tuple[Flow, ...]:
        """The payments between members that a payment between sectors stands for."""
        people = self.lifted.population
        many = range(people.length(people.flow_axis(flow)))

        def end(sector: str, i: int) -> str:
            return people.name(sector, i if people.size(sector) > 1 else 0)

        return tuple(replace(flow, payer=end(flow.payer, i), payee=end(flow.payee, i)) for i in many)

    def names(self, base: str) -> tuple[str, ...]:
        """The names of a variable or parameter, one for each value on its axis."""
        if base in self.lifted.cell_variables:
            make, cell = self.lifted.cell_variables[base]
            return tuple(make(c).base for c in self.cells(cell))
        if base in self._special:
            return self._special[base]
        return tuple(base + label for label in self.labels(self.lifted.axes[base]))

    def _expression(self, expression: sp.Expr, axis: Axis, number: int) -> sp.Expr:
        """An expression as one member's or link's equation has it."""
        swap: dict[sp.Symbol, sp.Expr] = {}
        for symbol in expression.free_symbols:
            base = symbol.base if isinstance(symbol, Variable) else symbol.name
            owner = self.lifted.axes.get(base, axis)
            names, view = self.names(base), self.lifted.view(axis, owner)
            chosen = [names[c] for c in view.columns[view.rows == number].tolist()]
            if isinstance(symbol, Variable):
                swap[symbol] = sp.Add(*(Variable(n, symbol.unit, symbol.description, symbol.time) for n in chosen))
            elif isinstance(symbol, Parameter):
                swap[symbol] = Parameter(chosen[0], symbol.unit, symbol.description, symbol.lower, symbol.upper)
        return expression.xreplace(swap)

    @cached_property
    def chart(self) -> Chart:
        """The chart of accounts with members as sectors."""
        people = self.lifted.population
        sectors = [
            Sector(people.name(s.name, i), s.letter if people.size(s.name) == 1 else f"{s.letter}{i + 1}", s.description)
            for s in people.chart.sectors
            for i in range(people.size(s.name))
        ]
        return Chart(
            tuple(sectors),
            tuple(self._instrument(item) for item in people.chart.instruments),
            tuple(f for flow in people.chart.flows for f in self.flows(flow)),
            people.chart.period,
        )

    def _instrument(self, item: Instrument) -> Instrument:
        cells = [c for cell in self.lifted.population.chart.cells(item.name) for c in self.cells(cell)]
        rates = [((c.issuer, c.holder), rate) for (issuer, holder), rate in item.rates for c in self.cells(Cell(item.name, issuer, holder))]
        return replace(item, cells=tuple((c.issuer, c.holder) for c in cells), rates=tuple(rates))

    @cached_property
    def system(self) -> System:
        """The scalar system."""
        lifted = self.lifted
        equations = []
        for law in lifted.system.equations:
            axis = lifted.axis_of(law)
            lefts = self.names(law.left.base) if isinstance(law.left, Variable) else None
            for i, label in enumerate(self.labels(axis)):
                left = self._expression(law.left, axis, i) if lefts is None else Variable(lefts[i], law.left.unit)
                equations.append(
                    Equation(law.name + label, left, self._expression(law.right, axis, i), law.label, law.number, law.source, law.kind)
                )
        exogenous = [Variable(name, v.unit, v.description) for v in lifted.system.exogenous for name in self.names(v.base)]
        hidden = []
        for known in lifted.system.hidden:
            axis = lifted.population.members(lifted.places.get(known.name, ""))
            for i, label in enumerate(self.labels(axis)):
                hidden.append(Hidden(known.name + label, self._expression(known.expression, axis, i), known.label))
        return System(lifted.system.name, tuple(equations), tuple(exogenous), tuple(hidden), self.chart)

    def values(self, vectors: Mapping[str, float | Floats]) -> dict[str, float]:
        """Vectors by variable or parameter as numbers by the names of members and links."""
        found: dict[str, float] = {}
        for base, vector in vectors.items():
            if base in self.lifted.axes:
                names = self.names(base)
                found |= dict(zip(names, np.broadcast_to(np.asarray(vector, dtype=float), len(names)).tolist(), strict=True))
        return found
