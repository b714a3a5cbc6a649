"""Cross-holdings between sectors as nodes on a circle and curved arrows, ready to be drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dollarflow.charts.figures import Figures

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SHARE = 0.002
"""Part of the largest sum between two sectors below which an arrow is left out."""
BEND = 0.16
FIGURE = np.array([0.2, 0.065])
"""Width and height of a figure beside an arrow, on a circle of radius one."""
CLEAR = 1.0
"""Least distance between figures, in their own sizes."""
POINTS = 24


@dataclass(frozen=True)
class Node:
    """A sector on the circle: its place, assets (or receipts) and liabilities (or payments), USD bn."""

    name: str
    x: float
    y: float
    assets: float
    liabilities: float


@dataclass(frozen=True)
class Edge:
    """What an issuer owes a holder, USD bn, in all and by instrument, with the curve of its arrow.

    Parameters
    ----------
    curve
        Shape (points, 2), from the issuer's circle to the holder's.
    share
        Of the largest sum between two sectors.
    spot
        Where on the curve its figure stands clear of other figures.
    """

    issuer: str
    holder: str
    value: float
    parts: dict[str, float]
    curve: NDArray[np.float64]
    share: float
    spot: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Network:
    """Cross-holdings at the end of a period, or payments within one.

    Parameters
    ----------
    words
        What stands before a sector's two sums.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    words: tuple[str, str] = ("assets", "owes")


def network(figures: Figures, period: int) -> Network:
    """Who owes what to whom at the end of a period."""
    cells = figures.holdings
    cells = cells[cells["period"] == period]
    parts: dict[tuple[str, str], dict[str, float]] = {}
    for issuer, holder, instrument, value in zip(cells["issuer"], cells["holder"], cells["instrument"], cells["value"], strict=True):
        parts.setdefault((issuer, holder), {})[instrument] = float(value)
    return laid_out(f"Cross-holdings at the end of {figures.result.dates[period]}, USD billion", figures.sectors, parts)


def laid_out(
    title: str, sectors: Sequence[str], parts: Mapping[tuple[str, str], dict[str, float]], words: tuple[str, str] = ("assets", "owes")
) -> Network:
    """Sectors on a circle, and an arrow for each pair with its sum and what the sum consists of, USD bn."""
    sums = {pair: sum(values.values()) for pair, values in parts.items()}
    largest = max((abs(value) for value in sums.values()), default=0.0) or 1.0
    places = {
        name: (math.sin(2 * math.pi * place / len(sectors)), math.cos(2 * math.pi * place / len(sectors)))
        for place, name in enumerate(sectors)
    }
    nodes = tuple(
        Node(
            name,
            *places[name],
            sum(v for (_, holder), v in sums.items() if holder == name),
            sum(v for (issuer, _), v in sums.items() if issuer == name),
        )
        for name in sectors
    )
    edges = [
        Edge(issuer, holder, value, parts[issuer, holder], curve(places[issuer], places[holder]), abs(value) / largest)
        for (issuer, holder), value in sums.items()
        if abs(value) >= LEAST_SHARE * largest and issuer != holder
    ]
    return Network(title, nodes, placed(edges), words)


def placed(edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """Edges, the largest first, each with a spot for its figure that keeps as far from the others' as its curve allows."""
    taken = np.empty((0, 2))
    found = []
    for edge in sorted(edges, key=lambda e: -e.share):
        spots = edge.curve[len(edge.curve) // 6 : -len(edge.curve) // 6]
        room = np.full(len(spots), np.inf)
        if len(taken):
            room = (np.abs(spots[:, None, :] - taken[None, :, :]) / FIGURE).max(axis=2).min(axis=1)
        far = np.flatnonzero(room >= CLEAR)
        best = int(far[np.argmin(np.abs(far - len(spots) // 3))]) if len(far) else int(np.argmax(room))
        taken = np.vstack([taken, spots[best]])
        found.append(replace(edge, spot=(float(spots[best][0]), float(spots[best][1]))))
    return tuple(found)


def curve(start: tuple[float, float], end: tuple[float, float], gap: float = 0.13) -> NDArray[np.float64]:
    """A curve from one place to another that bends to its right and keeps clear of both nodes."""
    first, last = np.array(start), np.array(end)
    across = last - first
    length = float(np.hypot(*across))
    middle = (first + last) / 2 + BEND * length * np.array([across[1], -across[0]]) / length
    whole = np.linspace(0.0, 1.0, 400)[:, None]
    points = (1 - whole) ** 2 * first + 2 * whole * (1 - whole) * middle + whole**2 * last
    clear = (np.hypot(*(points - first).T) > gap) & (np.hypot(*(points - last).T) > gap)
    kept = points[clear]
    chosen = kept[np.linspace(0, len(kept) - 1, POINTS).round().astype(int)]
    return np.asarray(chosen, dtype=np.float64)
