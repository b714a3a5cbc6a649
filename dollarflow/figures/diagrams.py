"""Flows, cross-holdings and matrices drawn by matplotlib."""

from __future__ import annotations

import math
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from dollarflow.charts.flows import COLOURS, Flows
from dollarflow.charts.matrices import SUM, Figured
from dollarflow.charts.names import label
from dollarflow.charts.network import Network
from dollarflow.reports.measures import BILLIONS, written
from dollarflow.reports.palette import SECTORS, colour, lettering, stroke

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR, GAP = 0.035, 0.02
NAMED = 0.045
"""Part of the largest sum from which an arrow of the network has its figure beside it."""
WHOLE = 100.0
"""Sum in USD bn from which decimals are left out."""
Bars = dict[str, tuple[float, float]]


def draw_flows(flows: Flows) -> Figure:
    """Three columns: who paid, for what, who received; heights are amounts."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 5.2), layout="constrained")
    figure.suptitle(f"Who paid whom for what, {flows.title}, USD billion", x=0.01, ha="left")
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_xlim(-0.3, 1.3)
    axes.set_ylim(-0.01, 1.01)
    paid, received = flows.paid(), flows.received()
    total = float(paid["value"].sum()) or 1.0
    scale = (1.0 - GAP * (len(COLOURS) - 1)) / total
    columns = (
        [(name, float(paid.loc[paid["payer"] == name, "value"].sum())) for name in SECTORS],
        [(name, float(paid.loc[paid["purpose"] == name, "value"].sum())) for name in COLOURS],
        [(name, float(received.loc[received["payee"] == name, "value"].sum())) for name in SECTORS],
    )
    places = [stacked([(name, value) for name, value in column if value > 0], scale) for column in columns]
    links(axes, places[0], places[1], paid.itertuples(index=False, name=None), scale, BAR, 0.5 - BAR / 2, SECTORS)
    links(axes, places[1], places[2], received.itertuples(index=False, name=None), scale, 0.5 + BAR / 2, 1 - BAR, SECTORS, from_right=True)
    for bars, left, side in zip(places, (0.0, 0.5 - BAR / 2, 1 - BAR), ("right", "middle", "left"), strict=True):
        values = dict(columns[("right", "middle", "left").index(side)])
        named(axes, bars, values, left, side)
    return figure


def stacked(column: list[tuple[str, float]], scale: float) -> Bars:
    """Each name's upper and lower edge, from the top down, the column centred."""
    height = sum(value for _, value in column) * scale + GAP * (len(column) - 1)
    top = 0.5 + height / 2
    found: Bars = {}
    for name, value in column:
        found[name] = (top, top - value * scale)
        top -= value * scale + GAP
    return found


def links(
    axes: Axes,
    left: Bars,
    right: Bars,
    flows: Iterable[tuple[str, str, float]],
    scale: float,
    start: float,
    end: float,
    shades: dict[str, str],
    from_right: bool = False,
) -> None:
    """Ribbons between two columns; each has the colour of its sector."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    order = {name: place for place, name in enumerate(right)}
    ranks = {name: place for place, name in enumerate(left)}
    leaving = {name: edges[0] for name, edges in left.items()}
    arriving = {name: edges[0] for name, edges in right.items()}
    for source, target, value in sorted(flows, key=lambda link: (ranks[link[0]], order[link[1]])):
        height, middle = value * scale, (start + end) / 2
        a, b = leaving[source], arriving[target]
        leaving[source], arriving[target] = a - height, b - height
        points = [(start, a), (middle, a), (middle, b), (end, b), (end, b - height), (middle, b - height), (middle, a - height)]
        codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.CLOSEPOLY]
        shape = Path([*points, (start, a - height), (start, a)], codes)
        shade = shades.get(target if from_right else source, "#999999")
        axes.add_patch(PathPatch(shape, facecolor=shade, alpha=0.45, linewidth=0))


def named(axes: Axes, bars: Bars, values: dict[str, float], left: float, side: str) -> None:
    """The bars of a column with names and amounts."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    for name, (top, bottom) in bars.items():
        shade = SECTORS.get(name) or COLOURS.get(name, "#999999")
        axes.add_patch(Rectangle((left, bottom), BAR, top - bottom, facecolor=shade, edgecolor="#333333", linewidth=0.4))
        text = f"{label(name) if side != 'middle' else name}  {amount(values[name])}"
        place, align = (left - 0.012, "right") if side == "right" else (left + BAR + 0.012, "left")
        halo = [withStroke(linewidth=2.2, foreground="white")] if side == "middle" else []
        size = 6.5 if side == "middle" else 7
        axes.text(place, (top + bottom) / 2, text, ha=align, va="center", fontsize=size, path_effects=halo)


def amount(value: float) -> str:
    """A sum, USD bn, with a decimal where it is small."""
    return written(value, 0 if abs(value) >= WHOLE else 1)


def draw_network(network: Network) -> Figure:
    """Sectors on a circle, arrows from issuer to holder; widths grow with the square root of the amount."""
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    figure = Figure(figsize=(7.0, 6.6), layout="constrained")
    figure.suptitle(network.title, x=0.01, ha="left")
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-1.5, 1.5)
    axes.set_ylim(-1.25, 1.25)
    largest = max((max(node.assets, node.liabilities) for node in network.nodes), default=1.0) or 1.0
    for edge in sorted(network.edges, key=lambda e: -e.share):
        arrow = FancyArrowPatch(
            path=Path(edge.curve),
            arrowstyle="-|>",
            mutation_scale=6 + 6 * math.sqrt(edge.share),
            linewidth=0.4 + 4.5 * math.sqrt(edge.share),
            color=stroke(colour(edge.issuer)),
            alpha=0.75,
            capstyle="butt",
            joinstyle="miter",
        )
        axes.add_patch(arrow)
    for edge in network.edges:
        if edge.share >= NAMED:
            box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.85, "linewidth": 0}
            text = amount(edge.value)
            axes.text(
                edge.spot[0], edge.spot[1], text, fontsize=6, ha="center", va="center", color=lettering(colour(edge.issuer)), bbox=box
            )
    for node in network.nodes:
        size = 120 + 900 * max(node.assets, node.liabilities) / largest
        axes.scatter([node.x], [node.y], s=size, color=colour(node.name), edgecolors="#333333", linewidths=0.6, zorder=3)
        out = np.array([node.x, node.y]) * 1.17
        side = "center" if abs(node.x) < 0.1 else "left" if node.x > 0 else "right"
        above, below = network.words
        text = f"{label(node.name)}\n{above} {BILLIONS.text(node.assets)}\n{below} {BILLIONS.text(node.liabilities)}"
        axes.text(out[0], out[1], text, ha=side, va="center", fontsize=7)
    return figure


def draw_matrix(matrix: Figured) -> Figure:
    """A matrix as a table: figures right-aligned, zeros left out, sums at the edges."""
    from matplotlib.figure import Figure

    table = matrix.with_sums()
    rows, columns = table.shape
    figure = Figure(figsize=(9.0, 0.5 + 0.165 * (rows + 2)), layout="constrained")
    figure.suptitle(matrix.title, x=0.01, ha="left")
    axes = figure.add_subplot()
    axes.set_axis_off()
    first = 2.6
    axes.set_xlim(0, first + columns)
    axes.set_ylim(rows + 0.6, -1.8)
    for place, head in enumerate(table.columns):
        axes.text(first + place + 0.95, 0.0, fill(str(head), 9), ha="right", va="bottom", fontsize=6.5, fontweight="bold")
    for line in (0, *matrix.rules, rows - 1):
        axes.plot([0, first + columns], [line + 0.1, line + 0.1], color="#333333", linewidth=0.5)
    for line, (name, values) in enumerate(zip(table.index, table.to_numpy(), strict=True)):
        axes.text(0, line + 0.65, str(name), va="center", fontsize=6.5)
        for place, value in enumerate(values):
            total = name == SUM or place == columns - 1
            if abs(value) >= 0.05 or total:
                axes.text(first + place + 0.95, line + 0.65, written(float(value), 1), ha="right", va="center", fontsize=6.5)
    return figure
