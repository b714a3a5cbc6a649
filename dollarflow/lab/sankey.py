"""The flow diagram: who paid whom for what over a run, as it was or as it differs from the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dollarflow.charts.flows import CLAIMS, COLOURS, INCOME, OTHER, PAID, PURPOSES
from dollarflow.charts.names import label
from dollarflow.lab.figures import FONT
from dollarflow.lab.solving import Answer
from dollarflow.reports.measures import written
from dollarflow.reports.palette import BLUE, GREY, ORANGE, SECTORS, colour, translucent
from dollarflow.simulation import Simulation
from equations.accounts import CHART
from model.accounting.identities import payments
from model.language.accounts import transaction

Link = tuple[str, str, str]
VIEWS = {"run": "Scenario", "change": "Change against the baseline"}
HEIGHT = 560
LEAST = 0.002
"""Part of all flows below which a link is not drawn."""
NOTHING = 0.05
"""USD bn below which a change is not drawn."""
SIDES = ("pays", "why", "gets")
"""The three columns of nodes: payers, purposes, payees."""
ACROSS = {"pays": 0.001, "why": 0.5, "gets": 0.999}
GAP = 0.022
"""Between two nodes of a column, as part of the diagram's height."""


def purpose(kind: str, payer: str) -> str:
    """What a payment is for."""
    if kind == "transfer" and payer != "treasury":
        return OTHER
    return PAID.get(kind, OTHER if kind == "variation_margin" else INCOME)


def flows(run: Simulation) -> dict[Link, float]:
    """Payments and net acquisitions of claims of a whole run by payer, purpose and payee, USD bn, never negative.

    A claim acquired is paid for by its holder and received by its issuer; a cell's transactions are netted over the run.
    """
    found: dict[Link, float] = {}
    for paid in payments(CHART):
        series = run[paid.variable.base][1:]
        add(found, (paid.payer, purpose(paid.kind, paid.payer), paid.payee), float(series[series > 0].sum()))
        add(found, (paid.payee, purpose(paid.kind, paid.payee), paid.payer), -float(series[series < 0].sum()))
    for cell in CHART.cells():
        net = float(run[transaction(cell).base][1:].sum())
        payer, payee = (cell.holder, cell.issuer) if net >= 0 else (cell.issuer, cell.holder)
        add(found, (payer, PURPOSES.get(cell.instrument, CLAIMS), payee), abs(net))
    return found


def add(found: dict[Link, float], link: Link, amount: float) -> None:
    """Adds an amount to a link, where there is one."""
    if amount > 0:
        found[link] = found.get(link, 0.0) + amount


def changes(answer: Answer) -> dict[Link, float]:
    """Each link's flow less the baseline's, USD bn."""
    after, before = flows(answer.run), flows(answer.base)
    found = {link: after.get(link, 0.0) - before.get(link, 0.0) for link in {**before, **after}}
    return {link: amount for link, amount in found.items() if abs(amount) >= NOTHING}


def sankey(answer: Answer, view: str) -> dict[str, Any]:
    """Payers on the left, purposes in the middle, payees on the right."""
    change = view == "change"
    found = changes(answer) if change else flows(answer.run)
    figure = diagram(found, change)
    figure["layout"] = {
        "height": HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "font": {"family": FONT, "size": 12, "color": "#1B1F24"},
        "paper_bgcolor": "rgba(0,0,0,0)",
    }
    if not found:
        figure["layout"]["annotations"] = [
            {"text": "No flow differs from the baseline.", "showarrow": False, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
        ]
        figure["layout"] |= {"xaxis": {"visible": False}, "yaxis": {"visible": False}, "height": 160}
    return figure


def diagram(found: Mapping[Link, float], change: bool) -> dict[str, Any]:
    """Links as a plotly diagram whose nodes keep their order and have their sums beside them.

    Changes are blue where a flow grew and orange where it shrank, between grey nodes; a node's figure is then the net change.
    """
    sums: dict[tuple[str, str, str, bool], float] = {}
    for (payer, why, payee), amount in found.items():
        for side, sector in (("pays", payer), ("gets", payee)):
            key = (side, sector, why, amount >= 0)
            sums[key] = sums.get(key, 0.0) + abs(amount)
    whole = sum(amount for (side, *_), amount in sums.items() if side == "pays")
    shown = {key: amount for key, amount in sums.items() if amount >= LEAST * whole}
    if not shown:
        return {"data": []}
    rank = {name: number for number, name in enumerate((*SECTORS, *COLOURS))}
    order = sorted(shown, key=lambda key: (key[0] != "pays", rank[key[1]], rank[key[2]], key[3]))
    ends = [((side, name), ("why", why)) if side == "pays" else (("why", why), (side, name)) for side, name, why, _ in order]
    nodes = sorted({node for pair in ends for node in pair}, key=lambda node: (SIDES.index(node[0]), rank[node[1]]))
    place = {node: number for number, node in enumerate(nodes)}
    shades = [(BLUE if grew else ORANGE) if change else COLOURS[why] for _, _, why, grew in order]
    trace = {
        "type": "sankey",
        "arrangement": "snap",
        "valueformat": ",.1f",
        "valuesuffix": " bn",
        "node": {
            "label": [f"{label(name)} {written(net(side, name, found), 0, signed=change)}" for side, name in nodes],
            "color": [GREY if change else COLOURS[name] if side == "why" else colour(name) for side, name in nodes],
            "x": [ACROSS[side] for side, _ in nodes],
            "y": middles(nodes, [sum(shown[key] for key, pair in zip(order, ends, strict=True) if node in pair) for node in nodes]),
            "pad": 12,
            "thickness": 14,
            "line": {"color": "#FFFFFF", "width": 0.5},
            "hovertemplate": "%{label} bn<extra></extra>",
        },
        "link": {
            "source": [place[start] for start, _ in ends],
            "target": [place[end] for _, end in ends],
            "value": [shown[key] for key in order],
            "color": [translucent(shade, 0.55 if change else 0.4) for shade in shades],
            "customdata": ["more" if grew else "less" for *_, grew in order] if change else [""] * len(order),
            "hovertemplate": "%{source.label} → %{target.label}: %{value} %{customdata}<extra></extra>",
        },
    }
    return {"data": [trace]}


def net(side: str, name: str, found: Mapping[Link, float]) -> float:
    """What a payer pays, a purpose passes on or a payee gets, USD bn."""
    place = SIDES.index(side)
    return sum(amount for link, amount in found.items() if link[place] == name)


def middles(nodes: Sequence[tuple[str, str]], sizes: Sequence[float]) -> list[float]:
    """Where each node's middle stands from top to bottom, as parts of the height: each column in its order, gaps between."""
    found = []
    for which in SIDES:
        column = [size for (side, _), size in zip(nodes, sizes, strict=True) if side == which]
        room, top = 1.0 - GAP * (len(column) - 1), 0.0
        for size in column:
            part = room * size / sum(column)
            found.append(min(0.999, max(0.001, top + part / 2)))
            top += part + GAP
    return found
