"""Graphs of balance sheets and flows as files: GraphML and JSON for other tools, SVG and PNG to look at."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

FORMATS = ("graphml", "json", "svg", "png")


def graph_bytes(graph: nx.MultiDiGraph[str], form: str, title: str = "") -> bytes:
    """A graph in one of :data:`FORMATS`.

    Parameters
    ----------
    graph
        Edges with ``instrument``, ``kind`` and ``value`` (USD bn).
    form
        ``graphml`` and ``json`` (node-link) hold every edge; ``svg`` and ``png`` draw one arrow a pair of sectors, its sum.
    title
        Heading of a picture.
    """
    import networkx as nx

    if form == "graphml":
        stream = io.BytesIO()
        nx.write_graphml(graph, stream)
        return stream.getvalue()
    if form == "json":
        return (json.dumps(nx.node_link_data(graph, edges="edges"), indent=1, ensure_ascii=False) + "\n").encode()
    return picture(graph, form, title)


def sums(graph: nx.MultiDiGraph[str]) -> dict[tuple[str, str], float]:
    """The sum of the edges from one sector to another, USD bn, for each pair that has any."""
    found: dict[tuple[str, str], float] = {}
    for source, target, data in graph.edges(data=True):
        found[source, target] = found.get((source, target), 0.0) + float(data["value"])
    return found


def picture(graph: nx.MultiDiGraph[str], form: str, title: str) -> bytes:
    """A drawing with the sectors on a circle; an arrow's width grows with the square root of its sum."""
    import matplotlib.style

    from dollarflow.charts.network import laid_out
    from dollarflow.figures.diagrams import draw_network
    from dollarflow.figures.files import STYLE, figure_bytes

    parts: dict[tuple[str, str], dict[str, float]] = {}
    for source, target, data in graph.edges(data=True):
        pair, name = parts.setdefault((source, target), {}), str(data["instrument"])
        pair[name] = pair.get(name, 0.0) + float(data["value"])
    flows = any(data["kind"] != "holding" for _, _, data in graph.edges(data=True))
    network = laid_out(title, tuple(graph.nodes), parts, ("receives", "pays") if flows else ("assets", "owes"))
    with matplotlib.style.context(STYLE):
        return figure_bytes(draw_network(network), form)
