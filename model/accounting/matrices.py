"""Accounting matrices of a chart: balance sheet, transaction flows, revaluations and the net-worth bridge.

Entries are symbols, + for a holder's claim or receipt and − for an issuer's liability or payment, so rows sum to zero because both legs
come from one symbol; columns sum to zero through the closing row or through the sectors' budgets. With a period's values the same matrix
becomes a table of figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
import sympy as sp
from numpy.typing import NDArray

from model.accounting.bundles import cell_equations, terms
from model.accounting.identities import assets, budget, income, liabilities, revalued
from model.language.accounts import Cell, Chart, Sector, Valuation, interest, net_worth, revaluation, total, transaction, value
from model.language.symbols import Variable
from model.language.units import USD

Floats = NDArray[np.float64]
Definitions = tuple[tuple[Variable, sp.Expr], ...]


@dataclass(frozen=True)
class Row:
    """One line of a matrix.

    Parameters
    ----------
    label
        What the line shows.
    entries
        One expression a sector.
    memo
        A subtotal, left out of the column sums.
    """

    label: str
    entries: tuple[sp.Expr, ...]
    memo: bool = False


@dataclass(frozen=True)
class Table:
    """Figures of a matrix in one period.

    Parameters
    ----------
    title, sectors, labels
        Heading, columns and lines.
    values
        Shape (lines, sectors), USD bn.
    memo
        Which lines are subtotals.
    """

    title: str
    sectors: tuple[Sector, ...]
    labels: tuple[str, ...]
    values: Floats
    memo: tuple[bool, ...]

    @property
    def row_sums(self) -> Floats:
        """Sum of each line over sectors."""
        return np.asarray(self.values.sum(axis=1))

    @property
    def column_sums(self) -> Floats:
        """Sum of each column over the lines that are not memo."""
        return np.asarray(self.values[~np.array(self.memo, dtype=bool)].sum(axis=0))


@dataclass(frozen=True)
class Matrix:
    """Lines by sectors of symbolic entries.

    Parameters
    ----------
    title, sectors, rows
        Heading, columns and lines.
    definitions
        Shorthand symbols (totals, saving, net worth) and what they stand for.
    closures
        Budget equations solved for a transaction each: what makes the columns of the flow matrix zero.
    """

    title: str
    sectors: tuple[Sector, ...]
    rows: tuple[Row, ...]
    definitions: Definitions = ()
    closures: Definitions = ()

    def row_sums(self) -> dict[str, sp.Expr]:
        """Sum of each line with the shorthand written out: zero."""
        return {row.label: resolve(sp.Add(*row.entries), self.definitions) for row in self.rows}

    def column_sums(self) -> dict[str, sp.Expr]:
        """Sum of each column with shorthand and budgets written out: zero."""
        sums = {}
        for place, sector in enumerate(self.sectors):
            column = sp.Add(*(row.entries[place] for row in self.rows if not row.memo))
            sums[sector.name] = resolve(column, self.definitions + self.closures)
        return sums

    def figures(self, values: Mapping[str, float], previous: Mapping[str, float] | None = None) -> Table:
        """The matrix with a period's values.

        Parameters
        ----------
        values, previous
            Values of the variables in the period and in the one before, by name (a path's ``row``). ``previous`` is needed only by
            the net-worth bridge.

        Raises
        ------
        KeyError
            A variable that the values lack.
        """
        shorthand = dict(self.definitions)
        grid = [[evaluate(entry, shorthand, values, previous or {}) for entry in row.entries] for row in self.rows]
        return Table(
            self.title, self.sectors, tuple(r.label for r in self.rows), np.array(grid, dtype=float), tuple(r.memo for r in self.rows)
        )


def resolve(expression: sp.Expr, definitions: Definitions) -> sp.Expr:
    """The expression with every defined symbol written out, expanded."""
    replacements = dict(definitions)
    for _ in range(len(replacements) + 1):
        if replacements.keys().isdisjoint(expression.free_symbols):
            break
        expression = sp.expand(expression.xreplace(replacements))
    return sp.expand(expression)


def evaluate(
    expression: sp.Expr, shorthand: Mapping[Variable, sp.Expr], values: Mapping[str, float], previous: Mapping[str, float]
) -> float:
    """A linear expression's figure; shorthand that the values lack is written out."""
    result = 0.0
    for term, factor in expression.as_coefficients_dict().items():
        if term == 1:
            result += float(factor)
            continue
        source = values if term.time == 0 else previous
        if term.base in source:
            result += float(factor) * source[term.base]
        elif term in shorthand:
            result += float(factor) * evaluate(shorthand[term], shorthand, values, previous)
        else:
            raise KeyError(f"the values lack {term.name!r}")
    return result


def saving(sector: str) -> Variable:
    """Payments received less payments made by a sector in a period, USD bn."""
    return Variable(f"saving__{sector}", USD, f"saving of {sector}")


def holding_gain(sector: str) -> Variable:
    """Revaluations of a sector's assets less those of its liabilities, USD bn."""
    return Variable(f"gain__{sector}", USD, f"revaluation of {sector}")


def instrument_row(
    chart: Chart, label: str, name: str, symbol: Callable[[Cell], Variable], short: Variable, sign: int
) -> tuple[Row, Definitions]:
    """A line in which holders carry ``sign`` and issuers ``−sign``; a single issuer's entry is the shorthand for the sum."""
    cells = tuple(chart.cells(name))
    brief = len(cells) > 1 and len({cell.issuer for cell in cells}) == 1
    entries = []
    for sector in chart.sectors:
        held = sp.Add(*(symbol(cell) for cell in cells if cell.holder == sector.name))
        owed = sp.Add(*(symbol(cell) for cell in cells if cell.issuer == sector.name))
        entries.append(sign * (held - (short if brief and owed != 0 else owed)))
    return Row(label, tuple(entries)), ((short, sp.Add(*map(symbol, cells))),) if brief else ()


def assembled(parts: list[tuple[Row, Definitions]]) -> tuple[tuple[Row, ...], Definitions]:
    """Rows and definitions apart."""
    return tuple(row for row, _ in parts), tuple(pair for _, definitions in parts for pair in definitions)


def balance_sheet_matrix(chart: Chart) -> Matrix:
    """End-of-period stocks: holders +, issuers −; the last line takes net worth off, so every column sums to zero."""
    parts = [instrument_row(chart, i.name, i.name, value, total(i.name), 1) for i in chart.instruments]
    rows, definitions = assembled(parts)
    closing = Row("less net worth", tuple(-net_worth(s.name) for s in chart.sectors))
    worth = tuple((net_worth(s.name), assets(chart, s.name) - liabilities(chart, s.name)) for s in chart.sectors)
    return Matrix("Balance sheets", chart.sectors, (*rows, closing), definitions + worth)


def flow_rows(chart: Chart) -> list[tuple[Row, Definitions]]:
    """A line for each declared kind of payment and instrument: payee +, payer −."""
    rows: list[tuple[Row, Definitions]] = []
    for kind, instrument in dict.fromkeys((flow.kind, flow.instrument) for flow in chart.flows):
        same = [flow for flow in chart.flows if (flow.kind, flow.instrument) == (kind, instrument)]
        entries = tuple(
            sp.Add(*(f.variable for f in same if f.payee == s.name), *(-f.variable for f in same if f.payer == s.name))
            for s in chart.sectors
        )
        label = kind.replace("_", " ")
        rows.append((Row(f"{label}, {instrument}" if instrument else label, entries), ()))
    return rows


def interest_rows(chart: Chart) -> list[tuple[Row, Definitions]]:
    """A line for each instrument that pays interest or coupons."""
    rows = []
    for item in chart.instruments:
        paying = tuple((i, h) for i, h in item.cells if item.valuation is Valuation.COUPON or item.rate_of(i, h) is not None)
        if paying:
            kind = "coupon" if item.valuation is Valuation.COUPON else "interest"
            part = Chart(chart.sectors, (type(item)(item.name, paying),))
            short = Variable(f"int__{item.name}", USD, f"{kind} on all {item.name}")
            rows.append(instrument_row(part, f"{kind}, {item.name}", item.name, interest, short, 1))
    return rows


def transaction_flow_matrix(chart: Chart, buffers: Mapping[str, Cell] | None = None) -> Matrix:
    """Payments and transactions of a period: receipts and issues +, payments and acquisitions −.

    Parameters
    ----------
    buffers
        The cell whose transaction closes each sector's budget; a spanning tree of the holdings graph where none are given. Each connected
        part of the chart needs one sector without a buffer: its column is zero because the others are.

    Notes
    -----
    A column sums to the sector's budget, so it is zero once every buffer's transaction is what the budget says.
    """
    current, shorthand = assembled(flow_rows(chart) + interest_rows(chart))
    parts = [
        instrument_row(chart, f"change in {i.name}", i.name, transaction, Variable(f"{i.name}__tr", USD, f"net issues of {i.name}"), -1)
        for i in chart.instruments
    ]
    capital, more = assembled(parts)
    subtotal = Row("saving", tuple(saving(s.name) for s in chart.sectors), memo=True)
    savings = tuple((saving(s.name), income(chart, s.name)) for s in chart.sectors)
    chosen = spanning_buffers(chart) if buffers is None else buffers
    return Matrix(
        "Transaction flows", chart.sectors, (*current, subtotal, *capital), shorthand + more + savings, closures_of(chart, chosen)
    )


def closures_of(chart: Chart, buffers: Mapping[str, Cell]) -> Definitions:
    """Each buffer's transaction as its sector's budget determines it."""
    pairs = []
    for sector, cell in buffers.items():
        left = transaction(cell)
        sign = 1 if sector == cell.issuer else -1
        pairs.append((left, sp.expand(left - sign * budget(chart, sector))))
    return tuple(pairs)


def spanning_buffers(chart: Chart) -> dict[str, Cell]:
    """A buffer for every sector but one of each connected part: the cell that links it to its parent in a breadth-first tree."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(s.name for s in chart.sectors)
    for cell in chart.cells():
        if not graph.has_edge(cell.issuer, cell.holder):
            graph.add_edge(cell.issuer, cell.holder, cell=cell)
    buffers: dict[str, Cell] = {}
    for part in nx.connected_components(graph):
        root = next(s.name for s in chart.sectors if s.name in part)
        for parent, child in nx.bfs_edges(graph, root):
            buffers[child] = graph.edges[parent, child]["cell"]
    return buffers


def revaluation_rows(chart: Chart) -> list[tuple[Row, Definitions]]:
    """A line for each instrument that can be revalued."""
    return [
        instrument_row(
            chart, f"revaluation of {i.name}", i.name, revaluation, Variable(f"{i.name}__rv", USD, f"revaluation of all {i.name}"), 1
        )
        for i in chart.instruments
        if i.valuation is not Valuation.PAR
    ]


def revaluation_matrix(chart: Chart) -> Matrix:
    """Revaluations of a period: a holder's gain is the issuer's loss; the last line takes the sector's net gain off."""
    rows, definitions = assembled(revaluation_rows(chart))
    closing = Row("less net gain", tuple(-holding_gain(s.name) for s in chart.sectors))
    return Matrix("Revaluations", chart.sectors, (*rows, closing), definitions + gains_of(chart))


def gains_of(chart: Chart) -> Definitions:
    """Each sector's net holding gain, written out."""
    pairs = []
    for sector in chart.sectors:
        cells = [cell for cell in chart.cells() if revalued(chart, cell)]
        gained = [revaluation(cell) for cell in cells if cell.holder == sector.name]
        lost = [-revaluation(cell) for cell in cells if cell.issuer == sector.name]
        pairs.append((holding_gain(sector.name), sp.Add(*gained, *lost)))
    return tuple(pairs)


def net_worth_bridge(chart: Chart, buffers: Mapping[str, Cell] | None = None) -> Matrix:
    """Opening net worth + saving + revaluations − closing net worth: zero in every column."""
    sectors = chart.sectors
    revaluations, shorthand = assembled(revaluation_rows(chart))
    rows = (
        Row("opening net worth", tuple(net_worth(s.name)(-1) for s in sectors)),
        Row("saving", tuple(saving(s.name) for s in sectors)),
        *revaluations,
        Row("less closing net worth", tuple(-net_worth(s.name) for s in sectors)),
    )
    worth: list[tuple[Variable, sp.Expr]] = []
    for sector in sectors:
        now = assets(chart, sector.name) - liabilities(chart, sector.name)
        before = now.xreplace({symbol: symbol(-1) for symbol in now.free_symbols})
        worth += [(net_worth(sector.name), now), (net_worth(sector.name)(-1), before)]
    savings = tuple((saving(s.name), income(chart, s.name)) for s in sectors)
    chosen = spanning_buffers(chart) if buffers is None else buffers
    return Matrix(
        "Net-worth bridge", sectors, rows, shorthand + tuple(worth) + savings, accumulation_of(chart) + closures_of(chart, chosen)
    )


def accumulation_of(chart: Chart) -> Definitions:
    """Each cell's value written as opening value + transaction + revaluation."""
    pairs = []
    for cell in chart.cells():
        stock = value(cell)
        pairs.append((stock, stock(-1) + transaction(cell) + (revaluation(cell) if revalued(chart, cell) else 0)))
    return tuple(pairs)


def coupon_accumulation_gap(chart: Chart, instrument: str) -> dict[str, sp.Expr]:
    """What each coupon cell's value law misses of opening value + transaction + revaluation: zero, whatever the survivors are worth."""
    law = terms(chart.instrument(instrument), chart.period)
    gaps = {}
    for cell in chart.cells(instrument):
        laws = {e.left: e.right for e in cell_equations(cell, law)}
        moved = value(cell)(-1) + laws[transaction(cell)] + laws[revaluation(cell)]
        gaps[cell.key] = sp.expand(laws[value(cell)] - moved)
    return gaps
