"""What the page's sliders show: flows, cross-holdings and matrices at up to sixty dates, as numbers for the page's script."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dollarflow.charts.figures import Figures
from dollarflow.charts.flows import COLOURS, Flows, flows
from dollarflow.charts.matrices import Books, Figured
from dollarflow.charts.names import label
from dollarflow.charts.network import Network, network
from dollarflow.charts.spans import Span, stops
from dollarflow.reports.measures import BILLIONS, written
from dollarflow.reports.palette import SECTORS, colour, lettering, stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

WHOLE = "the whole run"
CENTRE, RADIUS = (450.0, 330.0), 230.0
"""Of the circle of sectors, in the drawing's units."""
NAMED = 0.03
"""Part of the largest sum from which an arrow has its figure beside it."""


def spans(figures: Figures) -> tuple[Span, ...]:
    """The whole run first, then its parts; nothing where the run has no period."""
    if not figures.periods:
        return ()
    parts = stops(figures.periods)
    return (Span(1, figures.periods), *parts) if len(parts) > 1 else parts


def span_labels(figures: Figures, chosen: Sequence[Span]) -> list[str]:
    """Each span in words."""
    days = figures.result.dates
    words = []
    for place, span in enumerate(chosen):
        plain = days[span.last] if span.first == span.last else f"{days[span.first]} to {days[span.last]}"
        words.append(f"{WHOLE} ({plain})" if place == 0 and len(chosen) > 1 else plain)
    return words


def flow_stops(figures: Figures) -> dict[str, Any]:
    """Links of the Sankey diagram for each span: nodes once, then triples of source, target and value."""
    chosen = spans(figures)
    nodes = [*SECTORS, *COLOURS, *SECTORS]
    shades = [*SECTORS.values(), *COLOURS.values(), *SECTORS.values()]
    return {
        "labels": span_labels(figures, chosen),
        "nodes": [label(name) for name in nodes],
        "colours": shades,
        "stops": [link_triples(flows(figures, span)) for span in chosen],
    }


def link_triples(found: Flows) -> list[list[float]]:
    """Source, target and value of each link: payers, purposes and payees are numbered in this order."""
    payers = {name: place for place, name in enumerate(SECTORS)}
    purposes = {name: len(SECTORS) + place for place, name in enumerate(COLOURS)}
    payees = {name: len(SECTORS) + len(COLOURS) + place for place, name in enumerate(SECTORS)}
    triples = [[payers[a], purposes[b], amount(v)] for a, b, v in found.paid().itertuples(index=False)]
    triples += [[purposes[a], payees[b], amount(v)] for a, b, v in found.received().itertuples(index=False)]
    return [triple for triple in triples if triple[2] > 0]


def matrix_stops(figures: Figures) -> dict[str, Any]:
    """Both matrices at each stop: heads and lines once, then figures line by line."""
    books = Books(figures)
    chosen = spans(figures)
    periods = [0, *(span.last for span in stops(figures.periods))] if figures.periods else [0]
    sheets = [books.balance_sheet(period) for period in periods]
    moves = [books.transaction_flows(span) for span in chosen]
    tables = {"balance_sheet": table(sheets, [figures.result.dates[period] for period in periods])}
    if moves:
        tables["transaction_flows"] = table(moves, span_labels(figures, chosen))
    return tables


def table(matrices: Sequence[Figured], labels: list[str]) -> dict[str, Any]:
    """A matrix at several stops, sums included."""
    wide = [matrix.with_sums() for matrix in matrices]
    lines = list(dict.fromkeys(str(name) for frame in wide for name in frame.index))
    order = max(wide, key=len).index
    lines.sort(key=lambda name: list(order).index(name) if name in order else len(order))
    return {
        "labels": labels,
        "heads": [str(name) for name in wide[0].columns],
        "lines": lines,
        "rules": [lines.index(str(matrices[-1].frame.index[place])) for place in matrices[-1].rules if place < len(matrices[-1].frame)]
        + [len(lines) - 1],
        "stops": [[[amount(v) for v in row] for row in frame.reindex(lines).fillna(0.0).to_numpy().tolist()] for frame in wide],
    }


def network_stops(figures: Figures) -> dict[str, Any]:
    """The network's arrows at each stop: nodes and curves once, then width, figure and place of each arrow."""
    periods = [0, *(span.last for span in stops(figures.periods))] if figures.periods else [0]
    found = [network(figures, period) for period in periods]
    pairs = list(dict.fromkeys((edge.issuer, edge.holder) for one in found for edge in one.edges))
    curves = {(edge.issuer, edge.holder): edge.curve for one in found for edge in one.edges}
    largest = max((max(node.assets, node.liabilities) for one in found for node in one.nodes), default=1.0) or 1.0
    return {
        "labels": [figures.result.dates[period] for period in periods],
        "nodes": [
            {"name": label(node.name), "colour": colour(node.name), "x": across(node.x), "y": down(node.y), "side": side(node.x)}
            for node in found[0].nodes
        ],
        "pairs": [
            {
                "title": f"Owed by {label(issuer)} to {label(holder)}",
                "colour": stroke(colour(issuer)),
                "ink": lettering(colour(issuer)),
                "path": drawn(curves[issuer, holder]),
            }
            for issuer, holder in pairs
        ],
        "stops": [stop(one, pairs, largest) for one in found],
    }


def stop(one: Network, pairs: list[tuple[str, str]], largest: float) -> dict[str, Any]:
    """Nodes' sizes and texts, and the arrows of one date."""
    places = {pair: place for place, pair in enumerate(pairs)}
    nodes = [
        {
            "radius": round(7 + 19 * math.sqrt(max(node.assets, node.liabilities, 0.0) / largest), 1),
            "text": f"assets {BILLIONS.text(node.assets)}, owes {BILLIONS.text(node.liabilities)}",
        }
        for node in one.nodes
    ]
    arrows = []
    for edge in one.edges:
        parts = sorted(edge.parts.items(), key=lambda item: -abs(item[1]))
        detail = "; ".join(f"{label(name)} {BILLIONS.text(value)}" for name, value in parts if abs(value) > 0.05)
        arrow = {
            "pair": places[edge.issuer, edge.holder],
            "width": round(0.8 + 9 * math.sqrt(edge.share), 2),
            "text": written(edge.value, 0),
            "detail": detail,
        }
        if edge.share >= NAMED:
            arrow |= {"x": across(edge.spot[0]), "y": down(edge.spot[1])}
        arrows.append(arrow)
    return {"nodes": nodes, "arrows": arrows}


def across(x: float) -> float:
    """A place on the circle as the drawing's horizontal coordinate."""
    return round(CENTRE[0] + RADIUS * x, 1)


def down(y: float) -> float:
    """A place on the circle as the drawing's vertical coordinate, which grows downwards."""
    return round(CENTRE[1] - RADIUS * y, 1)


def side(x: float) -> str:
    """Where a node's text is anchored."""
    return "middle" if abs(x) < 0.1 else "start" if x > 0 else "end"


def drawn(curve: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """A curve as an SVG path."""
    points = [f"{across(float(x))},{down(float(y))}" for x, y in curve]
    return f"M{points[0]}L{' '.join(points[1:])}"


def amount(value: float) -> float:
    """An amount as the page holds it: to a thousandth of a billion, and no minus zero; 0 where it is not finite."""
    return round(value, 3) + 0.0 if math.isfinite(value) else 0.0
