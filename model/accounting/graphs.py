"""The cross-holdings graph and the flow graph of a period, as networkx multigraphs of sectors.

Holdings run issuer → holder, one edge an instrument. Flows run payer → payee, one edge a kind and instrument, every amount ≥ 0: where an
amount is negative its legs are swapped. Transactions are flows too, since the holder pays the issuer for what it acquires; so every
node of a flow graph nets to zero, which is that sector's budget.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import networkx as nx
import numpy as np

from model.accounting.identities import payments
from model.language.accounts import Chart, Valuation, coupon, face, transaction, value

TRANSACTION = "transaction"
HOLDING = "holding"
Graph = nx.MultiDiGraph


class Edge(NamedTuple):
    """One payment of a period: ``payer`` pays ``payee`` an amount ≥ 0, USD bn."""

    kind: str
    instrument: str
    payer: str
    payee: str
    value: float


def nodes(chart: Chart) -> Graph[str]:
    """A graph with the sectors and no edges."""
    graph: Graph[str] = nx.MultiDiGraph()
    for sector in chart.sectors:
        graph.add_node(sector.name, letter=sector.letter, description=sector.description)
    return graph


def holdings_graph(chart: Chart, row: Mapping[str, float]) -> Graph[str]:
    """Who owes what to whom at the end of a period.

    Parameters
    ----------
    row
        Values of the variables by name (a path's ``row``).

    Returns
    -------
    MultiDiGraph
        Edges issuer → holder keyed by instrument, with attributes ``instrument``, ``kind`` ("holding") and ``value`` (USD bn, market
        value); notes and bonds also carry ``face`` and ``coupon``. Only a cell at book value may be negative.
    """
    graph = nodes(chart)
    for cell in chart.cells():
        attributes: dict[str, str | float] = {"instrument": cell.instrument, "kind": HOLDING, "value": float(row[value(cell).base])}
        if chart.instrument(cell.instrument).valuation is Valuation.COUPON:
            attributes |= {"face": float(row[face(cell).base]), "coupon": float(row[coupon(cell).base])}
        graph.add_edge(cell.issuer, cell.holder, key=cell.instrument, **attributes)
    return graph


def directed(kind: str, instrument: str, payer: str, payee: str, amount: float) -> Edge:
    """The edge with its legs swapped where the amount is negative."""
    if amount < 0:
        return Edge(kind, instrument, payee, payer, -amount)
    return Edge(kind, instrument, payer, payee, abs(amount))


def payment_edges(chart: Chart, row: Mapping[str, float]) -> Iterator[Edge]:
    """Interest, coupons and declared flows of a period, every amount ≥ 0."""
    for paid in payments(chart):
        yield directed(paid.kind, paid.instrument, paid.payer, paid.payee, float(row[paid.variable.base]))


def transaction_edges(chart: Chart, row: Mapping[str, float]) -> Iterator[Edge]:
    """What holders pay issuers for net acquisitions in a period, every amount ≥ 0."""
    for cell in chart.cells():
        yield directed(TRANSACTION, cell.instrument, cell.holder, cell.issuer, float(row[transaction(cell).base]))


def flow_graph(chart: Chart, row: Mapping[str, float]) -> Graph[str]:
    """Who paid whom in a period, for what.

    Returns
    -------
    MultiDiGraph
        Edges payer → payee keyed by ``kind:instrument``, with attributes ``instrument`` (empty for taxes and the like), ``kind`` and
        ``value`` (USD bn, ≥ 0). Two amounts of one key between the same sectors are added.
    """
    graph = nodes(chart)
    for edges in (payment_edges(chart, row), transaction_edges(chart, row)):
        for edge in edges:
            key = f"{edge.kind}:{edge.instrument}"
            if graph.has_edge(edge.payer, edge.payee, key):
                graph.edges[edge.payer, edge.payee, key]["value"] += edge.value
            else:
                graph.add_edge(edge.payer, edge.payee, key=key, instrument=edge.instrument, kind=edge.kind, value=edge.value)
    return graph


def imbalances(graph: Graph[str]) -> dict[str, float]:
    """What each node of a flow graph receives less what it pays, USD bn: zero but for rounding."""
    return {
        node: math.fsum(
            [data["value"] for _, _, data in graph.in_edges(node, data=True)]
            + [-data["value"] for _, _, data in graph.out_edges(node, data=True)]
        )
        for node in graph.nodes
    }


def positions(graph: Graph[str]) -> dict[str, float]:
    """Each sector's claims less its debts in a holdings graph, USD bn: its net worth."""
    return imbalances(graph)


def exposures(graph: Graph[str]) -> tuple[tuple[str, ...], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Claims of each sector on each other as shares of the claimant's assets.

    Returns
    -------
    names, matrix
        ``matrix[i, j]`` is the share of sector i's assets that sector j owes; rows sum to one, or to zero for a sector without assets.
    """
    names = tuple(graph.nodes)
    place = {name: i for i, name in enumerate(names)}
    claims = np.zeros((len(names), len(names)))
    for issuer, holder, data in graph.edges(data=True):
        claims[place[holder], place[issuer]] += data["value"]
    sums = claims.sum(axis=1, keepdims=True)
    return names, np.divide(claims, sums, out=np.zeros_like(claims), where=sums != 0)
