"""Graphs of balance sheets and flows as files: GraphML and JSON for other tools, SVG and PNG to look at."""

from __future__ import annotations

import io
import json
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

FORMATS = ("graphml", "json", "svg", "png")
LEAST_SHARE = 0.002
"""Part of the largest sum between two sectors below which a picture leaves an arrow out."""


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
    import matplotlib
    import networkx as nx
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    pairs = sums(graph)
    largest = max((abs(value) for value in pairs.values()), default=0.0)
    shown = {pair: value for pair, value in pairs.items() if largest and abs(value) >= LEAST_SHARE * largest}
    with matplotlib.rc_context({"svg.hashsalt": "dollarflow", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 8.4))
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.set_title(title)
        drawn: nx.DiGraph[str] = nx.DiGraph()
        drawn.add_nodes_from(graph.nodes)
        drawn.add_edges_from(shown)
        place = nx.circular_layout(drawn)
        nx.draw_networkx_nodes(drawn, place, ax=axes, node_size=4200, node_color="#e8eef6", edgecolors="#3b5b87")
        nx.draw_networkx_labels(drawn, place, ax=axes, labels={name: name.replace("_", "\n") for name in drawn}, font_size=8)
        if shown:
            widths = [0.4 + 5 * math.sqrt(abs(value) / largest) for value in shown.values()]
            arc = "arc3,rad=0.12"
            nx.draw_networkx_edges(
                drawn, place, ax=axes, edgelist=list(shown), width=widths, edge_color="#5c7fb0", node_size=4200, connectionstyle=arc
            )
            labels = {pair: f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}" for pair, value in shown.items()}
            nx.draw_networkx_edge_labels(drawn, place, labels, ax=axes, font_size=6, label_pos=0.35, connectionstyle=arc, rotate=False)
        stream = io.BytesIO()
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(stream, format=form, dpi=130, bbox_inches="tight", metadata=metadata)
        return stream.getvalue()
